package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Java's JSSE seals its session object; release 25 left much of it out.
//
// Source: sun/security/ssl/SSLSessionImpl.java of OpenJDK.

func (d *draft) jsseHead(r *field.Reader) {
	d.ClientSide = No
	d.protocol(r)
	d.cipher(r)
	schemes(r, "local_signature_algorithms")
}

// schemes reads a count and as many signature schemes.
func schemes(r *field.Reader, label string) {
	r.Struct(label, func(r *field.Reader) {
		n := r.Uint("count", 1, nil)
		for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
			r.Uint("signature_algorithm", 2, suite.Schemes)
		}
	})
}

func readJSSE(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("sun/security/ssl/SSLSessionImpl.java", "")))
	d.until("JDK 24")
	d.jsseHead(r)
	schemes(r, "peer_signature_algorithms")
	if alg := r.Opaque("psk_algorithm", 2); len(alg.Value) > 0 {
		d.text(r, alg)
		d.secret(r, r.Opaque("psk", 2), PSK)
	}
	r.Opaque("psk_identity", 1)
	if alg := r.Opaque("main_secret_algorithm", 1); len(alg.Value) > 0 {
		d.text(r, alg)
		d.secret(r, r.Opaque("main_secret", 2), Main)
	}
	if d.Secret.OK {
		d.sized()
	}
	d.ems(r)
	d.jsseNames(r)
	d.Created = d.clock(r, "creation_time", 8, time.Millisecond)
	d.Original = true
	n := r.Uint("ocsp_response_count", 2, nil)
	for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
		d.staple(r, r.Opaque("ocsp_response", 2))
	}
	d.jssePeer(r)
	kind := r.Uint("local_credentials", 1, map[int]string{0: "none", 1: "certificates", 2: "PSK"})
	switch kind.Value {
	case 0:
	case 1:
		n := r.Uint("certificate_count", 1, nil)
		for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
			f := r.Opaque("local_certificate", 4)
			d.want(!f.OK || isSequence(f.Value), "a certificate does not begin like one")
			r.PieceInside("certificate", f.Ref, nil)
		}
	case 2:
		r.Opaque("psk_algorithm", 1)
		r.Flag(r.Opaque("local_psk", 4).Ref, report.Secret)
		r.Opaque("psk_identity", 4)
	default:
		d.refuse("the kind of local credentials is not known")
	}
	if alg := r.Opaque("exporter_algorithm", 1); len(alg.Value) > 0 {
		d.text(r, alg)
		r.Flag(r.Opaque("exporter_secret", 2).Ref, report.Secret)
	}
	d.ClientRandom = r.Opaque("client_random", 1)
	d.ServerRandom = r.Opaque("server_random", 1)
	for _, f := range [...]*field.Field[[]byte]{&d.ClientRandom, &d.ServerRandom} {
		d.want(!f.OK || len(f.Value) == 0 || len(f.Value) == 32, "a random has not 32 octets")
		f.OK = f.OK && len(f.Value) > 0
	}
}

// jsseNames reads what was negotiated and asked for.
func (d *draft) jsseNames(r *field.Reader) {
	d.text(r, r.Opaque("identification_protocol", 1))
	d.Host = d.text(r, r.Opaque("server_name", 1))
	n := r.Uint("requested_name_count", 2, nil)
	for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
		words(r, r.Opaque("requested_name", 1))
	}
	r.Uint("max_packet_size", 4, nil)
	r.Uint("max_fragment_size", 4, nil)
}

// jssePeer reads who the peer is.
func (d *draft) jssePeer(r *field.Reader) {
	d.text(r, r.Opaque("peer_host", 1))
	r.Uint("peer_port", 2, nil)
	n := r.Uint("certificate_count", 1, nil)
	for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
		d.certificate(r, r.Opaque("certificate", 4))
	}
}

func readJSSE25(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("sun/security/ssl/SSLSessionImpl.java", "")))
	d.since("JDK 25")
	d.jsseHead(r)
	label, kind := d.secretLabel()
	d.secret(r, r.Opaque(label, 2), kind)
	d.sized()
	if !d.TLS13() {
		d.ems(r)
	}
	d.jsseNames(r)
	d.Created = d.clock(r, "creation_time", 8, time.Millisecond)
	d.Original = true
	d.jssePeer(r)
	n := r.Uint("local_certificate_count", 1, nil)
	for i := uint64(0); i < n.Value && !r.Quiet(); i++ {
		d.text(r, r.Opaque("local_certificate_algorithm", 1))
		r.Uint("local_certificate_checksum", 4, nil)
	}
}
