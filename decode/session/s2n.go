package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/spec"
)

// s2n-tls writes a state of its own, and puts the ticket or the session id in
// front of it for clients to keep.
//
// Source: tls/s2n_resume.c of s2n-tls.

// s2nVersions are the versions as s2n counts them.
var s2nVersions = map[uint64]uint16{30: 0x0300, 31: 0x0301, 32: 0x0302, 33: 0x0303, 34: 0x0304}

func isS2N(b []byte) bool {
	if s2nState(b) {
		return true
	}
	at := 0
	switch {
	case len(b) < 24:
		return false
	case b[0] == 1:
		at = 3 + int(b[1])<<8 + int(b[2])
	case b[0] == 0 && b[1] > 0 && b[1] <= 32:
		at = 2 + int(b[1])
	default:
		return false
	}
	return at < len(b) && s2nState(b[at:])
}

// s2nState says that octets begin with a format and a version that go together.
func s2nState(b []byte) bool {
	if len(b) < 22 {
		return false
	}
	old := b[0] == 1 || b[0] == 3 || b[0] == 4
	return old && b[1] >= 30 && b[1] <= 33 && len(b) == 61 || b[0] == 2 && b[1] == 34
}

func readS2N(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("tls/s2n_resume.c", "")))
	if b := r.Left(); !s2nState(b) {
		d.ClientSide = Yes
		kind := r.Uint("form", 1, map[int]string{0: "with session id", 1: "with ticket"})
		if kind.Value == 1 {
			d.ticket(r, r.Opaque("ticket", 2))
			d.want(len(d.Ticket.Value) > 0, "the ticket is empty")
		} else {
			d.ID = r.Opaque("session_id", 1)
		}
	}
	format := r.Uint("format", 1, map[int]string{1: "TLS 1.2, first", 2: "TLS 1.3", 3: "TLS 1.2, second", 4: "TLS 1.2, third"})
	v := r.Uint("protocol_version", 1, nil)
	d.setProtocol(r, s2nVersions[v.Value], v)
	d.want((format.Value == 2) == d.TLS13(), "the format is not one of this protocol")
	d.cipher(r)
	d.Created = d.clock(r, "issue_time", 8, time.Nanosecond)
	if format.Value != 2 {
		d.secret(r, r.Fixed("main_secret", 48), Main)
		d.ems(r)
		return
	}
	d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	d.secret(r, r.Opaque("psk", 1), PSK)
	d.want(len(d.Secret.Value) > 0, "the secret is empty")
	if d.ClientSide == Unknown {
		d.ClientSide = answerOf(!s2nServer(r.Left()))
	}
	if d.ClientSide == No {
		d.Original = true
		d.Expires = d.clock(r, "keying_material_expiration", 8, time.Nanosecond)
	}
	d.MaxEarlyData = narrow32(r.Uint("max_early_data_size", 4, nil))
	if d.MaxEarlyData.Value > 0 {
		d.ALPN = alpn(r, r.Opaque("alpn", 1))
		r.Opaque("early_data_context", 2)
	}
}

// s2nServer says that the rest of a state of TLS 1.3 has the time that a server
// keeps in front of the limit on early data. Both are told apart by what is
// left over.
func s2nServer(b []byte) bool {
	tail := func(b []byte) bool {
		if len(b) < 4 {
			return false
		}
		early, b := be32(b), b[4:]
		if early == 0 {
			return len(b) == 0
		}
		if len(b) < 1 || len(b) < 3+int(b[0]) {
			return false
		}
		b = b[1+int(b[0]):]
		return len(b) == 2+int(b[0])<<8+int(b[1])
	}
	return !tail(b) && len(b) >= 12 && tail(b[8:])
}
