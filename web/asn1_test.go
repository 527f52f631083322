package web

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestElementText(t *testing.T) {
	for _, c := range []struct{ der, want string }{
		{"02017f", "127"}, {"0201ff", "-1"}, {"0200", ""}, {"020900ffffffffffffffff", "00ffffffffffffffff"},
		{"06092b0601050507300101", "1.3.6.1.5.5.7.48.1.1 id-pkix-ocsp-basic"}, {"0603550403", "2.5.4.3 commonName"}, {"060155", "2.5"}, {"060188", "88"}, {"06028837", "2.999"},
		{"0101ff", "TRUE"}, {"0500", ""}, {"030204f0", "4 bits: f0"}, {"030100", "0 bits"}, {"04046e616d65", `"name"`}, {"82046e616d65", `"name"`}, {"0404006d6500", "006d6500"}, {"0402abcd", "abcd"},
		{"0c0361c3a4", "aä"}, {"180f32303236313132303132303030305a", "2026-11-20 12:00:00 UTC"}, {"170d3530303130313030303030305a", "1950-01-01 00:00:00 UTC"}, {"180132", "2"},
		{"3006020101020102", "2 elements"}, {"3005020101", "5 octets: SEQUENCE: length 5 runs 2 past the end"},
	} {
		b := unhex(t, c.der)
		if got := elementText(b, first(b)); got != c.want {
			t.Errorf("%s says %q, want %q", c.der, got, c.want)
		}
	}
}

func TestASN1Rows(t *testing.T) {
	// SEQUENCE { OCTET STRING { SEQUENCE { NULL } } NULL } and two octets more
	b := unhex(t, "3008040430020500"+"0500"+"0405")
	o := newOutline(b)
	rows := o.all()
	want := []struct {
		off, depth int
		inside     bool
	}{{0, 0, false}, {2, 1, false}, {4, 2, true}, {6, 3, false}, {8, 1, false}, {10, 0, false}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d: %+v", len(rows), len(want), rows)
	}
	for i, w := range want {
		if r := rows[i]; r.Off != w.off || r.Depth != w.depth || r.Inside != w.inside {
			t.Errorf("row %d is %+v, want %+v", i, r, w)
		}
	}
	if rows[5].Fault == "" {
		t.Error("octets that are no element are not called so")
	}
	o.turn(1)
	if o.n() != 4 {
		t.Errorf("with the string closed there are %d rows, want 4", o.n())
	}
}

// FuzzASN1Rows: every row lies inside the octets, and no row begins before
// the one above it.
func FuzzASN1Rows(f *testing.F) {
	f.Add(unhex(f, "30080404300205000500"+"0405"))
	f.Add(unhex(f, "30800201010000"))
	f.Add(bytes.Repeat([]byte{0x30, 0x80}, 300))
	f.Fuzz(func(t *testing.T, b []byte) {
		at := 0
		for _, r := range newOutline(b).all() {
			if r.Off < at || r.Off >= len(b) || r.End() > len(b) {
				t.Fatalf("row %+v of %d octets, after %d", r, len(b), at)
			}
			at = r.Off
			elementText(b, r)
		}
	})
}
