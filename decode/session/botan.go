package session

import (
	"strconv"
	"time"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Botan keeps sessions as DER, with a date for a version of the structure.
//
// Source: src/lib/tls/tls_session.cpp and tls_session.h of Botan 3.

// The versions of the structure that are read, and which release came with them.
var botanVersions = map[int64]string{20230222: "Botan 3.0", 20231031: "Botan 3.3"}

// isBotan says that a SEQUENCE begins with a date in the form of a number.
func isBotan(b []byte) bool {
	e, err := der.Next(b, 0, len(b))
	at := e.Content()
	if err != nil || e.Tag != der.Sequence || at+6 > len(b) || b[at] != 2 || b[at+1] != 4 {
		return false
	}
	n := be32(b[at+2:])
	return n > 20100000 && n < 20600000
}

func readBotan(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("src/lib/tls/tls_session.cpp", "")))
	d.Ref = r.Seq("session", func(r *field.Reader) {
		version := r.Integer("version")
		n, _ := version.Value.Int64()
		release := botanVersions[n]
		if version.OK && release == "" {
			r.Fault(field.Value, version.Ref, "the structure has version %d: those of 20230222 and 20231031 are read here", n)
			d.refuse("the structure has a version that is not read here")
			r.Flag(r.Fixed("unread", len(r.Left())).Ref, report.Secret|report.Raw)
			return
		}
		d.since(release)
		d.until(map[string]string{"Botan 3.0": "Botan 3.2"}[release])
		start := d.count(r, "start_time")
		if t, ok := moment(start.Value, time.Second); ok && start.OK {
			r.Show(start.Ref, report.Clock(t)+" ("+strconv.FormatUint(start.Value, 10)+")")
			d.Created = field.Field[time.Time]{Value: t, Ref: start.Ref, OK: true}
		}
		major, minor := d.count(r, "major_version"), d.count(r, "minor_version")
		d.want(major.Value < 256 && minor.Value < 256, "the protocol version has no two octets")
		d.setProtocol(r, uint16(major.Value<<8|minor.Value&0xff), minor)
		c := d.count(r, "cipher_suite")
		d.Cipher = narrow(c)
		r.Show(c.Ref, suite.Name(d.Cipher.Value))
		side := d.count(r, "side")
		d.want(!side.OK || side.Value == 1 || side.Value == 2, "the side is neither client nor server")
		r.Show(side.Ref, map[uint64]string{1: "client (1)", 2: "server (2)"}[side.Value])
		d.ClientSide = answerOf(side.Value == 1)
		ems := r.Boolean("extended_main_secret")
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(ems.Value), ems.Ref
		r.Boolean("encrypt_then_mac")
		label, kind := d.secretLabel()
		d.secret(r, r.Octets(label), kind)
		r.Seq("peer_certificates", func(r *field.Reader) {
			for !r.Empty() && !r.Quiet() {
				f := r.Whole("certificate", "Certificate")
				if f.OK {
					d.Peer = append(d.Peer, f)
					r.Piece("certificate", f.Ref)
				}
			}
		})
		if n >= 20231031 {
			r.Octets("peer_raw_public_key")
		}
		host := r.Text("server_name")
		d.Host = field.Field[string]{Value: host.Value, Ref: host.Ref, OK: host.OK && host.Value != ""}
		r.Text("service")
		d.count(r, "port")
		d.count(r, "srtp_profile")
		r.Boolean("early_data")
		d.MaxEarlyData = narrow32(d.count(r, "max_early_data_size"))
		d.AgeAdd = narrow32(d.count(r, "ticket_age_add"))
		d.LifetimeHint = d.count(r, "ticket_lifetime")
		r.Show(d.LifetimeHint.Ref, span(d.LifetimeHint.Value))
	})
}

// count reads an INTEGER that is not negative.
func (d *draft) count(r *field.Reader, label string) field.Field[uint64] {
	f := r.Integer(label)
	n, ok := f.Value.Int64()
	d.want(!f.OK || ok && n >= 0, label+" is out of range")
	return field.Field[uint64]{Value: uint64(n), Ref: f.Ref, OK: f.OK && ok && n >= 0}
}
