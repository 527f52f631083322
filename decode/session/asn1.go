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

// The SSL_SESSION of OpenSSL and its descendants: five elements, then tagged
// ones. OpenSSL and BoringSSL gave the tags above [12] different meanings, which
// is how the two are told apart: by the type that stands inside each.
//
// Sources: ssl/ssl_asn1.c of OpenSSL 0.9.8 to 3.6 and of LibreSSL;
// ssl/ssl_asn1.cc of BoringSSL.

// inner is a type inside a tag.
type inner uint8

const (
	number inner = iota
	octets
	flag
	certificate
	chain
	ticket
	staple
	seconds32
	unixTime
	keyInfo
)

// tagged is an optional part: what stands inside a tag.
type tagged struct {
	label string
	is    inner
	since string // the first release that writes it
	to    func(*draft, value)
}

// value is what was read inside a tag.
type value struct {
	n int64
	b field.Field[[]byte] // Ref and OK are those of numbers, too
}

func (v value) uint() field.Field[uint64] {
	return field.Field[uint64]{Value: uint64(v.n), Ref: v.b.Ref, OK: v.b.OK && v.n >= 0}
}

func (v value) name() field.Field[string] {
	return field.Field[string]{Value: string(v.b.Value), Ref: v.b.Ref, OK: v.b.OK && len(v.b.Value) > 0}
}

// shared are the tags that mean the same in all dialects.
var shared = map[int]tagged{
	1: {"time", unixTime, "", func(d *draft, v value) {
		if t, ok := moment(uint64(v.n), time.Second); ok && v.n >= 0 {
			d.Created = field.Field[time.Time]{Value: t, Ref: v.b.Ref, OK: v.b.OK}
		}
	}},
	2: {"timeout", seconds32, "", func(d *draft, v value) { d.Timeout = v.uint() }},
	3: {"peer", certificate, "", nil},
	4: {"session_id_context", octets, "", func(d *draft, v value) { d.Context = v.b }},
	5: {"verify_result", number, "", func(d *draft, v value) {
		d.VerifyResult = field.Field[int64]{Value: v.n, Ref: v.b.Ref, OK: v.b.OK}
	}},
	6: {"server_name", octets, "OpenSSL 0.9.8", func(d *draft, v value) { d.Host = v.name() }},
	8: {"psk_identity", octets, "OpenSSL 1.0.0", nil},
	9: {"ticket_lifetime_hint", seconds32, "OpenSSL 0.9.8", func(d *draft, v value) { d.LifetimeHint, d.ClientSide = v.uint(), Yes }},
	10: {"ticket", ticket, "OpenSSL 0.9.8", func(d *draft, v value) {
		if len(v.b.Value) > 0 {
			d.ClientSide = Yes
		}
	}},
}

// ofOpenSSL are the tags as OpenSSL writes them.
var ofOpenSSL = map[int]tagged{
	0:  {"key_arg", octets, "", nil},
	7:  {"psk_identity_hint", octets, "OpenSSL 1.0.0", nil},
	11: {"compression_method", octets, "OpenSSL 0.9.8", nil},
	12: {"srp_username", octets, "OpenSSL 1.0.1", nil},
	13: {"flags", number, "OpenSSL 1.1.0", func(d *draft, v value) {
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(v.n&1 != 0), v.b.Ref
	}},
	14: {"ticket_age_add", number, "OpenSSL 1.1.1", func(d *draft, v value) { d.AgeAdd = narrow32(v.uint()) }},
	15: {"max_early_data_size", number, "OpenSSL 1.1.1", func(d *draft, v value) { d.MaxEarlyData = narrow32(v.uint()) }},
	16: {"alpn", octets, "OpenSSL 1.1.1", func(d *draft, v value) { d.ALPN = v.name() }},
	17: {"max_fragment_length", number, "OpenSSL 1.1.1", nil},
	18: {"application_data", octets, "OpenSSL 1.1.1", func(d *draft, v value) { d.AppData = v.b }},
	19: {"group", number, "OpenSSL 3.0", func(d *draft, v value) {
		d.Group = narrow(v.uint())
		d.Group.OK = d.Group.OK && v.n > 0 // 3.0 writes a zero where there is none
	}},
	20: {"peer_raw_public_key", keyInfo, "OpenSSL 3.2", nil},
}

// ofBoringSSL are the tags as BoringSSL writes them.
var ofBoringSSL = map[int]tagged{
	13: {"peer_sha256", octets, "", nil},
	14: {"original_handshake_hash", octets, "", nil},
	15: {"signed_certificate_timestamps", octets, "", nil},
	16: {"ocsp_response", staple, "", nil},
	17: {"extended_main_secret", flag, "", func(d *draft, v value) {
		d.ExtendedMainSecret, d.ExtendedMainSecretRef = answerOf(v.n != 0), v.b.Ref
	}},
	18: {"group", number, "", func(d *draft, v value) { d.Group = narrow(v.uint()) }},
	19: {"peer_chain", chain, "", nil},
	21: {"ticket_age_add", octets, "", func(d *draft, v value) {
		if len(v.b.Value) == 4 {
			d.AgeAdd = field.Field[uint32]{Value: be32(v.b.Value), Ref: v.b.Ref, OK: true}
		}
	}},
	22: {"is_server", flag, "", func(d *draft, v value) { d.ClientSide = answerOf(v.n == 0) }},
	23: {"peer_signature_algorithm", number, "", nil},
	24: {"max_early_data_size", number, "", func(d *draft, v value) { d.MaxEarlyData = narrow32(v.uint()) }},
	25: {"auth_timeout", seconds32, "", nil},
	26: {"early_alpn", octets, "", func(d *draft, v value) { d.ALPN = v.name() }},
	27: {"is_quic", flag, "BoringSSL 2020.4", nil},
	28: {"quic_early_data_context", octets, "BoringSSL 2020.5", nil},
	29: {"local_alps", octets, "BoringSSL 2020.10", nil},
	30: {"peer_alps", octets, "BoringSSL 2020.10", nil},
	31: {"resumable_across_names", flag, "BoringSSL 2025.3", nil},
	32: {"peer_certificate_type", number, "BoringSSL 2026.4", nil},
	33: {"peer_raw_public_key", keyInfo, "BoringSSL 2026.4", nil},
}

func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// votes are what the tags of a session speak for.
type votes struct{ openssl, boring, timed, dated bool }

// vote looks at the tags and at what stands inside them.
func vote(b []byte) (v votes) {
	outer, err := der.Next(b, 0, len(b))
	if err != nil || !outer.Constructed {
		return v
	}
	for at := outer.Content(); at < outer.Close(); {
		e, err := der.Next(b, at, outer.Close())
		if err != nil {
			return v
		}
		at = e.End()
		if e.Tag.Class != der.Ctx(0).Class {
			continue
		}
		is := der.Tag{}
		if in, err := der.Next(b, e.Content(), e.Close()); err == nil && e.Constructed {
			is = in.Tag
		}
		switch n := e.Tag.Number; {
		case n == 1:
			v.timed = true
		case n == 2:
			v.dated = true
		case n == 0, n == 7, n == 11, n == 12, n == 20,
			(n == 13 || n == 14 || n == 15 || n == 17 || n == 19) && is == der.Integer,
			n == 18 && is == der.OctetString,
			n == 16 && is == der.OctetString && !response(b[e.Content():e.Close()]):
			v.openssl = true
		case n >= 13:
			v.boring = true
		}
	}
	return v
}

// response says that an OCTET STRING holds what begins like an OCSP response:
// that is what BoringSSL writes where OpenSSL has the application protocol.
func response(b []byte) bool {
	e, err := der.Next(b, 0, len(b))
	return err == nil && isSequence(b[e.Content():e.Close()])
}

// isASN1 says that octets begin like an SSL_SESSION: two numbers and an OCTET
// STRING in a SEQUENCE.
func isASN1(b []byte) bool {
	e, err := der.Next(b, 0, len(b))
	if e.Tag != der.Sequence || err != nil && e.Content() >= len(b) {
		return false
	}
	at := e.Content()
	for range 2 {
		if at+2 > len(b) || b[at] != 2 || b[at+1] == 0 || b[at+1] > 3 {
			return false
		}
		at += 2 + int(b[at+1])
	}
	return at+1 < len(b) && b[at] == 4 && (b[at+1] == 2 || b[at+1] == 3)
}

// readASN1 reads an SSL_SESSION of any dialect.
func readASN1(r *field.Reader, d *draft) {
	v := vote(r.Left())
	boring := v.boring && !v.openssl
	switch {
	case boring:
		d.Format = BoringSSL
		r.Cite(spec.Doc("ssl/ssl_asn1.cc", ""))
	case v.boring:
		d.refuse("some tags hold what OpenSSL writes there, and others what BoringSSL does")
	case !v.openssl && v.timed && v.dated:
		d.Fits = []string{BoringSSL, LibreSSL} // nothing but the parts that all of them have
	}
	if !boring {
		r.Cite(spec.Doc("ssl/ssl_asn1.c", ""))
		d.until("OpenSSL 1.1.1")
	}
	d.Ref = r.Seq("session", func(r *field.Reader) {
		d.head(r)
		last := -1
		for !r.Empty() && !r.Quiet() {
			e, ok := r.Next()
			if !ok || e.Tag.Class != der.Ctx(0).Class {
				r.Stop("extra", "no tagged element: want one of [0] to [33]")
				d.refuse("an element without a tag stands behind the first five")
				return
			}
			n := int(e.Tag.Number)
			t, known := shared[n]
			if !known && boring {
				t, known = ofBoringSSL[n]
			} else if !known {
				t, known = ofOpenSSL[n]
			}
			from := r.Span(report.None).Off
			at := d.part(r, n, t, known, boring)
			if n <= last {
				d.order = append(d.order, at)
				d.refuse("the tags do not ascend")
			}
			last = n
			if from == r.Span(report.None).Off { // nothing was taken: the loop must end
				return
			}
		}
	})
	if boring && d.ClientSide == Unknown {
		d.ClientSide = No // the DEFAULT
	}
	if !boring && d.Newest == "OpenSSL 1.1.1" && d.Oldest != "" && older(d.Newest, d.Oldest) {
		d.Newest = ""
	}
	if d.TLS13() && !boring {
		d.since("OpenSSL 1.1.1")
	}
	if d.Protocol.Value != 0x0304 && d.ExtendedMainSecret == Unknown && !boring && d.Oldest != "" && !older(d.Oldest, "OpenSSL 1.1.0") {
		d.ExtendedMainSecret = No // the flags are left out where they are zero
	}
	if boring && d.ExtendedMainSecret == Unknown {
		d.ExtendedMainSecret = No
	}
	if d.ClientSide == Unknown && !d.Ticket.OK && (d.TLS13() && d.AgeAdd.OK || d.AppData.OK || !d.TLS13() && len(d.ID.Value) == 0) {
		d.ClientSide = No // a client has the ticket that these come with
	}
	if d.ClientSide == Unknown && d.TLS13() {
		d.ClientSide = Yes // a server always has the number that hides the age
	}
}

// head reads the five first elements.
func (d *draft) head(r *field.Reader) {
	version := r.Integer("version")
	if n, ok := version.Value.Int64(); version.OK && (!ok || n != 1) {
		r.Fault(field.Value, version.Ref, "the structure has version %s: 1 is the only one", version.Value.Text())
		d.badVersion = version.Ref
		d.refuse("the version of the structure is not 1")
	}
	protocol := r.Integer("protocol_version")
	n, small := protocol.Value.Int64()
	d.Protocol = field.Field[uint16]{Value: uint16(n), Ref: protocol.Ref, OK: protocol.OK && small && n >= 0 && n < 1<<16}
	if d.Protocol.OK {
		r.Show(protocol.Ref, suite.Version(d.Protocol.Value)+" ("+strconv.FormatInt(n, 10)+")")
	}
	c := r.Octets("cipher_suite")
	d.Cipher = field.Field[uint16]{Ref: c.Ref, OK: c.OK && len(c.Value) == 2}
	if d.Cipher.OK {
		d.Cipher.Value = uint16(c.Value[0])<<8 | uint16(c.Value[1])
		r.Show(c.Ref, suite.Name(d.Cipher.Value))
	} else {
		d.want(!c.OK || len(c.Value) == 3 && n == 2, "a cipher suite has two octets")
	}
	d.ID = r.Octets("session_id")
	label, kind := d.secretLabel()
	d.secret(r, r.Octets(label), kind)
	if r.Peek(der.OctetString) {
		r.Note(r.Octets("krb5_principal").Ref, "written by OpenSSL up to 1.0.2 when it was built with Kerberos")
		d.until("OpenSSL 1.0.2")
	}
}

// part reads the element of tag [n].
func (d *draft) part(r *field.Reader, n int, t tagged, known, boring bool) report.Ref {
	if !known {
		label := "[" + strconv.Itoa(n) + "]"
		at := r.Any("unknown")
		r.Note(at, "no release known here writes the tag "+label)
		d.refuse("the tag " + label + " is not known")
		return at
	}
	if n == 0 {
		return r.OctetsAs(t.label, der.Ctx(0)).Ref
	}
	if !boring && t.since != "" {
		d.since(t.since)
	} else if boring && t.since != "" && n > 20 {
		d.since(t.since)
	}
	if t.is == certificate || t.is == chain || t.is == keyInfo {
		return r.Implicit(n, t.label, "["+strconv.Itoa(n)+"] EXPLICIT", func(r *field.Reader) { d.elements(r, t) })
	}
	v := value{b: field.Field[[]byte]{Ref: report.None}}
	there := r.Explicit(n, t.label, func(r *field.Reader) { v = d.inside(r, t) })
	if !there {
		r.Stop(t.label, "%s cannot be read", t.label)
		return r.At()
	}
	if v.b.OK && t.to != nil {
		t.to(d, v)
	}
	if v.b.OK && v.n == 0 && zero(t.is) && n != 19 && !boring {
		d.zeros = append(d.zeros, v.b.Ref)
	}
	return v.b.Ref
}

// elements reads whole elements inside a tag, which are opened by themselves.
func (d *draft) elements(r *field.Reader, t tagged) {
	for first := true; !r.Quiet() && (first || t.is == chain && !r.Empty()); first = false {
		if t.is == keyInfo {
			r.Piece("public-key", r.Whole("public_key", "SubjectPublicKeyInfo").Ref)
			continue
		}
		f := r.Whole("certificate", "Certificate")
		if f.OK {
			d.want(isSequence(f.Value), "a certificate does not begin like one")
			d.Peer = append(d.Peer, f)
			r.Piece("certificate", f.Ref)
		}
	}
}

// zero says that a value of the type is left out when it is zero.
func zero(t inner) bool { return t == number || t == seconds32 || t == unixTime }

// inside reads what a tag holds.
func (d *draft) inside(r *field.Reader, t tagged) (v value) {
	switch t.is {
	case number, seconds32, unixTime:
		f := r.Integer(t.label)
		n, ok := f.Value.Int64()
		v.n, v.b.Ref, v.b.OK = n, f.Ref, f.OK && ok
		switch {
		case !v.b.OK:
		case t.is == seconds32 && n >= 0:
			r.Show(f.Ref, span(uint64(n)))
		case t.is == unixTime:
			if at, ok := moment(uint64(n), time.Second); ok && n >= 0 {
				r.Show(f.Ref, report.Clock(at)+" ("+strconv.FormatInt(n, 10)+")")
			}
		case t.label == "verify_result":
			r.Show(f.Ref, verifyResult(n)+" ("+strconv.FormatInt(n, 10)+")")
		case t.label == "group" && n > 0 && n < 1<<16:
			r.Show(f.Ref, suite.Label(suite.Groups, uint16(n))+" ("+strconv.FormatInt(n, 10)+")")
		case t.label == "flags" && n&1 != 0:
			r.Show(f.Ref, strconv.FormatInt(n, 10)+": extended main secret")
		}
	case flag:
		f := r.Boolean(t.label)
		v.b.Ref, v.b.OK = f.Ref, f.OK
		if f.Value {
			v.n = 1
		}
	case ticket:
		v.b = r.Octets(t.label)
		d.ticket(r, v.b)
	case staple:
		v.b = r.Octets(t.label)
		d.staple(r, v.b)
	default:
		v.b = r.Octets(t.label)
		words(r, v.b)
	}
	return v
}
