package enrol

import (
	"testing"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
)

// nameOf makes a name of common names and organizations: "CN=a", "O=b".
func nameOf(tag der.Tag, parts ...string) cert.Name {
	var rdns [][]byte
	for _, p := range parts {
		id := []byte{0x06, 3, 0x55, 4, 3}
		if p[0] == 'O' {
			id[4], p = 10, p[2:]
		} else {
			p = p[3:]
		}
		rdns = append(rdns, der.Wrap(der.Set, der.Wrap(der.Sequence, id, der.Wrap(tag, []byte(p)))))
	}
	return cert.ReadName(field.Trial(der.Wrap(der.Sequence, rdns...)), "name")
}

func TestCompare(t *testing.T) {
	utf8, printable := der.UTF8String, der.PrintableString
	a := nameOf(utf8, "O=Example", "CN=device 17")
	for _, c := range []struct {
		what string
		b    cert.Name
		want Likeness
	}{
		{"itself", nameOf(utf8, "O=Example", "CN=device 17"), Same},
		{"another string type", nameOf(printable, "O=Example", "CN=device 17"), Folded},
		{"another case and more space", nameOf(utf8, "O=EXAMPLE", "CN=device  17"), Folded},
		{"from the other end", nameOf(utf8, "CN=device 17", "O=Example"), Reordered},
		{"from the other end, folded", nameOf(printable, "CN=Device 17", "O=Example"), Reordered},
		{"another value", nameOf(utf8, "O=Example", "CN=device 18"), Different},
		{"a part more", nameOf(utf8, "O=Example", "CN=device 17", "CN=x"), Different},
		{"one part twice", nameOf(utf8, "O=Example", "O=Example"), Different},
		{"none", nameOf(utf8), Different},
	} {
		if got := Compare(a, c.b); got != c.want {
			t.Errorf("%s: %d, want %d", c.what, got, c.want)
		}
		if got := Compare(c.b, a); got != c.want {
			t.Errorf("%s, turned round: %d, want %d", c.what, got, c.want)
		}
	}
}
