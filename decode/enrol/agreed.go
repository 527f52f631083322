package enrol

import (
	"crypto/ecdh"
	"crypto/rsa"
	"math/big"
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/mac"
	"derscope/decode/oid"
	"derscope/decode/private"
)

// The functions of this file find the secrets that private keys at hand give,
// for the protections that rest on an agreement.

// Bounds of what is tried with private keys.
const (
	mostKeys    = 8
	mostPeers   = 32 // certificates for one key
	mostCiphers = 8  // ciphertexts of a transaction
)

// privateKey is one at hand that was opened.
type privateKey struct {
	*private.Key
	item int
}

// privateKeys opens what keys there are, once.
func (p *prover) privateKeys() []privateKey {
	if p.private == nil {
		p.private = []privateKey{}
		for _, f := range p.x.Keys {
			if len(p.private) < mostKeys && !f.Is.Encrypted {
				if k, _ := private.Parse(f.Is.Form, f.Source); k != nil {
					p.private = append(p.private, privateKey{k, f.Item})
				}
			}
		}
	}
	return p.private
}

// agreed are the secrets that private keys give for the protection of a message.
func (p *prover) agreed(v *View) (all []candidate) {
	for _, k := range p.privateKeys() {
		if v.Header.Algorithm.Method == mac.DHBased {
			all = append(all, p.withCertificates(v, k)...)
			continue
		}
		for _, e := range p.enclosed(v) {
			if ss := p.once(k, string(e.KEM.ID)+string(e.KEM.Parameters)+string(e.Ciphertext.Value), func() []byte { return e.open(k.Key) }); ss != nil {
				all = append(all, candidate{ss, k.item, "", "The secret that the private key opens from the KemCiphertextInfo of the " + e.from.Body.Name()})
			}
		}
	}
	return all
}

// once computes the secret of a private key and a peer, whose octets name it, and
// remembers it: an agreement costs as much as many rounds, and messages of one
// transaction mostly share it. It gives nil where all that may be spent is spent.
func (p *prover) once(k privateKey, peer string, compute func() []byte) []byte {
	id := strconv.Itoa(k.item) + " " + peer
	if ss, ok := p.shared[id]; ok {
		return ss
	}
	cost := int64(10_000)
	if k.RSA != nil {
		n := int64(k.RSA.Size()) / 256
		cost = min(20_000*(1+n*n*n), p.most)
	}
	if p.left < cost {
		return nil
	}
	p.left -= cost
	p.shared[id] = compute()
	return p.shared[id]
}

// withCertificates agrees on a secret with the key of each certificate that may
// be the sender's.
func (p *prover) withCertificates(v *View, k privateKey) (all []candidate) {
	if k.ECDH == nil {
		return nil
	}
	tried := 0
	try := func(c *cert.Certificate) {
		if c == nil || tried == mostPeers {
			return
		}
		if z := p.once(k, string(c.PublicKey.Bits), func() []byte { return agree(k.ECDH, c.PublicKey.Bits) }); z != nil {
			tried++
			all = append(all, candidate{z, k.item, "", "The secret that the private key and the " + c.Title() + " agree on"})
		}
	}
	for _, c := range v.ExtraCerts.List {
		try(c)
	}
	for _, f := range p.x.Certificates {
		try(f.Is)
	}
	return all
}

// agree is the agreement of a private key with a public one; nil if they are not
// of one curve.
func agree(k *ecdh.PrivateKey, public []byte) []byte {
	point, err := k.Curve().NewPublicKey(public)
	if err != nil {
		return nil
	}
	z, err := k.ECDH(point)
	if err != nil {
		return nil
	}
	return z
}

// enclosed is a ciphertext of a KEM, with the message that carried it.
type enclosed struct {
	*cmp.KemCiphertextInfo
	from *View
}

// enclosed lists the ciphertexts of the transaction of a message.
func (p *prover) enclosed(v *View) (all []enclosed) {
	messages := []*View{v}
	if v.In != nil {
		messages = v.In.Messages
	}
	for _, w := range messages {
		if len(all) == mostCiphers {
			break
		}
		for _, l := range []cmp.Infos{w.Header.GeneralInfo, w.Body.Infos} {
			for _, i := range l.List {
				if k, ok := i.Value.(*cmp.KemCiphertextInfo); ok && k.Ciphertext.OK && len(all) < mostCiphers {
					all = append(all, enclosed{k, w})
				}
			}
		}
	}
	return all
}

const idKEMRSA oid.ID = "1.0.18033.2.2.4"

// open gives the secret that a private key finds in the ciphertext; nil if it is
// not made for it.
func (e enclosed) open(k *private.Key) []byte {
	switch {
	case e.KEM.ID == idKEMRSA && k.RSA != nil:
		return openRSA(k.RSA, e.Ciphertext.Value, e.KEM.Parameters)
	case k.KEM != nil:
		if ss, err := k.KEM(e.Ciphertext.Value); err == nil {
			return ss
		}
	}
	return nil
}

// openRSA is RSA-KEM.
//
// RFC 9690, section A.2
func openRSA(k *rsa.PrivateKey, ciphertext, parameters []byte) []byte {
	c := new(big.Int).SetBytes(ciphertext)
	if len(ciphertext) != k.Size() || c.Cmp(k.N) >= 0 {
		return nil
	}
	z := c.Exp(c, k.D, k.N).FillBytes(make([]byte, k.Size()))
	return mac.RSAKEM(z, parameters)
}

// kemKeys makes the keys of the secret of a KEM. They depend on the transactionID
// of the message that carried the ciphertext, which is mostly that of all.
func (p *prover) kemKeys(v *View, t candidate) (all []mac.Key) {
	a := v.Header.Algorithm
	ids := [][]byte{v.Header.TransactionID.Value}
	for _, e := range p.enclosed(v) {
		ids = append(ids, e.from.Header.TransactionID.Value)
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if !seen[string(id)] {
			seen[string(id)] = true
			if k, why := a.KEMKey(t.octets, id); why == "" {
				all = append(all, k)
			}
		}
	}
	return all
}

// keyWords say what is at hand for a protection that rests on an agreement, and
// what is not.
func (p *prover) keyWords(v *View) string {
	if len(p.privateKeys()) == 0 {
		return ""
	}
	if v.Header.Algorithm.Method == mac.DHBased {
		return "There is a private key, but no certificate with a key of the same kind. "
	}
	if len(p.enclosed(v)) == 0 {
		return "There is a private key, but no KemCiphertextInfo in the messages of this transaction. "
	}
	return "The private key does not open the KemCiphertextInfo. "
}
