package handshake

import (
	"strconv"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// message reads one message, whose header has 4 octets, or 12 in DTLS.
//
//	struct {
//	    HandshakeType msg_type;
//	    uint24 length;
//	    select (Handshake.msg_type) { … };
//	} Handshake;
//
// RFC 9846, section 4
func (m *machine) message(r *field.Reader, o origin, header int) {
	b := r.Left()
	t, n := b[0], u24(b[1:])
	if header == 12 {
		n = u24(b[9:])
	}
	title := plain(suite.HandshakeTypes, uint16(t), "message")
	retry := t == TypeServerHello && retryRandom(b[header:])
	if retry {
		title = "HelloRetryRequest"
	}
	e := o.event(Message, t, r)
	e.Raw = b[:min(header+n, len(b))]
	if e.From == Unknown {
		e.From = m.sideOf(t)
	}
	i := len(m.h.Events)
	m.h.Events = append(m.h.Events, e)
	wrong := m.wrong(r)
	var body any
	ref := r.Frame(m.label(title), "message", header, n, func(in *field.Reader) {
		body = m.body(in, t, e.From, retry, header == 12)
	})
	if header+n > len(b) {
		m.h.Partial = true
	}
	at := &m.h.Events[i]
	at.Ref, at.Body, at.Faults = ref, body, m.wrong(r) > wrong
	r.Show(ref, at.words())
	if t == TypeNewSessionTicket && header == 4 && body != nil {
		r.PieceWith("new-session-ticket", ref, &Ticketing{Version: m.version, Suite: m.suite(), Protected: at.Protected, Index: m.tickets})
		m.tickets++
	}
}

// suite is the one negotiated, 0 if it is not known.
func (m *machine) suite() uint16 {
	if s := m.h.ServerHello(); s != nil && s.Suite.OK {
		return uint16(s.Suite.Value)
	}
	return 0
}

// body reads what a message holds.
func (m *machine) body(r *field.Reader, t uint8, from Side, retry, datagram bool) any {
	switch t {
	case TypeClientHello:
		return m.clientHello(r, datagram)
	case TypeServerHello:
		s := m.serverHello(r, retry)
		switch {
		case s.Negotiated == 0:
		case retry:
			m.version = s.Negotiated
		default:
			m.version, m.h.Version = s.Negotiated, s.Negotiated
		}
		return s
	case TypeHelloVerifyRequest:
		defer r.Cite(r.Cite(rfc6347("4.2.1")))
		v := &HelloVerifyRequest{Ref: r.At()}
		v.Version = m.versionField(r, "server_version")
		v.Cookie = r.Opaque("cookie", 1)
		return v
	case TypeNewSessionTicket:
		return m.newSessionTicket(r)
	case TypeEncryptedExtensions:
		m.suppose(0x0304)
		defer r.Cite(r.Cite(rfc9846("4.4.1")))
		e := &EncryptedExtensions{Ref: r.At()}
		e.Extensions = m.extensions(r, inEncrypted)
		return e
	case TypeCertificate:
		return m.certificate(r)
	case TypeCertificateRequest:
		return m.certificateRequest(r)
	case TypeCertificateVerify:
		return m.certificateVerify(r)
	case TypeCertificateStatus:
		m.suppose(0x0303)
		defer r.Cite(r.Cite(rfc6066("8")))
		s := &CertificateStatus{Ref: r.At()}
		s.Staple = m.staple(r)
		return s
	case TypeCompressedCertificate:
		m.suppose(0x0304)
		return m.compressed(r)
	case TypeServerKeyExchange:
		m.suppose(0x0303)
		return m.serverKeyExchange(r)
	case TypeClientKeyExchange:
		m.suppose(0x0303)
		return m.clientKeyExchange(r)
	case TypeFinished:
		defer r.Cite(r.Cite(rfc9846("4.5.3")))
		f := &Finished{Ref: r.At()}
		if !r.Empty() {
			f.Data = r.Fixed("verify_data", len(r.Left()))
		}
		return f
	case TypeKeyUpdate:
		m.suppose(0x0304)
		defer r.Cite(r.Cite(rfc9846("4.7.3")))
		k := &KeyUpdate{Ref: r.At()}
		k.Request = r.Uint("request_update", 1, suite.KeyUpdates)
		return k
	case TypeHelloRequest, TypeServerHelloDone, TypeEndOfEarlyData:
		m.done = m.done || t == TypeServerHelloDone
		return &Empty{r.At()}
	}
	if !r.Empty() {
		at := r.Closed("body", "opaque", len(r.Left()))
		r.Show(at, report.Plural(r.Span(at).Len, "octet", "octets")+", not read further")
	}
	return nil
}

// suppose notes the version that a message exists in, where none is known.
func (m *machine) suppose(version uint16) {
	if m.version == 0 {
		m.version = version
	}
}

// words are what a message is, for people.
func (e *Event) words() string {
	switch b := e.Body.(type) {
	case *ClientHello:
		if host := b.ServerName(); host != "" {
			return "to " + host
		}
	case *ServerHello:
		if b.Suite.OK {
			return suite.Version(b.Negotiated) + ", " + suite.Name(uint16(b.Suite.Value))
		}
	case *Certificate:
		return report.Plural(len(b.Entries), "certificate", "certificates")
	case *CertificateRequest:
		if b.Authorities.OK {
			return report.Plural(len(b.Authorities.List), "authority", "authorities") + " named"
		}
	case *NewSessionTicket:
		if b.Ticket.OK {
			return "ticket of " + report.Plural(len(b.Ticket.Value), "octet", "octets")
		}
	case *CertificateStatus:
		if b.Response.OK {
			return "OCSP response of " + report.Plural(len(b.Response.Value), "octet", "octets")
		}
	}
	return ""
}

// Name is the name of a message as the RFC writes it: ClientHello.
func (e *Event) Name() string {
	switch e.Kind {
	case Message:
		if s, ok := e.Body.(*ServerHello); ok && s.Retry {
			return "HelloRetryRequest"
		}
		return plain(suite.HandshakeTypes, uint16(e.Type), "message of type "+strconv.Itoa(int(e.Type)))
	case Alert:
		if a, ok := e.Body.(*AlertBody); ok && a.Description.OK {
			return "Alert " + plain(suite.Alerts, uint16(a.Description.Value), strconv.Itoa(int(a.Description.Value)))
		}
		return "Alert"
	case ChangeCipherSpec:
		return "ChangeCipherSpec"
	case ApplicationData:
		return "application data"
	case ExtensionBlock:
		return "extensions"
	case Lost:
		return "missing octets"
	}
	return plain(suite.ContentTypes, uint16(e.Type), "record of type "+strconv.Itoa(int(e.Type)))
}

// Title says what was read, for people: «ClientHello to www.example.org»,
// «TLS 1.3 handshake, 9 messages».
func (h *Handshake) Title() string {
	if e := h.Lone(); e != nil {
		title := e.Name()
		if c, ok := e.Body.(*ClientHello); ok && c.ServerName() != "" {
			title += " to " + report.Clean(c.ServerName())
		}
		return title
	}
	n, alerts, blocks := 0, 0, 0
	for i := range h.Events {
		switch h.Events[i].Kind {
		case Message:
			n++
		case Alert:
			alerts++
		case ExtensionBlock:
			blocks++
		}
	}
	what := "TLS"
	if h.Version != 0 {
		what = suite.Version(h.Version)
	}
	switch {
	case h.Datagrams:
		what = "DTLS"
		if h.Version != 0 {
			what = suite.Version(h.Version)
		}
		return what + " handshake, " + report.Plural(n, "message", "messages")
	case n > 0:
		return what + " handshake, " + report.Plural(n, "message", "messages")
	case blocks > 0:
		return what + " extensions"
	case alerts == 1 && len(h.Events) == 1:
		return what + " " + h.Events[0].Name()
	case len(h.Records) > 0:
		return what + ", " + report.Plural(len(h.Records)+h.More, "record", "records")
	}
	return what + " messages"
}

// pieces reads the messages of a record of DTLS, which have a header of 12
// octets: RFC 6347, section 4.2.2.
//
//	struct {
//	    HandshakeType msg_type; uint24 length; uint16 message_seq;
//	    uint24 fragment_offset; uint24 fragment_length; …
//	} Handshake;
func (m *machine) pieces(r *field.Reader, o origin) {
	defer r.Cite(r.Cite(rfc6347("4.2.2")))
	for !r.Empty() {
		b := r.Left()
		switch {
		case len(b) < 12:
			m.leftover(r, "a message of DTLS has a header of 12 octets, %d are left", len(b))
			return
		case m.count >= maxRecords:
			m.leftover(r, "more than %d messages: these are not looked into", maxRecords)
			return
		}
		m.count++
		n, off, have := u24(b[1:]), u24(b[6:]), u24(b[9:])
		if off == 0 && have == n {
			m.message(r, o, 12)
			continue
		}
		e := o.event(Message, b[0], r)
		e.Raw = b[:min(12+have, len(b))]
		if e.From == Unknown {
			e.From = m.sideOf(b[0])
		}
		i := len(m.h.Events)
		m.h.Events = append(m.h.Events, e)
		ref := r.Frame(m.label(plain(suite.HandshakeTypes, uint16(b[0]), "message")), "fragment", 12, have, func(in *field.Reader) {
			if !in.Empty() {
				in.Closed("fragment", "opaque", len(in.Left()))
			}
		})
		m.h.Events[i].Ref = ref
		r.Show(ref, "octets "+strconv.Itoa(off)+" to "+strconv.Itoa(off+have)+" of "+strconv.Itoa(n)+", not joined")
	}
}
