package session

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// The methods of this file read what the states of several programs have, with
// the same names and the same demands.

// known says that a protocol version is one of TLS or DTLS. Later ones than
// DTLS 1.3 there are none.
func known(v uint16) bool {
	switch v {
	case 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0xfeff, 0xfefd, 0xfefc:
		return true
	}
	return false
}

// knownAt says that two octets are a protocol version.
func knownAt(b []byte, off int) bool {
	return off+2 <= len(b) && known(uint16(b[off])<<8|uint16(b[off+1]))
}

// startsVersion is the shape of states that begin with version and suite.
func startsVersion(b []byte) bool { return knownAt(b, 0) }

func startsVersion13(b []byte) bool { return len(b) > 2 && b[0] == 3 && b[1] == 4 }

// narrow makes a number of two octets of one that was read. One that is larger,
// as ASN.1 can write it, is not another number: it is none.
func narrow(f field.Field[uint64]) field.Field[uint16] {
	return field.Field[uint16]{Value: uint16(f.Value), Ref: f.Ref, OK: f.OK && f.Value>>16 == 0}
}

func narrow32(f field.Field[uint64]) field.Field[uint32] {
	return field.Field[uint32]{Value: uint32(f.Value), Ref: f.Ref, OK: f.OK && f.Value>>32 == 0}
}

// protocol reads a version of two octets.
func (d *draft) protocol(r *field.Reader) {
	d.Protocol = narrow(r.Uint("protocol_version", 2, nil))
	r.Show(d.Protocol.Ref, suite.Version(d.Protocol.Value))
	d.want(!d.Protocol.OK || known(d.Protocol.Value), "the protocol version is not one of TLS")
}

// setProtocol takes a version that is written in another way.
func (d *draft) setProtocol(r *field.Reader, v uint16, at field.Field[uint64]) {
	d.Protocol = field.Field[uint16]{Value: v, Ref: at.Ref, OK: at.OK && v != 0}
	if v != 0 {
		r.Show(at.Ref, suite.Version(v)+" ("+strconv.FormatUint(at.Value, 10)+")")
	}
	d.want(!at.OK || known(v), "the protocol version is not one of TLS")
}

// cipher reads a suite of two octets, which must be of the protocol.
func (d *draft) cipher(r *field.Reader) {
	d.Cipher = narrow(r.Uint("cipher_suite", 2, nil))
	r.Show(d.Cipher.Ref, suite.Name(d.Cipher.Value))
	if d.Cipher.OK {
		s, ok := suite.Lookup(d.Cipher.Value)
		d.want(ok && !s.Signalling, "the cipher suite is not registered")
		d.want(!d.Protocol.OK || s.TLS13 == d.TLS13(), "the cipher suite is not one of this protocol")
	}
}

// secret takes a secret that was read, with its label and place.
func (d *draft) secret(r *field.Reader, f field.Field[[]byte], kind SecretKind) {
	if f.OK && len(f.Value) <= 64 && !r.Muted() {
		r.Show(f.Ref, hex.EncodeToString(f.Value)) // revealed, it is wanted whole
	}
	r.Flag(f.Ref, report.Secret)
	d.Secret, d.SecretKind = f, kind
}

// secretLabel is the name of a secret whose nature the protocol decides.
func (d *draft) secretLabel() (label string, kind SecretKind) {
	if d.TLS13() {
		return "psk", PSK
	}
	return "main_secret", Main
}

// sized refuses secrets of other lengths than the protocol has.
func (d *draft) sized() {
	if !d.Secret.OK {
		return
	}
	n := len(d.Secret.Value)
	if !d.TLS13() {
		d.want(n == 48, "the main secret has not 48 octets")
		return
	}
	d.want(n == 32 || n == 48, "the secret has the length of no hash")
	if s, ok := suite.Lookup(d.Cipher.Value); ok && d.Cipher.OK {
		d.want(n == s.Hash.Size(), "the secret has not the length of the suite's hash")
	}
}

// moment is a count since 1970 as a time; false beyond the years that a clock
// of a program can show. Zero is taken: tests write it.
func moment(count uint64, unit time.Duration) (time.Time, bool) {
	per := uint64(time.Second / unit)
	sec, rest := count/per, count%per
	if sec > 1<<33 {
		return time.Time{}, false
	}
	return time.Unix(int64(sec), int64(rest)*int64(unit)).UTC(), true
}

// clock reads a count since 1970 of the given width and unit as a time.
func (d *draft) clock(r *field.Reader, label string, octets int, unit time.Duration) field.Field[time.Time] {
	f := r.Uint(label, octets, nil)
	t, ok := moment(f.Value, unit)
	if f.OK && ok {
		r.Show(f.Ref, report.Clock(t)+" ("+strconv.FormatUint(f.Value, 10)+")")
	}
	d.want(!f.OK || ok, "the time lies beyond the year 2242")
	d.want(!f.OK || f.Value == 0 || octets < 8 || t.Year() >= 1990 || unit == time.Nanosecond, "the time lies before there was TLS")
	return field.Field[time.Time]{Value: t, Ref: f.Ref, OK: f.OK && ok}
}

// seconds reads a length of time.
func seconds(r *field.Reader, label string, octets int) field.Field[uint64] {
	f := r.Uint(label, octets, nil)
	if f.OK {
		r.Show(f.Ref, span(f.Value))
	}
	return f
}

// span writes seconds for people.
func span(s uint64) string {
	text := report.Plural(int(min(s, 1<<31)), "second", "seconds")
	if s >= 120 && s < 1<<31 {
		text += " (" + report.Length(time.Duration(s)*time.Second) + ")"
	}
	return text
}

// boolean reads an octet that is 0 or 1.
func (d *draft) boolean(r *field.Reader, label string) field.Field[bool] {
	f := r.Uint(label, 1, map[int]string{0: "no", 1: "yes"})
	d.want(!f.OK || f.Value <= 1, label+" is neither 0 nor 1")
	return field.Field[bool]{Value: f.Value == 1, Ref: f.Ref, OK: f.OK}
}

// ems reads whether the main secret is an extended one.
func (d *draft) ems(r *field.Reader) {
	f := d.boolean(r, "extended_main_secret")
	if f.OK {
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(f.Value), f.Ref
	}
}

// text takes octets for a name: printable ones.
func (d *draft) text(r *field.Reader, f field.Field[[]byte]) field.Field[string] {
	s := string(f.Value)
	ok := printable(f.Value)
	if f.OK && ok {
		r.Show(f.Ref, s)
	}
	d.want(!f.OK || ok, "a name holds octets that are no text")
	return field.Field[string]{Value: s, Ref: f.Ref, OK: f.OK && ok && s != ""}
}

// alpn takes the name of an application protocol, which may be any octets.
func alpn(r *field.Reader, f field.Field[[]byte]) field.Field[string] {
	if f.OK && ascii(f.Value) {
		r.Show(f.Ref, string(f.Value))
	}
	return field.Field[string]{Value: string(f.Value), Ref: f.Ref, OK: f.OK && len(f.Value) > 0}
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return true
}

// words shows octets that may be text as what they are.
func words(r *field.Reader, f field.Field[[]byte]) {
	if f.OK && len(f.Value) > 0 && len(f.Value) <= 256 && ascii(f.Value) {
		r.Show(f.Ref, "«"+string(f.Value)+"»")
	}
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

// certificate takes a certificate that was read, if it is one by its first
// octets, and opens it.
func (d *draft) certificate(r *field.Reader, f field.Field[[]byte]) {
	if !f.OK || len(f.Value) == 0 {
		return
	}
	d.want(isSequence(f.Value), "a certificate does not begin like one")
	d.Peer = append(d.Peer, f)
	r.PieceInside("certificate", f.Ref, nil)
}

// certificates reads a list of u24 certificates behind a u24 length.
func (d *draft) certificates(r *field.Reader, label string, width int) report.Ref {
	return r.Vector(label, width, func(r *field.Reader) {
		for !r.Empty() && !r.Quiet() {
			d.certificate(r, r.Opaque("certificate", 3))
		}
	})
}

// ticket takes a ticket that a client keeps, and opens it.
func (d *draft) ticket(r *field.Reader, f field.Field[[]byte]) {
	d.Ticket = f
	if f.OK && len(f.Value) > 0 {
		r.PieceInside("session-ticket", f.Ref, nil)
	}
}

// staple takes an OCSP response, and opens it.
func (d *draft) staple(r *field.Reader, f field.Field[[]byte]) {
	if f.OK && len(f.Value) > 0 {
		if !d.Staple.OK {
			d.Staple = f
		}
		r.PieceInside("ocsp-response", f.Ref, nil)
	}
}

// isSequence says that octets are one SEQUENCE to their end, by its header.
func isSequence(b []byte) bool {
	if len(b) < 2 || b[0] != 0x30 {
		return false
	}
	n, at := int(b[1]), 2
	if k := n - 0x80; k > 0 {
		if k > 3 || len(b) < 2+k {
			return false
		}
		n, at = 0, 2+k
		for _, c := range b[2:at] {
			n = n<<8 | int(c)
		}
	}
	return at+n == len(b)
}

// since says from which release on a program writes this; the later of two stays.
func (d *draft) since(release string) {
	if d.Oldest == "" || older(d.Oldest, release) {
		d.Oldest = release
	}
}

// until is the last release that writes this; the earlier of two stays.
func (d *draft) until(release string) {
	if d.Newest == "" || older(release, d.Newest) {
		d.Newest = release
	}
}

// older compares releases such as "OpenSSL 1.1.1" by the numbers in them.
func older(a, b string) bool {
	a, b = a[strings.LastIndexByte(a, ' ')+1:], b[strings.LastIndexByte(b, ' ')+1:]
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		n, _ := strconv.Atoi(x)
		m, _ := strconv.Atoi(y)
		if n != m {
			return n < m
		}
	}
	return false
}
