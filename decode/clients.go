package decode

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// programs fills in what programs do with an item.
func programs(c *check.Context, view any, names []string, out *report.Item) {
}
