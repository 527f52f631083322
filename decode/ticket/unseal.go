package ticket

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"

	"derscope/decode/suite"
)

// unsealed is what one key makes of one layout of a ticket.
type unsealed struct {
	proved bool   // the MAC or tag holds
	plain  []byte // nil if the padding or the compression is wrong
	why    string // it is
	cipher string // that was used, where the key does not say
	mac    string
	step   int64
}

// fits says for which layouts a reading is.
func (k *Key) fits(l *Layout) bool {
	switch k.scheme {
	case block:
		if k.h2o {
			return l == h2o
		}
		return l == opensslCBC || l == opensslMAC20 || l == rustls5077 || l == nss
	case fromGo:
		return l == goCTR || l == goNamed
	case fromGnu, gnuDirect:
		return l == gnutls
	case fromS2N:
		return l == s2nV1 || l == s2nOld
	case fromFizz:
		return l == fizz
	case fromBotan:
		return l == botan
	case rolling:
		return l == wolfssl
	}
	return l == mbedtls || l == rustlsAEAD || l == rustlsOld || l == jsse || l == jsse25
}

// sameName says whether the ticket names the key. A key without a name, and a
// layout without one, say nothing.
func (k *Key) sameName(l *Layout, s sealedParts) (same, known bool) {
	if k.scheme == fromGnu {
		_, ok := k.steps.find(k.material, s.name)
		return ok, true
	}
	if k.Name == nil || s.name == nil {
		return false, false
	}
	if k.scheme == rolling { // the last bit says which of the two keys
		a, b := bytes.Clone(k.Name), bytes.Clone(s.name)
		a[15], b[15] = a[15]&^1, b[15]&^1
		return bytes.Equal(a, b), true
	}
	return bytes.Equal(k.Name, s.name), true
}

// unseal tries a key on a layout: MAC first.
func (k *Key) unseal(l *Layout, s sealedParts) (u unsealed) {
	switch k.scheme {
	case block:
		return k.unsealBlock(l, s)
	case fromGo:
		if u.proved = verify(sha256.New, k.MACKey, s.mac, s.covered); u.proved {
			u.plain = ctr(k.CipherKey, s.iv, s.ct)
		}
	case fromGnu:
		step, ok := k.steps.find(k.material, s.name)
		if !ok {
			return u
		}
		h := stepKeys(k.material, step)
		u.step = step
		if u.proved = verify(sha1.New, h[48:64], s.mac, s.covered); u.proved {
			u.plain = cbc(h[16:48], s.iv, s.ct)
		}
	case gnuDirect:
		if u.proved = verify(sha1.New, k.MACKey, s.mac, s.covered); u.proved {
			u.plain = cbc(k.CipherKey, s.iv, s.ct) // padded with zeros, which the state's reader knows
		}
	default:
		u.plain = k.unsealAEAD(l, s, &u)
		u.proved = u.plain != nil
		if u.proved && l == jsse25 && s.before[len(s.before)-1] == 1 {
			plain, ok := gunzip(u.plain)
			if u.plain = plain; !ok {
				u.plain, u.why = nil, "the state is marked as compressed, and it is not"
			}
		}
	}
	return u
}

// unsealBlock is for CBC with an HMAC. Which octets the MAC covers is what
// tells rustls from OpenSSL.
func (k *Key) unsealBlock(l *Layout, s sealedParts) (u unsealed) {
	h, mac := macs[k.MAC], k.MAC
	switch l {
	case opensslMAC20:
		h, mac = sha1.New, "HMAC-SHA-1"
		u.proved = verify(h, k.MACKey, s.mac, s.covered)
	case rustls5077:
		n := len(s.ct)
		u.proved = verify(h, k.MACKey, s.mac, s.before, []byte{byte(n >> 8), byte(n)}, s.ct)
	default:
		u.proved = verify(h, k.MACKey, s.mac, s.covered)
	}
	u.mac = mac
	if !u.proved {
		return u
	}
	if plain, ok := unpad(cbc(k.CipherKey, s.iv, s.ct)); ok {
		u.plain = plain
	} else {
		u.why = "the MAC holds, and the padding is wrong: the cipher key or the cipher is another one"
	}
	return u
}

// unsealAEAD gives the state, or nil if the tag does not hold.
func (k *Key) unsealAEAD(l *Layout, s sealedParts, u *unsealed) []byte {
	either := func(nonce, more []byte) []byte {
		u.cipher = gcmName(len(k.CipherKey))
		p := gcm(k.CipherKey, nonce, s.ct, s.mac, more)
		if p == nil && len(k.CipherKey) == 32 {
			u.cipher = "ChaCha20-Poly1305"
			p = chacha(k.CipherKey, nonce, s.ct, s.mac, more)
		}
		return p
	}
	switch l {
	case mbedtls:
		return either(s.iv, s.before)
	case wolfssl:
		return either(s.iv[:12], s.before)
	case rustlsAEAD:
		u.cipher = "ChaCha20-Poly1305"
		return chacha(k.CipherKey, s.iv, s.ct, s.mac, s.name)
	case rustlsOld:
		u.cipher = "ChaCha20-Poly1305"
		return chacha(k.CipherKey, s.iv, s.ct, s.mac, nil)
	case jsse, jsse25:
		if len(k.CipherKey) != 32 {
			return nil
		}
		more := s.name
		if l == jsse25 {
			more = append(append([]byte{}, s.name...), s.before[len(s.before)-1])
		}
		return gcm(k.CipherKey, s.iv, s.ct, s.mac, more)
	case s2nV1, s2nOld:
		d := hkdf(nil, k.material, nil, 44)
		key := d[:32]
		if l == s2nV1 {
			key = hkdf(nil, key, s.salt, 32)
		}
		return gcm(key, s.iv, s.ct, s.mac, append(append([]byte{}, d[32:]...), s.name...))
	case fizz:
		d := hkdf([]byte("Fizz Ticket Codec v2"), k.material, s.salt, 28)
		return gcm(d[:16], d[16:], s.ct, s.mac, nil) // the sequence number is zero
	case botan:
		return gcm(sum(sha512.New512_256, k.material, s.salt), s.iv, s.ct, s.mac, s.before)
	}
	return nil
}

// hkdf is HKDF with SHA-256, whole (RFC 5869).
func hkdf(salt, secret, info []byte, n int) []byte {
	return suite.SHA256.Expand(suite.SHA256.Extract(salt, secret), info, n)
}
