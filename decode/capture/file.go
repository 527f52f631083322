package capture

import (
	"encoding/binary"
	"sort"
	"strconv"
	"time"

	"derscope/decode/report"
)

// file is the frame of a recording: where its packets lie. It is made in one
// pass, and packets are taken apart when somebody asks for them.
type file struct {
	b          []byte
	format     string // pcap, pcapng
	sections   []section
	interfaces []iface
	packets    int
	secrets    []report.Span // key logs in Decryption Secrets Blocks
	end        int           // where reading stopped
	flaw       flaw          // the first thing that is wrong
	cut        int           // packets that were captured shorter than sent
}

// flaw is what is wrong with the frame.
type flaw struct {
	off, packet int // packet: how many whole ones stand before it
	why         string
	fatal       bool // nothing behind it can be read
}

// section is a pcapng section, or the whole of a pcap file.
type section struct {
	off    int
	little bool
	first  int // of its interfaces
}

// iface is an interface that was recorded.
type iface struct {
	link, snap int
	units      uint64 // of time stamps, in a second
	shift      int64  // seconds to add
}

// block is one block of the file, or a packet of a pcap file.
type block struct {
	off, size int
	kind      blockKind
	typ       uint32
	head      int // octets before the packet
	data, n   int // the packet, as it was captured
	sent      int // octets that the packet had
	iface     int // into interfaces, or -1
	at        time.Time
}

type blockKind uint8

const (
	otherBlock blockKind = iota
	sectionBlock
	interfaceBlock
	packetBlock
	secretsBlock
)

const (
	pcapMagic  = 0xa1b2c3d4
	pcapNanos  = 0xa1b23c4d
	ngMagic    = 0x0a0d0d0a
	orderMagic = 0x1a2b3c4d
	tlsKeyLog  = 0x544c534b // «TLSK»
)

// magic says what a file is by its first octets: "pcap", "pcapng" or "".
func magic(b []byte) string {
	if len(b) < 8 {
		return ""
	}
	switch v := binary.BigEndian.Uint32(b); {
	case v == pcapMagic, v == pcapNanos, v == 0xd4c3b2a1, v == 0x4d3cb2a1:
		return "pcap"
	case v == ngMagic:
		return "pcapng"
	}
	return ""
}

// scan finds the blocks of a file.
func scan(b []byte) *file {
	f := &file{b: b, format: magic(b)}
	off := 0
	switch {
	case f.format == "":
		f.fail(0, "the first four octets are of no capture file")
		return f
	case f.format == "pcap":
		if len(b) < 24 {
			f.fail(0, "the file header needs 24 octets, the file has "+strconv.Itoa(len(b)))
			return f
		}
		little := b[0] == 0xd4 || b[0] == 0x4d
		f.sections = []section{{0, little, 0}}
		units := uint64(1_000_000)
		if f.u32(0, little) == pcapNanos {
			units = 1_000_000_000
		}
		f.interfaces = []iface{{link: int(f.u32(20, little) & 0xffff), snap: int(f.u32(16, little)), units: units}}
		off = 24
	}
	for off < len(b) {
		k, why := f.block(off)
		if why != "" {
			f.fail(off, why)
			break
		}
		f.take(k)
		off += k.size
	}
	f.end = off
	return f
}

// take adds what a block says to what is known.
func (f *file) take(k block) {
	little := f.little(k.off)
	switch k.kind {
	case sectionBlock:
		f.sections = append(f.sections, section{k.off, f.b[k.off+8] == 0x4d, len(f.interfaces)})
	case interfaceBlock:
		f.interfaces = append(f.interfaces, f.describe(k, little))
	case secretsBlock:
		if k.n > 0 && f.u32(k.off+8, little) == tlsKeyLog {
			f.secrets = append(f.secrets, report.Span{Off: k.data, Len: k.n})
		}
	case packetBlock:
		f.packets++
		if k.n < k.sent {
			f.cut++
		}
		switch snap := f.snap(k.iface); {
		case f.flaw.why != "":
		case k.n > k.sent:
			f.flaw = flaw{k.off, f.packets, "packet " + strconv.Itoa(f.packets) + " has " + strconv.Itoa(k.n) + " octets captured of " + strconv.Itoa(k.sent) + " that were sent", false}
		case snap > 0 && k.n > snap:
			f.flaw = flaw{k.off, f.packets, "packet " + strconv.Itoa(f.packets) + " has " + strconv.Itoa(k.n) + " octets captured, and the limit (snaplen) is " + strconv.Itoa(snap), false}
		}
	}
}

func (f *file) snap(i int) int {
	if i < 0 {
		return 0
	}
	return f.interfaces[i].snap
}

func (f *file) fail(off int, why string) {
	f.flaw = flaw{off, f.packets, why, true}
	f.end = off
}

func (f *file) u32(off int, little bool) uint32 {
	if little {
		return binary.LittleEndian.Uint32(f.b[off:])
	}
	return binary.BigEndian.Uint32(f.b[off:])
}

func (f *file) u16(off int, little bool) int {
	if little {
		return int(binary.LittleEndian.Uint16(f.b[off:]))
	}
	return int(binary.BigEndian.Uint16(f.b[off:]))
}

// section gives the section that an offset lies in.
func (f *file) section(off int) *section {
	i := sort.Search(len(f.sections), func(i int) bool { return f.sections[i].off > off })
	if i == 0 {
		return nil
	}
	return &f.sections[i-1]
}

func (f *file) little(off int) bool {
	s := f.section(off)
	return s != nil && s.little
}

// block reads the frame of what begins at an offset, or says what is wrong.
func (f *file) block(off int) (k block, why string) {
	k = block{off: off, iface: -1}
	if f.format == "pcap" {
		return f.record(k)
	}
	left := len(f.b) - off
	if left < 12 {
		return k, "the file ends inside the header of a block"
	}
	little := f.little(off)
	k.typ = f.u32(off, little)
	if k.typ == ngMagic { // the same in both orders
		little = f.b[off+8] == 0x4d
		if f.u32(off+8, little) != orderMagic {
			return k, "the byte-order magic of a section is not 1a2b3c4d"
		}
	}
	size := f.u32(off+4, little)
	switch {
	case size < 12 || size%4 != 0:
		return k, "a block says that it has " + strconv.Itoa(int(size)) + " octets: a whole number of four, and 12 at least, is what it must be"
	case uint64(size) > uint64(left):
		return k, "the file ends inside a block of " + strconv.Itoa(int(size)) + " octets"
	}
	k.size = int(size)
	if end := f.u32(off+k.size-4, little); end != size {
		return k, "the length of a block is " + strconv.Itoa(int(size)) + " at its beginning and " + strconv.Itoa(int(end)) + " at its end"
	}
	return f.contents(k, little)
}

// record reads the header of a packet in a pcap file.
func (f *file) record(k block) (block, string) {
	left := len(f.b) - k.off
	if left < 16 {
		return k, "the file ends inside the header of packet " + strconv.Itoa(f.packets+1)
	}
	little := f.sections[0].little
	k.kind, k.head, k.iface = packetBlock, 16, 0
	seconds, rest := f.u32(k.off, little), f.u32(k.off+4, little)
	n := f.u32(k.off+8, little)
	if uint64(n) > uint64(left-16) {
		return k, "the file ends inside packet " + strconv.Itoa(f.packets+1) + ", which has " + strconv.Itoa(int(n)) + " octets"
	}
	k.data, k.n, k.size = k.off+16, int(n), 16+int(n)
	k.sent = int(f.u32(k.off+12, little))
	k.at = time.Unix(int64(seconds), int64(uint64(rest)*(1_000_000_000/f.interfaces[0].units))).UTC()
	return k, ""
}

// contents reads what the type of a block has in front of its data.
func (f *file) contents(k block, little bool) (block, string) {
	body := k.size - 12
	at := k.off + 8
	short := "a block of type " + strconv.Itoa(int(k.typ)) + " is too short for what belongs in it"
	packet := func(head, iface, n, sent int) string {
		if n < 0 || sent < 0 || head+n > body {
			return "the file ends inside packet " + strconv.Itoa(f.packets+1) + ": its block is shorter than it"
		}
		k.kind, k.head, k.data, k.n, k.sent = packetBlock, 8+head, at+head, n, sent
		if s := f.section(k.off); s != nil && iface < len(f.interfaces)-s.first {
			k.iface = s.first + iface
		}
		return ""
	}
	switch k.typ {
	case ngMagic:
		if body < 16 {
			return k, short
		}
		k.kind, k.head = sectionBlock, 24
	case 1:
		if body < 8 {
			return k, short
		}
		k.kind, k.head = interfaceBlock, 16
	case 6, 2: // Enhanced Packet Block, and its elder
		if body < 20 {
			return k, short
		}
		iface := int(f.u32(at, little))
		if k.typ == 2 {
			iface = f.u16(at, little)
		}
		if why := packet(20, iface, int(f.u32(at+12, little)), int(f.u32(at+16, little))); why != "" {
			return k, why
		}
		if k.iface >= 0 {
			k.at = f.interfaces[k.iface].time(uint64(f.u32(at+4, little))<<32 | uint64(f.u32(at+8, little)))
		}
	case 3: // Simple Packet Block: the snaplen of the first interface bounds it
		if body < 4 {
			return k, short
		}
		sent := int(f.u32(at, little))
		n := min(sent, body-4)
		if s := f.section(k.off); s != nil && s.first < len(f.interfaces) {
			if snap := f.interfaces[s.first].snap; snap > 0 {
				n = min(n, snap)
			}
		}
		if why := packet(4, 0, n, sent); why != "" {
			return k, why
		}
	case 10: // Decryption Secrets Block
		if body < 8 || int64(f.u32(at+4, little)) > int64(body-8) {
			return k, short
		}
		k.kind, k.head, k.data, k.n = secretsBlock, 16, at+8, int(f.u32(at+4, little))
	}
	return k, ""
}

// describe reads an interface: link type, snaplen, and the options on time.
func (f *file) describe(k block, little bool) iface {
	i := iface{link: f.u16(k.off+8, little), snap: int(f.u32(k.off+12, little)), units: 1_000_000}
	for at, end := k.off+16, k.off+k.size-4; at+4 <= end; {
		code, n := f.u16(at, little), f.u16(at+2, little)
		if code == 0 || at+4+n > end {
			break
		}
		switch {
		case code == 9 && n == 1: // if_tsresol
			i.units = resolution(f.b[at+4])
		case code == 14 && n == 8: // if_tsoffset
			hi, lo := f.u32(at+4, little), f.u32(at+8, little)
			if little {
				hi, lo = lo, hi
			}
			i.shift = int64(uint64(hi)<<32 | uint64(lo))
		}
		at += 4 + (n+3)&^3
	}
	return i
}

// resolution is the number of time units in a second: a power of 10, or of 2
// where the first bit is set.
func resolution(v byte) uint64 {
	if v&0x80 != 0 {
		return 1 << min(v&0x7f, 63)
	}
	units := uint64(1)
	for range min(v, 19) {
		units *= 10
	}
	return units
}

// time is the moment that a time stamp stands for; zero if it is beyond all years.
func (i *iface) time(stamp uint64) time.Time {
	seconds := int64(stamp/i.units) + i.shift
	rest := stamp % i.units
	var nanos uint64
	if i.units <= 1_000_000_000 {
		nanos = rest * 1_000_000_000 / i.units
	} else {
		nanos = rest / max(i.units/1_000_000_000, 1)
	}
	if seconds < -62135596800 || seconds > 253402300799 || nanos >= 1_000_000_000 {
		return time.Time{}
	}
	return time.Unix(seconds, int64(nanos)).UTC()
}

// each goes through the packets in order, numbered from 1.
func (f *file) each(visit func(number int, k block)) {
	off := 0
	if f.format == "pcap" {
		off = 24
	}
	for number := 0; off < f.end; {
		k, why := f.block(off)
		if why != "" {
			return
		}
		if k.kind == packetBlock {
			number++
			visit(number, k)
		}
		off += k.size
	}
}
