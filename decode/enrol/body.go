package enrol

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var bodyRules = []rule{{
	ID: "cmp.body.known", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.1.2",
	Title: "The body is one of the 27 kinds", Headline: "The body is of no known kind",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch t := v.Body.Type; {
		case t < 0:
			return check.Skip()
		case !t.Known():
			return check.Broken(v.Body.Ref, "The tag of the body is [%d]; the kinds are [0] ir to [26] pollRep. What is inside is shown as plain ASN.1.", int(t))
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.body.profile", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §7.1",
	Title: "The lightweight profile has this kind of message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch v.Body.Type {
		case cmp.POPDecC, cmp.POPDecR, cmp.KRR, cmp.KRP, cmp.CCR, cmp.CCP, cmp.CKUAnn, cmp.CAnn, cmp.RAnn, cmp.CRLAnn:
			if c.Profiles["lw"] {
				return check.Doubtful(v.Body.Ref, "The lightweight profile uses 17 of the 27 kinds, and %s is not among them.", v.Body.Name())
			}
			return check.Note(v.Body.Ref, "%s is not among the 17 kinds of the lightweight profile.", v.Body.Name())
		}
		if !v.Body.Type.Known() {
			return check.Skip()
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.body.supported", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.1.2",
	Title: "OpenSSL knows this kind of message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch v.Body.Type {
		case cmp.POPDecC, cmp.POPDecR, cmp.KRR, cmp.KRP, cmp.CCR, cmp.CCP, cmp.CKUAnn, cmp.CAnn, cmp.RAnn, cmp.CRLAnn, cmp.Nested:
			return check.Note(v.Body.Ref, "OpenSSL's client and server neither send nor expect %s. Few programs do.", article(v.Body.Name()))
		}
		if !v.Body.Type.Known() {
			return check.Skip()
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.body.deprecated", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.2.2; RFC 9810 §5.2.8.3.1; RFC 9810 §5.3.13; RFC 9810 §5.3.17",
	Title: "The body has none of the forms that are on their way out",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Body.Type.Known() {
			return check.Skip()
		}
		list := v.deprecated()
		if len(list) == 0 {
			return check.Holds(v.Body.Ref, "")
		}
		var words []string
		for _, d := range list[:min(len(list), 4)] {
			words = append(words, d.what)
		}
		o := check.Doubtful(list[0].at, "The body has %s. Old partners know no other form; for new ones use what replaced it.", strings.Join(words, "; "))
		for _, d := range list[1:min(len(list), 8)] {
			o = o.And(d.at)
		}
		return o
	},
}, {
	ID: "cmp.body.size", Group: groupBody, Level: check.Advice, Refs: "RFC 9811 §3",
	Title: "The message is not larger than clients read by default",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if n := len(v.Raw); n > openSSLMost {
			return check.Note(v.Ref, "The message has %s octets; OpenSSL's HTTP client stops reading an answer at %s unless told otherwise.", report.Count(n), report.Count(openSSLMost))
		}
		return check.Holds(v.Ref, "")
	},
}}

// openSSLMost is OSSL_HTTP_DEFAULT_MAX_RESP_LEN.
const openSSLMost = 100 << 10

// deprecated finds the forms of the body that RFC 9810 keeps for old partners.
func (v *View) deprecated() (list []newer) {
	add := func(what string, at report.Ref) { list = append(list, newer{what, at}) }
	key := func(k *crmf.EncryptedKey, what string) {
		if k != nil && !k.Enveloped {
			add(what+" as EncryptedValue (now EnvelopedData)", k.Ref)
		}
	}
	b := &v.Body
	for _, q := range b.Requests {
		p := q.POP
		if p == nil || p.Form != crmf.KeyEncipherment && p.Form != crmf.KeyAgreement {
			continue
		}
		switch p.Method {
		case crmf.ThisMessage:
			add("thisMessage (now encryptedKey)", p.Ref)
		case crmf.DHMAC:
			add("dhMAC (now agreeMAC)", p.Ref)
		}
	}
	for _, p := range b.Pairs() {
		key(p.EncryptedCert, "encryptedCert")
		key(p.PrivateKey, "privateKey")
	}
	for _, i := range b.Infos.List {
		switch i.ID {
		case cmp.IDCAKeyUpdateInfo:
			add("caKeyUpdateInfo (now rootCaKeyUpdate)", i.Ref)
		case cmp.IDRevPassphrase:
			k, _ := i.Value.(*crmf.EncryptedKey)
			key(k, "revPassphrase")
		}
	}
	if b.Update != nil && !b.Update.Root {
		add("CAKeyUpdAnnContent (now RootCaKeyUpdateContent)", b.Update.Ref)
	}
	if n, _ := v.Header.Version.Value.Int64(); n == 3 {
		for _, k := range b.Challenges {
			if len(k.Challenge.Value) > 0 {
				add("a challenge (now encryptedRand)", k.Challenge.Ref)
			}
		}
	}
	if b.Type == cmp.PKIConf && v.Answers != nil && (v.Answers.Body.Type.Replies() || v.Answers.Body.Type == cmp.KRP) {
		add("pkiconf as the confirmation of a certificate, which was that of cmp1999 (now certConf)", b.Ref)
	}
	return list
}
