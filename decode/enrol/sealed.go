package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/envelope"
	"derscope/decode/field"
	"derscope/decode/private"
	"derscope/decode/report"
	"derscope/decode/secret"
)

// Sealed is something that a message holds encrypted.
type Sealed struct {
	*crmf.EncryptedKey
	What string                // the name of the field: privateKey, encryptedCert, …
	Pair *cmp.CertifiedKeyPair // that it is part of; nil: none

	envelope.Opening
	Signed  *envelope.SignedData   // inside; nil: none
	Keys    []envelope.PackagedKey // inside
	Bare    bool                   // the key stands alone, in no package
	Private *private.Key           // the first of Keys; nil: none, or of a type that is not read
}

// Private keys that the CA made, and others that travel.
const (
	sealedKey     = "privateKey"
	sealedCert    = "encryptedCert"
	sealedPOP     = "encryptedKey"
	sealedOldPOP  = "thisMessage"
	sealedArchive = "encryptedPrivKey"
	sealedRand    = "encryptedRand"
	sealedPass    = "revPassphrase"
)

// sealedIn lists what a message holds encrypted, unopened.
func sealedIn(m *cmp.Message) (all []*Sealed) {
	add := func(what string, k *crmf.EncryptedKey, p *cmp.CertifiedKeyPair) {
		if k != nil && len(all) < mostSealed {
			all = append(all, &Sealed{EncryptedKey: k, What: what, Pair: p, Opening: envelope.Opening{Item: -1}})
		}
	}
	for _, p := range m.Body.Pairs() {
		add(sealedCert, p.EncryptedCert, p)
		add(sealedKey, p.PrivateKey, p)
	}
	for _, q := range m.Body.Requests {
		if p := q.POP; p != nil {
			if p.Method == crmf.ThisMessage {
				add(sealedOldPOP, p.Encrypted, nil)
			} else {
				add(sealedPOP, p.Encrypted, nil)
			}
		}
		if q.Request == nil {
			continue
		}
		for _, k := range q.Request.Controls {
			if o, ok := k.Value.(*crmf.ArchiveOptions); ok {
				add(sealedArchive, o.Key, nil)
			}
		}
	}
	for _, h := range m.Body.Challenges {
		add(sealedRand, h.Encrypted, nil)
	}
	for _, i := range m.Body.Infos.List {
		if k, ok := i.Value.(*crmf.EncryptedKey); ok {
			add(sealedPass, k, nil)
		}
	}
	return all
}

// mostSealed bounds what is opened of a message.
const mostSealed = 32

// openersOf is openers, once for a set of exhibits.
func openersOf(c *check.Context) []envelope.Opener {
	type key struct{}
	all, _ := c.Once(key{}, func() any { return openers(c.Exhibits) }).([]envelope.Opener)
	return all
}

// openers are the private keys and the secrets at hand.
func openers(exhibits []check.Exhibit) (all []envelope.Opener) {
	nobody := check.Context{Self: -1}
	for i, e := range exhibits {
		if nobody.LeftOut(e) || len(all) == manyOpeners {
			continue
		}
		switch is := e.Value.(type) {
		case *cert.PrivateKey:
			if k, _ := private.Parse(is.Form, e.Source); k != nil && !is.Encrypted {
				all = append(all, envelope.Opener{Item: i, Private: k})
			}
		case *secret.Shared:
			all = append(all, envelope.Opener{Item: i, Password: is.Bytes})
			if b := bytes.TrimRight(is.Bytes, "\r\n"); len(b) < len(is.Bytes) {
				all = append(all, envelope.Opener{Item: i, Password: b})
			}
		}
	}
	return all
}

const manyOpeners = 16

// open opens it, and looks at what is inside.
func (s *Sealed) open(with []envelope.Opener) {
	s.Opening = s.EncryptedKey.Open(with)
	inner := s.Content
	if inner == nil || s.What == sealedCert || s.What == sealedPass || s.What == sealedRand {
		return
	}
	if s.Signed = envelope.ParseSignedData(inner); s.Signed != nil {
		inner = s.Signed.Content.Value
	}
	s.Keys, s.Bare = envelope.Keys(inner)
	if len(s.Keys) == 0 { // EncKeyWithID: the key in front of whose it is
		if b, ok := der.Contents(inner, der.Sequence); ok {
			if e, err := der.Next(b, 0, len(b)); err == nil {
				s.Keys, _ = envelope.Keys(b[:e.End()])
			}
		}
	}
	if len(s.Keys) > 0 {
		k := cert.ReadPrivateKey(field.Trial(s.Keys[0].Raw))
		s.Private, _ = private.Parse(k.Form, s.Keys[0].Raw)
	}
}

// Certificate is what was encrypted, where that is a certificate.
func (s *Sealed) Certificate() *cert.Certificate {
	if s.What != sealedCert || s.Content == nil {
		return nil
	}
	k := cert.ReadCertificate(field.Trial(s.certificate()), "certificate")
	if !k.OK {
		return nil
	}
	return k
}

// certificate is the encrypted certificate, without the tag of CertOrEncCert
// that some put around it.
func (s *Sealed) certificate() []byte {
	if b, ok := der.Contents(s.Content, der.Ctx(0)); ok {
		return b
	}
	return s.Content
}

// Sealed lists what the message holds encrypted, opened as far as the keys and
// secrets at hand can.
func (v *View) Sealed(c *check.Context) []*Sealed {
	type key struct{ item int }
	all, _ := c.Once(key{v.Item}, func() any {
		all := sealedIn(v.Message)
		if len(all) > 0 {
			with := openersOf(c)
			for _, s := range all {
				s.open(with)
			}
		}
		return all
	}).([]*Sealed)
	return all
}

// derive makes items of what could be opened: keys, certificates and passphrases.
func derive(c *check.Context, m *cmp.Message) (out []check.Derived) {
	all := sealedIn(m)
	if len(all) == 0 {
		return nil
	}
	with := openers(c.Exhibits) // which are not all there yet, so that nothing is remembered
	for _, s := range all {
		if s.open(with); s.Content == nil {
			continue
		}
		how, from := s.What+", decrypted with the password", []report.Span{s.At}
		for _, o := range with {
			if o.Item == s.Item && o.Private != nil {
				how = s.What + ", decrypted with the private key"
			}
		}
		add := func(hint, name, how string, b []byte, hidden bool) {
			out = append(out, check.Derived{Bytes: b, Hint: hint, Name: name, How: how, Secret: hidden, From: append([]report.Span{}, from...)})
		}
		switch {
		case s.What == sealedCert:
			add("certificate", s.What, how, s.certificate(), false)
		case s.What == sealedPass:
			add("shared-secret", s.What, how, s.Content, true)
		case len(s.Keys) == 0:
			add("asn1", s.What, how, s.Content, true)
		}
		if s.Signed != nil && len(s.Signed.Certificates) > 0 {
			for _, k := range s.Signed.Certificates {
				add("certificate", "the signer of "+s.What, how, k.Raw, false)
			}
		}
		for _, k := range s.Keys {
			add("private-key", s.What, how, k.Raw, true)
		}
	}
	return out
}
