package web

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"derscope/decode/report"
)

// statusWord says a status to people, who may not see its colour.
func statusWord(s report.Status) string {
	switch s {
	case report.Pass:
		return "Holds"
	case report.Warn:
		return "Warning"
	case report.Open:
		return "Undecided"
	case report.Fail:
		return "Fails"
	}
	return "Not judged"
}

func statusGlyph(s report.Status) string {
	switch s {
	case report.Pass:
		return "✓"
	case report.Warn:
		return "!"
	case report.Open:
		return "?"
	case report.Fail:
		return "✕"
	}
	return "·"
}

func statusClass(s report.Status) string {
	if s == report.NoStatus {
		return "none"
	}
	return s.String()
}

// kindWords spell kinds for people.
var kindWords = map[string]string{
	"ocsp-response": "OCSP response", "ocsp-request": "OCSP request", "certificate": "Certificate",
	"certificate-request": "Certificate request", "crl": "CRL", "public-key": "Public key", "name": "Name",
	"cms": "CMS message", "asn1": "ASN.1", "private-key": "Private key", "unknown": "Not recognised",
	"tls-session": "TLS session", "session-ticket": "Session ticket", "new-session-ticket": "NewSessionTicket",
	"ticket-key": "Ticket key", "shared-secret": "Shared secret", "tls-handshake": "TLS handshake", "capture": "Capture", "key-log": "Key log",
	"tls": "TLS connection", "cmp": "CMP transaction", "cmp-message": "CMP message",
}

func kindWord(kind string) string {
	if w := kindWords[kind]; w != "" {
		return w
	}
	return kind
}

// inSentence is the title of an item inside a sentence: "Certificate of X"
// becomes "the certificate of X".
func inSentence(it *report.Item) string {
	title := itemTitle(it)
	if kind := kindWord(it.Kind); strings.HasPrefix(title, kind) {
		if first, _ := utf8.DecodeRuneInString(kind[1:]); unicode.IsLower(first) && it.Kind != "new-session-ticket" {
			title = strings.ToLower(kind[:1]) + title[1:]
		}
		return "the " + title
	}
	return title
}

// count writes a number with its thousands apart.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func octetCount(n int) string { return plural(n, "octet") }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return count(n) + " " + word + "s"
}

// place says in which form an item came, and where it lay in its input.
func place(it *report.Item, among bool) []string {
	var where []string
	if len(it.Armor) > 0 {
		where = append(where, armorWord(strings.Join(it.Armor, ", ")))
	}
	switch {
	case it.Carrier >= 0:
	case it.Off > 0 || among:
		where = append(where, fmt.Sprintf("%s at offset %s", octetCount(it.Len), count(it.Off)))
	case it.Input != "paste":
		where = append(where, it.Input)
	}
	return where
}

// armorWord spells the forms of input for people.
func armorWord(s string) string {
	return strings.NewReplacer("pem", "PEM", "http", "HTTP", "json", "JSON", "url", "URL", "base64url", "base64url",
		"openssl-text", "OpenSSL's text", "openssl-msg", "openssl -msg").Replace(s)
}

func itemTitle(it *report.Item) string {
	if it.Title != "" {
		return it.Title
	}
	return kindWord(it.Kind)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sentence gives a reason its capital and its full stop. Names keep their
// spelling: nextUpdate, www.example.org.
func sentence(s string) string {
	if first, _, _ := strings.Cut(s, " "); strings.IndexFunc(first, notLower) < 0 {
		s = capital(s)
	}
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func notLower(r rune) bool { return r < 'a' || r > 'z' }

func article(noun string) string {
	switch noun[0] {
	case 'A', 'E', 'I', 'O', 'U':
		return "an " + noun
	}
	return "a " + noun
}

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
