package envelope

import (
	"crypto/ecdh"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"hash"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/private"
)

// Opener is something that may open an envelope: a private key or a password.
type Opener struct {
	Item     int // that it is, for whoever asks
	Private  *private.Key
	Password []byte
}

// Opening is what came of trying to open an envelope.
type Opening struct {
	Content []byte // nil: it was not opened
	Item    int    // of the opener that did it; -1: none
	By      *Recipient
	// Fault says what went wrong with the attempt that came furthest; "" if none was made.
	Fault string
	Tried int // openers that fit a recipient
	spent int // rounds of derivation from passwords
}

// attempts bounds the pairs of recipients and openers that are tried.
const attempts = 64

// Open opens an envelope with the first of the openers that can.
func (e *EnvelopedData) Open(openers []Opener) Opening {
	o := Opening{Item: -1}
	if !e.Content.OK {
		return o
	}
	for _, p := range e.Recipients {
		for _, with := range openers {
			for _, f := range p.For {
				if o.Tried == attempts || !p.suits(with) {
					continue
				}
				o.Tried++
				if p.Kind == PWRI && p.Derivation != nil {
					rounds, _ := readPBKDF2(p.Derivation.Parameters)
					if o.spent += rounds.rounds; o.spent > 2*mostRounds {
						if o.Fault == "" {
							o.Fault, o.By = fmt.Sprintf("deriving the key from a password takes %d rounds, more than are computed here", rounds.rounds), p
						}
						continue
					}
				}
				key, fault := p.key(f, with)
				var content []byte
				if fault == "" {
					content, fault = decrypt(e.Cipher.ID, e.Cipher.Parameters, key, e.Content.Value, true)
				}
				if fault == "" {
					return Opening{Content: content, Item: with.Item, By: p, Tried: o.Tried}
				}
				if o.Fault == "" {
					o.Fault, o.By = fault, p
				}
			}
		}
	}
	return o
}

// suits says that an opener is of the sort that a recipient needs.
func (p *Recipient) suits(o Opener) bool {
	switch p.Kind {
	case KTRI:
		return o.Private != nil && o.Private.RSA != nil
	case KARI:
		return o.Private != nil && o.Private.ECDH != nil && p.Sender != nil
	case PWRI:
		return o.Private == nil
	case ORI:
		return o.Private != nil && o.Private.KEM != nil && p.Type == idKEMRecipient
	}
	return false
}

// key opens the content-encryption key, or says why that fails.
func (p *Recipient) key(f *For, o Opener) ([]byte, string) {
	switch p.Kind {
	case KTRI:
		return transported(p.Algorithm, o.Private.RSA, f.Key.Value)
	case KARI:
		return p.agreed(f, o.Private.ECDH)
	case PWRI:
		return p.fromPassword(f, o.Password)
	}
	return p.fromKEM(f, o.Private.KEM)
}

// oaepHashes are those of RSAES-OAEP.
var oaepHashes = map[oid.ID]func() hash.Hash{
	"1.3.14.3.2.26": sha1.New, "2.16.840.1.101.3.4.2.4": sha256.New224, "2.16.840.1.101.3.4.2.1": sha256.New,
	"2.16.840.1.101.3.4.2.2": sha512.New384, "2.16.840.1.101.3.4.2.3": sha512.New,
}

// The algorithms of key transport: RFC 8017, appendix A.
const (
	idRSA  oid.ID = "1.2.840.113549.1.1.1"
	idOAEP oid.ID = "1.2.840.113549.1.1.7"
)

// transported opens a key that was encrypted to an RSA key.
//
// RFC 3370, section 4.2.1; RFC 3560
func transported(a cert.Algorithm, k *rsa.PrivateKey, encrypted []byte) ([]byte, string) {
	const wrong = "the private key at hand does not fit: it was encrypted for another, or changed"
	switch a.ID {
	case idRSA:
		key, err := rsa.DecryptPKCS1v15(nil, k, encrypted)
		if err != nil {
			return nil, wrong
		}
		return key, ""
	case idOAEP:
		h, mgf, label := oaep(a.Parameters)
		if h == nil || mgf == nil {
			return nil, "the parameters of RSAES-OAEP name a hash that is not computed here"
		}
		key, err := rsa.DecryptOAEP(h(), nil, k, encrypted, label)
		if err != nil {
			return nil, wrong
		}
		return key, ""
	}
	return nil, fmt.Sprintf("key transport by %s is not opened here", a.Name())
}

// oaep reads RSAES-OAEP-params. Another hash for the mask than for the label
// answers with none: such are not opened.
//
// RFC 8017, appendix A.2.1
func oaep(parameters []byte) (h, mgf func() hash.Hash, label []byte) {
	h, mgf = sha1.New, sha1.New
	named, maskedBy := oid.ID("1.3.14.3.2.26"), oid.ID("1.3.14.3.2.26")
	in, _, _ := first(parameters, der.Sequence)
	if a, rest, ok := first(in, der.Ctx(0)); ok {
		named, in = algorithmID(a), rest
		h = oaepHashes[named]
	}
	if a, rest, ok := first(in, der.Ctx(1)); ok {
		in = rest
		if mask, _, ok := first(a, der.Sequence); ok {
			if _, hashed, ok := first(mask, der.OID); ok {
				maskedBy = algorithmID(hashed)
			}
		}
		mgf = oaepHashes[maskedBy]
	}
	if a, _, ok := first(in, der.Ctx(2)); ok { // pSourceAlgorithm
		if source, _, ok := first(a, der.Sequence); ok {
			if _, rest, ok := first(source, der.OID); ok {
				label, _, _ = first(rest, der.OctetString)
			}
		}
	}
	if named != maskedBy {
		return nil, nil, nil
	}
	return h, mgf, label
}

// algorithmID gives the identifier of an AlgorithmIdentifier.
func algorithmID(b []byte) oid.ID {
	in, _, _ := first(b, der.Sequence)
	id, _, _ := first(in, der.OID)
	name, _ := oid.Parse(id)
	return name
}

// agreed opens a key that was wrapped with one agreed on by ECDH.
//
// RFC 5753, sections 3.1 and 7.2; RFC 8418, section 2
func (p *Recipient) agreed(f *For, k *ecdh.PrivateKey) ([]byte, string) {
	how, known := agreements[p.Algorithm.ID]
	wrap, _, isAlgorithm := first(p.Algorithm.Parameters, der.Sequence)
	size := wraps[algorithmID(p.Algorithm.Parameters)]
	switch {
	case !known:
		return nil, fmt.Sprintf("key agreement by %s is not opened here", p.Algorithm.Name())
	case !isAlgorithm || len(wrap) == 0 || size == 0:
		return nil, "the parameters of the key agreement name no AES key wrap"
	}
	public, err := k.Curve().NewPublicKey(p.Sender.Bits)
	if err != nil {
		return nil, "the originator's key lies on another curve than the private key"
	}
	z, err := k.ECDH(public)
	if err != nil {
		return nil, "the two keys agree on no secret"
	}
	info := [][]byte{p.Algorithm.Parameters}
	if p.UKM.OK {
		info = append(info, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, p.UKM.Value)))
	}
	info = append(info, der.Wrap(der.Ctx(2), der.Wrap(der.OctetString, binary.BigEndian.AppendUint32(nil, uint32(8*size)))))
	shared := der.Wrap(der.Sequence, info...)
	kek := x963(how.hash, z, shared, size)
	if how.hkdf {
		kek = deriveHKDF(how.hash, z, p.UKM.Value, shared, size)
	}
	return unwrapped(kek, f.Key.Value, "private key")
}

func unwrapped(kek, wrapped []byte, what string) ([]byte, string) {
	key, ok := unwrapAES(kek, wrapped)
	if !ok {
		return nil, "the " + what + " at hand does not fit: it was encrypted for another, or changed"
	}
	return key, ""
}

// idPWRIKEK is id-alg-PWRI-KEK: RFC 3211, section 2.3.
const (
	idPWRIKEK oid.ID = "1.2.840.113549.1.9.16.3.9"
	idPBKDF2  oid.ID = "1.2.840.113549.1.5.12"
)

// fromPassword opens a key that was wrapped with one derived from a password.
//
// RFC 5652, section 6.2.4; RFC 9483, section 4.1.6.3
func (p *Recipient) fromPassword(f *For, password []byte) ([]byte, string) {
	if p.Derivation == nil || p.Derivation.ID != idPBKDF2 {
		return nil, "the key is not derived by PBKDF2"
	}
	if p.Algorithm.ID == idPWRIKEK {
		inner := algorithmID(p.Algorithm.Parameters)
		kek, fault := derivePassword(p.Derivation.Parameters, password, ciphers[inner].key)
		if fault != "" {
			return nil, fault
		}
		block, ok := blockOf(inner, kek)
		if !ok {
			return nil, "the cipher of id-alg-PWRI-KEK is not one that is opened here"
		}
		in, _, _ := first(p.Algorithm.Parameters, der.Sequence)
		_, in, _ = first(in, der.OID)
		iv, _, _ := first(in, der.OctetString)
		key, ok := unwrapPWRI(block, iv, f.Key.Value)
		if !ok {
			return nil, "the password at hand does not fit: another was used, or it was changed"
		}
		return key, ""
	}
	size := wraps[p.Algorithm.ID]
	if size == 0 {
		return nil, fmt.Sprintf("keys wrapped by %s are not opened here", p.Algorithm.Name())
	}
	kek, fault := derivePassword(p.Derivation.Parameters, password, size)
	if fault != "" {
		return nil, fault
	}
	return unwrapped(kek, f.Key.Value, "password")
}

// fromKEM opens a key that was wrapped with the shared secret of a KEM.
//
// RFC 9629, section 5
func (p *Recipient) fromKEM(f *For, decapsulate func([]byte) ([]byte, error)) ([]byte, string) {
	size := wraps[p.Algorithm.ID]
	n, _ := p.KEKLength.Value.Int64()
	switch {
	case p.Derivation == nil || hkdfs[p.Derivation.ID] == nil:
		return nil, "the key is not derived by HKDF"
	case size == 0:
		return nil, fmt.Sprintf("keys wrapped by %s are not opened here", p.Algorithm.Name())
	case n != int64(size):
		return nil, fmt.Sprintf("kekLength is %d, and the key wrap needs %d octets", n, size)
	}
	secret, err := decapsulate(p.Ciphertext.Value)
	if err != nil {
		return nil, "the ciphertext of the KEM has not the length of the private key's"
	}
	info := [][]byte{p.Algorithm.Raw, der.Wrap(der.Integer, p.KEKLength.Value)}
	if p.UKM.OK {
		info = append(info, der.Wrap(der.Ctx(0), der.Wrap(der.OctetString, p.UKM.Value)))
	}
	kek := deriveHKDF(hkdfs[p.Derivation.ID], secret, nil, der.Wrap(der.Sequence, info...), size)
	return unwrapped(kek, f.Key.Value, "private key")
}

// Rounds are salt and rounds with which a password makes the key of a pwri.
func (p *Recipient) Rounds() (salt []byte, rounds int, ok bool) {
	if p.Derivation == nil || p.Derivation.ID != idPBKDF2 {
		return nil, 0, false
	}
	d, ok := readPBKDF2(p.Derivation.Parameters)
	return d.salt, d.rounds, ok
}

// WrapSize is the size of the key that wraps the content's, in octets; 0: not known.
func (p *Recipient) WrapSize() int {
	switch {
	case p.Kind == KARI:
		return wraps[algorithmID(p.Algorithm.Parameters)]
	case p.Algorithm.ID == idPWRIKEK:
		return ciphers[algorithmID(p.Algorithm.Parameters)].key
	}
	return wraps[p.Algorithm.ID]
}

// KeySize is the size of a content cipher's key, in octets; 0: not known.
func KeySize(id oid.ID) int { return ciphers[id].key }

// AES says that a content cipher is AES in CBC or GCM.
func AES(id oid.ID) bool { return ciphers[id].mode == "cbc" || ciphers[id].mode == "gcm" }
