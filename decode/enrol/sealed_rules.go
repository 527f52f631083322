package enrol

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/envelope"
	"derscope/decode/path"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// each judges everything encrypted in a message; the worst speaks.
func each(judge func(c *check.Context, v *View, s *Sealed) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, s := range v.Sealed(c) {
			all = append(all, judge(c, v, s))
		}
		return check.Worst(all...)
	}
}

// eachEnvelope is each for what is in EnvelopedData.
func eachEnvelope(judge func(c *check.Context, v *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome) func(*check.Context, *View) check.Outcome {
	return each(func(c *check.Context, v *View, s *Sealed) check.Outcome {
		if s.Envelope == nil || !s.Envelope.Type.OK { // it ends before that: the rules of encoding tell
			return check.Skip()
		}
		return judge(c, v, s, s.Envelope)
	})
}

// eachRecipient is each for the recipients of some kinds; nil: of all.
func eachRecipient(kinds []envelope.Kind, judge func(c *check.Context, v *View, s *Sealed, p *envelope.Recipient) check.Outcome) func(*check.Context, *View) check.Outcome {
	return eachEnvelope(func(c *check.Context, v *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome {
		var all []check.Outcome
		for _, p := range e.Recipients {
			for _, k := range kinds {
				if p.Kind == k {
					all = append(all, judge(c, v, s, p))
				}
			}
		}
		return check.Worst(all...)
	})
}

var identified = []envelope.Kind{envelope.KTRI, envelope.KARI}

var sealedRules = []rule{{
	ID: "cmp.env.form", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.2.2; RFC 4211 §2.1",
	Title: "What is encrypted is in EnvelopedData", Headline: "The encryption is an EncryptedValue, which is deprecated",
	Judge: each(func(_ *check.Context, _ *View, s *Sealed) check.Outcome {
		if s.Envelope == nil {
			return check.Doubtful(s.Ref, "%s is an EncryptedValue: it names no recipient, and nothing shows whether it was changed. Use EnvelopedData, with pvno 3.", s.What)
		}
		return check.Holds(s.Ref, "%s is EnvelopedData.", s.What)
	}),
}, {
	ID: "cmp.env.version", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.1.6; RFC 5652 §6.1",
	Title: "The version of EnvelopedData follows from its recipients",
	Judge: eachEnvelope(func(_ *check.Context, _ *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome {
		n, small := e.Version.Value.Int64()
		if !e.Version.OK {
			return check.Skip()
		}
		if !small {
			n = -1
		}
		want, good := "2", n == 2
		for _, p := range e.Recipients {
			switch p.Kind {
			case envelope.PWRI:
				want, good = "0 or 3", n == 0 || n == 3
			case envelope.ORI:
				want, good = "3", n == 3
			}
		}
		if !good {
			return check.Doubtful(e.Version.Ref, "The version is %s, and recipients of this kind want %s.", bigText(e.Version.Value), want)
		}
		return check.Holds(e.Version.Ref, "The version is %d.", n)
	}),
}, {
	ID: "cmp.env.recipients", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6",
	Title: "It is encrypted for exactly one recipient", Headline: "It is not encrypted for exactly one recipient",
	Judge: eachEnvelope(func(_ *check.Context, _ *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome {
		if n := len(e.Recipients); n != 1 {
			return check.Doubtful(e.RecipsRef, "There are %d recipients for %s, and one is expected.", n, s.What)
		}
		if p := e.Recipients[0]; p.Kind == envelope.KEKRI {
			return check.Doubtful(p.Ref, "The recipient is a kekri, a symmetric key from elsewhere, which CMP does not use: want ktri, kari, pwri or a KEM.")
		}
		return check.Holds(e.RecipsRef, "It is one %s.", e.Recipients[0].Kind)
	}),
}, {
	ID: "cmp.env.kind", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6; RFC 9810 §5.2.2",
	Title: "The way of encryption follows from how the request was protected", Headline: "The way of encryption does not fit how the request was protected",
	Judge: eachEnvelope(func(c *check.Context, v *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome {
		q := v.Request()
		if s.What != sealedKey || q == nil || q == v || len(e.Recipients) != 1 {
			return check.Skip()
		}
		p := e.Recipients[0]
		switch {
		case !q.ByMAC() && !q.Signed():
			return check.Skip()
		case p.Kind == envelope.PWRI && q.Signed():
			return check.Doubtful(p.Ref, "The key is encrypted with a password (pwri), and the request was signed: the client may have no password.")
		case p.Kind != envelope.PWRI && q.ByMAC():
			return check.Doubtful(p.Ref, "The key is encrypted for a certificate (%s), and the request was protected by a shared secret: the client may have no certificate.", p.Kind)
		case p.Kind == envelope.PWRI:
			return check.Holds(p.Ref, "Request and key both rest on the shared secret.")
		}
		if best := q.Signing(c).Best; best != nil {
			family := best.Certificate.PublicKey.Key.Family()
			if p.Kind == envelope.KTRI && family != "RSA" || p.Kind == envelope.KARI && family == "RSA" {
				return check.Doubtful(p.Ref, "The key is encrypted by %s, and the client's key is %s: it cannot open that.", p.Kind, best.Certificate.PublicKey.Key.Name())
			}
		}
		return check.Holds(p.Ref, "The request was signed, and the key is encrypted for a certificate (%s).", p.Kind)
	}),
}, {
	ID: "cmp.env.recipient", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6.1; RFC 9483 §4.1.6.2",
	Title: "The recipient is named by the key identifier of the request", Headline: "The recipient is not named as in the request",
	Judge: eachRecipient(identified, func(c *check.Context, v *View, s *Sealed, p *envelope.Recipient) check.Outcome {
		q := v.Request()
		switch {
		case s.What != sealedKey || len(p.For) == 0:
			return check.Skip()
		case q == nil || q == v:
			return check.Needs("request", p.For[0].Ref, "It is encrypted for %s; add the request, whose senderKID that should be.", p.For[0])
		}
		f, kid := p.For[0], q.Header.SenderKID
		switch {
		case f.SKI.OK && bytes.Equal(f.SKI.Value, kid.Value):
			return check.Holds(f.Ref, "It is the senderKID of the request.").And(kid.Ref)
		case f.SKI.OK:
			return check.Doubtful(f.Ref, "It is encrypted for the key identifier %s, and the senderKID of the request is %s: the client may not find its key.", short(f.SKI.Value), short(kid.Value)).And(kid.Ref)
		}
		if best := q.Signing(c).Best; best != nil && best.Certificate.SKI() == nil && f.Names(best.Certificate) {
			return check.Holds(f.Ref, "It names the client's certificate, which has no key identifier, by issuer and serial number.")
		}
		return check.Doubtful(f.Ref, "It is named by issuer and serial number (%s); the lightweight profile wants the key identifier.", f)
	}),
}, {
	ID: "cmp.env.recipient-usage", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6.1; RFC 9483 §4.1.6.2",
	Title: "The recipient's certificate allows this use of its key", Headline: "The recipient's certificate does not allow this use of its key",
	Judge: eachRecipient(identified, func(_ *check.Context, v *View, _ *Sealed, p *envelope.Recipient) check.Outcome {
		k := v.x.recipient(p)
		if k == nil {
			return check.Skip()
		}
		bit, name := cert.KeyEncipherment, "keyEncipherment"
		if p.Kind == envelope.KARI {
			bit, name = cert.KeyAgreement, "keyAgreement"
		}
		u, present := k.KeyUsage()
		switch {
		case !present:
			return check.Holds(p.Ref, "The certificate of %s does not restrict its use.", k.Title())
		case !u.Has(bit):
			return check.Doubtful(p.Ref, "The key usage of %s lacks %s, and its key is to decrypt this.", k.Title(), name)
		}
		return check.Holds(p.Ref, "The key usage of %s has %s.", k.Title(), name)
	}),
}, {
	ID: "cmp.env.ukm", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.1.6.2",
	Title: "A random value makes the agreed key a new one",
	Judge: eachRecipient([]envelope.Kind{envelope.KARI}, func(_ *check.Context, _ *View, _ *Sealed, p *envelope.Recipient) check.Outcome {
		if !p.UKM.OK {
			return check.Doubtful(p.Ref, "ukm is absent: the same two keys would agree on the same key again.")
		}
		return check.Holds(p.UKM.Ref, "ukm has %d octets.", len(p.UKM.Value))
	}),
}, {
	ID: "cmp.env.password", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6.3",
	Title: "The password is used with a salt of its own and enough rounds", Headline: "The password is used with the salt of the MAC, or too few rounds",
	Judge: eachRecipient([]envelope.Kind{envelope.PWRI}, func(_ *check.Context, v *View, _ *Sealed, p *envelope.Recipient) check.Outcome {
		salt, rounds, ok := p.Rounds()
		switch {
		case !ok:
			return check.Doubtful(p.Ref, "The key is not derived by PBKDF2, or its parameters cannot be read.")
		case len(salt) > 0 && bytes.Equal(salt, v.salt()):
			return check.Doubtful(p.Derivation.Ref, "The salt %s is also that of the MAC of the message: the same secret must not make both keys from one salt.", short(salt))
		case rounds < 1000:
			return check.Doubtful(p.Derivation.Ref, "The password goes through %d rounds, and at least 1000 are wanted.", rounds)
		}
		return check.Holds(p.Derivation.Ref, "A salt of %d octets and %d rounds.", len(salt), rounds)
	}),
}, {
	ID: "cmp.env.wrap", Group: groupBody, Level: check.Should, Refs: "RFC 9481 §4.3; RFC 9481 §7",
	Title: "The key wrap is as strong as the cipher of the content",
	Judge: eachRecipient([]envelope.Kind{envelope.KARI, envelope.PWRI, envelope.ORI}, func(_ *check.Context, _ *View, s *Sealed, p *envelope.Recipient) check.Outcome {
		wrap, content := p.WrapSize(), envelope.KeySize(s.Envelope.Cipher.ID)
		if wrap == 0 || content == 0 {
			return check.Skip()
		}
		if wrap < content {
			return check.Doubtful(p.Algorithm.Ref, "The key is wrapped with %d bits, and the content encrypted with %d: the weaker one counts.", 8*wrap, 8*content)
		}
		return check.Holds(p.Algorithm.Ref, "The key is wrapped with %d bits, the content encrypted with %d.", 8*wrap, 8*content)
	}),
}, {
	ID: "cmp.env.content", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6; RFC 4211 §4.2.1",
	Title: "The type of the content says what is inside", Headline: "The type of the content does not say what is inside",
	Judge: eachEnvelope(func(_ *check.Context, _ *View, s *Sealed, e *envelope.EnvelopedData) check.Outcome {
		want, name := envelope.IDSignedData, "id-signedData"
		switch s.What {
		case sealedKey, sealedArchive:
		case sealedPOP:
			want, name = envelope.IDEncKeyWithID, "id-ct-encKeyWithID"
		default:
			return check.Skip()
		}
		if e.Type.Value == want {
			return check.Holds(e.Type.Ref, "It is %s.", name)
		}
		also := ""
		if e.Type.Value == envelope.IDData {
			also = " OpenSSL 3.5 sends it so."
		}
		return check.Doubtful(e.Type.Ref, "The type is %s, and %s holds %s.%s", e.Type.Value.Name(), s.What, name, also)
	}),
}, {
	ID: "cmp.env.cipher", Group: groupBody, Level: check.Should, Refs: "RFC 9481 §5",
	Title: "The content is encrypted with AES",
	Judge: each(func(_ *check.Context, _ *View, s *Sealed) check.Outcome {
		a := cert.Algorithm{}
		switch {
		case s.Envelope != nil:
			a = s.Envelope.Cipher
		case s.Value != nil && s.Value.Symmetric != nil:
			a = *s.Value.Symmetric
		default:
			return check.Skip()
		}
		if !envelope.AES(a.ID) {
			return check.Doubtful(a.Ref, "The cipher is %s; AES in CBC or GCM is expected.", a.Name())
		}
		return check.Holds(a.Ref, "The cipher is %s.", a.Name())
	}),
}, {
	ID: "cmp.env.open", Group: groupBody, Level: check.Must, Refs: "RFC 5652 §6",
	Title:    "It can be decrypted with what is at hand",
	Headline: "What is encrypted cannot be decrypted",
	Judge: each(func(c *check.Context, v *View, s *Sealed) check.Outcome {
		if s.Content != nil {
			return check.Holds(s.Ref, "%s is decrypted: %d octets.", s.What, len(s.Content))
		}
		if s.Fault != "" && v.opensFor(c, s) {
			return check.Broken(s.Ref, "%s does not decrypt: %s.", s.What, s.Fault)
		}
		why := fmt.Sprintf("%s is encrypted. Add the private key of its recipient, or the password.", s.What)
		if s.Fault != "" {
			why = fmt.Sprintf("%s is not opened by what is at hand: %s.", s.What, s.Fault)
		}
		need := "key"
		if s.Envelope != nil && len(s.Envelope.Recipients) == 1 && s.Envelope.Recipients[0].Kind == envelope.PWRI {
			need = "secret"
		}
		return check.Needs(need, s.Ref, why)
	}),
}, {
	ID: "cmp.env.signer", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.1.6",
	Title:    "The private key is signed by who made it",
	Headline: "The signature over the private key does not hold",
	Judge: each(func(c *check.Context, v *View, s *Sealed) check.Outcome {
		switch {
		case s.Signed == nil && s.What == sealedKey && s.Envelope != nil && len(s.Keys) > 0:
			return check.Doubtful(s.Ref, "Nobody signed the private key: whoever knows the key or password that it is encrypted for can have made it. A SignedData is expected around it.")
		case s.Signed == nil:
			return check.Skip()
		}
		n, _ := s.Signed.Version.Value.Int64()
		if len(s.Signed.Signers) != 1 {
			return check.Doubtful(s.Ref, "The key package has %d signers, and one is expected.", len(s.Signed.Signers))
		}
		g := s.Signed.Signers[0]
		k := v.x.signer(s.Signed)
		if k == nil {
			return check.Needs("signer", s.Ref, "The key package is signed by %s; add that certificate.", g.ID)
		}
		if ok, why := g.Verify(s.Signed, k); !ok {
			return check.Broken(s.Ref, "Inside %s, %s.", s.What, why)
		}
		switch {
		case n != 3:
			return check.Doubtful(s.Ref, "The signature of %s holds; the version of SignedData is %d, and 3 is expected.", k.Title(), n)
		case !g.ID.SKI.OK:
			return check.Doubtful(s.Ref, "The signature of %s holds; its signer is named by issuer and serial number, and the key identifier is expected.", k.Title())
		case g.Attributes == nil || !g.Attributed(s.Signed):
			return check.Doubtful(s.Ref, "The signature of %s holds; the signed attributes contentType and messageDigest are expected, and are not both there.", k.Title())
		}
		return check.Holds(s.Ref, "%s signed it.", k.Title())
	}),
}, {
	ID: "cmp.env.authority", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6; RFC 9810 §4.5",
	Title: "Who made the private key may make keys for others", Headline: "Who made the private key is not appointed to",
	Judge: eachSigned(func(c *check.Context, v *View, s *Sealed) check.Outcome {
		k := v.x.signer(s.Signed)
		if k == nil {
			return check.Skip()
		}
		if pool := v.x.pathsWith(s.Signed.Certificates, nil); !v.ByMAC() && pool.Anchors() {
			if way := pool.Find(k, path.Options{At: c.At}); way.Status() == report.Fail {
				return check.Broken(s.Ref, "%s signed it, and is not trusted: %s", k.Title(), way.Why())
			}
		}
		if _, has := k.HasEKU(idCMKGA); has {
			return check.Holds(s.Ref, "%s has the extended key usage id-kp-cmKGA.", k.Title())
		}
		if v.ByMAC() {
			return undecided(s.Ref, "%s has no extended key usage id-kp-cmKGA. Under a shared secret the client may trust it all the same: whoever has the secret is the CA to it.", k.Title())
		}
		if s.Pair != nil && s.Pair.Certificate != nil && k.IsCA() {
			if octets, folded := k.Subject.Equal(s.Pair.Certificate.Issuer); (octets || folded) && s.Pair.Certificate.SignedBy(k).Outcome == sig.Valid {
				return check.Holds(s.Ref, "%s is the CA itself.", k.Title())
			}
		}
		return check.Doubtful(s.Ref, "%s is not the CA and has no extended key usage id-kp-cmKGA: nobody appointed it to make keys.", k.Title())
	}),
}, {
	ID: "cmp.env.package", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.6; RFC 5958 §2",
	Title: "The private key travels in a package of one", Headline: "The private key does not travel in a package of one",
	Judge: each(func(_ *check.Context, _ *View, s *Sealed) check.Outcome {
		switch {
		case s.Content == nil || s.What != sealedKey:
			return check.Skip()
		case len(s.Keys) == 0:
			return check.Doubtful(s.Ref, "What is inside is no key package: want an AsymmetricKeyPackage with one key.")
		case s.Bare:
			return check.Doubtful(s.Ref, "The private key stands alone, in no AsymmetricKeyPackage. OpenSSL 3.5 sends it so.")
		case len(s.Keys) != 1:
			return check.Doubtful(s.Ref, "The package holds %d keys, and one is expected.", len(s.Keys))
		case s.Keys[0].Version != 1 || !s.Keys[0].HasPublic:
			return check.Doubtful(s.Ref, "The key in the package has version %d; version 1 with the public key beside the private one is expected.", s.Keys[0].Version)
		}
		return check.Holds(s.Ref, "The package holds one key, with its public half.")
	}),
}, {
	ID: "cmp.env.key-fit", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.4",
	Title:    "The private key is that of the certificate",
	Headline: "The private key does not belong to the certificate",
	Judge: each(func(_ *check.Context, _ *View, s *Sealed) check.Outcome {
		if s.Private == nil || s.Pair == nil || s.Pair.Certificate == nil {
			return check.Skip()
		}
		k := s.Pair.Certificate
		if !s.Private.Of(k.PublicKey.Raw) {
			return check.Broken(s.Ref, "The certificate of %s has another public key than the private key that came with it: the client can use neither.", k.Title()).And(s.Pair.CertRef)
		}
		return check.Holds(s.Ref, "It is the private key of the certificate of %s.", k.Title()).And(s.Pair.CertRef)
	}),
}}

// eachSigned is each for private keys that were opened and are signed.
func eachSigned(judge func(c *check.Context, v *View, s *Sealed) check.Outcome) func(*check.Context, *View) check.Outcome {
	return each(func(c *check.Context, v *View, s *Sealed) check.Outcome {
		if s.Signed == nil {
			return check.Skip()
		}
		return judge(c, v, s)
	})
}

// salt is that of the MAC of the message; nil if there is none.
func (v *View) salt() []byte {
	switch a := v.Header.Algorithm; {
	case a == nil:
	case a.PBM != nil:
		return a.PBM.Salt.Value
	case a.PBMAC1 != nil && a.PBMAC1.PBKDF2 != nil:
		return a.PBMAC1.PBKDF2.Salt.Value
	}
	return nil
}

// recipient is the certificate that a recipient names, if it is at hand.
func (x *Index) recipient(p *envelope.Recipient) *cert.Certificate {
	for _, f := range p.For {
		for _, k := range x.Certificates {
			if f.Names(k.Is) {
				return k.Is
			}
		}
	}
	return nil
}

// signer is the certificate that a key package names as its signer's.
func (x *Index) signer(s *envelope.SignedData) *cert.Certificate {
	if len(s.Signers) != 1 {
		return nil
	}
	for _, k := range s.Certificates {
		if s.Signers[0].ID.Names(k) {
			return k
		}
	}
	for _, k := range x.Certificates {
		if s.Signers[0].ID.Names(k.Is) {
			return k.Is
		}
	}
	return nil
}

// opensFor says that what was tried is what should open it: the private key of
// the certificate that is named, or the secret that made the message's MAC.
func (v *View) opensFor(c *check.Context, s *Sealed) bool {
	if s.By == nil {
		return false
	}
	if s.By.Kind == envelope.PWRI {
		return v.MAC(c).Status == report.Pass
	}
	k := v.x.recipient(s.By)
	if k == nil {
		return false
	}
	for _, o := range openersOf(c) {
		if o.Private != nil && o.Private.Of(k.PublicKey.Raw) {
			return true
		}
	}
	return false
}
