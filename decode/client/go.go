package client

import (
	"crypto/x509"
	"errors"
	"fmt"

	"golang.org/x/crypto/ocsp"

	"derscope/decode/cert"
	"derscope/decode/report"
)

// goVersion is that of golang.org/x/crypto in go.mod.
const goVersion = "x/crypto v0.58.0"

// goAnswer is what golang.org/x/crypto/ocsp makes of a response. The package
// itself is called: there is nothing to imitate.
type goAnswer struct {
	response *ocsp.Response
	err      error
	refused  string // the certificate that crypto/x509 does not read, for people
}

// runGo calls ParseResponseForCert, or ParseResponse if there is no subject.
func runGo(e evidence) (g goAnswer) {
	issuer, err := x509Certificate(e.issuer)
	if err != nil {
		return goAnswer{err: err, refused: "the issuer's certificate"}
	}
	if e.subject == nil {
		g.response, g.err = ocsp.ParseResponse(e.response, issuer)
		return g
	}
	subject, err := x509Certificate(e.subject)
	if err != nil {
		return goAnswer{err: err, refused: "the certificate"}
	}
	g.response, g.err = ocsp.ParseResponseForCert(e.response, subject, issuer)
	return g
}

func x509Certificate(c *cert.Certificate) (*x509.Certificate, error) {
	if c == nil {
		return nil, nil
	}
	return x509.ParseCertificate(c.Raw)
}

// String is the status, or the error as the package words it.
func (g goAnswer) String() string {
	if g.err != nil {
		return g.err.Error()
	}
	switch g.response.Status {
	case ocsp.Good:
		return "good"
	case ocsp.Unknown:
		return "unknown"
	}
	return fmt.Sprintf("revoked(%d)", g.response.RevocationReason)
}

// why explains an error of the package by what it does; "" if the error says all.
func (g goAnswer) why() string {
	var status ocsp.ResponseError
	switch {
	case g.err == nil:
		return ""
	case g.refused != "":
		return "crypto/x509 does not read " + g.refused + ", so package ocsp cannot be asked"
	case errors.As(g.err, &status):
		return "the response is an error status, which says nothing of a certificate"
	}
	text := g.err.Error()
	for _, w := range goWhy {
		if len(text) >= len(w.begins) && text[:len(w.begins)] == w.begins {
			return w.why
		}
	}
	return ""
}

// goWhy explains the errors of package ocsp by what begins them.
//
// Source: ocsp/ocsp.go of golang/crypto 82adefa.
var goWhy = []struct{ begins, why string }{
	{"trailing data", "octets follow the response, or the basicResponse in it"},
	{"bad OCSP response type", "there is no responseBytes, or they are of another type"},
	{"OCSP response contains bad number", "there is no entry, or there are several and no certificate was given to choose by"},
	{"no response matching", "no entry has the serial number of the certificate"},
	{"bad signature on embedded certificate", "the key of the first certificate in certs does not verify the response: only certs[0] is looked at, and the two texts on signatures stand the wrong way round"},
	{"bad OCSP signature", "without certs, the issuer's key does not verify the response; with certs, it does not verify certs[0]. The two texts on signatures stand the wrong way round"},
	{"unsupported critical extension", "the entry has a critical extension; package ocsp knows none"},
	{"unsupported issuer hash", "the CertID is in a hash other than SHA-1, SHA-256, SHA-384 and SHA-512"},
	{"asn1:", "encoding/asn1 reads strict DER only"},
	{"parsing time", "encoding/asn1 wants a GeneralizedTime with seconds"},
	{"x509:", "crypto/x509 does not read certs[0]"},
}

// goOutcome is what package ocsp answers, and what it leaves to the caller.
func goOutcome(e evidence, g goAnswer) report.Outcome {
	o := report.Outcome{Client: "go", Version: goVersion, Outcome: reject, Show: "ocsp.ParseResponseForCert(response, certificate, issuer)"}
	if e.subject == nil {
		o.Show = "ocsp.ParseResponse(response, issuer)"
	}
	if o.Reason = g.String(); g.err != nil {
		o.Why = g.why()
		return o
	}
	switch {
	case e.issuer == nil:
		return lacking(o, "issuer")
	case e.subject == nil:
		return lacking(o, "subject")
	case g.response.Status != ocsp.Good:
		o.Why = "the response is read, and its status is for the caller to act on"
		return o
	}
	o.Outcome, o.Why = accept, "times, the purpose of the signer and the hashes of the CertID are the caller's business"
	if !e.at.IsZero() {
		switch r := g.response; {
		case r.ThisUpdate.After(e.at):
			o.Why = fmt.Sprintf("thisUpdate is ahead, %s, and the package does not look at it: ", report.Clock(r.ThisUpdate)) + o.Why
		case !r.NextUpdate.IsZero() && r.NextUpdate.Before(e.at):
			o.Why = fmt.Sprintf("nextUpdate has passed, %s, and the package does not look at it: ", report.Clock(r.NextUpdate)) + o.Why
		}
	}
	return o
}
