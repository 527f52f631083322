package ocsp

import (
	"bytes"
	"fmt"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/report"
)

// Responses is the kind of OCSP responses.
var Responses = check.Of(check.Kind{
	Name: "ocsp-response", Title: "OCSP response", Spec: rfc6960("4.2.1"),
	Match: matchResponse, Rules: check.Catalogue(responseRules...),
}, Read, look, judge)

// setAside takes a group out of the verdict.
func setAside(tree []report.Check, id string) {
	for i := range tree {
		if tree[i].ID == id {
			tree[i].Advice = true
		}
	}
}

// publicWeb are the policies that certificates of the public web name: those of
// the CA/Browser Forum.
const publicWeb = "2.23.140.1.2."

func judge(c *check.Context, v *View) check.Finding {
	c = v.withProfiles(c)
	if c.Nonce != nil {
		with := *v
		with.Nonce = c.Nonce
		v = &with
	}
	tree := check.Judge(c, v, responseGroups, responseRules...)
	if v.Nonce == nil { // the nonce counts for those who asked for one
		setAside(tree, groupNonce.ID)
	}
	return check.Finding{
		Title:   "OCSP response",
		Checks:  tree,
		Verdict: v.verdict(c, tree),
		Summary: v.summary(c, tree),
		Roles:   v.roles(),
		Windows: v.windows(c),
		Wants:   wants(tree, hints{v.Subject, v.Issuer, v.root, v.Status.Value != 0}),
	}
}

// withProfiles turns the profiles of the public web on where the certificate
// says that it belongs there.
func (v *View) withProfiles(c *check.Context) *check.Context {
	if v.Subject == nil {
		return c
	}
	e := v.Subject.Extension(cert.IDCertificatePolicies)
	if e == nil {
		return c
	}
	list, _ := e.Content.([]cert.Policy)
	for _, p := range list {
		if !strings.HasPrefix(string(p.ID), publicWeb) {
			continue
		}
		with := *c
		with.Profiles = map[string]bool{"br": true, "mozilla": true, "microsoft": true}
		for name, on := range c.Profiles {
			with.Profiles[name] = with.Profiles[name] || on
		}
		return &with
	}
	return c
}

// basicOID is id-pkix-ocsp-basic as an element.
var basicOID = append([]byte{6, 9}, BasicType.Bytes()...)

// matchResponse says how well octets fit: the label, and how they start.
func matchResponse(k check.Candidate) check.Match {
	m := check.Match{}
	e, err := der.Next(k.Bytes, 0, len(k.Bytes))
	cut, _ := err.(*der.Error)
	if e.Tag == der.Sequence && (err == nil || cut.Fault == der.Overrun) {
		end := min(e.Close(), len(k.Bytes))
		if err != nil {
			end = len(k.Bytes)
		}
		in, err := der.Next(k.Bytes, e.Content(), end)
		switch {
		case err != nil || in.Tag != der.Enumerated || in.Len != 1:
		case in.End() >= end:
			m = check.Match{Score: 85, Why: fmt.Sprintf("SEQUENCE of one ENUMERATED %d", k.Bytes[in.Content()])}
		case k.Bytes[in.End()] == 0xa0:
			m = check.Match{Score: 95, Why: fmt.Sprintf("SEQUENCE starting with ENUMERATED %d and [0]", k.Bytes[in.Content()])}
		}
	}
	if m.Score == 0 && e.Tag == der.Sequence && bytes.Contains(k.Bytes[:min(64, len(k.Bytes))], basicOID) {
		m = check.Match{Score: 70, Why: "SEQUENCE with id-pkix-ocsp-basic near its start"}
	}
	label := strings.ToLower(k.Label)
	if m.Score < 90 && (strings.Contains(label, "ocsp response") || strings.Contains(label, "ocsp-response") || k.Hint == "ocsp-response") {
		return check.Match{Score: 90, Why: "labelled " + strings.TrimSpace(k.Label+k.Hint)}
	}
	return m
}
