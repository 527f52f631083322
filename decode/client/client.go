// Package client says what other programs do with an OCSP response: clients
// that verify it, servers that are to staple it, and the callbacks of an
// application. It judges nothing itself; that is the business of package ocsp.
//
// A program is an ordered list of steps in a literal, named as in its source,
// with the version and the files that were read. The first step that does not
// go on speaks, in the program's own words; why explains them in ours.
//
// # Why does every program read the octets again?
//
// Because half of the differences lie there. OpenSSL takes BER and hashes its
// own re-encoding, GnuTLS takes lengths with leading zeros, browsers take DER
// alone, and each stops at another place.
//
// # Why is Go not imitated?
//
// Its package can be called: golang.org/x/crypto/ocsp gets the same octets.
//
//	clients, servers, callbacks := client.OCSP(c, view)
//
// The expected values are what the programs themselves were seen to do on 230
// fixtures; see the tests.
package client

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// The outcomes of clients.
const (
	accept   = "accept"
	reject   = "reject"
	softFail = "soft-fail"
	open     = "open"
)

// OCSP says what clients and servers do with a response, and what a callback
// for the status of a certificate meets.
func OCSP(c *check.Context, v *ocsp.View) (clients, servers []report.Outcome, callbacks []report.Callback) {
	e := evidence{response: c.Source, subject: v.Subject, issuer: v.Issuer, at: c.At}
	if e.response == nil {
		e.response = v.Raw
	}
	if v.Basic != nil {
		e.carried = &carried{certificates: v.Basic.Certs, responder: v.Basic.Data.Responder.Name}
	}
	g := runGo(e)
	clients = []report.Outcome{
		openSSL3.outcome(e, v),
		openSSL4.outcome(e, v),
		goOutcome(e, g),
		chromiumOutcome(e),
		firefoxOutcome(e),
		gnutlsOutcome(e),
	}
	s := newServed(e, g)
	s.roots, s.http, s.unproven = roots(v), c.HTTP, unproven(v, c.At)
	for _, p := range programs {
		for _, w := range p.ways {
			servers = append(servers, p.run(s.by(w)))
		}
	}
	return clients, servers, statusCallbacks(s, v)
}

// unproven says why a signature does not count; "" if it does.
func unproven(v *ocsp.View, at time.Time) string {
	switch {
	case v.Basic == nil || v.Issuer == nil:
		return ""
	case v.Signer.Proven():
		k := v.Signer.Cert
		switch {
		case v.Signer.IsIssuer || at.IsZero() || !k.NotBefore.OK || !k.NotAfter.OK:
		case at.Before(k.NotBefore.Value.Time):
			return "the responder's certificate is not valid before " + report.Clock(k.NotBefore.Value.Time)
		case at.After(k.NotAfter.Value.Time):
			return "the responder's certificate expired at " + report.Clock(k.NotAfter.Value.Time)
		}
		return ""
	case v.Signer.Cert == nil:
		return "no certificate at hand is the signer"
	case v.Signer.Result.Outcome != sig.Valid:
		return "the signature does not verify"
	}
	return "the signer has no right to sign for this CA"
}

// roots are the anchors that the user named, or else the roots that are at hand.
func roots(v *ocsp.View) (list []*cert.Certificate) {
	if v.Anchors != nil {
		return v.Anchors
	}
	for _, c := range append([]*cert.Certificate{v.Issuer}, v.Others...) {
		if c != nil && c.SelfIssued() && c.IsCA() && c.SignedBy(c).Outcome == sig.Valid {
			list = append(list, c)
		}
	}
	return list
}

// rules names the step that an outcome comes of.
func rules(step string) []string {
	if step == "" {
		return nil
	}
	return []string{step}
}

// wants explains an outcome that stays open for want of something.
var wants = map[string]string{
	"issuer":  "needs the issuer's certificate: the signature and the entry cannot be judged without it",
	"subject": "needs the certificate that is asked about: without it there is no entry to look for",
	"time":    "needs a reference time: all that does not depend on the time holds",
	"anchor":  "needs the root of the CA: the chain of the responder's certificate has to end there",
}

// lacking makes an outcome open.
func lacking(o report.Outcome, need string) report.Outcome {
	o.Outcome, o.Reason, o.Why, o.Rules = open, "", wants[need], nil
	return o
}
