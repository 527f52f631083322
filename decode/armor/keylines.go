package armor

import "bytes"

// keyLines says whether a text is the ticket keys of HAProxy: lines of base64,
// each a key of 48 or 80 octets. It is not decoded here, since it is the lines
// that make it a list. Base64 is often broken into lines of 64 characters, which
// are 48 octets; of those only the usual number is taken, three.
func keyLines(b []byte) bool {
	if len(b) > 1<<15 {
		return false
	}
	lines, wide, hex := 0, 0, true
	for p := 0; p < len(b); {
		end, next := line(b, p)
		l := bytes.TrimSpace(b[p:end])
		p = next
		if len(l) == 0 {
			continue
		}
		body := bytes.TrimSuffix(l, []byte("="))
		if len(l) != 64 && len(l) != 108 || wide != 0 && len(l) != wide || len(l) == 108 && len(body) != 107 {
			return false
		}
		for _, c := range body {
			if base64Value[c] >= 64 {
				return false
			}
			hex = hex && (c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f')
		}
		wide = len(l)
		lines++
	}
	return !hex && (wide == 108 && lines >= 2 || wide == 64 && lines == 3 && !bytes.HasPrefix(bytes.TrimSpace(b), []byte("MI")))
}
