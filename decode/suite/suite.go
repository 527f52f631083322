// Package suite knows the numbers and the arithmetic of TLS: the names of
// versions, cipher suites, groups, extensions and alerts; the key schedules of
// TLS 1.3 and of older versions; and how protected records are opened. It reads
// no messages, judges nothing, and seals nothing.
//
//	s, ok := suite.Lookup(0xc02f)        // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
//	early := suite.SHA256.Extract(nil, psk)
//	key := suite.SHA256.DeriveSecret(early, "res binder", suite.SHA256.Sum(nil))
//
// RFC 9846 (TLS 1.3), RFC 5246, RFC 4346, RFC 2246 (its elders), RFC 7366
// (encrypt_then_mac), RFC 6655 (CCM), RFC 7905 (ChaCha20-Poly1305).
//
// # Why is a suite read from its name?
//
// The names of the registry are regular: key exchange, authentication, cipher
// and hash stand in them, always in this order. A table of numbers and names
// cannot contradict itself, and one of twelve columns can.
package suite

import (
	"sort"
	"strings"
)

// Suite is what a cipher suite is made of. Words are those of its name; what
// is not in it is "" or 0.
type Suite struct {
	ID       uint16
	Name     string // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
	Exchange string // ECDHE, DHE, RSA, DH, ECDH, PSK, DHE_PSK, ECDHE_PSK, RSA_PSK, SRP; "" in TLS 1.3
	Auth     string // RSA, ECDSA, DSS, PSK, anon, SRP; "" in TLS 1.3
	Cipher   string // AES_128, AES_256, CHACHA20_POLY1305, 3DES_EDE, NULL, …
	Mode     string // GCM, CCM, CCM_8, CBC, STREAM (RC4), POLY1305, "" (NULL)
	Hash     Hash   // of the key schedule of TLS 1.2 and 1.3
	MAC      Hash   // of the records; None for AEAD

	KeyLen, MACLen int // octets
	FixedIV        int // octets of the IV that come from the key block
	ExplicitNonce  int // octets of the nonce that stand in each record (TLS 1.2)
	TagLen         int // of an AEAD
	Block          int // of a block cipher

	TLS13         bool
	ForwardSecret bool
	Signalling    bool   // not a suite but a signal: SCSV
	Weak          string // why it must not be used; "" if nothing is known
}

// AEAD says that the suite protects records by an AEAD.
func (s *Suite) AEAD() bool { return s.TagLen > 0 }

// Lookup gives the suite of a number, or false if it is not registered.
func Lookup(id uint16) (Suite, bool) {
	i, ok := find(id)
	if !ok {
		return Suite{ID: id}, false
	}
	return parse(id, suites[i].name), true
}

// Name is the suite's registered name, GREASE, or its number.
func Name(id uint16) string {
	if i, ok := find(id); ok {
		return "TLS_" + suites[i].name
	}
	return unnamed(id)
}

// find gives the place of a number in the table.
func find(id uint16) (int, bool) {
	i := sort.Search(len(suites), func(i int) bool { return suites[i].id >= id })
	return i, i < len(suites) && suites[i].id == id
}

// ByName finds a suite by its registered name or by OpenSSL's name for it.
func ByName(name string) (Suite, bool) {
	short := strings.TrimPrefix(name, "TLS_")
	for i := range suites {
		if suites[i].name == short {
			return parse(suites[i].id, short), true
		}
	}
	for i := range suites {
		s := parse(suites[i].id, suites[i].name)
		if s.OpenSSL() == name {
			return s, true
		}
	}
	return Suite{}, false
}

// exchanges are the words that stand before _WITH_: exchange and authentication.
var exchanges = map[string][2]string{
	"RSA": {"RSA", "RSA"}, "DHE_RSA": {"DHE", "RSA"}, "DHE_DSS": {"DHE", "DSS"}, "DH_RSA": {"DH", "RSA"}, "DH_DSS": {"DH", "DSS"},
	"DH_anon": {"DHE", "anon"}, "ECDH_anon": {"ECDHE", "anon"}, "ECDHE_RSA": {"ECDHE", "RSA"}, "ECDHE_ECDSA": {"ECDHE", "ECDSA"},
	"ECDH_RSA": {"ECDH", "RSA"}, "ECDH_ECDSA": {"ECDH", "ECDSA"}, "PSK": {"PSK", "PSK"}, "DHE_PSK": {"DHE_PSK", "PSK"},
	"PSK_DHE": {"DHE_PSK", "PSK"}, "ECDHE_PSK": {"ECDHE_PSK", "PSK"}, "RSA_PSK": {"RSA_PSK", "PSK"},
	"SRP_SHA": {"SRP", "SRP"}, "SRP_SHA_RSA": {"SRP", "RSA"}, "SRP_SHA_DSS": {"SRP", "DSS"}, "GOSTR341112_256": {"GOST", "GOST"},
}

// ciphers are the ciphers by the beginning of what stands behind _WITH_, the
// longer names first.
var ciphers = []struct {
	name       string
	key, block int
	weak       string
}{
	{"CHACHA20_POLY1305", 32, 0, ""},
	{"AES_128", 16, 16, ""}, {"AES_256", 32, 16, ""},
	{"CAMELLIA_128", 16, 16, ""}, {"CAMELLIA_256", 32, 16, ""},
	{"ARIA_128", 16, 16, ""}, {"ARIA_256", 32, 16, ""},
	{"SEED", 16, 16, ""}, {"SM4", 16, 16, ""}, {"AEGIS_256", 32, 0, ""}, {"AEGIS_128L", 16, 0, ""},
	{"3DES_EDE", 24, 8, "3DES has a block of 64 bits, so records repeat blocks after some gigabytes (Sweet32), and less than 128 bits of strength"},
	{"IDEA", 16, 8, "IDEA has a block of 64 bits and was taken out of TLS"},
	{"DES40", 8, 8, "an export cipher of 40 bits is broken in seconds"},
	{"DES", 8, 8, "DES has a key of 56 bits, which can be tried out"},
	{"RC2_CBC_40", 16, 8, "an export cipher of 40 bits is broken in seconds"},
	{"RC4_128", 16, 0, "RC4 leaks its text and is forbidden (RFC 7465)"},
	{"RC4_40", 16, 0, "an export cipher of 40 bits is broken in seconds"},
	{"NULL", 0, 0, "NULL does not encrypt: everybody on the way reads along"},
	{"KUZNYECHIK", 32, 16, ""}, {"MAGMA", 32, 8, ""}, {"28147", 32, 8, ""},
}

// parse reads what a suite is made of from its name.
func parse(id uint16, name string) Suite {
	s := Suite{ID: id, Name: "TLS_" + name}
	if strings.HasSuffix(name, "_SCSV") {
		s.Signalling = true
		return s
	}
	words, rest, older := strings.Cut(name, "_WITH_")
	if !older || id>>8 == 0xc1 && id&0xff >= 3 {
		s.TLS13, s.ForwardSecret = true, true
		rest = strings.TrimPrefix(name, "GOSTR341112_256_WITH_")
	} else {
		words, export := strings.CutSuffix(words, "_EXPORT")
		e := exchanges[words]
		s.Exchange, s.Auth = e[0], e[1]
		if export {
			s.Weak = "an export suite, weakened on purpose"
		}
		s.ForwardSecret = strings.Contains(s.Exchange, "DHE")
	}
	for _, c := range ciphers {
		if after, ok := strings.CutPrefix(rest, c.name); ok {
			s.Cipher, s.KeyLen, s.Block, rest = c.name, c.key, c.block, strings.TrimPrefix(after, "_")
			if s.Weak == "" {
				s.Weak = c.weak
			}
			break
		}
	}
	s.protection(rest)
	if s.Auth == "anon" {
		s.Weak = "nobody proves who he is, so anybody can stand in between"
	}
	return s
}

// protection reads mode and hash.
func (s *Suite) protection(rest string) {
	s.Hash = SHA256
	for _, m := range []string{"GCM", "CCM_8", "CCM", "CBC"} {
		if after, ok := strings.CutPrefix(rest, m); ok {
			s.Mode, rest = m, strings.TrimPrefix(after, "_")
			break
		}
	}
	switch rest {
	case "SHA384":
		s.Hash = SHA384
	case "SHA512":
		s.Hash = None
	case "SM3", "IMIT", "CTR_OMAC", "MGM_L", "MGM_S":
		s.Hash, s.TagLen = None, 16
	}
	switch {
	case s.Mode == "GCM", s.Mode == "CCM", s.Mode == "CCM_8":
		s.FixedIV, s.ExplicitNonce, s.TagLen = 4, 8, 16
		if s.Mode == "CCM_8" {
			s.TagLen = 8
		}
	case s.Cipher == "CHACHA20_POLY1305":
		s.Mode, s.FixedIV, s.TagLen = "POLY1305", 12, 16
	case strings.HasPrefix(s.Cipher, "AEGIS"):
		s.FixedIV, s.TagLen = s.KeyLen, 16
	default:
		if s.Mode == "" && strings.HasPrefix(s.Cipher, "RC4") {
			s.Mode = "STREAM"
		}
		if strings.HasPrefix(s.Cipher, "RC2") {
			s.Mode = "CBC"
		}
		s.MAC = macOf(rest)
		s.MACLen = s.MAC.Size()
	}
	if s.TLS13 {
		s.FixedIV, s.ExplicitNonce = max(12, s.FixedIV), 0
		if s.Cipher == "" { // TLS_SHA256_SHA256: integrity only (RFC 9150)
			s.Cipher, s.Weak = "NULL", "NULL does not encrypt: everybody on the way reads along"
			s.TagLen = s.Hash.Size()
			s.KeyLen, s.FixedIV = s.TagLen, s.TagLen
		}
	}
}

func macOf(word string) Hash {
	switch word {
	case "MD5":
		return MD5
	case "SHA":
		return SHA1
	case "SHA256":
		return SHA256
	case "SHA384":
		return SHA384
	}
	return None
}

// OpenSSL is OpenSSL's name of the suite: ECDHE-RSA-AES128-GCM-SHA256. In
// TLS 1.3 it is the registered one.
func (s *Suite) OpenSSL() string {
	if s.TLS13 || s.Signalling {
		return s.Name
	}
	words, rest, _ := strings.Cut(strings.TrimPrefix(s.Name, "TLS_"), "_WITH_")
	words, export := strings.CutSuffix(words, "_EXPORT")
	plain := strings.HasPrefix(rest, "AES_") || strings.HasPrefix(rest, "CAMELLIA_") || strings.HasPrefix(rest, "ARIA_")
	switch words {
	case "RSA":
		words = ""
	case "DH_anon":
		words = "ADH"
	case "ECDH_anon":
		words = "AECDH"
	case "PSK_DHE":
		words = "DHE_PSK"
	default:
		words = strings.Replace(words, "SRP_SHA", "SRP", 1)
	}
	srp := strings.HasPrefix(words, "SRP")
	if strings.HasPrefix(rest, "ARIA_") && words == "ECDHE_RSA" { // a slip that became the name
		words = "ECDHE"
	}
	if plain && !srp {
		rest = strings.Replace(rest, "_", "", 1)
		if !(strings.Contains(words, "PSK") && strings.HasPrefix(rest, "AES")) {
			rest = strings.Replace(rest, "_CBC", "", 1)
		}
	}
	rest = strings.Replace(rest, "CCM_8", "CCM8", 1)
	rest = strings.TrimSuffix(strings.Replace(rest, "POLY1305_SHA256", "POLY1305", 1), "_SHA256_")
	switch {
	case strings.HasPrefix(rest, "3DES_EDE_CBC"):
		rest = "DES_CBC3" + rest[len("3DES_EDE_CBC"):]
		if srp || strings.Contains(words, "PSK") {
			rest = "3DES_EDE_CBC" + rest[len("DES_CBC3"):]
		}
	case strings.HasPrefix(rest, "SEED_CBC"):
		rest = "SEED" + rest[len("SEED_CBC"):]
	case strings.HasPrefix(rest, "RC4_128"):
		rest = "RC4" + rest[len("RC4_128"):]
	}
	name := rest
	if words != "" {
		name = words + "_" + rest
	}
	if export {
		name = "EXP_" + name
	}
	return strings.ReplaceAll(name, "_", "-")
}
