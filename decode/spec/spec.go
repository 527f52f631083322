// Package spec cites documents: the only way in which derscope names the
// section that decides a matter.
//
// A [Ref] is a document and a section, written as the document writes them:
//
//	spec.RFC(6960, "4.2.2.2").String() // "RFC 6960 §4.2.2.2"
//
// The package knows where a document can be read. It does not hold the text of
// any document.
package spec

import (
	"strconv"
	"strings"
)

// Ref is a section of a document. The zero Ref cites nothing.
type Ref struct {
	Doc     string // "RFC 6960", "X.690", "TLS BR", "Mozilla RSP", or a source file of another project
	Section string // "4.2.2.1", "A.1"; "" for the whole document
}

// RFC cites a section of an RFC.
func RFC(number int, section string) Ref {
	switch number { // cited with every certificate and response that is read
	case 5280:
		return Ref{"RFC 5280", section}
	case 6960:
		return Ref{"RFC 6960", section}
	}
	return Ref{"RFC " + strconv.Itoa(number), section}
}

// Doc cites a section of a document that is no RFC, or a source file of another project.
func Doc(name, section string) Ref { return Ref{name, section} }

// Refs cites several sections, each written as document, " §" and section, with
// "; " between them: "RFC 6960 §4.2.2.1; RFC 9654 §2.1". As a constant it costs
// a program nothing until somebody looks.
type Refs string

// Join cites all of them.
func Join(list ...Ref) Refs {
	var b strings.Builder
	for i, r := range list {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(r.Doc)
		if r.Section != "" {
			b.WriteString(" §" + r.Section)
		}
	}
	return Refs(b.String())
}

// Cut takes the first citation from the others, of which there must be one.
func (r Refs) Cut() (first Ref, rest Refs) {
	one, others, _ := strings.Cut(string(r), "; ")
	first.Doc, first.Section, _ = strings.Cut(one, " §")
	return first, Refs(others)
}

// List takes the citations apart.
func (r Refs) List() (list []Ref) {
	for r != "" {
		var one Ref
		one, r = r.Cut()
		list = append(list, one)
	}
	return list
}

// IsZero says that r cites nothing.
func (r Ref) IsZero() bool { return r.Doc == "" }

// String gives the citation as people write it: "RFC 6960 §4.2.2.1".
func (r Ref) String() string {
	doc, link, section := r.Parts()
	return doc + link + section
}

// Parts are those of String: the document, what stands between, and the section.
func (r Ref) Parts() (doc, link, section string) {
	switch {
	case r.Section == "":
		return r.Doc, "", ""
	case r.Section[0] < '0' || r.Section[0] > '9':
		if strings.HasPrefix(r.Doc, "RFC ") {
			return r.Doc, " App. ", r.Section
		}
		return r.Doc, " ", r.Section // a source file
	}
	return r.Doc, " §", r.Section
}

// documents tells where the documents that are no RFCs stand, by name.
var documents = map[string]string{
	"X.680":       "https://www.itu.int/rec/T-REC-X.680",
	"X.690":       "https://www.itu.int/rec/T-REC-X.690",
	"TLS BR":      "https://github.com/cabforum/servercert/blob/main/docs/BR.md",
	"Mozilla RSP": "https://github.com/mozilla/pkipolicy/blob/master/rootstore/policy.md",
	"Microsoft":   "https://github.com/TrustedRootProgram/Program-Requirements",
}

// URL is where the section can be read, or "" if only its name is known.
func (r Ref) URL() string {
	number, isRFC := strings.CutPrefix(r.Doc, "RFC ")
	if !isRFC {
		return documents[r.Doc]
	}
	url := "https://www.rfc-editor.org/rfc/rfc" + number
	switch {
	case r.Section == "":
		return url
	case r.Section[0] >= '0' && r.Section[0] <= '9':
		return url + "#section-" + r.Section
	}
	return url + "#appendix-" + r.Section
}
