package handshake

import (
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// place is the message that a block of extensions stands in: the form of some
// depends on it.
type place uint8

const (
	inClientHello place = iota
	inServerHello
	inRetry
	inEncrypted
	inCertificate
	inRequest
	inTicket
	inBlock // of a server, from a message that is not known
)

// extensions reads a block of extensions behind its length.
//
//	struct {
//	    ExtensionType extension_type;
//	    opaque extension_data<0..2^16-1>;
//	} Extension;
//
// RFC 9846, section 4.3
func (m *machine) extensions(r *field.Reader, in place) Extensions {
	defer r.Cite(r.Cite(rfc9846("4.3")))
	x := Extensions{Ref: report.None}
	x.Ref = r.Vector("extensions", 2, func(r *field.Reader) {
		x.OK = true
		x.List = m.list(r, in)
	})
	return x
}

func (m *machine) list(r *field.Reader, in place) []Extension {
	return field.List(r, "extension", func(r *field.Reader, label string) Extension { return m.extension(r, label, in) })
}

// blocks reads extensions that stand without a length around them.
func (m *machine) blocks(r *field.Reader, o origin) {
	defer r.Cite(r.Cite(rfc9846("4.3")))
	e := o.event(ExtensionBlock, 0, r)
	in := inBlock
	if o.from == Client {
		in = inClientHello
	}
	x := &Extensions{OK: true}
	wrong := m.wrong(r)
	x.Ref = r.Frame(m.label("extensions"), "extensions", 0, len(r.Left()), func(r *field.Reader) { x.List = m.list(r, in) })
	e.Ref, e.Body, e.Faults = x.Ref, x, m.wrong(r) > wrong
	if v := x.Get(ExtSupportedVersions); v != nil && m.h.Version == 0 && in == inBlock {
		if n, ok := v.Value.(*Number); ok && n.OK {
			m.h.Version = uint16(n.Value)
		}
	}
	m.h.Events = append(m.h.Events, e)
}

// extension reads one extension. Its name takes the place of its number in the
// list where it has one.
func (m *machine) extension(r *field.Reader, label string, in place) Extension {
	x := Extension{Ref: r.At()}
	b := r.Left()
	if len(b) < 4 {
		r.Fixed(label, 4) // reports that there is too little
		return x
	}
	x.Type = uint16(u16(b))
	n := u16(b[2:])
	x.Body = b[4:min(4+n, len(b))]
	if s := suite.Extensions[int(x.Type)]; s != "" {
		label = s
	}
	wrong := m.wrong(r)
	x.Ref = r.Frame(label, "extension", 4, n, func(r *field.Reader) {
		x.Value, x.Known = m.value(r, x.Type, in)
		if !x.Known && !r.Empty() {
			r.Fixed("extension_data", len(r.Left()))
		}
	})
	if n > len(b)-4 {
		x.Known = x.Known && x.Value != nil
	}
	x.Faults = m.wrong(r) > wrong
	r.Show(x.Ref, x.words(in))
	return x
}

// value reads the body of an extension, and says whether its form is known.
func (m *machine) value(r *field.Reader, t uint16, in place) (any, bool) {
	client := in == inClientHello
	empty := r.Empty()
	cite := func(s spec.Ref) { r.Cite(s) }
	switch t {
	case ExtServerName:
		cite(rfc6066("3"))
		if client && !empty {
			return m.serverNames(r), true
		}
		return nil, true
	case ExtStatusRequest:
		cite(rfc6066("8"))
		switch {
		case client, in == inRequest && !empty:
			s := m.statusRequest(r, false)
			return &s, true
		case in == inCertificate, in == inBlock && !empty:
			cite(rfc9846("4.5.1.1"))
			s := m.staple(r)
			return &s, true
		}
		return nil, true
	case ExtStatusRequestV2:
		cite(spec.RFC(6961, "2.2"))
		if !client {
			return nil, true
		}
		return m.statusRequests(r), true
	case ExtSupportedGroups:
		cite(rfc9846("4.3.7"))
		return m.numbersOf(r, "named_group_list", 2, 2, naming(suite.Groups, 16)), true
	case ExtPointFormats:
		cite(rfc8422("5.1.2"))
		return m.numbersOf(r, "ec_point_format_list", 1, 1, naming(suite.PointFormats, 8)), true
	case ExtSignatureAlgorithms, ExtSignatureAlgorithmsC:
		cite(rfc9846("4.3.3"))
		return m.numbersOf(r, "supported_signature_algorithms", 2, 2, naming(suite.Schemes, 16)), true
	case ExtALPN:
		cite(spec.RFC(7301, "3.1"))
		return m.protocols(r), true
	case ExtExtendedMainSecret, ExtPostHandshakeAuth, ExtEncryptThenMAC:
		if t == ExtPostHandshakeAuth {
			cite(rfc9846("4.3.6"))
		}
		if t == ExtExtendedMainSecret {
			cite(spec.RFC(7627, "5.1"))
		}
		return nil, true
	case ExtSessionTicket:
		cite(spec.RFC(5077, "3.2"))
		if empty || !client && in != inBlock {
			return nil, true
		}
		return &Octets{m.within(r, "ticket", "session-ticket", nil)}, true
	case ExtRenegotiationInfo:
		cite(spec.RFC(5746, "3.2"))
		return &Octets{r.Opaque("renegotiated_connection", 1)}, true
	case ExtRecordSizeLimit:
		cite(spec.RFC(8449, "4"))
		return &Number{r.Uint("record_size_limit", 2, nil)}, true
	case ExtMaxFragmentLength:
		cite(rfc6066("4"))
		return &Number{r.Uint("max_fragment_length", 1, map[int]string{1: "2^9", 2: "2^10", 3: "2^11", 4: "2^12"})}, true
	case ExtSCT:
		if empty {
			return nil, true
		}
		cite(spec.RFC(6962, "3.3"))
		return &Octets{r.Opaque("SignedCertificateTimestampList", 2)}, true
	case ExtPadding:
		if !empty {
			at := r.Closed("padding", "opaque", len(r.Left()))
			r.Show(at, report.Plural(r.Span(at).Len, "octet", "octets"))
		}
		return nil, true
	}
	return m.value13(r, t, in)
}

// value13 is value for the extensions that came with TLS 1.3.
func (m *machine) value13(r *field.Reader, t uint16, in place) (any, bool) {
	client := in == inClientHello
	cite := func(s spec.Ref) { r.Cite(s) }
	switch t {
	case ExtCompressCertificate:
		cite(rfc8879("3"))
		return m.numbersOf(r, "algorithms", 1, 2, naming(suite.CertificateCompression, 16)), true
	case ExtPreSharedKey:
		cite(rfc9846("4.3.11"))
		if client {
			return m.offer(r), true
		}
		return &Number{r.Uint("selected_identity", 2, nil)}, true
	case ExtEarlyData:
		cite(rfc9846("4.3.10"))
		if in == inTicket {
			return &Number{r.Uint("max_early_data_size", 4, nil)}, true
		}
		return nil, true
	case ExtSupportedVersions:
		cite(rfc9846("4.3.1"))
		if client {
			return m.numbersOf(r, "versions", 1, 2, versionName), true
		}
		return &Number{m.versionField(r, "selected_version")}, true
	case ExtCookie:
		cite(rfc9846("4.3.2"))
		c := &Octets{r.Opaque("cookie", 2)}
		if c.OK && len(c.Value) == 0 {
			m.fault(r, c.Ref, "the cookie is empty: one octet is the least")
		}
		return c, true
	case ExtPSKModes:
		cite(rfc9846("4.3.9"))
		return m.numbersOf(r, "ke_modes", 1, 1, modeName), true
	case ExtCertificateAuthorities:
		cite(rfc9846("4.3.4"))
		a := m.authorities(r, "authorities")
		if a.OK && len(a.List) == 0 {
			m.fault(r, a.Ref, "the list is empty: one name is the least")
		}
		return &a, true
	case ExtOIDFilters:
		cite(rfc9846("4.3.5"))
		return m.filters(r), true
	case ExtKeyShare:
		cite(rfc9846("4.3.8"))
		return m.keyShares(r, in), true
	case ExtTicketRequest:
		cite(spec.RFC(9149, "3"))
		if client {
			q := &TicketRequest{New: r.Uint("new_session_count", 1, nil)}
			q.Resumption = r.Uint("resumption_count", 1, nil)
			return q, true
		}
		return &TicketRequest{New: r.Uint("expected_count", 1, nil)}, true
	}
	return nil, false
}
