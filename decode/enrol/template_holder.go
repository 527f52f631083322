package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/report"
)

var wantedRules = []rule{{
	ID: "cmp.template.subject", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 4211 §5",
	Title: "The request says whom the certificate is to name", Headline: "The request does not say whom the certificate is to name",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			t := q.Request.Template
			switch {
			case t.Subject == nil && replaced(q):
				return check.Skip()
			case t.Subject == nil && q.POP != nil && q.POP.Form == crmf.Signature && q.POP.Input == nil:
				return check.Doubtful(t.Ref, "subject is absent, and the request is signed: OpenSSL's server refuses that (POPO_MISSING_SUBJECT). If the CA chooses the name, send an empty one.")
			case t.Subject == nil:
				return check.Doubtful(t.Ref, "subject is absent: the CA has to know from elsewhere whom to name. If it chooses the name, send an empty one.")
			}
			return check.Holds(t.Subject.Ref, "")
		})
	},
}, {
	ID: "cmp.template.subject-null", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 5280 §4.1.2.6",
	Title: "Where the subject is empty, a subjectAltName is asked for", Headline: "The request names nobody",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			switch {
			case !nameless(t):
				return check.Skip()
			case cert.Find(t.Extensions, cert.IDSubjectAltName) == nil:
				return check.Doubtful(t.Subject.Ref, "subject is empty, and no subjectAltName is asked for: unless the CA knows the name, the certificate would name nobody.")
			}
			return check.Holds(t.Subject.Ref, "")
		})
	},
}, {
	ID: "cmp.template.san-critical", Group: groupBody, Level: check.Should, Refs: "RFC 5280 §4.1.2.6",
	Title: "Where the subject is empty, the subjectAltName is critical",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			e := cert.Find(t.Extensions, cert.IDSubjectAltName)
			switch {
			case !nameless(t) || e == nil:
				return check.Skip()
			case !e.Critical:
				return check.Broken(e.Ref, "subject is empty, and the subjectAltName that is asked for is not critical: ask for it as critical.").And(t.Subject.Ref)
			}
			return check.Holds(e.Ref, "")
		})
	},
}, {
	ID: "cmp.template.public-key", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.1; RFC 9483 §4.1.6; RFC 4211 §5",
	Title: "The key that the certificate is for can be read", Headline: "The key that is to be certified cannot be used",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			t := q.Request.Template
			k := t.PublicKey
			switch {
			case v.Body.Type == cmp.KRR && k == nil, replaced(q):
				return check.Skip()
			case k == nil && q.POP != nil && q.POP.Input != nil:
				return check.Skip() // poposkInput has it
			case k == nil:
				return check.Note(t.Ref, "publicKey is absent: the CA is asked to make the key pair.")
			case t.Central() && k.Key.Algorithm.ID != "":
				return check.Note(k.Ref, "publicKey has no octets: the CA is asked to make the key pair, for %s.", k.Key.Algorithm.ID)
			case k.Err != "":
				return check.Broken(k.Ref, "publicKey cannot be used: %s.", k.Err)
			}
			return check.Holds(k.Ref, "%s.", k.Key.Name())
		})
	},
}, {
	ID: "cmp.template.key-size", Group: groupBody, Level: check.Should, Refs: "RFC 9481 §7",
	Title: "The key to be certified is strong enough",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			if t.Central() || t.PublicKey.Err != "" {
				return check.Skip()
			}
			k := t.PublicKey
			switch size := k.Key.Size(); {
			case k.Key.Family() == "DSA":
				return check.Broken(k.Ref, "It is a DSA key of %d bits: CAs no longer certify DSA keys.", size)
			case k.Key.Family() == "RSA" && size < 2048:
				return check.Broken(k.Ref, "The RSA key has %d bits; 2048 are the least that CAs certify.", size)
			case k.Key.Family() == "EC" && size > 0 && size < 224:
				return check.Broken(k.Ref, "The curve has %d bits; 224 are the least, and 256 are usual.", size)
			}
			return check.Holds(k.Ref, "%s.", k.Key.Name())
		})
	},
}, {
	ID: "cmp.template.key-usage", Group: groupBody, Level: check.Should, Refs: "RFC 5280 §4.2.1.3; RFC 8410 §5",
	Title: "The usage that is asked for fits the key and the proof of its possession",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			t := q.Request.Template
			e := cert.Find(t.Extensions, cert.IDKeyUsage)
			if e == nil || !e.Decoded || t.Central() {
				return check.Skip()
			}
			usage, ok := e.Content.(cert.KeyUsage)
			if !ok {
				return check.Skip()
			}
			k := t.PublicKey
			if odd := impossible(*k, usage); odd != "" {
				return check.Broken(usage.Ref, "keyUsage asks for %s, and the key is %s, which can do no such thing.", odd, k.Key.Name()).And(k.Ref)
			}
			if q.POP != nil && !fitsPOP(q.POP.Form, usage) {
				return check.Broken(usage.Ref, "keyUsage asks for %s alone, and possession is proved by %s: a CA that takes the usage seriously refuses that proof.", usage, q.POP.Form).And(q.POP.Ref)
			}
			return check.Holds(usage.Ref, "").And(k.Ref)
		})
	},
}, {
	ID: "cmp.template.extensions", Group: groupBody, Level: check.Must, Refs: "RFC 5280 §4.2",
	Title: "The extensions that are asked for can be read, each once", Headline: "An extension that is asked for cannot be taken over",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome {
			seen := map[string]report.Ref{}
			for i := range t.Extensions {
				e := &t.Extensions[i]
				if first, twice := seen[string(e.ID)]; twice && e.ID != "" {
					return check.Broken(e.Ref, "%s is asked for twice: a certificate has it once, so keep one of them.", e.Name()).And(first)
				}
				seen[string(e.ID)] = e.Ref
				if e.Known && !e.Decoded {
					return check.Broken(e.ValueRef, "The value of %s cannot be read: %s.", e.Name(), e.Fault)
				}
			}
			if len(seen) == 0 {
				return check.Skip()
			}
			return check.Holds(t.Extended, "")
		})
	},
}, {
	ID: "cmp.template.ca", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §4.5; RFC 9810 §8.10",
	Title: "No powers of a CA or RA are asked for",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Body.Type == cmp.CCR {
			return check.Skip()
		}
		if p := v.Body.PKCS10; p != nil {
			return powers(p.Extensions)
		}
		return v.eachTemplate(func(t *crmf.CertTemplate) check.Outcome { return powers(t.Extensions) })
	},
}}

// replaced says that a template of another form stands in place of certTemplate.
func replaced(q *crmf.CertReqMsg) bool {
	return crmf.Find(q.Request.Controls, crmf.IDAltCertTemplate) != nil
}

// nameless says that the subject is there and empty.
func nameless(t *crmf.CertTemplate) bool {
	return t.Subject != nil && t.Subject.Raw != nil && len(t.Subject.RDNs) == 0
}

// Uses of keys: RFC 5280, section 4.2.1.3.
var (
	signingUses  = []int{cert.DigitalSignature, cert.NonRepudiation, cert.KeyCertSign, cert.CRLSign}
	cipherUses   = []int{cert.KeyEncipherment, cert.DataEncipherment}
	agreeingUses = []int{cert.KeyAgreement, cert.EncipherOnly, cert.DecipherOnly}
)

// impossible names the usage that a key cannot have; "" if there is none.
//
// RFC 8410, section 5; RFC 3279, section 2.3
func impossible(k cert.PublicKey, usage cert.KeyUsage) string {
	var never [][]int
	switch k.Key.Family() {
	case "RSA":
		never = [][]int{agreeingUses}
	case "EC":
		never = [][]int{cipherUses}
	case "DSA", "Ed25519", "Ed448", "ML-DSA", "SLH-DSA":
		never = [][]int{cipherUses, agreeingUses}
	default:
		switch k.Key.Algorithm.ID {
		case "1.3.101.110", "1.3.101.111": // X25519, X448
			never = [][]int{signingUses, cipherUses}
		case "2.16.840.1.101.3.4.4.1", "2.16.840.1.101.3.4.4.2", "2.16.840.1.101.3.4.4.3": // ML-KEM
			never = [][]int{signingUses, agreeingUses, {cert.DataEncipherment}}
		}
	}
	for _, uses := range never {
		for _, bit := range uses {
			if usage.Has(bit) {
				return usageName(bit)
			}
		}
	}
	return ""
}

func usageName(bit int) string {
	b := make([]byte, 2)
	b[bit/8] = 0x80 >> (bit % 8)
	return cert.KeyUsage{Bits: field.BitString{Bytes: b}}.String()
}

// fitsPOP says that a key of this usage can make a proof of this form.
func fitsPOP(f crmf.Form, usage cert.KeyUsage) bool {
	var uses []int
	switch f {
	case crmf.Signature:
		uses = signingUses
	case crmf.KeyEncipherment:
		uses = cipherUses
	case crmf.KeyAgreement:
		uses = agreeingUses
	default:
		return true
	}
	for _, bit := range uses {
		if usage.Has(bit) {
			return true
		}
	}
	return false
}

// powers looks for what makes the holder of a certificate more than an end entity.
func powers(list []cert.Extension) check.Outcome {
	if e := cert.Find(list, cert.IDBasicConstraints); e != nil {
		if b, ok := e.Content.(*cert.BasicConstraints); ok && b.CA {
			return check.Broken(e.Ref, "basicConstraints with cA TRUE is asked for: its holder could issue certificates. If a device asks for that, have somebody look.")
		}
	}
	if e := cert.Find(list, cert.IDExtKeyUsage); e != nil {
		uses, _ := e.Content.(cert.ExtKeyUsage)
		for _, id := range uses {
			switch id {
			case idCMCCA, idCMCRA, idCMKGA:
				return check.Broken(e.Ref, "extKeyUsage asks for %s: its holder could speak for the PKI in CMP. If a device asks for that, have somebody look.", cert.ExtKeyUsage{id})
			}
		}
	}
	if len(list) == 0 {
		return check.Skip()
	}
	return check.Holds(report.None, "")
}
