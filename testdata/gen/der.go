package main

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// der is one encoded element, or several in a row. Everything below makes
// DER, unless its name says that it does not.
type der = []byte

// join puts elements in a row.
func join(parts ...der) der {
	var all der
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// tlv is an element with the given identifier octet.
func tlv(tag byte, parts ...der) der {
	var b cryptobyte.Builder
	b.AddASN1(asn1.Tag(tag), func(b *cryptobyte.Builder) { b.AddBytes(join(parts...)) })
	return b.BytesOrPanic()
}

func seq(parts ...der) der                 { return tlv(0x30, parts...) }
func set(parts ...der) der                 { return tlv(0x31, parts...) }
func explicit(n byte, parts ...der) der    { return tlv(0xa0|n, parts...) }
func implicit(n byte, content ...byte) der { return tlv(0x80|n, content) }
func octets(content ...byte) der           { return tlv(0x04, content) }
func bits(content ...byte) der             { return tlv(0x03, der{0}, content) }
func enumerated(n byte) der                { return tlv(0x0a, der{n}) }
func boolean() der                         { return der{0x01, 0x01, 0xff} }
func null() der                            { return der{0x05, 0x00} }
func utf8(s string) der                    { return tlv(0x0c, der(s)) }
func printable(s string) der               { return tlv(0x13, der(s)) }
func ia5(s string) der                     { return tlv(0x16, der(s)) }

func integer(n int64) der {
	var b cryptobyte.Builder
	b.AddASN1Int64(n)
	return b.BytesOrPanic()
}

func bigInteger(n *big.Int) der {
	var b cryptobyte.Builder
	b.AddASN1BigInt(n)
	return b.BytesOrPanic()
}

// integerOctets is an INTEGER with the content as given, minimal or not.
func integerOctets(content ...byte) der { return tlv(0x02, content) }

// oid encodes a dotted object identifier.
func oid(dotted string) der {
	var arcs []int
	for _, s := range strings.Split(dotted, ".") {
		n, err := strconv.Atoi(s)
		if err != nil {
			panic("gen: " + dotted + " is not an object identifier")
		}
		arcs = append(arcs, n)
	}
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(arcs)
	return b.BytesOrPanic()
}

// timeForm is the one form of GeneralizedTime that RFC 5280, section
// 4.1.2.5.2 allows.
const timeForm = "20060102150405Z"

func generalized(t time.Time) der       { return generalizedText(t.UTC().Format(timeForm)) }
func generalizedText(text string) der   { return tlv(0x18, der(text)) }
func utcTime(t time.Time) der           { return tlv(0x17, der(t.UTC().Format(timeForm[2:]))) }
func namedBits(content ...byte) der     { return tlv(0x03, content) }
func algorithm(id string, p ...der) der { return seq(oid(id), join(p...)) }

// certificateTime is a Time of RFC 5280, section 4.1.2.5: UTCTime through
// 2049.
func certificateTime(t time.Time) der {
	if t.Year() < 2050 {
		return utcTime(t)
	}
	return generalized(t)
}

// body is the content of the first element in b, without identifier and
// length.
func body(b der) der {
	s := cryptobyte.String(b)
	var content cryptobyte.String
	var tag asn1.Tag
	if !s.ReadAnyASN1(&content, &tag) {
		panic("gen: body of something that is not DER")
	}
	return der(content)
}

// longLength is BER: the same element with a length of n octets, more than
// the shortest form needs.
func longLength(b der, n int) der {
	content := body(b)
	out := der{b[0], 0x80 | byte(n)}
	for i := n - 1; i >= 0; i-- {
		out = append(out, byte(len(content)>>(8*i)))
	}
	return append(out, content...)
}

// indefinite is BER: the same element closed by end-of-contents octets.
func indefinite(b der) der {
	return join(der{b[0], 0x80}, body(b), der{0, 0})
}
