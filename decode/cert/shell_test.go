package cert

import (
	"testing"

	"derscope/decode/oid"
)

// A name goes into a command only where no shell and no OpenSSL could take it
// otherwise than it is meant.
func TestShellName(t *testing.T) {
	cn, street, odd := oid.ID("2.5.4.3"), oid.ID("2.5.4.9"), oid.ID("1.2.3.4")
	of := func(all ...Attribute) (n Name) {
		for _, a := range all {
			n.RDNs = append(n.RDNs, []Attribute{a})
		}
		return n
	}
	for _, c := range []struct {
		name Name
		want string
	}{
		{of(Attribute{Type: "2.5.4.10", Value: "Example"}, Attribute{Type: cn, Value: "Example Root R1"}), "'/O=Example/CN=Example Root R1'"},
		{of(Attribute{Type: street, Value: "Main 1"}), "'/street=Main 1'"},
		{of(Attribute{Type: cn, Value: "$(id) `id` ;"}), "'/CN=$(id) `id` ;'"},
		{of(Attribute{Type: cn, Value: "'; id; '"}), ""},
		{of(Attribute{Type: cn, Value: "a/CN=b"}), ""},
		{of(Attribute{Type: cn, Value: "a\\b"}), ""},
		{of(Attribute{Type: cn, Value: "a\nb"}), ""},
		{of(Attribute{Type: cn, Value: "Ä"}), ""},
		{of(Attribute{Type: odd, Value: "a"}), ""},
		{of(), ""},
		{Name{RDNs: [][]Attribute{{{Type: cn, Value: "a"}, {Type: cn, Value: "b"}}}}, ""},
	} {
		if got, ok := ShellName(c.name); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: %s, %t, want %s", c.name, got, ok, c.want)
		}
	}
}
