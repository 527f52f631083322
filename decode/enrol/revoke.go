package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var revokeRules = []rule{{
	ID: "cmp.rr.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.2; RFC 9810 §5.3.9",
	Title: "One certificate is to be revoked", Headline: "The number of certificates to be revoked is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.RR || !v.Body.OK {
			return check.Skip()
		}
		switch n := len(v.Body.Revocations); n {
		case 1:
			return check.Holds(v.Body.Ref, "")
		case 0:
			return check.Broken(v.Body.Ref, "The list is empty: nothing is to be revoked.")
		default:
			return check.Doubtful(v.Body.Ref, "%d certificates are to be revoked in one message; OpenSSL's server takes one (MULTIPLE_REQUESTS_NOT_SUPPORTED).", n)
		}
	},
}, {
	ID: "cmp.rr.target", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.2; RFC 9810 §5.3.9",
	Title: "The certificate is named by issuer and serial number", Headline: "It is not said which certificate is to be revoked",
	Judge: eachRevocation(func(v *View, d cmp.RevDetails, t *crmf.CertTemplate) check.Outcome {
		switch {
		case t.Issuer != nil && t.Serial.OK:
			return check.Holds(t.Ref, "")
		case t.Subject != nil && t.PublicKey != nil:
			return check.Note(t.Ref, "The certificate is named by subject and public key, as OpenSSL does from a CSR; others want issuer and serial number.")
		case t.Issuer != nil:
			return check.Broken(t.Ref, "The issuer is «%s», and there is no serial number: it may be any certificate of that CA.", t.Issuer)
		case t.Serial.OK:
			return check.Broken(t.Ref, "The serial number is %s, and there is no issuer: other CAs use the number too.", t.Serial.Value.Text())
		}
		return check.Broken(t.Ref, "There is neither issuer nor serial number. Give both, from the certificate that is to be revoked.")
	}),
}, {
	ID: "cmp.rr.reason", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.2; RFC 5280 §5.3.1",
	Title: "The reason is given, and nothing else", Headline: "The reason is missing, or not alone",
	Judge: eachRevocation(func(v *View, d cmp.RevDetails, t *crmf.CertTemplate) check.Outcome {
		n := 0
		for i := range d.Extensions {
			if e := &d.Extensions[i]; e.ID != cert.IDReasonCode {
				return check.Doubtful(e.Ref, "crlEntryDetails hold %s; the lightweight profile has reasonCode alone.", e.Name())
			}
			n++
		}
		switch {
		case n == 0:
			return check.Doubtful(d.Ref, "There is no reasonCode: say why, with unspecified (0) if it is to stay private.")
		case n > 1:
			return check.Doubtful(d.Extended, "There are %d reasonCodes; there is one reason.", n)
		}
		return check.Holds(d.Extended, "")
	}),
}, {
	ID: "cmp.rr.reason-code", Group: groupBody, Level: check.Must, Refs: "RFC 5280 §5.3.1",
	Title: "The reason is one of RFC 5280", Headline: "The reason does not exist",
	Judge: eachRevocation(func(v *View, d cmp.RevDetails, t *crmf.CertTemplate) check.Outcome {
		e := cert.Find(d.Extensions, cert.IDReasonCode)
		if e == nil || !e.Decoded {
			return check.Skip()
		}
		n, _ := e.Content.(cert.Reason)
		switch {
		case !n.Known():
			return check.Broken(e.Ref, "reasonCode is %d, which is not defined: 0 to 6 and 8 to 10 are.", int(n))
		case n == 8:
			return check.Note(e.Ref, "reasonCode is removeFromCRL (8): it asks to end a hold, not to revoke.")
		case n == 10:
			return check.Note(e.Ref, "reasonCode is aACompromise (10), which is meant for attribute authorities.")
		}
		return check.Holds(e.Ref, "%s (%d).", n, int(n))
	}),
}, {
	ID: "cmp.rr.protection", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.2; RFC 9483 §5.3.2",
	Title: "The owner of the certificate, or an RA, asks for its revocation", Headline: "Neither the owner nor an RA asks for the revocation",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.RR || len(v.Body.Revocations) == 0 || v.Header.Algorithm == nil {
			return check.Skip()
		}
		if v.ByMAC() {
			return check.Doubtful(v.Header.Algorithm.Ref, "The request is protected by a shared secret: the lightweight profile wants the signature of the certificate that is to be revoked, or of an RA.")
		}
		if !v.BySignature() {
			return check.Skip()
		}
		k := v.signer(c)
		if k == nil {
			return check.Needs("signer", v.Body.Ref, "Whether the certificate that is to be revoked signed this, or an RA, needs the signer's certificate.")
		}
		if _, ra := k.HasEKU(idCMCRA); ra {
			return check.Holds(v.Body.Ref, "«%s» may act as an RA (cmcRA).", k.Title())
		}
		for _, d := range v.Body.Revocations {
			t := d.Template
			switch {
			case t == nil:
			case t.PublicKey != nil && !t.Central() && t.PublicKey.Same(k.PublicKey):
			case t.Issuer == nil || !t.Serial.OK:
			case !Compare(*t.Issuer, k.Issuer).Equal() || !bytes.Equal(t.Serial.Value, k.Serial.Value):
				return check.Doubtful(t.Ref, "«%s», serial number %s of «%s», signed the request, and %s of «%s» is to be revoked: the CA has to decide whether that one may ask for it.",
					k.Title(), k.Serial.Value.Text(), k.Issuer.Short(), t.Serial.Value.Text(), t.Issuer.Short())
			}
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.rr.other-fields", Group: groupBody, Level: check.Advice, Refs: "RFC 9483 §4.2",
	Title: "The template has issuer and serial number alone",
	Judge: eachRevocation(func(v *View, d cmp.RevDetails, t *crmf.CertTemplate) check.Outcome {
		if t.Issuer == nil || !t.Serial.OK {
			return check.Skip()
		}
		if t.Version.OK || t.SigningAlg != nil || t.Validity != report.None || t.Subject != nil || t.PublicKey != nil || t.IssuerUID != report.None || t.SubjectUID != report.None || t.Extended != report.None {
			return check.Note(t.Ref, "The template has more than issuer and serial number: it is allowed, and nobody needs it.")
		}
		return check.Holds(t.Ref, "")
	}),
}, {
	ID: "cmp.rp.count", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.2; RFC 9810 §5.3.10",
	Title: "One revocation is answered", Headline: "The number of answers is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Revoked == nil || !v.Body.OK {
			return check.Skip()
		}
		switch n := len(v.Body.Revoked.Statuses); n {
		case 1:
			return check.Holds(v.Body.Ref, "")
		case 0:
			return check.Broken(v.Body.Ref, "The list of statuses is empty: nothing is said of the revocation. OpenSSL stops with WRONG_RP_COMPONENT_COUNT.")
		default:
			return check.Doubtful(v.Body.Ref, "There are %d statuses; OpenSSL's client takes one (WRONG_RP_COMPONENT_COUNT).", n)
		}
	},
}, {
	ID: "cmp.rp.lists", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.10",
	Title: "The lists of the answer run in parallel",
	Judge: func(c *check.Context, v *View) check.Outcome {
		r := v.Body.Revoked
		if r == nil || !v.Body.OK || r.CertsRef == report.None && r.CRLsRef == report.None {
			return check.Skip()
		}
		n := len(r.Statuses)
		switch {
		case r.CertsRef != report.None && len(r.Certs) != n:
			return check.Doubtful(r.CertsRef, "revCerts has %s for %s: which certificate a status is about cannot be told. OpenSSL stops with WRONG_RP_COMPONENT_COUNT unless the list is empty.",
				report.Plural(len(r.Certs), "name", "names"), report.Plural(n, "status", "statuses"))
		case r.CRLsRef != report.None && len(r.CRLs) != n:
			return check.Doubtful(r.CRLsRef, "crls has %s for %s.", report.Plural(len(r.CRLs), "CRL", "CRLs"), report.Plural(n, "status", "statuses"))
		}
		return check.Holds(r.Ref, "")
	},
}, {
	ID: "cmp.rp.crl", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.3.10",
	Title: "The CRL lists the certificate that was revoked",
	Judge: revocationList,
}}

// revocationList looks the serial numbers of the request up in the CRLs of the answer.
func revocationList(c *check.Context, v *View) check.Outcome {
	r := v.Body.Revoked
	if r == nil || r.CRLsRef == report.None {
		return check.Skip()
	}
	q := v.Request()
	if q == nil || q.Body.Type != cmp.RR {
		return check.Needs("request", r.CRLsRef, "Whether the CRL lists the certificate needs the request, which names it.")
	}
	lists := check.All[*cert.CRL](c)
	for _, d := range q.Body.Revocations {
		if d.Template == nil || !d.Template.Serial.OK {
			continue
		}
		serial, found := d.Template.Serial.Value, false
		for _, l := range lists {
			if l.Carrier != v.Item {
				continue
			}
			if _, ok := l.Is.Find(serial); ok && (d.Template.Issuer == nil || Compare(*d.Template.Issuer, l.Is.Issuer).Equal()) {
				found = true
			}
		}
		if !found {
			return check.Note(r.CRLsRef, "No CRL of the answer lists the serial number %s: the revocation will stand in a later one.", serial.Text())
		}
	}
	return check.Holds(r.CRLsRef, "")
}

// eachRevocation makes a rule for all that is to be revoked.
func eachRevocation(judge func(*View, cmp.RevDetails, *crmf.CertTemplate) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, d := range v.Body.Revocations {
			if d.Template != nil {
				all = append(all, judge(v, d, d.Template))
			}
		}
		return check.Worst(all...)
	}
}
