package client

import (
	"bytes"
	"strings"
	"time"
)

// looseTime reads a GeneralizedTime with fraction and offset, which OpenSSL
// reads and the profile of RFC 5280 forbids. Seconds may be asked for.
//
// Source: crypto/asn1/a_time.c, ossl_asn1_time_to_tm.
func looseTime(b []byte, seconds bool) (time.Time, bool) {
	s := string(b)
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	digits, rest := s[:n], s[n:]
	layout := "20060102150405"
	if n == 12 && !seconds {
		layout = layout[:12]
	}
	if n != len(layout) {
		return time.Time{}, false
	}
	if n == 14 && strings.HasPrefix(rest, ".") {
		trimmed := strings.TrimLeft(rest[1:], "0123456789")
		if len(trimmed) == len(rest)-1 {
			return time.Time{}, false
		}
		rest = trimmed
	}
	t, err := time.Parse(layout, digits)
	if err != nil {
		return t, false
	}
	if rest == "Z" {
		return t, true
	}
	zone, err := time.Parse("-0700", rest)
	if err != nil {
		return t, false
	}
	_, offset := zone.Zone()
	return t.Add(-time.Duration(offset) * time.Second), true
}

// checkValidity is OCSP_check_validity(this, next, nsec, maxsec) against a
// clock: the errors it queues, none if the times hold. A negative age is none.
//
// Source: crypto/ocsp/ocsp_cl.c of 3.1.7 and 4.1-dev (commit 4036f4b0e3).
func (v *openSSL) checkValidity(s single, at time.Time, tolerance, age time.Duration) []string {
	if v.numeric {
		return checkNumeric(s, at, tolerance, age)
	}
	var errors []string
	if _, ok := looseTime(s.this, false); !ok {
		errors = append(errors, "error in thisupdate field")
	} else {
		if compare(s.this, at.Add(tolerance)) > 0 {
			errors = append(errors, "status not yet valid")
		}
		if age >= 0 && compare(s.this, at.Add(-age)) < 0 {
			errors = append(errors, "status too old")
		}
	}
	if !s.hasNext {
		return errors
	}
	if _, ok := looseTime(s.next, false); !ok {
		errors = append(errors, "error in nextupdate field")
	} else if compare(s.next, at.Add(-tolerance)) < 0 {
		errors = append(errors, "status expired")
	}
	if compareStrings(s.next, s.this) < 0 {
		errors = append(errors, "nextupdate before thisupdate")
	}
	return errors
}

// compare is X509_cmp_time: 0, which no caller takes for a fault, for anything
// but YYYYMMDDHHMMSSZ.
func compare(b []byte, t time.Time) int {
	m, ok := canonicalTime(b)
	switch {
	case !ok:
		return 0
	case m.After(t):
		return 1
	}
	return -1 // equal counts as earlier
}

// compareStrings is ASN1_STRING_cmp: the shorter comes first.
func compareStrings(a, b []byte) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return bytes.Compare(a, b)
}

// checkNumeric is what 4.0 made of it: the first fault only, times as numbers,
// and an expired answer called «not yet valid».
func checkNumeric(s single, at time.Time, tolerance, age time.Duration) []string {
	this, ok := looseTime(s.this, true)
	switch {
	case !ok:
		return []string{"error in thisupdate field"}
	case this.After(at.Add(tolerance)):
		return []string{"status not yet valid"}
	case age >= 0 && this.Before(at.Add(-age)):
		return []string{"status too old"}
	case !s.hasNext:
		return nil
	}
	next, ok := looseTime(s.next, true)
	switch {
	case !ok:
		return []string{"error in nextupdate field"}
	case next.Before(at.Add(-tolerance)):
		return []string{"status not yet valid"}
	case next.Before(this):
		return []string{"nextupdate before thisupdate"}
	}
	return nil
}
