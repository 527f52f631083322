// Package keylog reads key logs: the lines of secrets that TLS programs write
// when SSLKEYLOGFILE is set, and what they fit.
//
//	log := keylog.Read(r)
//	secret, ok := log.Secret("CLIENT_RANDOM", random)
//
// Whoever has a key log and a recording reads the connections: everything here
// is secret, but for the labels and client randoms, which stand in clear in
// every hello. It opens no records: that is the business of package capture.
//
// RFC 9850.
package keylog

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Log is a key log as it was read.
type Log struct {
	Ref   report.Ref
	Lines []Line // without comments and empty lines
	BOM   bool   // a byte order mark stands in front
	// by finds the lines of a label and client random: the first, for programs
	// that read such files take what comes first, too.
	by       map[string][]int
	Comments int
}

// Line is one line that is no comment.
type Line struct {
	Ref     report.Ref
	Number  int // counted from 1, comments included
	Label   string
	Random  []byte // nil where it cannot be read
	Secret  []byte // nil where it cannot be read
	Faulty  string // why nothing can be done with it; "" if something can
	Unusual string // what is odd about it; "" if nothing is
	Older   bool   // of a form before RFC 9850: RSA …
}

// The labels (RFC 9850, section 2). Those of traffic secrets end in the number
// of the key update.
const (
	ClientRandom    = "CLIENT_RANDOM"
	ClientEarly     = "CLIENT_EARLY_TRAFFIC_SECRET"
	ClientHandshake = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
	ServerHandshake = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
	ClientTraffic   = "CLIENT_TRAFFIC_SECRET_0"
	ServerTraffic   = "SERVER_TRAFFIC_SECRET_0"
)

// labelled says which protocol a label is of, and false if it is not known.
func labelled(label string) (protocol uint16, ok bool) {
	switch label {
	case ClientRandom:
		return 0x0303, true
	case ClientEarly, ClientHandshake, ServerHandshake, "EARLY_EXPORTER_SECRET", "EXPORTER_SECRET", "EARLY_EXPORTER_MASTER_SECRET":
		return 0x0304, true
	case "ECH_SECRET", "ECH_CONFIG":
		return 0, true
	}
	for _, p := range []string{"CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_"} {
		if n, ok := strings.CutPrefix(label, p); ok {
			_, err := strconv.ParseUint(n, 10, 16)
			return 0x0304, err == nil
		}
	}
	return 0, false
}

// Secret gives the secret of a label for the client random of a connection.
func (l *Log) Secret(label string, random []byte) ([]byte, bool) {
	for _, i := range l.by[label+" "+string(random)] {
		if s := l.Lines[i].Secret; s != nil {
			return s, true
		}
	}
	return nil, false
}

// Labels lists the lines for a client random.
func (l *Log) Labels(random []byte) (lines []int) { return l.by[string(random)] }

// Read reads a whole source: the reader of the kind key-log.
func Read(r *field.Reader) *Log {
	l := &Log{by: map[string][]int{}}
	defer r.Cite(r.Cite(spec.RFC(9850, "2")))
	l.Ref = r.Frame("keyLog", "text", 0, len(r.Left()), func(r *field.Reader) {
		if bytes.HasPrefix(r.Left(), []byte("\xef\xbb\xbf")) {
			l.BOM = true
			r.Line("byteOrderMark", 3, "U+FEFF")
		}
		for i, k := range field.List(r, "lines", line) {
			if k.Label == "" && k.Faulty == "" {
				l.Comments++
				continue
			}
			k.Number = i + 1
			l.Lines = append(l.Lines, k)
		}
	})
	for i, k := range l.Lines {
		if k.Random != nil {
			l.by[string(k.Random)] = append(l.by[string(k.Random)], i)
			key := k.Label + " " + string(k.Random)
			l.by[key] = append(l.by[key], i)
		}
	}
	r.Show(l.Ref, report.Plural(len(l.Lines), "line", "lines"))
	return l
}

// line reads one line, its break included.
//
//	label SP 64 hex digits SP hex digits
func line(r *field.Reader, label string) (k Line) {
	b := r.Left()
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		b = b[:i+1]
	}
	text := bytes.TrimRight(b, " \t\r\n")
	if len(text) == 0 || text[0] == '#' {
		if len(text) > 200 {
			text = text[:200]
		}
		k.Ref = r.Line(label, len(b), string(text))
		return k
	}
	k.Ref = r.Frame(label, "line", 0, len(b), func(r *field.Reader) { k.parts(r, b, text) })
	r.Show(k.Ref, k.Label)
	if k.Faulty != "" {
		r.Fault(field.Value, k.Ref, "%s", k.Faulty)
	}
	return k
}

// parts reads the three words of a line.
func (k *Line) parts(r *field.Reader, b, text []byte) {
	word := func(from int) (to, next int) {
		for to = from; to < len(text) && text[to] != ' ' && text[to] != '\t'; to++ {
		}
		for next = to; next < len(text) && (text[next] == ' ' || text[next] == '\t'); next++ {
		}
		return to, next
	}
	end, next := word(0)
	k.Label = string(text[:min(end, 64)])
	if end == len(text) {
		k.Label = ""
		k.Faulty = "a line of one word: it should be a label, a client random and a secret"
		k.hide(r, len(b))
		return
	}
	protocol, known := labelled(k.Label)
	if k.Label == "RSA" {
		r.Line("label", next, "RSA")
		k.older(r, b[next:], string(text[next:]))
		return
	}
	if !plainLabel(k.Label) || end > 64 {
		k.Label, k.Faulty = "", "it does not begin with a label of capitals and underlines"
		k.hide(r, len(b))
		return
	}
	if !known {
		k.Unusual = "the label " + k.Label + " is not one of RFC 9850"
	}
	if next != end+1 {
		k.Unusual = "more than one space stands behind the label"
	}
	r.Line("label", next, k.Label)
	from := next
	end, next = word(from)
	random, err := hex.DecodeString(string(text[from:end]))
	if err != nil || len(random) != 32 {
		k.Faulty = "the client random has " + report.Plural(end-from, "character", "characters") + ", and not 64 hex digits"
		if err != nil && end-from == 64 {
			k.Faulty = "the client random has a character that is no hex digit"
		}
		k.hide(r, len(b)-from)
		return
	}
	k.Random = random
	r.Line("client_random", next-from, hex.EncodeToString(random))
	if next != end+1 && next < len(text) {
		k.Unusual = "more than one space stands behind the client random"
	}
	from = next
	end, _ = word(from)
	secret, err := hex.DecodeString(string(text[from:end]))
	k.hide(r, len(b)-from)
	switch {
	case err != nil:
		k.Faulty = "the secret has a character that is no hex digit, or an odd number of them (" + strconv.Itoa(end-from) + ")"
	case end != len(text):
		k.Faulty = "something follows the secret"
	case len(secret) == 0:
		k.Faulty = "the secret is missing"
	case k.Label == ClientRandom && len(secret) != 48:
		k.Faulty = "the secret has " + report.Plural(len(secret), "octet", "octets") + ", and CLIENT_RANDOM takes 48"
	case protocol == 0x0304 && len(secret) != 32 && len(secret) != 48:
		k.Faulty = "the secret has " + report.Plural(len(secret), "octet", "octets") + ", and " + k.Label + " takes 32 or 48"
	default:
		k.Secret = secret
	}
}

// older reads what stands behind RSA in forms that are not of RFC 9850: a
// session ID with its main secret, or an encrypted premaster secret.
func (k *Line) older(r *field.Reader, b []byte, text string) {
	k.Older = true
	id, secret, ok := strings.Cut(strings.TrimPrefix(text, "Session-ID:"), " Master-Key:")
	main, err := hex.DecodeString(secret)
	if !ok || err != nil || len(main) != 48 {
		k.Unusual = "a line of an older form, with an RSA premaster secret, which is not read"
		k.hide(r, len(b))
		return
	}
	k.Secret = main
	k.Unusual = "a line of an older form, with a session ID in place of the client random"
	r.Line("sessionID", len("Session-ID:")+len(id)+1, id)
	k.hide(r, len(b)-len("Session-ID:")-len(id)-1)
}

// hide reads what may be a secret.
func (k *Line) hide(r *field.Reader, n int) {
	text := strings.TrimRight(string(r.Left()[:min(n, len(r.Left()))]), "\r\n")
	ref := r.Line("secret", n, text)
	if !r.Muted() {
		r.Flag(ref, report.Secret)
	}
}

func plainLabel(s string) bool {
	for _, c := range []byte(s) {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// Mains are the main secrets of TLS 1.2 and older, of whatever connection.
func (l *Log) Mains(see func(main []byte) (more bool)) {
	for _, k := range l.Lines {
		if (k.Label == ClientRandom || k.Older) && len(k.Secret) == 48 && !see(k.Secret) {
			return
		}
	}
}

// Match says how well octets fit the kind key-log.
func Match(c check.Candidate) check.Match {
	switch {
	case c.Hint == "key-log":
		return check.Match{Score: 100, Why: "what carried it says that it is a key log"}
	case c.Label == "key-log":
		return check.Match{Score: 100, Why: "lines of label, client random and secret"}
	}
	return check.Match{}
}
