package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/sig"
	"derscope/decode/suite"
)

// certificateVerify judges the proof of each side that has a certificate.
func (v *View) certificateVerify() check.Outcome {
	w := check.Skip()
	seen := [3]bool{}
	for _, e := range v.H.Of(handshake.TypeCertificateVerify) {
		b, ok := e.Body.(*handshake.CertificateVerify)
		if !ok || e.Faults {
			w = check.Worst(w, v.unread(e.Ref, "The CertificateVerify"))
			continue
		}
		side := e.From
		if side == handshake.Unknown {
			if side = handshake.Server; v.Old() {
				side = handshake.Client
			}
		}
		if seen[side] {
			continue // authentication after the handshake signs another transcript
		}
		seen[side] = true
		w = check.Worst(w, v.proof(e, b, side))
	}
	for _, side := range []handshake.Side{handshake.Server, handshake.Client} {
		c := v.Side(side)
		if seen[side] || c.Message == nil || len(c.Message.Entries) == 0 || side == handshake.Server && !v.TLS13() || v.fixedKey(side) {
			continue
		}
		if f := v.H.Finished(side); f != nil {
			w = check.Worst(w, check.Broken(f.Ref, "The %s sends a certificate and no CertificateVerify: nothing proves that it has the key.", side).And(c.Message.Ref))
		}
	}
	return w
}

// fixedKey says that a client's certificate of TLS 1.2 proves itself by the key
// exchange: RFC 5246, section 7.4.7.
func (v *View) fixedKey(side handshake.Side) bool {
	k := v.Client.Leaf()
	return side == handshake.Client && v.Old() && k != nil && k.PublicKey.Key.Family() == ""
}

// proof judges one CertificateVerify.
func (v *View) proof(e *handshake.Event, b *handshake.CertificateVerify, side handshake.Side) check.Outcome {
	n := uint16(b.Algorithm.Value)
	name := suite.Label(suite.Schemes, uint16(b.Algorithm.Value))
	at := b.Ref
	if b.Algorithm.OK {
		at = b.Algorithm.Ref
		if o := v.allowedScheme(n, name, side, b); o.Applies() {
			return o
		}
	}
	leaf := v.Side(side).Leaf()
	if leaf == nil || !leaf.OK {
		return check.Needs("certificate", at, "The signature is by %s. The certificate of the %s is not here, or cannot be read.", name, side)
	}
	if !b.Algorithm.OK {
		return open(at, "Signatures of TLS 1.1 and older, over MD5 and SHA-1 together, are not computed here.")
	}
	s := schemes[n]
	algorithm, known := s.algorithm()
	if !known {
		return open(at, "Signatures by "+name+" are not computed here.")
	}
	if why := s.able(leaf.PublicKey.Key, v.Version); why != "" {
		return check.Broken(at, "The signature is by %s, and the certificate has %s: %s (illegal_parameter 47).", name, leaf.PublicKey.Key.Name(), why).And(leaf.PublicKey.Ref)
	}
	t := v.transcript()
	need := []uint8{handshake.TypeCertificate}
	if v.TLS13() {
		need = []uint8{handshake.TypeEncryptedExtensions}
	}
	messages, ok := t.until(e)
	if !ok || !t.has(need...) {
		return check.Needs("client-hello", at, "The signature is by %s. It covers all messages before it, from the ClientHello on: add those that are missing.", name)
	}
	signed := joined(messages)
	if v.TLS13() {
		if !v.SuiteOK || v.Suite.Hash.Size() == 0 {
			return open(at, "The hash of the cipher suite is not known, so what is signed cannot be computed.")
		}
		signed = signedContent(side, v.hash(v.Suite.Hash, messages))
	}
	switch r := leaf.Verifies(algorithm, signed, b.Signature.Value); {
	case r.Outcome == sig.Valid:
		return check.Holds(at, "The signature by %s fits the key of %s and the messages.", name, leaf.Title()).And(b.Signature.Ref, leaf.PublicKey.Ref)
	case r.Outcome == sig.Unknown || r.Outcome == sig.TooLarge:
		return open(at, upperFirst(r.Why)+".")
	case !t.sure:
		return check.Needs("capture", at, "The signature by %s does not fit the messages that are here. Perhaps one is missing or was changed in copying: a capture with the key log would tell.", name)
	default:
		return check.Broken(at, "The signature by %s does not fit the key of %s and the messages: %s (decrypt_error 51).", name, leaf.Title(), r.Why).And(b.Signature.Ref)
	}
}

// signedContent is what a CertificateVerify of TLS 1.3 signs: RFC 9846, section 4.5.2.
func signedContent(side handshake.Side, hash []byte) []byte {
	var b []byte
	for range 64 {
		b = append(b, ' ')
	}
	b = append(b, "TLS 1.3, "+side.String()+" CertificateVerify\x00"...)
	return append(b, hash...)
}

// allowedScheme judges whether a scheme was offered, and whether TLS 1.3 knows
// it for handshakes.
func (v *View) allowedScheme(n uint16, name string, side handshake.Side, b *handshake.CertificateVerify) check.Outcome {
	if v.TLS13() {
		switch {
		case sha1Scheme(n):
			return check.Broken(b.Algorithm.Ref, "The signature is by %s; TLS 1.3 does not sign handshakes with SHA-1 (illegal_parameter 47).", name)
		case schemes[n].family == "RSA" && schemes[n].pss == "" && !(schemes[n].legacy && side == handshake.Client):
			return check.Broken(b.Algorithm.Ref, "The signature is by %s; in TLS 1.3 RSA signs handshakes with PSS only (illegal_parameter 47).", name)
		}
	}
	var offered *handshake.Numbers
	who := "ClientHello"
	switch {
	case side == handshake.Client && v.CR != nil:
		offered, who = &v.CR.Algorithms, "CertificateRequest"
	case side == handshake.Server && v.CH != nil:
		if x := v.CH.Extensions.Get(handshake.ExtSignatureAlgorithms); x != nil {
			offered, _ = x.Value.(*handshake.Numbers)
		}
	}
	if offered != nil && offered.OK && !offered.Has(n) {
		return check.Broken(b.Algorithm.Ref, "The signature is by %s, which the %s does not offer (illegal_parameter 47).", name, who).And(offered.Ref)
	}
	return check.Skip()
}
