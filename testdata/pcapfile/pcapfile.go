// Package pcapfile writes small recordings for tests and vectors: TCP
// connections as packets that can be dropped, cut, moved and altered before
// they become a file.
//
//	var r pcapfile.Recording
//	c := r.Dial("192.0.2.1:40000", "192.0.2.2:443")
//	c.Send(pcapfile.Client, hello)
//	c.Send(pcapfile.Server, answer)
//	os.WriteFile("x.pcap", r.PCAP(), 0o644)
package pcapfile

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// Packet is one recorded packet, from its link header on.
type Packet struct {
	At   time.Time
	Data []byte
	Sent int // octets that were sent; 0: all of Data
}

// Recording is packets in order.
type Recording struct {
	Packets []Packet
	Link    int // 1 Ethernet (also for 0), 101 raw IP, 113 and 276 Linux cooked, 108 loopback
	VLANs   []int
	Segment int // the most octets of payload in a packet; 0: 1,400
	Snap    int // octets that are kept of a packet; 0: all
	Nanos   bool
	Big     bool // big-endian
	Start   time.Time
	Step    time.Duration // between packets; 0: a millisecond
}

// The sides of a connection.
const (
	Client = 0
	Server = 1
)

// Conn is a TCP connection that is being written.
type Conn struct {
	r    *Recording
	ends [2]netip.AddrPort
	Seq  [2]uint32 // of the next octet of each side
}

const (
	fin, syn, ack = 1, 2, 16
)

// Dial begins a connection with its three packets.
func (r *Recording) Dial(client, server string) *Conn {
	c := r.Resume(client, server)
	c.packet(Client, syn, nil)
	c.Seq[Client]++
	c.packet(Server, syn|ack, nil)
	c.Seq[Server]++
	c.packet(Client, ack, nil)
	return c
}

// Resume is a connection whose beginning is not recorded.
func (r *Recording) Resume(client, server string) *Conn {
	return &Conn{r: r, ends: [2]netip.AddrPort{netip.MustParseAddrPort(client), netip.MustParseAddrPort(server)}, Seq: [2]uint32{0xfffffe00, 1000}}
}

// Send writes octets of a side, in as many packets as they need.
func (c *Conn) Send(side int, b []byte) {
	n := c.r.Segment
	if n == 0 {
		n = 1400
	}
	for len(b) > 0 {
		part := b[:min(n, len(b))]
		c.packet(side, ack, part)
		c.Seq[side] += uint32(len(part))
		b = b[len(part):]
	}
}

// Close ends the connection on both sides.
func (c *Conn) Close() {
	for side := range c.ends {
		c.packet(side, fin|ack, nil)
		c.Seq[side]++
	}
}

func (c *Conn) packet(side int, flags byte, payload []byte) {
	h := make([]byte, 20)
	binary.BigEndian.PutUint16(h, c.ends[side].Port())
	binary.BigEndian.PutUint16(h[2:], c.ends[1-side].Port())
	binary.BigEndian.PutUint32(h[4:], c.Seq[side])
	binary.BigEndian.PutUint32(h[8:], c.Seq[1-side])
	h[12], h[13] = 5<<4, flags
	binary.BigEndian.PutUint16(h[14:], 65535)
	c.r.IP(c.ends[side].Addr(), c.ends[1-side].Addr(), 6, append(h, payload...))
}

// UDP writes a datagram.
func (r *Recording) UDP(from, to string, payload []byte) {
	a, b := netip.MustParseAddrPort(from), netip.MustParseAddrPort(to)
	h := make([]byte, 8)
	binary.BigEndian.PutUint16(h, a.Port())
	binary.BigEndian.PutUint16(h[2:], b.Port())
	binary.BigEndian.PutUint16(h[4:], uint16(8+len(payload)))
	r.IP(a.Addr(), b.Addr(), 17, append(h, payload...))
}

// IP writes an IP packet. Checksums are left zero, as network cards that fill
// them in leave them.
func (r *Recording) IP(from, to netip.Addr, proto byte, payload []byte) {
	var h []byte
	typ := uint16(0x0800)
	if from.Is4() {
		h = make([]byte, 20)
		h[0], h[8], h[9] = 0x45, 64, proto
		binary.BigEndian.PutUint16(h[2:], uint16(20+len(payload)))
		copy(h[12:], from.AsSlice())
		copy(h[16:], to.AsSlice())
	} else {
		typ = 0x86dd
		h = make([]byte, 40)
		h[0], h[6], h[7] = 0x60, proto, 64
		binary.BigEndian.PutUint16(h[4:], uint16(len(payload)))
		copy(h[8:], from.AsSlice())
		copy(h[24:], to.AsSlice())
	}
	r.Frame(typ, append(h, payload...))
}

// Frame writes a packet behind the link's header.
func (r *Recording) Frame(typ uint16, b []byte) {
	var h []byte
	switch r.Link {
	case 101:
	case 108:
		h = []byte{0, 0, 0, 2}
		if typ == 0x86dd {
			h[3] = 30
		}
	case 113:
		h = binary.BigEndian.AppendUint16(make([]byte, 14), typ)
	case 276:
		h = append(binary.BigEndian.AppendUint16(nil, typ), make([]byte, 18)...)
	default:
		h = []byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}
		for _, id := range r.VLANs {
			h = append(h, 0x81, 0, byte(id>>8), byte(id))
		}
		h = binary.BigEndian.AppendUint16(h, typ)
	}
	b = append(h, b...)
	p := Packet{At: r.next(), Data: b, Sent: len(b)}
	if r.Snap > 0 && len(b) > r.Snap {
		p.Data = b[:r.Snap]
	}
	r.Packets = append(r.Packets, p)
}

func (r *Recording) next() time.Time {
	step := r.Step
	if step == 0 {
		step = time.Millisecond
	}
	if n := len(r.Packets); n > 0 {
		return r.Packets[n-1].At.Add(step)
	}
	if r.Start.IsZero() {
		return time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)
	}
	return r.Start
}

func (r *Recording) order() binary.AppendByteOrder {
	if r.Big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

func (r *Recording) snap() uint32 {
	if r.Snap > 0 {
		return uint32(r.Snap)
	}
	return 262144
}

func (r *Recording) link() int {
	if r.Link == 0 {
		return 1
	}
	return r.Link
}

// PCAP is the file in the older format.
func (r *Recording) PCAP() []byte {
	o := r.order()
	magic, unit := uint32(0xa1b2c3d4), 1000
	if r.Nanos {
		magic, unit = 0xa1b23c4d, 1
	}
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = o.AppendUint32(b, r.snap())
	b = o.AppendUint32(b, uint32(r.link()))
	for _, p := range r.Packets {
		b = o.AppendUint32(b, uint32(p.At.Unix()))
		b = o.AppendUint32(b, uint32(p.At.Nanosecond()/unit))
		b = o.AppendUint32(b, uint32(len(p.Data)))
		b = o.AppendUint32(b, uint32(max(p.Sent, len(p.Data))))
		b = append(b, p.Data...)
	}
	return b
}

// PCAPNG is the file in the newer format, with a key log inside if there is one.
func (r *Recording) PCAPNG(keyLog string) []byte {
	o := r.order()
	block := func(b []byte, typ uint32, body []byte) []byte {
		body = append(body, make([]byte, -len(body)&3)...)
		n := uint32(12 + len(body))
		b = o.AppendUint32(o.AppendUint32(b, typ), n)
		return o.AppendUint32(append(b, body...), n)
	}
	section := o.AppendUint32(nil, 0x1a2b3c4d)
	section = o.AppendUint16(o.AppendUint16(section, 1), 0)
	section = append(section, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	b := block(nil, 0x0a0d0d0a, section)
	device := o.AppendUint16(o.AppendUint16(nil, uint16(r.link())), 0)
	device = o.AppendUint32(device, r.snap())
	if r.Nanos {
		device = append(o.AppendUint16(o.AppendUint16(device, 9), 1), 9, 0, 0, 0)
		device = append(device, 0, 0, 0, 0)
	}
	b = block(b, 1, device)
	if keyLog != "" {
		b = block(b, 10, append(o.AppendUint32(o.AppendUint32(nil, 0x544c534b), uint32(len(keyLog))), keyLog...))
	}
	for _, p := range r.Packets {
		stamp := uint64(p.At.UnixMicro())
		if r.Nanos {
			stamp = uint64(p.At.UnixNano())
		}
		body := o.AppendUint32(nil, 0)
		body = o.AppendUint32(o.AppendUint32(body, uint32(stamp>>32)), uint32(stamp))
		body = o.AppendUint32(o.AppendUint32(body, uint32(len(p.Data))), uint32(max(p.Sent, len(p.Data))))
		b = block(b, 6, append(body, p.Data...))
	}
	return b
}
