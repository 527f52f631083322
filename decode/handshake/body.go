package handshake

import (
	"derscope/decode/field"
	"derscope/decode/report"
)

// Types of handshake messages: RFC 9846, section 4; RFC 5246, section 7.4.
const (
	TypeHelloRequest          = 0
	TypeClientHello           = 1
	TypeServerHello           = 2
	TypeHelloVerifyRequest    = 3 // DTLS
	TypeNewSessionTicket      = 4
	TypeEndOfEarlyData        = 5
	TypeEncryptedExtensions   = 8
	TypeCertificate           = 11
	TypeServerKeyExchange     = 12
	TypeCertificateRequest    = 13
	TypeServerHelloDone       = 14
	TypeCertificateVerify     = 15
	TypeClientKeyExchange     = 16
	TypeFinished              = 20
	TypeCertificateURL        = 21
	TypeCertificateStatus     = 22
	TypeSupplementalData      = 23
	TypeKeyUpdate             = 24
	TypeCompressedCertificate = 25
)

// Numbers is a list of numbers of one or two octets, such as cipher suites.
type Numbers struct {
	Ref  report.Ref
	List []field.Field[uint64]
	OK   bool
}

// Has says whether a number stands in the list.
func (n Numbers) Has(v uint16) bool { return n.At(v) != nil }

// At gives the element that is this number, or nil.
func (n Numbers) At(v uint16) *field.Field[uint64] {
	for i := range n.List {
		if n.List[i].OK && n.List[i].Value == uint64(v) {
			return &n.List[i]
		}
	}
	return nil
}

// ClientHello is RFC 9846, section 4.2.2.
type ClientHello struct {
	Ref         report.Ref
	Version     field.Field[uint64] // legacy_version
	Random      field.Field[[]byte]
	SessionID   field.Field[[]byte] // legacy_session_id
	Cookie      field.Field[[]byte] // of DTLS
	Suites      Numbers
	Compression Numbers
	Extensions  Extensions
}

// ServerHello is RFC 9846, section 4.2.3, and a HelloRetryRequest as well.
type ServerHello struct {
	Ref         report.Ref
	Retry       bool // it is a HelloRetryRequest, by its random
	Version     field.Field[uint64]
	Random      field.Field[[]byte]
	SessionID   field.Field[[]byte] // legacy_session_id_echo
	Suite       field.Field[uint64]
	Compression field.Field[uint64]
	Extensions  Extensions
	// Negotiated is selected_version, else legacy_version.
	Negotiated uint16
}

// HelloVerifyRequest is RFC 6347, section 4.2.1.
type HelloVerifyRequest struct {
	Ref     report.Ref
	Version field.Field[uint64]
	Cookie  field.Field[[]byte]
}

// EncryptedExtensions is RFC 9846, section 4.4.1.
type EncryptedExtensions struct {
	Ref        report.Ref
	Extensions Extensions
}

// Fit says in which of the two forms a message of unknown version reads.
type Fit uint8

const (
	Told   Fit = iota // the version was known, and it reads in its form
	Only              // the version was not known, and it reads in one form only
	Both              // the version was not known, and it reads in both; the newer one is shown
	Wrong             // the version was known, and it reads in the other form only, which is shown
	Broken            // it reads in neither form
)

// Certificate is RFC 9846, section 4.5.1; RFC 5246, section 7.4.2.
type Certificate struct {
	Ref     report.Ref
	Version uint16 // 0x0304: with context and extensions; else 0x0303
	Fit     Fit
	Context field.Field[[]byte] // 1.3
	List    report.Ref          // certificate_list
	Entries []Entry
	// Compressed: it came in a CompressedCertificate. Then its nodes lie in octets of their own.
	Compressed bool
}

// Entry is one certificate of the list.
type Entry struct {
	Ref        report.Ref
	DER        field.Field[[]byte]
	Extensions Extensions // 1.3
}

// Staple is the OCSP response of an entry, or nil.
func (e *Entry) Staple() *Staple {
	if x := e.Extensions.Get(ExtStatusRequest); x != nil {
		s, _ := x.Value.(*Staple)
		return s
	}
	return nil
}

// CompressedCertificate is RFC 8879, section 4.
type CompressedCertificate struct {
	Ref       report.Ref
	Algorithm field.Field[uint64]
	Length    field.Field[uint64] // uncompressed_length
	Message   field.Field[[]byte]
	// Inside is the Certificate message, where it could be decompressed.
	Inside *Certificate
}

// CertificateRequest is RFC 9846, section 4.4.2; RFC 5246, section 7.4.4.
type CertificateRequest struct {
	Ref         report.Ref
	Version     uint16 // 0x0304: with context and extensions; 0x0303: types and algorithms; 0x0302: types alone
	Fit         Fit
	Context     field.Field[[]byte] // 1.3
	Types       Numbers             // certificate_types, ≤ 1.2
	Algorithms  Numbers             // signature_algorithms, of either form
	Authorities Authorities         // of either form
	Extensions  Extensions          // 1.3
}

// Authorities are distinguished names. Each is the contents of its vector.
type Authorities struct {
	Ref  report.Ref
	List []field.Field[[]byte]
	OK   bool // the list is there: of 1.3 the extension
}

// CertificateVerify is RFC 9846, section 4.5.2; RFC 5246, section 7.4.8.
type CertificateVerify struct {
	Ref       report.Ref
	Fit       Fit
	Algorithm field.Field[uint64] // not OK in TLS 1.1 and older
	Signature field.Field[[]byte]
}

// CertificateStatus is RFC 6066, section 8. Responses of type 2 are those of RFC 6961.
type CertificateStatus struct {
	Ref report.Ref
	Staple
}

// Staple is the structure CertificateStatus, in its message or in the extension
// of a certificate entry.
type Staple struct {
	Type     field.Field[uint64]
	Response field.Field[[]byte]   // of type 1
	List     []field.Field[[]byte] // of type 2
}

// NewSessionTicket is RFC 9846, section 4.7.1; RFC 5077, section 3.3.
type NewSessionTicket struct {
	Ref        report.Ref
	Version    uint16 // 0x0304, or 0x0303 for the older form
	Fit        Fit
	Lifetime   field.Field[uint64] // seconds; ticket_lifetime_hint in the older form
	AgeAdd     field.Field[uint64]
	Nonce      field.Field[[]byte]
	Ticket     field.Field[[]byte]
	Extensions Extensions
	// Given: what stood beside it, or nil
	Given *Ticketing
}

// Ticketing is what stands beside the octets of a NewSessionTicket when it is
// an item of its own: the Given of kind new-session-ticket.
type Ticketing struct {
	Version   uint16 // negotiated; 0 not known
	Suite     uint16 // 0 not known
	Protected bool
	Index     int // place among the tickets of its connection
}

// Finished is RFC 9846, section 4.5.3.
type Finished struct {
	Ref  report.Ref
	Data field.Field[[]byte] // verify_data
}

// KeyUpdate is RFC 9846, section 4.7.3.
type KeyUpdate struct {
	Ref     report.Ref
	Request field.Field[uint64]
}

// Empty is a message without contents: HelloRequest, ServerHelloDone,
// EndOfEarlyData.
type Empty struct{ Ref report.Ref }

// ServerKeyExchange is RFC 5246, section 7.4.3; RFC 8422, section 5.4. Only the form with a
// named curve is read further.
type ServerKeyExchange struct {
	Ref       report.Ref
	Group     field.Field[uint64]
	Key       field.Field[[]byte]
	Algorithm field.Field[uint64]
	Signature field.Field[[]byte]
	Data      field.Field[[]byte] // of other forms
}

// ClientKeyExchange is RFC 5246, section 7.4.7.
type ClientKeyExchange struct {
	Ref  report.Ref
	Key  field.Field[[]byte] // a point, or an encrypted secret behind its length
	Data field.Field[[]byte] // of other forms
}
