package enrol

import (
	"bytes"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

// The rules of kur, the update of a key.

var updateRules = []rule{{
	ID: "cmp.kur.old-cert", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §C.6; RFC 9483 §4.1.3",
	Title: "oldCertID names the certificate that signed the message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachUpdate(func(q *crmf.CertReqMsg) check.Outcome {
			id := oldCertID(q)
			s := v.signedWith(c)
			switch {
			case id == nil:
				return check.Broken(q.Request.Ref, "The control oldCertID is absent: nothing says which certificate is to be replaced. OpenSSL's client always sends it.")
			case !v.Protected() || v.ByMAC():
				return check.Holds(id.Ref, "It names %s, and no certificate signed the message to compare it with.", id)
			case s == nil:
				return check.Needs("signer", id.Ref, "It names %s: add the certificate that signed the message to see whether it is that.", id)
			case !names(id, s):
				return check.Broken(id.Ref, "It names %s, and the message is signed with the certificate %s of %s. A server answers badCertId.", id, s.Serial.Value.Text(), s.Issuer)
			}
			return check.Holds(id.Ref, "")
		})
	},
}, {
	ID: "cmp.kur.protection", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.3",
	Title: "The certificate that is updated signs the message", Headline: "Another than the certificate that is updated vouches for the message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.KUR || !v.Protected() {
			return check.Skip()
		}
		if v.ByMAC() {
			return check.Doubtful(v.Protection.Ref, "The kur is protected by a MAC: the old key does not vouch for the new one. Sign it with the certificate that is to be replaced.")
		}
		return v.eachUpdate(func(q *crmf.CertReqMsg) check.Outcome {
			id, s := oldCertID(q), v.signedWith(c)
			switch {
			case s == nil:
				return check.Needs("signer", v.Protection.Ref, "Add the certificate that signed the message to see whether it is the one to be replaced.")
			case id != nil && !names(id, s):
				return check.Doubtful(v.Protection.Ref, "The message is signed with the certificate %s of %s, and another is to be replaced: %s.", s.Serial.Value.Text(), s.Issuer, id).And(id.Ref)
			}
			return check.Holds(v.Protection.Ref, "")
		})
	},
}, {
	ID: "cmp.kur.subject", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.3",
	Title: "The new certificate is to have the name of the old one", Headline: "The new certificate is to have another name than the old one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachOld(c, func(q *crmf.CertReqMsg, old *cert.Certificate) check.Outcome {
			t := q.Request.Template
			if t.Subject != nil {
				if !Compare(*t.Subject, old.Subject).Equal() {
					return check.Doubtful(t.Subject.Ref, "The subject is %s, and that of the old certificate %s: an update keeps the name. Ask for a new name with cr.", t.Subject, old.Subject)
				}
			}
			mine, his := cert.Find(t.Extensions, cert.IDSubjectAltName), old.Extension(cert.IDSubjectAltName)
			switch {
			case mine == nil:
			case his == nil:
				return check.Doubtful(mine.Ref, "A subjectAltName is asked for, and the old certificate has none: an update keeps the name.")
			case !bytes.Equal(mine.Value, his.Value):
				return check.Doubtful(mine.Ref, "The subjectAltName differs from that of the old certificate: %s, and there %s. An update keeps the name.", altNames(mine), altNames(his))
			}
			if t.Subject == nil {
				return check.Skip()
			}
			return check.Holds(t.Subject.Ref, "")
		})
	},
}, {
	ID: "cmp.kur.fresh-key", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.1.3; RFC 9810 §5.3.5",
	Title: "The key is a new one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		return v.eachOld(c, func(q *crmf.CertReqMsg, old *cert.Certificate) check.Outcome {
			k := q.Request.Template.PublicKey
			switch {
			case k == nil:
				return check.Skip()
			case k.Same(old.PublicKey):
				return check.Broken(k.Ref, "The key is that of the old certificate: an update is to bring a new one. Make a new key pair.")
			}
			return check.Holds(k.Ref, "")
		})
	},
}, {
	ID: "cmp.kur.extra-fields", Group: groupBody, Level: check.Advice, Refs: "RFC 9483 §4.1.3",
	Title: "The update asks for name and key alone",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachUpdate(func(q *crmf.CertReqMsg) check.Outcome {
			t := q.Request.Template
			var more []string
			add := func(there bool, name string) {
				if there {
					more = append(more, name)
				}
			}
			add(t.Version.OK, "version")
			add(t.Issuer != nil, "issuer")
			add(t.Validity != report.None, "validity")
			for i := range t.Extensions {
				add(t.Extensions[i].ID != cert.IDSubjectAltName, t.Extensions[i].Name())
			}
			if more != nil {
				if len(more) > 6 {
					more = append(more[:6], "…")
				}
				return check.Note(t.Ref, "It also has %s: the CA copies what is not asked for from the old certificate, so these can be left out.", strings.Join(more, ", "))
			}
			return check.Holds(t.Ref, "")
		})
	},
}, {
	ID: "cmp.kur.validity", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.1.3",
	Title: "The old certificate has not expired",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if c.At.IsZero() {
			return check.Skip()
		}
		return v.eachOld(c, func(q *crmf.CertReqMsg, old *cert.Certificate) check.Outcome {
			at := q.Request.Ref
			if id := oldCertID(q); id != nil {
				at = id.Ref
			}
			if end := old.NotAfter; end.OK && end.Value.Before(c.At) {
				return check.Broken(at, "The old certificate expired at %s: it can no longer be updated. Ask for a new one with ir or cr.", report.Clock(end.Value.Time))
			}
			return check.Holds(at, "")
		})
	},
}}

// eachUpdate judges the requests of a kur.
func (v *View) eachUpdate(judge func(*crmf.CertReqMsg) check.Outcome) check.Outcome {
	if v.Body.Type != cmp.KUR {
		return check.Skip()
	}
	return v.each(judge)
}

// eachOld judges the requests of a kur whose old certificate is at hand.
func (v *View) eachOld(c *check.Context, judge func(*crmf.CertReqMsg, *cert.Certificate) check.Outcome) check.Outcome {
	looked := 0
	return v.eachUpdate(func(q *crmf.CertReqMsg) check.Outcome {
		if looked++; looked > 16 { // certificates are looked through for each
			return check.Skip()
		}
		if old := v.old(c, q); old != nil {
			return judge(q, old)
		}
		return check.Skip()
	})
}

// oldCertID is the certificate that is to be replaced; nil if none is named.
func oldCertID(q *crmf.CertReqMsg) *crmf.CertID {
	if k := crmf.Find(q.Request.Controls, crmf.IDOldCertID); k != nil {
		id, _ := k.Value.(*crmf.CertID)
		return id
	}
	return nil
}

// old is the certificate that a request is to replace; nil if it is not at hand.
func (v *View) old(c *check.Context, q *crmf.CertReqMsg) *cert.Certificate {
	id := oldCertID(q)
	if id == nil {
		return v.signedWith(c)
	}
	for _, k := range v.x.Certificates {
		if names(id, k.Is) {
			return k.Is
		}
	}
	return nil
}

// names says that a CertId is that of a certificate.
func names(id *crmf.CertID, k *cert.Certificate) bool {
	if id.Issuer.Choice != cert.DirectoryName || !id.Serial.OK || !bytes.Equal(id.Serial.Value, k.Serial.Value) {
		return false
	}
	return Compare(id.Issuer.Name, k.Issuer).Equal()
}

func altNames(e *cert.Extension) string {
	if names, ok := e.Content.(cert.GeneralNames); ok {
		return names.String()
	}
	return "one that cannot be read"
}
