package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// picotls and fizz know TLS 1.3 alone.
//
// Sources: lib/picotls.c of picotls; fizz/server/TicketCodec-inl.h of fizz.

func isPicotls(b []byte) bool {
	return len(b) > 30 && int(b[0])<<8+int(b[1]) == len(b)-2 && string(b[2:10]) == "ptls0001"
}

func readPicotls(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("lib/picotls.c", "")))
	d.ClientSide = No
	d.Protocol = field.Field[uint16]{Value: 0x0304, Ref: report.None, OK: true}
	d.Ref = r.Vector("session", 2, func(r *field.Reader) {
		words(r, r.Fixed("magic", 8))
		d.Created = d.clock(r, "issued_at", 8, time.Millisecond)
		d.secret(r, r.Opaque("psk", 2), PSK)
		d.Group = narrow(r.Uint("group", 2, suite.Groups))
		d.cipher(r)
		d.sized()
		d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
		name := r.Opaque("server_name", 2)
		if name.OK && len(name.Value) == 32 && !ascii(name.Value) {
			r.Note(name.Ref, "a context of the server in place of a name")
			d.Context = name
		} else {
			d.Host = d.text(r, name)
		}
		d.ALPN = alpn(r, r.Opaque("alpn", 1))
	})
}

func readFizz(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("fizz/server/TicketCodec-inl.h", "")))
	d.ClientSide = No
	d.protocol(r)
	d.cipher(r)
	d.secret(r, r.Opaque("psk", 2), PSK) // fizz calls it resumptionSecret, and has the ticket's nonce in it already
	d.sized()
	words(r, r.Opaque("server_certificate_identity", 2))
	kind := r.Uint("client_certificate_storage", 1, map[int]string{0: "none", 1: "X.509", 2: "identity only"})
	switch kind.Value {
	case 0:
	case 1:
		d.certificate(r, r.Opaque("certificate", 2))
	case 2:
		words(r, r.Opaque("client_identity", 2))
	default:
		d.refuse("the kind of client certificate is not known")
		return
	}
	d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	d.Created = d.clock(r, "issued_at", 8, time.Second)
	d.ALPN = alpn(r, r.Opaque("alpn", 1))
	if r.Empty() {
		return
	}
	d.appData(r, 2)
	if r.Empty() {
		return
	}
	first := d.clock(r, "handshake_time", 8, time.Second)
	if first.OK {
		d.First = first
	}
}
