package decode

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"derscope/testdata/seal"
)

// noise gives n octets that look random and are always the same.
func noise(what string, n int) (out []byte) {
	for i := byte(0); len(out) < n; i++ {
		h := sha256.Sum256(append([]byte(what), i))
		out = append(out, h[:]...)
	}
	return out[:n]
}

// stateOf is a session of OpenSSL's TLS 1.3.
func stateOf(t testing.TB) []byte {
	b, err := hex.DecodeString("306e020101020203030402c02c04000430" + "5c868215452036a05c16b4fdf82972cb2c2ce333549cd141699254ebdd4e90ddf19ff19f995e7702a223940b4591f9ec" +
		"a10602046b000668a20402021c20a40704056374786964ad03020101b20c040a68656c6c6f2d61707073b30302011d")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Of many tickets the first ones become items of their states; a later one says
// that it does not, and is judged all the same.
func TestManyTickets(t *testing.T) {
	k := noise("80", 80)
	in := []Input{{Name: "key", Bytes: k, Kind: "ticket-key"}}
	for i := range derivations + 2 {
		in = append(in, Input{Name: "ticket", Kind: "session-ticket", Bytes: seal.OpenSSL(k[:16], k[48:], k[16:48], noise("iv "+strconv.Itoa(i), 16), stateOf(t))})
	}
	r := Load(in, Limits{Pieces: 4096}).Report(Options{})
	states, unlisted := 0, 0
	for i := range r.Items {
		it := &r.Items[i]
		switch {
		case it.Kind == "tls-session":
			states++
		case it.Kind == "session-ticket" && !strings.HasPrefix(it.Verdict.Headline, "Opened"):
			t.Fatalf("item %d: %s", i, it.Verdict.Headline)
		case len(it.Problems) > 0 && strings.Contains(it.Problems[0].Message, "limit Derivations"):
			unlisted++
		}
	}
	if states != derivations || unlisted != 2 {
		t.Errorf("%d states, %d tickets whose state is not listed; want %d and 2", states, unlisted, derivations)
	}
}

// BenchmarkTickets measures a thousand tickets in one paste: those that open,
// each making an item of its state; those under none of many keys; those of
// GnuTLS, whose key names have to be looked for; and tickets that nobody gave a
// key for.
func BenchmarkTickets(b *testing.B) {
	state := stateOf(b)
	k80, k64 := noise("80", 80), noise("64", 64)
	openssl := func(i int) []byte {
		return seal.OpenSSL(k80[:16], k80[48:], k80[16:48], noise("iv "+strconv.Itoa(i), 16), state)
	}
	gnutls := func(i int) []byte {
		return seal.GnuTLS(k64, 27703, noise("iv "+strconv.Itoa(i), 16), state)
	}
	list := ""
	for i := range 200 {
		list += base64.StdEncoding.EncodeToString(noise("key "+strconv.Itoa(i), 48)) + "\n"
	}
	golang := make([]byte, 0, 32*200)
	for i := range 200 {
		golang = append(golang, noise("go "+strconv.Itoa(i), 32)...)
	}
	for _, c := range []struct {
		name   string
		ticket func(int) []byte
		key    []byte
	}{
		{"opened", openssl, k80},
		{"no key", openssl, nil},
		{"many keys", openssl, []byte(list)},
		{"keys without a name", openssl, golang},
		{"GnuTLS", gnutls, []byte(hex.EncodeToString(noise("letters", 32)))},
	} {
		b.Run(c.name, func(b *testing.B) {
			var in []Input
			if c.key != nil {
				in = append(in, Input{Name: "key", Bytes: c.key, Kind: "ticket-key"})
			}
			for i := range 1000 {
				in = append(in, Input{Name: "ticket", Bytes: c.ticket(i), Kind: "session-ticket"})
			}
			for b.Loop() {
				l := Load(in, Limits{})
				l.Report(Options{})
			}
		})
	}
}
