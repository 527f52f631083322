package cert

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"

	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Name is a Name as it was sent.
type Name struct {
	Ref  report.Ref
	Raw  []byte // the whole element
	RDNs [][]Attribute
}

// Attribute is an AttributeTypeAndValue.
type Attribute struct {
	Type  oid.ID
	Value string
	Tag   uint32 // universal tag number of the value's string type
	Raw   []byte // the value's element
}

// ReadName reads a Name.
//
//	Name ::= CHOICE { rdnSequence RDNSequence }
//	RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
//	RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
//
// RFC 5280, section 4.1.2.4
func ReadName(r *field.Reader, label string) Name {
	n := Name{Raw: r.Element()}
	n.Ref = r.Seq(label, func(r *field.Reader) {
		n.RDNs = field.List(r, "rdnSequence", func(r *field.Reader, label string) (rdn []Attribute) {
			at := r.Set(label, func(r *field.Reader) { rdn = readRDN(r) })
			r.Show(at, rdnText(rdn))
			return rdn
		})
	})
	if !r.Muted() {
		r.Show(n.Ref, n.String())
	}
	return n
}

// readRDN reads the attributes of one RelativeDistinguishedName.
func readRDN(r *field.Reader) []Attribute {
	var last []byte
	return field.List(r, "attribute", func(r *field.Reader, label string) Attribute {
		raw := r.Element()
		a, at := readAttribute(r, label)
		if bytes.Compare(last, raw) > 0 {
			r.Fault(field.SetOrder, at, "the attributes of the set are not in the order of their octets")
		}
		last = raw
		return a
	})
}

// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
func readAttribute(r *field.Reader, label string) (a Attribute, at report.Ref) {
	at = r.Seq(label, func(r *field.Reader) {
		a.Type = r.OID("type").Value
		a.Raw = r.Element()
		e, ok := r.Next()
		if ok && field.IsText(e.Tag) && !e.Constructed {
			a.Tag = e.Tag.Number
			a.Value = r.Text("value").Value
			return
		}
		if r.Empty() {
			r.Text("value") // which reports that it is missing
			return
		}
		r.Any("value")
		a.Value = "#" + hex.EncodeToString(a.Raw) // RFC 4514, section 2.4
	})
	r.Show(at, a.String())
	return a, at
}

// String writes the attribute as CN=value.
func (a Attribute) String() string {
	name := a.Type.Short()
	if name == "" {
		name = a.Type.String()
	}
	return name + "=" + escape(a.Value)
}

// escape keeps the parts of a name apart. RFC 4514, section 2.4.
func escape(s string) string {
	if !strings.ContainsAny(s, ",+\"\\<>;\x00\r\n") {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case c < 0x20:
			b.WriteByte('\\')
			b.WriteString(hex.EncodeToString([]byte{byte(c)}))
			continue
		case strings.ContainsRune(",+\"\\<>;", c):
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func rdnText(rdn []Attribute) string {
	parts := make([]string, len(rdn))
	for i, a := range rdn {
		parts[i] = a.String()
	}
	return strings.Join(parts, "+")
}

// String writes the name in the order sent: C=…, O=…, CN=….
func (n Name) String() string {
	if len(n.RDNs) == 0 {
		return "an empty name"
	}
	parts := make([]string, len(n.RDNs))
	for i, rdn := range n.RDNs {
		parts[i] = rdnText(rdn)
	}
	return strings.Join(parts, ", ")
}

// short is the order in which parts of a name serve to call it by.
var short = []oid.ID{"2.5.4.3", "2.5.4.10", "2.5.4.11", "1.2.840.113549.1.9.1", "0.9.2342.19200300.100.1.1", "2.5.4.5"}

// Short is what to call the name by: the common name, else the organization, …;
// "" for an empty name.
func (n Name) Short() string {
	for _, id := range short {
		for i := len(n.RDNs) - 1; i >= 0; i-- {
			for _, a := range n.RDNs[i] {
				if a.Type == id && a.Value != "" {
					return a.Value
				}
			}
		}
	}
	if len(n.RDNs) > 0 {
		return n.String()
	}
	return ""
}

// Equal compares two names: octet for octet, and with case and white space
// folded and without regard to the string type.
//
// RFC 5280, section 7.1
func (n Name) Equal(m Name) (octets, folded bool) {
	if n.Raw == nil || m.Raw == nil {
		return false, false
	}
	if bytes.Equal(n.Raw, m.Raw) {
		return true, true
	}
	if len(n.RDNs) != len(m.RDNs) {
		return false, false
	}
	for i := range n.RDNs {
		if !sameRDN(n.RDNs[i], m.RDNs[i]) {
			return false, false
		}
	}
	return false, true
}

// sameRDN compares two sets of attributes. The order of large ones counts: no
// real name has them, and a made-up one shall not cost the square of its size.
func sameRDN(a, b []Attribute) bool {
	if len(a) != len(b) {
		return false
	}
	if len(a) > 64 {
		return slices.EqualFunc(a, b, Attribute.same)
	}
	used := make([]bool, len(b))
	for _, x := range a {
		found := false
		for j, y := range b {
			if !used[j] && x.same(y) {
				used[j], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func (a Attribute) same(b Attribute) bool {
	if a.Type != b.Type {
		return false
	}
	if a.Tag == 0 || b.Tag == 0 {
		return bytes.Equal(a.Raw, b.Raw)
	}
	return a.Value == b.Value || fold(a.Value) == fold(b.Value)
}

// fold drops what a comparison ignores: case, and all but one space between words.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
