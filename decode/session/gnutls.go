package session

import (
	"strconv"
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// GnuTLS packs a session for its database and for gnutls_session_get_data2; a
// ticket of TLS 1.2 holds the same, one of TLS 1.3 wraps it.
//
// Sources: lib/session_pack.c, lib/tls13/session_ticket.c, lib/db.h, lib/num.h
// and lib/hello_ext.c of GnuTLS 3.6 to 3.8.

// magic is what GnuTLS adds its version number to.
const magic = 0xFADEBADD

// gnutlsVersion gives the release that a magic number names, or "".
func gnutlsVersion(m uint32) string {
	v := m - magic
	if v < 0x030600 || v > 0x04ffff { // the layout is that of 3.6 and later
		return ""
	}
	return "GnuTLS " + strconv.Itoa(int(v>>16)) + "." + strconv.Itoa(int(v>>8&0xff)) + "." + strconv.Itoa(int(v&0xff))
}

func gnutlsPacked(b []byte) bool { return len(b) > 40 && gnutlsVersion(be32(b)) != "" }

// gnutlsTicket: the PRF is SHA-256 or SHA-384.
func gnutlsTicket(b []byte) bool {
	return len(b) > 60 && b[0] == 0 && (b[1] == 6 || b[1] == 7) && (b[10] == 32 || b[10] == 48)
}

var credentials = map[int]string{1: "certificate", 2: "anonymous", 3: "SRP", 4: "PSK"}

// prfs are numbers of gnutls_mac_algorithm_t.
var prfs = map[int]string{6: "SHA-256", 7: "SHA-384", 14: "MD5 and SHA-1"}

// gnutlsVersions are numbers of gnutls_protocol_t.
var gnutlsVersions = map[uint64]uint16{1: 0x0300, 2: 0x0301, 3: 0x0302, 4: 0x0303, 5: 0x0304, 200: 0xfeff, 201: 0xfeff, 202: 0xfefd}

// readPacked reads a packed session that stands by itself.
func readPacked(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("lib/session_pack.c", "")))
	d.packed(r)
}

func (d *draft) packed(r *field.Reader) {
	m := r.Uint("magic", 4, nil)
	release := gnutlsVersion(uint32(m.Value))
	r.Show(m.Ref, release)
	d.want(release != "", "the magic number names no release of GnuTLS")
	d.since(release)
	d.until(release)
	d.Created = d.clock(r, "timestamp", 4, time.Second)
	d.Timeout = seconds(r, "expire_time", 4)
	by := r.Uint("credentials", 1, credentials)
	d.want(!by.OK || credentials[int(by.Value)] != "", "the kind of credentials is not known")
	r.Vector("auth_info", 4, func(r *field.Reader) { d.authInfo(r, by.Value) })
	r.Vector("security_parameters", 4, d.securityParameters)
	if d.TLS13() {
		r.Vector("tls13_ticket", 4, func(r *field.Reader) {
			if !r.Empty() {
				d.keptTicket(r)
			}
		})
		return
	}
	count := r.Uint("extension_count", 4, nil)
	d.want(!count.OK || count.Value <= 64, "there are more packed extensions than GnuTLS has")
	for i := uint64(0); i < min(count.Value, 64) && !r.Quiet(); i++ {
		r.Struct("extension", d.packedExtension)
	}
}

// packedExtension reads what an extension of a hello left behind. Its number is
// that of GnuTLS's own list.
func (d *draft) packedExtension(r *field.Reader) {
	id := r.Uint("extension_id", 4, map[int]string{7: "supported_groups", 13: "session_ticket", 18: "server_name"})
	b := r.Left()
	switch {
	case id.Value == 13 && d.ClientSide == Yes && len(b) > 8 && be32(b) == be32(b[4:])+4:
		r.Vector("extension_data", 4, func(r *field.Reader) { d.ticket(r, r.Opaque("ticket", 4)) })
	case id.Value == 18 && len(b) > 6 && be32(b) == uint32(b[4])<<8+uint32(b[5])+2:
		r.Vector("extension_data", 4, func(r *field.Reader) { d.Host = d.text(r, r.Opaque("server_name", 2)) })
	default:
		r.Opaque("extension_data", 4)
	}
}

// authInfo reads how the peers proved who they are.
func (d *draft) authInfo(r *field.Reader, by uint64) {
	if r.Empty() {
		return
	}
	switch by {
	case 3:
		zeroEnded(r, "srp_username")
		return
	case 4:
		zeroEnded(r, "psk_identity")
		zeroEnded(r, "psk_identity_hint")
	}
	r.Uint("dh_secret_bits", 4, nil)
	r.Opaque("dh_prime", 4)
	r.Opaque("dh_generator", 4)
	r.Opaque("dh_public_key", 4)
	if by != 1 {
		return
	}
	n := r.Uint("certificate_count", 4, nil)
	for i := uint64(0); i < n.Value && !r.Quiet() && !r.Empty(); i++ {
		d.certificate(r, r.Opaque("certificate", 4))
	}
	n = r.Uint("ocsp_response_count", 4, nil)
	for i := uint64(0); i < n.Value && !r.Quiet() && !r.Empty(); i++ {
		d.staple(r, r.Opaque("ocsp_response", 4))
	}
}

// zeroEnded reads text that ends with a zero octet.
func zeroEnded(r *field.Reader, label string) {
	f := r.Opaque(label, 4)
	if n := len(f.Value); f.OK && n > 1 && ascii(f.Value[:n-1]) {
		r.Show(f.Ref, string(f.Value[:n-1]))
	}
}

func (d *draft) securityParameters(r *field.Reader) {
	side := r.Uint("entity", 4, map[int]string{1: "server", 2: "client"})
	d.want(!side.OK || side.Value == 1 || side.Value == 2, "the entity is neither server nor client")
	d.ClientSide = answerOf(side.Value == 2)
	r.Uint("prf", 4, prfs)
	r.Uint("client_auth_type", 4, credentials)
	r.Uint("server_auth_type", 4, credentials)
	d.ID = r.Opaque("session_id", 1)
	d.want(len(d.ID.Value) <= 32, "the session id has more than 32 octets")
	v := r.Uint("protocol_version", 4, nil)
	d.setProtocol(r, gnutlsVersions[v.Value], v)
	r.Uint("client_certificate_type", 4, map[int]string{1: "X.509", 2: "OpenPGP", 3: "raw public key"})
	r.Uint("server_certificate_type", 4, map[int]string{1: "X.509", 2: "OpenPGP", 3: "raw public key"})
	if d.TLS13() && r.Empty() {
		return // elder releases leave the suite out
	}
	d.cipher(r)
	if d.TLS13() {
		return
	}
	d.secret(r, r.Opaque("main_secret", 1), Main)
	d.sized()
	d.ClientRandom = r.Opaque("client_random", 1)
	d.ServerRandom = r.Opaque("server_random", 1)
	d.want(len(d.ClientRandom.Value) == 32 && len(d.ServerRandom.Value) == 32, "a random has not 32 octets")
	r.Uint("max_record_recv_size", 4, nil)
	r.Uint("max_record_send_size", 4, nil)
	r.Uint("group", 4, gnutlsGroups)
	r.Uint("server_signature_algorithm", 4, nil)
	r.Uint("client_signature_algorithm", 4, nil)
	ems := r.Uint("extended_main_secret", 4, map[int]string{0: "no", 1: "yes"})
	if ems.OK {
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(ems.Value != 0), ems.Ref
	}
	r.Uint("encrypt_then_mac", 4, map[int]string{0: "no", 1: "yes"})
}

// gnutlsGroups are numbers of gnutls_group_t.
var gnutlsGroups = map[int]string{0: "none", 1: "secp224r1", 2: "secp256r1", 3: "secp384r1", 4: "secp521r1", 5: "secp192r1", 6: "x25519", 20: "x448",
	256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe8192", 260: "ffdhe6144"}

// keptTicket reads the ticket of TLS 1.3 that a client keeps.
func (d *draft) keptTicket(r *field.Reader) {
	d.LifetimeHint = seconds(r, "ticket_lifetime", 4)
	d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	d.Nonce = r.Opaque("ticket_nonce", 1)
	d.ticket(r, r.Opaque("ticket", 4))
	d.secret(r, r.Opaque("resumption_secret", 1), Resumption)
	d.want(len(d.Secret.Value) == 32 || len(d.Secret.Value) == 48, "the secret has the length of no hash")
	at := d.clock(r, "arrival_time", 8, time.Second)
	if at.OK {
		d.Created = at
	}
	r.Uint("arrival_nanoseconds", 4, nil)
	d.MaxEarlyData = narrow32(r.Uint("max_early_data_size", 4, nil))
}

// readGnuTLSTicket reads what GnuTLS seals into a ticket of TLS 1.3.
func readGnuTLSTicket(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("lib/tls13/session_ticket.c", "")))
	prf := r.Uint("prf", 2, prfs)
	d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	lifetime := seconds(r, "ticket_lifetime", 4)
	secret := r.Opaque("resumption_secret", 1)
	d.secret(r, secret, Resumption)
	d.want(prf.Value == 6 && len(secret.Value) == 32 || prf.Value == 7 && len(secret.Value) == 48, "the secret has not the length of its hash")
	d.Nonce = r.Opaque("ticket_nonce", 1)
	r.Vector("packed_session", 2, func(r *field.Reader) {
		defer r.Cite(r.Cite(spec.Doc("lib/session_pack.c", "")))
		d.packed(r)
	})
	at := d.clock(r, "creation_time", 8, time.Second)
	if at.OK {
		d.Created = at
	}
	d.Timeout = lifetime
	r.Uint("creation_nanoseconds", 4, nil)
	d.padding(r)
	d.want(d.TLS13(), "a ticket of TLS 1.3 holds a session of another version")
}

// padding takes zeros that fill up the last block.
func (d *draft) padding(r *field.Reader) {
	n := len(r.Left())
	if n == 0 {
		return
	}
	f := r.Fixed("padding", n)
	r.Show(f.Ref, report.Plural(n, "octet", "octets")+" of zero")
	for _, c := range f.Value {
		d.want(c == 0, "the padding is not zero")
	}
	d.want(n < 16, "there is more padding than a block")
}
