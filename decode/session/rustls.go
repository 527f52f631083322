package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/spec"
)

// rustls seals two layouts: that of 0.23 and earlier, and that of 0.24.
//
// Sources: rustls/src/msgs/persist.rs of 0.20 to 0.23; rustls/src/server/*.rs
// of the development of 0.24.

// isRustls: a flag, a name if it is set, and a version.
func isRustls(b []byte) bool {
	switch {
	case len(b) < 60:
		return false
	case b[0] == 0:
		return knownAt(b, 1)
	case b[0] == 1:
		return knownAt(b, 2+int(b[1]))
	}
	return false
}

// maybe reads what stands behind a flag.
func (d *draft) maybe(r *field.Reader, label string, f func(*field.Reader)) {
	if flag := d.boolean(r, "has_"+label); flag.Value && !r.Quiet() {
		f(r)
	}
}

func readRustls(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("rustls/src/msgs/persist.rs", "")))
	d.until("rustls 0.23")
	d.ClientSide = No
	d.maybe(r, "server_name", func(r *field.Reader) { d.Host = d.text(r, r.Opaque("server_name", 1)) })
	d.protocol(r)
	d.cipher(r)
	label, kind := d.secretLabel()
	d.secret(r, r.Opaque(label, 1), kind)
	d.sized()
	d.ems(r)
	d.maybe(r, "client_certificates", func(r *field.Reader) { d.certificates(r, "client_certificates", 3) })
	d.maybe(r, "alpn", func(r *field.Reader) { d.ALPN = alpn(r, r.Opaque("alpn", 1)) })
	d.appData(r, 2)
	d.Created = d.clock(r, "created_at", 8, time.Second)
	age := narrow32(r.Uint("ticket_age_add", 4, nil))
	if d.TLS13() {
		d.AgeAdd = age
	}
}

// appData reads what the application stored.
func (d *draft) appData(r *field.Reader, width int) {
	f := r.Opaque("application_data", width)
	words(r, f)
	if f.OK && len(f.Value) > 0 {
		d.AppData = f
	}
}

func readRustls024(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("rustls/src/server/tls13.rs", "")))
	d.since("rustls 0.24")
	d.ClientSide = No
	d.protocol(r)
	d.Created = d.clock(r, "created_at", 8, time.Second)
	d.maybe(r, "server_name", func(r *field.Reader) { d.Host = d.text(r, r.Opaque("server_name", 1)) })
	d.cipher(r)
	d.maybe(r, "identity", func(r *field.Reader) {
		kind := r.Uint("identity_type", 1, map[int]string{0: "X.509", 1: "raw public key"})
		d.want(!kind.OK || kind.Value <= 1, "the kind of identity is not known")
		if kind.Value == 1 {
			key := r.Opaque("peer_raw_public_key", 3)
			d.want(isSequence(key.Value), "a public key does not begin like one")
			r.PieceInside("public-key", key.Ref, nil)
			return
		}
		d.certificate(r, r.Opaque("certificate", 3))
		d.certificates(r, "intermediates", 3)
	})
	d.maybe(r, "alpn", func(r *field.Reader) { d.ALPN = alpn(r, r.Opaque("alpn", 1)) })
	d.appData(r, 2)
	if d.TLS13() {
		d.secret(r, r.Opaque("psk", 1), PSK)
		d.sized()
		d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
		return
	}
	d.secret(r, r.Fixed("main_secret", 48), Main)
	d.ems(r)
}
