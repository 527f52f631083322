package suite

import (
	"crypto/aes"
	"encoding/hex"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The secrets that RFC 8448, section 3, publishes of its first connection.
func TestScheduleRFC8448(t *testing.T) {
	is := func(what string, got []byte, want string) {
		t.Helper()
		if hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, want %s", what, got, want)
		}
	}
	early := SHA256.Extract(nil, nil)
	is("early", early, "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a")
	derived := SHA256.DeriveSecret(early, "derived", SHA256.Sum())
	is("derived", derived, "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba")
	shared := unhex(t, "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d")
	hs := SHA256.Extract(derived, shared)
	is("handshake", hs, "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac")
	main := SHA256.Extract(SHA256.DeriveSecret(hs, "derived", SHA256.Sum()), nil)
	is("main", main, "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919")
	s, _ := Lookup(0x1301)
	key, iv := s.TrafficKeys(unhex(t, "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"))
	is("server handshake key", key, "3fce516009c21727d0f2e4e86ee403bc")
	is("server handshake IV", iv, "5d313eb2671276ee13000b30")
}

// The PRF of TLS 1.2 with SHA-256, from the test vectors that the working group
// used for it.
func TestPRF(t *testing.T) {
	got := SHA256.PRF(unhex(t, "9bbe436ba940f017b17652849a71db35"), "test label", unhex(t, "a0ba9f936cda311827a6f796ffd5198c"), 100)
	want := "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66"
	if hex.EncodeToString(got) != want {
		t.Errorf("%x", got)
	}
}

// Example 3 of NIST SP 800-38C, which has a nonce of 12 octets.
func TestCCM(t *testing.T) {
	k := unhex(t, "404142434445464748494a4b4c4d4e4f")
	n := unhex(t, "101112131415161718191a1b")
	a := unhex(t, "000102030405060708090a0b0c0d0e0f10111213")
	p := unhex(t, "202122232425262728292a2b2c2d2e2f3031323334353637")
	block, _ := aes.NewCipher(k)
	c := newCCM(block, 8)
	sealed := c.Seal(nil, n, p, a)
	if want := "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"; hex.EncodeToString(sealed) != want {
		t.Errorf("%x, want %s", sealed, want)
	}
	if got, err := c.Open(nil, n, sealed, a); err != nil || !slices.Equal(got, p) {
		t.Errorf("opened %x, %v", got, err)
	}
	sealed[3] ^= 1
	if _, err := c.Open(nil, n, sealed, a); err == nil {
		t.Error("an altered text opens")
	}
}

func TestSuites(t *testing.T) {
	if !slices.IsSortedFunc(suites, func(a, b struct {
		id   uint16
		name string
	}) int {
		return int(a.id) - int(b.id)
	}) {
		t.Error("the table is not sorted")
	}
	for _, s := range suites {
		p, ok := Lookup(s.id)
		if !ok || !p.Signalling && p.Cipher == "" || !p.TLS13 && !p.Signalling && p.Exchange == "" {
			t.Errorf("%04x %s is read as %+v", s.id, s.name, p)
		}
	}
	for _, c := range []struct {
		id   uint16
		want Suite
	}{
		{0xc02f, Suite{Exchange: "ECDHE", Auth: "RSA", Cipher: "AES_128", Mode: "GCM", Hash: SHA256, KeyLen: 16, FixedIV: 4, ExplicitNonce: 8, TagLen: 16, Block: 16, ForwardSecret: true}},
		{0xc014, Suite{Exchange: "ECDHE", Auth: "RSA", Cipher: "AES_256", Mode: "CBC", Hash: SHA256, MAC: SHA1, KeyLen: 32, MACLen: 20, Block: 16, ForwardSecret: true}},
		{0xc028, Suite{Exchange: "ECDHE", Auth: "RSA", Cipher: "AES_256", Mode: "CBC", Hash: SHA384, MAC: SHA384, KeyLen: 32, MACLen: 48, Block: 16, ForwardSecret: true}},
		{0xcca8, Suite{Exchange: "ECDHE", Auth: "RSA", Cipher: "CHACHA20_POLY1305", Mode: "POLY1305", Hash: SHA256, KeyLen: 32, FixedIV: 12, TagLen: 16, ForwardSecret: true}},
		{0x1302, Suite{Cipher: "AES_256", Mode: "GCM", Hash: SHA384, KeyLen: 32, FixedIV: 12, TagLen: 16, Block: 16, ForwardSecret: true, TLS13: true}},
		{0x1305, Suite{Cipher: "AES_128", Mode: "CCM_8", Hash: SHA256, KeyLen: 16, FixedIV: 12, TagLen: 8, Block: 16, ForwardSecret: true, TLS13: true}},
	} {
		got, _ := Lookup(c.id)
		got.ID, got.Name = 0, ""
		if got != c.want {
			t.Errorf("%04x is %+v, want %+v", c.id, got, c.want)
		}
	}
}

// OpenSSL lists number, registered name and its own name of what it has.
func TestNamesAgreeWithOpenSSL(t *testing.T) {
	out, err := exec.Command("openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Skip("openssl is not here: ", err)
	}
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if len(f) < 5 {
			continue
		}
		id := unhex(t, strings.NewReplacer("0x", "", ",", "").Replace(f[0]))
		s, ok := Lookup(uint16(id[0])<<8 | uint16(id[1]))
		if !ok || s.Name != f[2] {
			t.Errorf("%s: %s, OpenSSL says %s", f[0], s.Name, f[2])
		}
		if s.OpenSSL() != f[4] {
			t.Errorf("%s: OpenSSL calls it %s, not %s", f[2], f[4], s.OpenSSL())
		}
		if by, ok := ByName(f[4]); !ok || by.ID != s.ID {
			t.Errorf("%s is found as %s", f[4], by.Name)
		}
	}
}

func TestGREASE(t *testing.T) {
	if !GREASE(0x0a0a) || !GREASE(0xfafa) || GREASE(0x0a1a) || GREASE(0x1301) || !GREASE8(0x0b) || !GREASE8(0x2a) || GREASE8(1) {
		t.Error("GREASE values are not told apart")
	}
	for v, want := range map[uint16]string{0x0304: "TLS 1.3", 0xfefd: "DTLS 1.2", 0x1a1a: "GREASE 0x1a1a", 0x7f1c: "TLS 1.3 draft 28", 0x0909: "0x0909"} {
		if got := Version(v); got != want {
			t.Errorf("%04x is %s, want %s", v, got, want)
		}
	}
}
