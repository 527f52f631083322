package capture

import (
	"slices"
	"time"

	"derscope/decode/handshake"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// opening is a TLS connection while its records are opened.
type opening struct {
	hellos  [2]hello // of client, of server
	has     [2]bool
	version uint16
	suite   suite.Suite
	known   bool // the suite
	sides   [2]direction
	logs    []*keylog.Log
	mains   [][]byte // main secrets of sessions: saved ones, and those in tickets
	left    *int     // how many more main secrets are tried, in all of the recording
	full    bool     // the server showed a certificate, so nothing is resumed

	borrowed  bool // opened with the main secret of another connection
	fits      bool // a line of a key log has the client random
	protected int  // records
	opened    int
	data      int      // records of application data that opened
	missing   []string // labels
	failed    string   // where the first record with a fitting line did not open
	lost      string   // where octets are missing that opening would need
	done      int      // Finished messages that were seen

	out   []byte
	parts []handshake.Part
	from  []report.Span
	more  [2]int // records of application data that are left out
	text  [2][]byte
}

// direction is one side while its records are opened.
type direction struct {
	phases  []phase // of TLS 1.3
	at      int
	secured bool // before TLS 1.3: behind change_cipher_spec
	guess   bool // its main secret may be that of another connection
	opener  *suite.Opener
	open    messages // plain or opened handshake messages
	lost    bool
	record  int // number of the next record
	carried int // octets of application data in the transcript
	why     string
}

// phase is a part of a connection of TLS 1.3 that has a secret of its own.
type phase struct {
	label  string
	secret []byte
	opener *suite.Opener
}

// carriedData bounds the application data of a side that goes into the
// transcript; the records behind it are opened, and only counted.
const carriedData = 1 << 16

// kept bounds the opened data that is searched for HTTP.
const kept = 4 << 20

// converse opens what can be opened of a connection, in the order of time.
func (c *Connection) converse(t *opening, times func(int) time.Time) {
	c.tls = t
	client, server := &c.Streams[c.client], &c.Streams[1-c.client]
	lists := [2][]record{client.records(client.beginning), server.records(server.beginning)}
	for side, s := range []*Stream{client, server} {
		t.greet(side, s, lists[side])
	}
	t.prepare()
	for i := [2]int{}; i[0] < len(lists[0]) || i[1] < len(lists[1]); {
		side := 0
		if i[0] == len(lists[0]) || i[1] < len(lists[1]) && lists[1][i[1]].packet < lists[0][i[0]].packet {
			side = 1
		}
		s := client
		if side == 1 {
			s = server
		}
		r := lists[side][i[side]]
		i[side]++
		t.take(side, s, r, times(int(r.packet)))
	}
	for side := range t.sides {
		t.sides[side].phases, t.sides[side].opener = nil, nil
	}
}

// greet finds the hello of a side: only what comes before it protects anything
// is looked at.
func (t *opening) greet(side int, s *Stream, list []record) {
	var m messages
	for _, r := range list {
		if r.typ != 22 || r.part || r.lost {
			return
		}
		done := false
		m.feed(s.Bytes[r.pos+5:r.pos+r.n], func(typ uint8, body []byte) {
			if h, ok := readHello(typ, body); ok && int(typ) == side+1 && !done {
				done = !h.retry
				early := t.hellos[side].early
				t.hellos[side], t.has[side] = h, true
				t.hellos[side].early = h.early || early
			}
		})
		if done && side == 1 {
			return
		}
	}
}

// prepare finds the secrets of the connection.
func (t *opening) prepare() {
	if t.has[1] {
		t.version = t.hellos[1].version
		t.suite, t.known = suite.Lookup(t.hellos[1].suite)
	}
	random := t.hellos[0].random[:]
	for _, l := range t.logs {
		t.fits = t.fits || t.has[0] && len(l.Labels(random)) > 0
	}
	if !t.has[0] || t.version != 0x0304 && t.has[1] {
		return
	}
	labels := [2][]string{{keylog.ClientHandshake, keylog.ClientTraffic}, {keylog.ServerHandshake, keylog.ServerTraffic}}
	if t.hellos[0].early {
		labels[0] = slices.Insert(labels[0], 0, keylog.ClientEarly)
	}
	for side := range labels {
		for _, label := range labels[side] {
			t.sides[side].phases = append(t.sides[side].phases, t.phase(label))
		}
	}
}

func (t *opening) secret(label string) []byte {
	for _, l := range t.logs {
		if s, ok := l.Secret(label, t.hellos[0].random[:]); ok {
			return s
		}
	}
	return nil
}

// phase makes the opener of a part of the connection. Early data is protected
// by the suite of the ticket, which need not be the one chosen: it is found by
// trying (see earlySuites).
func (t *opening) phase(label string) phase {
	p := phase{label: label, secret: t.secret(label)}
	if p.secret != nil && t.known {
		p.opener, _ = t.suite.Opener13(p.secret)
	}
	return p
}

// earlySuites are those that early data may be protected by.
var earlySuites = []uint16{0x1301, 0x1302, 0x1303, 0x1304, 0x1305}

// take opens one record, or passes it on closed.
func (t *opening) take(side int, s *Stream, r record, at time.Time) {
	d := &t.sides[side]
	number := d.record
	d.record++
	d.lost = d.lost || r.lost
	part := handshake.Part{From: handshake.Client + handshake.Side(side), At: at, Gap: r.lost, Record: number, Form: handshake.Records}
	raw := s.Bytes[r.pos : r.pos+r.n]
	protected := !r.part && (t.version >= 0x0304 || !t.has[1] && side == 0) && r.typ == 23 || d.secured && t.version < 0x0304
	if !protected {
		t.plain(side, r, raw)
		t.carry(part, raw, s, r)
		return
	}
	t.protected++
	got, ok := t.open(side, r, raw)
	if !ok {
		part.Closed = true
		if t.skip(side, r.n, r.typ) {
			return
		}
		t.carry(part, raw, s, r)
		return
	}
	t.opened++
	part.Protected = true
	switch got.Type {
	case 20:
		part.Form = handshake.CipherSpec
		if t.version < 0x0304 { // of a renegotiation
			t.secure(side)
		}
	case 21:
		part.Form = handshake.Alerts
	case 22:
		part.Form = handshake.Messages
		t.see(side, got.Content)
	case 23:
		part.Form = handshake.Application
		t.data++
		if len(t.text[side]) < kept {
			t.text[side] = append(t.text[side], got.Content...)
		}
		if t.skip(side, len(got.Content), 23) {
			return
		}
	default:
		return
	}
	t.carry(part, got.Content, s, r)
}

// skip says that a record of application data is one too many for the
// transcript. Closed ones of TLS 1.3 count as such: nobody can tell.
func (t *opening) skip(side, n int, typ uint8) bool {
	d := &t.sides[side]
	switch {
	case typ != 23:
		return false
	case d.carried > carriedData:
		t.more[side]++
		return true
	}
	d.carried += max(n, 256)
	return false
}

// carry adds octets to the transcript.
func (t *opening) carry(p handshake.Part, b []byte, s *Stream, r record) {
	p.Off, p.Len = len(t.out), len(b)
	t.out = append(t.out, b...)
	t.parts = append(t.parts, p)
	s.spans(r.pos, r.n, &t.from)
}

// spans adds the places of a part of the stream in the capture.
func (s *Stream) spans(pos, n int, to *[]report.Span) {
	for i := s.run(pos); n > 0 && i >= 0 && i < len(s.runs); i++ {
		k := s.runs[i]
		skip := max(pos-k.pos, 0)
		m := min(k.n-skip, n)
		off := int(k.off) + skip
		if l := len(*to) - 1; l >= 0 && (*to)[l].End() == off {
			(*to)[l].Len += m
		} else {
			*to = append(*to, report.Span{Off: off, Len: m})
		}
		pos, n = pos+m, n-m
	}
}

// plain looks at a record that travels in clear.
func (t *opening) plain(side int, r record, raw []byte) {
	d := &t.sides[side]
	switch {
	case r.part || len(raw) < 5:
	case r.typ == 20 && t.version < 0x0304 && t.has[1]:
		t.secure(side)
	case r.typ == 22 && !d.lost:
		t.see(side, raw[5:])
	}
}

// see follows the handshake messages of a side: they change keys.
func (t *opening) see(side int, content []byte) {
	d := &t.sides[side]
	d.open.feed(content, func(typ uint8, body []byte) {
		switch {
		case typ == 11 && side == 1 && t.version < 0x0304 && !d.secured:
			t.full = true
		case typ == 20:
			t.done++
			if t.version >= 0x0304 && d.at < len(d.phases) && (d.phases[d.at].label == keylog.ClientHandshake || d.phases[d.at].label == keylog.ServerHandshake) {
				d.at++
			}
		case typ == 5 && d.at < len(d.phases) && d.phases[d.at].label == keylog.ClientEarly:
			d.at++
		case typ == 24 && t.version >= 0x0304 && d.at < len(d.phases) && d.phases[d.at].secret != nil:
			p := &d.phases[d.at]
			p.secret = t.suite.Hash.Update(p.secret)
			p.opener, _ = t.suite.Opener13(p.secret)
		case (typ == 1 || typ == 2) && t.version < 0x0304 && d.secured: // a renegotiation
			if h, ok := readHello(typ, body); ok && int(typ) == side+1 {
				t.hellos[side] = h
				if side == 1 {
					t.suite, t.known = suite.Lookup(h.suite)
				}
			}
		}
	})
}
