package handshake

import (
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// The methods of this file read what stands inside extensions.

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

// statusRequests reads the list of status_request_v2.
func (m *machine) statusRequests(r *field.Reader) *StatusRequests {
	s := &StatusRequests{}
	s.Ref = r.Vector("certificate_status_req_list", 2, func(r *field.Reader) {
		s.List = field.List(r, "certificate_status_req_list", func(r *field.Reader, label string) (one StatusRequest) {
			r.Struct(label, func(r *field.Reader) { one = m.statusRequest(r, true) })
			return one
		})
	})
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
