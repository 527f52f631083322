package handshake

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
)

// Kind is a sort of event.
type Kind uint8

const (
	Message          Kind = iota // a handshake message: Type is its HandshakeType
	Alert                        // Body is an *AlertBody
	ChangeCipherSpec             // Body is nil
	ApplicationData              // opened or closed
	ClosedRecord                 // encrypted and not application data: what is inside is not known
	ExtensionBlock               // extensions without a message: Body is an *Extensions
	OtherRecord                  // heartbeat and types that are not defined
	Lost                         // octets are missing here
)

// Event is one thing that one side sent, in order of time.
type Event struct {
	Kind Kind
	Type uint8 // of a message: HandshakeType; of a record: ContentType
	From Side
	At   time.Time // zero: not known
	Ref  report.Ref
	// Raw is the message with its header of four octets, as it is hashed; of
	// other events, the fragment.
	Raw []byte
	// Body is what the message holds, a pointer to one of the types of this
	// package; nil where the type is not known or the body is not read.
	Body any
	// Protected: it travelled encrypted and was opened.
	Protected bool
	// Record is the node of the record that it began in; None where there is none.
	Record report.Ref
	// RecordVersion is the version of that record; 0 where there is none.
	RecordVersion uint16
	// Count is how many records it stands for: those of application data that
	// follow each other can be one event.
	Count int
	// Faults: something is wrong with its octets; the faults of the item say what.
	Faults bool
}

// Record is one record, in order of time.
type Record struct {
	Type      uint8
	Version   uint16
	Length    int
	From      Side
	At        time.Time
	Ref       report.Ref
	Closed    bool // it is encrypted
	Fragments int  // messages, or parts of them, that it holds
	Cut       int  // octets that its length announces and that are not there
	Faults    bool // something is wrong with what is inside, or with its length
	// Inside says that it stands between two parts of one handshake message of its side.
	Inside bool
}

// Handshake is everything that was read: the value of the kind tls-handshake.
type Handshake struct {
	Ref     report.Ref
	Events  []Event
	Records []Record
	More    int // encrypted records that are counted, and not listed
	// Version is the one negotiated: selected_version, else the legacy_version of
	// the ServerHello, else what the Transcript says; 0 where nothing does.
	Version    uint16
	Transcript *Transcript // what was given beside the octets, or nil
	Datagrams  bool        // DTLS
	Partial    bool        // the octets end within a message or record
}

// find gives the first message of a type from a side; Unknown for either.
func (h *Handshake) find(t uint8, from Side) *Event {
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == Message && e.Type == t && (from == Unknown || e.From == from) {
			return e
		}
	}
	return nil
}

// Of lists the events with messages of a type, in order.
func (h *Handshake) Of(t uint8) []*Event {
	var all []*Event
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == Message && e.Type == t {
			all = append(all, e)
		}
	}
	return all
}

// Lone is the message where there is one event and nothing else, or nil.
func (h *Handshake) Lone() *Event {
	if len(h.Events) == 1 && h.Events[0].Kind == Message {
		return &h.Events[0]
	}
	return nil
}

// ClientHello is the last ClientHello before the ServerHello that is no
// HelloRetryRequest: the one that counts. FirstHello is the one before a
// HelloRetryRequest, or nil.
func (h *Handshake) ClientHello() *ClientHello {
	var last *ClientHello
	for i := range h.Events {
		switch b := h.Events[i].Body.(type) {
		case *ClientHello:
			last = b
		case *ServerHello:
			if !b.Retry && last != nil {
				return last
			}
		}
	}
	return last
}

// FirstHello is the ClientHello that a HelloRetryRequest answers, or nil. Where
// both hellos stand before it, as in what one side sent, it is the first of them.
func (h *Handshake) FirstHello() *ClientHello {
	var before []*ClientHello
	retried := false
	for i := range h.Events {
		switch b := h.Events[i].Body.(type) {
		case *ClientHello:
			if retried {
				return before[len(before)-1]
			}
			before = append(before, b)
		case *ServerHello:
			if b.Retry && len(before) == 0 {
				return nil
			}
			retried = retried || b.Retry
		}
	}
	switch n := len(before); {
	case !retried:
		return nil
	case n > 1:
		return before[n-2]
	}
	return before[0]
}

// ServerHello is the first ServerHello that is no HelloRetryRequest, or nil.
func (h *Handshake) ServerHello() *ServerHello { return h.serverHello(false) }

// HelloRetry is the first HelloRetryRequest, or nil.
func (h *Handshake) HelloRetry() *ServerHello { return h.serverHello(true) }

func (h *Handshake) serverHello(retry bool) *ServerHello {
	for i := range h.Events {
		if b, ok := h.Events[i].Body.(*ServerHello); ok && b.Retry == retry {
			return b
		}
	}
	return nil
}

// EncryptedExtensions is that of the server, or nil.
func (h *Handshake) EncryptedExtensions() *EncryptedExtensions {
	if e := h.find(TypeEncryptedExtensions, Unknown); e != nil {
		b, _ := e.Body.(*EncryptedExtensions)
		return b
	}
	return nil
}

// CertificateRequest is the first one, or nil. Of(TypeCertificateRequest) lists all.
func (h *Handshake) CertificateRequest() *CertificateRequest {
	if e := h.find(TypeCertificateRequest, Unknown); e != nil {
		b, _ := e.Body.(*CertificateRequest)
		return b
	}
	return nil
}

// Certificate is the first Certificate message of a side, decompressed where it
// was, or nil. A message whose side is not known is the server's.
func (h *Handshake) Certificate(from Side) *Certificate {
	for i := range h.Events {
		e := &h.Events[i]
		if e.From != from && (e.From != Unknown || from != Server) {
			continue
		}
		switch b := e.Body.(type) {
		case *Certificate:
			return b
		case *CompressedCertificate:
			if b.Inside != nil {
				return b.Inside
			}
		}
	}
	return nil
}

// CertificateStatus is the message of TLS 1.2 and older, or nil.
func (h *Handshake) CertificateStatus() *CertificateStatus {
	if e := h.find(TypeCertificateStatus, Unknown); e != nil {
		b, _ := e.Body.(*CertificateStatus)
		return b
	}
	return nil
}

// Finished is the first one of a side, or nil.
func (h *Handshake) Finished(from Side) *Finished {
	if e := h.find(TypeFinished, from); e != nil {
		b, _ := e.Body.(*Finished)
		return b
	}
	return nil
}

// Tickets are the NewSessionTicket messages, in order.
func (h *Handshake) Tickets() []*NewSessionTicket {
	var all []*NewSessionTicket
	for i := range h.Events {
		if b, ok := h.Events[i].Body.(*NewSessionTicket); ok {
			all = append(all, b)
		}
	}
	return all
}

// Alerts are the alerts that can be read, in order.
func (h *Handshake) Alerts() []*Event {
	var all []*Event
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == Alert && e.Body != nil {
			all = append(all, e)
		}
	}
	return all
}

// EventOf is the event whose body this is, a pointer to a type of this package.
func (h *Handshake) EventOf(body any) *Event {
	for i := range h.Events {
		if h.Events[i].Body != nil && h.Events[i].Body == body {
			return &h.Events[i]
		}
	}
	return nil
}

// AlertBody is an alert.
type AlertBody struct {
	Ref         report.Ref
	Level       field.Field[uint64] // 1 warning, 2 fatal
	Description field.Field[uint64]
}
