package path

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// answers collects what is found of a certificate.
type answers []Answer

func (l *answers) pass(q Question) { *l = append(*l, Answer{q, report.Pass, ""}) }

func (l *answers) fail(q Question, why string, a ...any) {
	*l = append(*l, Answer{q, report.Fail, fmt.Sprintf(why, a...)})
}

func (l *answers) open(q Question, why string, a ...any) {
	*l = append(*l, Answer{q, report.Open, fmt.Sprintf(why, a...)})
}

// first is the step of the certificate that the path is for.
func (s *search) first(k *cert.Certificate) Step {
	var l answers
	if !s.Above {
		l.valid(k, s.Options)
	}
	l.critical(k)
	return Step{Certificate: k, Answers: l}
}

// step is the one from k up to its issuer; false says that the key of up did
// not sign k, and the first answer why.
//
// RFC 5280, section 6.1.4
func (s *search) step(k, up *cert.Certificate) (Step, bool) {
	var l answers
	r, ok := s.signed(k, up)
	if !ok {
		return Step{}, false
	}
	switch r.Outcome {
	case sig.Valid:
		l.pass(Signed)
	case sig.Unknown:
		l.open(Signed, "Whether %s signed %s is not computed here: %s", title(up), title(k), r.Why)
	default:
		l.fail(Signed, "%s has the name of the issuer of %s, and its key did not sign it: %s", title(up), title(k), r.Why)
		return Step{up, s.IsAnchor(up), l}, false
	}
	if aki, ski := k.AKI(), up.SKI(); aki != nil && ski != nil && !bytes.Equal(aki, ski) {
		if s.OpenSSL {
			l[0] = Answer{Signed, report.Fail, fmt.Sprintf("%s names the key %s, %s has %s", title(k), keyID(aki), title(up), keyID(ski))}
			return Step{up, s.IsAnchor(up), l}, false
		}
		l = append(l, Answer{KeyID, report.Warn, fmt.Sprintf("%s names the key %s, %s has %s: OpenSSL takes it for none of its issuer's", title(k), keyID(aki), title(up), keyID(ski))})
	} else {
		l.pass(KeyID)
	}
	l.valid(up, s.Options)
	l.authority(up, s.IsAnchor(up))
	if u, ok := up.KeyUsage(); ok && !u.Has(cert.KeyCertSign) {
		l.fail(Usage, "The key of %s may be used for %s, and so not to sign certificates", title(up), u)
	} else {
		l.pass(Usage)
	}
	l.length(up, s.path)
	l.names(up, s.path)
	l.critical(up)
	return Step{up, s.IsAnchor(up), l}, true
}

func keyID(b []byte) string { return field.Colons(b[:min(len(b), 20)]) }

func (l *answers) valid(k *cert.Certificate, o Options) {
	from, to := k.NotBefore.Value.Time, k.NotAfter.Value.Time
	switch {
	case !k.NotBefore.OK || !k.NotAfter.OK:
		l.fail(Validity, "The validity of %s cannot be read", title(k))
	case o.At.IsZero():
		l.open(Validity, "Whether %s is valid depends on the time, which is not given", title(k))
	case o.At.Before(from):
		l.fail(Validity, "%s begins %s, %s", title(k), report.Clock(from), report.Distance(from, o.At))
	case o.At.After(to):
		l.fail(Validity, "%s ended %s, %s", title(k), report.Clock(to), report.Distance(to, o.At))
	default:
		l.pass(Validity)
	}
}

// authority asks whether k is a CA. Of version 1 an anchor may be one: there was
// no way to say so.
func (l *answers) authority(k *cert.Certificate, anchor bool) {
	version, _ := k.Version.Value.Int64()
	switch {
	case k.IsCA(), anchor && version < 2 && len(k.Extensions) == 0:
		l.pass(CA)
	case k.Extension(cert.IDBasicConstraints) == nil:
		l.fail(CA, "%s lacks basicConstraints: it is no CA", title(k))
	default:
		l.fail(CA, "%s has CA:FALSE: it is no CA", title(k))
	}
}

// length counts the CAs below k that are not self-issued.
//
// RFC 5280, section 4.2.1.9
func (l *answers) length(k *cert.Certificate, below []Step) {
	n := int64(0)
	for _, s := range below[1:] {
		if !s.Certificate.SelfIssued() {
			n++
		}
	}
	if e := k.Extension(cert.IDBasicConstraints); e != nil {
		b, _ := e.Content.(*cert.BasicConstraints)
		if b != nil && b.PathLen.OK {
			if most, small := b.PathLen.Value.Int64(); small && n > most {
				l.fail(PathLength, "%s allows %s below it, and there are %d", title(k), report.Plural(int(most), "CA", "CAs"), n)
				return
			}
		}
	}
	l.pass(PathLength)
}

// critical asks for extensions that must be understood. Those of policies are
// known, and not evaluated.
//
// RFC 5280, section 4.2
func (l *answers) critical(k *cert.Certificate) {
	for i := range k.Extensions {
		e := &k.Extensions[i]
		if e.Critical && (!e.Known || !e.Decoded || e.ID == cert.IDCTPoison) {
			l.fail(Critical, "%s has the critical extension %s, which is not understood here: whoever does not know it must refuse", title(k), e.Name())
			return
		}
	}
	l.pass(Critical)
}
