// Package seal makes session tickets in the layouts of many programs, for tests
// and for vectors. Nothing in it is random: IVs and names are given.
//
//	t := seal.OpenSSL(block[:16], block[48:], block[16:48], iv, state)
//
// It shares no code with package ticket, which has to open what is made here.
package seal

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/binary"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
)

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func u16(n int) []byte { return []byte{byte(n >> 8), byte(n)} }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func cbc(key, iv, state []byte, zeros bool) []byte {
	n := aes.BlockSize - len(state)%aes.BlockSize
	pad := bytes.Repeat([]byte{byte(n)}, n)
	if zeros {
		pad = make([]byte, n%aes.BlockSize)
	}
	out := join(state, pad)
	cipher.NewCBCEncrypter(must(aes.NewCipher(key)), iv).CryptBlocks(out, out)
	return out
}

func ctr(key, iv, state []byte) []byte {
	out := bytes.Clone(state)
	cipher.NewCTR(must(aes.NewCipher(key)), iv).XORKeyStream(out, out)
	return out
}

func gcm(key, nonce, state, more []byte) []byte {
	return must(cipher.NewGCMWithNonceSize(must(aes.NewCipher(key)), len(nonce))).Seal(nil, nonce, state, more)
}

func mac(h func() hash.Hash, key []byte, parts ...[]byte) []byte {
	m := hmac.New(h, key)
	for _, p := range parts {
		m.Write(p)
	}
	return m.Sum(nil)
}

// OpenSSL seals as OpenSSL, nginx, Apache, HAProxy and h2o do.
func OpenSSL(name, aesKey, macKey, iv, state []byte) []byte {
	t := join(name, iv, cbc(aesKey, iv, state, false))
	return append(t, mac(sha256.New, macKey, t)...)
}

// SHA1 seals as an OpenSSL without SHA-256.
func SHA1(name, aesKey, macKey, iv, state []byte) []byte {
	t := join(name, iv, cbc(aesKey, iv, state, false))
	return append(t, mac(sha1.New, macKey, t)...)
}

// NSS seals with the length in front of the ciphertext; name begins with NSS!.
func NSS(name, aesKey, macKey, iv, state []byte) []byte {
	ct := cbc(aesKey, iv, state, false)
	t := join(name, iv, u16(len(ct)), ct)
	return append(t, mac(sha256.New, macKey, t)...)
}

// GnuTLS seals under the keys that it makes of a master secret for a time step.
func GnuTLS(master []byte, step uint64, iv, state []byte) []byte {
	k := sha3.Sum512(append(binary.BigEndian.AppendUint64(nil, step), master...))
	return GnuTLSDirect(k[:], iv, state)
}

// GnuTLSDirect seals under 64 octets as they are.
func GnuTLSDirect(k, iv, state []byte) []byte {
	ct := cbc(k[16:48], iv, state, true)
	t := join(k[:16], iv, u16(len(ct)), ct)
	return append(t, mac(sha1.New, k[48:64], t)...)
}

// WolfSSL seals with ChaCha20-Poly1305 for keys of 32 octets, else AES-GCM.
func WolfSSL(name, key, iv, state []byte) []byte {
	head := join(name, iv, u16(len(state)))
	ct := []byte(nil)
	if len(key) == 32 {
		ct = must(chacha20poly1305.New(key)).Seal(nil, iv[:12], state, head)
	} else {
		ct = gcm(key, iv[:12], state, head)
	}
	return join(head, ct, make([]byte, 16))
}

// MbedTLS seals with AES-GCM.
func MbedTLS(name, key, iv, state []byte) []byte {
	head := join(name, iv, u16(len(state)))
	return append(head, gcm(key, iv, state, head)...)
}

// Go seals as Go does since 1.21.
func Go(secret, iv, state []byte) []byte {
	k := sha512.Sum512(secret)
	t := join(iv, ctr(k[16:32], iv, state))
	return append(t, mac(sha256.New, k[32:48], t)...)
}

// GoNamed seals as Go did up to 1.20.
func GoNamed(secret, iv, state []byte) []byte {
	k := sha512.Sum512(secret)
	t := join(k[:16], iv, ctr(k[16:32], iv, state))
	return append(t, mac(sha256.New, k[32:48], t)...)
}

// RustlsOld seals as rustls did before 0.23.11.
func RustlsOld(key, nonce, state []byte) []byte {
	return join(nonce, must(chacha20poly1305.New(key)).Seal(nil, nonce, state, nil))
}

// Rustls seals as rustls does with ring.
func Rustls(name, key, nonce, state []byte) []byte {
	return join(name, nonce, must(chacha20poly1305.New(key)).Seal(nil, nonce, state, name))
}

// Rustls5077 seals as rustls does with aws-lc: the length is in the MAC alone.
func Rustls5077(name, aesKey, macKey, iv, state []byte) []byte {
	ct := cbc(aesKey, iv, state, false)
	return join(name, iv, ct, mac(sha256.New, macKey, name, iv, u16(len(ct)), ct))
}

// S2N seals as s2n-tls does since 1.5.
func S2N(name, secret, info, iv, state []byte) []byte {
	d := must(hkdf.Key(sha256.New, secret, nil, "", 44))
	key := must(hkdf.Key(sha256.New, d[:32], nil, string(info), 32))
	return join([]byte{1}, name, info, iv, gcm(key, iv, state, join(d[32:], name)))
}

// S2NOld seals as s2n-tls did before 1.5.
func S2NOld(name, secret, iv, state []byte) []byte {
	d := must(hkdf.Key(sha256.New, secret, nil, "", 44))
	return join(name, iv, gcm(d[:32], iv, state, join(d[32:], name)))
}

// JSSE seals as Java 13 to 24 do.
func JSSE(id, key, iv, state []byte) []byte { return join(id, iv, gcm(key, iv, state, id)) }

// JSSE25 seals as Java 25 does, with the state compressed.
func JSSE25(id, key, iv, state []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	must(w.Write(state))
	if err := w.Close(); err != nil {
		panic(err)
	}
	return join(id, iv, []byte{1}, gcm(key, iv, z.Bytes(), append(bytes.Clone(id), 1)))
}

// Fizz seals as fizz does without context strings.
func Fizz(secret, salt, state []byte) []byte {
	s := must(hkdf.Extract(sha256.New, secret, []byte("Fizz Ticket Codec v2")))
	d := must(hkdf.Expand(sha256.New, s, string(salt), 28))
	return join(salt, make([]byte, 4), gcm(d[:16], d[16:], state, nil))
}

// Botan seals as Botan does.
func Botan(secret, seed, nonce, state []byte) []byte {
	name := mac(sha512.New512_256, secret, []byte("BOTAN TLS SESSION KEY NAME"))[:4]
	head := join([]byte("\x06\x8b\x5a\x9d\x39\x6c\x00\x00"), name, seed, nonce)
	return append(head, gcm(mac(sha512.New512_256, secret, seed), nonce, state, head)...)
}
