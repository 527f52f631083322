package relay

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// allowed are URLs that a request may be sent to, and how they are sent.
var allowed = map[string]string{
	"http://ocsp.ca.net":                  "http://ocsp.ca.net",
	"http://ocsp.ca.net/":                 "http://ocsp.ca.net/",
	"http://ocsp.ca.net:80/":              "http://ocsp.ca.net/",
	"https://ocsp.ca.net:443/a":           "https://ocsp.ca.net/a",
	"HTTP://OCSP.CA.Net/A":                "http://ocsp.ca.net/A",
	"http://ocsp.ca.net/ocsp/r3?x=1&y=a@": "http://ocsp.ca.net/ocsp/r3?x=1&y=a@",
	"http://ocsp.ca.net?x":                "http://ocsp.ca.net?x",
	"http://ocsp.ca.net/a//b/":            "http://ocsp.ca.net/a//b/",
	"http://ocsp.ca.net/%2Fa%20b":         "http://ocsp.ca.net/%2Fa%20b",
	"http://ocsp.ca.net/a..b/.c/...":      "http://ocsp.ca.net/a..b/.c/...",
	"http://ocsp.example.com/":            "http://ocsp.example.com/", // a name of the public DNS
	"http://r3---sn-4g5e.ca.net/":         "http://r3---sn-4g5e.ca.net/",
	"http://1.2.3.4.ca.net/":              "http://1.2.3.4.ca.net/",
	"http://0x7f.ca.net/":                 "http://0x7f.ca.net/",
	"http://notlocalhost.com/":            "http://notlocalhost.com/",
	"http://localhost.com/":               "http://localhost.com/",
	"http://mylocal.net/":                 "http://mylocal.net/",
	"http://xn--bcher-kva.de/":            "http://xn--bcher-kva.de/",
	"http://ocsp.xn--p1ai/":               "http://ocsp.xn--p1ai/",
	"http://xn--mgbh0fb.xn--kgbechtv/":    "http://xn--mgbh0fb.xn--kgbechtv/",
	"http://93.184.216.34/":               "http://93.184.216.34/",
	"http://9.255.255.255/":               "http://9.255.255.255/",
	"http://100.63.255.255/":              "http://100.63.255.255/",
	"http://172.32.0.1/":                  "http://172.32.0.1/",
	"http://223.255.255.1:80/":            "http://223.255.255.1/",
	"http://[2606:2800:220:1::1]/":        "http://[2606:2800:220:1::1]/",
	"http://[2606:2800:0220:0001::1]:80/": "http://[2606:2800:220:1::1]/",
	"https://[2A00::1]:443":               "https://[2a00::1]",
	"http://[64:ff9b::5db8:d822]/":        "http://[64:ff9b::5db8:d822]/", // 93.184.216.34
}

// refused are URLs, and a word of the sentence that says why.
var refused = map[string]string{
	"":                                  "begin",
	"ocsp.ca.net":                       "begin",
	"//ocsp.ca.net/":                    "begin",
	"http:/ocsp.ca.net/":                "begin",
	"http:ocsp.ca.net":                  "begin",
	"ftp://ocsp.ca.net/":                "scheme",
	"file:///etc/passwd":                "scheme",
	"gopher://ocsp.ca.net/_x":           "scheme",
	"ldap://ca.net/cn=x":                "scheme",
	"ws://ocsp.ca.net/":                 "scheme",
	"javascript://ocsp.ca.net/%0aalert": "scheme",
	"data:text/plain,x":                 "begin",
	"blob:http://ocsp.ca.net/":          "scheme",
	"http+unix://ocsp.ca.net/":          "scheme",
	" http://ocsp.ca.net/":              "octet 20",
	"http://ocsp.ca.net/ ":              "octet 20",
	"http://ocsp.ca.net/\r\nX: y":       "octet 0d",
	"ht\ttp://ocsp.ca.net/":             "octet 09",
	"http://ocsp.ca.net\x00.evil.net/":  "octet 00",
	"http://ocsp.ca.net\\@10.0.0.1/":    "octet 5c",
	"http:\\\\ocsp.ca.net/":             "octet 5c",
	"http://１２７.0.0.1/":                 "octet ef",
	"http://127。0。0。1/":                 "octet e3",
	"http://ⓛocalhost/":                 "octet e2",
	"http://bücher.de/":                 "octet c3",
	"http://ocsp.ca.net/\x7f":           "octet 7f",
	"http://ocsp.ca.net/^a":             "octet 5e",

	"http://user@ocsp.ca.net/":                     "user name",
	"http://user:secret@ocsp.ca.net/":              "user name",
	"http://ocsp.ca.net@10.0.0.1/":                 "user name",
	"http://ocsp.ca.net:80@10.0.0.1/":              "user name",
	"http://@ocsp.ca.net/":                         "user name",
	"http://ocsp.ca.net#@10.0.0.1/":                "fragment",
	"http://ocsp.ca.net/#":                         "fragment",
	"http://10.0.0.1#.ca.net/":                     "fragment",
	"http://ocsp.ca.net/%zz":                       "escapes nothing",
	"http://ocsp.ca.net/%4":                        "escapes nothing",
	"http://ocsp.ca.net/%0d%0aX":                   "control",
	"http://ocsp.ca.net/?%00":                      "control",
	"http://ocsp.ca.net/a/../b":                    "segment",
	"http://ocsp.ca.net/%2e%2E/b":                  "segment",
	"http://ocsp.ca.net/.":                         "segment",
	"http://ca.net/" + strings.Repeat("a", maxURL): "octets",

	"http://ocsp.ca.net:8080/": "port",
	"http://ocsp.ca.net:443/":  "port",
	"https://ocsp.ca.net:80/":  "port",
	"http://ocsp.ca.net:/":     "port",
	"http://ocsp.ca.net:080/":  "port",
	"http://ocsp.ca.net:+80/":  "port",
	"http://ocsp.ca.net:80:80": "port",
	"http://ocsp.ca.net:65616": "port", // 80 in 16 bits
	"http://ocsp.ca.net:25/":   "port",
	"http://[2a00::1]:22/":     "port",

	"http://":                                        "no host",
	"http:///ocsp.ca.net/":                           "no host",
	"http://?x":                                      "no host",
	"http://:80/":                                    "no host",
	"http://localhost/":                              "single label",
	"http://LOCALHOST:80/":                           "single label",
	"http://intranet/":                               "single label",
	"http://ai/":                                     "single label",
	"http://a.localhost/":                            ".localhost",
	"http://localhost.localdomain/":                  ".localdomain",
	"http://printer.local/":                          ".local,",
	"http://metadata.google.internal/":               ".internal",
	"http://router.home.arpa/":                       ".arpa",
	"http://1.0.0.127.in-addr.arpa/":                 ".arpa",
	"http://expyuzz4wqqyqhjn.onion/":                 ".onion",
	"http://a.alt/":                                  ".alt",
	"http://ca.test/":                                ".test",
	"http://ca.example/":                             ".example",
	"http://ca.invalid/":                             ".invalid",
	"http://nas.lan/":                                ".lan",
	"http://mail.corp/":                              ".corp",
	"http://tv.home/":                                ".home",
	"http://git.intranet/":                           ".intranet",
	"http://git.private/":                            ".private",
	"http://ocsp.ca.net./":                           "dot",
	"http://localhost./":                             "dot",
	"http://ocsp..ca.net/":                           "empty label",
	"http://.ca.net/":                                "empty label",
	"http://./":                                      "dot",
	"http://-a.ca.net/":                              "hyphen",
	"http://a-.ca.net/":                              "hyphen",
	"http://a_b.ca.net/":                             "character",
	"http://a,b.ca.net/":                             "character",
	"http://ocsp.ca.n3t/":                            "letters",
	"http://ocsp.1e5/":                               "letters",
	"http://" + strings.Repeat("a", 64) + ".ca.net/": "label of the host",
	"http://" + strings.Repeat("a.", 127) + "net/":   "host name",
	"http://%6cocalhost/":                            "percent",
	"http://ocsp.ca.net%00.evil.net/":                "percent",
	"http://127%2e0.0.1/":                            "percent",
	"http://ocsp.ca.net%2f@10.0.0.1/":                "user name",

	"http://xn--localhost-.net/":       "hyphen",
	"http://xn--.net/":                 "hyphen",
	"http://xn--a.net/":                "U+0080",
	"http://xn--99999999999999999.net": "internationalised",
	"http://ca.xn--localhost-/":        "hyphen",
	"http://xn--6n8h.net/":             "U+", // an emoji
	"http://xn--7i8c.net/":             "U+", // full width
	"http://xn--1ci.net/":              "U+", // mathematics

	"http://127.0.0.1/":       "loopback",
	"http://127.255.255.254/": "loopback",
	"http://0.0.0.0/":         "unspecified",
	"http://0.1.2.3/":         "this network",
	"http://10.0.0.1/":        "private",
	"http://172.16.0.1/":      "private",
	"http://172.31.255.255/":  "private",
	"http://192.168.1.1:80/":  "private",
	"http://100.64.0.1/":      "shared",
	"http://100.100.100.200/": "shared", // the metadata of a cloud
	"http://169.254.169.254/": "link-local",
	"http://168.63.129.16/":   "cloud",
	"http://192.0.0.192/":     "protocols",
	"http://192.0.2.1/":       "documentation",
	"http://198.51.100.7/":    "documentation",
	"http://203.0.113.9/":     "documentation",
	"http://198.18.0.1/":      "benchmarks",
	"http://198.19.255.255/":  "benchmarks",
	"http://192.88.99.1/":     "6to4",
	"http://224.0.0.1/":       "multicast",
	"http://239.255.255.250/": "multicast",
	"http://240.0.0.1/":       "reserved",
	"http://255.255.255.255/": "broadcast",

	"http://2130706433/":       "ends in a number",
	"http://017700000001/":     "ends in a number",
	"http://0x7f000001/":       "ends in a number",
	"http://0X7F.0.0.1/":       "ends in a number",
	"http://0177.0.0.1/":       "ends in a number",
	"http://127.1/":            "ends in a number",
	"http://127.0.1/":          "ends in a number",
	"http://127.0.0.01/":       "ends in a number",
	"http://127.0.0.1./":       "ends in a number",
	"http://127.0.0.1.1/":      "ends in a number",
	"http://93.184.216.034/":   "ends in a number",
	"http://0/":                "ends in a number",
	"http://0x/":               "ends in a number",
	"http://ocsp.ca.net.0x/":   "ends in a number",
	"http://ocsp.ca.0x1f/":     "ends in a number",
	"http://4294967296/":       "ends in a number",
	"http://256.256.256.256/":  "ends in a number",
	"http://3232235777.123/":   "ends in a number",
	"http://93.184.216.34.5.6": "ends in a number",

	"http://[::1]/":                  "loopback",
	"http://[0:0:0:0:0:0:0:1]/":      "loopback",
	"http://[::]/":                   "unspecified",
	"http://[::ffff:127.0.0.1]/":     "clothes",
	"http://[::ffff:7f00:1]/":        "clothes",
	"http://[::ffff:93.184.216.34]/": "clothes",
	"http://[::127.0.0.1]/":          "clothes",
	"http://[64:ff9b::10.0.0.1]/":    "stands for",
	"http://[64:ff9b::a9fe:a9fe]/":   "stands for",
	"http://[64:ff9b:1::a00:1]/":     "RFC 8215",
	"http://[2002:a00:1::1]/":        "6to4",
	"http://[2002:5db8:d822::1]/":    "6to4",
	"http://[2001:0:a00:1::1]/":      "Teredo",
	"http://[2001:2::1]/":            "benchmarks",
	"http://[2001:20::1]/":           "protocols",
	"http://[2001:db8::1]/":          "documentation",
	"http://[3fff:fff::1]/":          "documentation",
	"http://[5f00::1]/":              "segment",
	"http://[100::1]/":               "discarded",
	"http://[fc00::1]/":              "unique-local",
	"http://[fd00:ec2::254]/":        "unique-local",
	"http://[fe80::1]/":              "link-local",
	"http://[fec0::1]/":              "site-local",
	"http://[ff02::1]/":              "multicast",
	"http://[4000::1]/":              "no block",
	"http://[2a00::5efe:10.0.0.1]/":  "tunnel",
	"http://[2a00::200:5efe:a00:1]/": "tunnel",
	"http://[fe80::1%25eth0]/":       "percent",
	"http://[fe80::1%eth0]/":         "percent",
	"http://[2a00::1":                "brackets",
	"http://[2a00::1]x/":             "brackets",
	"http://[2a00::1].ca.net/":       "brackets",
	"http://[]/":                     "IPv6",
	"http://[v1.x]/":                 "IPv6",
	"http://[93.184.216.34]/":        "IPv6",
	"http://[ocsp.ca.net]/":          "IPv6",
	"http://2a00::1/":                "port",
	"http://ocsp.ca.net]/":           "character",
}

func TestGuard(t *testing.T) {
	for raw, want := range allowed {
		if got, err := Guard(raw); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", raw, got, err, want)
		}
	}
	for raw, why := range refused {
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
	if len(allowed)+len(refused) < 80 {
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
	for raw := range allowed {
		f.Add(raw)
	}
	for raw := range refused {
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
