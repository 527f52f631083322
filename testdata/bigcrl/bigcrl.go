// Package bigcrl makes the large CRL that benchmarks decode: 200,000 entries
// in 9.3 MB, like the lists of a public CA after a mass revocation. It is made
// anew each time, always with the same octets, and is never stored.
//
// It is not for judging: the signature is a plausible value that no key made.
//
//	b := bigcrl.CRL(bigcrl.Entries)
//
// The shape is CertificateList of RFC 5280, section 5.1.
package bigcrl

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Entries and Elements are the size at which programs are compared. Elements
// counts every element there is, those inside the extensions' OCTET STRINGs
// too.
const (
	Entries  = 200_000
	Elements = 1_433_397
)

// CRL is a CRL of that many entries. Five of six carry a reason code.
func CRL(entries int) []byte {
	list := make([]byte, 0, 49*entries)
	revoked := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	for i := range entries {
		list = appendEntry(list, i, revoked.Add(time.Duration(i)*37*time.Second))
	}
	signature := make([]byte, 0, 257)
	signature = append(signature, 0)
	for i := range 8 {
		h := sha256.Sum256([]byte{'s', byte(i)})
		signature = append(signature, h[:]...)
	}
	tbs := tlv(0x30,
		[]byte{0x02, 0x01, 0x01},
		sha256WithRSA,
		issuer(),
		tlv(0x17, []byte("261120060000Z")),
		tlv(0x17, []byte("261127060000Z")),
		tlv(0x30, list),
		tlv(0xa0, tlv(0x30, crlExtensions()...)),
	)
	return tlv(0x30, tbs, sha256WithRSA, tlv(0x03, signature))
}

// appendEntry adds one element of revokedCertificates: a serial number of 16
// octets, the date, and mostly a reason.
func appendEntry(b []byte, i int, revoked time.Time) []byte {
	var seed [8]byte
	binary.BigEndian.PutUint64(seed[:], uint64(i))
	serial := sha256.Sum256(seed[:])
	serial[0] = serial[0]&0x3f | 0x40
	length := byte(18 + 15)
	reason := i%6 != 5
	if reason {
		length += 14
	}
	b = append(b, 0x30, length, 0x02, 16)
	b = append(b, serial[:16]...)
	b = append(b, 0x17, 13)
	b = revoked.AppendFormat(b, "060102150405Z")
	if reason {
		code := [5]byte{1, 3, 4, 5, 9}[i%5] // those that TLS BR §7.2.2 allows
		b = append(b, 0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, code)
	}
	return b
}

// sha256WithRSA is 1.2.840.113549.1.1.11 with NULL parameters.
var sha256WithRSA = []byte{0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00}

func issuer() []byte {
	part := func(attribute, tag byte, text string) []byte {
		return tlv(0x31, tlv(0x30, []byte{0x06, 0x03, 0x55, 0x04, attribute}, tlv(tag, []byte(text))))
	}
	return tlv(0x30,
		part(6, 0x13, "GB"),
		part(10, 0x0c, "Example"),
		part(3, 0x0c, "Example Issuing CA R3"))
}

// crlExtensions are those that a large public CRL carries: authority key,
// number, distribution point, freshest CRL, authority information access.
func crlExtensions() [][]byte {
	id := func(octets ...byte) []byte { return tlv(0x06, octets) }
	urls := func(names ...string) []byte {
		var all []byte
		for _, n := range names {
			all = append(all, tlv(0x86, []byte(n))...)
		}
		return tlv(0xa0, tlv(0xa0, all))
	}
	key := sha256.Sum256([]byte("key"))
	return [][]byte{
		tlv(0x30, id(0x55, 0x1d, 0x23), tlv(0x04, tlv(0x30, tlv(0x80, key[:20])))),
		tlv(0x30, id(0x55, 0x1d, 0x14), tlv(0x04, []byte{0x02, 0x02, 0x12, 0x34})),
		tlv(0x30, id(0x55, 0x1d, 0x1c), []byte{0x01, 0x01, 0xff}, tlv(0x04, tlv(0x30,
			urls("http://crl.example.org/r3.crl", "http://crl.example.com/r3.crl"),
			[]byte{0x81, 0x01, 0xff}))),
		tlv(0x30, id(0x55, 0x1d, 0x2e), tlv(0x04, tlv(0x30, tlv(0x30,
			urls("http://crl.example.org/r3-delta.crl"))))),
		tlv(0x30, id(0x2b, 6, 1, 5, 5, 7, 1, 1), tlv(0x04, tlv(0x30, tlv(0x30,
			id(0x2b, 6, 1, 5, 5, 7, 0x30, 2), tlv(0x86, []byte("http://ca.example.org/r3.cer")))))),
	}
}

// tlv is a DER element.
func tlv(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	b := append(make([]byte, 0, n+6), tag)
	switch {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 0x100:
		b = append(b, 0x81, byte(n))
	case n < 0x10000:
		b = append(b, 0x82, byte(n>>8), byte(n))
	case n < 0x1000000:
		b = append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		b = append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
