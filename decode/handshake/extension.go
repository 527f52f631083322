package handshake

import (
	"derscope/decode/field"
	"derscope/decode/report"
)

// Types of extensions that are read further.
const (
	ExtServerName             = 0
	ExtMaxFragmentLength      = 1
	ExtStatusRequest          = 5
	ExtSupportedGroups        = 10
	ExtPointFormats           = 11
	ExtSignatureAlgorithms    = 13
	ExtALPN                   = 16
	ExtStatusRequestV2        = 17
	ExtSCT                    = 18
	ExtPadding                = 21
	ExtEncryptThenMAC         = 22
	ExtExtendedMainSecret     = 23
	ExtCompressCertificate    = 27
	ExtRecordSizeLimit        = 28
	ExtSessionTicket          = 35
	ExtPreSharedKey           = 41
	ExtEarlyData              = 42
	ExtSupportedVersions      = 43
	ExtCookie                 = 44
	ExtPSKModes               = 45
	ExtCertificateAuthorities = 47
	ExtOIDFilters             = 48
	ExtPostHandshakeAuth      = 49
	ExtSignatureAlgorithmsC   = 50 // signature_algorithms_cert
	ExtKeyShare               = 51
	ExtTicketRequest          = 58
	ExtECH                    = 0xfe0d
	ExtRenegotiationInfo      = 0xff01
)

// Extensions is a block of extensions.
type Extensions struct {
	Ref  report.Ref
	List []Extension
	OK   bool // the block is there, empty or not
}

// Get is the first extension of a type, or nil.
func (x *Extensions) Get(t uint16) *Extension {
	for i := range x.List {
		if x.List[i].Type == t {
			return &x.List[i]
		}
	}
	return nil
}

// Has says whether an extension of a type is there.
func (x *Extensions) Has(t uint16) bool { return x.Get(t) != nil }

// Extension is one of them. Its Value depends on the type and the message:
//
//	server_name                     *ServerNames; nil where empty
//	status_request                  *StatusRequest, *Staple in a certificate entry; nil where empty
//	supported_groups, signature_algorithms, signature_algorithms_cert, psk_key_exchange_modes,
//	compress_certificate, supported_versions of a client, ec_point_formats   *Numbers
//	supported_versions of a server, pre_shared_key of a server,
//	record_size_limit, max_fragment_length, early_data of a ticket           *Number
//	application_layer_protocol_negotiation   *Names
//	session_ticket                  *Octets: the ticket, where there is one
//	pre_shared_key of a client      *Offer
//	cookie, renegotiation_info      *Octets
//	certificate_authorities         *Authorities
//	oid_filters                     *Filters
//	key_share                       *KeyShares
//	ticket_request                  *TicketRequest
//	status_request_v2               *StatusRequests
//	signed_certificate_timestamp    *Octets
type Extension struct {
	Type  uint16
	Ref   report.Ref
	Body  []byte
	Value any
	// Known: the form of this type in this message is known. Faults: the body does
	// not have it; the faults of the item say how.
	Known, Faults bool
}

// Number is one number.
type Number struct{ field.Field[uint64] }

// Octets is one string of octets.
type Octets struct{ field.Field[[]byte] }

// Names is a list of strings, such as the protocols of ALPN.
type Names struct {
	Ref  report.Ref
	List []field.Field[[]byte]
}

// ServerNames is RFC 6066, section 3.
type ServerNames struct {
	Ref  report.Ref
	List []ServerName
}

// ServerName is a name with its type; 0 is host_name.
type ServerName struct {
	Ref  report.Ref
	Type field.Field[uint64]
	Name field.Field[[]byte]
}

// StatusRequest is RFC 6066, section 8.
type StatusRequest struct {
	Type       field.Field[uint64]
	Responders Names               // responder_id_list
	Extensions field.Field[[]byte] // request_extensions
}

// StatusRequests is RFC 6961, section 2.2.
type StatusRequests struct {
	Ref  report.Ref
	List []StatusRequest
}

// Offer is the pre_shared_key of a ClientHello: RFC 9846, section 4.3.11.
type Offer struct {
	Identities    []Identity
	IdentitiesRef report.Ref
	Binders       []field.Field[[]byte]
	BindersRef    report.Ref
	// Tail is how many octets at the end of the ClientHello the binders take, the
	// length in front included: what is hashed for them is the message without these.
	Tail int
}

// Identity is one PSK that is offered.
type Identity struct {
	Ref    report.Ref
	Ticket field.Field[[]byte] // identity
	Age    field.Field[uint64] // obfuscated_ticket_age
}

// KeyShares is RFC 9846, section 4.3.8. That of a HelloRetryRequest has a group alone.
type KeyShares struct {
	Ref  report.Ref
	List []KeyShare
}

// KeyShare is a group and a public value.
type KeyShare struct {
	Ref   report.Ref
	Group field.Field[uint64]
	Key   field.Field[[]byte]
}

// Filters is RFC 9846, section 4.3.5.
type Filters struct {
	Ref  report.Ref
	List []Filter
}

// Filter is an OID with the values that its certificate extension must have.
type Filter struct {
	Ref    report.Ref
	OID    field.Field[[]byte]
	Values field.Field[[]byte]
}

// TicketRequest is RFC 9149, section 3. A server has expected_count in New.
type TicketRequest struct {
	New, Resumption field.Field[uint64]
}

// numbers gives a list of an extension.
func (x *Extensions) numbers(t uint16) *Numbers {
	if e := x.Get(t); e != nil {
		n, _ := e.Value.(*Numbers)
		return n
	}
	return nil
}

// ServerName is the first host name, or "".
func (c *ClientHello) ServerName() string {
	if e := c.Extensions.Get(ExtServerName); e != nil {
		if n, ok := e.Value.(*ServerNames); ok && len(n.List) > 0 && n.List[0].Name.OK {
			return string(n.List[0].Name.Value)
		}
	}
	return ""
}

// Versions are those of supported_versions, or nil.
func (c *ClientHello) Versions() *Numbers { return c.Extensions.numbers(ExtSupportedVersions) }

// Offer is the list of PSKs, or nil.
func (c *ClientHello) Offer() *Offer {
	if e := c.Extensions.Get(ExtPreSharedKey); e != nil {
		o, _ := e.Value.(*Offer)
		return o
	}
	return nil
}

// Ticket is the body of session_ticket; nil where the extension is absent, of
// length 0 where it is empty.
func (c *ClientHello) Ticket() []byte {
	if e := c.Extensions.Get(ExtSessionTicket); e != nil {
		return e.Body[:len(e.Body):len(e.Body)]
	}
	return nil
}

// Protocols are the names of ALPN, or nil.
func (x *Extensions) Protocols() *Names {
	if e := x.Get(ExtALPN); e != nil {
		n, _ := e.Value.(*Names)
		return n
	}
	return nil
}
