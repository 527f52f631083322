package enrol

import (
	"slices"
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

// speaking are the ids that can make the headline of a message, in their order:
// what cannot be read, then who vouches for it, then what it says. See check.Speaker.
var speaking = []string{
	"cmp.der.tagging", "cmp.der.outer", "cmp.der.missing", "cmp.der.extra", "cmp.body.known",
	"cmp.header.protection-alg", "cmp.prot.present",
	"cmp.prot.parameters", "cmp.prot.bits", "cmp.prot.pbmac1-kdf", "cmp.prot.mac", "cmp.prot.dh", "cmp.prot.kem",
	// Of a signature the field that leads to the wrong certificate says more
	// than that this one did not make it.
	"cmp.prot.key-fit", "cmp.header.sender-kid-cert", "cmp.header.sender-cert", "cmp.prot.certificate", "cmp.prot.signature",
	"cmp.prot.expected-sender", "cmp.prot.key-usage", "cmp.prot.validity", "cmp.prot.chain", "cmp.prot.revocation", "cmp.prot.",
	"cmp.der.", "cmp.header.version", "cmp.header.",
	"cmp.pop.signature", "cmp.p10.signature", "cmp.pop.", "cmp.p10.", "cmp.",

	"*cmp.prot.mac", "*cmp.prot.dh", "*cmp.prot.kem", "*cmp.prot.certificate", "*cmp.prot.signature", "*cmp.prot.chain", "*cmp.prot.", "*cmp.",
}

// verdict is the answer in one sentence.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	d := report.Verdict{Status: check.Sum(tree)}
	says, detail := v.says()
	d.Headline, d.Detail = says, detail
	switch d.Status {
	case report.Fail:
		row, _ := check.Speaker(tree, speaking)
		d.Headline, d.Detail = v.Headline(row), row.Why
		if v.tells() {
			d.Detail = both(d.Detail, "Unproven, the message says: "+says+".")
		}
	case report.Open:
		row, _ := check.Speaker(tree, speaking)
		d.Headline, d.Detail = says+v.undecided(row), both(row.Why, detail)
		if v.tells() { // what the message says is what people came for
			d.Detail = both(detail, row.Why)
		}
	default:
		switch by := v.vouched(c); {
		case by == "":
		case v.tells():
			d.Detail = both(detail, sentence(by)+".")
		default:
			d.Headline += ", " + by
		}
	}
	n, more := count(tree, report.Warn), ""
	if d.Status == report.Warn && !v.tells() {
		if why := warning(tree); why != "" {
			d.Detail, n, more = both(d.Detail, why), n-1, "more "
		}
	}
	if n > 0 {
		d.Detail = both(d.Detail, report.Plural(n, more+"warning", more+"warnings")+".")
	}
	return d
}

// humble are the warnings that speak last, being there more often than not.
var humble = []string{"cmp.header.sender-kid-mac", "cmp.header.sender-mac", "cmp.prot.parameters", "cmp.prot.revocation"}

// warning is the reason of the warning that weighs most; "" if there is none
// but of revocations, which mostly cannot be checked.
func warning(tree []report.Check) string {
	var rows []report.Check
	var walk func([]report.Check)
	walk = func(list []report.Check) {
		for _, k := range list {
			walk(k.Children)
			if k.Children == nil && k.Status == report.Warn && !k.Advice && !slices.Contains(humble, k.ID) {
				rows = append(rows, k)
			}
		}
	}
	walk(tree)
	if row, ok := check.Speaker(rows, speaking); ok {
		return row.Why
	}
	for _, id := range humble[:3] {
		if row, ok := check.Find(tree, id); ok && row.Status == report.Warn {
			return row.Why
		}
	}
	return ""
}

// Headline is what a row of the message says for itself where it fails: that of
// its rule, where %s is the body.
func (v *View) Headline(row report.Check) string {
	if row.ID == "cmp.header.protection-alg" {
		if v.Protected() {
			return "Nothing says how the protection was made"
		}
		return "The protection that the header promises is missing"
	}
	for _, set := range rules {
		for i := range set {
			if set[i].ID == row.ID && set[i].Headline != "" {
				return strings.ReplaceAll(set[i].Headline, "%s", v.Body.Name())
			}
		}
	}
	return row.Title + ": this does not hold"
}

// tells says that people want to know first what the message says: it refuses,
// or makes them wait.
func (v *View) tells() bool {
	for _, s := range v.statuses() {
		if !s.Granted() {
			return true
		}
	}
	return v.Body.Type == cmp.PollRep
}

// undecided is the end of a headline where something is missing.
func (v *View) undecided(row report.Check) string {
	need := ""
	if len(row.Needs) > 0 {
		need = row.Needs[0]
	}
	switch {
	case row.ID == "cmp.prot.mac" && need == "secret":
		return "; the shared secret would prove it"
	case row.ID == "cmp.prot.mac":
		return "; its MAC was not computed"
	case row.ID == "cmp.prot.chain" && need == "anchor":
		return "; who signed it is open without a trust anchor"
	case need == "signer":
		return "; the signer's certificate is missing"
	}
	return ""
}

// vouched says who vouches for the message; "" if nobody does.
func (v *View) vouched(c *check.Context) string {
	switch {
	case v.ByMAC():
		if v.MAC(c).Status == report.Pass {
			return "protected by the shared secret"
		}
	case v.BySignature():
		return v.signedBy(c)
	case !v.Protected():
		return "unprotected"
	}
	return ""
}

// summary is the few words that scripts ask for.
func (v *View) summary(tree []report.Check) []report.Member {
	readable := check.Part(tree, "cmp.der.", "cmp.body.known")
	if !v.OK {
		readable = report.Fail
	}
	out := []report.Member{{Key: "readable", Value: readable.String()}, {Key: "body", Value: v.Body.Name()}}
	if n, small := v.Header.Version.Value.Int64(); v.Header.Version.OK && small {
		out = append(out, report.Member{Key: "pvno", Value: int(n)})
	}
	out = append(out, report.Member{Key: "protection", Value: v.ProtectedBy()})
	member := func(key string, ids ...string) {
		if s := check.Part(counting(tree), ids...); s != report.NoStatus {
			out = append(out, report.Member{Key: key, Value: s.String()})
		}
	}
	member("protected", "cmp.prot.", "cmp.header.protection-alg", "cmp.header.sender-cert", "cmp.header.sender-kid-cert")
	member("pop", "cmp.pop.", "cmp.p10.signature")
	return out
}

func count(tree []report.Check, s report.Status) (n int) {
	for _, k := range tree {
		if k.Children != nil {
			n += count(k.Children, s)
		} else if k.Status == s && !k.Advice {
			n++
		}
	}
	return n
}
