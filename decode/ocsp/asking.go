package ocsp

import (
	"slices"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// Asking is a request with the other evidence at hand.
type Asking struct {
	*Request
	Subject, Issuer         *cert.Certificate // nil: not at hand
	SubjectItem, IssuerItem int
	Signer                  *cert.Certificate // nil: not signed, or not at hand
	Result                  sig.Result
}

// lookAsking makes the view of a request.
func lookAsking(c *check.Context, q *Request) *Asking {
	a := &Asking{Request: q, SubjectItem: -1, IssuerItem: -1}
	all := certificates(c)
	subjects, of := map[subject]bool{}, issuers{}
	for _, asked := range q.List {
		subjects[asked.ID.subject()] = true
		of.add(asked.ID)
	}
	asked := func(s subject) bool { return subjects[s] }
	for _, k := range all {
		if k.said == "subject" || k.said == "" && a.Subject == nil && slices.ContainsFunc(of.subjects(k.Certificate), asked) {
			a.Subject, a.SubjectItem = k.Certificate, k.item
		}
		if k.said == "issuer" || k.said == "" && a.Issuer == nil && of.name(k.Certificate) {
			a.Issuer, a.IssuerItem = k.Certificate, k.item
		}
	}
	for _, k := range all { // in want of better, so that the report can say how it is wrong
		switch {
		case k.said != "":
		case a.Subject == nil && !k.IsCA():
			a.Subject, a.SubjectItem = k.Certificate, k.item
		case a.Issuer == nil && k.IsCA():
			a.Issuer, a.IssuerItem = k.Certificate, k.item
		}
	}
	if q.Signed {
		a.findSigner(all)
	}
	return a
}

// findSigner finds the certificate whose key verifies the request, else the
// first that it carries.
func (a *Asking) findSigner(all []known) {
	list := append([]*cert.Certificate{}, a.Certs...)
	for _, k := range all {
		list = append(list, k.Certificate)
	}
	for _, k := range list[:min(len(list), tried)] {
		r := cert.Verify(a.Algorithm, k.PublicKey, a.TBS, a.Signature)
		if r.Outcome == sig.Valid {
			a.Signer, a.Result = k, r
			return
		}
		if a.Signer == nil && len(a.Certs) > 0 {
			a.Signer, a.Result = k, r
		}
	}
}

var (
	groupRequest = &check.Group{ID: "ocsp.request", Title: "The request asks properly"}
	groupNamed   = &check.Group{ID: "ocsp.certid", Title: "The CertIDs are well formed"}
)

var requestGroups = []*check.Group{groupRequest, groupNamed, groupHTTP}

// Requests is the kind of OCSP requests.
var Requests = check.Of(check.Kind{
	Name: "ocsp-request", Title: "OCSP request", Spec: rfc6960("4.1.1"),
	Match: matchRequest, Rules: check.Catalogue(requestRules, requestIDRules, httpRequestRules),
}, ReadRequest, lookAsking, judgeAsking)

func judgeAsking(c *check.Context, a *Asking) check.Finding {
	tree := check.Judge(c, a, requestGroups, requestRules, requestIDRules, httpRequestRules)
	readable := report.Pass
	odd := slices.IndexFunc(c.Faults, func(f field.Fault) bool { return f.Kind <= field.Integer || f.Kind == field.Segmented })
	switch {
	case a.ListRef == report.None || !a.readable():
		readable = report.Fail
	case odd >= 0:
		readable = report.Warn
	}
	summary := []report.Member{{Key: "readable", Value: readable.String()}, {Key: "requests", Value: len(a.List)}}
	if s := check.Part(tree, "ocsp.request.signature"); s != report.NoStatus {
		summary = append(summary, report.Member{Key: "signature", Value: s.String()})
	}
	verdict := a.verdict(tree, readable)
	if readable == report.Warn && verdict.Status == readable {
		verdict.Detail = "It is not DER, and not every responder reads it: " + c.Faults[odd].Message + "."
	}
	return check.Finding{Title: "OCSP request", Checks: tree, Summary: summary, Verdict: verdict, Roles: a.roles(), Wants: a.wants(tree)}
}

// wants are those of a response, but for the words.
func (a *Asking) wants(tree []report.Check) []report.Want {
	all := wants(tree, hints{subject: a.Subject, issuer: a.Issuer})
	for i := range all {
		if all[i].Need == "subject" {
			all[i].Text = "The certificate that the request should ask for"
		}
	}
	return all
}

func (a *Asking) readable() bool {
	for _, r := range a.List {
		if !r.ID.Serial.OK {
			return false
		}
	}
	return true
}

func (a *Asking) roles() []check.Link {
	var out []check.Link
	if a.SubjectItem >= 0 {
		out = append(out, check.Link{Item: a.SubjectItem, Role: "subject"})
	}
	if a.IssuerItem >= 0 {
		out = append(out, check.Link{Item: a.IssuerItem, Role: "issuer"})
	}
	return out
}

func (a *Asking) verdict(tree []report.Check, readable report.Status) report.Verdict {
	d := report.Verdict{Status: check.Sum(tree)}
	d.Status = max(d.Status, readable)
	what := "nothing"
	if len(a.List) > 0 {
		what = "serial number " + a.List[0].ID.Serial.Value.Text()
		if !a.List[0].ID.Serial.OK {
			what = "a certificate whose serial number cannot be read"
		}
		if a.Subject != nil && a.List[0].ID.Fit(a.Subject, nil).Serial {
			what = a.Subject.Title()
		}
	}
	if n := len(a.List); n > 1 {
		what = report.Plural(n, "certificate", "certificates")
	}
	d.Headline = "Asks for the status of " + what
	row, ok := check.First(tree, d.Status)
	if ok && d.Status != report.Pass {
		d.Detail = row.Why
	}
	if text, known := requestHeadlines[row.ID]; ok && known && d.Status == report.Fail {
		d.Headline = text
	}
	return d
}

// requestHeadlines are the sentences for failed checks.
var requestHeadlines = map[string]string{
	"ocsp.request.version":      "Of a version that does not exist",
	"ocsp.request.list":         "Asks for nothing",
	"ocsp.request.subject":      "Asks for another certificate than the one at hand",
	"ocsp.request.nonce-length": "The nonce has a length that is not allowed",
	"ocsp.request.signature":    "The signature of the request is wrong",
	"ocsp.request.name":         "Signed, and it does not say by whom",
}

// matchRequest says how well octets fit: the label, and how they start.
func matchRequest(k check.Candidate) check.Match {
	if k.Text { // printed, not encoded
		return check.Match{}
	}
	if k.Text {
		return check.Match{}
	}
	label := strings.ToLower(k.Label)
	if strings.Contains(label, "ocsp request") || strings.Contains(label, "ocsp-request") {
		return check.Match{Score: 91, Why: "labelled " + k.Label}
	}
	e, err := der.Next(k.Bytes, 0, len(k.Bytes))
	if err != nil || e.Tag != der.Sequence {
		return check.Match{}
	}
	tbs, err := der.Next(k.Bytes, e.Content(), e.Close())
	if err != nil || tbs.Tag != der.Sequence {
		return check.Match{}
	}
	if tbs.End() != e.Close() && k.Bytes[tbs.End()] != 0xa0 {
		return check.Match{}
	}
	at := tbs.Content()
	for at < tbs.Close() && (k.Bytes[at] == 0xa0 || k.Bytes[at] == 0xa1) {
		in, err := der.Next(k.Bytes, at, tbs.Close())
		if err != nil {
			return check.Match{}
		}
		at = in.End()
	}
	if list, err := der.Next(k.Bytes, at, tbs.Close()); err == nil && list.Tag == der.Sequence && list.Len == 0 && at+2 == tbs.Close() && tbs.End() == len(k.Bytes) {
		return check.Match{Score: 40, Why: "SEQUENCE of one SEQUENCE of nothing, as a request that asks for nothing"}
	}
	// requestList → Request → CertID → AlgorithmIdentifier → OBJECT IDENTIFIER
	for range 4 {
		in, err := der.Next(k.Bytes, at, tbs.Close())
		if err != nil || in.Tag != der.Sequence {
			return check.Match{}
		}
		at = in.Content()
	}
	if in, err := der.Next(k.Bytes, at, tbs.Close()); err != nil || in.Tag != der.OID {
		return check.Match{}
	}
	return check.Match{Score: 88, Why: "SEQUENCE of lists that lead to a hash algorithm, as a CertID does"}
}
