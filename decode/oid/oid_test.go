package oid

import (
	"bytes"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	seen := map[string]int{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		id, name, ok := strings.Cut(line, " ")
		if !ok || name == "" || name != strings.TrimSpace(name) {
			t.Errorf("line %d: %q is not an identifier and a name", n, line)
		}
		if at := seen[id]; at > 0 {
			t.Errorf("line %d: %s stands already on line %d", n, id, at)
		}
		seen[id] = n
		back, ok := Parse(ID(id).Bytes())
		if !ok || string(back) != id {
			t.Errorf("line %d: %s comes back as %s", n, id, back)
		}
		if ID(id).Name() != name {
			t.Errorf("line %d: %s is named %q", n, id, ID(id).Name())
		}
	}
	if len(seen) < 400 {
		t.Errorf("%d names, the file is not whole", len(seen))
	}
	for id := range short {
		if id.Name() == "" {
			t.Errorf("%s has a keyword and no name", id)
		}
	}
}

func TestParse(t *testing.T) {
	for _, v := range []struct {
		in   string
		want ID
		ok   bool
	}{
		{"\x55\x04\x03", "2.5.4.3", true},
		{"\x2b\x06\x01\x05\x05\x07\x30\x01\x01", "1.3.6.1.5.5.7.48.1.1", true},
		{"\x88\x37", "2.999", true},
		{"\x27", "0.39", true},
		{"\x28", "1.0", true},
		{"", "", false},
		{"\x80\x01", "0.1", false},                                     // padded first arc
		{"\x55\x80\x04", "2.5.4", false},                               // padded arc
		{"\x55\x04\x83", "2.5.4", false},                               // unfinished arc
		{"\x55\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "2.5", false}, // too long an arc
	} {
		got, ok := Parse([]byte(v.in))
		if got != v.want || ok != v.ok {
			t.Errorf("Parse(%x) = %q, %t; want %q, %t", v.in, got, ok, v.want, v.ok)
		}
	}
}

func TestBytesOfNone(t *testing.T) {
	for _, id := range []ID{"", "1", "1.", "3.1", "0.40", "1.40", "1.2.x", "1.-2", "2.9223372036854775807", "1.2.9223372036854775808"} {
		if b := id.Bytes(); b != nil {
			t.Errorf("%q has octets %x", id, b)
		}
	}
}

// What Parse takes, Bytes gives back octet by octet.
func FuzzOID(f *testing.F) {
	for _, seed := range []string{"", "\x55\x04\x03", "\x88\x37", "\x80\x01", "\x55\xbf\xff\xff\xff\xff\xff\xff\xff\x7f"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		id, ok := Parse(b)
		if !ok {
			return
		}
		if back := id.Bytes(); !bytes.Equal(back, b) {
			t.Errorf("%x reads as %s, which is %x", b, id, back)
		}
	})
}
