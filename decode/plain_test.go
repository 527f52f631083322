package decode

import (
	"encoding/hex"
	"strings"
	"testing"
)

// What tools print of TLS without its octets is refused with what to do instead.
func TestWhatToGiveInstead(t *testing.T) {
	ip := "4500003c00004000400600000a0000010a000002" + "9c4001bb00000001000000015018ffff00000000" + "1603010004"
	for what, c := range map[string]struct{ in, want string }{
		"tcpdump -X":   {"12:00:00.0 IP 10.0.0.1.40000 > 10.0.0.2.443: Flags [P.], length 5\n" + dumped(ip), "tcpdump -w"},
		"a frame":      {strings.Repeat("00", 12) + "0800" + ip, "tcpdump -w"},
		"gnutls-cli":   {"|<5>| REC[0x5590ee1c4bf0]: Allocating epoch #0\n|<4>| HSK[0x5590ee1c4bf0]: Adv. version: 3.3\n", "GnuTLS"},
		"-trace":       {"CONNECTED(00000003)\nSent Record\nHeader:\n  Version = TLS 1.0 (0x301)\n", "-msg"},
		"curl -v":      {"* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n", "curl -v"},
		"anything":     {"nothing of the kind", "key logs and CMP messages"},
		"other octets": {hex.EncodeToString([]byte("\xf5 some octets, which are no packet and long enough for one, or two")), "key logs and CMP messages"},
	} {
		found := false
		r := Load([]Input{{Name: "x", Bytes: []byte(c.in)}}, Limits{}).Report(Options{})
		for _, it := range r.Items {
			found = found || strings.Contains(it.Verdict.Detail, c.want)
		}
		if !found {
			t.Errorf("%s: no word of «%s» in %+v", what, c.want, r.Items[len(r.Items)-1].Verdict)
		}
	}
}

// dumped is hex as tcpdump -X prints it.
func dumped(digits string) (s string) {
	for off := 0; digits != ""; off += 16 {
		n := min(32, len(digits))
		s += "\t0x" + hex.EncodeToString([]byte{byte(off >> 8), byte(off)}) + ": "
		for i := 0; i < n; i += 4 {
			s += " " + digits[i:min(n, i+4)]
		}
		digits = digits[n:]
		s += "  ....\n"
	}
	return s
}
