package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// gnutls is what GnuTLS makes of a response: `ocsptool --verify-response
// --load-signer ISSUER`, and check_ocsp_response of its TLS client.
//
// Source: src/ocsptool.c and lib/x509/ocsp.c of 3.7.9, lib/cert-session.c f897129.
type gnutls struct {
	evidence
	importError string // the response cannot be imported; "" if it can
	failed      string // a call failed with this error
	verdict     string // why it is not verified; "" if it is

	status int
	basic  *basic
	signer *cert.Certificate
	printE []string // what ocsptool cannot print
}

// The errors of libtasn1, as gnutls_strerror words them.
const (
	tagError      = "ASN1 parser: Error in TAG"
	derError      = "ASN1 parser: Error in DER parsing"
	elementError  = "ASN1 parser: Element was not found"
	valueError    = "ASN1 parser: Value was not found"
	timeError     = "The DER time encoding is invalid"
	invalidError  = "The request is invalid"
	curveError    = "The curve is unsupported"
	insecureError = "One of the involved algorithms has insufficient security level"
)

// The reasons of gnutls_ocsp_verify_reason_t, as ocsptool words them.
const (
	signerUsage      = "Signer cert keyusage error"
	signerUntrusted  = "Signer cert is not trusted"
	signerInsecure   = "Insecure algorithm"
	signerFuture     = "Signer cert not yet activated"
	signerExpired    = "Signer cert expired"
	signatureFailure = "Signature failure"
)

// verifyDirect is gnutls_ocsp_resp_verify_direct, step by step.
var verifyDirect = []step[*gnutls]{
	{"gnutls_ocsp_resp_import", (*gnutls).parse},
	{"gnutls_ocsp_resp_get_responder_raw_id", (*gnutls).hasBasic},
	{"issuer", func(g *gnutls) next {
		if g.issuer == nil {
			g.needs = "issuer"
		}
		return failIf(g.needs != "")
	}},
	{"find_signercert", (*gnutls).findSigner},
	{"gnutls_x509_crt_verify", func(g *gnutls) next { return g.say(g.delegated(), g.trusts) }},
	{"check_ocsp_purpose", func(g *gnutls) next { return g.say(g.delegated(), g.purpose) }},
	{"gnutls_pubkey_verify_data2", (*gnutls).verifyData},
}

func runGnuTLS(e evidence) *gnutls {
	g := &gnutls{evidence: e}
	_, g.spoke = run(g, verifyDirect)
	return g
}

func (g *gnutls) hasBasic() next {
	switch {
	case g.basic != nil:
		return goOn
	case g.status == 0:
		g.failed = elementError
	default:
		g.failed = valueError
	}
	return fail
}

// findSigner looks in the response alone, by octets of the name, by key hash, or
// by subjectKeyIdentifier. If there is none, the issuer is taken for the signer.
func (g *gnutls) findSigner() next {
	g.signer = g.issuer
	for _, k := range g.basic.certs {
		if g.basic.byName {
			if bytes.Equal(g.basic.name.Raw, k.Subject.Raw) {
				g.signer = k
				return goOn
			}
			continue
		}
		if ski := k.SKI(); len(ski) > 0 && bytes.Equal(ski, g.basic.key) || bytes.Equal(g.basic.key, k.KeyHash()) {
			g.signer = k
			return goOn
		}
	}
	return goOn
}

// delegated says that the signer is another than the issuer: it has to be issued
// by the issuer then, and to have the purpose.
func (g *gnutls) delegated() bool { return !bytes.Equal(g.signer.Raw, g.issuer.Raw) }

// say makes a verdict of a step that is taken for a delegated signer only.
func (g *gnutls) say(delegated bool, objection func(*cert.Certificate) string) next {
	if delegated {
		g.verdict = objection(g.signer)
	}
	return failIf(g.verdict != "")
}

func (g *gnutls) purpose(k *cert.Certificate) string {
	if _, has := k.HasEKU(cert.PurposeOCSPSigning); !has {
		return signerUsage
	}
	return ""
}

// trusts is gnutls_x509_crt_verify with the issuer as the only anchor. A
// critical extension that it does not know, nocheck among them, is not trusted.
func (g *gnutls) trusts(k *cert.Certificate) string {
	if !bytes.Equal(k.Issuer.Raw, g.issuer.Subject.Raw) || !keyIDFits(g.issuer, k) || !g.issuer.IsCA() || k.SignedBy(g.issuer).Outcome != sig.Valid {
		return signerUntrusted
	}
	for _, e := range k.Extensions {
		if e.Critical && !gnutlsKnown[e.ID] {
			return signerUntrusted
		}
	}
	if k.Algorithm.Scheme().Weak != sig.Strong {
		return signerInsecure
	}
	if g.clock() && g.at.Before(k.NotBefore.Value.Time) {
		return signerFuture
	}
	if g.clock() && g.at.After(k.NotAfter.Value.Time) {
		return signerExpired
	}
	return ""
}

var gnutlsKnown = map[oid.ID]bool{
	cert.IDSubjectKeyIdentifier: true, cert.IDKeyUsage: true, cert.IDSubjectAltName: true, cert.IDIssuerAltName: true,
	cert.IDBasicConstraints: true, cert.IDNameConstraints: true, cert.IDCRLDistributionPoints: true, cert.IDCertificatePolicies: true,
	cert.IDAuthorityKeyIdentifier: true, cert.IDPolicyConstraints: true, cert.IDExtKeyUsage: true, cert.IDInhibitAnyPolicy: true,
	cert.IDAuthorityInfoAccess: true, cert.IDTLSFeature: true,
	"1.3.6.1.5.5.7.1.14": true, // proxyCertInfo
}

// gnutlsCurves are P-192 to P-521.
var gnutlsCurves = map[oid.ID]bool{
	"1.2.840.10045.3.1.1": true, "1.3.132.0.33": true, "1.2.840.10045.3.1.7": true, "1.3.132.0.34": true, "1.3.132.0.35": true,
}

func (g *gnutls) verifyData() next {
	k := g.signer.PublicKey
	scheme := g.basic.algorithm.Scheme()
	switch family := k.Key.Family(); {
	case family == "" || family == "ML-DSA" || family == "SLH-DSA":
		g.failed = elementError
	case family == "EC" && !gnutlsCurves[k.Key.Curve]:
		g.failed = curveError
	case len(g.basic.signature) == 0:
		g.failed = derError
	case !scheme.Known && scheme.PSS == nil:
		g.failed = invalidError
	case scheme.Weak == sig.Broken:
		g.failed = insecureError
	// The parameters of RSASSA-PSS are not read: SHA-256 and a salt of its length it is.
	case scheme.PSS != nil && (scheme.PSS.Hash != "SHA-256" || scheme.PSS.MGFHash != "SHA-256" || scheme.PSS.Salt != 32),
		g.signer.Verifies(g.basic.algorithm, g.basic.tbs, g.basic.signature).Outcome != sig.Valid:
		g.verdict = signatureFailure
	default:
		return goOn
	}
	return fail
}

// gnutlsAge is MAX_OCSP_VALIDITY_SECS: how old an answer without nextUpdate may be.
const gnutlsAge = 15 * 24 * time.Hour

// gnutlsOutcome is that of the TLS client's check_ocsp_response.
func gnutlsOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "gnutls", Version: "3.7.9, client f897129", Outcome: reject,
		Show: "ocsptool --verify-response --load-signer issuer.pem --load-response response.der"}
	g := runGnuTLS(e)
	o.Rules = rules(g.spoke)
	switch {
	case g.importError != "":
		o.Reason = "There was an error parsing the OCSP response: " + g.importError + "."
		o.Why = "libtasn1 reads DER, with nothing behind it; lengths may have leading zeros"
		return o
	case g.status != 0:
		return g.ignored(o)
	case g.needs != "" || e.subject == nil:
		if g.needs == "" {
			g.needs = "subject"
		}
		return lacking(o, g.needs)
	case g.basic == nil || !g.related():
		o.Reason, o.Why = "Got OCSP response with an unrelated certificate.", "no entry has its serial number and the hash of its issuer's name; the key hash is not compared"
	case g.failed != "":
		o.Reason, o.Why = g.failed, "the signature cannot be judged by GnuTLS"
	case g.verdict != "":
		o.Reason, o.Why = g.verdict, gnutlsWhy[g.verdict]
	default:
		return g.dated(o)
	}
	return o
}

var gnutlsWhy = map[string]string{
	signerUsage:      "the responder's certificate lacks the OCSP signing purpose",
	signerUntrusted:  "the responder's certificate is not issued by the issuer, or has a critical extension that GnuTLS does not know, nocheck among them",
	signerInsecure:   "the responder's certificate is signed with MD5 or SHA-1",
	signerFuture:     "the responder's certificate is not valid yet",
	signerExpired:    "the responder's certificate has expired",
	signatureFailure: "the signer's key does not verify the signature; of RSASSA-PSS only SHA-256 with a salt of 32 octets is computed",
}

// ignored is the outcome of an error status.
func (g *gnutls) ignored(o report.Outcome) report.Outcome {
	o.Reason = "gnutls_ocsp_resp_get_status: " + statusText(g.status)
	o.Outcome, o.Why = softFail, "an error status is ignored unless the certificate demands a staple"
	if g.subject == nil {
		return o
	}
	features, _ := g.subject.TLSFeatures()
	for _, f := range features {
		if f == cert.StatusRequest {
			o.Outcome, o.Reason = reject, "Missing basic OCSP response while required"
			o.Why = "the certificate demands a staple (TLS feature 5), and an error status is none"
		}
	}
	return o
}

// related is gnutls_ocsp_resp_check_crt over the entries.
func (g *gnutls) related() bool {
	for _, s := range g.basic.singles {
		if string(s.serial) == string(g.subject.Serial.Value) && hashed(s.hash, s.nameHash, g.subject.Issuer.Raw) {
			return true
		}
	}
	return false
}

// dated judges status and times: of the first entry, whichever one it was that fits.
func (g *gnutls) dated(o report.Outcome) report.Outcome {
	s := g.basic.singles[0]
	if s.status == revoked {
		o.Reason, o.Why = "The certificate was revoked via OCSP", "the first entry says so; GnuTLS looks at no other"
		return o
	}
	if !g.clock() || g.timed {
		return lacking(o, "time")
	}
	this, _ := looseTime(s.this, false)
	if next, ok := looseTime(s.next, false); s.hasNext && ok && next.Before(g.at) {
		o.Reason, o.Why = "There is a newer OCSP response but was not provided by the server", "nextUpdate has passed, "+report.Clock(next)+": there is no tolerance"
		return o
	}
	if !s.hasNext && g.at.Sub(this) > gnutlsAge {
		o.Reason, o.Why = "The OCSP response is old", "there is no nextUpdate, and thisUpdate is more than 15 days ago"
		return o
	}
	o.Outcome, o.Reason = accept, s.status.String()
	if s.status == unknown {
		o.Why = "GnuTLS takes the status unknown for no revocation"
	} else if this.After(g.at) {
		o.Why = "thisUpdate is ahead, which GnuTLS does not look at"
	}
	return o
}
