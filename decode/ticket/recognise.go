package ticket

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"derscope/decode/report"
	"derscope/decode/session"
)

// candidates lists the layouts that a ticket may have, the likeliest first. If
// a marker stands in front and the rest does not add up to it, marked names its
// layout.
func candidates(b []byte) (list []Candidate, marked string) {
	r := ranking{b: b}
	if marked = r.byMarker(); marked != "" {
		return nil, marked
	}
	r.byStructure()
	r.byLength()
	return r.list, ""
}

// ranking is a list of candidates that grows from the likeliest on.
type ranking struct {
	b    []byte
	list []Candidate
}

// add takes a layout that the octets fit, unless it stands in the list.
func (r *ranking) add(l *Layout, strong bool, why string) {
	for _, c := range r.list {
		if c.Layout == l {
			return
		}
	}
	if _, ok := l.split(r.b); ok {
		r.list = append(r.list, Candidate{l, strong, why})
	}
}

// at is the number of two octets at an offset, or -1.
func (r *ranking) at(off int) int {
	if off+2 > len(r.b) {
		return -1
	}
	return int(binary.BigEndian.Uint16(r.b[off:]))
}

// byMarker looks for octets that are always the same, and answers with the
// layout whose they are if nothing else fits it.
func (r *ranking) byMarker() (marked string) {
	for _, m := range [...]struct {
		l   *Layout
		why string
	}{
		{botan, "it begins with Botan's magic number 068b5a9d396c0000"},
		{nss, "its key name begins with «NSS!», and its length field adds up"},
	} {
		if !bytes.HasPrefix(r.b, []byte(m.l.marker)) {
			continue
		}
		if r.add(m.l, true, m.why); len(r.list) == 0 {
			return m.l.ID
		}
	}
	return ""
}

// byStructure looks at fields that prove a layout, or nearly so.
func (r *ranking) byStructure() {
	b, n := r.b, len(r.b)
	// A state that reads to its last octet is none of what looks like noise.
	if format, ok := session.Recognise(b); ok {
		r.add(plaintext, true, "it reads as a state of "+format+" without any key")
	}
	if l := r.at(32); l > 0 && n == 34+l+32 && allZero(b[n-16:]) {
		r.add(wolfssl, true, "the length field in octets 32 and 33 adds up, and the last 16 octets are zero")
	}
	if l := r.at(32); l > 0 && n == 34+l+20 {
		why := "the length field in octets 32 and 33 adds up with a MAC of 20 octets"
		if allZero(b[:16]) {
			why += ", and its key name is all zero: the key of GnuTLS 3.6.4 to 3.6.13 (CVE-2020-13777)"
		}
		r.add(gnutls, true, why)
	}
	if l := r.at(16); l > 0 && n == 34+l {
		r.add(mbedtls, true, "the length field in octets 16 and 17 adds up with a tag of 16 octets")
	}
	if (n == 138 || n == 154) && b[0] == 1 {
		r.add(s2nV1, true, "it begins with version 1 and is as long as a ticket of s2n-tls is")
	}
	if n >= 53 && allZero(b[32:36]) {
		r.add(fizz, true, "octets 32 to 35 are zero: the sequence number that fizz writes")
	}
	if n == 32 {
		r.add(stateful, true, "32 octets are too few for a sealed state: it is the key of a server's table")
	}
	if l := r.at(32); l > 0 && n == 34+l+32 {
		r.add(wolfssl, false, "the length field in octets 32 and 33 adds up with a MAC of 32 octets, as wolfSSL's own callbacks leave it")
	}
}

// byLength lists what the length alone allows, those met most often first.
func (r *ranking) byLength() {
	b, n := r.b, len(r.b)
	length := strconv.Itoa(n) + " octets are "
	switch n {
	case 105, 121, 123:
		r.add(goCTR, false, length+"what Go 1.21 and later write without a client certificate")
		r.add(s2nOld, false, length+"also what s2n-tls wrote before 1.5")
	case 113, 129:
		r.add(goNamed, false, length+"what Go wrote up to 1.20 without a client certificate")
	}
	if n >= 80 && (n-64)%16 == 0 {
		why := length + "16 of key name, 16 of IV, whole blocks of 16 and a MAC of 32, as OpenSSL, nginx, Apache and HAProxy write"
		r.add(opensslCBC, false, why)
		r.add(rustls5077, false, length+"also what rustls with aws-lc writes: it has the same parts")
		r.add(h2o, false, length+"also what h2o and picotls write: they have the same parts")
	}
	if n >= 68 && (n-52)%16 == 0 {
		r.add(opensslMAC20, false, length+"16 of key name, 16 of IV, whole blocks of 16 and a MAC of 20, as an OpenSSL without SHA-256 writes")
	}
	if n >= 44 {
		any := "any length from 44 octets on fits "
		if b[0] == 1 {
			r.add(s2nV1, false, "it begins with version 1, as s2n-tls tickets do")
		}
		r.add(goCTR, false, any+"Go, which writes no key name")
		r.add(rustlsAEAD, false, any+"rustls with ring")
		r.add(rustlsOld, false, any+"rustls before 0.23.11")
		if n > 20 && b[20] <= 1 {
			r.add(jsse25, false, "octet 20 is "+strconv.Itoa(int(b[20]))+", the flag for compression of Java 25")
		}
		r.add(jsse, false, any+"Java 13 to 24; Windows (Schannel) writes tickets of any form, which nothing outside Windows reads")
		r.add(goNamed, false, any+"Go up to 1.20")
		r.add(s2nOld, false, any+"s2n-tls before 1.5")
	}
}

// titles names the layouts of candidates from the from-th on.
func titles(list []Candidate, from int) string {
	var words []string
	for i := from; i < len(list); i++ {
		words = append(words, list[i].Layout.Title)
	}
	return report.Enumerate(words)
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
