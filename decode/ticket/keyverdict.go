package ticket

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
)

var keySpeaking = []string{"stek.size", "stek.list", "stek.pattern", "stek.parts", "stek.as-text", "*stek.order", "stek.fits"}

func judgeKeys(c *check.Context, v *KeyView) check.Finding {
	tree := check.Judge(c, v, keyGroups, keyRules...)
	return check.Finding{Title: "Ticket key", Format: string(v.Form), Checks: tree, Verdict: v.verdict(tree), Summary: v.summary(tree), Wants: wants(tree)}
}

func (v *KeyView) verdict(tree []report.Check) report.Verdict {
	d := report.Verdict{Status: check.Sum(tree)}
	row, also := speaks(tree, keySpeaking)
	if row.ID == "" {
		d.Headline = v.good()
		return d
	}
	d.Headline, d.Detail = headlineOf(keyRules, row.ID), detail(row, also)
	octets := report.Plural(v.octets(), "octet", "octets")
	switch {
	case row.ID == "stek.order":
		d.Headline = strings.ReplaceAll(d.Headline, "%s", octets)
	case row.ID == "stek.size":
		d.Headline += " (" + octets + ")"
	case row.ID == "stek.list" && row.Status == report.Warn:
		d.Headline = "A key stands in the file twice"
	case row.ID == "stek.pattern" && row.Status == report.Warn:
		d.Headline = "A key out of a pattern: it can be guessed"
	case row.ID == "stek.pattern" && strings.Contains(row.Why, "The key is all zero"):
		d.Headline = "All zero: anyone can open these tickets"
	case row.ID == "stek.as-text" && v.Line > 0:
		d.Headline = "One line end too many: the server refuses the file"
	case row.ID == "stek.as-text" && v.fits() == nil:
		d.Headline = "Text where a program may want octets"
	}
	return d
}

// good is the headline where nothing is to be said against the file.
func (v *KeyView) good() string {
	words := report.Plural(len(v.Blocks), "key", "keys")
	if p := v.program(); p != "" {
		words += ", order of " + p
	}
	if m := len(v.tried); m > 0 {
		verb := ", open "
		if len(v.Blocks) == 1 {
			verb = ", opens "
		}
		return words + verb + report.Count(v.opened) + " of " + report.Plural(m, "ticket", "tickets")
	}
	return words + ", no ticket here to try them on"
}

func (v *KeyView) summary(tree []report.Check) []report.Member {
	out := []report.Member{
		{Key: "readable", Value: readable(tree, "stek.size", "stek.list").String()},
		{Key: "keys", Value: len(v.Blocks)},
		{Key: "octets", Value: v.octets()},
		{Key: "order", Value: v.order()},
	}
	if s := check.Part(tree, "stek.pattern", "stek.parts", "stek.as-text"); s != report.NoStatus {
		out = append(out, report.Member{Key: "strong", Value: s.String()})
	}
	return append(out, report.Member{Key: "opens", Value: v.opened})
}
