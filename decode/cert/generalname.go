package cert

import (
	"fmt"
	"net/netip"
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Choice is the alternative that a GeneralName takes: the number of its tag.
type Choice int

// The alternatives of GeneralName.
const (
	OtherName Choice = iota
	RFC822Name
	DNSName
	X400Address
	DirectoryName
	EDIPartyName
	URI
	IPAddress
	RegisteredID
)

// choices name the alternatives as people write them.
var choices = [...]string{"other", "email", "DNS", "X.400", "directory", "EDI party", "URI", "IP", "registered ID"}

// GeneralName is one of the forms in which a certificate names something.
type GeneralName struct {
	Ref    report.Ref
	Choice Choice // -1 if it is none of the nine
	Text   string // the value alone: www.example.org
	Name   Name   // of a directoryName
	ID     oid.ID // of a registeredID, and the type of an otherName
	Octets []byte // of an iPAddress
}

// String writes the name with its form in front: DNS:www.example.org.
func (g GeneralName) String() string {
	if g.Choice < 0 {
		return g.Text
	}
	return choices[g.Choice] + ":" + g.Text
}

// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
type GeneralNames []GeneralName

// String lists the first names.
func (g GeneralNames) String() string {
	return listed(g, GeneralName.String)
}

// listed writes the first members of a list, and how many follow.
func listed[T any](list []T, text func(T) string) string {
	const most = 6
	var parts []string
	for i, v := range list {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(list)-most))
			break
		}
		parts = append(parts, text(v))
	}
	return strings.Join(parts, ", ")
}

// ReadGeneralName reads a GeneralName.
//
//	GeneralName ::= CHOICE {
//		otherName                 [0] OtherName,
//		rfc822Name                [1] IA5String,
//		dNSName                   [2] IA5String,
//		x400Address               [3] ORAddress,
//		directoryName             [4] Name,
//		ediPartyName              [5] EDIPartyName,
//		uniformResourceIdentifier [6] IA5String,
//		iPAddress                 [7] OCTET STRING,
//		registeredID              [8] OBJECT IDENTIFIER }
//
// RFC 5280, section 4.2.1.6
func ReadGeneralName(r *field.Reader, label string) GeneralName {
	defer r.Cite(r.Cite(rfc5280("4.2.1.6")))
	g := GeneralName{Ref: report.None, Choice: -1}
	e, ok := r.Next()
	if !ok || e.Tag.Class != der.Context || e.Tag.Number > 8 {
		g.Ref = r.Stop(label, "%s: want a GeneralName, [0] to [8], found %s", label, found(r, e, ok))
		return g
	}
	g.Choice = Choice(e.Tag.Number)
	switch g.Choice {
	case OtherName:
		g.Ref = r.Implicit(0, label, "OtherName", func(r *field.Reader) {
			g.ID = r.OID("type-id").Value
			r.Explicit(0, "value", func(r *field.Reader) { g.Text = readText(r, "value") })
		})
		g.Text = strings.TrimSpace(g.ID.String() + " " + g.Text)
	case RFC822Name, DNSName, URI:
		f := r.TextAs(label, e.Tag, der.IA5String)
		g.Ref, g.Text = f.Ref, f.Value
	case DirectoryName:
		r.Explicit(4, label, func(r *field.Reader) { g.Name = ReadName(r, label) })
		g.Ref, g.Text = g.Name.Ref, g.Name.String()
	case IPAddress:
		f := r.OctetsAs(label, e.Tag)
		g.Ref, g.Octets, g.Text = f.Ref, f.Value, address(f.Value)
	case RegisteredID:
		f := r.OIDAs(label, e.Tag)
		g.Ref, g.ID, g.Text = f.Ref, f.Value, f.Value.String()
	default:
		g.Ref = r.Any(label)
		g.Text = "shown as ASN.1"
	}
	if !r.Muted() {
		r.Show(g.Ref, g.String())
	}
	return g
}

// readText reads a value of any type and gives its text if it is a string.
func readText(r *field.Reader, label string) string {
	if e, ok := r.Next(); ok && field.IsText(e.Tag) && !e.Constructed {
		return r.Text(label).Value
	}
	r.Any(label)
	return ""
}

// found says what stands where something else belongs.
func found(r *field.Reader, e der.Element, ok bool) string {
	switch {
	case ok:
		return e.Tag.String()
	case r.Empty():
		return "nothing"
	}
	return "no element"
}

// address writes an IP address, or in a name constraint an address with its mask.
func address(b []byte) string {
	if a, ok := netip.AddrFromSlice(b); ok {
		return a.String()
	}
	if len(b) == 8 || len(b) == 32 {
		a, _ := netip.AddrFromSlice(b[:len(b)/2])
		mask, bits, ended := b[len(b)/2:], 0, false
		for i := range 8 * len(mask) {
			switch set := mask[i/8]&(0x80>>(i%8)) != 0; {
			case set && ended: // not a prefix: written out
				m, _ := netip.AddrFromSlice(mask)
				return a.String() + "/" + m.String()
			case set:
				bits++
			default:
				ended = true
			}
		}
		return fmt.Sprintf("%s/%d", a, bits)
	}
	return field.Colons(b) + fmt.Sprintf(" (%d octets: no IP address)", len(b))
}

// ReadGeneralNames reads a SEQUENCE OF GeneralName.
func ReadGeneralNames(r *field.Reader, label string) (g GeneralNames) {
	ref := r.Seq(label, func(r *field.Reader) { g = field.List(r, label, ReadGeneralName) })
	if !r.Muted() {
		r.Show(ref, g.String())
	}
	return g
}

// namesAs reads GeneralNames under the tag [n] IMPLICIT.
func namesAs(r *field.Reader, n int, label string) (g GeneralNames) {
	if !r.Peek(der.Ctx(n)) {
		return nil
	}
	ref := r.Implicit(n, label, "GeneralNames", func(r *field.Reader) { g = field.List(r, label, ReadGeneralName) })
	if !r.Muted() {
		r.Show(ref, g.String())
	}
	return g
}
