package capture

import (
	"encoding/binary"
	"net/netip"
	"strconv"
)

// The link types that are read.
const (
	linkNull     = 0 // BSD loopback: the address family in the order of the host
	linkEthernet = 1
	linkRaw      = 101
	linkLoop     = 108 // the same in the order of the network
	linkCooked   = 113 // Linux «any», version 1
	linkIPv4     = 228
	linkIPv6     = 229
	linkCooked2  = 276
)

var linkNames = map[int]string{
	0: "BSD loopback", 1: "Ethernet", 6: "Token Ring", 9: "PPP", 12: "raw IP", 14: "raw IP", 50: "PPP over HDLC", 51: "PPPoE", 101: "raw IP",
	104: "Cisco HDLC", 105: "IEEE 802.11", 108: "OpenBSD loopback", 109: "OpenBSD enc", 113: "Linux cooked", 117: "OpenBSD pflog", 119: "IEEE 802.11 with Prism header",
	127: "IEEE 802.11 with radiotap header", 147: "user 0", 149: "user 2", 187: "Bluetooth HCI", 189: "USB (Linux)", 192: "PPI", 195: "IEEE 802.15.4",
	201: "Bluetooth HCI", 220: "USB (Linux)", 227: "SocketCAN", 228: "IPv4", 229: "IPv6", 239: "Linux netfilter log", 249: "USB (Windows)",
	252: "Wireshark exported PDUs", 276: "Linux cooked, version 2",
}

// linkName is the name of a link type for people.
func linkName(link int) string {
	if name := linkNames[link]; name != "" {
		return name
	}
	return "link type " + strconv.Itoa(link)
}

// packet is what its headers say. Offsets count from its first octet.
type packet struct {
	network, transport, payload, end int // 0 where the layer is not there; end: behind the payload
	ip                               string
	proto                            uint8
	from, to                         netip.AddrPort
	seq                              uint32
	flags                            uint8 // of TCP
	sent                             int   // octets of payload that were sent
	fragment                         bool
	unread                           bool // a link type that is not read
}

const (
	tcpFIN, tcpSYN, tcpRST, tcpACK = 1, 2, 4, 16
	protoTCP, protoUDP             = 6, 17
)

// dissect reads the headers of a packet as far as they are understood.
func dissect(link int, b []byte) (p packet) {
	p.end = len(b)
	at, typ := 0, 0 // of the network header, and its EtherType
	switch link {
	case linkEthernet:
		at, typ = ethernet(b, 12)
	case linkCooked:
		at, typ = ethernet(b, 14)
	case linkCooked2:
		if len(b) >= 20 {
			at, typ = 20, int(binary.BigEndian.Uint16(b))
		}
	case linkNull, linkLoop:
		if len(b) > 4 {
			at = 4
		}
	case linkRaw, linkIPv4, linkIPv6, 12, 14:
		typ = -1
	default:
		p.unread = true
		return p
	}
	if at == 0 && typ >= 0 || at >= len(b) {
		return p
	}
	version := b[at] >> 4
	if typ > 0 && (typ != 0x0800 || version != 4) && (typ != 0x86dd || version != 6) {
		return p
	}
	switch version {
	case 4:
		p.ipv4(b, at)
	case 6:
		p.ipv6(b, at)
	}
	return p
}

// ethernet gives where the network header begins, and its EtherType, past the
// tags of VLANs (802.1Q, also one in another).
func ethernet(b []byte, at int) (int, int) {
	for range 4 {
		if at+2 > len(b) {
			return 0, 0
		}
		typ := int(binary.BigEndian.Uint16(b[at:]))
		at += 2
		if typ != 0x8100 && typ != 0x88a8 && typ != 0x9100 {
			return at, typ
		}
		at += 2
	}
	return 0, 0
}

func (p *packet) ipv4(b []byte, at int) {
	h := b[at:]
	if len(h) < 20 || int(h[0]&15)*4 < 20 || int(h[0]&15)*4 > len(h) {
		return
	}
	p.ip, p.network, p.proto = "IPv4", at, h[9]
	total := int(binary.BigEndian.Uint16(h[2:]))
	if total == 0 { // the network card was to fill it in
		total = len(h)
	}
	from, to := netip.AddrFrom4([4]byte(h[12:16])), netip.AddrFrom4([4]byte(h[16:20]))
	p.from, p.to = netip.AddrPortFrom(from, 0), netip.AddrPortFrom(to, 0)
	p.end = min(len(b), at+total)
	if binary.BigEndian.Uint16(h[6:])&0x3fff != 0 {
		p.fragment = true
		return
	}
	p.ports(b, at+int(h[0]&15)*4, at+total)
}

func (p *packet) ipv6(b []byte, at int) {
	h := b[at:]
	if len(h) < 40 {
		return
	}
	p.ip, p.network, p.proto = "IPv6", at, h[6]
	from, to := netip.AddrFrom16([16]byte(h[8:24])), netip.AddrFrom16([16]byte(h[24:40]))
	p.from, p.to = netip.AddrPortFrom(from, 0), netip.AddrPortFrom(to, 0)
	total := 40 + int(binary.BigEndian.Uint16(h[4:]))
	if total == 40 {
		total = len(h)
	}
	p.end = min(len(b), at+total)
	next := 40
	for range 8 { // extension headers: each says what follows and how long it is
		size := 0
		switch p.proto {
		case 0, 43, 60, 135: // hop-by-hop, routing, destination options, mobility
			if next+2 > len(h) {
				return
			}
			size = 8 + 8*int(h[next+1])
		case 51: // authentication
			if next+2 > len(h) {
				return
			}
			size = 8 + 4*int(h[next+1])
		case 44: // fragment
			if next+8 > len(h) || binary.BigEndian.Uint16(h[next+2:])&0xfff9 != 0 {
				p.fragment = true
				return
			}
			size = 8
		default:
			p.ports(b, at+next, at+total)
			return
		}
		p.proto = h[next]
		next += size
		if next > len(h) {
			return
		}
	}
}

// ports reads the header of TCP or UDP; end is where the payload ended when
// it was sent.
func (p *packet) ports(b []byte, at, end int) {
	h := b[min(at, p.end):p.end]
	if p.proto != protoTCP && p.proto != protoUDP || len(h) < 8 {
		return
	}
	size := 8
	if p.proto == protoTCP {
		if len(h) < 20 || int(h[12]>>4)*4 < 20 || int(h[12]>>4)*4 > len(h) {
			return
		}
		size = int(h[12]>>4) * 4
		p.seq, p.flags = binary.BigEndian.Uint32(h[4:]), h[13]
	}
	p.from = netip.AddrPortFrom(p.from.Addr(), binary.BigEndian.Uint16(h))
	p.to = netip.AddrPortFrom(p.to.Addr(), binary.BigEndian.Uint16(h[2:]))
	p.transport, p.payload = at, at+size
	p.sent = max(end-p.payload, 0)
}

// summary is one line about the packet.
func (p *packet) summary() string {
	if p.ip == "" {
		if p.unread {
			return "not read: its link type is not known here"
		}
		return "not IP"
	}
	if p.transport == 0 {
		s := p.from.Addr().String() + " → " + p.to.Addr().String() + ", protocol " + strconv.Itoa(int(p.proto))
		if p.fragment {
			s += ", a fragment: fragments are not put together"
		}
		return s
	}
	s := p.from.String() + " → " + p.to.String()
	if p.proto == protoUDP {
		return s + " UDP, " + strconv.Itoa(p.sent) + " octets"
	}
	s += " TCP"
	for i, name := range []string{"FIN", "SYN", "RST"} {
		if p.flags&(1<<i) != 0 {
			s += " " + name
		}
	}
	return s + ", " + strconv.Itoa(p.sent) + " octets"
}
