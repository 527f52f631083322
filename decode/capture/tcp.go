package capture

import (
	"bytes"
	"net/netip"
	"slices"
	"time"
)

// most bounds the connections that are followed at once and in all.
const most = 1 << 16

// Connection is one TCP connection: two streams.
type Connection struct {
	A, B    netip.AddrPort // A sent the first packet that was recorded
	Streams [2]Stream      // from A, from B
	Start   time.Time
	Packets int

	first  int // the number of its first packet
	client int // which stream is the client's
	tls    *opening
	before string // what was spoken before TLS, or instead of it
}

// Stream is what one side sent, put in order.
type Stream struct {
	Bytes []byte
	Gaps  []Gap
	SYN   bool // its beginning was recorded
	FIN   bool

	segs      []segment
	runs      []run
	base      int64 // of what segments count from
	high      int64 // of sequence numbers seen
	began     bool
	mark      uint32 // the sequence number that high stands for
	finAt     int64  // where the stream ends, if FIN
	Again     int    // octets that came more than once
	Late      int    // segments that came out of order
	Differ    []Difference
	packets   int
	shorn     bool // the segment that ended last was cut short
	rst       bool
	beginning int // where records begin in Bytes
}

// Gap is a run of octets that is missing.
type Gap struct {
	At     int   // octets of the stream before it
	Len    int64 // 0: not known
	Cut    bool  // left out of packets by the recording
	packet int
}

// Difference is an octet that came twice, and not the same.
type Difference struct {
	At            int64 // octets from the beginning of the stream
	Packet, Other int   // the first copy, which is used, and the other
	Was, Is       byte
}

// segment is the payload of one packet: n octets of the source from off, and
// more octets that the recording cut off.
type segment struct {
	rel    int64
	off    uint32
	n, cut uint32
	packet uint32
}

// run is a part of a stream that stands in one packet.
type run struct {
	pos, n int
	off    uint32
	packet uint32
}

type ends struct{ a, b netip.AddrPort }

// assembler puts TCP segments in their streams.
type assembler struct {
	open map[ends]*Connection
	all  []*Connection
	more int // connections that are not followed
}

// add takes one TCP packet whose payload begins at an offset of the source.
func (a *assembler) add(number int, at time.Time, p *packet, off, n int) {
	key, side := ends{p.from, p.to}, 0
	c := a.open[key]
	if c == nil {
		if c = a.open[ends{p.to, p.from}]; c != nil {
			key, side = ends{p.to, p.from}, 1
		}
	}
	if c != nil && p.flags&(tcpSYN|tcpACK) == tcpSYN && c.renewed(side, p.seq) {
		c = nil // the ports are used again
	}
	if c == nil {
		if len(a.all) >= most {
			a.more++
			return
		}
		if side == 1 {
			delete(a.open, key)
			key, side = ends{p.from, p.to}, 0
		}
		c = &Connection{A: p.from, B: p.to, Start: at, first: number}
		a.open[key] = c
		a.all = append(a.all, c)
	}
	c.Packets++
	c.Streams[side].add(number, p, off, n)
}

// renewed says that a SYN begins another connection and repeats no old one.
func (c *Connection) renewed(side int, seq uint32) bool {
	s := &c.Streams[side]
	if !s.began {
		return false
	}
	return !s.SYN || uint32(s.base-1) != seq
}

// add takes one segment.
func (s *Stream) add(number int, p *packet, off, n int) {
	s.packets++
	seq := p.seq
	if p.flags&tcpSYN != 0 {
		seq++
	}
	if !s.began {
		s.began, s.mark = true, seq
		s.base = int64(seq)
		s.high = s.base
		s.SYN = p.flags&tcpSYN != 0
	}
	// Sequence numbers wrap: this one is taken for the nearest to the last.
	rel := s.high + int64(int32(seq-s.mark))
	if p.flags&tcpSYN != 0 && !s.SYN {
		s.SYN, s.base = true, rel
	}
	if p.flags&tcpRST != 0 {
		s.rst = true
	}
	n = min(n, p.sent)
	if p.flags&tcpFIN != 0 && !s.FIN {
		s.FIN, s.finAt = true, rel+int64(p.sent)
	}
	if p.sent == 0 {
		return
	}
	if rel < s.high {
		s.Late++
	}
	s.segs = append(s.segs, segment{rel, uint32(off), uint32(n), uint32(p.sent - n), uint32(number)})
	if end := rel + int64(p.sent); end > s.high {
		s.mark += uint32(end - s.high)
		s.high = end
	}
}

// assemble makes the stream of its segments. Of octets that came more than
// once the first copy counts: that is what most receivers use.
func (s *Stream) assemble(b []byte) {
	slices.SortStableFunc(s.segs, func(x, y segment) int {
		switch {
		case x.rel < y.rel:
			return -1
		case x.rel > y.rel:
			return 1
		}
		return 0
	})
	var active []segment // those that reach over pos
	next, size := 0, 0
	for _, g := range s.segs {
		size += int(g.n)
	}
	s.Bytes = make([]byte, 0, size)
	pos := s.base
	if !s.SYN && len(s.segs) > 0 {
		pos = min(pos, s.segs[0].rel)
	}
	start := pos
	for next < len(s.segs) || len(active) > 0 {
		for next < len(s.segs) && s.segs[next].rel <= pos {
			active = append(active, s.segs[next])
			next++
		}
		best, to := -1, int64(1)<<62
		if next < len(s.segs) {
			to = s.segs[next].rel
		}
		kept := active[:0]
		for _, g := range active {
			if g.end() <= pos {
				s.shorn = g.cut > 0
				continue
			}
			kept = append(kept, g)
			to = min(to, g.end())
			if best < 0 || g.packet < kept[best].packet {
				best = len(kept) - 1
			}
		}
		active = kept
		if best < 0 {
			if next == len(s.segs) {
				break
			}
			pos = s.gap(pos, to)
			continue
		}
		s.put(b, active, best, pos, to, pos-start)
		pos = to
	}
	if end := max(s.finAt, s.high); pos < end && s.began {
		s.gap(pos, end)
	}
	s.segs = nil
}

func (g *segment) end() int64 { return g.rel + int64(g.n) }

// put appends the octets from pos to to, of the best of the active segments,
// and compares the others with them.
func (s *Stream) put(b []byte, active []segment, best int, pos, to, at int64) {
	w := &active[best]
	n := int(to - pos)
	off := int(w.off) + int(pos-w.rel)
	octets := b[off : off+n]
	for i := range active {
		g := &active[i]
		if i == best {
			continue
		}
		s.Again += n
		other := b[int(g.off)+int(pos-g.rel):][:n]
		if len(s.Differ) < 16 && !bytes.Equal(octets, other) {
			for k := range octets {
				if octets[k] != other[k] {
					s.Differ = append(s.Differ, Difference{at + int64(k), int(w.packet), int(g.packet), octets[k], other[k]})
					break
				}
			}
		}
	}
	if k := len(s.runs) - 1; k >= 0 && s.runs[k].packet == w.packet && int(s.runs[k].off)+s.runs[k].n == off {
		s.runs[k].n += n
	} else {
		s.runs = append(s.runs, run{len(s.Bytes), n, uint32(off), w.packet})
	}
	s.Bytes = append(s.Bytes, octets...)
	s.shorn = false
}

// gap notes that the octets from pos to to are missing.
func (s *Stream) gap(pos, to int64) int64 {
	g := Gap{At: len(s.Bytes), Len: to - pos, Cut: s.shorn}
	if k := len(s.runs); k > 0 {
		g.packet = int(s.runs[k-1].packet)
	}
	s.Gaps = append(s.Gaps, g)
	return to
}

// run gives the index of the run that holds an octet of the stream.
func (s *Stream) run(pos int) int {
	lo, hi := 0, len(s.runs)
	for lo < hi {
		if m := (lo + hi) / 2; s.runs[m].pos+s.runs[m].n <= pos {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return min(lo, len(s.runs)-1)
}
