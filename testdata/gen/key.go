package main

import (
	"crypto/ed25519"
	"crypto/sha1"
	"embed"
	"encoding/pem"
	"fmt"
	"math/big"

	"github.com/cloudflare/circl/sign"
	"github.com/cloudflare/circl/sign/ed448"
	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/cloudflare/circl/sign/mldsa/mldsa65"
	"github.com/cloudflare/circl/sign/mldsa/mldsa87"
	"github.com/cloudflare/circl/sign/slhdsa"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// The keys protect nothing: they are public on purpose, so that the vectors
// can be made again anywhere with the same octets.
//
//go:embed keys/*.pem
var keyFiles embed.FS

// key is a private key with its public half as certificates carry it.
type key struct {
	spki   der    // SubjectPublicKeyInfo
	public []byte // content of subjectPublicKey, without the unused-bits octet
	usual  scheme // the signature scheme of this key unless a vector asks for another

	rsa   *rsaKey
	dsa   *dsaKey
	curve *curveKey
	whole func(message []byte) []byte // schemes that hash for themselves
}

// hash is SHA-1 of the public key: a KeyHash of RFC 6960, section 4.2.1, and
// a subjectKeyIdentifier by method (1) of RFC 5280, section 4.2.1.2.
func (k *key) hash() []byte {
	h := sha1.Sum(k.public)
	return h[:]
}

const (
	idRSA        = "1.2.840.113549.1.1.1"
	idPSS        = "1.2.840.113549.1.1.10"
	idDSA        = "1.2.840.10040.4.1"
	idEC         = "1.2.840.10045.2.1"
	idEd25519    = "1.3.101.112"
	idEd448      = "1.3.101.113"
	idMLDSA44    = "2.16.840.1.101.3.4.3.17"
	idMLDSA65    = "2.16.840.1.101.3.4.3.18"
	idMLDSA87    = "2.16.840.1.101.3.4.3.19"
	idSLHDSA128s = "2.16.840.1.101.3.4.3.20"
)

// readKey reads keys/NAME.pem, a PKCS #8 PrivateKeyInfo (RFC 5958).
func readKey(name string) *key {
	text, err := keyFiles.ReadFile("keys/" + name + ".pem")
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	info := reader(cryptobyte.String(block.Bytes))
	all := info.element(0x30)
	all.element(0x02)
	alg := all.element(0x30)
	id := string(alg.element(0x06))
	private := all.element(0x04)

	k := &key{}
	switch id {
	case string(body(oid(idRSA))):
		k.readRSA(private)
	case string(body(oid(idDSA))):
		k.readDSA(alg.element(0x30), private)
	case string(body(oid(idEC))):
		k.readCurve(alg.element(0x06), private)
	case string(body(oid(idEd25519))):
		p := ed25519.NewKeyFromSeed(private.element(0x04))
		k.readWhole(idEd25519, p.Public().(ed25519.PublicKey), func(m []byte) []byte { return ed25519.Sign(p, m) })
	case string(body(oid(idEd448))):
		p := ed448.NewKeyFromSeed(private.element(0x04))
		k.readWhole(idEd448, p.Public().(ed448.PublicKey), func(m []byte) []byte { return ed448.Sign(p, m, "") })
	case string(body(oid(idMLDSA44))):
		k.readSeed(idMLDSA44, mldsa44.Scheme(), private.element(0x80))
	case string(body(oid(idMLDSA65))):
		k.readSeed(idMLDSA65, mldsa65.Scheme(), private.element(0x80))
	case string(body(oid(idMLDSA87))):
		k.readSeed(idMLDSA87, mldsa87.Scheme(), private.element(0x80))
	case string(body(oid(idSLHDSA128s))):
		k.readSLHDSA(private)
	default:
		panic(fmt.Sprintf("gen: keys/%s.pem: no such algorithm here", name))
	}
	return k
}

// reader takes elements off DER known to be good.
type reader cryptobyte.String

func (r *reader) element(tag byte) reader {
	var content cryptobyte.String
	if !(*cryptobyte.String)(r).ReadASN1(&content, asn1.Tag(tag)) {
		panic(fmt.Sprintf("gen: a key file lacks an element %02x", tag))
	}
	return reader(content)
}

func (r *reader) integer() *big.Int { return new(big.Int).SetBytes(r.element(0x02)) }

func (k *key) readRSA(private reader) {
	r := private.element(0x30)
	r.integer()
	k.rsa = &rsaKey{n: r.integer()}
	e := r.integer()
	k.rsa.d = r.integer()
	k.public = seq(bigInteger(k.rsa.n), bigInteger(e))
	k.spki = seq(algorithm(idRSA, null()), bits(k.public...))
	k.usual = rsaSHA256
}

func (k *key) readDSA(p, private reader) {
	k.dsa = &dsaKey{p: p.integer(), q: p.integer(), g: p.integer()}
	k.dsa.x = private.integer()
	y := new(big.Int).Exp(k.dsa.g, k.dsa.x, k.dsa.p)
	k.public = bigInteger(y)
	k.spki = seq(algorithm(idDSA, seq(bigInteger(k.dsa.p), bigInteger(k.dsa.q), bigInteger(k.dsa.g))), bits(k.public...))
	k.usual = dsaSHA256
}

func (k *key) readCurve(id, private reader) {
	r := private.element(0x30)
	r.integer()
	k.curve = &curveKey{curve: curves[string(id)], d: new(big.Int).SetBytes(r.element(0x04))}
	k.public = k.curve.public()
	k.spki = seq(algorithm(idEC, tlv(0x06, id)), bits(k.public...))
	k.usual = ecdsaSHA256
}

func (k *key) readWhole(id string, public []byte, sign func([]byte) []byte) {
	k.public, k.whole = public, sign
	k.spki = seq(algorithm(id), bits(public...))
	k.usual = scheme{id: algorithm(id)}
}

// readSeed reads an ML-DSA key in the seed form of RFC 9881, section 6.
func (k *key) readSeed(id string, s sign.Scheme, seed []byte) {
	public, private := s.DeriveKey(seed)
	p, err := public.MarshalBinary()
	if err != nil {
		panic(err)
	}
	k.readWhole(id, p, func(m []byte) []byte { return s.Sign(private, m, nil) })
}

// readSLHDSA reads the four seeds in a row of RFC 9909, section 6.
func (k *key) readSLHDSA(private []byte) {
	p := slhdsa.PrivateKey{ID: slhdsa.SHA2_128s}
	if err := p.UnmarshalBinary(private); err != nil {
		panic(err)
	}
	public, err := p.PublicKey().MarshalBinary()
	if err != nil {
		panic(err)
	}
	k.readWhole(idSLHDSA128s, public, func(m []byte) []byte {
		s, err := slhdsa.SignDeterministic(&p, slhdsa.NewMessage(m), nil)
		if err != nil {
			panic(err)
		}
		return s
	})
}

// asPSS is the same RSA key said to be for RSASSA-PSS only (RFC 4055,
// section 1.2).
func (k *key) asPSS() *key {
	p := *k
	p.spki = seq(algorithm(idPSS), bits(k.public...))
	p.usual = pssSHA256
	return &p
}
