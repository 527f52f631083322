package handshake

import (
	"strconv"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// machine reads one source and holds what later octets depend on.
type machine struct {
	h           *Handshake
	parts       []Part
	version     uint16 // negotiated, as far as is known here
	streams     [3]stream
	labels      map[string]int
	count       int // messages, or parts of them, so far
	faults      int // that are no breaks of the reader
	sealedNodes int
	done        bool // a ServerHelloDone was read
	tickets     int
}

// stream is what one side sends. Where sides are not told apart, both are Unknown.
type stream struct {
	ccs     bool
	pending []byte // of a message that is not whole yet
	from    []report.Span
	start   origin
	last    report.Ref // the node of its last fragment
}

// Read reads a whole source: the reader of the kind tls-handshake.
func Read(r *field.Reader) *Handshake {
	h := &Handshake{}
	t, _ := r.Given().(*Transcript)
	m := &machine{h: h, labels: map[string]int{}}
	h.Transcript = t
	whole := len(r.Left())
	if t != nil {
		m.version, h.Version = t.Version, t.Version
		if tiles(t.Parts, whole) {
			m.parts = t.Parts
		}
	}
	if m.parts == nil {
		m.parts = []Part{{Len: whole, Record: -1}}
	}
	r.Cite(rfc9846("4"))
	h.Ref = r.Frame("handshake", "TLS", 0, whole, func(r *field.Reader) {
		last := [3]int{-1, -1, -1} // the last part of each side that can go on with a message
		for i, p := range m.parts {
			if p.Form == Records || p.Form == Messages || p.Form == Found {
				last[p.From] = i
			}
		}
		for i, p := range m.parts {
			o := origin{from: p.From, part: i, mayFollow: i < last[p.From]}
			o.at = Event{At: p.At, Protected: p.Protected, Record: report.None}
			if p.Gap {
				m.lost(r, p.From)
				m.h.Events = append(m.h.Events, Event{Kind: Lost, From: p.From, At: p.At, Ref: r.At(), Record: report.None})
			}
			r.Part(p.Len, func(r *field.Reader) { m.read(r, p.Form, o) })
		}
		for side := range m.streams {
			m.lost(r, Side(side))
		}
		m.settle(r)
	})
	r.Show(h.Ref, h.Title())
	return h
}

// tiles says whether the parts cover n octets one behind the other.
func tiles(parts []Part, n int) bool {
	at := 0
	for _, p := range parts {
		if p.Off != at || p.Len < 0 || p.Len > n-at || p.From > Server {
			return false
		}
		at += p.Len
	}
	return at == n && len(parts) > 0
}

func (m *machine) part(i int) *Part { return &m.parts[i] }

// read reads one part.
func (m *machine) read(r *field.Reader, f Form, o origin) {
	if f == Found {
		f = formOf(r.Left())
	}
	switch f {
	case Records:
		m.records(r, o)
	case Datagrams:
		m.datagrams(r, o)
	case Alerts:
		m.alerts(r, o)
	case CipherSpec:
		m.cipherSpec(r, o)
	case Header:
		e := o.event(ChangeCipherSpec, RecordCipherSpec, r)
		e.Ref = r.Closed(m.label("ChangeCipherSpec"), "header", len(r.Left()))
		r.Show(e.Ref, "the header of its record alone was printed")
		m.streams[o.from].ccs = true
		m.h.Events = append(m.h.Events, e)
	case Blocks:
		m.blocks(r, o)
	case Application:
		if m.part(o.part).Closed {
			m.closedRecord(r, RecordApplication, 0, o)
			return
		}
		m.fragment(r, RecordApplication, -1, o)
	default:
		if m.part(o.part).Closed {
			m.closedRecord(r, RecordHandshake, 0, o)
			return
		}
		m.messages(r, o)
	}
}

// formOf tells what octets are of which nothing is said.
func formOf(b []byte) Form {
	switch {
	case recordHead(b), oldHello(b):
		return Records
	case datagramHead(b):
		return Datagrams
	}
	return Messages
}

// fault reports what is wrong with a value that is read to its end.
func (m *machine) fault(r *field.Reader, at report.Ref, format string, a ...any) {
	m.faults++
	r.Fault(field.Value, at, format, a...)
}

// wrong counts what was wrong so far.
func (m *machine) wrong(r *field.Reader) int {
	n, _ := r.Breaks()
	return n + m.faults
}

// leftover makes one node of what cannot be read as what belongs here.
func (m *machine) leftover(r *field.Reader, format string, a ...any) {
	if r.Empty() {
		return
	}
	at := r.Closed("octets", "opaque", len(r.Left()))
	r.Flag(at, report.Raw)
	m.faults++
	r.Fault(field.Unexpected, at, format, a...)
}

// label makes names of messages unique, so that paths are.
func (m *machine) label(name string) string {
	n := m.labels[name]
	m.labels[name]++
	if n == 0 {
		return name
	}
	return name + "[" + strconv.Itoa(n) + "]"
}

// messages reads handshake messages, of which the first and the last may lie in
// several records.
func (m *machine) messages(r *field.Reader, o origin) {
	st := &m.streams[o.from]
	if len(r.Left()) == 0 {
		return
	}
	if len(st.pending) > 0 && !m.join(r, st, o) {
		return
	}
	for !r.Empty() {
		b := r.Left()
		if m.count >= maxRecords {
			m.leftover(r, "more than %d messages: these are not looked into", maxRecords)
			return
		}
		m.count++
		if len(b) >= 4 && 4+u24(b[1:]) <= len(b) || !o.mayFollow {
			if len(b) < 4 {
				m.leftover(r, "a message has a header of 4 octets, %d are left", len(b))
				m.h.Partial = true
				return
			}
			m.message(r, o, 4)
			continue
		}
		st.start = o
		m.gather(r, st, len(b))
		return
	}
}

// gather keeps octets of a message that goes on elsewhere.
func (m *machine) gather(r *field.Reader, st *stream, n int) {
	st.pending = append(st.pending, r.Left()[:n]...)
	st.last = r.Closed("fragment", "opaque", n)
	st.from = append(st.from, r.Span(st.last))
	r.Show(st.last, report.Plural(n, "octet", "octets")+" of "+plain(suite.HandshakeTypes, uint16(st.pending[0]), "a message")+", which lies in several records")
}

// join goes on with a message that began before, and says whether it is whole now.
func (m *machine) join(r *field.Reader, st *stream, o origin) bool {
	m.count++
	for {
		want := 4
		if len(st.pending) >= 4 {
			want = 4 + u24(st.pending[1:])
		}
		if need := want - len(st.pending); need > 0 {
			n := min(need, len(r.Left()))
			if n == 0 {
				return false
			}
			// The header may end within the fragment: then its rest is taken at once.
			if want == 4 && n == need {
				head := append(st.pending[:len(st.pending):len(st.pending)], r.Left()[:n]...)
				n = min(n+u24(head[1:]), len(r.Left()))
			}
			m.gather(r, st, n)
			continue
		}
		break
	}
	whole, from, start, at := st.pending, st.from, st.start, st.last
	st.pending, st.from = nil, nil
	start.mayFollow = false
	r.JoinAt(at, plain(suite.HandshakeTypes, uint16(whole[0]), "message"), "joined fragments", whole, from, func(in *field.Reader) {
		m.message(in, start, 4)
	})
	return true
}

// lost gives a message up whose end is not there.
func (m *machine) lost(r *field.Reader, side Side) {
	st := &m.streams[side]
	if len(st.pending) == 0 {
		return
	}
	e := st.start.at
	e.Kind, e.Type, e.From, e.Ref, e.Raw, e.Faults, e.Count = Message, st.pending[0], side, st.last, st.pending, true, 1
	want := "a header of 4 octets"
	if len(st.pending) >= 4 {
		want = report.Plural(4+u24(st.pending[1:]), "octet", "octets")
	}
	m.faults++
	r.Fault(field.Truncated, st.last, "%s has %s, %d are here: its end is missing", plain(suite.HandshakeTypes, uint16(e.Type), "the message"), want, len(st.pending))
	m.h.Events = append(m.h.Events, e)
	m.h.Partial = true
	st.pending, st.from = nil, nil
}

// settle fills in the sides that only the whole tells, and the words that name them.
func (m *machine) settle(r *field.Reader) {
	h := m.h
	var seen [3]bool
	for i := range h.Events {
		seen[h.Events[i].From] = true
	}
	if one := seen[Client] != seen[Server]; one {
		side := Server
		if seen[Client] {
			side = Client
		}
		for i := range h.Events {
			if e := &h.Events[i]; e.From == Unknown && e.Kind != Lost {
				e.From = side
			}
		}
		for i := range h.Records {
			if h.Records[i].From == Unknown {
				h.Records[i].From = side
			}
		}
	} else if seen[Client] {
		m.byRecord()
	}
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == Message && e.From != Unknown {
			r.ShowMore(e.Ref, "from the "+e.From.String())
		}
	}
	if h.Version == 0 && m.retried() {
		h.Version = 0x0304
	}
}

// byRecord gives records the side of the messages that begin in them.
func (m *machine) byRecord() {
	h := m.h
	at := map[report.Ref]Side{}
	for i := range h.Events {
		if e := &h.Events[i]; e.From != Unknown && e.Record != report.None {
			at[e.Record] = e.From
		}
	}
	for i := range h.Records {
		if k := &h.Records[i]; k.From == Unknown {
			k.From = at[k.Ref]
		}
	}
}

func (m *machine) retried() bool { return m.h.HelloRetry() != nil }

// sideOf says who sends a message, where nothing but its type and what came
// before tells.
func (m *machine) sideOf(t uint8) Side {
	switch t {
	case TypeClientHello, TypeClientKeyExchange, TypeEndOfEarlyData, TypeCertificateURL:
		return Client
	case TypeHelloRequest, TypeServerHello, TypeHelloVerifyRequest, TypeNewSessionTicket, TypeEncryptedExtensions,
		TypeServerKeyExchange, TypeCertificateRequest, TypeServerHelloDone, TypeCertificateStatus:
		return Server
	case TypeCertificate, TypeCompressedCertificate:
		if m.done {
			return Client
		}
		// The server's comes first, but a client may have sent all that there is.
		for i := range m.h.Events {
			if m.h.Events[i].From == Server {
				return Server
			}
		}
	case TypeCertificateVerify:
		if m.done {
			return Client
		}
	}
	return Unknown
}

// name is the name of a number with the number behind it: «handshake (22)».
func name(names map[int]string, v uint16, bits int) string {
	if s := names[int(v)]; s != "" {
		if bits == 8 {
			return s + " (" + strconv.Itoa(int(v)) + ")"
		}
		return suite.Numbered(s, v)
	}
	if bits == 16 {
		return suite.Label(names, v)
	}
	return strconv.Itoa(int(v))
}

// plain is the name of a number, or other words.
func plain(names map[int]string, v uint16, other string) string {
	if s := names[int(v)]; s != "" {
		return s
	}
	return other
}
