package session

import (
	"strconv"
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Mbed TLS writes its release and the options that it was built with in front
// of a session; which parts follow depends on both. Where a release is not
// known to the letter, the layouts of its neighbours are tried.
//
// Source: library/ssl_tls.c of Mbed TLS 2.19 to 4.

// The options in the header, of release 3 and later.
const (
	mbedTime = 1 << iota
	mbedCertificates
	mbedClientTicket
	mbedFragment
	mbedEncryptThenMAC
	mbedTicket
	mbedKeepPeer
	mbedServerName
	mbedEarlyData
	mbedRecordSize
	mbedALPN
)

func isMbedTLS(b []byte) bool {
	return len(b) > 12 && b[2] < 16 && b[3] < 8 && (b[0] == 2 && b[1] >= 16 && b[1] <= 28 || b[0] == 3 && b[1] <= 6 || b[0] == 4 && b[1] <= 3)
}

// mbedForm is a layout behind the header.
type mbedForm struct {
	version  bool // the protocol version stands in front
	endpoint bool // then the side and the suite
	compress bool // a compression method behind the suite
	old      bool // the options are those of release 2
	digest   bool // a digest of the peer's certificate instead of it
}

func readMbedTLS(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("library/ssl_tls.c", "")))
	var major, minor uint64
	var bits int
	r.Struct("header", func(r *field.Reader) {
		major = r.Uint("major", 1, nil).Value
		minor = r.Uint("minor", 1, nil).Value
		patch := r.Uint("patch", 1, nil).Value
		release := "Mbed TLS " + strconv.FormatUint(major, 10) + "." + strconv.FormatUint(minor, 10) + "." + strconv.FormatUint(patch, 10)
		d.since(release)
		d.until(release)
		f := r.Uint("options", 2, nil)
		bits = int(f.Value)
		r.Show(f.Ref, "0x"+strconv.FormatInt(int64(bits), 16))
	})
	d.want(bits < 1<<11, "the header names options that no release has")
	forms := []mbedForm{{compress: true, old: major == 2}}
	if major > 3 || major == 3 && minor > 0 {
		forms = []mbedForm{{version: true, endpoint: true}, {version: true}, {version: true, compress: true}}
	}
	best, peer := forms[0], false
search:
	for _, f := range forms {
		for _, f.digest = range [...]bool{major >= 3 && bits&mbedKeepPeer == 0, !(major >= 3 && bits&mbedKeepPeer == 0)} {
			t := field.Trial(r.Left())
			trial := &draft{Session: newSession(MbedTLS)}
			trial.mbed(t, f, bits)
			if n, _ := t.Breaks(); n == 0 && trial.not == "" && t.Empty() {
				best, peer = f, true
				break search
			}
		}
	}
	d.want(peer, "what follows the header has no layout of this release")
	d.mbed(r, best, bits)
}

func (d *draft) mbed(r *field.Reader, f mbedForm, bits int) {
	v := field.Field[uint64]{Value: 3, Ref: report.None, OK: true}
	if f.version {
		v = r.Uint("protocol_version", 1, nil)
	}
	d.setProtocol(r, 0x0300|uint16(v.Value&0xff), v)
	d.want(v.Value == 3 || v.Value == 4, "the protocol is neither TLS 1.2 nor TLS 1.3")
	side := field.Field[uint64]{}
	if f.endpoint || d.TLS13() {
		side = r.Uint("endpoint", 1, map[int]string{0: "client", 1: "server"})
		d.want(!side.OK || side.Value <= 1, "the endpoint is neither client nor server")
		d.ClientSide = answerOf(side.Value == 0)
		d.cipher(r)
	}
	if d.TLS13() {
		d.mbed13(r, bits)
		return
	}
	d.mbed12(r, f, bits)
}

func (d *draft) mbed12(r *field.Reader, f mbedForm, bits int) {
	if bits&mbedTime != 0 {
		d.Created = d.clock(r, "start", 8, time.Second)
	}
	if !f.endpoint {
		d.cipher(r)
	}
	if f.compress {
		c := r.Uint("compression_method", 1, suite.CompressionMethods)
		d.want(c.Value <= 1, "the compression method is not known")
	}
	n := r.Uint("session_id_length", 1, nil)
	d.want(n.Value <= 32, "the session id has more than 32 octets")
	id := r.Fixed("session_id", 32)
	d.ID = field.Field[[]byte]{Value: id.Value[:min(int(n.Value), len(id.Value))], Ref: id.Ref, OK: id.OK}
	d.secret(r, r.Fixed("main_secret", 48), Main)
	verify := r.Uint("verify_result", 4, nil)
	d.VerifyResult = field.Field[int64]{Value: int64(verify.Value), Ref: verify.Ref, OK: verify.OK}
	switch {
	case bits&mbedCertificates == 0:
	case f.digest:
		r.Uint("peer_digest_type", 1, nil)
		digest := r.Opaque("peer_digest", 1)
		d.want(len(digest.Value) == 0 || len(digest.Value) >= 16 && len(digest.Value) <= 64, "the digest has the length of no hash")
	default:
		d.certificate(r, r.Opaque("certificate", 3))
	}
	ticket := bits&mbedTicket != 0
	fragment, etm := bits&mbedFragment != 0, bits&mbedEncryptThenMAC != 0
	if f.old { // another option stands between
		ticket, etm = bits&(1<<6) != 0, bits&(1<<5) != 0
	}
	switch {
	case f.endpoint && ticket && d.ClientSide == No:
		if bits&mbedTime != 0 {
			d.clock(r, "ticket_creation_time", 8, time.Millisecond)
		}
	case ticket && bits&mbedClientTicket != 0 || !f.endpoint && bits&mbedClientTicket != 0:
		d.ticket(r, r.Opaque("ticket", 3))
		d.LifetimeHint = seconds(r, "ticket_lifetime", 4)
		if len(d.Ticket.Value) > 0 {
			d.ClientSide = Yes
		}
	}
	if fragment {
		mode := r.Uint("max_fragment_length", 1, fragments)
		d.want(mode.Value <= 4, "the fragment length is not known")
	}
	if f.old && bits&(1<<4) != 0 {
		d.boolean(r, "truncated_hmac")
	}
	if etm {
		d.boolean(r, "encrypt_then_mac")
	}
}

func (d *draft) mbed13(r *field.Reader, bits int) {
	d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	r.Uint("ticket_flags", 1, nil)
	d.secret(r, r.Opaque("psk", 1), PSK)
	d.sized()
	if bits&mbedEarlyData != 0 {
		d.MaxEarlyData = narrow32(r.Uint("max_early_data_size", 4, nil))
	}
	if bits&mbedRecordSize != 0 {
		r.Uint("record_size_limit", 2, nil)
	}
	if d.ClientSide == No {
		if bits&mbedTime != 0 {
			d.Created = d.clock(r, "ticket_creation_time", 8, time.Millisecond)
		}
		if bits&mbedEarlyData != 0 && bits&mbedALPN != 0 {
			d.ALPN = d.ended(r, r.Opaque("alpn", 2))
		}
		return
	}
	if bits&mbedServerName != 0 {
		d.Host = d.ended(r, r.Opaque("server_name", 2))
	}
	if bits&mbedTime != 0 {
		d.Created = d.clock(r, "ticket_reception_time", 8, time.Millisecond)
	}
	d.LifetimeHint = seconds(r, "ticket_lifetime", 4)
	d.ticket(r, r.Opaque("ticket", 2))
}

// ended takes text with a zero octet at its end.
func (d *draft) ended(r *field.Reader, f field.Field[[]byte]) field.Field[string] {
	if n := len(f.Value); n > 0 {
		d.want(f.Value[n-1] == 0, "a name does not end with a zero octet")
		f.Value = f.Value[:n-1]
	}
	return d.text(r, f)
}

// fragments are the modes of max_fragment_length (RFC 6066, section 4).
var fragments = map[int]string{0: "none", 1: "512", 2: "1024", 3: "2048", 4: "4096"}
