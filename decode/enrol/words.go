package enrol

import (
	"strconv"
	"time"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
)

// How names, octets, numbers and texts are written in sentences.

// called writes a name for a sentence.
func called(n cert.Name) string {
	if len(n.RDNs) == 0 {
		return "an empty name"
	}
	return "«" + n.String() + "»"
}

// calls writes a GeneralName, a directoryName as it is.
func calls(g cert.GeneralName) string {
	if g.Choice == cert.DirectoryName {
		return "«" + report.Clean(g.Name.String()) + "»"
	}
	return "«" + report.Clean(g.String()) + "»"
}

// title is what to call a certificate by, fit to be shown.
func title(k *cert.Certificate) string { return report.Clean(k.Title()) }

// article writes the name of a body with its article: an ip, a cp.
func article(name string) string {
	switch name {
	case "ir", "ip", "rr", "rp", "rann", "error":
		return "an " + name
	}
	return "a " + name
}

// quoted writes octets as text where they are some, else in hex.
func quoted(b []byte) string {
	if len(b) == 0 {
		return "empty"
	}
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return octets(b)
		}
	}
	return "«" + string(b) + "»"
}

// octets writes octets in hex, long ones with their number.
func octets(b []byte) string {
	if len(b) == 0 {
		return "empty"
	}
	if len(b) > 32 {
		return field.Colons(b[:16]) + "… (" + report.Plural(len(b), "octet", "octets") + ")"
	}
	return field.Colons(b)
}

// orAbsent writes the octets of a field for a sentence; nil: there is none.
func orAbsent(raw []byte) string {
	if raw == nil {
		return "absent"
	}
	return octets(raw)
}

// short writes the first octets of an identifier.
func short(b []byte) string {
	if len(b) > 20 {
		return field.Colons(b[:20]) + "…"
	}
	if len(b) == 0 {
		return "empty"
	}
	return field.Colons(b)
}

// bigText writes a number for a sentence.
func bigText(v field.Int) string {
	if len(v) > 16 {
		return "a number of " + report.Plural(len(v), "octet", "octets")
	}
	return v.Big().String()
}

// seconds writes a number of seconds in larger units: 1 min 30 s.
func seconds(n int64) string { return report.Length(time.Duration(min(n, 1<<33)) * time.Second) }

// shortText writes text for a sentence, escaped.
func shortText(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

// freeText writes the texts of a message for a sentence, with what cannot be
// printed escaped.
func freeText(f cmp.FreeText) string {
	const most = 400
	var s string
	for i, t := range f.Texts {
		if i > 0 {
			s += "; "
		}
		if s += t.Value; len(s) > 4*most {
			break
		}
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return report.Clean(s)
}

// clip keeps a text from another side short, and makes it fit to be shown.
func clip(s string) string {
	if r := []rune(s); len(r) > 200 {
		return report.Clean(string(r[:200])) + "…"
	}
	return report.Clean(s)
}

// statusName writes a status for a sentence: waiting; 17.
func statusName(s *cmp.PKIStatusInfo) string {
	if name := s.Value().String(); name != "" {
		return name
	}
	return bigText(s.Status.Value)
}

// statusWords write a status with its number: waiting (3); 17.
func statusWords(s *cmp.PKIStatusInfo) string {
	if name := s.Value().String(); name != "" {
		return name + " (" + bigText(s.Status.Value) + ")"
	}
	return bigText(s.Status.Value)
}

// reasons lists the bits of failInfo for a sentence.
func reasons(s *cmp.PKIStatusInfo) string {
	if names := s.Failures(); len(names) > 0 {
		return report.Enumerate(names)
	}
	return "nothing"
}

// sentence begins a text with a capital letter.
func sentence(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// both puts one sentence behind others.
func both(s, next string) string {
	switch {
	case s == "":
		return next
	case next == "":
		return s
	}
	return s + " " + next
}
