package enrol

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// speaking are the ids that can make the headline of a message, in their order:
// see check.Speaker.
var speaking = []string{"cmp.der.", "cmp.prot.", "cmp.header.", "cmp."}

// verdict is the answer in one sentence.
func (v *View) verdict(_ *check.Context, tree []report.Check) report.Verdict {
	s := check.Sum(tree)
	if row, ok := check.Speaker(tree, speaking); ok {
		return report.Verdict{Status: s, Headline: row.Title, Detail: row.Why}
	}
	return report.Verdict{Status: s, Headline: "A CMP " + v.Body.Name() + " in good order"}
}
