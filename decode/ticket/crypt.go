package ticket

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
)

// sealedParts are the parts of a ticket that its protection works on.
type sealedParts struct {
	name, salt, iv, ct, mac []byte
	before                  []byte // everything before the ciphertext
	covered                 []byte // everything before the MAC
}

func (l *Layout) sealedParts(b []byte, parts []Part) (s sealedParts) {
	for _, p := range parts {
		v := b[p.Off:p.End()]
		switch p.Role {
		case KeyName:
			s.name = v
		case Salt:
			s.salt = v
		case Nonce:
			s.iv = v
		case Ciphertext:
			s.ct, s.before = v, b[:p.Off]
		case MAC:
			s.mac, s.covered = v, b[:p.Off]
		}
	}
	return s
}

// sum is the HMAC of the runs one behind the other. It is not that of package
// suite: tickets have hashes that TLS has not.
func sum(h func() hash.Hash, key []byte, runs ...[]byte) []byte {
	m := hmac.New(h, key)
	for _, run := range runs {
		m.Write(run)
	}
	return m.Sum(nil)
}

// verify says whether an HMAC holds over the runs.
func verify(h func() hash.Hash, key, mac []byte, runs ...[]byte) bool {
	return hmac.Equal(sum(h, key, runs...), mac)
}

// cbc deciphers whole blocks.
func cbc(key, iv, ct []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil || len(ct)%aes.BlockSize != 0 || len(iv) != aes.BlockSize {
		return nil
	}
	out := make([]byte, len(ct))
	cipher.NewCBCDecrypter(c, iv).CryptBlocks(out, ct)
	return out
}

// unpad takes the padding of PKCS #7 off, or says that it is wrong.
func unpad(b []byte) ([]byte, bool) {
	if len(b) == 0 {
		return nil, false
	}
	n := int(b[len(b)-1])
	if n == 0 || n > aes.BlockSize || n > len(b) {
		return nil, false
	}
	for _, c := range b[len(b)-n:] {
		if int(c) != n {
			return nil, false
		}
	}
	return b[:len(b)-n], true
}

func ctr(key, iv, ct []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil || len(iv) != aes.BlockSize {
		return nil
	}
	out := make([]byte, len(ct))
	cipher.NewCTR(c, iv).XORKeyStream(out, ct)
	return out
}

// gcm opens AES-GCM with a nonce of any length; nil if the tag does not hold.
func gcm(key, nonce, ct, tag, more []byte) []byte {
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	a, err := cipher.NewGCMWithNonceSize(c, len(nonce))
	if err != nil {
		return nil
	}
	return openAEAD(a, nonce, ct, tag, more)
}

// chacha opens ChaCha20-Poly1305; nil if the tag does not hold.
func chacha(key, nonce, ct, tag, more []byte) []byte {
	a, err := chacha20poly1305.New(key)
	if err != nil || len(nonce) != a.NonceSize() {
		return nil
	}
	return openAEAD(a, nonce, ct, tag, more)
}

func openAEAD(a cipher.AEAD, nonce, ct, tag, more []byte) []byte {
	joined := append(append(make([]byte, 0, len(ct)+len(tag)), ct...), tag...)
	out, err := a.Open(joined[:0], nonce, joined, more)
	if err != nil {
		return nil
	}
	return out
}

// botanName is the key name of Botan, src/lib/tls/tls_session.cpp.
func botanName(m []byte) []byte {
	return sum(sha512.New512_256, m, []byte("BOTAN TLS SESSION KEY NAME"))[:4]
}

// most bounds what a compressed state may grow to.
const most = 1 << 20

// gunzip decompresses a state.
func gunzip(b []byte) ([]byte, bool) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(z, most+1))
	return out, err == nil && len(out) <= most
}

var macs = map[string]func() hash.Hash{
	"HMAC-SHA-1": sha1.New, "HMAC-SHA-256": sha256.New, "HMAC-SHA-384": sha512.New384, "HMAC-SHA-512": sha512.New,
}
