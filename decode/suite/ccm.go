package suite

import (
	"crypto/cipher"
	"crypto/subtle"
	"errors"
)

// ccm is AES in the CCM mode with nonces of 12 octets, as TLS has it (RFC 3610
// with L = 3; RFC 6655, section 3).
type ccm struct {
	block cipher.Block
	tag   int
}

// newCCM makes an AEAD of a block cipher of 16 octets; tag is 16 or 8.
func newCCM(block cipher.Block, tag int) cipher.AEAD { return ccm{block, tag} }

func (c ccm) NonceSize() int { return 12 }
func (c ccm) Overhead() int  { return c.tag }

var errTag = errors.New("suite: the tag does not fit")

// mac is the CBC-MAC over the lengths, the additional data and the text.
func (c ccm) mac(nonce, text, data []byte) []byte {
	var x [16]byte
	x[0] = byte((c.tag-2)/2)<<3 | 2 // L − 1
	if len(data) > 0 {
		x[0] |= 1 << 6
	}
	copy(x[1:13], nonce)
	x[13], x[14], x[15] = byte(len(text)>>16), byte(len(text)>>8), byte(len(text))
	c.block.Encrypt(x[:], x[:])
	add := func(b []byte) {
		for len(b) > 0 {
			n := subtle.XORBytes(x[:], x[:], b[:min(16, len(b))])
			c.block.Encrypt(x[:], x[:])
			b = b[n:]
		}
	}
	if len(data) > 0 { // TLS never has more than 13 octets here, far below 65,280
		add(append([]byte{byte(len(data) >> 8), byte(len(data))}, data...))
	}
	add(text)
	return x[:c.tag]
}

// crypt adds the key stream; it begins at block 1, and block 0 covers the tag.
func (c ccm) crypt(nonce, out, in []byte) (first [16]byte) {
	var a [16]byte
	a[0] = 2
	copy(a[1:13], nonce)
	c.block.Encrypt(first[:], a[:])
	var stream [16]byte
	for n := 1; len(in) > 0; n++ {
		a[13], a[14], a[15] = byte(n>>16), byte(n>>8), byte(n)
		c.block.Encrypt(stream[:], a[:])
		k := subtle.XORBytes(out, in, stream[:])
		out, in = out[k:], in[k:]
	}
	return first
}

func (c ccm) Seal(dst, nonce, text, data []byte) []byte {
	out := make([]byte, len(text)+c.tag)
	tag := c.mac(nonce, text, data)
	first := c.crypt(nonce, out, text)
	subtle.XORBytes(out[len(text):], tag, first[:c.tag])
	return append(dst, out...)
}

func (c ccm) Open(dst, nonce, sealed, data []byte) ([]byte, error) {
	n := len(sealed) - c.tag
	if n < 0 {
		return nil, errTag
	}
	text := make([]byte, n)
	first := c.crypt(nonce, text, sealed[:n])
	want := c.mac(nonce, text, data)
	subtle.XORBytes(want, want, first[:c.tag])
	if subtle.ConstantTimeCompare(want, sealed[n:]) != 1 {
		return nil, errTag
	}
	return append(dst, text...), nil
}
