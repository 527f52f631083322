package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// The functions of this file read what infoValue holds: see infoTypes.

func certificateValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	k, at := readCertificate(r, label)
	return k, at
}

func certificatesValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	c := readCertificates(r, label)
	return c, c.Ref
}

func algorithmValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	a := cert.ReadAlgorithm(r, label)
	return a, a.Ref
}

func algorithmsValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	var list []cert.Algorithm
	at := r.Seq(label, func(r *field.Reader) {
		some(r, label)
		list = field.List(r, label, cert.ReadAlgorithm)
	})
	return list, at
}

func keyUpdateValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	u := readKeyUpdateAnn(r, label)
	return u, u.Ref
}

func rootUpdateValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	u := readRootUpdate(r, label)
	return u, u.Ref
}

func crlValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	l := readCRL(r, label)
	return l, l.Ref
}

func crlsValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	at, list := readCRLs(r, label)
	return list, at
}

func oidValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	f := r.OID(label)
	return f.Value, f.Ref
}

func oidsValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	var list []oid.ID
	at := r.Seq(label, func(r *field.Reader) {
		some(r, label)
		list = field.List(r, label, func(r *field.Reader, label string) oid.ID { return r.OID(label).Value })
	})
	return list, at
}

func encryptedValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	k := crmf.ReadEncryptedKey(r, label)
	return k, k.Ref
}

func nullValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	return Null{}, r.Null(label)
}

func timeValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	f := r.Time(label)
	if !f.OK {
		return nil, f.Ref
	}
	return f.Value, f.Ref
}

func messagesValue(r *field.Reader, label string, m *Message) (any, report.Ref) {
	at, list := readMessages(r, label, m.inside(true))
	return list, at
}

// textsValue reads a list of texts. A text that stands alone is taken, too: a
// certProfile is met in that form.
func textsValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	text := func(r *field.Reader, label string) field.Field[string] {
		return r.TextAs(label, der.UTF8String, der.UTF8String)
	}
	if r.Peek(der.UTF8String) {
		f := text(r, label)
		r.Fault(field.Value, f.Ref, "%s is a UTF8String alone: a SEQUENCE OF UTF8String belongs here, also around one", label)
		return Texts{[]field.Field[string]{f}, true}, f.Ref
	}
	var t Texts
	at := r.Seq(label, func(r *field.Reader) {
		some(r, label)
		t.List = field.List(r, label, text)
	})
	for _, f := range t.List {
		r.ShowMore(at, f.Value)
	}
	return t, at
}

func templateValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	t := &CertReqTemplateContent{KeySpecRef: report.None}
	t.Ref = r.Seq(label, func(r *field.Reader) {
		t.Template = crmf.ReadCertTemplate(r, "certTemplate")
		if r.Peek(der.Sequence) {
			t.KeySpecRef, t.KeySpec = crmf.ReadControls(r, "keySpec")
		}
	})
	return t, t.Ref
}

func crlStatusesValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	var list []CRLStatus
	at := r.Seq(label, func(r *field.Reader) {
		some(r, label)
		list = field.List(r, label, readCRLStatus)
	})
	return list, at
}

func readCRLStatus(r *field.Reader, label string) CRLStatus {
	s := CRLStatus{Source: report.None}
	s.ThisUpdate.Ref = report.None
	s.Ref = r.Seq(label, func(r *field.Reader) {
		s.Source = r.At()
		switch {
		case r.Peek(der.Ctx(0)):
			// The name's own tags are those of RFC 5280, which are IMPLICIT.
			r.Explicit(0, "dpn", func(r *field.Reader) {
				if r.Retag(0, der.Sequence) {
					s.Point = cert.ReadGeneralNames(r, "fullName")
				} else if r.Retag(1, der.Set) {
					s.Relative = true
					r.Set("nameRelativeToCRLIssuer", func(r *field.Reader) { field.List(r, "attribute", (*field.Reader).Any) })
				} else {
					r.Stop("dpn", "dpn: want [0] fullName or [1] nameRelativeToCRLIssuer")
				}
			})
		case r.Peek(der.Ctx(1)):
			wraps(r, 1, "issuer", "{c", func(r *field.Reader) { s.Issuer = cert.ReadGeneralNames(r, "issuer") })
		default:
			s.Source = r.Stop("source", "source: want [0] dpn or [1] issuer")
		}
		if !r.Empty() {
			s.ThisUpdate = r.TimeEither("thisUpdate")
		}
	})
	return s
}

func kemCiphertextInfoValue(r *field.Reader, label string, _ *Message) (any, report.Ref) {
	k := &KemCiphertextInfo{}
	k.Ciphertext.Ref = report.None
	at := r.Seq(label, func(r *field.Reader) {
		k.KEM = cert.ReadAlgorithm(r, "kem")
		k.Ciphertext = r.Octets("ct")
	})
	return k, at
}
