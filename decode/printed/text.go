// Package printed reads OCSP responses as OpenSSL prints them, which is how most
// people have them at hand, and makes their octets again.
//
// A [Text] is what was printed; lines.go reads it line by line, with the names
// that the parts have in DER. [Text.Rebuild] encodes what the text says and tries
// what it does not say. Only octets that the printed signature holds over are
// handed on; they are judged by package ocsp like any other response.
//
// It reads no text of certificates: their PEM stands beside it.
//
//	b := text.Rebuild(embedded, hand) // nil: text.Unproved says why
//
// Documents: RFC 6960; OpenSSL's crypto/ocsp/ocsp_prn.c and apps/ocsp.c.
package printed

import (
	"strconv"
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Text is what OpenSSL printed of a response: all of it (openssl ocsp
// -resp_text, s_client -status), the result of openssl ocsp, or the line by
// which s_client says what came.
//
// It has no signed octets. [Text.Rebuild] makes them, and only a signature
// that holds proves that they are the ones.
type Text struct {
	Ref    report.Ref
	Sort   Sort
	Status field.Field[int] // responseStatus
	Type   field.Field[string]
	// Basic says that the parts of a basic response follow.
	Basic      bool
	Version    field.Field[int] // as encoded: 0 is v1
	Responder  field.Field[string]
	Key        []byte // of a responder byKey
	ProducedAt field.Field[field.Moment]
	Responses  report.Ref
	Entries    []Entry
	Extensions []Extension
	Algorithm  field.Field[string]
	PSS        map[string]string // the parameters of RSASSA-PSS, by name
	Signature  field.Field[[]byte]

	Sent     int               // of a line of s_client: how many responses came; -1: what came is none
	Verified field.Field[bool] // of a result: whether openssl ocsp verified the response
	Unread   []report.Ref      // lines that are none of a response
	Unproved string            // why the octets could not be rebuilt; "" if they were, or if it was not tried
	Named    bool              // the responder's certificate is at hand, and still nothing is proved
	TooLong  bool
}

// Sort says what of a response was printed.
type Sort int

const (
	Whole  Sort = iota // everything
	Result             // statuses and times, by openssl ocsp
	Notice             // what came, by s_client
)

// Entry is a SingleResponse, or a line of the result: the status of one
// certificate.
type Entry struct {
	Ref        report.Ref
	File       string // of a result: the certificate as it was named
	Hash       field.Field[string]
	NameHash   field.Field[[]byte]
	KeyHash    field.Field[[]byte]
	Serial     field.Field[field.Int]
	Standing   ocsp.Standing
	StatusRef  report.Ref
	RevokedAt  field.Field[field.Moment]
	Reason     field.Field[cert.Reason]
	ThisUpdate field.Field[field.Moment]
	NextUpdate field.Field[field.Moment]
	Extensions []Extension
}

// Extension is an extension by the name that OpenSSL gives it.
type Extension struct {
	Ref      report.Ref
	Name     string
	Critical bool
	Lines    []string // its value, without indentation
}

// longest is the largest text that is read.
const longest = 1 << 20

// absent is the place of a value that was not printed.
func absent[T any]() field.Field[T] { return field.Field[T]{Ref: report.None} }

func readText(r *field.Reader) *Text {
	t := &Text{Ref: r.At(), Status: absent[int](), Type: absent[string](), Version: absent[int](), Responder: absent[string](),
		ProducedAt: absent[field.Moment](), Responses: report.None, Algorithm: absent[string](), Signature: absent[[]byte](), Verified: absent[bool]()}
	r.Cite(spec.RFC(6960, "4.2.1"))
	if n := len(r.Left()); n > longest {
		t.TooLong = true
		t.Ref = r.Line("text", n, strconv.Itoa(n)+" octets")
		r.Fault(field.TooMany, t.Ref, "a text of %d octets: no more than %d are read", n, longest)
		return t
	}
	p := &reader{t, r}
	switch l := p.peek(); {
	case l.name == "OCSP Response Data":
		p.whole(l)
	case strings.HasPrefix(strings.ToLower(l.name), "ocsp response"):
		t.Sort = Notice
		p.notice(l)
	default:
		t.Sort = Result
		p.result()
	}
	p.rest()
	return t
}

// reader reads a Text line by line.
type reader struct {
	t *Text
	r *field.Reader
}

// in reads a block below a heading.
func (p *reader) in(label string, header int, f func()) report.Ref {
	outer := p.r
	ref := outer.Lines(label, header, func(r *field.Reader) {
		p.r = r
		f()
	})
	p.r = outer
	return ref
}

// wrapper is in for a node whose name paths leave out.
func (p *reader) wrapper(label string, header int, f func()) report.Ref {
	return p.in(label, header, func() {
		p.r.Flag(p.r.At(), report.Wrapper)
		f()
	})
}

// line is a line of text: «    name: value».
type line struct {
	name, value string
	text        string // both, without indentation
	indent      int
	n           int // octets, with the line end
}

// peek is the next line; one of zero n ends the text. Long hex goes on behind a
// backslash.
func (p *reader) peek() line { return lineOf(p.r.Left()) }

func lineOf(b []byte) line {
	next := func(off int) int {
		for off < len(b) && b[off] != '\n' {
			off++
		}
		return min(off+1, len(b))
	}
	l := line{n: next(0)}
	all := string(b[:l.n])
	l.text = strings.TrimSpace(all)
	l.indent = len(all) - len(strings.TrimLeft(all, " \t"))
	name, value, ok := strings.Cut(l.text, ":")
	l.name, l.value = name, strings.TrimSpace(value)
	hex, more := strings.CutSuffix(l.value, `\`)
	if !ok || !more || !isHex(hex) {
		return l
	}
	var whole strings.Builder
	for whole.WriteString(hex); more && l.n < len(b); whole.WriteString(hex) {
		to := next(l.n)
		if hex, more = strings.CutSuffix(strings.TrimSpace(string(b[l.n:to])), `\`); !isHex(hex) {
			break
		}
		l.n = to
	}
	l.value = whole.String()
	return l
}

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// names begin the lines of a response, besides those of extensions.
var names = map[string]bool{
	"OCSP Response Status": true, "Response Type": true, "Version": true, "Responder Id": true, "Produced At": true,
	"Responses": true, "Certificate ID": true, "Hash Algorithm": true, "Issuer Name Hash": true, "Issuer Key Hash": true,
	"Serial Number": true, "Cert Status": true, "Revocation Time": true, "Revocation Reason": true, "This Update": true,
	"Next Update": true, "Response Single Extensions": true, "Response Extensions": true, "Signature Algorithm": true, "Signature Value": true,
}

// find stands before the line of a name and answers with it. Lines that are
// none of a response are passed over first.
func (p *reader) find(name string) (line, bool) {
	p.skip(func(l line) bool { return !names[l.name] })
	l := p.peek()
	return l, l.n > 0 && l.name == name
}

// skip reads lines that are not understood as one leaf. Their contents are not
// shown as a value: nobody knows what they are.
func (p *reader) skip(unknown func(line) bool) {
	n, filled := 0, 0
	for b := p.r.Left(); ; {
		l := lineOf(b[n:])
		if l.n == 0 || !unknown(l) {
			break
		}
		n += l.n
		if l.text != "" {
			filled++
		}
	}
	if n == 0 {
		return
	}
	if filled == 0 {
		p.r.Line("blank", n, "")
		return
	}
	ref := p.r.Line("text", n, report.Plural(filled, "line", "lines")+" not understood")
	p.r.Flag(ref, report.Raw)
	p.t.Unread = append(p.t.Unread, ref)
}

// rest reads what is left.
func (p *reader) rest() { p.skip(func(line) bool { return true }) }

// leaf reads a line as a value.
func (p *reader) leaf(label string, l line, value string) report.Ref {
	return p.r.Line(label, l.n, excerpt(value))
}

// excerpt is a value from the text as it is shown: one of any sense is shorter.
func excerpt(s string) string {
	const most = 300
	if len(s) > most {
		s = s[:most] + " …"
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// word reads a line of text.
func (p *reader) word(name, label string) field.Field[string] {
	l, ok := p.find(name)
	if !ok {
		return absent[string]()
	}
	return field.Field[string]{Value: l.value, Ref: p.leaf(label, l, l.value), OK: l.value != ""}
}

// number reads a line such as «successful (0x0)».
func (p *reader) number(name, label string, show func(int) string) field.Field[int] {
	l, ok := p.find(name)
	if !ok {
		return absent[int]()
	}
	f := field.Field[int]{}
	if _, hex, found := strings.Cut(l.value, "(0x"); found && strings.HasSuffix(hex, ")") {
		if v, err := strconv.ParseInt(strings.TrimSuffix(hex, ")"), 16, 32); err == nil {
			f.Value, f.OK = int(v), true
		}
	}
	text := l.value
	if f.OK {
		text = show(f.Value)
	}
	f.Ref = p.leaf(label, l, text)
	return f
}

// octets reads a line of hex.
func (p *reader) octets(name, label string) field.Field[[]byte] {
	l, ok := p.find(name)
	if !ok {
		return absent[[]byte]()
	}
	f := field.Field[[]byte]{}
	f.Value, f.OK = unhex(l.value)
	f.Ref = p.leaf(label, l, strings.ToLower(l.value))
	return f
}

// unhex reads hex with or without colons, of whole octets.
func unhex(s string) ([]byte, bool) {
	s = strings.ReplaceAll(s, ":", "")
	if len(s)%2 != 0 || !isHex(s) {
		return nil, false
	}
	b := make([]byte, len(s)/2)
	for i := range b {
		v, _ := strconv.ParseUint(s[2*i:2*i+2], 16, 8)
		b[i] = byte(v)
	}
	return b, true
}

// moment reads a line with a time.
func (p *reader) moment(name, label string) field.Field[field.Moment] {
	l, ok := p.find(name)
	if !ok {
		return absent[field.Moment]()
	}
	m, good := moment(l.value)
	text := l.value
	if good {
		text = m.Format("2006-01-02 15:04:05 UTC")
	}
	return field.Field[field.Moment]{Value: m, Ref: p.leaf(label, l, text), OK: good}
}

// moment reads «Nov  5 08:35:44 2026 GMT». Text of the moment is the
// GeneralizedTime that prints so.
func moment(s string) (m field.Moment, ok bool) {
	s, zoned := strings.CutSuffix(s, " GMT")
	at, err := time.Parse("Jan _2 15:04:05 2006", s)
	if !zoned || err != nil {
		return m, false
	}
	fraction := ""
	if _, rest, found := strings.Cut(s, "."); found {
		fraction, _, _ = strings.Cut(rest, " ")
		fraction = "." + fraction
	}
	m.Time, m.Text = at, at.Format("20060102150405")+fraction+"Z"
	m.Fraction = fraction != ""
	m.Canonical = !m.Fraction
	return m, true
}

// number reads «100A» or «-01»: a sign and a magnitude.
func number(s string) (field.Int, bool) {
	s, negative := strings.CutPrefix(s, "-")
	b, ok := unhex(s)
	if !ok || len(b) == 0 {
		return nil, false
	}
	if b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	if negative {
		carry := 1
		for i := len(b) - 1; i >= 0; i-- {
			v := int(^b[i]) + carry
			b[i], carry = byte(v), v>>8
		}
	}
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	return b, true
}

// hashes are the algorithms of a CertID by OpenSSL's names.
var hashes = map[string]oid.ID{
	"md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha224": "2.16.840.1.101.3.4.2.4", "sha256": "2.16.840.1.101.3.4.2.1",
	"sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3", "sha512-224": "2.16.840.1.101.3.4.2.5",
	"sha512-256": "2.16.840.1.101.3.4.2.6", "sha3-224": "2.16.840.1.101.3.4.2.7", "sha3-256": "2.16.840.1.101.3.4.2.8",
	"sha3-384": "2.16.840.1.101.3.4.2.9", "sha3-512": "2.16.840.1.101.3.4.2.10",
}
