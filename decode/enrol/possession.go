package enrol

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/private"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var possessionRules = []rule{{
	ID: "cmp.pop.present", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.1; RFC 4211 §4",
	Title: "The request proves that its sender has the private key", Headline: "The request has no proof of possession",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			t := q.Request.Template
			switch {
			case t.Central():
				return check.Skip()
			case q.POP == nil:
				return check.Doubtful(q.Ref, "There is a public key and no popo: anybody could ask for a certificate for somebody else's key. OpenSSL's server refuses it (POPO_MISSING).").And(t.PublicKey.Ref)
			}
			return check.Holds(q.POP.Ref, "")
		})
	},
}, {
	ID: "cmp.pop.central", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.1; RFC 9483 §4.1.6",
	Title: "Where the CA is to make the key, no possession is claimed", Headline: "Possession is claimed of a key that does not exist yet",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Body.Type == cmp.KRR {
			return check.Skip()
		}
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			switch {
			case !q.Request.Template.Central() || replaced(q) || q.POP != nil && q.POP.Input != nil:
				return check.Skip()
			case q.POP != nil:
				return check.Broken(q.POP.Ref, "The template has no key, so the CA is to make it, and popo is there (%s): nobody can have proved possession of it. Leave popo out, or put the key in.", q.POP.Form).And(q.Request.Template.Ref)
			}
			return check.Holds(q.Ref, "")
		})
	},
}, {
	ID: "cmp.pop.ra-verified", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.2.8.1; RFC 9483 §5.1.1",
	Title: "Only an RA vouches for possession", Headline: "An end entity vouches for itself as if it were an RA",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachPOP(crmf.RAVerified, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if v.ByMAC() {
				return check.Broken(p.Ref, "popo is raVerified, and the message is protected by a MAC, as an end entity does it: a server answers notAuthorized. Prove possession by a signature.")
			}
			if !v.Protected() {
				return check.Doubtful(p.Ref, "popo is raVerified, and nothing protects the message: nobody vouches for anything.")
			}
			s := v.signedWith(c)
			if s == nil {
				return check.Needs("signer", p.Ref, "popo is raVerified: add the certificate that signed the message to see whether it is that of an RA.")
			}
			if _, ra := s.HasEKU(idCMCRA); ra {
				return check.Holds(p.Ref, "The certificate of %s, which signed the message, is that of an RA (cmcRA).", s.Title())
			}
			return check.Doubtful(p.Ref, "popo is raVerified, and the certificate of %s, which signed the message, lacks the purpose cmcRA: a server may answer notAuthorized.", s.Title())
		})
	},
}, {
	ID: "cmp.pop.signature", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §4.1; RFC 9810 §5.2.8.2",
	Title: "The request is signed with the private key of the key in it", Headline: "The proof of possession does not fit the key",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachPOP(crmf.Signature, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if !v.provable(c, q) {
				return undecided(p.Ref, "It is not verified: those before it cost as much as can be computed at once. Paste fewer requests.")
			}
			r := q.Possessed()
			if r.Key == nil || r.Key == q.Request.Template.PublicKey && r.Key.Err != "" || r.Outcome == sig.Mismatch {
				return check.Skip() // cmp.pop.input, cmp.template.public-key and cmp.pop.algorithm say so
			}
			switch r.Outcome {
			case sig.Valid:
				switch r.Over {
				case crmf.OverTemplate:
					return check.Broken(p.Signature.Ref, "The signature fits the key, but covers certTemplate alone; it is to cover the whole certReq. RFC 4211 names the template in one sentence, and no other program does. Sign certReq.").And(r.Key.Ref)
				case crmf.Besides:
					return check.Broken(p.Signature.Ref, "The signature fits the key, but covers certReq; where poposkInput is there, it is to cover that. Leave poposkInput out, or sign it.").And(p.Input.Ref)
				case crmf.OverCanonical:
					return check.Note(p.Signature.Ref, "The signature fits certReq in DER, not as it was sent: only programs that encode it anew verify it.").And(r.Key.Ref)
				}
				return check.Holds(p.Signature.Ref, "Whoever made the request has the private key of the %s key in it.", r.Key.Key.Name()).And(r.Key.Ref)
			case sig.Wrong:
				return check.Broken(p.Signature.Ref, "%s. The request was changed after it was signed, or was signed with another key: sign certReq as it is sent, with the key that is to be certified. An RA that changes a template puts raVerified in place of the proof.", sentence(r.Why)).And(r.Key.Ref)
			case sig.Unknown:
				return undecided(p.Signature.Ref, "It cannot be verified: %s.", r.Why)
			}
			return check.Broken(p.Signature.Ref, "The signature cannot be checked: %s.", r.Why).And(r.Key.Ref)
		})
	},
}, {
	ID: "cmp.pop.algorithm", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.1; RFC 4211 §4.1",
	Title: "The signature algorithm fits the key, and is still trusted", Headline: "The signature algorithm is one of another type of key",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachPOP(crmf.Signature, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			a := p.Algorithm
			s := a.Scheme()
			k := q.Request.Template.PublicKey
			if k == nil && p.Input != nil {
				k = &p.Input.PublicKey
			}
			switch {
			case a.ID == "" || k == nil || s.Family == "" || k.Key.Family() == "":
				return check.Skip()
			case s.Family != k.Key.Family(), v.provable(c, q) && q.Possessed().Outcome == sig.Mismatch:
				return check.Broken(a.Ref, "The algorithm is %s, and the key is %s: such a key makes no such signatures. Name the algorithm of the key.", a.Name(), k.Key.Name()).And(k.Ref)
			case s.Weak == sig.Broken:
				return check.Doubtful(a.Ref, "%s: two texts with one hash can be made, so the signature proves little. Sign with SHA-256.", a.Name())
			case s.Weak != sig.Strong:
				return check.Doubtful(a.Ref, "%s is no longer to be used: servers refuse it. Sign with SHA-256.", a.Name())
			}
			return check.Holds(a.Ref, "%s.", a.Name())
		})
	},
}, {
	ID: "cmp.pop.indirect", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.2.8.3.2",
	Title: "Possession is proved by opening the certificate",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachCipherPOP(func(_ *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if p.Method != crmf.SubsequentMessage || p.Subsequent() != crmf.EncrCert {
				return check.Skip()
			}
			return check.Note(p.Ref, "subsequentMessage is encrCert: the certificate comes encrypted to its key, and the certHash in certConf proves that it was opened.")
		})
	},
}, {
	ID: "cmp.pop.challenge", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.2.8.3.3",
	Title: "Possession is proved by answering a challenge",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachCipherPOP(func(_ *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if p.Method != crmf.SubsequentMessage || p.Subsequent() != crmf.ChallengeResp {
				return check.Skip()
			}
			return check.Note(p.Ref, "subsequentMessage is challengeResp: a popdecc with a number that only the key opens is to come, and a popdecr with that number to go.")
		})
	},
}, {
	ID: "cmp.pop.encrypted-key", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §4.2; RFC 9810 §5.2.8.3.1",
	Title: "The private key is handed over as it is to be", Headline: "The private key that is handed over is of no use",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachCipherPOP(func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if p.Method != crmf.InEncryptedKey || p.Encrypted == nil {
				return check.Skip()
			}
			open, key := v.opened(c, p.Encrypted), q.Request.Template.PublicKey
			if open != nil && key != nil && !open.Of(key.Raw) {
				return check.Broken(p.Encrypted.Ref, "It could be opened, and the private key in it is not that of the %s key in the template: possession of that is not proved.", key.Key.Name()).And(key.Ref)
			}
			switch content, ok := p.Encrypted.ContentType(); {
			case !ok:
				return check.Broken(p.Encrypted.Ref, "encryptedKey cannot be read as an EnvelopedData: a CA cannot open it. OpenSSL reads it as a NULL, and so cannot read such a request at all.")
			case content != idEncKeyWithID:
				return check.Note(p.Encrypted.Ref, "The encrypted content is said to be %s; id-ct-encKeyWithID is what belongs here.", content.Name())
			}
			if open != nil && key != nil {
				return check.Holds(p.Encrypted.Ref, "It could be opened, and the private key in it is that of the key in the template.").And(key.Ref)
			}
			return check.Holds(p.Encrypted.Ref, "")
		})
	},
}, {
	ID: "cmp.pop.dh", Group: groupBody, Level: check.Advice, Refs: "RFC 4211 §4.3",
	Title: "A MAC with a Diffie-Hellman key proves possession",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachCipherPOP(func(_ *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			if p.Method != crmf.AgreeMAC && p.Method != crmf.DHMAC {
				return check.Skip()
			}
			return undecided(p.Ref, "%s is shown and not verified here: that takes the CA's static Diffie-Hellman key.", p.Method)
		})
	},
}, {
	ID: "cmp.pop.unsupported", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.2.8.3",
	Title: "Possession is proved in a way that most servers know",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			switch p := q.POP; {
			case p == nil:
				return check.Skip()
			case p.Form == crmf.KeyEncipherment || p.Form == crmf.KeyAgreement:
				return check.Note(p.Ref, "popo is %s: OpenSSL's server refuses it (UNSUPPORTED_POPO_METHOD), as many do that know signatures alone.", p.Form)
			}
			return check.Holds(q.POP.Ref, "")
		})
	},
}, {
	ID: "cmp.pop.identity", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §5.1.1; RFC 9483 §5.3.1",
	Title: "The sender asks for a certificate in its own name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.BySignature() {
			return check.Skip()
		}
		return v.eachPOP(crmf.Signature, func(q *crmf.CertReqMsg, p *crmf.ProofOfPossession) check.Outcome {
			t := q.Request.Template
			if t.Subject == nil || len(t.Subject.RDNs) == 0 {
				return check.Skip()
			}
			if Compare(*t.Subject, v.Header.Sender.Name).Equal() {
				return check.Holds(t.Subject.Ref, "").And(v.Header.Sender.Ref)
			}
			if s := v.signedWith(c); s != nil {
				if _, ra := s.HasEKU(idCMCRA); ra {
					return check.Holds(t.Subject.Ref, "The signer is an RA (cmcRA), which may ask for others.")
				}
			}
			const why = "The sender is %s, and asks for a certificate for %s: the CA has to decide whether it may."
			if c.Profiles["lw"] {
				return check.Doubtful(t.Subject.Ref, why, v.Header.Sender.Text, t.Subject).And(v.Header.Sender.Ref)
			}
			return check.Note(t.Subject.Ref, why, v.Header.Sender.Text, t.Subject).And(v.Header.Sender.Ref)
		})
	},
}}

// idEncKeyWithID is what an encrypted private key is to hold: RFC 4211, section 4.2.
const idEncKeyWithID = "1.2.840.113549.1.9.16.1.21"

// eachPOP judges the proofs of possession of one form.
func (v *View) eachPOP(f crmf.Form, judge func(*crmf.CertReqMsg, *crmf.ProofOfPossession) check.Outcome) check.Outcome {
	return v.each(func(q *crmf.CertReqMsg) check.Outcome {
		if q.POP == nil || q.POP.Form != f || q.POP.Ref == report.None {
			return check.Skip()
		}
		return judge(q, q.POP)
	})
}

// eachCipherPOP judges the proofs by keys of encipherment or agreement.
func (v *View) eachCipherPOP(judge func(*crmf.CertReqMsg, *crmf.ProofOfPossession) check.Outcome) check.Outcome {
	return check.Worst(v.eachPOP(crmf.KeyEncipherment, judge), v.eachPOP(crmf.KeyAgreement, judge))
}

// opened is the private key in what a message holds encrypted; nil if it could
// not be opened, or holds none.
func (v *View) opened(c *check.Context, k *crmf.EncryptedKey) *private.Key {
	for _, s := range v.Sealed(c) {
		if s.EncryptedKey == k {
			return s.Private
		}
	}
	return nil
}
