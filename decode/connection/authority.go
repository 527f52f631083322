package connection

import (
	"bytes"
	"slices"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// authority is one distinguished name of a CertificateRequest.
type authority struct {
	ref       report.Ref
	raw       []byte
	name      cert.Name
	canonical string // as OpenSSL compares it; "" where the name cannot be read
	fault     string // why the octets are not one Name; "" where they are
	unsorted  bool   // the attributes of a set are not in the order of their octets
}

// manyAuthorities bounds the names that are read of one list: 64 KiB hold many
// of three octets, and no server sends more than a few hundred.
const manyAuthorities = 4096

// authorities reads the names of a list.
func authorities(list handshake.Authorities) []authority {
	all := make([]authority, 0, min(len(list.List), manyAuthorities))
	for _, f := range list.List[:min(len(list.List), manyAuthorities)] {
		a := readName(f.Value)
		a.ref = f.Ref
		if !f.OK {
			a.fault = "it is cut short"
		}
		all = append(all, a)
	}
	return all
}

// readName reads a Name in octets of its own: its nodes are nobody's.
func readName(b []byte) authority {
	a := authority{raw: b}
	tree := field.NewTree(field.Limits{})
	r := tree.Reader(tree.Add(report.Source{Bytes: b}))
	if len(b) == 0 {
		a.fault = "it has no octets"
		return a
	}
	a.name = cert.ReadName(r, "name")
	switch n, why := r.Breaks(); {
	case n > 0:
		a.fault = why
	case !r.Empty():
		a.fault = report.Plural(len(r.Left()), "octet follows", "octets follow") + " the Name"
	default:
		a.canonical = canonical(a.name)
	}
	a.unsorted = slices.ContainsFunc(tree.Faults, func(f field.Fault) bool { return f.Kind == field.SetOrder })
	return a
}

// Universal tags of the string types that OpenSSL makes one of before it
// compares: the others are compared as they are.
const (
	tagUTF8      = 12
	tagPrintable = 19
	tagT61       = 20
	tagIA5       = 22
	tagVisible   = 26
	tagUniversal = 28
	tagBMP       = 30
)

// canonical is a name as OpenSSL compares names: its strings as UTF-8 with the
// 26 letters of ASCII in small, one space between words and none around them, and
// the sets in the order of their octets. Letters beyond ASCII keep their case,
// and of the string types NumericString is one of its own.
//
// x509_name_canon in crypto/x509/x_name.c
func canonical(n cert.Name) string {
	var all []byte
	for _, rdn := range n.RDNs {
		set := make([][]byte, len(rdn))
		for i, a := range rdn {
			set[i] = canonicalAttribute(a)
		}
		slices.SortFunc(set, bytes.Compare)
		all = append(all, 0xff) // where a set begins; no attribute begins so
		for _, a := range set {
			all = append(all, byte(len(a)>>16), byte(len(a)>>8), byte(len(a)))
			all = append(all, a...)
		}
	}
	return string(all)
}

func canonicalAttribute(a cert.Attribute) []byte {
	out := append([]byte(a.Type), 0)
	switch a.Tag {
	case tagUTF8, tagPrintable, tagT61, tagIA5, tagVisible, tagUniversal, tagBMP:
	default:
		return append(out, a.Raw...)
	}
	between := false
	for _, c := range []byte(a.Value) {
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			between = true
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if between && out[len(out)-1] != 0 {
			out = append(out, ' ')
		}
		between = false
		out = append(out, c)
	}
	return out
}

// likeness says how alike two names are.
type likeness uint8

const (
	other  likeness = iota
	folded          // alike for OpenSSL, which folds case, spaces and string types
	exact           // octet for octet, which is all that Go takes
)

// listed says how well an issuer's name fits the list, and which entry it is.
func listed(list []authority, issuer cert.Name) (likeness, int) {
	best, at := other, -1
	canon := ""
	for i := range list {
		a := &list[i]
		if bytes.Equal(a.raw, issuer.Raw) {
			return exact, i
		}
		if best == other && a.canonical != "" {
			if canon == "" {
				canon = canonical(issuer)
			}
			if a.canonical == canon {
				best, at = folded, i
			}
		}
	}
	return best, at
}
