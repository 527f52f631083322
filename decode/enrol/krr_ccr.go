package enrol

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

// The rules of krr, which asks for old keys, and of ccr, in which one CA asks another.

var crossRules = []rule{{
	ID: "cmp.krr.encr-key", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.7",
	Title: "The krr has a key to encrypt the recovered keys to",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.KRR {
			return check.Skip()
		}
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			k := crmf.Find(q.Request.Controls, crmf.IDProtocolEncrKey)
			if k == nil {
				return check.Broken(q.Request.Ref, "The control protocolEncrKey is absent: the CA has no key to encrypt the old keys to, unless it knows one from elsewhere.")
			}
			return check.Holds(k.Ref, "")
		})
	},
}, {
	ID: "cmp.ccr.request", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §D.6",
	Title: "The ccr asks for one certificate, says all of it, and is signed",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.CCR {
			return check.Skip()
		}
		if n := len(v.Body.Requests); n != 1 {
			return check.Broken(v.Body.Ref, "There are %d requests; one CA asks another for one certificate at a time.", n)
		}
		if v.ByMAC() {
			return check.Broken(v.Protection.Ref, "The ccr is protected by a MAC: CAs authenticate each other by signatures.")
		}
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			var lacking []string
			for _, f := range []struct {
				there bool
				name  string
			}{
				{t.SigningAlg != nil, "signingAlg"}, {t.Issuer != nil, "issuer"}, {t.Validity != report.None, "validity"},
				{t.Subject != nil, "subject"}, {t.PublicKey != nil, "publicKey"},
			} {
				if !f.there {
					lacking = append(lacking, f.name)
				}
			}
			if lacking != nil {
				return check.Broken(t.Ref, "The template lacks %s: a cross-certificate is asked for with all of its fields.", strings.Join(lacking, ", "))
			}
			return check.Holds(t.Ref, "")
		})
	},
}, {
	ID: "cmp.ccr.private-key", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.11; RFC 9810 §5.3.12",
	Title: "No private key passes between the CAs", Headline: "The private key of a CA is handed over",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		const why = "%s is there: the private key of a CA is handed over, encrypted or not. It is never to leave the CA."
		switch {
		case v.Body.Type == cmp.CCP && v.Body.Reply != nil:
			for _, r := range v.Body.Reply.Responses {
				if r.Pair != nil && r.Pair.PrivateKey != nil {
					return check.Broken(r.Pair.PrivateKey.Ref, why, "privateKey")
				}
			}
			return check.Holds(v.Body.Ref, "")
		case v.Body.Type != cmp.CCR:
			return check.Skip()
		}
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			if p := q.POP; p != nil && (p.Form == crmf.KeyEncipherment || p.Form == crmf.KeyAgreement) && (p.Method == crmf.ThisMessage || p.Method == crmf.InEncryptedKey) {
				return check.Broken(p.Ref, why, p.Method)
			}
			if k := crmf.Find(q.Request.Controls, crmf.IDArchiveOptions); k != nil {
				if o, ok := k.Value.(*crmf.ArchiveOptions); ok && o.Key != nil {
					return check.Broken(o.Ref, why, "encryptedPrivKey")
				}
			}
			return check.Holds(q.Ref, "")
		})
	},
}}

// encrKey is the value of protocolEncrKey; nil if the control is another one.
func encrKey(k *crmf.Control) *cert.PublicKey {
	if k.ID != crmf.IDProtocolEncrKey {
		return nil
	}
	key, _ := k.Value.(*cert.PublicKey)
	return key
}
