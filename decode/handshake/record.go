package handshake

import (
	"bytes"
	"strconv"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Types of records: RFC 9846, section 5.1.
const (
	RecordCipherSpec  = 20
	RecordAlert       = 21
	RecordHandshake   = 22
	RecordApplication = 23
	RecordHeartbeat   = 24
)

// Bounds on what becomes nodes of its own.
const (
	maxRecords = 4096 // records that are looked into
	maxSealed  = 64   // records of encrypted octets, each with a node; later ones share theirs
)

func rfc9846(section string) spec.Ref { return spec.RFC(9846, section) }
func rfc5246(section string) spec.Ref { return spec.RFC(5246, section) }
func rfc6066(section string) spec.Ref { return spec.RFC(6066, section) }
func rfc6347(section string) spec.Ref { return spec.RFC(6347, section) }

func u16(b []byte) int { return int(b[0])<<8 | int(b[1]) }
func u24(b []byte) int { return int(b[0])<<16 | int(b[1])<<8 | int(b[2]) }

// recordHead says whether a record of TLS begins here: its header is plausible.
func recordHead(b []byte) bool {
	return len(b) >= 5 && b[0] >= RecordCipherSpec && b[0] <= 26 && b[1] == 3 && b[2] <= 4
}

// datagramHead says whether a record of DTLS begins here: RFC 6347, section 4.1.
func datagramHead(b []byte) bool {
	return len(b) >= 13 && b[0] >= RecordCipherSpec && b[0] <= 26 && b[1] == 0xfe && (b[2] == 0xff || b[2] == 0xfd)
}

// oldHello says whether a ClientHello in the form of SSL 2.0 begins here:
// RFC 5246, appendix E.2.
func oldHello(b []byte) bool {
	return len(b) >= 11 && b[0]&0x80 != 0 && b[2] == TypeClientHello && (b[3] == 3 && b[4] <= 4 || b[3] == 0 && b[4] == 2) &&
		int(b[0]&0x7f)<<8|int(b[1]) >= 9 && u16(b[5:])%3 == 0 &&
		9+u16(b[5:])+u16(b[7:])+u16(b[9:]) == int(b[0]&0x7f)<<8|int(b[1])
}

// origin is where a message or a record comes from.
type origin struct {
	from      Side
	at        Event // At, Record, RecordVersion and Protected of what begins here
	part      int
	mayFollow bool // further octets of the same side stand behind the part or record
}

// records reads records to the end of a part.
//
//	struct {
//	    ContentType type;
//	    ProtocolVersion legacy_record_version;
//	    uint16 length;
//	    opaque fragment[TLSPlaintext.length];
//	} TLSPlaintext;
//
// RFC 9846, section 5.1
func (m *machine) records(r *field.Reader, o origin) {
	for !r.Empty() {
		b := r.Left()
		switch {
		case oldHello(b) && len(m.h.Events) == 0:
			m.oldHello(r, o)
			continue
		case !recordHead(b):
			m.leftover(r, "no record begins here: its first octets are %x, a record begins with 14 to 1a, then 03", b[:min(len(b), 5)])
			return
		case len(m.h.Records) >= maxRecords && !m.sealed(b, o):
			m.leftover(r, "more than %d records: these are not looked into", maxRecords)
			return
		}
		if m.sealedNodes >= maxSealed && m.sealed(b, o) {
			m.sealedRun(r, o)
			continue
		}
		m.record(r, o)
	}
}

// sealed says that the record here is encrypted, whole, and carries application
// data as far as can be seen.
func (m *machine) sealed(b []byte, o origin) bool {
	return recordHead(b) && b[0] == RecordApplication && 5+u16(b[3:]) <= len(b)
}

// sealedRun makes one node of the encrypted records that follow each other.
func (m *machine) sealedRun(r *field.Reader, o origin) {
	b := r.Left()
	n, count := 0, 0
	first := len(m.h.Records)
	for m.sealed(b[n:], o) {
		l := u16(b[n+3:])
		// Of very many, those are kept of which there is something to say.
		version := uint16(u16(b[n+1:]))
		odd := (l > 1<<14+256 || version > 0x0303) && len(m.h.Records) < 2*maxRecords
		if len(m.h.Records) < maxRecords || odd {
			m.h.Records = append(m.h.Records, Record{Type: b[n], Version: version, Length: l, From: o.from, At: o.at.At, Closed: true})
		} else {
			m.h.More++
		}
		n += 5 + l
		count++
	}
	ref := r.Closed("TLSCiphertext", "records", n)
	r.Show(ref, report.Plural(count, "record", "records")+" of application_data (23), encrypted")
	for i := first; i < len(m.h.Records); i++ {
		m.h.Records[i].Ref = ref
	}
	m.h.Events = append(m.h.Events, Event{Kind: m.sealedKind(), Type: RecordApplication, From: o.from, At: o.at.At,
		Ref: ref, Raw: b[:n], Record: ref, RecordVersion: uint16(u16(b[1:])), Count: count})
}

// sealedKind is what an encrypted record of type application_data is: in TLS 1.3
// anything can be inside.
func (m *machine) sealedKind() Kind {
	if m.version == 0x0304 || m.version == 0 {
		return ClosedRecord
	}
	return ApplicationData
}

// record reads one record.
func (m *machine) record(r *field.Reader, o origin) {
	b := r.Left()
	typ, version, n := b[0], uint16(u16(b[1:])), u16(b[3:])
	body := b[5:min(5+n, len(b))]
	st := &m.streams[o.from]
	closed := m.closed(typ, body, o, st)
	label := "TLSPlaintext"
	if closed {
		label = "TLSCiphertext"
		m.sealedNodes++
	}
	defer r.Cite(r.Cite(rfc9846("5.1")))
	if closed {
		r.Cite(rfc9846("5.2"))
	}
	i := len(m.h.Records)
	m.h.Records = append(m.h.Records, Record{Type: typ, Version: version, Length: n, From: o.from, At: o.at.At,
		Closed: closed, Inside: len(st.pending) > 0 && typ != RecordHandshake})
	broken, _ := r.Breaks()
	ref := r.Frame(label, "record", 5, n, func(in *field.Reader) {
		o.at.Record, o.at.RecordVersion = in.At(), version
		o.mayFollow = o.mayFollow || 5+n < len(b)
		m.h.Records[i].Ref = in.At()
		if closed {
			m.closedRecord(in, typ, version, o)
			return
		}
		m.fragment(in, typ, i, o)
	})
	m.h.Records[i].Ref = ref
	now, _ := r.Breaks()
	if 5+n > len(b) {
		m.h.Partial = true
		m.h.Records[i].Cut = 5 + n - len(b)
	}
	m.h.Records[i].Faults = now > broken
	what := name(suite.ContentTypes, uint16(typ), 8) + ", " + suite.Version(version)
	if closed {
		what += ", encrypted"
	}
	r.Show(ref, what)
}

// closed says whether a record is encrypted. Nothing in it says so: in TLS 1.3
// the type application_data does, before that a ChangeCipherSpec of its side.
func (m *machine) closed(typ uint8, body []byte, o origin, st *stream) bool {
	switch part := m.part(o.part); {
	case part.Closed:
		return true
	case part.Protected:
		return false
	case typ == RecordApplication:
		return part.Form != Application
	case typ == RecordCipherSpec:
		return st.ccs && len(body) != 1
	case typ == RecordAlert:
		return (st.ccs || m.streams[Unknown].ccs) && len(body) != 2
	case typ != RecordHandshake || !st.ccs || m.version == 0x0304:
		return false
	case len(body) >= 4 && 4+u24(body[1:]) == len(body):
		// What both sides sent stands in one stream: the ticket of TLS 1.2 comes
		// behind the client's ChangeCipherSpec, and so does a second ClientHello.
		return !(body[0] == TypeClientHello || body[0] == TypeServerHello || body[0] == TypeNewSessionTicket && o.from == Unknown)
	}
	return true
}

// closedRecord reads the fragment of an encrypted record.
func (m *machine) closedRecord(r *field.Reader, typ uint8, version uint16, o origin) {
	raw := r.Left()
	at := r.At()
	if len(raw) > 0 {
		at = r.Closed("encrypted_record", "opaque", len(raw))
		r.Show(at, report.Plural(len(raw), "octet", "octets")+", encrypted")
	}
	e := Event{Kind: ClosedRecord, Type: typ, From: o.from, At: o.at.At, Ref: at, Raw: raw,
		Record: o.at.Record, RecordVersion: version, Count: 1}
	if typ == RecordApplication {
		e.Kind = m.sealedKind()
	}
	m.h.Events = append(m.h.Events, e)
}

// fragment reads the fragment of a record that is not encrypted.
func (m *machine) fragment(r *field.Reader, typ uint8, record int, o origin) {
	switch typ {
	case RecordHandshake:
		before := m.count
		m.messages(r, o)
		if record >= 0 {
			m.h.Records[record].Fragments = m.count - before
		}
	case RecordAlert:
		m.alerts(r, o)
	case RecordCipherSpec:
		m.cipherSpec(r, o)
	default:
		e := o.event(OtherRecord, typ, r)
		if typ == RecordApplication {
			e.Kind = ApplicationData
		}
		if len(e.Raw) > 0 {
			e.Ref = r.Closed(plain(suite.ContentTypes, uint16(typ), "fragment"), "opaque", len(e.Raw))
			r.Show(e.Ref, report.Plural(len(e.Raw), "octet", "octets"))
			if typ == RecordApplication && e.Protected {
				// What was said in the connection is not for whoever gets the report.
				r.Show(e.Ref, firstLine(e.Raw))
				r.Flag(e.Ref, report.Secret)
			}
		}
		m.h.Events = append(m.h.Events, e)
	}
}

// firstLine is the beginning of application data, for people.
func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b[:min(len(b), 200)], []byte("\r\n"))
	for _, c := range line {
		if c < 0x20 || c > 0x7e {
			return report.Plural(len(b), "octet", "octets")
		}
	}
	return report.Plural(len(b), "octet", "octets") + ": " + string(line)
}

// event begins an event whose octets are those that are left.
func (o origin) event(k Kind, typ uint8, r *field.Reader) Event {
	e := o.at
	e.Kind, e.Type, e.From, e.Ref, e.Raw, e.Count = k, typ, o.from, r.At(), r.Left(), 1
	return e
}

// alerts reads alerts, two octets each.
//
//	struct { AlertLevel level; AlertDescription description; } Alert;
//
// RFC 9846, section 6
func (m *machine) alerts(r *field.Reader, o origin) {
	defer r.Cite(r.Cite(rfc9846("6")))
	for n := 0; !r.Empty() && !r.Quiet() && n < maxRecords; n++ {
		e := o.event(Alert, RecordAlert, r)
		e.Raw = e.Raw[:min(2, len(e.Raw))]
		broken, _ := r.Breaks()
		body := &AlertBody{}
		body.Ref = r.Struct(m.label("Alert"), func(r *field.Reader) {
			body.Level = r.Uint("level", 1, suite.AlertLevels)
			body.Description = r.Uint("description", 1, suite.Alerts)
		})
		now, _ := r.Breaks()
		e.Ref, e.Body, e.Faults = body.Ref, body, now > broken
		if body.Description.OK {
			r.Show(e.Ref, suite.AlertLevels[int(body.Level.Value)]+" "+name(suite.Alerts, uint16(body.Description.Value), 8))
		}
		m.h.Events = append(m.h.Events, e)
	}
	if o.at.Record != report.None && !r.Empty() {
		m.leftover(r, "more alerts in one record than are read")
	}
}

// cipherSpec reads the one octet of a ChangeCipherSpec: RFC 5246, section 7.1.
func (m *machine) cipherSpec(r *field.Reader, o origin) {
	defer r.Cite(r.Cite(rfc5246("7.1")))
	e := o.event(ChangeCipherSpec, RecordCipherSpec, r)
	at := r.Struct(m.label("ChangeCipherSpec"), func(r *field.Reader) {
		f := r.Uint("type", 1, map[int]string{1: "change_cipher_spec"})
		if f.OK && f.Value != 1 {
			m.fault(r, f.Ref, "the octet of a ChangeCipherSpec is %d; 1 is the only one", f.Value)
		}
	})
	e.Ref = at
	m.streams[o.from].ccs = true
	m.h.Events = append(m.h.Events, e)
}

// oldHello names a ClientHello in the form of SSL 2.0.
func (m *machine) oldHello(r *field.Reader, o origin) {
	b := r.Left()
	n := min(2+(int(b[0]&0x7f)<<8|int(b[1])), len(b))
	defer r.Cite(r.Cite(rfc5246("E.2")))
	at := r.Closed("V2ClientHello", "opaque", n)
	r.Show(at, "a ClientHello in the form of SSL 2.0, for "+suite.Version(uint16(u16(b[3:])))+": it is not read further")
	m.h.Events = append(m.h.Events, Event{Kind: OtherRecord, Type: TypeClientHello, From: Client, At: o.at.At, Ref: at, Raw: b[:n], Record: report.None, Count: 1})
}

// datagrams reads the records of DTLS: RFC 6347, section 4.1. Messages in
// fragments are not joined.
//
//	struct {
//	    ContentType type; ProtocolVersion version; uint16 epoch;
//	    uint48 sequence_number; uint16 length; opaque fragment[length];
//	} DTLSPlaintext;
func (m *machine) datagrams(r *field.Reader, o origin) {
	m.h.Datagrams = true
	defer r.Cite(r.Cite(rfc6347("4.1")))
	for !r.Empty() {
		b := r.Left()
		switch {
		case !datagramHead(b):
			m.leftover(r, "no record of DTLS begins here: its first octets are %x", b[:min(len(b), 5)])
			return
		case len(m.h.Records) >= maxRecords:
			m.leftover(r, "more than %d records: these are not looked into", maxRecords)
			return
		}
		typ, version, n := b[0], uint16(u16(b[1:])), u16(b[11:])
		epoch := u16(b[3:])
		label := "DTLSPlaintext"
		if epoch > 0 {
			label = "DTLSCiphertext"
		}
		i := len(m.h.Records)
		m.h.Records = append(m.h.Records, Record{Type: typ, Version: version, Length: n, From: o.from, At: o.at.At, Closed: epoch > 0})
		ref := r.Frame(label, "record", 13, n, func(in *field.Reader) {
			o.at.Record, o.at.RecordVersion = in.At(), version
			switch {
			case epoch > 0:
				m.closedRecord(in, typ, version, o)
			case typ == RecordHandshake:
				m.pieces(in, o)
			default:
				m.fragment(in, typ, -1, o)
			}
		})
		m.h.Records[i].Ref = ref
		r.Show(ref, name(suite.ContentTypes, uint16(typ), 8)+", "+suite.Version(version)+", epoch "+strconv.Itoa(epoch)+
			", number "+strconv.FormatUint(uint64(u16(b[5:]))<<32|uint64(u16(b[7:]))<<16|uint64(u16(b[9:])), 10))
	}
}
