package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
)

// Signing is what was found of the protection of a message by a signature.
type Signing struct {
	Candidates []Candidate // in the order in which they are tried
	Best       *Candidate  // nil: there is none
}

// Candidate is a certificate that may be the signer's, with the answer to each
// question about it. None stops at the first no.
type Candidate struct {
	Certificate *cert.Certificate
	Item        int    // among the exhibits, or -1
	Where       string // pinned, earlier, extraCerts, beside, anchor
	Subject     report.Status
	KeyID       report.Status
	KeyFits     report.Status
	Signature   report.Status
	Usage       report.Status
	Valid       report.Status // at the time
	Path        report.Status // to an anchor
}

// Signing looks for the signer's certificate.
func (v *View) Signing(c *check.Context) *Signing { return &Signing{} }
