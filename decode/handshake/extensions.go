package handshake

import (
	"strings"

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
		s := &StatusRequests{}
		s.Ref = r.Vector("certificate_status_req_list", 2, func(r *field.Reader) {
			s.List = field.List(r, "certificate_status_req_list", func(r *field.Reader, label string) (one StatusRequest) {
				r.Struct(label, func(r *field.Reader) { one = m.statusRequest(r, true) })
				return one
			})
		})
		return s, true
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
	case ExtCompressCertificate:
		cite(rfc8879("3"))
		return m.numbersOf(r, "algorithms", 1, 2, naming(suite.CertificateCompression, 16)), true
	case ExtSessionTicket:
		cite(spec.RFC(5077, "3.2"))
		if empty || !client && in != inBlock {
			return nil, true
		}
		return &Octets{m.within(r, "ticket", "session-ticket", nil)}, true
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
			return m.numbersOf(r, "versions", 1, 2, versionLabel), true
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
		return m.numbersOf(r, "ke_modes", 1, 1, naming(suite.PSKModes, 8)), true
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
	return nil, false
}

func versionLabel(v uint16) string { return versionName(v) }

func (m *machine) numbersOf(r *field.Reader, label string, width, octets int, name func(uint16) string) *Numbers {
	n := m.numbers(r, label, width, octets, name)
	return &n
}

// serverNames reads what host a client wants.
//
//	struct {
//	    NameType name_type;
//	    select (name_type) { case host_name: opaque HostName<1..2^16-1>; } name;
//	} ServerName;
//	struct { ServerName server_name_list<1..2^16-1> } ServerNameList;
//
// RFC 6066, section 3
func (m *machine) serverNames(r *field.Reader) *ServerNames {
	s := &ServerNames{}
	s.Ref = r.Vector("server_name_list", 2, func(r *field.Reader) {
		s.List = field.List(r, "server_name_list", func(r *field.Reader, label string) ServerName {
			n := ServerName{}
			n.Ref = r.Struct(label, func(r *field.Reader) {
				n.Type = r.Uint("name_type", 1, suite.NameTypes)
				n.Name = m.text(r, "HostName", 2)
			})
			return n
		})
	})
	if len(s.List) == 0 && !r.Quiet() {
		m.fault(r, s.Ref, "the list is empty: one name is the least")
	}
	return s
}

// text reads octets behind a length that are characters, and are not empty.
func (m *machine) text(r *field.Reader, label string, width int) field.Field[[]byte] {
	f := r.Opaque(label, width)
	if !f.OK {
		return f
	}
	if len(f.Value) == 0 {
		m.fault(r, f.Ref, "%s is empty: one octet is the least", label)
	} else if printable(f.Value) {
		r.Show(f.Ref, string(f.Value))
	}
	return f
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

// protocols reads the names of ALPN.
//
//	opaque ProtocolName<1..2^8-1>;
//	struct { ProtocolName protocol_name_list<2..2^16-1> } ProtocolNameList;
//
// RFC 7301, section 3.1
func (m *machine) protocols(r *field.Reader) *Names {
	n := &Names{}
	n.Ref = r.Vector("protocol_name_list", 2, func(r *field.Reader) {
		n.List = field.List(r, "protocol_name_list", func(r *field.Reader, label string) field.Field[[]byte] {
			return m.text(r, label, 1)
		})
	})
	if len(n.List) == 0 && !r.Quiet() {
		m.fault(r, n.Ref, "the list is empty: one name is the least")
	}
	return n
}

// statusRequest reads what a client wants to have stapled.
//
//	struct {
//	    CertificateStatusType status_type;
//	    select (status_type) { case ocsp: OCSPStatusRequest; } request;
//	} CertificateStatusRequest;
//	struct { ResponderID responder_id_list<0..2^16-1>; Extensions request_extensions; } OCSPStatusRequest;
//
// RFC 6066, section 8; with a length in RFC 6961, section 2.2
func (m *machine) statusRequest(r *field.Reader, v2 bool) StatusRequest {
	s := StatusRequest{Type: r.Uint("status_type", 1, suite.StatusTypes)}
	inside := func(r *field.Reader) {
		if !s.Type.OK || s.Type.Value != 1 && !(v2 && s.Type.Value == 2) {
			if !r.Empty() {
				r.Fixed("request", len(r.Left()))
			}
			return
		}
		s.Responders.Ref = r.Vector("responder_id_list", 2, func(r *field.Reader) {
			s.Responders.List = field.List(r, "responder_id_list", func(r *field.Reader, label string) field.Field[[]byte] {
				return r.Opaque(label, 2)
			})
		})
		s.Extensions = r.Opaque("request_extensions", 2)
	}
	if v2 {
		r.Vector("request", 2, inside)
	} else {
		inside(r)
	}
	return s
}

// offer reads the PSKs that a client offers.
//
//	struct { opaque identity<1..2^16-1>; uint32 obfuscated_ticket_age; } PskIdentity;
//	opaque PskBinderEntry<32..255>;
//	struct { PskIdentity identities<7..2^16-1>; PskBinderEntry binders<33..2^16-1>; } OfferedPsks;
//
// RFC 9846, section 4.3.11
func (m *machine) offer(r *field.Reader) *Offer {
	o := &Offer{}
	o.IdentitiesRef = r.Vector("identities", 2, func(r *field.Reader) {
		o.Identities = field.List(r, "identities", func(r *field.Reader, label string) Identity {
			d := Identity{}
			d.Ref = r.Struct(label, func(r *field.Reader) {
				d.Ticket = m.inner(r, "identity", 2, "PskIdentity", "session-ticket", nil)
				d.Age = r.Uint("obfuscated_ticket_age", 4, nil)
			})
			return d
		})
	})
	o.Tail = len(r.Left())
	o.BindersRef = r.Vector("binders", 2, func(r *field.Reader) {
		o.Binders = field.List(r, "binders", func(r *field.Reader, label string) field.Field[[]byte] {
			return r.Opaque(label, 1)
		})
	})
	return o
}

// filters reads what a client certificate must have.
//
//	struct {
//	    opaque certificate_extension_oid<1..2^8-1>;
//	    opaque certificate_extension_values<0..2^16-1>;
//	} OIDFilter;
//
// RFC 9846, section 4.3.5
func (m *machine) filters(r *field.Reader) *Filters {
	f := &Filters{}
	f.Ref = r.Vector("filters", 2, func(r *field.Reader) {
		f.List = field.List(r, "filters", func(r *field.Reader, label string) Filter {
			d := Filter{}
			d.Ref = r.Struct(label, func(r *field.Reader) {
				d.OID = r.Opaque("certificate_extension_oid", 1)
				d.Values = r.Opaque("certificate_extension_values", 2)
			})
			return d
		})
	})
	return f
}

// keyShares reads public values of the key exchange.
//
//	struct { NamedGroup group; opaque key_exchange<1..2^16-1>; } KeyShareEntry;
//	struct { KeyShareEntry client_shares<0..2^16-1>; } KeyShareClientHello;
//	struct { NamedGroup selected_group; } KeyShareHelloRetryRequest;
//	struct { KeyShareEntry server_share; } KeyShareServerHello;
//
// RFC 9846, section 4.3.8
func (m *machine) keyShares(r *field.Reader, in place) *KeyShares {
	k := &KeyShares{Ref: r.At()}
	entry := func(r *field.Reader, label string) KeyShare {
		s := KeyShare{}
		s.Ref = r.Struct(label, func(r *field.Reader) {
			s.Group = m.number(r, "group", 2, naming(suite.Groups, 16))
			s.Key = r.Opaque("key_exchange", 2)
			if s.Key.OK && len(s.Key.Value) == 0 {
				m.fault(r, s.Key.Ref, "key_exchange is empty: one octet is the least")
			}
		})
		return s
	}
	switch {
	case in == inClientHello:
		k.Ref = r.Vector("client_shares", 2, func(r *field.Reader) { k.List = field.List(r, "client_shares", entry) })
	case in == inRetry, in == inBlock && len(r.Left()) == 2:
		s := KeyShare{Group: m.number(r, "selected_group", 2, naming(suite.Groups, 16))}
		s.Ref, s.Key.Ref = s.Group.Ref, report.None
		k.List = []KeyShare{s}
	default:
		k.List = []KeyShare{entry(r, "server_share")}
	}
	return k
}

// words are what an extension says, for people.
func (x *Extension) words(in place) string {
	switch v := x.Value.(type) {
	case nil:
		if suite.GREASE(x.Type) {
			return "GREASE 0x" + hex16(x.Type) + ": sent to see that it is ignored"
		}
		if suite.Extensions[int(x.Type)] == "" {
			return "type 0x" + hex16(x.Type) + ", " + report.Plural(len(x.Body), "octet", "octets")
		}
		if len(x.Body) == 0 {
			return "empty"
		}
		return report.Plural(len(x.Body), "octet", "octets")
	case *ServerNames:
		return few(len(v.List), func(i int) string { return shown(v.List[i].Name.Value) })
	case *Names:
		return few(len(v.List), func(i int) string { return shown(v.List[i].Value) })
	case *Numbers:
		names := map[uint16]map[int]string{ExtSupportedGroups: suite.Groups, ExtSignatureAlgorithms: suite.Schemes, ExtSignatureAlgorithmsC: suite.Schemes,
			ExtSupportedVersions: suite.Versions, ExtPSKModes: suite.PSKModes, ExtPointFormats: suite.PointFormats, ExtCompressCertificate: suite.CertificateCompression}[x.Type]
		return few(len(v.List), func(i int) string { return suite.Label(names, uint16(v.List[i].Value)) })
	case *KeyShares:
		return few(len(v.List), func(i int) string { return suite.Label(suite.Groups, uint16(v.List[i].Group.Value)) })
	case *Offer:
		return report.Plural(len(v.Identities), "identity", "identities")
	case *Octets:
		return report.Plural(len(v.Value), "octet", "octets")
	case *Staple:
		return "OCSP response of " + report.Plural(len(v.Response.Value), "octet", "octets")
	case *Authorities:
		return report.Plural(len(v.List), "name", "names")
	}
	return ""
}

// shown is octets as text where they are printable.
func shown(b []byte) string {
	if printable(b) {
		return string(b)
	}
	return report.Plural(len(b), "octet", "octets")
}

// few writes the first of n things.
func few(n int, word func(int) string) string {
	const most = 6
	var s strings.Builder
	for i := range min(n, most) {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(word(i))
	}
	if n > most {
		s.WriteString(", …")
	}
	return s.String()
}
