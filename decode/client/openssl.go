package client

import (
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/ocsp"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// outcome is that of `openssl ocsp` with the certificates at hand.
func (v *openSSL) outcome(e evidence, view *ocsp.View) report.Outcome {
	o := report.Outcome{Client: "openssl", Version: v.version,
		Show: "openssl ocsp -respin response.der -CAfile root.pem -no_nonce -issuer issuer.pem -cert certificate.pem"}
	c := &command{openSSL: v, response: e.response, carried: e.carried, at: e.at, tolerance: 300 * time.Second, age: -1, anchors: roots(view), requested: true}
	switch {
	case len(view.Locals) > 0:
		c.other, c.flags = view.Locals, trustOther
		o.Show += " -VAfile responder.pem"
	case len(view.Others) > 0:
		c.other = view.Others
		o.Show += " -verify_other others.pem"
	}
	if e.issuer != nil {
		c.issuers = []*cert.Certificate{e.issuer}
		if e.subject != nil {
			c.asked = []asked{{issuer: e.issuer, issuerRaw: e.subject.Issuer.Raw, serial: e.subject.Serial.Value}}
		}
	}
	if view.Nonce != nil {
		c.nonce = element(0x04, view.Nonce)
		if view.Request != nil {
			c.nonce = nonceValue(view.Request.Raw)
		}
	}
	return v.judge(c.run(), e, c, o)
}

// judge makes an outcome of what was printed. The exit status of openssl is not
// all: a revoked status and times out of bounds exit with 0.
func (v *openSSL) judge(p printed, e evidence, c *command, o report.Outcome) report.Outcome {
	o.Outcome = reject
	switch {
	case p.fatal != "":
		if o.Reason, o.Why = p.fatal, fatalWhy(p.fatal); p.fatal == nonceError {
			o.Show = "openssl ocsp -respin response.der -reqin request.der -CAfile root.pem -issuer issuer.pem"
		}
		return o
	case e.issuer == nil && p.verify == "failure":
		return lacking(o, "issuer")
	case p.verify == "failure" && p.rooted && len(c.anchors) == 0 && len(p.statuses) > 0 && !p.statuses[0].found:
		// Whatever the root, the entry that is asked for is not there.
		o.Reason, o.Why = "ERROR: No Status found.", c.missing()
		return o
	case p.verify == "failure" && p.rooted && len(c.anchors) == 0:
		return lacking(o, "anchor")
	case p.verify == "failure":
		o.Reason = "Response Verify Failure: " + strings.Join(p.last.errors, "; ")
		o.Why, o.Rules = verifyWhy(p.last.errors[0]), rules(p.last.spoke)
		return o
	case e.issuer == nil:
		return lacking(o, "issuer")
	case e.subject == nil:
		return lacking(o, "subject")
	}
	s := p.statuses[0]
	switch {
	case !s.found:
		o.Reason, o.Why = "ERROR: No Status found.", c.missing()
	case p.timed || s.timed:
		return lacking(o, "time")
	case len(s.times) > 0:
		o.Reason = "WARNING: Status times invalid. " + strings.Join(s.times, "; ")
		o.Why = "OCSP_check_validity allows 300 s. The command only warns: it prints the status all the same and exits with 0"
		if v.numeric && s.times[0] == "status not yet valid" && s.entry.hasNext {
			if next, ok := looseTime(s.entry.next, true); ok && next.Before(e.at) {
				o.Why = "nextUpdate has passed: this version calls an expired answer «not yet valid». " + o.Why
			}
		}
	case s.status != good:
		o.Reason = s.status.String()
		o.Why = "the response holds, and says " + s.status.String() + ". The command exits with 0"
	default:
		o.Outcome, o.Reason = accept, "Response verify OK, good"
		o.Why = c.overlooked(p)
	}
	return o
}

// missing explains why the entry asked for is not there.
func (c *command) missing() string {
	o, _ := d2iResponse(c.response)
	bs, ok := c.get1Basic(o, c.carried)
	if !ok {
		return ""
	}
	for _, h := range []struct {
		id     oid.ID
		option string
	}{{sha256, "-sha256"}, {sha384, "-sha384"}, {sha512, "-sha512"}} {
		again := c.asked[0]
		again.hash = h.id
		if c.look(bs, again).found {
			return "openssl asks with a CertID in SHA-1 unless told otherwise, and this entry is in another hash: put " + h.option + " before -cert"
		}
	}
	return "no entry equals the CertID of this certificate and issuer: hash algorithm, both hashes and serial number are compared"
}

// overlooked says what OpenSSL did not look at, where that matters.
func (c *command) overlooked(p printed) string {
	if !c.keepsFlags && p.last.flags&noVerify != 0 && p.last.flags&trustOther != 0 && len(c.other) == 0 {
		return "the issuer signed, and this version trusts what is given as -issuer outright: no chain was built, as 3.0.22 and 4.1 do. producedAt and extensions are never looked at"
	}
	return "producedAt, version and extensions, critical ones included, are never looked at"
}

func fatalWhy(fatal string) string {
	switch {
	case strings.HasPrefix(fatal, "Responder Error"):
		return "an error status says nothing of a certificate"
	case fatal == "Error parsing response":
		return "there is no basicResponse, or its inside cannot be decoded: one certificate that cannot be read is enough"
	case fatal == "Error reading OCSP response":
		return "the outer layer is no OCSPResponse"
	case fatal == nonceError:
		return "the nonces of request and response differ; extnValues are compared as octets"
	}
	return ""
}

// verifyWhy explains the reasons of OCSP_basic_verify.
func verifyWhy(reason string) string {
	switch reason {
	case "signer certificate not found":
		return "responderID names neither what was given as -issuer, -verify_other or -VAfile nor a certificate in certs"
	case "signature failure":
		return "the key of the certificate that responderID names does not verify the signature over the re-encoded tbsResponseData"
	case "no signer key":
		return "this version cannot use the signer's key"
	case "missing ocspsigning usage":
		return "the signer is issued by the CA but lacks the OCSP signing purpose; «any» does not count"
	case "root ca not trusted":
		return "the signer is neither the CA of every entry nor issued by it, and the root is not trusted for OCSP signing outright"
	case "response contains no revocation data":
		return "there is no entry"
	case "unknown message digest":
		return "the CertID is in a hash that this version does not know"
	}
	return "the chain of the signer's certificate does not hold: " + strings.TrimPrefix(reason, "certificate verify error: Verify error: ")
}
