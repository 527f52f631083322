package connection

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// speaking are the ids that can make the headline, in their order: the first
// that fails, else the first of open that is open, else the first that warns.
// An id that ends in "." stands for all that begin with it and are not named
// before; one behind "except" is left out there.
var speaking = []string{
	"tls.record.form", "tls.message.form", "tls.message.version", "tls.ext.body", "tls.ext.duplicate", "tls.flow.order",
	"tls.alert.meaning", "tls.hello.downgrade", "tls.certificate.verify", "tls.finished.verify", "tls.psk.binder",
	"tls.hello.version", "tls.hello.suite", "tls.hello.echo", "tls.hello.retry", "tls.hello.fields", "tls.hello.renegotiation",
	"tls.flow.renegotiation", "tls.ext.place", "tls.ext.unasked", "tls.ext.", "tls.psk.form", "tls.psk.", "tls.resume.",
	"tls.certificate.", "ocsp.staple.", "tls.status.", "tls.callback.status.advice", "tls.callback.status.resumed",
	"tls.certreq.", "tls.candidate.", "tls.nst.", "tls.callback.", "tls.hello.random", "tls.alert.fits",
}

// speakingTicket are those of a NewSessionTicket.
var speakingTicket = []string{
	"tls.message.form", "tls.message.version", "tls.ext.body", "tls.nst.empty", "tls.nst.lifetime", "tls.nst.nonce",
	"tls.nst.promised", "tls.nst.place", "tls.nst.age-add", "tls.nst.count",
}

// waiting are the ids that speak where nothing fails and they are open.
var waiting = []string{"tls.resume.outcome", "tls.flow.complete"}

// never are ids that speak only in their own right, and not as one of many.
// That no staple is asked for is said by the headline of what is good.
var never = map[string]bool{"tls.resume.outcome": true, "ocsp.staple.asked": true}

// judge is the judge of all three: handshake, NewSessionTicket and transaction.
func judge(c *check.Context, v *View) check.Finding {
	tree := v.tree(c)
	f := check.Finding{Title: v.title(), Checks: tree, Verdict: v.verdict(c, tree)}
	if v.NST != nil {
		f.Summary = v.summaryTicket(tree)
	} else {
		f.Summary = v.summaryHandshake(c, tree)
	}
	f.Roles = v.roles()
	f.Wants = v.wants(tree)
	if v.NST == nil && v.H != nil && len(v.H.Events) > 1 {
		f.Pictures = []report.Picture{handshake.Ladder(v.H, nil)}
	}
	return f
}

// rows lists the checks of a tree in the order of ids, without groups.
func (v *View) rows(tree []report.Check, ids []string) []report.Check {
	var flat, out []report.Check
	var walk func([]report.Check)
	walk = func(list []report.Check) {
		for _, k := range list {
			if k.Children != nil {
				walk(k.Children)
			} else {
				flat = append(flat, k)
			}
		}
	}
	walk(tree)
	named := map[string]bool{}
	for _, id := range ids {
		named[id] = true
	}
	suitable := v.suitable(tree)
	for _, id := range ids {
		for _, k := range flat {
			many := strings.HasSuffix(id, ".")
			switch {
			case !many && k.ID != id, many && (!strings.HasPrefix(k.ID, id) || named[k.ID] || never[k.ID]):
			case suitable && strings.HasPrefix(k.ID, "tls.candidate."):
			default:
				out = append(out, k)
			}
		}
		if many := strings.HasSuffix(id, "."); many {
			// What was taken by a wider id is not taken again by a later one.
			for _, k := range flat {
				if strings.HasPrefix(k.ID, id) {
					named[k.ID] = true
				}
			}
		}
	}
	return out
}

// suitable says that nothing speaks against one of the candidates: then the others
// matter to nobody.
func (v *View) suitable(tree []report.Check) bool {
	for _, g := range tree {
		if g.ID == groupCandidate.ID && (g.Status == report.Pass || g.Status == report.Open) {
			return true
		}
	}
	return false
}

// verdict is the answer to «what happened, and why» in one sentence.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	ids := speaking
	if v.NST != nil {
		ids = speakingTicket
	}
	rows := v.rows(tree, ids)
	var list []report.Check
	pick := func(from []report.Check, s report.Status) bool {
		for _, k := range from {
			if k.Status == s && !k.Advice {
				list = append(list, k)
			}
		}
		return len(list) > 0
	}
	d := report.Verdict{Status: report.Pass}
	switch {
	case pick(rows, report.Fail):
		d.Status = report.Fail
	case v.NST == nil && pick(v.rows(tree, waiting), report.Open):
		d.Status = report.Open
	case pick(rows, report.Warn):
		d.Status = report.Warn
	}
	if len(list) == 0 {
		d.Headline, d.Detail = v.good(c)
		if e := v.H; v.NST == nil && e != nil && e.Lone() != nil {
			if words := fitting(tree); words != "" {
				d.Headline, d.Detail = words, d.Headline+"."
			}
		}
		return d
	}
	d.Headline, d.Detail = v.said(tree, list[0])
	var more []string
	for _, k := range list[1:] {
		if k.ID == list[0].ID || len(more) == 2 {
			continue
		}
		if said := v.brief(tree, k); !strings.Contains(d.Headline, said) { // as the reason of an alert
			more = append(more, said)
		}
	}
	if len(more) > 0 {
		d.Detail = strings.TrimSpace(d.Detail + " Also: " + strings.Join(more, "; ") + ".")
	}
	return d
}

// said is what a row says in a headline, and what it adds to it. A Headline
// with %s takes the reason in, and needs no detail; in want of one the reason
// speaks itself.
func (v *View) said(tree []report.Check, k report.Check) (headline, detail string) {
	switch k.ID {
	case "tls.alert.meaning":
		return v.endedBy(tree, k)
	case "tls.flow.complete":
		return v.good13(k)
	case "tls.resume.outcome":
		if row, ok := check.Find(tree, "tls.psk.binder"); ok && row.Status == report.Pass {
			return headlineOf(k.ID), "The binder proves that the client has the secret of its ticket. " + k.Why
		}
	case "tls.candidate.issuer":
		if strings.Contains(k.Why, "folds case") {
			return "OpenSSL finds the issuer of the client certificate in the list, Go does not", k.Why
		}
	}
	h := headlineOf(k.ID)
	why := strings.TrimSuffix(k.Why, ".")
	switch {
	case strings.Contains(h, "%s"):
		return strings.ReplaceAll(h, "%s", lowerFirst(why)), ""
	case h != "":
		return h, k.Why
	}
	if first, rest, _ := strings.Cut(k.Why, ". "); len(first) > 0 && len(first) <= 140 {
		return strings.TrimSuffix(first, "."), rest
	}
	return k.Title + ": this does not hold", k.Why
}

// brief is what a row says within another sentence.
func (v *View) brief(tree []report.Check, k report.Check) string {
	h, _, _ := strings.Cut(headlineOf(k.ID), ": %s")
	if h == "" || strings.Contains(h, "%s") || k.ID == "tls.alert.meaning" {
		h, _ = v.said(tree, k)
	}
	return lowerFirst(strings.TrimSuffix(h, "."))
}

// headlineOf is the headline of a rule, or "".
func headlineOf(id string) string {
	for _, set := range rules {
		for i := range set {
			if set[i].ID == id {
				return set[i].Headline
			}
		}
	}
	for i := range candidateRules {
		if candidateRules[i].ID == id {
			return candidateRules[i].Headline
		}
	}
	return ""
}

// endedBy is the headline of an alert: who, which, after what, and why. The
// reason is the failed check that explains it, else what OpenSSL means by it.
func (v *View) endedBy(tree []report.Check, k report.Check) (headline, detail string) {
	e := v.lastError()
	if e == nil {
		return "Ended by an alert", k.Why
	}
	b := e.Body.(*handshake.AlertBody)
	headline = "Ended by " + sideName(e.From) + ": " + alertName(b.Description.Value)
	if after := v.before(e); after != "" {
		headline += ", after " + after
	}
	if row, ok := reason(tree, b.Description.Value); ok {
		return headline + ": " + v.brief(tree, row), row.Why
	}
	if causes := v.causes(); causes != "" {
		why, more, _ := strings.Cut(causes, ": ") // what is, and what can have led to it
		detail := k.Why
		if more != "" {
			detail += " With OpenSSL it comes of one of these: " + more + "."
		}
		if words := fitting(tree); words != "" {
			detail += " " + words + "."
		}
		return headline + ": " + why, detail
	}
	return headline, k.Why
}

// sideName names a side as the subject of a sentence.
func sideName(s handshake.Side) string {
	if s == handshake.Unknown {
		return "one side"
	}
	return "the " + s.String()
}

// fitting says which of the certificates at hand fit the request of the server,
// or "" if none does.
func fitting(tree []report.Check) string {
	var names []string
	all := 0
	for _, g := range tree {
		if g.ID != groupCandidate.ID {
			continue
		}
		all++
		if g.Status == report.Pass || g.Status == report.Open {
			name, _, _ := strings.Cut(g.Title, "»")
			names = append(names, name+"»")
		}
	}
	switch {
	case len(names) == 0:
		return ""
	case all == 1:
		return names[0] + " fits the request"
	case len(names) == 1:
		return names[0] + " fits the request, alone of " + report.Count(all) + " certificates at hand"
	}
	return report.Enumerate(names) + " fit the request"
}
