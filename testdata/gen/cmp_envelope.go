package main

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/ecdh"
	"crypto/sha256"
	"math/big"

	"derscope/testdata/seal"
)

// envelope is an EnvelopedData (RFC 5652, section 6.1) before encoding.
type envelope struct {
	version     int64
	recipients  []der
	contentType string
	cipher      string // of the content
	key         []byte // that encrypts it
	content     []byte
}

// Identifiers of CMS.
const (
	idAES128CBC     = "2.16.840.1.101.3.4.1.2"
	idAES256CBC     = "2.16.840.1.101.3.4.1.42"
	id3DESCBC       = "1.2.840.113549.3.7"
	idAES128Wrap    = "2.16.840.1.101.3.4.1.5"
	idAES256Wrap    = "2.16.840.1.101.3.4.1.45"
	idECDHSHA256    = "1.3.132.1.11.1" // dhSinglePass-stdDH-sha256kdf-scheme
	idKeyPackage    = "2.16.840.1.101.2.1.2.78.5"
	idEncKeyWithID  = "1.2.840.113549.1.9.16.1.21"
	idCMSSigned     = "1.2.840.113549.1.7.2"
	idMessageDigest = "1.2.840.113549.1.9.4"
	idContentType   = "1.2.840.113549.1.9.3"
	idCMKGA         = "1.3.6.1.5.5.7.3.32"
)

// der is the SEQUENCE; in an EncryptedKey its tag is replaced by [0].
func (e *envelope) der() der {
	iv, block := random("iv", 16), cipher.Block(nil)
	var err error
	if e.cipher == id3DESCBC {
		iv = iv[:8]
		block, err = des.NewTripleDESCipher(e.key)
	} else {
		block, err = aes.NewCipher(e.key)
	}
	if err != nil {
		panic(err)
	}
	n := block.BlockSize()
	pad := n - len(e.content)%n
	content := append(append([]byte{}, e.content...), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(content, content)
	return seq(integer(e.version), set(e.recipients...), seq(oid(e.contentType), algorithm(e.cipher, octets(iv...)), implicit(0, content...)))
}

// byKeyID names a recipient by its key identifier, bySerial by issuer and serial number.
func byKeyID(id []byte) der        { return implicit(0, id...) }
func bySerial(c *certificate) der  { return seq(c.issuer, c.serial) }
func keyIDInside(id []byte) der    { return explicit(0, octets(id...)) } // RecipientKeyIdentifier
func recipientTo(rid, key der) der { return seq(seq(rid, key)) }
func wrapWith(id string) (der, int) {
	return algorithm(id), map[string]int{idAES128Wrap: 16, idAES256Wrap: 32}[id]
}

// transport encrypts a key to an RSA key (RFC 5652, section 6.2.1).
func transport(version int64, rid der, k *key, cek []byte) der {
	return seq(integer(version), rid, algorithm(idRSA, null()), octets(k.rsa.encrypt(cek)...))
}

// encrypt is RSAES-PKCS1-v1_5 (RFC 8017, section 7.2.1), with padding that
// depends on the key alone.
func (k *rsaKey) encrypt(m []byte) []byte {
	em := make([]byte, (k.n.BitLen()+7)/8)
	em[1] = 2
	for i, v := range mgf1(crypto.SHA256, append([]byte("padding"), m...), len(em)-len(m)-3) {
		em[2+i] = v | 1
	}
	copy(em[len(em)-len(m):], m)
	c := new(big.Int).Exp(new(big.Int).SetBytes(em), big.NewInt(65537), k.n)
	return c.FillBytes(make([]byte, len(em)))
}

// agreement wraps a key with one agreed on with a key on P-256 (RFC 5753, section 3.1).
func agreement(rid der, k *key, ukm []byte, wrap string, cek []byte) der {
	ephemeral, err := ecdh.P256().NewPrivateKey(random("ephemeral", 32))
	if err != nil {
		panic(err)
	}
	theirs, err := ecdh.P256().NewPublicKey(k.public)
	if err != nil {
		panic(err)
	}
	z, err := ephemeral.ECDH(theirs)
	if err != nil {
		panic(err)
	}
	algorithmOfWrap, size := wrapWith(wrap)
	var entity, material der
	if ukm != nil {
		entity, material = explicit(0, octets(ukm...)), explicit(1, octets(ukm...))
	}
	info := seq(algorithmOfWrap, entity, explicit(2, octets(0, 0, byte(8*size>>8), byte(8*size))))
	h := sha256.Sum256(join(z, der{0, 0, 0, 1}, info))
	origin := explicit(0, explicit(1, algorithm(idEC, oid("1.2.840.10045.3.1.7")), bits(ephemeral.PublicKey().Bytes()...)))
	return explicit(1, integer(3), origin, material, algorithm(idECDHSHA256, algorithmOfWrap),
		recipientTo(rid, octets(seal.WrapAES(h[:size], cek)...)))
}

// password wraps a key with one made of a password (RFC 9483, section 4.1.6.3).
func password(secret, salt []byte, rounds int64, wrap string, cek []byte) der {
	algorithmOfWrap, size := wrapWith(wrap)
	derivation := algorithm(idPBKDF2, seq(octets(salt...), integer(rounds), algorithm(hmacIDs[crypto.SHA256], null())))
	kek := pbkdf2(crypto.SHA256, secret, salt, rounds, size)
	return explicit(3, integer(0), retag(0, derivation), algorithmOfWrap, octets(seal.WrapAES(kek, cek)...))
}

// signedKeys is a SignedData over a key package (RFC 5652, section 5.1).
type signedKeys struct {
	version int64
	content der
	key     *key // that signs
	cert    *certificate
	sid     der  // nil: the key identifier of cert
	bare    bool // without signed attributes
	spoil   func(signature []byte)
}

func (s *signedKeys) der() der {
	sid := s.sid
	if sid == nil {
		sid = byKeyID(s.key.hash())
	}
	digest := sum(crypto.SHA256, s.content)
	attributes := join(attribute(idContentType, oid(idKeyPackage)), attribute(idMessageDigest, octets(digest...)))
	signed, inner := set(attributes), explicit(0, attributes)
	if s.bare {
		signed, inner = s.content, nil
	}
	signature := s.key.sign(s.key.usual, signed)
	if s.spoil != nil {
		s.spoil(signature)
	}
	info := seq(integer(s.version), sid, algorithm(hashIDs[crypto.SHA256]), inner, s.key.usual.id, octets(signature...))
	return seq(integer(s.version), set(algorithm(hashIDs[crypto.SHA256])), seq(oid(idKeyPackage), explicit(0, octets(s.content...))),
		explicit(0, s.cert.der), set(info))
}

// packaged is a key in a package: OneAsymmetricKey with its public half (RFC 5958, section 2).
func packaged(name string, k *key) der {
	all := reader(private(name))
	in := all.element(0x30)
	in.element(0x02)
	alg, octetString := in.element(0x30), in.element(0x04)
	return seq(integer(1), seq(der(alg)), octets(octetString...), implicit(1, join(der{0}, k.public)...))
}
