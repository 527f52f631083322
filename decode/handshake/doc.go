// Package handshake reads TLS records and handshake messages: values and nodes,
// no rules. What is judged of them is the business of package connection.
//
//	h := handshake.Read(r)
//	if hello := h.ClientHello(); hello != nil { … hello.ServerName() … }
//
// It reads what one side or both sent: records of TLS 1.0 to 1.3, handshake
// messages without records, the blocks of extensions that s_client -tlsextdebug
// prints, and the headers of DTLS. What stands beside octets, such as direction
// and time, comes as a [Transcript] from a capture or a -msg dump.
//
// It decrypts nothing: octets that were opened elsewhere come in as parts of a
// Transcript with Protected set.
//
// # Why do Certificate, CertificateRequest and NewSessionTicket need a version?
//
// They look different in TLS 1.2 and 1.3, and nothing inside says which it is.
// The negotiated version decides; where it is not known both forms are tried,
// and the value says where both fit.
//
// Sources: RFC 9846 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 6066 and the RFCs of the
// extensions, RFC 6347 (DTLS 1.2).
package handshake
