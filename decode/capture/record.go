package capture

import (
	"encoding/binary"

	"derscope/decode/handshake"
)

// record is one TLS record, or what is left of one.
type record struct {
	pos, n  int    // in the stream, header included
	packet  uint32 // that completed it
	typ     uint8
	version uint16
	lost    bool // octets are missing before it
	part    bool // its end is missing
}

// plausible says that a record may begin with these octets.
func plausible(b []byte) bool {
	return len(b) >= 5 && b[0] >= 20 && b[0] <= 24 && b[1] == 3 && b[2] <= 4 && int(binary.BigEndian.Uint16(b[3:])) <= 1<<14+2048
}

// greets says that a hello begins here: a handshake record with the first
// message of one side inside.
func greets(b []byte) bool {
	return len(b) >= 6 && plausible(b) && b[0] == 22 && (b[5] == 1 || b[5] == 2)
}

// records takes a stream apart from an octet on. Behind missing octets it goes
// on where a packet begins with what looks like the header of a record.
func (s *Stream) records(from int) (list []record) {
	b, gap, lost, order := s.Bytes, 0, false, uint32(0)
	for gap < len(s.Gaps) && s.Gaps[gap].At < from {
		gap++
	}
	for pos := from; pos < len(b); {
		end := len(b) // of what hangs together
		for gap < len(s.Gaps) && s.Gaps[gap].At <= pos {
			lost = true
			gap++
		}
		if gap < len(s.Gaps) {
			end = s.Gaps[gap].At
		}
		if !plausible(b[pos:end]) {
			next := s.resume(pos + 1)
			if end-pos >= 5 || lost {
				lost = true
			}
			if end-pos < 5 && end == len(b) || next == len(b) && !lost {
				list = append(list, record{pos: pos, n: end - pos, packet: order, lost: lost, part: true})
				break
			}
			if next > pos {
				list = append(list, record{pos: pos, n: next - pos, packet: order, lost: lost, part: true})
			}
			pos, lost = next, true
			continue
		}
		r := record{pos: pos, n: 5 + int(binary.BigEndian.Uint16(b[pos+3:])), typ: b[pos], version: binary.BigEndian.Uint16(b[pos+1:]), lost: lost}
		lost = false
		if pos+r.n > end {
			r.n, r.part = end-pos, true
		}
		order = max(order, s.runs[s.run(pos+r.n-1)].packet)
		r.packet = order
		list = append(list, r)
		pos += r.n
	}
	return list
}

// resume gives the next beginning of a packet where a record may begin.
func (s *Stream) resume(pos int) int {
	for i := s.run(pos); i >= 0 && i < len(s.runs); i++ {
		if at := s.runs[i].pos; at >= pos && plausible(s.Bytes[at:]) {
			return at
		}
	}
	return len(s.Bytes)
}

// hello is what the opening of records needs of the two hellos.
type hello struct {
	random     [32]byte
	suite      uint16
	version    uint16
	retry      bool // a HelloRetryRequest
	early      bool // early data is announced
	thenMAC    bool // encrypt_then_mac
	compressed bool
}

// readHello reads the body of a ClientHello (1) or ServerHello (2).
func readHello(typ uint8, b []byte) (h hello, ok bool) {
	if len(b) < 35 {
		return h, false
	}
	h.version = binary.BigEndian.Uint16(b)
	copy(h.random[:], b[2:34])
	b = b[34:]
	skip := func(width int) ([]byte, bool) {
		if len(b) < width {
			return nil, false
		}
		n := 0
		for _, c := range b[:width] {
			n = n<<8 | int(c)
		}
		if len(b) < width+n {
			return nil, false
		}
		v := b[width : width+n]
		b = b[width+n:]
		return v, true
	}
	if _, ok = skip(1); !ok {
		return h, false
	}
	if typ == 2 {
		if len(b) < 3 {
			return h, false
		}
		h.suite, h.compressed = binary.BigEndian.Uint16(b), b[2] != 0
		h.retry = h.random == handshake.RetryRandom
		b = b[3:]
	} else {
		if _, ok = skip(2); !ok {
			return h, false
		}
		if _, ok = skip(1); !ok {
			return h, false
		}
	}
	if len(b) == 0 {
		return h, true
	}
	block, ok := skip(2)
	if !ok {
		return h, true
	}
	for b = block; len(b) >= 4; {
		typ13 := binary.BigEndian.Uint16(b)
		b = b[2:]
		body, ok := skip(2)
		if !ok {
			break
		}
		switch typ13 {
		case 22:
			h.thenMAC = true
		case 42:
			h.early = true
		case 43:
			if typ == 2 && len(body) == 2 {
				h.version = binary.BigEndian.Uint16(body)
			}
		}
	}
	return h, true
}

// messages finds handshake messages in what one side sends, whatever records
// they are split over.
type messages struct {
	buf  []byte
	skip int // octets of a message that is too long to be kept
}

// longest is the longest hello that is kept; of other messages the header is
// all that counts here.
const longest = 1 << 16

// feed takes the contents of a handshake record and calls see for each message
// that ends in it. The body is whole where it is a hello.
func (m *messages) feed(b []byte, see func(typ uint8, body []byte)) {
	m.buf = append(m.buf, b...)
	for {
		if m.skip > 0 {
			n := min(m.skip, len(m.buf))
			m.buf, m.skip = m.buf[n:], m.skip-n
			if m.skip > 0 {
				return
			}
		}
		if len(m.buf) < 4 {
			break
		}
		n := 4 + int(m.buf[1])<<16 + int(m.buf[2])<<8 + int(m.buf[3])
		if n > longest {
			m.skip = n
			continue
		}
		if len(m.buf) < n {
			break
		}
		see(m.buf[0], m.buf[4:n])
		m.buf = m.buf[n:]
	}
	if len(m.buf) == 0 {
		m.buf = nil
	}
}
