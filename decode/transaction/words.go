package transaction

import (
	"encoding/hex"
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// number names a message: message 6.
func number(m *enrol.View) string { return "message " + strconv.Itoa(m.Number()) }

// named begins a sentence: Message 6 (ip).
func named(m *enrol.View) string {
	return "Message " + strconv.Itoa(m.Number()) + " (" + m.Body.Name() + ")"
}

// octets writes a nonce as it is seen in the structure.
func octets(b []byte) string {
	switch {
	case len(b) == 0:
		return "no octets"
	case len(b) > 32:
		return hex.EncodeToString(b[:32]) + "…"
	}
	return hex.EncodeToString(b)
}

// brief writes the first octets of a nonce, to be told from others: 41 aa 02 ….
func brief(b []byte) string {
	if len(b) == 0 {
		return "none"
	}
	s := ""
	for i := range min(len(b), 3) {
		s += hex.EncodeToString(b[i:i+1]) + " "
	}
	if len(b) <= 3 {
		return s[:len(s)-1]
	}
	return s + "…"
}

// types lists bodies: ip, error or popdecc.
func types(list []cmp.Type) string {
	s := ""
	for i, t := range list {
		switch {
		case i > 0 && i == len(list)-1:
			s += " or "
		case i > 0:
			s += ", "
		}
		s += t.String()
	}
	return s
}

// whole is an integer for people.
func whole(f field.Field[field.Int]) string {
	if n, ok := f.Value.Int64(); ok {
		return strconv.FormatInt(n, 10)
	}
	if !f.OK || len(f.Value) > 64 {
		return "a number that cannot be read"
	}
	return f.Value.Big().String()
}

// key is an integer as it serves to look things up by.
func key(f field.Field[field.Int]) string {
	if n, ok := f.Value.Int64(); ok {
		return strconv.FormatInt(n, 10)
	}
	return "x" + string(f.Value)
}

// infoName names a type of information: caCerts.
func infoName(id oid.ID) string {
	if s := strings.TrimPrefix(id.Name(), "id-it-"); s != "" {
		return s
	}
	return id.String()
}

// subject names somebody: CN=device-17, or the whole name where it has no CN.
func subject(n *cert.Name) string {
	if n == nil || len(n.RDNs) == 0 {
		return ""
	}
	if cn, ok := enrol.CommonName(*n); ok {
		return "CN=" + report.Clean(short(cn, 60))
	}
	return report.Clean(short(n.String(), 60))
}

// person writes a name that stands in a header.
func person(g cert.GeneralName) string {
	if g.Choice == cert.DirectoryName {
		return report.Clean(g.Name.String())
	}
	return report.Clean(g.String())
}

// short cuts text that is longer than a line has room for.
func short(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
