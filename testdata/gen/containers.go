package main

import (
	"crypto"
	"encoding/base64"
	"encoding/pem"
	"strings"
)

const (
	idData       = "1.2.840.113549.1.7.1"
	idSignedData = "1.2.840.113549.1.7.2"
)

// bundle is SignedData that signs nothing and only carries certificates and
// CRLs (RFC 5652, section 5.1; RFC 8551, section 3.8).
func bundle(certs, lists []der) der {
	var c, l der
	if certs != nil {
		c = explicit(0, certs...)
	}
	if lists != nil {
		l = explicit(1, lists...)
	}
	return seq(oid(idSignedData), explicit(0, seq(integer(1), set(), seq(oid(idData)), c, l, set())))
}

// private is a key file as it lies in testdata/gen/keys: it protects
// nothing, and the report must not show it all the same.
func private(name string) []byte {
	text, err := keyFiles.ReadFile("keys/" + name + ".pem")
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	return block.Bytes
}

// inner is the OCTET STRING of a PKCS #8 key: the key in its own form.
func inner(name string) []byte {
	r := reader(private(name))
	all := r.element(0x30)
	all.element(0x02)
	all.element(0x30)
	return all.element(0x04)
}

// sec1 is the ECPrivateKey of RFC 5915, section 3, with the curve in it.
func sec1(k *key, curve string) []byte {
	return seq(integer(1), octets(k.curve.d.FillBytes(make([]byte, 32))...), explicit(0, oid(curve)), explicit(1, bits(k.public...)))
}

// sole is a scene of one PEM block.
func sole(name, label string, b func(s *scene) []byte) func(s *scene) {
	return showing(func(s *scene) []file { return []file{armored(name, label, b(s))} })
}

// containers is about what holds certificates or keys: bundles, PKCS #12,
// private and public keys, and a Name alone.
var containers = []vector{
	{name: "pkcs7-bundle", about: "A PKCS #7 bundle of leaf, issuing CA and root.",
		make: sole("bundle.p7b", "PKCS7", func(s *scene) []byte {
			return bundle([]der{s.leaf.der, s.issuing.der, s.root.der}, nil)
		})},
	{name: "pkcs7-empty", about: "A PKCS #7 bundle without certificates.",
		make: sole("bundle.p7b", "PKCS7", func(*scene) []byte { return bundle(nil, nil) })},
	{name: "pkcs7-broken-certificate", about: "A PKCS #7 bundle whose second certificate is none.", pair: "pkcs7-bundle",
		make: sole("bundle.p7b", "PKCS7", func(s *scene) []byte {
			return bundle([]der{s.leaf.der, seq(integer(1)), s.root.der}, nil)
		})},
	{name: "pkcs12", about: "A PKCS #12 file, which is named and not opened.",
		make: showing(func(*scene) []file {
			encrypted := seq(oid("1.2.840.113549.1.7.6"), explicit(0, seq(integer(0), seq(oid(idData),
				algorithm("1.2.840.113549.1.12.1.6", seq(octets(random("salt", 8)...), integer(2048))), implicit(0, random("bag", 64)...)))))
			mac := seq(seq(algorithm(hashIDs[crypto.SHA256], null()), octets(random("mac", 32)...)), octets(random("salt", 8)...), integer(2048))
			return []file{hexFile("store.hex", seq(integer(3), seq(oid(idData), explicit(0, octets(seq(encrypted)...))), mac))}
		})},
	{name: "private-key-pkcs8", about: "A private key, PKCS #8.",
		make: sole("key.pem", "PRIVATE KEY", func(*scene) []byte { return private("ed25519") })},
	{name: "private-key-ec", about: "A private key, SEC 1.",
		make: sole("key.pem", "EC PRIVATE KEY", func(s *scene) []byte { return sec1(s.key("leaf"), "1.2.840.10045.3.1.7") })},
	{name: "private-key-rsa", about: "A private key, PKCS #1, of 1024 bits.",
		make: sole("key.pem", "RSA PRIVATE KEY", func(*scene) []byte { return inner("rsa1024") })},
	{name: "private-key-der", about: "A private key as bare hex, without any label.", pair: "private-key-pkcs8",
		make: showing(func(*scene) []file { return []file{hexFile("key.hex", private("ed25519"))} })},
	{name: "private-key-encrypted", about: "An encrypted private key, PKCS #8.",
		make: sole("key.pem", "ENCRYPTED PRIVATE KEY", func(*scene) []byte {
			kdf := algorithm("1.2.840.113549.1.5.12", seq(octets(random("salt", 16)...), integer(2048), algorithm("1.2.840.113549.2.9", null())))
			cipher := algorithm("2.16.840.1.101.3.4.1.42", octets(random("iv", 16)...))
			return seq(algorithm("1.2.840.113549.1.5.13", seq(kdf, cipher)), octets(random("key", 96)...))
		})},
	{name: "private-key-proc-type", about: "A private key in encrypted PEM of the old kind.",
		make: showing(func(*scene) []file {
			b := base64.StdEncoding.EncodeToString(random("key", 96))
			return []file{{"key.pem", strings.Join([]string{
				"-----BEGIN EC PRIVATE KEY-----", "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F", "",
				b[:64], b[64:], "-----END EC PRIVATE KEY-----", "",
			}, "\n")}}
		})},
	{name: "public-key", about: "A public key on P-256.",
		make: sole("key.pem", "PUBLIC KEY", func(s *scene) []byte { return s.key("leaf").spki })},
	{name: "public-key-mldsa87", about: "A public key of ML-DSA-87.",
		make: sole("key.pem", "PUBLIC KEY", func(s *scene) []byte { return s.key("mldsa87").spki })},
	{name: "public-key-rsa768", about: "A public key of RSA with 768 bits.",
		make: sole("key.pem", "PUBLIC KEY", func(s *scene) []byte { return s.key("rsa768").spki })},
	{name: "public-key-off-curve", about: "A public key on P-256 whose point is not on the curve.", pair: "public-key",
		make: sole("key.pem", "PUBLIC KEY", func(s *scene) []byte {
			b := append([]byte(nil), s.key("leaf").spki...)
			b[len(b)-1] ^= 1
			return b
		})},
	{name: "public-key-truncated", about: "A public key whose last octet is missing.", pair: "public-key",
		make: sole("key.pem", "PUBLIC KEY", func(s *scene) []byte {
			b := s.key("leaf").spki
			return b[:len(b)-1]
		})},
	{name: "name", about: "A Name alone.", make: showing(func(s *scene) []file { return []file{hexFile("name.hex", s.issuing.subject)} })},
}
