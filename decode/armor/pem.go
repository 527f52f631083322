package armor

import (
	"bytes"
	"fmt"
	"strings"
)

var (
	beginMark = []byte("-----BEGIN ")
	endMark   = []byte("-----END ")
	dashes    = []byte("-----")
)

// marker is an encapsulation boundary of RFC 7468.
type marker struct {
	from, to int
	begin    bool
	label    string
}

// maxLabel bounds a label: longer ones are no labels.
const maxLabel = 80

// nextMarker finds the next boundary at or after p and before end.
func nextMarker(b []byte, p, end int) (m marker, ok bool) {
	for p < end {
		i := bytes.Index(b[p:end], dashes)
		if i < 0 {
			return m, false
		}
		p += i
		n := 0
		switch {
		case bytes.HasPrefix(b[p:end], beginMark):
			n, m.begin = len(beginMark), true
		case bytes.HasPrefix(b[p:end], endMark):
			n, m.begin = len(endMark), false
		default:
			// The last five of a longer row of dashes may be the boundary's.
			run := p
			for run < end && b[run] == '-' {
				run++
			}
			p = max(p+1, run-len(dashes))
			continue
		}
		rest := b[p+n : min(p+n+maxLabel+len(dashes), end)]
		if i := bytes.Index(rest, dashes); i >= 0 && bytes.IndexByte(rest[:i], '\n') < 0 {
			m.from, m.to, m.label = p, p+n+i+len(dashes), string(rest[:i])
			return m, true
		}
		p += n
	}
	return m, false
}

// pem recognises a block whose BEGIN stands in the line. It may be indented,
// quoted like mail, spelled as strings of a program, or stand in one line.
// encoding/pem skips such blocks in silence.
func (t *scan) pem(p, end int) *found {
	m, ok := nextMarker(t.b, p, end)
	if !ok || !m.begin {
		return nil
	}
	start := p
	for start > 0 && t.b[start-1] != '\n' {
		if start--; m.from-start > maxLabel {
			break
		}
	}
	quoted := m.from > 0 && (t.b[m.from-1] == '"' || t.b[m.from-1] == '\'')
	block := pemBlock{t: t, prefix: bytes.TrimRight(t.b[start:m.from], "\"'"), label: m.label, quoted: quoted}
	to := block.body(m)
	f := form{
		from: m.from, to: to, layers: []Layer{{"pem", m.label}}, label: m.label,
		whole: true, secret: secretLabel(m.label),
	}
	f.b, f.spans = block.d.bytes(t.s), block.d.spans
	f.problems = append(block.problems, block.d.problems...)
	if len(f.b) == 0 {
		f.problems = append(f.problems, Problem{m.from, "The PEM block is empty."})
	}
	return t.block(f)
}

// secretLabel says whether blocks of this label hold a secret. An OpenSSL
// session holds its master secret.
func secretLabel(label string) bool {
	return strings.Contains(label, "PRIVATE KEY") || label == "SSL SESSION PARAMETERS"
}

// pemBlock reads what stands between the boundaries.
type pemBlock struct {
	t        *scan
	prefix   []byte // what stands before BEGIN in its line
	label    string
	quoted   bool // BEGIN stands within quotes
	d        decoder
	problems []Problem
}

// body reads up to the END and returns the offset after the block.
func (k *pemBlock) body(m marker) int {
	b := k.t.b
	next, ok := nextMarker(b, m.to, len(b))
	closed := ok && !next.begin
	stop := len(b)
	if ok {
		stop = next.from
	}
	last, headers, begun := m.to, false, false
	// Of a broken private key nothing may pass for something else.
	secret := secretLabel(k.label)
	for p := m.to; p < stop; {
		end, after := line(b, p)
		end, after = min(end, stop), min(after, stop)
		from, to := p, end
		if p > m.to && len(k.prefix) > 0 && bytes.HasPrefix(b[p:end], k.prefix) {
			from += len(k.prefix)
		}
		from, to = inner(b, from, to)
		switch {
		case from == to:
			headers = false
			if secret && begun && !closed {
				stop = p
			}
		case !begun && (headers || pemHeader(b[from:to])):
			// RFC 1421 headers: Proc-Type, DEK-Info and their continuations.
			headers = headers || pemHeader(b[from:to])
		case closed || secret || k.base64(from, to):
			k.d.inside = k.quoted && p == m.to && bytes.ContainsAny(b[from:to], "\"'")
			if k.d.feed(b, from, to); k.d.n > 0 {
				begun = true
			}
			last = to
		default:
			// No END, and the line is not base64: the block ends before it.
			stop = p
		}
		p = after
	}
	if !closed {
		k.problems = append(k.problems, Problem{last, fmt.Sprintf("The PEM block «%s» has no END line.", k.label)})
		return last
	}
	if next.label != k.label {
		k.problems = append(k.problems, Problem{next.from, fmt.Sprintf("The PEM block begins as «%s» and ends as «%s».", k.label, next.label)})
	}
	to := next.to
	if m.to < len(b) && b[m.to] == '\\' {
		// The line ends are spelled out, and so is the last one.
		for to+1 < len(b) && b[to] == '\\' && (b[to+1] == 'n' || b[to+1] == 'r') {
			to += 2
		}
	}
	return to
}

// base64 says whether a line of a block without END may belong to it.
func (k *pemBlock) base64(from, to int) bool {
	b := k.t.b[from:to]
	if len(b) >= 2 && (b[0] == '"' || b[0] == '\'') {
		b = bytes.TrimRight(b[1:], "\"'+,;\\ nr")
	}
	for _, c := range b {
		if base64Value[c] > 63 && c != '=' && c != '\\' {
			return false
		}
	}
	return true
}

// pemHeader recognises «Name: value».
func pemHeader(b []byte) bool {
	i := bytes.Index(b, []byte(": "))
	if i <= 0 || i > 40 {
		return false
	}
	for _, c := range b[:i] {
		if !alnum(c) && c != '-' {
			return false
		}
	}
	return true
}
