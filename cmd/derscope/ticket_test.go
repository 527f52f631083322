package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

// A ticket opens with -ticket-key, in each of its forms; the secret inside and
// the key itself are written out by -reveal alone.
func TestTicketKey(t *testing.T) {
	f := files(t, "../ticket/openssl13")
	// The PSK and the key are those of testdata/gen/tickets.go.
	noise := func(what string, n int) (out []byte) {
		for i := byte(0); len(out) < n; i++ {
			h := sha256.Sum256(append([]byte(what), i))
			out = append(out, h[:]...)
		}
		return out[:n]
	}
	key := noise("ticket key of web 7", 80)
	psk := hex.EncodeToString(noise("psk", 48))
	t.Setenv("DERSCOPE_TEST_KEY", string(hex.EncodeToString(key)))
	inspect := func(args ...string) (int, string, string) {
		return command("", append([]string{"inspect", f["ticket.hex"], "-at", at}, args...)...)
	}
	for _, src := range []string{"hex:" + hex.EncodeToString(key), "file:" + f["ticket-key.hex"], "env:DERSCOPE_TEST_KEY"} {
		for _, form := range []string{"-text", "-json"} {
			code, out, errs := inspect("-ticket-key", src, form)
			if code != fine || errs != "" || !strings.Contains(out, "Opened: TLS 1.3 session for www.example.org, usable for another 48 min") {
				t.Errorf("%s %s: code %d, %q\n%.400s", src[:4], form, code, errs, out)
			}
			for _, secret := range []string{psk, hex.EncodeToString(key[16:48]), hex.EncodeToString(key[48:])} {
				if strings.Contains(out, secret) || strings.Contains(out, secret[:32]) {
					t.Errorf("%s %s: a secret is in the output", src[:4], form)
				}
			}
			if _, out, _ := inspect("-ticket-key", src, form, "-reveal", "-all"); !strings.Contains(out, psk[:32]) {
				t.Errorf("%s %s: -reveal does not write the secret", src[:4], form)
			}
		}
	}
	if code, out, _ := inspect("-ticket-key", "hex:"+hex.EncodeToString(append(key[:16:16], noise("others", 64)...))); code != failing || !strings.Contains(out, "Right key name, wrong MAC") {
		t.Errorf("a wrong key: code %d\n%.300s", code, out)
	}
	if code, out, _ := inspect(); code != fine || !strings.Contains(out, "Sealed: give the ticket key to look inside") {
		t.Errorf("no key: code %d\n%.300s", code, out)
	}
}
