package ticket

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"derscope/decode/field"
	"derscope/decode/report"
)

// Form is how a key file is written.
type Form string

const (
	FormRaw     Form = "octets"
	FormHex     Form = "hex"
	FormBase64  Form = "base64"
	FormHAProxy Form = "HAProxy lines"
	FormH2O     Form = "h2o YAML"
	FormS2N     Form = "name and key"
	FormATS     Form = "Traffic Server list"
)

// mostBlocks bounds the keys that are read from one file.
const mostBlocks = 256

// known are the sizes that some program reads.
func known(n int) bool {
	switch n {
	case 16, 24, 32, 48, 56, 64, 80, 88:
		return true
	}
	return n > 0 && n%48 == 0
}

// readKeys reads a key file: its form, and the material of each key.
func readKeys(r *field.Reader) *KeyFile {
	f := &KeyFile{Bytes: r.Left()}
	r.Cite(rfc5077("5.5"))
	f.Ref = r.Struct("ticketKey", func(r *field.Reader) {
		f.Ref = r.At()
		switch lines := textLines(f.Bytes); {
		case lines == nil:
			f.raw(r, f.Bytes)
		case !f.text(r, lines):
			f.raw(r, f.Bytes)
		}
	})
	r.Show(f.Ref, f.say())
	return f
}

// say names what there is, without a secret.
func (f *KeyFile) say() string {
	return report.Plural(len(f.Blocks), "key", "keys") + ", " + string(f.Form) + ", " + report.Plural(len(f.Bytes), "octet", "octets")
}

// line is a line of text that is not empty and no comment, and where it lies.
type line struct {
	text     string
	off, end int // end includes the line end
}

// textLines takes text apart, or gives nil if the octets are no text.
func textLines(b []byte) (list []line) {
	if len(b) > 1<<20 {
		return nil
	}
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c > '~' {
			return nil
		}
	}
	off := 0
	for l := range strings.Lines(string(b)) {
		t, _, _ := strings.Cut(strings.TrimSpace(l), " #")
		if t = strings.TrimSpace(t); t != "" && t[0] != '#' {
			list = append(list, line{t, off, off + len(l)})
		}
		off += len(l)
	}
	return list
}

// text reads the forms that are text, or says that it is none of them.
func (f *KeyFile) text(r *field.Reader, lines []line) bool {
	if f.yaml(r, lines) {
		return true
	}
	kinds := [...]struct {
		form   Form
		decode func(string) (Block, bool)
	}{{FormHex, hexLine}, {FormBase64, base64Line}, {FormS2N, namedLine}}
	for _, k := range kinds {
		var blocks []Block
		var good, bad []line
		for _, l := range lines {
			if b, ok := k.decode(l.text); ok {
				blocks, good = append(blocks, b), append(good, l)
			} else {
				bad = append(bad, l)
			}
		}
		// One damaged line does not make a list of keys something else.
		list := k.form == FormBase64 && len(blocks) > 1 && len(blocks) > len(bad) && allFiles(blocks)
		if len(blocks) == 0 || len(bad) > 0 && !list {
			continue
		}
		lines = good
		f.Form = k.form
		if k.form == FormBase64 && len(blocks) > 1 {
			f.Form = FormHAProxy
		}
		if k.form == FormHex && len(blocks) > 1 && !allFiles(blocks) || k.form == FormBase64 && len(blocks) > 1 && !someFiles(blocks) {
			// One key over several lines, or several that stand behind each other.
			var whole []byte
			for _, b := range blocks {
				whole = append(whole, b.Bytes...)
			}
			f.Form = k.form
			ref := f.leaf(r, "key", len(f.Bytes))
			f.cut(whole, ref)
			return true
		}
		at := 0
		for i, l := range lines {
			if i == mostBlocks {
				r.Fault(field.TooMany, f.Ref, "more than %d keys: later ones are not tried (limit Keys)", mostBlocks)
				break
			}
			f.between(r, bad, at, l.off)
			blocks[i].Ref = f.leaf(r, "key", l.end-l.off)
			at = l.end
			f.Blocks = append(f.Blocks, blocks[i])
		}
		f.between(r, bad, at, at+len(r.Left()))
		return true
	}
	return false
}

// allFiles says that every block has a size that a file of its own could have.
func allFiles(blocks []Block) bool {
	for _, b := range blocks {
		if n := len(b.Bytes); n != 48 && n != 80 {
			return false
		}
	}
	return true
}

func someFiles(blocks []Block) bool {
	for _, b := range blocks {
		if n := len(b.Bytes); n == 48 || n == 80 {
			return true
		}
	}
	return false
}

// skip makes what lies between keys a leaf.
func (f *KeyFile) skip(r *field.Reader, n int) report.Ref {
	if n <= 0 {
		return report.None
	}
	at := r.Line("comment", n, "")
	r.Flag(at, report.Secret) // it may be a key that could not be read
	return at
}

// between makes what lies between two keys a leaf, and says so where it is more
// than comments.
func (f *KeyFile) between(r *field.Reader, bad []line, from, to int) {
	at := f.skip(r, to-from)
	for _, l := range bad {
		if l.off >= from && l.off < to {
			r.Fault(field.Unexpected, at, "a line is no key in base64, and the program that reads the file stops there")
			return
		}
	}
}

// leaf makes n octets a leaf that is not shown.
func (f *KeyFile) leaf(r *field.Reader, label string, n int) report.Ref {
	ref := r.Fixed(label, n).Ref
	r.Show(ref, report.Plural(n, "octet", "octets"))
	r.Flag(ref, report.Secret)
	return ref
}

// hexLine reads hexadecimal, also with colons or blanks between the octets.
func hexLine(s string) (Block, bool) {
	s = strings.NewReplacer(":", "", " ", "", "\t", "").Replace(strings.TrimPrefix(s, "0x"))
	b, err := hex.DecodeString(s)
	return Block{Bytes: b, Ref: report.None}, err == nil && len(b) > 0
}

func base64Line(s string) (Block, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
	}
	return Block{Bytes: b, Ref: report.None}, err == nil && len(b) >= 16
}

// namedLine reads what s2n-tls takes as two arguments, written as name:key.
func namedLine(s string) (Block, bool) {
	name, key, ok := strings.Cut(s, ":")
	name, key = strings.TrimSpace(name), strings.TrimSpace(key)
	if !ok || name == "" || len(name) > 16 || strings.ContainsAny(name, " \t") {
		return Block{}, false
	}
	b, ok := hexLine(key)
	if !ok {
		if b, ok = base64Line(key); !ok {
			return Block{}, false
		}
	}
	b.Name = make([]byte, 16)
	copy(b.Name, name)
	return b, true
}

// raw reads octets as they are.
func (f *KeyFile) raw(r *field.Reader, b []byte) {
	f.Form = FormRaw
	n := len(b)
	if n > 0 && !known(n) && b[n-1] == '\n' {
		if m := len(strings.TrimRight(string(b), "\r\n")); known(m) {
			f.Line = n - m
			b = b[:m]
		}
	}
	if n = len(b); n > 48 && n%48 == 0 {
		f.Form = FormATS
	}
	size := n
	if f.Form == FormATS {
		size = 48
	}
	for i := 0; i < n; i += size {
		block := b[i:min(n, i+size)]
		if len(f.Blocks) == mostBlocks {
			r.Fault(field.TooMany, f.Ref, "more than %d keys: later ones are not tried (limit Keys)", mostBlocks)
			f.leaf(r, "key", n-i)
			break
		}
		ref := f.block(r, block)
		f.Blocks = append(f.Blocks, Block{Bytes: block, Ref: ref})
	}
	f.skip(r, len(r.Left()))
}

// block makes nodes of one key: its name, which every ticket shows, and the
// keys, in an order that nothing in the file says.
func (f *KeyFile) block(r *field.Reader, b []byte) report.Ref {
	n := len(b)
	if n != 48 && n != 80 {
		return f.leaf(r, "key", n)
	}
	return r.Struct("key", func(r *field.Reader) {
		octets(r, "key_name", 16)
		f.leaf(r, "firstKey", (n-16)/2)
		f.leaf(r, "secondKey", (n-16)/2)
	})
}

// cut makes blocks of octets that stood in one node.
func (f *KeyFile) cut(b []byte, ref report.Ref) {
	size := len(b)
	if size > 48 && size%48 == 0 {
		size = 48
	}
	for i := 0; i < len(b) && len(f.Blocks) < mostBlocks; i += size {
		f.Blocks = append(f.Blocks, Block{Bytes: b[i:min(len(b), i+size)], Ref: ref})
	}
}
