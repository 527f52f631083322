package relay

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"derscope/testdata/responder"
)

func TestGuard(t *testing.T) {
	for raw, want := range responder.Allowed {
		if got, err := Guard(raw); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", raw, got, err, want)
		}
	}
	for raw, why := range responder.Refused {
		got, err := Guard(raw)
		var r *Refusal
		switch {
		case err == nil:
			t.Errorf("%q is let through as %q; want %q", raw, got, why)
		case !errors.As(err, &r):
			t.Errorf("%q: %T", raw, err)
		case !strings.Contains(r.Why, why):
			t.Errorf("%q: %q, want %q", raw, r.Why, why)
		case !strings.HasSuffix(r.Why, ".") || len(r.Why) < 20 || got != "":
			t.Errorf("%q: no sentence: %q, %q", raw, r.Why, got)
		}
	}
	if len(responder.Allowed)+len(responder.Refused) < 80 {
		t.Error("the table shrank")
	}
}

// Addresses at the edges of the blocks: what stands before and behind.
func TestPublic(t *testing.T) {
	for text, public := range map[string]bool{
		"9.255.255.255": true, "10.0.0.0": false, "10.255.255.255": false, "11.0.0.0": true,
		"100.63.255.255": true, "100.64.0.0": false, "100.127.255.255": false, "100.128.0.0": true,
		"126.255.255.255": true, "128.0.0.0": true, "169.253.255.255": true, "169.255.0.0": true,
		"172.15.255.255": true, "172.32.0.0": true, "192.167.255.255": true, "192.169.0.0": true,
		"198.17.255.255": true, "198.20.0.0": true, "223.255.255.255": true, "224.0.0.0": false,
		"1fff:ffff::1": false, "2000::1": true, "3ffe::1": true, "4000::": false, "2001:200::": true, "2001:1ff::": false,
		"64:ff9b::808:808": true, "64:ff9b::7f00:1": false, "::ffff:8.8.8.8": false, "fe80::1%eth0": false, "2a00::1%1": false,
	} {
		if err := Public(netip.MustParseAddr(text)); (err == nil) != public {
			t.Errorf("%s: %v", text, err)
		}
	}
	if Public(netip.Addr{}) == nil {
		t.Error("no address is public")
	}
	for _, r := range reserved {
		if r.block.Masked() != r.block {
			t.Errorf("%s has bits behind its length", r.block)
		}
	}
}

// RFC 3492, section 7.1, and what programs write.
func TestPunycode(t *testing.T) {
	for coded, want := range map[string]string{
		"bcher-kva": "bücher", "p1ai": "рф", "ihqwcrb4cv8a8dqg056pqjye": "他们为什么不说中文",
		"ls8h": "💩", "PorqunopuedensimplementehablarenEspaol-fmd56a": "PorquénopuedensimplementehablarenEspañol", "egbpdaj6bu4bxfgehfvwxn": "ليهمابتكلموشعربي؟",
		"": "", "-": "", "a": "\u0080", "9999999999": "", "a-b": "", "bcher-kv!": "",
	} {
		got, ok := punycode(coded)
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%q: %q %v, want %q", coded, string(got), ok, want)
		}
	}
}

// Whatever gets through, net/url reads as the guard does, and it gets through
// again unchanged.
func FuzzGuard(f *testing.F) {
	for raw := range responder.Allowed {
		f.Add(raw)
	}
	for raw := range responder.Refused {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := Guard(raw)
		if err != nil {
			return
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if u.User != nil || u.Port() != "" || u.Fragment != "" || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("%q is read as %#v", got, u)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && Public(a) != nil {
			t.Errorf("%q leads to %s", got, a)
		} else if err != nil && (!strings.Contains(u.Hostname(), ".") || u.Hostname() != strings.ToLower(u.Hostname())) {
			t.Errorf("%q names the host %q", got, u.Hostname())
		}
		if again, err := Guard(got); again != got {
			t.Errorf("%q becomes %q: %v", got, again, err)
		}
	})
}
