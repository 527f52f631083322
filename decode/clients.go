package decode

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/client"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// programs fills in what clients and servers do with an item, and what a
// callback meets. names are those whose rows are wanted; nil: all.
func programs(c *check.Context, view any, names []string, out *report.Item) {
	if names != nil && len(names) == 0 {
		return
	}
	if v, ok := view.(*ocsp.View); ok {
		out.Clients, out.Servers, out.Callbacks = client.OCSP(c, v)
	} else {
		laterPrograms(c, view, out)
	}
	if names == nil {
		return
	}
	other := func(o report.Outcome) bool { return !slices.Contains(names, o.Client) }
	out.Clients = slices.DeleteFunc(out.Clients, other)
	out.Servers = slices.DeleteFunc(out.Servers, other)
}
