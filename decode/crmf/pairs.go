package crmf

import (
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Pairs is the value of utf8Pairs: names with values in one string.
//
// RFC 4211, section 7.1
type Pairs struct {
	Ref   report.Ref
	List  []Pair
	Fault string // what of the text is no pair; "" if nothing
}

// Pair is a name with its value, unescaped.
type Pair struct{ Name, Value string }

func readPairs(r *field.Reader, label string) *Pairs {
	f := r.TextAs(label, der.UTF8String, der.UTF8String)
	p := &Pairs{Ref: f.Ref}
	p.List, p.Fault = parsePairs(f.Value)
	if p.Fault == "" && f.OK {
		r.Show(p.Ref, p.String())
	}
	return p
}

// String writes the pairs for people: version = 1; corporateCompany = Example.
func (p *Pairs) String() string {
	var all []string
	for _, q := range p.List {
		all = append(all, q.Name+" = "+q.Value)
	}
	return strings.Join(all, "; ")
}

// parsePairs reads name?value%name?value%…, in which %25 and %3f stand for the
// two signs that part names and values. The last % may be missing. fault names
// the first part that is no pair.
func parsePairs(s string) (list []Pair, fault string) {
	for s != "" {
		part := s
		end := separator(s)
		if end < len(s) {
			part, s = s[:end], s[end+1:]
		} else {
			s = ""
		}
		name, value, ok := strings.Cut(part, "?")
		switch {
		case fault != "":
		case !ok:
			fault = "«" + part + "» has no ? between name and value"
		case name == "":
			fault = "«" + part + "» has no name in front of the ?"
		case name[0] >= '0' && name[0] <= '9':
			fault = "the name «" + name + "» begins with a digit"
		}
		list = append(list, Pair{unescape(name), unescape(value)})
	}
	return list, fault
}

// separator is the place of the first % that ends a pair and escapes nothing;
// the length of s if there is none.
func separator(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if _, ok := escaped(s[i:]); !ok {
			return i
		}
		i += 2
	}
	return len(s)
}

// escaped gives the sign that an escape at the beginning of s stands for: only
// those of the two separators are escapes, for a name may begin with hex digits.
func escaped(s string) (byte, bool) {
	if len(s) >= 3 {
		switch strings.ToLower(s[:3]) {
		case "%25":
			return '%', true
		case "%3f":
			return '?', true
		}
	}
	return 0, false
}

func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if e, ok := escaped(s[i:]); ok {
			c = e
			i += 2
		}
		b.WriteByte(c)
	}
	return b.String()
}
