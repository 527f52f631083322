package client

import (
	"fmt"
	"time"

	"golang.org/x/crypto/ocsp"

	"derscope/decode/report"
)

// goVersion is that of golang.org/x/crypto in go.mod.
const goVersion = "x/crypto v0.58.0"

// goOutcome is what package ocsp answers, and what it leaves to the caller.
func goOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "go", Version: goVersion, Outcome: reject, Show: "ocsp.ParseResponseForCert(response, certificate, issuer)"}
	if e.subject == nil {
		o.Show = "ocsp.ParseResponse(response, issuer)"
	}
	g := runGo(e)
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
			o.Why = fmt.Sprintf("thisUpdate is ahead, %s, and the package does not look at it: ", moment(r.ThisUpdate)) + o.Why
		case !r.NextUpdate.IsZero() && r.NextUpdate.Before(e.at):
			o.Why = fmt.Sprintf("nextUpdate has passed, %s, and the package does not look at it: ", moment(r.NextUpdate)) + o.Why
		}
	}
	return o
}

// chromiumAge is how old an answer may be where the Baseline Requirements are
// enforced: for leaves, and for CA certificates.
const (
	chromiumAge   = 7 * 24 * time.Hour
	chromiumCAAge = 366 * 24 * time.Hour
)

var chromiumWhy = map[string]string{
	"MISSING":                      "there are no octets",
	"PARSE_RESPONSE_ERROR":         "the outer layers are not strict DER, or the signature algorithm is one that BoringSSL does not know",
	"ERROR_RESPONSE":               "an error status says nothing of the certificate",
	"PARSE_RESPONSE_DATA_ERROR":    "tbsResponseData is not strict DER of version 1, its key hash has not 20 octets, or an extension comes twice",
	"UNHANDLED_CRITICAL_EXTENSION": "a critical extension: of the response any, of an entry any but the list of SCTs, whichever certificate the entry is for",
	"BAD_PRODUCED_AT":              "producedAt lies outside the validity of the certificate",
	"NO_MATCHING_RESPONSE":         "no entry is for this certificate, or one that cannot be read stands before it",
	"INVALID_DATE":                 "thisUpdate is ahead, or nextUpdate is reached, or the answer is too old: there is no tolerance",
}

// chromiumOutcome is what becomes of a stapled response: all but good and
// revoked is ignored.
func chromiumOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "chromium", Version: "0e49239, BoringSSL a0689af", Outcome: softFail,
		Show: "bssl::CheckOCSP(response, certificate, issuer, time, max_age)"}
	age := chromiumAge
	if e.subject != nil && e.subject.IsCA() {
		age = chromiumCAAge
	}
	c := runChromium(e, age)
	o.Reason = c.status.String() + " " + c.detail
	switch {
	case c.needs != "":
		return lacking(o, c.needs)
	case c.unproven != "":
		o.Why = c.unproven + ": ignored"
		return o
	case c.detail == "PROVIDED" && c.timed:
		return lacking(o, "time")
	case c.detail == "INVALID_DATE" && runChromium(e, 0).status == good:
		o.Why = fmt.Sprintf("thisUpdate is more than %d days ago, the limit for certificates of public CAs: ignored. Under a private root it would count as good", age/(24*time.Hour))
		return o
	case c.detail != "PROVIDED":
		if o.Why = chromiumWhy[c.detail]; c.cause != "" {
			o.Why = c.cause
		}
		o.Why += ": ignored"
		return o
	}
	switch c.status {
	case good:
		o.Outcome = accept
	case revoked:
		o.Outcome, o.Reason = reject, "ERR_CERT_REVOKED"
		o.Why = "the response is proven, in date, and says revoked"
	default:
		o.Why = "the status unknown is ignored"
	}
	return o
}

// tolerated are the errors after which Firefox goes on as without a staple: with
// its cache, CRLite, or a fetch.
var tolerated = map[string]bool{
	"ERROR_OCSP_OLD_RESPONSE": true, "ERROR_OCSP_TRY_SERVER_LATER": true, badSigningCert: true,
	"ERROR_OCSP_RESPONSE_FOR_CERT_MISSING": true,
}

var firefoxWhy = map[string]string{
	malformed:                              "the octets are not the strict DER that mozilla::pkix reads",
	badDERTime:                             "a time is not written YYYYMMDDHHMMSSZ",
	badSigningCert:                         "responderID names neither the issuer nor a certificate in certs",
	badSignature:                           "the key that responderID names does not verify the signature",
	algorithmRefused:                       "Firefox does not compute this signature algorithm",
	unknownCritical:                        "a critical extension that Firefox does not know",
	"ERROR_INVALID_INTEGER_ENCODING":       "a serial number is padded",
	"ERROR_EXTENSION_VALUE_INVALID":        "the list of SCTs is empty, or comes twice",
	"ERROR_OCSP_FUTURE_RESPONSE":           "thisUpdate is more than a day ahead",
	"ERROR_OCSP_OLD_RESPONSE":              "it ended more than a day ago: at nextUpdate, or ten days after thisUpdate, or one day without nextUpdate",
	"ERROR_OCSP_RESPONSE_FOR_CERT_MISSING": "no entry is for this certificate",
	"ERROR_OCSP_UNKNOWN_CERT":              "the responder does not know the certificate",
	"ERROR_REVOKED_CERTIFICATE":            "the response is proven, and an entry for this certificate says revoked",
	"ERROR_OCSP_MALFORMED_REQUEST":         "an error status in a staple ends the connection",
	"ERROR_OCSP_SERVER_ERROR":              "an error status in a staple ends the connection",
	"ERROR_OCSP_REQUEST_NEEDS_SIG":         "an error status in a staple ends the connection",
	"ERROR_OCSP_UNAUTHORIZED_REQUEST":      "an error status in a staple ends the connection",
	"ERROR_OCSP_UNKNOWN_RESPONSE_STATUS":   "an error status in a staple ends the connection",
	"ERROR_OCSP_TRY_SERVER_LATER":          "of the error statuses this one alone does not end the connection",
}

// firefoxOutcome is what becomes of a connection with this staple.
func firefoxOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "firefox", Version: "ca36c95, NSS 9d75dfd", Outcome: reject,
		Show: "VerifyEncodedOCSPResponse(trustDomain, certID, time, 10, response, expired)"}
	f := runFirefox(e)
	o.Reason, o.Why = f.result, firefoxWhy[f.result]
	if f.result == badSigningCert && f.signer != "" {
		o.Why = "responderID names a certificate in certs, but " + f.signer
	}
	if f.cause != "" && f.result != badSigningCert {
		o.Why = f.cause
	}
	switch {
	case f.needs != "":
		return lacking(o, f.needs)
	case f.timed && (f.result == "Success" || f.result == "ERROR_OCSP_UNKNOWN_CERT"):
		return lacking(o, "time")
	case f.result == "Success":
		o.Outcome = accept
	case tolerated[f.result] || f.expired:
		o.Outcome = softFail
		if f.expired && !tolerated[f.result] {
			o.Why += ", but the answer is expired as well"
		}
		o.Why += ": it goes on as without a staple"
	}
	return o
}

// gnutlsOutcome is that of the TLS client's check_ocsp_response.
func gnutlsOutcome(e evidence) report.Outcome {
	o := report.Outcome{Client: "gnutls", Version: "3.7.9, client f897129", Outcome: reject,
		Show: "ocsptool --verify-response --load-signer issuer.pem --load-response response.der"}
	g := runGnuTLS(e)
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
		if f == 5 {
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
		o.Reason, o.Why = "There is a newer OCSP response but was not provided by the server", "nextUpdate has passed, "+moment(next)+": there is no tolerance"
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
