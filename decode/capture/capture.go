// Package capture reads recordings of network traffic, pcap and pcapng: it puts
// TCP streams together, finds TLS connections in them, opens their records with
// the key logs that are at hand, and hands each connection on as an item of its
// own. It judges the recording, not what was said in it.
//
//	c := capture.Read(r)
//	for _, conn := range c.Connections { … conn.Streams[0].Bytes … }
//
// Link types: Ethernet with VLANs, Linux cooked (1 and 2), BSD loopback, raw
// IP. Fragments of IP are not put together; QUIC and DTLS are named and left
// alone.
//
// # Why is this not gopacket?
//
// It links more than a hundred protocols as soon as one is used, and hides
// where in the file an octet came from. What is needed here are six headers.
//
// # How does a capture of 100 MB fit?
//
// The list of packets has nodes for the first thousand alone, and each of the
// others is taken apart when somebody looks at it. Streams keep their octets
// once; of application data the beginning goes on.
//
// Sources: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng, RFC 9293 (TCP),
// RFC 9846 and RFC 5246 (TLS).
package capture

import (
	"bytes"
	"net/netip"
	"strconv"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Capture is a recording as it was read.
type Capture struct {
	Ref         report.Ref
	Format      string // pcap, pcapng
	Packets     int
	Connections []*Connection // of TCP, in order of their first packets
	Begin, End  time.Time

	file      *file
	nodes     []report.Ref // of the first packets
	links     []int        // link types that are not read
	quic      int          // datagrams to or from port 443
	dtls      int
	udp       int
	fragments int
	otherIP   int // neither TCP nor UDP
	noIP      int
	unread    int // packets of link types that are not read
	cutTCP    int // TCP packets captured short
	more      int // connections that are not followed
	stamps    []int64
}

// Match says how well octets fit the kind capture.
func Match(c check.Candidate) check.Match {
	switch magic(c.Bytes) {
	case "pcap":
		return check.Match{Score: 100, Why: "the magic number of pcap"}
	case "pcapng":
		return check.Match{Score: 100, Why: "the block type that pcapng begins with"}
	}
	return check.Match{}
}

// Read reads a whole source: the reader of the kind capture.
func Read(r *field.Reader) *Capture {
	defer r.Cite(r.Cite(spec.Doc("draft-ietf-opsawg-pcapng", "")))
	b := r.Left()
	f := scan(b)
	c := &Capture{Format: f.format, Packets: f.packets, file: f}
	c.Ref = r.Frame("capture", f.format, 0, len(b), func(r *field.Reader) {
		if f.format == "pcap" && len(b) >= 24 {
			r.Cite(spec.Doc("draft-ietf-opsawg-pcap", "4"))
			c.header(r)
		}
		if r.Empty() {
			return
		}
		if f.end > r.Span(report.None).Off {
			r.Frame("packets", "list", 0, f.end-r.Span(report.None).Off, func(r *field.Reader) {
				refs := field.List(r, "packets", c.packet)
				c.nodes = append([]report.Ref(nil), refs[:min(len(refs), 1000)]...)
			})
		}
		if !r.Empty() {
			at := r.Closed("unread", "octets", len(r.Left()))
			r.Fault(field.Truncated, at, "%s", f.flaw.why)
		}
	})
	r.Show(c.Ref, f.format+", "+report.Plural(f.packets, "packet", "packets"))
	c.streams()
	return c
}

// header reads the 24 octets that a pcap file begins with.
func (c *Capture) header(r *field.Reader) {
	f := c.file
	little := f.sections[0].little
	order := "big-endian"
	if little {
		order = "little-endian"
	}
	r.Frame("fileHeader", "struct", 0, 24, func(r *field.Reader) {
		show := func(label, typ string, n int, text string) {
			r.Show(r.Closed(label, typ, n), text)
		}
		unit := "microseconds"
		if f.interfaces[0].units != 1_000_000 {
			unit = "nanoseconds"
		}
		show("magic", "uint32", 4, order+", times in "+unit)
		show("version", "uint16", 4, strconv.Itoa(f.u16(4, little))+"."+strconv.Itoa(f.u16(6, little)))
		show("reserved", "uint32", 8, "")
		show("snapLen", "uint32", 4, strconv.Itoa(int(f.u32(16, little))))
		show("linkType", "uint32", 4, linkName(f.interfaces[0].link))
	})
}

// blockNames are the types of pcapng blocks.
var blockNames = map[uint32]string{
	1: "Interface Description Block", 2: "Packet Block", 3: "Simple Packet Block", 4: "Name Resolution Block", 5: "Interface Statistics Block",
	6: "Enhanced Packet Block", 9: "systemd Journal Export Block", 10: "Decryption Secrets Block", 0xbad: "Custom Block",
	0x40000bad: "Custom Block", ngMagic: "Section Header Block",
}

// packet reads one packet, or one block of a pcapng file.
func (c *Capture) packet(r *field.Reader, label string) report.Ref {
	k, why := c.file.block(r.Span(report.None).Off)
	if why != "" {
		return r.Stop(label, "%s", why)
	}
	if r.Muted() {
		return r.Frame(label, "packet", 0, k.size, func(r *field.Reader) { r.Closed("", "", k.size) })
	}
	if k.kind != packetBlock {
		return c.block(r, label, k)
	}
	p := dissect(c.link(k.iface), c.file.b[k.data:k.data+k.n])
	ref := r.Frame(label, "packet", k.head, k.size-k.head, func(r *field.Reader) {
		p.nodes(r, c.link(k.iface), k.n)
		if n := len(r.Left()); n > 0 {
			r.Closed("blockEnd", "octets", n)
		}
	})
	text := p.summary()
	if !k.at.IsZero() {
		text = k.at.Format("15:04:05.000000") + "  " + text
	}
	r.Show(ref, text)
	if k.n < k.sent {
		r.Note(ref, strconv.Itoa(k.n)+" of "+strconv.Itoa(k.sent)+" octets were captured")
	}
	return ref
}

// block reads a block that is no packet.
func (c *Capture) block(r *field.Reader, label string, k block) report.Ref {
	name := blockNames[k.typ]
	if name == "" {
		name = "block of type " + strconv.Itoa(int(k.typ))
	}
	ref := r.Frame(label, "block", 8, k.size-8, func(r *field.Reader) {
		switch k.kind {
		case secretsBlock:
			r.Closed("secretsHeader", "octets", 8)
			at := r.Closed("secrets", "key log", k.n)
			r.Flag(at, report.Secret)
			if c.file.u32(k.off+8, c.file.little(k.off)) == tlsKeyLog {
				r.Piece("key-log", at)
			}
		case interfaceBlock:
			at := r.Closed("interface", "octets", 8)
			i := c.file.interfaceAt(k.off)
			r.Show(at, linkName(i.link)+", "+strconv.FormatUint(i.units, 10)+" units of time in a second")
		}
		r.Closed("blockEnd", "octets", len(r.Left()))
	})
	r.Show(ref, name)
	return ref
}

// interfaceAt describes the interface of the block at an offset.
func (f *file) interfaceAt(off int) iface {
	k, _ := f.block(off)
	return f.describe(k, f.little(off))
}

func (c *Capture) link(i int) int {
	if i < 0 {
		return -1
	}
	return c.file.interfaces[i].link
}

// nodes makes a node of each layer.
func (p *packet) nodes(r *field.Reader, link, n int) {
	at := 0
	to := func(end int, label, typ, text string) {
		if end > at {
			r.Show(r.Closed(label, typ, end-at), text)
			at = end
		}
	}
	switch {
	case p.ip == "":
		to(n, "link", "octets", linkName(link))
		return
	case p.transport == 0:
		to(p.network, "link", "octets", linkName(link))
		to(n, "network", "octets", p.ip)
		return
	}
	to(p.network, "link", "octets", linkName(link))
	to(p.transport, "network", "octets", p.from.Addr().String()+" → "+p.to.Addr().String())
	name := "TCP"
	if p.proto == protoUDP {
		name = "UDP"
	}
	to(p.payload, "transport", "octets", name+" "+strconv.Itoa(int(p.from.Port()))+" → "+strconv.Itoa(int(p.to.Port())))
	to(p.end, "payload", "octets", report.Plural(max(p.end-p.payload, 0), "octet", "octets"))
	to(n, "padding", "octets", "")
}

// streams takes the packets apart and puts the streams together.
func (c *Capture) streams() {
	a := &assembler{open: map[ends]*Connection{}}
	unread := map[int]bool{}
	c.stamps = make([]int64, 1, c.Packets+1)
	c.file.each(func(number int, k block) {
		stamp := int64(0)
		if !k.at.IsZero() {
			stamp = k.at.UnixNano()
			if c.Begin.IsZero() || k.at.Before(c.Begin) {
				c.Begin = k.at
			}
			if k.at.After(c.End) {
				c.End = k.at
			}
		}
		c.stamps = append(c.stamps, stamp)
		link := c.link(k.iface)
		p := dissect(link, c.file.b[k.data:k.data+k.n])
		switch {
		case p.unread:
			c.unread++
			if !unread[link] && len(c.links) < 8 {
				unread[link] = true
				c.links = append(c.links, link)
			}
		case p.ip == "":
			c.noIP++
		case p.fragment:
			c.fragments++
		case p.transport == 0:
			c.otherIP++
		case p.proto == protoUDP:
			c.datagram(c.file.b[k.data:k.data+k.n], &p)
		default:
			if k.n < k.sent {
				c.cutTCP++
			}
			a.add(number, k.at, &p, k.data+p.payload, max(p.end-p.payload, 0))
		}
	})
	c.Connections, c.more = a.all, a.more
	for _, k := range c.Connections {
		for i := range k.Streams {
			k.Streams[i].assemble(c.file.b)
		}
		k.recognise()
	}
}

// datagram counts what is seen in UDP and not read: QUIC and DTLS.
func (c *Capture) datagram(b []byte, p *packet) {
	v := b[min(p.payload, p.end):p.end]
	switch {
	case len(v) >= 13 && v[0] >= 20 && v[0] <= 25 && v[1] == 0xfe && v[2] >= 0xfc:
		c.dtls++
	case p.from.Port() == 443 || p.to.Port() == 443:
		c.quic++
	default:
		c.udp++
	}
}

// time is when a packet was recorded; zero if that is not known.
func (c *Capture) time(packet int) time.Time {
	if packet >= len(c.stamps) || c.stamps[packet] == 0 {
		return time.Time{}
	}
	return time.Unix(0, c.stamps[packet]).UTC()
}

// at is the node of a packet, or of the file where it has none.
func (c *Capture) at(packet int) report.Ref {
	if c.Format == "pcap" && packet >= 1 && packet <= len(c.nodes) {
		return c.nodes[packet-1]
	}
	return c.Ref
}

// greeting is how far into a stream TLS is looked for behind another protocol.
const greeting = 1 << 14

// recognise finds who the client is, and where TLS begins.
func (c *Connection) recognise() {
	starts := [2]int{-1, -1}
	for i := range c.Streams {
		b := c.Streams[i].Bytes
		for at := 0; at+6 <= min(len(b), greeting); at++ {
			if b[at] == 22 && greets(b[at:]) {
				starts[i] = at
				break
			}
		}
	}
	hello := func(i int) byte {
		if starts[i] < 0 {
			return 0
		}
		return c.Streams[i].Bytes[starts[i]+5]
	}
	switch {
	case hello(0) == 1 || hello(1) == 2:
		c.client = 0
	case hello(1) == 1 || hello(0) == 2:
		c.client = 1
	case c.Streams[0].SYN != c.Streams[1].SYN && c.Streams[1].SYN:
		c.client = 1
	case !c.Streams[0].SYN && c.A.Port() < c.B.Port():
		c.client = 1
	}
	found := starts[0] >= 0 || starts[1] >= 0
	for i := range c.Streams {
		s := &c.Streams[i]
		switch {
		case starts[i] >= 0:
			s.beginning = starts[i]
			c.before = introduction(c.before, s.Bytes[:starts[i]])
		case len(s.Bytes) == 0:
		case plausible(s.Bytes) && s.Bytes[0] >= 21: // recorded from the middle on
			found = true
		case found || c.Streams[1-i].plausible():
			s.beginning = s.resume(0)
		case !s.SYN && c.A.Port() != 80 && c.B.Port() != 80:
			if at := s.resume(0); at < len(s.Bytes) && s.Bytes[at] >= 21 && s.Bytes[at] <= 23 {
				s.beginning, found = at, true
			}
		}
	}
	if found {
		c.tls = &opening{}
	}
}

func (s *Stream) plausible() bool { return plausible(s.Bytes) }

// introduction names the protocol that was spoken before TLS.
func introduction(known string, b []byte) string {
	switch {
	case len(b) == 0 || known != "":
		return known
	case bytes.HasPrefix(b, []byte("CONNECT ")), bytes.HasPrefix(b, []byte("HTTP/1.")):
		return "CONNECT"
	case bytes.HasPrefix(b, []byte("PROXY ")):
		return "PROXY"
	case bytes.Contains(b, []byte{0x04, 0xd2, 0x16, 0x2f}) && len(b) <= 16:
		return "SSLRequest of PostgreSQL"
	}
	return "STARTTLS"
}

// Client and Server are the addresses of the two sides.
func (c *Connection) Client() netip.AddrPort {
	if c.client == 1 {
		return c.B
	}
	return c.A
}

// Server is the address of the other side.
func (c *Connection) Server() netip.AddrPort {
	if c.client == 1 {
		return c.A
	}
	return c.B
}
