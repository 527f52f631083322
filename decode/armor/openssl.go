package armor

import "bytes"

// headings open the blocks that OpenSSL prints: their further lines stand
// deeper, or are empty.
var headings = []string{
	"OCSP Response Data:", "OCSP Request Data:", "Certificate:", "Certificate Revocation List (CRL):",
	"Certificate Request:", "SSL-Session:",
}

// openssl recognises what OpenSSL's commands print.
func (t *scan) openssl(p, end int) *found {
	from, to := trim(t.b, p, end)
	if !atLine(t.b, p) || from == to {
		return nil
	}
	l := t.b[from:to]
	switch l[0] {
	case '<', '>':
		return t.wireMessage(p, end)
	case '#':
		if p >= t.noKeyLog && bytes.Contains(l, []byte("secrets log")) {
			return t.keyLog(p)
		}
		return nil
	case 'T':
		return t.extensionText(p, end)
	case 'O', 'C', 'S', 'P', 'R', 'E', 'M', 'W':
	default:
		if l[0] >= '0' && l[0] <= '9' && parsedLine(l) {
			return t.asn1parse(p)
		}
		return t.summary(p, end)
	}
	for _, h := range headings {
		if string(l) == h {
			label := h[:len(h)-1]
			if label == "SSL-Session" {
				label = "openssl-session"
			}
			return t.printed(from, end, label)
		}
	}
	switch {
	case hasFold(l, "ocsp response:"), hasFold(l, "ocsp responses:"), hasFold(l, "ocsp response parse error"):
		if l[len(l)-1] == ':' {
			return &found{from, to, func() { t.s.skip(t.v, from, to) }}
		}
		return t.printedText(from, to, "OCSP response", false)
	case secretLine(l):
		return t.printedText(from, to, "secret", true)
	case keyLogLine(l) || keyLogLabel(l):
		return t.keyLog(p)
	case bytes.Contains(l, []byte("Private-Key: (")):
		return t.privateText(from, end)
	}
	return t.summary(p, end)
}

// printedText is the found for text that a kind reads itself.
func (t *scan) printedText(from, to int, label string, secret bool) *found {
	return &found{from, to, func() {
		t.s.add(t.v, from, to, Piece{
			Text: true, Known: true, Label: label, Secret: secret || mentionsSecret(t.b[from:to]),
			Layers: []Layer{{"openssl-text", label}},
		})
	}}
}

// printed takes the block below a heading, as a piece of the label.
func (t *scan) printed(from, end int, label string) *found {
	b := t.b
	depth := indent(b, from)
	to, lines := end, 0
	goesOn := false // long hex is broken by a backslash, and goes on at the margin
	_, next := line(b, end)
	for next < len(b) {
		end, after := line(b, next)
		a, z := trim(b, next, end)
		if a < z {
			if indent(b, a) <= depth && !goesOn || bytes.HasPrefix(b[a:z], dashes) {
				break
			}
			goesOn = b[z-1] == '\\'
			to = z
			lines++
		}
		next = after
	}
	if lines == 0 {
		return nil
	}
	return t.printedText(from, to, label, false)
}

// indent counts the white space before p in its line, a tab as eight.
func indent(b []byte, p int) (n int) {
	for p > 0 && (b[p-1] == ' ' || b[p-1] == '\t') {
		if n++; b[p-1] == '\t' {
			n += 7
		}
		p--
	}
	return n
}

// privateText takes the text of openssl pkey -text: headings such as
// «privateExponent:» with their hex below.
func (t *scan) privateText(from, end int) *found {
	b := t.b
	to := end
	_, next := line(b, end)
	for next < len(b) {
		end, after := line(b, next)
		a, z := trim(b, next, end)
		if a == z || a == next && bytes.IndexByte(b[a:z], ':') <= 0 {
			break
		}
		to, next = z, after
	}
	return t.printedText(from, to, "Private-Key", true)
}

var certStatus = [...]string{": good", ": revoked", ": unknown"}

// summary takes what openssl ocsp says at the end: how the verification went,
// and a status for each certificate with its times below.
func (t *scan) summary(p, end int) *found {
	b := t.b
	from, to := p, p
	status := false
	for at := p; at < len(b); {
		end, next := line(b, at)
		l := b[at:end]
		switch {
		case len(l) > 0 && l[0] == '\t' && status:
		case hasFold(l, "response verify ok"), hasFold(l, "response verify failure"), hasFold(l, "warning: no nonce in response"):
		case statusLine(b, at, end):
			status = true
		default:
			at = len(b)
			continue
		}
		to, at = end, next
	}
	if to == from {
		return nil
	}
	return t.printedText(from, to, "openssl ocsp", false)
}

// statusLine recognises «leaf.pem: good» with times below.
func statusLine(b []byte, p, end int) bool {
	for _, s := range certStatus {
		if bytes.HasSuffix(b[p:end], []byte(s)) {
			_, next := line(b, end)
			return bytes.HasPrefix(b[next:], []byte("\tThis Update: "))
		}
	}
	return false
}

// secretLine recognises the secrets of s_client and sess_id output.
func secretLine(l []byte) bool {
	i := bytes.IndexByte(l, ':')
	if i < 0 {
		return false
	}
	switch string(bytes.TrimSpace(l[:i])) {
	case "Master-Key", "Resumption PSK", "PSK", "Early Secret", "Master secret":
		v := bytes.TrimSpace(l[i+1:])
		return len(v) > 0 && string(v) != "None"
	}
	return false
}

var keyLogLabels = []string{
	"CLIENT_RANDOM ", "CLIENT_EARLY_TRAFFIC_SECRET ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ",
	"SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_",
	"EARLY_EXPORTER_", "EXPORTER_SECRET", "ECH_SECRET ", "ECH_CONFIG ", "RSA Session-ID:", "RSA ",
}

// keyLogLine recognises a line of a key log (RFC 9850): a label and two
// numbers in hex.
func keyLogLine(l []byte) bool {
	for _, k := range keyLogLabels {
		if bytes.HasPrefix(l, []byte(k)) {
			i := bytes.LastIndexByte(l, ' ')
			v := l[i+1:]
			for _, c := range v {
				if nibble[c] > 15 {
					return false
				}
			}
			return len(v) >= 32
		}
	}
	return false
}

// keyLogLabel says that a line begins like one of a key log, whatever follows:
// what was damaged must not be shown, and is read with the others.
func keyLogLabel(l []byte) bool {
	for _, k := range keyLogLabels[:len(keyLogLabels)-2] {
		if bytes.HasPrefix(l, []byte(k)) {
			return true
		}
	}
	// Labels that are not known here: capitals, and two long numbers in hex.
	word, rest, _ := bytes.Cut(l, []byte(" "))
	if len(word) < 4 || len(rest) < 64 {
		return false
	}
	for _, c := range word {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	for _, c := range rest {
		if nibble[c] > 15 && c != ' ' {
			return false
		}
	}
	return bytes.IndexByte(rest, ' ') > 0
}

// keyLog takes the lines of a key log together, with the comments and empty
// lines between them. It gives nothing where there is no line of a secret.
func (t *scan) keyLog(p int) *found {
	from, to, lines := p, p, 0
	for p < len(t.b) {
		end, next := line(t.b, p)
		a, z := trim(t.b, p, end)
		l := t.b[a:z]
		if keyLogLine(l) || keyLogLabel(l) {
			to = next
			lines++
		} else if len(l) > 0 && l[0] != '#' {
			break
		}
		p = next
	}
	if lines == 0 {
		t.noKeyLog = p
		return nil
	}
	_, to = trim(t.b, from, to)
	return &found{from, to, func() {
		t.s.add(t.v, from, to, Piece{Text: true, Known: true, Secret: true, Label: "key-log", Layers: []Layer{{Name: "key-log"}}})
	}}
}

// secretWords mark text that may hold a secret, recognised or not.
var secretWords = [][]byte{
	[]byte("PRIVATE KEY"), []byte("Private-Key: ("), []byte("privateExponent"), []byte("Master-Key:"), []byte("Resumption PSK:"),
	[]byte("CLIENT_RANDOM "), []byte("TRAFFIC_SECRET"), []byte("EXPORTER_SECRET"), []byte("SSL SESSION PARAMETERS"),
}

func mentionsSecret(b []byte) bool {
	for _, w := range secretWords {
		if bytes.Contains(b, w) {
			return true
		}
	}
	// A private JSON Web Key (RFC 7517) has its secret in "d" or "k".
	return bytes.Contains(b, []byte(`"kty"`)) && (bytes.Contains(b, []byte(`"d"`)) || bytes.Contains(b, []byte(`"k"`)))
}
