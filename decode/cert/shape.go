package cert

import (
	"errors"
	"mime"
	"slices"
	"strings"

	"derscope/decode/check"
	"derscope/decode/der"
)

// signs are what tells a kind: what a PEM block or a message around it calls
// it, and the shape of its first elements.
type signs struct {
	labels []string // of PEM blocks, and media types
	hint   string   // the name of the kind
	shapes []string // see shape
	also   func([]byte) bool
	why    string // the shape in words
}

// match scores a candidate: the shape tells most, for labels are often wrong.
func (s signs) match(c check.Candidate) check.Match {
	if c.Text {
		return check.Match{}
	}
	label := c.Label
	if t, _, err := mime.ParseMediaType(label); err == nil && strings.Contains(t, "/") {
		label = t
	}
	labelled := slices.ContainsFunc(s.labels, func(l string) bool { return strings.EqualFold(l, label) })
	fits := slices.ContainsFunc(s.shapes, func(p string) bool { return shape(c.Bytes, p) }) &&
		(s.also == nil || s.also(c.Bytes))
	switch {
	case fits && (labelled || c.Hint == s.hint):
		return check.Match{Score: 100, Why: s.why + calledSo(c)}
	case fits:
		return check.Match{Score: 90, Why: s.why}
	case c.Hint == s.hint:
		return check.Match{Score: 80, Why: "the message around it has it as one"}
	case labelled:
		return check.Match{Score: 70, Why: "labelled " + c.Label}
	}
	return check.Match{}
}

func calledSo(c check.Candidate) string {
	if c.Label == "" {
		return ""
	}
	return ", labelled " + c.Label
}

// shape says whether b begins as a pattern does. In a pattern { and ( open a
// SEQUENCE or SET, } and ) pass to the end of the one opened last, $ stands at
// the end of what is open, and other letters are whole elements: S a SEQUENCE,
// i an INTEGER, o an OBJECT IDENTIFIER, s an OCTET STRING, b a BIT STRING, t a
// time, and a digit the context-specific tag of that number. What is cut short
// can still be told, so an open element may run past the end.
func shape(b []byte, pattern string) bool {
	type level struct{ off, end int }
	at := level{0, len(b)}
	var around []level
	for _, c := range []byte(pattern) {
		switch c {
		case '}', ')':
			at, around = around[len(around)-1], around[:len(around)-1]
			continue
		case '$':
			if at.off < at.end {
				return false
			}
			continue
		}
		e, err := der.Next(b, at.off, at.end)
		if err != nil {
			var fault *der.Error
			if !errors.As(err, &fault) || fault.Fault != der.Overrun || c != '{' && c != '(' {
				return false
			}
			e.Len = fault.Have
		}
		if !is(e, c) {
			return false
		}
		at.off = e.End()
		if c == '{' || c == '(' {
			around = append(around, at)
			at = level{e.Content(), e.Close()}
		}
	}
	return true
}

var letters = [256]der.Tag{
	'{': der.Sequence, 'S': der.Sequence, '(': der.Set, 'i': der.Integer, 'o': der.OID,
	's': der.OctetString, 'b': der.BitString,
}

// is says whether an element is of the type that a letter stands for.
func is(e der.Element, c byte) bool {
	switch {
	case c == 't':
		return e.Tag == der.UTCTime || e.Tag == der.GeneralizedTime
	case '0' <= c && c <= '9':
		return e.Tag == der.Ctx(int(c-'0'))
	}
	return e.Tag == letters[c]
}

// firstOID gives the contents of the first OBJECT IDENTIFIER that follows
// nothing but openings and numbers; nil if there is none.
func firstOID(b []byte) []byte {
	for off := 0; ; {
		e, err := der.Next(b, off, len(b))
		var fault *der.Error
		if err != nil && !(errors.As(err, &fault) && fault.Fault == der.Overrun && e.Constructed) {
			return nil
		}
		switch {
		case e.Tag == der.OID:
			return b[e.Content():e.Close()]
		case e.Tag == der.Sequence:
			off = e.Content()
		case e.Tag == der.Integer:
			off = e.End()
		default:
			return nil
		}
	}
}

// The shapes of the kinds of this package.
var (
	certificateSigns = signs{
		labels: []string{"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "application/pkix-cert", "application/x-x509-ca-cert", "application/x-x509-user-cert"},
		hint:   "certificate", shapes: []string{"{{0i{o}S{t}S{{o", "{{i{o}S{tt}S{{o", "{{0i{o}S{t"},
		why: "SEQUENCE of version, serial number, algorithm, name, validity, name, key",
	}
	crlSigns = signs{
		labels: []string{"X509 CRL", "CRL", "application/pkix-crl"},
		hint:   "crl", shapes: []string{"{{i{o}St", "{{{o}St"},
		why: "SEQUENCE of algorithm, name and time, as CRLs begin",
	}
	requestSigns = signs{
		labels: []string{"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "application/pkcs10"},
		hint:   "certificate-request", shapes: []string{"{{iS{{o}b"},
		why: "SEQUENCE of version, name and key, as PKCS #10 requests begin",
	}
	publicKeySigns = signs{
		labels: []string{"PUBLIC KEY", "RSA PUBLIC KEY"},
		hint:   "public-key", shapes: []string{"{{o}b}$", "{ii}$"}, also: isPublicKey,
		why: "SEQUENCE of an algorithm and a BIT STRING, or of the two numbers of an RSA key",
	}
	nameSigns = signs{hint: "name", shapes: []string{"{({o"}, why: "SEQUENCE of SETs of attributes"}
	cmsSigns  = signs{
		labels: []string{"PKCS7", "CMS", "PKCS #7 SIGNED DATA", "application/pkcs7-mime", "application/x-pkcs7-certificates"},
		hint:   "cms", shapes: []string{"{o0"}, also: isContentInfo,
		why: "SEQUENCE of a content type of PKCS #7 and [0]",
	}
	pkcs12Signs = signs{
		labels: []string{"PKCS12", "application/x-pkcs12"},
		hint:   "pkcs12", shapes: []string{"{i{o0"}, also: isContentInfo,
		why: "SEQUENCE of a version and a content type of PKCS #7",
	}
	privateKeySigns = signs{
		labels: []string{"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ANY PRIVATE KEY", "application/pkcs8"},
		hint:   "private-key", shapes: []string{"{i{o}s", "{iiiiiiiii", "{is0", "{is}$", "{is1", "{iiiiii}$", "{{o}s}$"}, also: isPrivateKey,
		why: "the numbers of a private key",
	}
)

// isPublicKey tells two numbers of an RSA key from two of a signature: the
// second is short.
func isPublicKey(b []byte) bool {
	if !shape(b, "{ii}$") {
		return true
	}
	outer, _ := der.Next(b, 0, len(b))
	n, _ := der.Next(b, outer.Content(), outer.Close())
	e, _ := der.Next(b, n.End(), outer.Close())
	return n.Len >= 48 && e.Len <= 8
}

var (
	pkcs7 = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07} // 1.2.840.113549.1.7
	ctCMS = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01}
	pbes  = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05} // 1.2.840.113549.1.5, of PKCS #5
	pbe12 = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01}
)

func isContentInfo(b []byte) bool {
	id := string(firstOID(b))
	return strings.HasPrefix(id, string(pkcs7)) || strings.HasPrefix(id, string(ctCMS))
}

// isPrivateKey tells an encrypted key from other things that are an algorithm
// and an OCTET STRING, and the numbers of a key from other lists of numbers.
func isPrivateKey(b []byte) bool {
	switch {
	case shape(b, "{{"):
		id := string(firstOID(b))
		return strings.HasPrefix(id, string(pbes)) || strings.HasPrefix(id, string(pbe12))
	case shape(b, "{i{"):
		return true
	}
	outer, _ := der.Next(b, 0, len(b))
	version, err := der.Next(b, outer.Content(), len(b))
	return err == nil && version.Len == 1 && b[version.Content()] <= 1
}
