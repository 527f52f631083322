package ticket

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"derscope/decode/session"
	"derscope/testdata/seal"
)

// noiseOf gives n octets that look random and are always the same.
func noiseOf(what string, n int) (out []byte) {
	for i := byte(0); len(out) < n; i++ {
		h := sha256.Sum256(append([]byte(what), i))
		out = append(out, h[:]...)
	}
	return out[:n]
}

// stateOf is a session of OpenSSL's TLS 1.3, a state that every layout can hold.
func stateOf(t testing.TB) []byte {
	b := unhex(t, "306e020101020203030402c02c04000430"+"5c868215452036a05c16b4fdf82972cb2c2ce333549cd141699254ebdd4e90ddf19ff19f995e7702a223940b4591f9ec"+
		"a10602046b000668a20402021c20a40704056374786964ad03020101b20c040a68656c6c6f2d61707073b30302011d")
	if _, ok := session.Recognise(b); !ok {
		t.Fatal("the state of the test is none")
	}
	return b
}

// sealed is a ticket of one layout, with the file that opens it.
type sealedTicket struct {
	layout string
	ticket []byte
	file   []byte
	order  Order
	named  bool // a key file says the name, so that a wrong MAC is told from a foreign ticket
}

func sealedTickets(t testing.TB) []sealedTicket {
	s, iv, n12 := stateOf(t), noiseOf("iv", 16), noiseOf("nonce", 12)
	k48, k80, k64, k32 := noiseOf("48", 48), noiseOf("80", 80), noiseOf("64", 64), noiseOf("32", 32)
	wolf := noiseOf("wolf", 88)
	nssFile := append([]byte("NSS!"), noiseOf("nss", 76)...)
	yaml := "- name: " + hex.EncodeToString(k80[:16]) + "\n  cipher: AES-256-CBC\n  hash: SHA-256\n  key: " + hex.EncodeToString(append(noiseOf("c", 32), noiseOf("m", 64)...)) + "\n"
	haproxy := ""
	for _, k := range [][]byte{noiseOf("before", 80), k80, noiseOf("after", 80)} {
		haproxy += base64.StdEncoding.EncodeToString(k) + "\n"
	}
	name16 := make([]byte, 16)
	copy(name16, "web-2026")
	return []sealedTicket{
		{"openssl-cbc", seal.OpenSSL(k80[:16], k80[48:], k80[16:48], iv, s), k80, NameHMACAES, true},
		{"openssl-cbc", seal.OpenSSL(k80[:16], k80[16:48], k80[48:], iv, s), k80, NameAESHMAC, true},
		{"openssl-cbc", seal.OpenSSL(k80[:16], k80[16:48], k80[48:], iv, s), []byte(haproxy), NameAESHMAC, true},
		{"openssl-cbc", seal.OpenSSL(k48[:16], k48[32:], k48[16:32], iv, s), k48, NameHMACAES, true},
		{"openssl-cbc", seal.OpenSSL(k48[:16], k48[16:32], k48[32:], iv, s), k48, NameAESHMAC, true},
		{"openssl-cbc", seal.SHA1(k48[:16], k48[32:], k48[16:32], iv, s), k48, NameHMACAES, true},
		{"h2o/picotls-openssl", seal.OpenSSL(k80[:16], noiseOf("c", 32), noiseOf("m", 64), iv, s), []byte(yaml), NameAESHMAC, true},
		{"nss", seal.NSS(nssFile[:16], nssFile[48:], nssFile[16:48], iv, s), nssFile, NameHMACAES, true},
		{"gnutls", seal.GnuTLS(k64, 27703, iv, s), k64, Derived, true},
		{"gnutls", seal.GnuTLS(k64, 27703, iv, s), []byte(hex.EncodeToString(k64) + "\n"), Derived, true},
		{"gnutls", seal.GnuTLSDirect(k64, iv, s), k64, NameAESHMAC, true},
		{"wolfssl", seal.WolfSSL(wolf[:16], wolf[16:48], iv, s), wolf, Raw, true},
		{"wolfssl", seal.WolfSSL(flipped(wolf[:16], 15), wolf[48:80], iv, s), wolf, Raw, true},
		{"mbedtls", seal.MbedTLS(k48[:4], k32, n12, s), k32, Raw, false},
		{"mbedtls", seal.MbedTLS(k48[:4], k32[:16], n12, s), k32[:16], Raw, false},
		{"go-ctr", seal.Go(k32, iv, s), k32, Derived, false},
		{"go-named", seal.GoNamed(k32, iv, s), k32, Derived, true},
		{"rustls-aead-old", seal.RustlsOld(k32, n12, s), k32, Raw, false},
		{"rustls-aead", seal.Rustls(k48[:16], k32, n12, s), k32, Raw, false},
		{"rustls-5077", seal.Rustls5077(k80[:16], k80[48:], k80[16:48], iv, s), k80, NameHMACAES, true},
		{"s2n-v1", seal.S2N(name16, k32, noiseOf("info", 32), n12, s), []byte("web-2026:" + hex.EncodeToString(k32) + "\n"), Derived, true},
		{"s2n-old", seal.S2NOld(name16, k32, n12, s), []byte("web-2026:" + hex.EncodeToString(k32) + "\n"), Derived, true},
		{"jsse", seal.JSSE(k48[:4], k32, iv, s), k32, Raw, false},
		{"jsse-25", seal.JSSE25(k48[:4], k32, iv, s), k32, Raw, false},
		{"fizz", seal.Fizz(k32, noiseOf("salt", 32), s), k32, Derived, false},
		{"botan", seal.Botan(k32, noiseOf("seed", 16), n12, s), k32, Derived, true},
	}
}

func flipped(b []byte, i int) []byte {
	c := bytes.Clone(b)
	c[i] ^= 1
	return c
}

// Each layout is among the candidates, opens with its key in its order, and to
// nothing else with one octet changed, wherever it is.
func TestLayouts(t *testing.T) {
	state := stateOf(t)
	for _, s := range sealedTickets(t) {
		t.Run(s.layout, func(t *testing.T) {
			list, _ := candidates(s.ticket)
			if !slices.ContainsFunc(list, func(c Candidate) bool { return c.Layout.ID == s.layout }) {
				t.Errorf("%d octets are not taken for %s: %s", len(s.ticket), s.layout, titles(list, 0))
			}
			keys := keysOf(s.file)
			o := Open(s.ticket, keys)
			if o.Status != Opened || o.Layout.ID != s.layout || o.Order != s.order || !bytes.HasPrefix(o.Plain, state) {
				t.Fatalf("%s, %v, order %s: %s", o.Status, o.Layout, o.Order, o.Why)
			}
			if g := Weakly(s.ticket); g.Proved() {
				t.Errorf("a random key is guessed: %s", g.Opening.Weak.Words)
			}
			for i := range s.ticket {
				if s.layout == "wolfssl" && i >= len(s.ticket)-16 {
					break // wolfSSL does not look at these
				}
				if p := Open(flipped(s.ticket, i), keys); p.Proved() {
					t.Fatalf("with octet %d changed it still opens: %s", i, p.Status)
				}
			}
			if p := Open(flipped(s.ticket, len(s.ticket)-20), keys); s.named && p.Status != WrongMAC || !s.named && p.Status != NameUnknown {
				t.Errorf("changed, it is called %s", p.Status)
			}
			if p := Open(s.ticket, keysOf(noiseOf("another", 80))); p.Status != NameUnknown {
				t.Errorf("with another server's key it is called %s", p.Status)
			}
			if p := Open(s.ticket, nil); p.Status != Sealed {
				t.Errorf("without a key it is called %s", p.Status)
			}
			for _, front := range []int{2, 6} {
				long := append(noiseOf("front", front), s.ticket...)
				if p := Open(long, keys); p.Status != Opened || p.Front != front {
					t.Errorf("behind %d octets: %s, %d left out", front, p.Status, p.Front)
				}
			}
		})
	}
}

// A file whose form says one order, and a ticket in another one: it opens, and
// the hint says which order it is.
func TestOrderHint(t *testing.T) {
	iv, s := noiseOf("iv", 16), stateOf(t)
	for _, n := range []int{48, 80} {
		k := noiseOf("key", n)
		half := (n - 16) / 2
		file := strings.Repeat(base64.StdEncoding.EncodeToString(k)+"\n", 3)
		o := Open(seal.OpenSSL(k[:16], k[16+half:], k[16:16+half], iv, s), keysOf([]byte(file)))
		if o.Status != Opened || !strings.Contains(o.Hint, "name, hmac, aes") {
			t.Errorf("%d octets: %s, hint %q", n, o.Status, o.Hint)
		}
		if o := Open(seal.OpenSSL(k[:16], k[16:16+half], k[16+half:], iv, s), keysOf([]byte(file))); o.Status != Opened || o.Hint != "" {
			t.Errorf("%d octets in the right order: %s, hint %q", n, o.Status, o.Hint)
		}
	}
}

// Text that holds a key is read as the key; text that is the key is found out.
func TestKeyForms(t *testing.T) {
	iv, s := noiseOf("iv", 16), stateOf(t)
	k := noiseOf("forms", 80)
	ticket := seal.OpenSSL(k[:16], k[48:], k[16:48], iv, s)
	wrapped := hex.EncodeToString(k)
	for name, file := range map[string]string{
		"octets": string(k), "octets and a line end": string(k) + "\n", "hex": wrapped, "hex in lines": wrapped[:64] + "\n" + wrapped[64:128] + "\n" + wrapped[128:] + "\n",
		"base64": base64.StdEncoding.EncodeToString(k) + "\n", "hex with colons": strings.Join(strings.SplitAfter(wrapped, "zz"), ":"),
	} {
		if o := Open(ticket, keysOf([]byte(file))); o.Status != Opened {
			t.Errorf("%s: %s", name, o.Status)
		}
	}
	letters := []byte(hex.EncodeToString(noiseOf("letters", 24)))
	o := Open(seal.OpenSSL(letters[:16], letters[32:], letters[16:32], iv, s), keysOf(append(letters, '\n')))
	if o.Status != Opened || !o.Key.Letters {
		t.Errorf("letters as the key: %s", o.Status)
	}
	ats := noiseOf("ats", 144)
	if o := Open(seal.OpenSSL(ats[96:112], ats[128:], ats[112:128], iv, s), keysOf(ats)); o.Status != Opened || o.Key.Place != 2 {
		t.Errorf("the third key of Traffic Server: %s", o.Status)
	}
	several := noiseOf("go", 96)
	if o := Open(seal.Go(several[64:], iv, s), keysOf(several)); o.Status != Opened {
		t.Errorf("the third key of Go: %s", o.Status)
	}
}

// Which key of a file seals is a matter of its program: HAProxy takes the last
// but one, the others the first.
func TestWhichEncrypts(t *testing.T) {
	lines := ""
	for _, what := range []string{"a", "b", "c", "d"} {
		lines += base64.StdEncoding.EncodeToString(noiseOf(what, 80)) + "\n"
	}
	for name, c := range map[string]struct {
		file  []byte
		place int
	}{"HAProxy": {[]byte(lines), 2}, "Traffic Server": {noiseOf("ats", 144), 0}, "one": {noiseOf("one", 80), 0}} {
		for _, k := range keysOf(c.file) {
			if k.Encrypts != (k.Place == c.place) {
				t.Errorf("%s: key %d, %s, seals: %v", name, k.Place, k.Program, k.Encrypts)
			}
		}
	}
}

// A MAC that holds over something else than a state is told from the rest.
func TestGenuineButUnreadable(t *testing.T) {
	iv, k := noiseOf("iv", 16), noiseOf("unreadable", 80)
	for name, ticket := range map[string][]byte{
		"no state":           seal.OpenSSL(k[:16], k[48:], k[16:48], iv, noiseOf("not a state", 100)),
		"another cipher key": seal.OpenSSL(k[:16], noiseOf("else", 32), k[16:48], iv, stateOf(t)),
	} {
		if o := Open(ticket, keysOf(k)); o.Status != Unreadable || o.Why == "" {
			t.Errorf("%s: %s, %q", name, o.Status, o.Why)
		}
	}
}

// Keys that anybody can guess are guessed, in whatever layout they are used.
func TestGuesses(t *testing.T) {
	s, iv, n12 := stateOf(t), noiseOf("iv", 16), noiseOf("nonce", 12)
	name := noiseOf("name", 16)
	zero, count := make([]byte, 80), make([]byte, 80)
	for i := range count {
		count[i] = byte(i)
	}
	for layout, ticket := range map[string][]byte{
		"gnutls":      seal.GnuTLSDirect(zero[:64], iv, s),
		"openssl-cbc": seal.OpenSSL(name, count[48:], count[16:48], iv, s),
		"go-ctr":      seal.Go(zero[:32], iv, s),
		"mbedtls":     seal.MbedTLS(name[:4], count[4:36], n12, s),
		"rustls-aead": seal.Rustls(name, bytes.Repeat([]byte{0xff}, 32), n12, s),
		"s2n-v1":      seal.S2N(name, zero[:32], noiseOf("info", 32), n12, s),
		"botan":       seal.Botan(zero[:32], noiseOf("seed", 16), n12, s),
		"fizz":        seal.Fizz(count[:32], noiseOf("salt", 32), s),
		"jsse":        seal.JSSE(name[:4], zero[:32], iv, s),
		"wolfssl":     seal.WolfSSL(name, zero[:32], iv, s),
		"nss":         seal.NSS(append([]byte("NSS!"), name[4:]...), zero[:32], zero[:32], iv, s),
	} {
		if g := Weakly(ticket); g.Status != Opened || g.Layout.ID != layout || g.Opening.Weak.Words == "" {
			t.Errorf("%s: %s, %s", layout, g.Status, g.Opening.Weak.Words)
		}
	}
}

func BenchmarkGuess(b *testing.B) {
	for _, s := range sealedTickets(b)[:1] {
		for b.Loop() {
			Weakly(s.ticket)
		}
	}
}
