package ticket

import (
	"encoding/binary"
	"strconv"
	"strings"

	"derscope/decode/report"
	"derscope/decode/session"
)

// candidates lists the layouts that a ticket may have, the likeliest first. If
// a marker stands in front and the rest does not add up to it, marked names its
// layout.
func candidates(b []byte) (list []Candidate, marked string) {
	n := len(b)
	add := func(l *Layout, strong bool, why string) {
		for _, c := range list {
			if c.Layout == l {
				return
			}
		}
		if _, ok := l.split(b); ok {
			list = append(list, Candidate{l, strong, why})
		}
	}
	if strings.HasPrefix(string(b), botanMarker) {
		add(botan, true, "it begins with Botan's magic number 068b5a9d396c0000")
	}
	if strings.HasPrefix(string(b), nssMarker) {
		add(nss, true, "its key name begins with «NSS!», and its length field adds up")
	}
	if len(list) == 0 {
		switch {
		case n >= len(botanMarker) && strings.HasPrefix(string(b), botanMarker):
			marked = botan.ID
		case n >= len(nssMarker) && strings.HasPrefix(string(b), nssMarker):
			marked = nss.ID
		}
	}
	if marked != "" {
		return nil, marked
	}
	// A state that reads to its last octet is none of what looks like noise.
	if format, ok := session.Recognise(b); ok {
		add(plaintext, true, "it reads as a state of "+format+" without any key")
	}
	at := func(off int) int {
		if off+2 > n {
			return -1
		}
		return int(binary.BigEndian.Uint16(b[off:]))
	}
	if l := at(32); l > 0 && n == 34+l+32 && allZero(b[n-16:]) {
		add(wolfssl, true, "the length field in octets 32 and 33 adds up, and the last 16 octets are zero")
	}
	if l := at(32); l > 0 && n == 34+l+20 {
		why := "the length field in octets 32 and 33 adds up with a MAC of 20 octets"
		if allZero(b[:16]) {
			why += ", and its key name is all zero: the key of GnuTLS 3.6.4 to 3.6.13 (CVE-2020-13777)"
		}
		add(gnutls, true, why)
	}
	if l := at(16); l > 0 && n == 34+l {
		add(mbedtls, true, "the length field in octets 16 and 17 adds up with a tag of 16 octets")
	}
	if n >= 138 && b[0] == 1 && (n == 138 || n == 154 || n > 154) {
		strong := n == 138 || n == 154
		if strong {
			add(s2nV1, true, "it begins with version 1 and is as long as a ticket of s2n-tls is")
		}
	}
	if n >= 53 && allZero(b[32:36]) {
		add(fizz, true, "octets 32 to 35 are zero: the sequence number that fizz writes")
	}
	if n == 32 {
		add(stateful, true, "32 octets are too few for a sealed state: it is the key of a server's table")
	}
	if l := at(32); l > 0 && n == 34+l+32 {
		add(wolfssl, false, "the length field in octets 32 and 33 adds up with a MAC of 32 octets, as wolfSSL's own callbacks leave it")
	}
	length := strconv.Itoa(n) + " octets are "
	switch n {
	case 105, 121, 123:
		add(goCTR, false, length+"what Go 1.21 and later write without a client certificate")
		add(s2nOld, false, length+"also what s2n-tls wrote before 1.5")
	case 113, 129:
		add(goNamed, false, length+"what Go wrote up to 1.20 without a client certificate")
	}
	if n >= 80 && (n-64)%16 == 0 {
		why := length + "16 of key name, 16 of IV, whole blocks of 16 and a MAC of 32, as OpenSSL, nginx, Apache and HAProxy write"
		add(opensslCBC, false, why)
		add(rustls5077, false, length+"also what rustls with aws-lc writes: it has the same parts")
		add(h2o, false, length+"also what h2o and picotls write: they have the same parts")
	}
	if n >= 68 && (n-52)%16 == 0 {
		add(opensslMAC20, false, length+"16 of key name, 16 of IV, whole blocks of 16 and a MAC of 20, as an OpenSSL without SHA-256 writes")
	}
	if n >= 44 {
		any := "any length from 44 octets on fits "
		if b[0] == 1 {
			add(s2nV1, false, "it begins with version 1, as s2n-tls tickets do")
		}
		add(goCTR, false, any+"Go, which writes no key name")
		add(rustlsAEAD, false, any+"rustls with ring")
		add(rustlsOld, false, any+"rustls before 0.23.11")
		if n > 20 && b[20] <= 1 {
			add(jsse25, false, "octet 20 is "+strconv.Itoa(int(b[20]))+", the flag for compression of Java 25")
		}
		add(jsse, false, any+"Java 13 to 24; Windows (Schannel) writes tickets of any form, which nothing outside Windows reads")
		add(goNamed, false, any+"Go up to 1.20")
		add(s2nOld, false, any+"s2n-tls before 1.5")
	}
	return list, ""
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
