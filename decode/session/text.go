package session

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// The block «SSL-Session:» that openssl s_client and openssl sess_id -text
// print. It lacks the peer's certificates and the age_add of a ticket.
//
// Source: ssl/ssl_txt.c of OpenSSL 0.9.8 to 3.6; crypto/bio/b_dump.c.

// heading opens the block.
const heading = "SSL-Session:"

// printedVersions are protocols as OpenSSL prints them.
var printedVersions = map[string]uint16{
	"SSLv2": 0x0002, "SSLv3": 0x0300, "TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304,
	"DTLSv1": 0xfeff, "DTLSv1.2": 0xfefd, "DTLSv0.9": 0x0100,
}

// longestText bounds the block: a ticket has at most 65,535 octets, sixteen to a line.
const longestText = 1 << 19

// readText reads the block.
func readText(r *field.Reader) *Session {
	d := &draft{Session: newSession(OpenSSL)}
	d.Printed, d.ClientSide = true, Yes // sess_id prints what a client or a cache holds
	defer r.Cite(r.Cite(spec.Doc("ssl/ssl_txt.c", "")))
	if len(r.Left()) > longestText {
		d.Wrong = "the text is longer than any session"
		r.Flag(r.Fixed("text", len(r.Left())).Ref, report.Secret)
		return d.Session
	}
	end := lineEnd(r.Left())
	d.Ref = r.Lines("session", end, func(r *field.Reader) {
		for !r.Empty() {
			d.line(r)
		}
	})
	if d.Ticket.Value == nil && !d.TLS13() {
		d.ClientSide = Unknown // a server's cache prints the same
	}
	return d.Session
}

// lineEnd is the length of the first line, with the empty ones behind it.
func lineEnd(b []byte) int {
	n := bytes.IndexByte(b, '\n') + 1
	if n == 0 {
		return len(b)
	}
	for n < len(b) {
		m := bytes.IndexByte(b[n:], '\n') + 1
		if m == 0 {
			m = len(b) - n
		}
		if len(bytes.TrimSpace(b[n:n+m])) > 0 {
			break
		}
		n += m
	}
	return n
}

// line reads one line, or several of a dump.
func (d *draft) line(r *field.Reader) {
	b := r.Left()
	n := lineEnd(b)
	name, value, ok := strings.Cut(string(bytes.TrimSpace(b[:n])), ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	take := func(label, shown string) report.Ref { return r.Line(label, n, shown) }
	if !ok {
		d.stray(r, n)
		return
	}
	switch name {
	case "Protocol":
		v := printedVersions[value]
		d.Protocol = field.Field[uint16]{Value: v, Ref: take("protocol_version", value), OK: v != 0}
	case "Cipher":
		d.Cipher = printedCipher(value)
		d.Cipher.Ref = take("cipher_suite", value)
		if d.Cipher.OK {
			r.Show(d.Cipher.Ref, suite.Name(d.Cipher.Value))
		}
	case "Session-ID":
		d.ID = hexField(r, take("session_id", strings.ToLower(value)), value)
	case "Session-ID-ctx":
		d.Context = hexField(r, take("session_id_context", strings.ToLower(value)), value)
	case "Master-Key", "Resumption PSK":
		kind, label := Main, "main_secret"
		if name != "Master-Key" || d.TLS13() { // 1.1.1 before its release said Master-Key of both
			kind, label = PSK, "psk"
		}
		d.secret(r, hexField(r, take(label, strings.ToLower(value)), value), kind)
	case "Key-Arg", "Krb5 Principal", "PSK identity", "PSK identity hint", "SRP username", "Compression":
		take(strings.ReplaceAll(strings.ToLower(name), " ", "_"), value)
	case "TLS session ticket lifetime hint":
		d.LifetimeHint = counted(r, take("ticket_lifetime_hint", value), value)
	case "TLS session ticket":
		d.dump(r, n)
	case "Start Time":
		d.started(r, take("time", value), value)
	case "Timeout":
		d.Timeout = counted(r, take("timeout", value), value)
	case "Verify return code":
		code, _, _ := strings.Cut(value, " ")
		v, err := strconv.ParseInt(code, 10, 64)
		d.VerifyResult = field.Field[int64]{Value: v, Ref: take("verify_result", value), OK: err == nil}
	case "Extended master secret":
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(value == "yes"), take("extended_main_secret", value)
		d.since("OpenSSL 1.1.0")
	case "Max Early Data":
		f := counted(r, take("max_early_data_size", value), value)
		d.MaxEarlyData = narrow32(f)
		d.since("OpenSSL 1.1.1")
	default:
		d.stray(r, n)
	}
}

// stray takes a line that OpenSSL does not print in a session. What it holds is
// not known, so it is not shown.
func (d *draft) stray(r *field.Reader, n int) {
	at := r.Line("line", n, "")
	r.Flag(at, report.Secret)
	d.strays = append(d.strays, at)
}

// hexField makes octets of hex digits.
func hexField(r *field.Reader, at report.Ref, value string) field.Field[[]byte] {
	b, err := hex.DecodeString(value)
	if err != nil {
		r.Fault(field.Value, at, "the line does not hold whole octets in hex")
	}
	return field.Field[[]byte]{Value: b, Ref: at, OK: err == nil}
}

// counted makes a number of the first word: «7200 (sec)».
func counted(r *field.Reader, at report.Ref, value string) field.Field[uint64] {
	word, _, _ := strings.Cut(value, " ")
	n, err := strconv.ParseUint(word, 10, 32)
	if err != nil {
		r.Fault(field.Value, at, "the line does not begin with a number")
		return field.Field[uint64]{Ref: at}
	}
	return field.Field[uint64]{Value: n, Ref: at, OK: true}
}

// started reads the time: seconds, or local time as text, of which the zone is
// not known.
func (d *draft) started(r *field.Reader, at report.Ref, value string) {
	if n, err := strconv.ParseUint(value, 10, 64); err == nil {
		t, ok := moment(n, time.Second)
		d.Created = field.Field[time.Time]{Value: t, Ref: at, OK: ok}
		if ok {
			r.Show(at, report.Clock(t)+" ("+value+")")
		}
		return
	}
	for _, layout := range [...]string{"Mon Jan _2 15:04:05 2006", "Jan _2 15:04:05 2006 MST"} {
		if t, err := time.Parse(layout, value); err == nil {
			d.Created = field.Field[time.Time]{Value: t.UTC(), Ref: at, OK: true}
			r.Note(at, "a time without a zone, taken for UTC")
			return
		}
	}
	r.Fault(field.Value, at, "the line does not hold a time")
}

// printedCipher finds a suite by OpenSSL's name, or by its number where it had none.
func printedCipher(value string) field.Field[uint16] {
	if s, ok := suite.ByName(value); ok {
		return field.Field[uint16]{Value: s.ID, OK: true}
	}
	n, err := strconv.ParseUint(value, 16, 32)
	return field.Field[uint16]{Value: uint16(n), OK: err == nil && len(value) >= 4}
}

// dump reads the heading of a ticket and the dump below it.
func (d *draft) dump(r *field.Reader, header int) {
	var out []byte
	cut := 0 // octets at the end that the dump leaves out
	at := r.Lines("ticket", header, func(r *field.Reader) {
		total := 0
		for rest := r.Left(); total < len(rest); {
			n := lineEnd(rest[total:])
			row, left, ok := dumpLine(rest[total:total+n], len(out))
			if !ok {
				break
			}
			out = append(out, row...)
			cut = left
			total += n
		}
		if total > 0 {
			r.Line("dump", total, report.Plural(len(out), "octet", "octets"))
		}
	})
	d.Ticket = field.Field[[]byte]{Value: out, Ref: at, OK: len(out) > 0}
	r.Show(at, report.Plural(len(out), "octet", "octets"))
	switch {
	case cut > 0:
		r.Fault(field.Value, at, "the dump leaves out %s at the end that are spaces or zeros", report.Plural(cut, "octet", "octets"))
		d.Ticket.OK = false
	case len(out) == 0:
		r.Fault(field.Value, at, "no dump stands below the line")
	default:
		r.DeriveAt(at, "ticket", "hex dump of OpenSSL", out, func(r *field.Reader) {
			r.Piece("session-ticket", r.Fixed("ticket_octets", len(out)).Ref)
		})
	}
}

// dumpLine reads «0010 - aa bb … -cc dd   ascii», which must continue at the
// offset. left counts the octets that the line says are spaces or zeros.
func dumpLine(l []byte, offset int) (row []byte, left int, ok bool) {
	l = bytes.TrimSpace(l)
	place, rest, found := bytes.Cut(l, []byte(" - "))
	if !found {
		place, found = bytes.CutSuffix(l, []byte(" -"))
	}
	at, err := strconv.ParseUint(string(place), 16, 32)
	if !found || err != nil || len(place) < 4 {
		return nil, 0, false
	}
	if bytes.Equal(bytes.TrimSpace(rest), []byte("<SPACES/NULS>")) {
		return nil, int(at) - offset, int(at) >= offset
	}
	if int(at) != offset {
		return nil, 0, false
	}
	for i := 0; i+2 <= len(rest) && len(row) < 16; i += 3 {
		var b [1]byte
		if _, err := hex.Decode(b[:], rest[i:i+2]); err != nil {
			break
		}
		row = append(row, b[0])
		if i+2 < len(rest) && rest[i+2] != ' ' && rest[i+2] != '-' {
			break
		}
	}
	return row, 0, true
}
