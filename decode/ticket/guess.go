package ticket

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"hash"

	"derscope/decode/session"
)

// budget bounds the octets that guessing works through: a ticket of some kB is
// tried with the whole list, a longer one with the beginning of it.
const budget = 2 << 20

// Guess is what the list of weak keys makes of a ticket.
type Guess struct {
	Opening
	Patterns, Of int // that were tried, and that there are
}

// Weakly tries the list of weak keys, MAC first. What it finds needs no key to
// be given: whoever knows the list has it.
func Weakly(t []byte) Guess {
	all := shapes(t)
	g := Guess{Of: len(fills)}
	if len(all) == 0 {
		return g
	}
	g.Patterns = min(len(fills), max(4, budget/(16*len(t))))
	for i := range fills[:g.Patterns] {
		f := &fills[i]
		k32 := f.key(32)
		for _, s := range all {
			var o Opening
			switch s.layout {
			case opensslCBC, opensslMAC20, nss, rustls5077, gnutls:
				o = f.blocks(s)
			case h2o: // the same octets as openssl-cbc
			default:
				o = f.whole(s, k32)
			}
			if o.Status > g.Status {
				g.Opening = o
			}
			if g.Status == Opened {
				return g
			}
		}
	}
	return g
}

// whole tries a pattern as the one secret that the layout's keys come out of.
func (f *fill) whole(s shape, m []byte) (best Opening) {
	try := func(k Key) {
		if !k.fits(s.layout) || best.Proved() {
			return
		}
		if u := k.unseal(s.layout, s.sealed); u.proved {
			k.File = -1
			best = k.opening(s, u)
			best.Weak = f.weak
		}
	}
	switch s.layout {
	case goCTR, goNamed:
		k := goKey(m)
		if s.layout == goCTR || bytes.Equal(k.Name, s.sealed.name) {
			try(k)
		}
	case s2nV1, s2nOld:
		try(Key{Program: "s2n-tls", Order: Derived, Cipher: "AES-256-GCM", material: m, scheme: fromS2N})
	case fizz:
		try(Key{Program: "fizz", Order: Derived, Cipher: "AES-128-GCM", material: m, scheme: fromFizz})
	case botan:
		if k := (Key{Program: "Botan", Order: Derived, Cipher: "AES-256-GCM", material: m, scheme: fromBotan, Name: botanName(m)}); bytes.Equal(k.Name, s.sealed.name) {
			try(k)
		}
	case wolfssl:
		try(Key{Program: "wolfSSL", Order: Raw, CipherKey: m, scheme: rolling})
		try(Key{Program: "wolfSSL", Order: Raw, CipherKey: f.key(16), scheme: rolling})
	default:
		try(Key{Program: s.layout.Title, Order: Raw, CipherKey: m, scheme: aead})
		if s.layout == mbedtls {
			try(Key{Program: s.layout.Title, Order: Raw, CipherKey: f.key(16), scheme: aead})
		}
	}
	return best
}

// blocks tries a pattern as the MAC key, and where the MAC holds every pattern
// as the cipher key: the two are cut out of one file and need not be alike.
func (f *fill) blocks(s shape) Opening {
	var h func() hash.Hash = sha256.New
	words := "HMAC-SHA-256"
	if s.layout == opensslMAC20 || s.layout == gnutls {
		h, words = sha1.New, "HMAC-SHA-1"
	}
	for _, n := range [...]int{16, 32} {
		if n == 32 && (f.weak.Words == fills[0].weak.Words || s.layout == gnutls) {
			continue // HMAC fills up with zeros; GnuTLS has 16 octets
		}
		key := f.key(n)
		runs := [][]byte{s.sealed.covered}
		if s.layout == rustls5077 {
			n := len(s.sealed.ct)
			runs = [][]byte{s.sealed.before, {byte(n >> 8), byte(n)}, s.sealed.ct}
		}
		if !verify(h, key, s.sealed.mac, runs...) {
			continue
		}
		o := Opening{Status: Unreadable, Layout: s.layout, Order: Raw, MAC: words, Weak: f.weak, Parts: s.parts,
			Key: &Key{Program: s.layout.Title, MACKey: key, MAC: words, File: -1},
			Why: "the MAC key is a pattern: whoever knows the list can forge tickets; the cipher key is none of the list"}
		for i := range fills {
			for _, n := range [...]int{32, 16} {
				plain := cbc(fills[i].key(n), s.sealed.iv, s.sealed.ct)
				if s.layout != gnutls {
					var ok bool
					if plain, ok = unpad(plain); !ok {
						continue
					}
				}
				if states := session.Parse(plain); len(states) > 0 {
					o.Status, o.Plain, o.Session, o.parsed, o.Cipher, o.Why = Opened, plain, states[0].Format, states[0], cbcName(n), ""
					o.Key.Cipher, o.Key.CipherKey = o.Cipher, fills[i].key(n)
					if fills[i].weak.Seen && !o.Weak.Seen {
						o.Weak = fills[i].weak
					}
					return o
				}
			}
		}
		return o
	}
	return Opening{}
}
