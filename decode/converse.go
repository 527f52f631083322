package decode

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// talk is a conversation that was found among the items.
type talk struct {
	check.Talk
	kind *check.Conversation
}

// talks are the conversations of a world; they are looked for once.
func (c *Case) talks(w *world) []talk {
	if w.talks == nil {
		w.talks = []talk{}
		for i := range conversations {
			k := &conversations[i]
			for _, t := range k.Find(&check.Context{Exhibits: w.exhibits, Shared: w.shared, Self: -1}) {
				if len(t.Items) > 0 {
					w.talks = append(w.talks, talk{t, k})
				}
			}
		}
	}
	return w.talks
}

func (t *talk) judge(base check.Context, w *world) check.Finding {
	base.Exhibits, base.Shared, base.Self = w.exhibits, w.shared, -1
	return t.kind.Judge(&base, t.View)
}

// converse puts the transactions behind the items.
func (c *Case) converse(base check.Context, o Options, r *report.Report) {
	if len(conversations) == 0 || len(c.items) == 0 {
		return
	}
	w := c.world(-1, o.Before)
	for _, t := range c.talks(w) {
		first := &c.items[t.Items[0]]
		out := report.Item{Kind: t.kind.Name, Title: t.Title, Carrier: -1, Source: first.Source, Input: first.Input, Members: t.Items}
		f := t.judge(base, w)
		if f.Title != "" {
			out.Title = f.Title
		}
		out.Checks, out.Verdict, out.Summary, out.Windows, out.Wants = f.Checks, f.Verdict, f.Summary, f.Windows, f.Wants
		out.Pictures, out.Calls = f.Pictures, f.Calls
		base.Exhibits, base.Shared, base.Self = w.exhibits, w.shared, -1
		programs(&base, t.View, o.Clients, &out)
		r.Items = append(r.Items, out)
	}
}
