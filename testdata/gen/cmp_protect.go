package main

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/x509"
	"hash"
)

// The protections of this file are those that OpenSSL does not make.

const (
	idDHBasedMac  = "1.2.840.113533.7.66.30"
	idKemBasedMac = "1.2.840.113533.7.66.16"
	idAES256GMAC  = "2.16.840.1.101.3.4.1.49"
	idKMAC256     = "2.16.840.1.101.3.4.2.20"
	idHMACSHA3256 = "2.16.840.1.101.3.4.2.14"
	idHMACMD5     = "1.3.6.1.5.5.8.1.1"
	idHKDFSHA256  = "1.2.840.113549.1.9.16.3.28"
	idMLKEM768    = "2.16.840.1.101.3.4.4.2"
)

// computed is a protection whose value a function computes.
type computed struct {
	id    der
	value func(part []byte) []byte
}

func (p computed) algorithm() der             { return p.id }
func (p computed) protect(part []byte) []byte { return p.value(part) }

// gmac is AES-GMAC with a nonce and a tag of 16 octets (RFC 9044).
func gmac(key, nonce []byte) computed {
	return computed{algorithm(idAES256GMAC, seq(octets(nonce...), integer(16))), func(part []byte) []byte {
		block, err := aes.NewCipher(key)
		if err != nil {
			panic(err)
		}
		g, err := cipher.NewGCM(block)
		if err != nil {
			panic(err)
		}
		return g.Seal(nil, nonce, nil, part)
	}}
}

// kmac256 is KMAC256 with 64 octets (NIST SP 800-185, section 4): key is shorter
// than 256 octets.
func kmac256(key []byte, parameters ...der) computed {
	return computed{algorithm(idKMAC256, parameters...), func(part []byte) []byte {
		const rate = 136
		h := sha3.NewCSHAKE256([]byte("KMAC"), nil)
		bits := 8 * len(key)
		head := append([]byte{1, rate, 2, byte(bits >> 8), byte(bits)}, key...)
		if bits < 256 {
			head = append([]byte{1, rate, 1, byte(bits)}, key...)
		}
		h.Write(append(head, make([]byte, rate-len(head)%rate)...))
		h.Write(part)
		h.Write([]byte{2, 0, 2}) // 512 bits
		out := make([]byte, 64)
		h.Read(out)
		return out
	}}
}

// sha3MAC is HMAC with SHA3-256 (RFC 9688, section 4).
func sha3MAC(key []byte, parameters ...der) computed {
	return computed{algorithm(idHMACSHA3256, parameters...), func(part []byte) []byte {
		w := hmac.New(func() hash.Hash { return sha3.New256() }, key)
		w.Write(part)
		return w.Sum(nil)
	}}
}

// dhMAC is DHBasedMac with SHA-256 and HMAC-SHA256 (RFC 9810, section 5.1.3.2).
func dhMAC(z []byte) computed {
	key := sha256.Sum256(z)
	return computed{algorithm(idDHBasedMac, seq(algorithm(hashIDs[crypto.SHA256]), algorithm(hmacIDs[crypto.SHA256]))),
		func(part []byte) []byte { return hmacOf(crypto.SHA256, key[:], part) }}
}

// agreed is what the private key of that name and a public key on P-256 agree on.
func agreed(name string, public []byte) []byte {
	k, err := x509.ParsePKCS8PrivateKey(private(name))
	if err != nil {
		panic(err)
	}
	own, err := k.(*ecdsa.PrivateKey).ECDH()
	if err != nil {
		panic(err)
	}
	theirs, err := ecdh.P256().NewPublicKey(public)
	if err != nil {
		panic(err)
	}
	z, err := own.ECDH(theirs)
	if err != nil {
		panic(err)
	}
	return z
}

// kemSecret is an agreement by ML-KEM-768: the private key in PKCS #8 (RFC 9935,
// section 6), a ciphertext for it, and the secret inside.
func kemSecret(seed string) (pkcs8 der, ciphertext, shared []byte) {
	d := random(seed, mlkem.SeedSize)
	k, err := mlkem.NewDecapsulationKey768(d)
	if err != nil {
		panic(err)
	}
	shared, ciphertext, err = mlkemtest.Encapsulate768(k.EncapsulationKey(), random(seed+" ciphertext", 32))
	if err != nil {
		panic(err)
	}
	return seq(integer(0), algorithm(idMLKEM768), octets(implicit(0, d...)...)), ciphertext, shared
}

// kemMAC is KemBasedMac with HKDF and HMAC, both of SHA-256 (RFC 9810, section 5.1.3.4).
func kemMAC(shared, transaction []byte, length int) computed {
	info := seq(freeText("CMP-KEM"), octets(transaction...))
	key, err := hkdf.Key(sha256.New, shared, nil, string(info), length)
	if err != nil {
		panic(err)
	}
	return computed{algorithm(idKemBasedMac, seq(algorithm(idHKDFSHA256), integer(int64(length)), algorithm(hmacIDs[crypto.SHA256]))),
		func(part []byte) []byte { return hmacOf(crypto.SHA256, key, part) }}
}
