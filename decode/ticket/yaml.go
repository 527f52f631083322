package ticket

import (
	"encoding/hex"
	"strings"

	"derscope/decode/field"
)

// yaml reads h2o's ticket keys: a list of name, cipher, hash and key. It reads
// no other YAML. Source: h2o, src/ssl.c.
func (f *KeyFile) yaml(r *field.Reader, lines []line) bool {
	var fields [4]int
	for _, l := range lines {
		switch k, _ := member(l.text); k {
		case "name":
			fields[0]++
		case "cipher":
			fields[1]++
		case "hash":
			fields[2]++
		case "key":
			fields[3]++
		}
	}
	if fields[1] == 0 || fields[3] == 0 {
		return false
	}
	f.Form = FormH2O
	at := 0
	var b Block
	flush := func() {
		if b.Bytes != nil && len(f.Blocks) < mostBlocks {
			f.Blocks = append(f.Blocks, b)
		}
		b = Block{}
	}
	for _, l := range lines {
		f.skip(r, l.off-at)
		at = l.end
		k, v := member(l.text)
		if strings.HasPrefix(l.text, "-") {
			flush()
		}
		n := l.end - l.off
		switch k {
		case "key":
			b.Ref = f.leaf(r, "key", n)
			key, err := hex.DecodeString(v)
			if err != nil || len(key) == 0 {
				r.Fault(field.Value, b.Ref, "the key is not hexadecimal")
				continue
			}
			b.Bytes = key
		case "name":
			ref := r.Line("key_name", n, v)
			name, err := hex.DecodeString(v)
			if err != nil || len(name) != 16 {
				r.Fault(field.Value, ref, "the name is not 32 hexadecimal digits")
				continue
			}
			b.Name = name
		case "cipher":
			b.Cipher = v
			r.Line("cipher", n, v)
		case "hash":
			b.Hash = v
			r.Line("hash", n, v)
		case "not_before", "not_after":
			r.Line(k, n, v)
		default:
			f.skip(r, n)
		}
	}
	flush()
	f.skip(r, len(r.Left()))
	return true
}

// member takes a line «- name: value» apart.
func member(s string) (name, value string) {
	s = strings.TrimSpace(strings.TrimPrefix(s, "-"))
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		return "", ""
	}
	return strings.TrimSpace(name), strings.Trim(strings.TrimSpace(value), `"'`)
}
