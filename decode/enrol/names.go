package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/oid"
)

// Likeness is how two names compare.
type Likeness int

const (
	Different Likeness = iota
	// Reordered names have the same parts in another order: some programs read a
	// name from the other end when it passes through a text form.
	Reordered
	Folded // equal when case, white space and the string type do not count: RFC 5280, section 7.1
	Same   // octet for octet
)

// Equal says that two names are one for RFC 5280.
func (l Likeness) Equal() bool { return l >= Folded }

// Compare compares two names.
func Compare(a, b cert.Name) Likeness {
	switch octets, folded := a.Equal(b); {
	case octets:
		return Same
	case folded:
		return Folded
	case reordered(a, b):
		return Reordered
	}
	return Different
}

// reordered says that two names of the same length have the same parts, in any
// order. Names of more parts than a real one has are not looked at.
func reordered(a, b cert.Name) bool {
	n := len(a.RDNs)
	if n < 2 || n > 32 || n != len(b.RDNs) {
		return false
	}
	var used [32]bool
next:
	for _, x := range a.RDNs {
		for j, y := range b.RDNs {
			if used[j] {
				continue
			}
			// Each part is compared as a name of its own, whose octets are known to differ.
			p, q := cert.Name{Raw: []byte{0}, RDNs: [][]cert.Attribute{x}}, cert.Name{Raw: []byte{1}, RDNs: [][]cert.Attribute{y}}
			if _, same := p.Equal(q); same {
				used[j] = true
				continue next
			}
		}
		return false
	}
	return true
}

// Null says that a name is the NULL-DN: a directoryName without parts.
func Null(g cert.GeneralName) bool {
	return g.Choice == cert.DirectoryName && g.Name.Raw != nil && len(g.Name.RDNs) == 0
}

const idCommonName oid.ID = "2.5.4.3"

// CommonName is the last commonName of a name, and whether there is one.
func CommonName(n cert.Name) (string, bool) {
	for i := len(n.RDNs) - 1; i >= 0; i-- {
		for _, a := range n.RDNs[i] {
			if a.Type == idCommonName {
				return a.Value, true
			}
		}
	}
	return "", false
}
