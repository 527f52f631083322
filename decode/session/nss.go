package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// NSS seals a state whose secret is wrapped under a further key.
//
// Source: lib/ssl/ssl3exthandle.c of NSS.

func isNSS(b []byte) bool { return len(b) > 60 && b[0] == 1 && b[1] == 0x0a && knownAt(b, 2) }

func readNSS(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("lib/ssl/ssl3exthandle.c", "")))
	d.ClientSide = No
	version := r.Uint("ticket_version", 2, map[int]string{0x010a: "1.10"})
	d.want(version.Value == 0x010a, "the version of the ticket is not 0x010a")
	d.protocol(r)
	d.cipher(r)
	r.Uint("auth_type", 1, nil)
	r.Uint("auth_key_bits", 4, nil)
	r.Uint("kea_type", 1, nil)
	r.Uint("kea_key_bits", 4, nil)
	group := r.Uint("group", 4, suite.Groups)
	d.want(group.Value < 1<<16, "the group is out of range")
	d.Group = narrow(group)
	d.Group.OK = d.Group.OK && group.Value > 0
	r.Uint("peer_signature_algorithm", 4, suite.Schemes)
	r.Uint("certificate_curve", 1, nil)
	r.Uint("wrap_mechanism", 4, nil)
	d.secret(r, r.Opaque("wrapped_secret", 2), Wrapped)
	d.want(len(d.Secret.Value) >= 32, "the wrapped secret is shorter than any secret")
	auth := r.Uint("client_auth_type", 1, map[int]string{0: "none", 1: "certificate"})
	d.want(!auth.OK || auth.Value <= 1, "the kind of client authentication is not known")
	if auth.Value == 1 {
		d.certificate(r, r.Opaque("certificate", 2))
	}
	d.Created = d.clock(r, "timestamp", 8, time.Microsecond)
	d.Host = d.text(r, r.Opaque("server_name", 2))
	d.ems(r)
	r.Uint("flags", 4, nil)
	d.ALPN = alpn(r, r.Opaque("alpn", 1))
	d.MaxEarlyData = narrow32(r.Uint("max_early_data_size", 4, nil))
	age := r.Uint("age_baseline", 4, nil)
	if age.OK {
		r.Note(age.Ref, "round-trip time in milliseconds minus ticket_age_add")
	}
	d.AppData = r.Opaque("application_data", 2)
	words(r, d.AppData)
	if d.AppData.OK && len(d.AppData.Value) == 0 {
		d.AppData = field.Field[[]byte]{Ref: report.None}
	}
}
