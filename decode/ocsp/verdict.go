package ocsp

import (
	"fmt"
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// verdict is the answer to «is the certificate revoked, and can I believe
// that?» in one sentence.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	d := report.Verdict{Status: check.Sum(tree)}
	switch d.Status {
	case report.Fail:
		row, _ := check.First(tree, report.Fail)
		d.Headline, d.Detail = v.failed(c, tree, row)
	case report.Open:
		row, _ := check.First(tree, report.Open)
		d.Headline, d.Detail = v.undecided(c, row)
	default:
		k := v.Conclude(c.At)
		if k.Standing != Good || k.Stale || !v.Signer.Proven() || len(v.Matching) == 0 {
			// No rule may have missed it; still nothing but a fresh and proven good is called good.
			d.Status, d.Headline = report.Open, "Cannot be decided with what is here"
			break
		}
		d.Headline = fmt.Sprintf("Good: %s was not revoked", v.about())
		d.Detail = v.proof(c)
	}
	if n := count(tree, report.Warn); n > 0 {
		d.Detail = strings.TrimSpace(d.Detail + " " + report.Plural(n, "warning", "warnings") + ".")
	}
	return d
}

// telling lists, for a check that fails whenever one of several things is
// wrong, the checks that say which; the first of them that failed speaks.
var telling = map[string][]string{
	"ocsp.match.certificate": {"ocsp.match.issuer-of-subject", "ocsp.match.issuer-name", "ocsp.match.issuer-key", "ocsp.match.serial"},
	"ocsp.signer.authorized": {"ocsp.signer.self-vouching", "ocsp.signer.delegated-other-key", "ocsp.signer.delegated-far",
		"ocsp.signer.delegated-direct", "ocsp.signer.delegated-any-eku", "ocsp.signer.delegated-eku"},
	"ocsp.signer.found":      {"ocsp.signer.id-fits"},
	"ocsp.signature.valid":   {"ocsp.signature.fits-key", "ocsp.signature.bits", "ocsp.signature.length", "ocsp.signature.ecdsa-form"},
	"ocsp.fresh.not-expired": {"ocsp.fresh.order"},
}

// failed is the headline for the first failed check of the highest rank.
func (v *View) failed(c *check.Context, tree []report.Check, row report.Check) (headline, detail string) {
	for _, id := range telling[row.ID] {
		if more, ok := check.Find(tree, id); ok && more.Status == report.Fail && !(row.ID == "ocsp.signer.authorized" && v.namesake()) {
			row = more
			break
		}
	}
	detail = row.Why
	k := v.Conclude(c.At)
	switch row.ID {
	case "ocsp.der.outer":
		if mangled(c.Source) {
			return "Mangled: an OCSP response that was taken for UTF-8 text", detail
		}
	case "ocsp.match.issuer-name":
		if v.sameKeyOtherName() {
			return fmt.Sprintf("No answer for %s: another name of its CA", v.about()), detail
		}
	case "ocsp.signer.authorized":
		if v.namesake() {
			return "The signer has the name of the CA, and another key", detail
		}
	case "ocsp.status.successful", "ocsp.status.defined":
		if _, ok := statusNames[v.Status.Value]; !ok {
			return fmt.Sprintf("The responder answers with status %d, which is not defined", v.Status.Value), detail
		}
		return fmt.Sprintf("The responder answers with an error: %s (%d)", StatusName(v.Status.Value), v.Status.Value), detail
	case "ocsp.cert.revoked":
		return "Revoked: " + v.about(), detail
	case "ocsp.cert.unknown":
		return "The responder does not know " + v.about(), detail
	case "ocsp.fresh.not-expired":
		return fmt.Sprintf("Expired: the last known status of %s is %s", v.about(), k.Standing), detail
	}
	headline = strings.ReplaceAll(said(row.ID), "%s", v.about())
	if headline == "" {
		headline = row.Title + ": this does not hold"
	}
	if k.Standing == Revoked && v.Basic != nil && !v.Signer.Proven() && (v.Subject == nil || len(v.Matching) > 0) {
		return "Claims revoked, unproven: " + lowerFirst(headline), detail
	}
	return headline, detail
}

// said is the headline of a rule, or "" if it has none.
func said(id string) string {
	for _, set := range responseRules {
		for i := range set {
			if set[i].ID == id {
				return set[i].Headline
			}
		}
	}
	return ""
}

// undecided is the headline where something is missing.
func (v *View) undecided(c *check.Context, row report.Check) (headline, detail string) {
	k := v.Conclude(c.At)
	switch row.ID {
	case "ocsp.status.successful":
		return "No answer yet: " + StatusName(v.Status.Value), row.Why
	}
	if k.Entry < 0 {
		return "Cannot be decided with what is here", row.Why
	}
	says := fmt.Sprintf("It says %s of %s", k.Standing, v.about())
	if !v.Signer.Proven() {
		return says + "; whether to believe it is open", row.Why
	}
	return says, row.Why
}

// proof says who vouches for a good status, and for how long.
func (v *View) proof(c *check.Context) string {
	who := "Signed by " + v.Signer.Cert.Title() + "."
	switch s := v.Signer; {
	case s.Local:
		who = fmt.Sprintf("Signed by %s, trusted here by local decision.", s.Cert.Title())
	case s.IsIssuer:
		who = fmt.Sprintf("Signed by the issuer %s itself.", v.Issuer.Title())
	case s.Delegated:
		who = fmt.Sprintf("Signed by a delegated responder that %s authorised.", v.Issuer.Title())
	}
	if k := v.Conclude(c.At); k.Entry >= 0 && !c.At.IsZero() {
		if s := v.singles()[k.Entry]; s.NextUpdate.OK && s.NextUpdate.Value.After(c.At) {
			who += fmt.Sprintf(" Fresh for another %s.", report.Length(s.NextUpdate.Value.Sub(c.At)))
		}
	}
	return who
}

// about names what the response is about: the subject, or the serial number.
func (v *View) about() string {
	switch singles := v.singles(); {
	case v.Subject != nil:
		return v.Subject.Title()
	case len(singles) == 1:
		return "the certificate with serial number " + singles[0].ID.Serial.Value.Text()
	}
	return "the certificates"
}

// summary is the few words that scripts ask for.
func (v *View) summary(c *check.Context, tree []report.Check) []report.Member {
	out := []report.Member{{Key: "readable", Value: v.readable(tree).String()}}
	if v.Status.OK {
		out = append(out, report.Member{Key: "responseStatus", Value: StatusName(v.Status.Value)})
	}
	// With an error status nothing else counts, whatever is in the body.
	if v.Basic == nil || !v.Status.OK || v.Status.Value != 0 {
		return append(out, report.Member{Key: "certStatus", Value: "none"})
	}
	standing := "none"
	if k := v.Conclude(c.At); k.Entry >= 0 {
		standing = k.Standing.String()
	}
	out = append(out, report.Member{Key: "certStatus", Value: standing})
	member := func(key string, ids ...string) {
		if s := check.Part(tree, ids...); s != report.NoStatus {
			out = append(out, report.Member{Key: key, Value: s.String()})
		}
	}
	if len(v.singles()) == 0 {
		member("proven", proving...)
		return out
	}
	member("matches", "ocsp.match.certificate", "ocsp.match.issuer-of-subject", "ocsp.match.issuer-name", "ocsp.match.issuer-key")
	member("proven", proving...)
	member("fresh", "ocsp.time.", "ocsp.fresh.started", "ocsp.fresh.not-expired", "ocsp.fresh.order", "ocsp.fresh.age", "ocsp.fresh.next-present", "ocsp.fresh.tolerance")
	return out
}

// proving are the checks that decide whether a response can be believed.
var proving = []string{"ocsp.signer.found", "ocsp.signer.id-fits", "ocsp.signer.authorized", "ocsp.signer.self-vouching", "ocsp.signer.valid-now",
	"ocsp.signer.key-strength", "ocsp.signer.certificate-signature", "ocsp.signature.valid", "ocsp.signature.weak", "ocsp.ext.critical", "ocsp.ext.critical-entry"}

// readable is the status of the structure alone: fail where a part is broken
// or missing, warn for forms that only some clients read.
func (v *View) readable(tree []report.Check) report.Status {
	s := check.Part(tree, "ocsp.der.outer", "ocsp.der.truncated", "ocsp.status.body-present", "ocsp.data.responder-id")
	for _, f := range []string{"ocsp.der.trailing", "ocsp.der.trailing-basic", "ocsp.der.lengths", "ocsp.der.integers", "ocsp.der.null-content", "ocsp.data.certs-readable"} {
		if row, ok := check.Find(tree, f); ok && row.Status == report.Fail {
			s = max(s, report.Warn)
		}
	}
	if v.Basic != nil && (!v.Basic.Signature.OK || !v.Basic.Data.ProducedAt.OK && v.Basic.Data.ProducedAt.Value.Text == "") {
		s = report.Fail
	}
	for _, e := range v.singles() {
		if e.Standing == Unreadable || !e.ID.Serial.OK {
			s = report.Fail
		}
	}
	return s
}

// windows are the lines of the picture of validities.
func (v *View) windows(c *check.Context) []report.Window {
	if v.Basic == nil {
		return nil
	}
	var out []report.Window
	for i, n := range v.counted() {
		s := v.singles()[n]
		if i == 8 || !s.ThisUpdate.OK {
			break
		}
		w := report.Window{Label: "Status", Text: "thisUpdate → nextUpdate", From: s.ThisUpdate.Value.Time, At: s.ThisUpdate.Ref, Main: true}
		if s.NextUpdate.OK {
			w.To = s.NextUpdate.Value.Time
		} else {
			w.Text = "thisUpdate, no nextUpdate"
		}
		out = append(out, w)
	}
	if k := v.Signer.Cert; k != nil && k.NotBefore.OK && k.NotAfter.OK {
		label := "Responder"
		if v.Signer.IsIssuer {
			label = "Issuer"
		}
		out = append(out, report.Window{Label: label, Text: "certificate valid until " + k.NotAfter.Value.Format("2 Jan 2006"),
			From: k.NotBefore.Value.Time, To: k.NotAfter.Value.Time, At: v.at(k.NotAfter.Ref)})
	}
	if k := v.Subject; k != nil && k.NotBefore.OK && k.NotAfter.OK {
		out = append(out, report.Window{Label: "Certificate", Text: "valid until " + k.NotAfter.Value.Format("2 Jan 2006"),
			From: k.NotBefore.Value.Time, To: k.NotAfter.Value.Time, At: report.None})
	}
	if p := v.Basic.Data.ProducedAt; p.OK {
		out = append(out, report.Window{Label: "Produced", From: p.Value.Time, To: p.Value.Time, At: p.Ref})
	}
	return out
}

// roles say which items serve this one, and as what.
func (v *View) roles() []check.Link {
	var out []check.Link
	add := func(item int, role string) {
		if item >= 0 {
			out = append(out, check.Link{Item: item, Role: role})
		}
	}
	add(v.SubjectItem, "subject")
	add(v.IssuerItem, "issuer")
	add(v.RequestItem, "request")
	add(v.SignerItem, "responder")
	for _, i := range v.AnchorItems {
		add(i, "anchor")
	}
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

// sameKeyOtherName says that an entry has the certificate's serial number and
// its issuer's key, but another name.
func (v *View) sameKeyOtherName() bool {
	for _, f := range v.Fits {
		if f.Serial && f.Key && !f.Name {
			return v.Issuer != nil
		}
	}
	return false
}

// namesake says that the signer has the issuer's name and another key.
func (v *View) namesake() bool {
	s := v.Signer
	if s.Cert == nil || !s.Delegated {
		return false
	}
	_, folded := s.Cert.Subject.Equal(v.Issuer.Subject)
	return folded && s.Under.Outcome != sig.Valid
}

// lowerFirst lowers the first letter of a sentence that goes on behind a colon.
func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' || strings.HasPrefix(s, "A ") {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}
