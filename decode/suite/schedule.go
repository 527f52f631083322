package suite

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
)

// Hash is a hash function that TLS uses. In a key schedule, MD5 and SHA1 stand
// for the pair of both that TLS 1.0 and 1.1 use.
type Hash uint8

const (
	None Hash = iota
	MD5
	SHA1
	SHA256
	SHA384
)

func (h Hash) String() string {
	return [...]string{"none", "MD5", "SHA-1", "SHA-256", "SHA-384"}[h]
}

// Size is the length of a hash in octets.
func (h Hash) Size() int { return [...]int{0, 16, 20, 32, 48}[h] }

// New begins a hash; of None it is nil.
func (h Hash) New() hash.Hash {
	switch h {
	case MD5:
		return md5.New()
	case SHA1:
		return sha1.New()
	case SHA256:
		return sha256.New()
	case SHA384:
		return sha512.New384()
	}
	return nil
}

// Sum is the hash of the parts one behind the other.
func (h Hash) Sum(parts ...[]byte) []byte {
	x := h.New()
	for _, p := range parts {
		x.Write(p)
	}
	return x.Sum(nil)
}

// HMAC is the keyed hash of the parts one behind the other.
func (h Hash) HMAC(key []byte, parts ...[]byte) []byte {
	x := hmac.New(h.New, key)
	for _, p := range parts {
		x.Write(p)
	}
	return x.Sum(nil)
}

// Extract is HKDF-Extract (RFC 5869, section 2.2). A salt or secret of nil is
// as many zeros as the hash is long, as the key schedule has it.
func (h Hash) Extract(salt, secret []byte) []byte {
	zeros := make([]byte, h.Size())
	if salt == nil {
		salt = zeros
	}
	if secret == nil {
		secret = zeros
	}
	return h.HMAC(salt, secret)
}

// Expand is HKDF-Expand (RFC 5869, section 2.3).
func (h Hash) Expand(secret, info []byte, n int) []byte {
	n = min(n, 255*h.Size())
	out := make([]byte, 0, n+h.Size())
	var block []byte
	for i := byte(1); len(out) < n; i++ {
		block = h.HMAC(secret, block, info, []byte{i})
		out = append(out, block...)
	}
	return out[:n]
}

// ExpandLabel is HKDF-Expand-Label of TLS 1.3 (RFC 9846, section 7.1).
//
//	HkdfLabel ::= uint16 length; opaque label<7..255>; opaque context<0..255>
func (h Hash) ExpandLabel(secret []byte, label string, context []byte, n int) []byte {
	label = "tls13 " + label
	info := make([]byte, 0, 4+len(label)+len(context))
	info = append(info, byte(n>>8), byte(n), byte(len(label)))
	info = append(info, label...)
	info = append(info, byte(len(context)))
	info = append(info, context...)
	return h.Expand(secret, info, n)
}

// DeriveSecret is Derive-Secret with the hash of the messages (RFC 9846, section 7.1).
func (h Hash) DeriveSecret(secret []byte, label string, transcriptHash []byte) []byte {
	return h.ExpandLabel(secret, label, transcriptHash, h.Size())
}

// Finished is the verify_data of a Finished or binder: the base key is a
// traffic secret or a binder key (RFC 9846, section 4.5.3).
func (h Hash) Finished(baseKey, transcriptHash []byte) []byte {
	return h.HMAC(h.ExpandLabel(baseKey, "finished", nil, h.Size()), transcriptHash)
}

// The three sorts of binder: of a ticket's PSK, of one agreed on otherwise, and
// of an imported one (RFC 9258).
const (
	Resumption = "res binder"
	External   = "ext binder"
	Imported   = "imp binder"
)

// Binder proves that the sender of a ClientHello has the PSK (RFC 9846, section
// 4.3.11.2). The hash is over all messages up to the binders of this hello.
func (h Hash) Binder(psk []byte, sort string, transcriptHash []byte) []byte {
	early := h.Extract(nil, psk)
	return h.Finished(h.DeriveSecret(early, sort, h.Sum()), transcriptHash)
}

// TicketPSK is the PSK of a ticket, from the connection's resumption secret
// and the ticket's nonce (RFC 9846, section 4.7.1).
func (h Hash) TicketPSK(resumption, nonce []byte) []byte {
	return h.ExpandLabel(resumption, "resumption", nonce, h.Size())
}

// Retried is the hash of messages with a HelloRetryRequest among them: the
// first hello is replaced by its hash (RFC 9846, section 4.1).
func (h Hash) Retried(firstHello []byte, rest ...[]byte) []byte {
	return h.Sum(append([][]byte{h.MessageHash(firstHello)}, rest...)...)
}

// MessageHash is the message that stands for a hello which a HelloRetryRequest
// answers (RFC 9846, section 4.1).
func (h Hash) MessageHash(hello []byte) []byte {
	sum := h.Sum(hello)
	return append([]byte{0xfe, 0, 0, byte(len(sum))}, sum...)
}

// Update is the next traffic secret behind a KeyUpdate (RFC 9846, section 7.2).
func (h Hash) Update(trafficSecret []byte) []byte {
	return h.ExpandLabel(trafficSecret, "traffic upd", nil, h.Size())
}

// TrafficKeys gives key and IV of a traffic secret (RFC 9846, section 7.3).
func (s *Suite) TrafficKeys(secret []byte) (key, iv []byte) {
	return s.Hash.ExpandLabel(secret, "key", nil, s.KeyLen), s.Hash.ExpandLabel(secret, "iv", nil, s.FixedIV)
}

// PRF is the pseudorandom function of TLS 1.2 (RFC 5246, section 5). For MD5
// and SHA1 it is that of TLS 1.0 and 1.1: each half of the secret goes through
// one of both (RFC 2246, section 5).
func (h Hash) PRF(secret []byte, label string, seed []byte, n int) []byte {
	full := append([]byte(label), seed...)
	if h != MD5 && h != SHA1 {
		return h.pHash(secret, full, n)
	}
	half := (len(secret) + 1) / 2
	out := MD5.pHash(secret[:half], full, n)
	for i, c := range SHA1.pHash(secret[len(secret)-half:], full, n) {
		out[i] ^= c
	}
	return out
}

func (h Hash) pHash(secret, seed []byte, n int) []byte {
	out := make([]byte, 0, n+h.Size())
	a := seed
	for len(out) < n {
		a = h.HMAC(secret, a)
		out = append(out, h.HMAC(secret, a, seed)...)
	}
	return out[:n]
}

// PRFHash is the hash of the key schedule of a suite in a version before 1.3.
func (s *Suite) PRFHash(version uint16) Hash {
	if version < 0x0303 {
		return SHA1
	}
	return s.Hash
}

// FinishedOld is the verify_data of a Finished before TLS 1.3: 12 octets over
// the messages before it (RFC 5246, section 7.4.9). side is client or server.
func (s *Suite) FinishedOld(version uint16, main []byte, side string, messages []byte) []byte {
	h := s.PRFHash(version)
	var sum []byte
	if h == SHA1 {
		sum = append(MD5.Sum(messages), SHA1.Sum(messages)...)
	} else {
		sum = h.Sum(messages)
	}
	return h.PRF(main, side+" finished", sum, 12)
}
