package armor

import (
	"bytes"
	"fmt"
	"strconv"
)

// Wire is what s_client and s_server print beside the octets of a message. The
// pieces of one conversation stand apart in the text: whoever reads them puts
// them together.
type Wire struct {
	// Sent is '>' for what the program that printed it sent, '<' for what it
	// received; for an extension the side, 'c' or 's'.
	Sent byte
	// Version is the version that it names, such as «TLS 1.3».
	Version string
	// Sort is Handshake, Alert, ChangeCipherSpec, RecordHeader or extension.
	Sort string
	// Name is the message or the extension as it calls it.
	Name string
}

// wireMessage recognises the dump of a message by s_client -msg:
// «<<< TLS 1.2, Handshake [length 04f9], CertificateStatus», hex below. Before
// OpenSSL 1.1.1 there was no comma behind the version.
func (t *scan) wireMessage(p, end int) *found {
	b := t.b
	from, to := trim(b, p, end)
	w, length, ok := wireLine(b[from:to])
	if !ok {
		return nil
	}
	h := newHexer(t.s.left)
	last, cut := to, false
	_, next := line(b, end)
	for next < len(b) && len(h.out) < length {
		end, after := line(b, next)
		a, z := trim(b, next, end)
		if a == z || b[a] == '<' || b[a] == '>' {
			break
		}
		if string(b[a:z]) == "..." {
			cut, last = true, z
			break
		}
		if n := len(h.out); h.feed(b, a, z) != z {
			h.out = h.out[:n]
			h.sp.cut(n)
			break
		}
		last, next = z, after
	}
	label := ""
	switch w.Sort {
	case "Handshake":
		label = "tls-handshake"
	case "Alert":
		label = "tls-alert"
	case "ChangeCipherSpec":
		label = "tls-change-cipher-spec"
	case "RecordHeader":
		// A ChangeCipherSpec that is received is printed with its header alone.
		if len(h.out) == 5 && h.out[0] == 20 && !t.followed(next, w.Sent) {
			label = "tls-record-header"
		}
	}
	if label == "" {
		// Record headers and the like frame what is listed anyway.
		return &found{from, last, func() { t.s.skip(t.v, from, last) }}
	}
	if len(h.out) == 0 {
		return nil
	}
	f := form{
		from: from, to: last, b: h.out, spans: h.sp.spans, label: label, whole: true, wire: w,
		layers: []Layer{{"openssl-msg", w.Name}, {Name: "hex"}},
	}
	if len(h.out) != length || cut {
		f.problems = []Problem{{from, fmt.Sprintf("The message has %d octets, %d of them are printed.", length, len(h.out))}}
	}
	t.s.spend(len(h.out))
	return t.peel(f)
}

// wireLine takes the heading of a dumped message apart.
func wireLine(l []byte) (w *Wire, length int, ok bool) {
	if !bytes.HasPrefix(l, []byte("<<< ")) && !bytes.HasPrefix(l, []byte(">>> ")) {
		return nil, 0, false
	}
	name, rest, ok := bytes.Cut(l[4:], []byte(" [length "))
	digits, tail, closed := bytes.Cut(rest, []byte("]"))
	if !ok || !closed || len(digits) > 6 || len(digits) == 0 {
		return nil, 0, false
	}
	for _, c := range digits {
		if nibble[c] > 15 {
			return nil, 0, false
		}
		length = length<<4 | int(nibble[c])
	}
	w = &Wire{Sent: l[0], Name: string(bytes.Trim(tail, ", "))}
	if i := bytes.LastIndexByte(name, ' '); i > 0 {
		w.Version, w.Sort = string(bytes.TrimRight(name[:i], ",")), string(name[i+1:])
	}
	return w, length, true
}

// followed says that the ChangeCipherSpec of a record header is printed next.
func (t *scan) followed(p int, sent byte) bool {
	if p >= len(t.b) {
		return false
	}
	end, _ := line(t.b, p)
	from, to := trim(t.b, p, end)
	w, _, ok := wireLine(t.b[from:to])
	return ok && w.Sent == sent && w.Sort == "ChangeCipherSpec"
}

// maxExtensionLine bounds the line above the octets of an extension.
const maxExtensionLine = 200

// extensionText recognises an extension as -tlsextdebug prints it:
// «TLS server extension "session ticket" (id=35), len=0», a dump below. The
// octets are those of the extension with its type and length in front.
func (t *scan) extensionText(p, end int) *found {
	b := t.b
	from, to := trim(b, p, end)
	l := b[from:min(to, from+maxExtensionLine)]
	w := &Wire{Sort: "extension"}
	switch {
	case bytes.HasPrefix(l, []byte("TLS server extension ")):
		w.Sent = 's'
	case bytes.HasPrefix(l, []byte("TLS client extension ")):
		w.Sent = 'c'
	default:
		return t.summary(p, end)
	}
	at := bytes.LastIndex(l, []byte(" (id="))
	id, n, ok := idAndLength(l[max(at, 0):])
	if at < 0 || !ok {
		return t.summary(p, end)
	}
	w.Name = string(bytes.Trim(l[len("TLS server extension "):at], `"`))
	h := newHexer(min(t.s.left, 4+n))
	h.out = append(h.out, byte(id>>8), byte(id), byte(n>>8), byte(n))
	h.sp.spans = []Span{{0, 4, from + at + 2, to - from - at - 2, 0}}
	last := to
	d := dumper{t: t}
	_, next := line(b, end)
	for next < len(b) && len(h.out) < 4+n {
		end, after := line(b, next)
		l, ok := d.line(next, end)
		if !ok || l.squeezed || l.offset(16) != len(h.out)-4 {
			break
		}
		want := min(16, 4+n-len(h.out))
		var body speller
		start := len(h.out)
		got := d.octets(l, want, func(v byte, pos int) {
			h.out = append(h.out, v)
			body.octet(pos, 2)
		})
		for _, c := range body.spans {
			c.Out += start
			h.sp.spans = append(h.sp.spans, c)
		}
		if last, next = l.end, after; got < want {
			break
		}
	}
	f := form{
		from: from, to: last, b: h.out, spans: h.sp.spans, label: "tls-extension", whole: true, wire: w,
		layers: []Layer{{"openssl-tlsextdebug", w.Name}, {Name: "hex"}},
	}
	if len(h.out) != 4+n {
		f.problems = []Problem{{from, fmt.Sprintf("The extension has %d octets, %d of them are printed.", n, len(h.out)-4)}}
	}
	t.s.spend(len(h.out))
	return t.peel(f)
}

// idAndLength reads « (id=35), len=0».
func idAndLength(l []byte) (id, n int, ok bool) {
	a, z, ok := bytes.Cut(bytes.TrimPrefix(l, []byte(" (id=")), []byte("), len="))
	if !ok {
		return 0, 0, false
	}
	id, err := strconv.Atoi(string(a))
	n, bad := strconv.Atoi(string(z))
	return id, n, err == nil && bad == nil && id >= 0 && id < 1<<16 && n >= 0 && n < 1<<16
}
