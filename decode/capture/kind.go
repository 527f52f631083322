package capture

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"

	"derscope/decode/armor"
	"derscope/decode/carrier"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/spec"
)

// Captures is the kind of recordings.
var Captures = check.Of(check.Kind{
	Name: "capture", Title: "Capture", Spec: spec.Doc("draft-ietf-opsawg-pcapng", ""),
	Match: Match, Derive: derive, Last: true, Rules: check.Catalogue(fileRules, streamRules, tlsRules),
}, Read, look, judge)

// View is a recording with what the key logs at hand open of it.
type View struct {
	*Capture
	Logs int
	TLS  []*Connection
	Bare int // connections without TLS that carry messages of OCSP or CMP
}

// look opens what the key logs open. The result stays with the connections
// until other key logs are at hand.
func look(c *check.Context, k *Capture) *View {
	v := &View{Capture: k}
	var logs []*keylog.Log
	for _, e := range check.All[*keylog.Log](c) {
		logs = append(logs, e.Is)
	}
	v.Logs = len(logs)
	var mains [][]byte
	for _, e := range check.All[*session.Session](c) {
		if s := e.Is; s.Secret.OK && s.SecretKind == session.Main && len(s.Secret.Value) == 48 {
			mains = append(mains, s.Secret.Value)
		}
	}
	left := allGuesses
	for _, conn := range k.Connections {
		if conn.tls == nil {
			if conn.bare() {
				v.Bare++
			}
			continue
		}
		v.TLS = append(v.TLS, conn)
		if t := conn.tls; t.parts == nil || !slices.Equal(t.logs, logs) || !slices.EqualFunc(t.mains, mains, slices.Equal) {
			conn.converse(&opening{logs: logs, mains: mains, left: &left}, k.time)
		}
	}
	return v
}

// derive gives an item for each TLS connection, and for each OCSP and CMP
// message in HTTP.
func derive(c *check.Context, value any) (list []check.Derived) {
	v := look(c, value.(*Capture))
	for _, conn := range v.TLS {
		list = append(list, conn.handshake())
	}
	for _, conn := range v.Connections {
		list = append(list, conn.carried()...)
	}
	return list
}

// handshake is the TLS connection as an item.
func (c *Connection) handshake() check.Derived {
	t := c.tls
	how := "TCP stream put together"
	if t.opened > 0 {
		how += ", " + report.Plural(t.opened, "record", "records") + " opened with the secrets at hand"
	}
	note := "read from a capture"
	if n := t.more[0] + t.more[1]; n > 0 {
		note += "; " + report.Plural(n, "further record", "further records") + " of application data left out"
	}
	if c.before != "" {
		note += "; " + c.before + " came before"
	}
	return check.Derived{
		Bytes: t.out, Hint: "tls-handshake", Name: c.String(), How: how, Secret: t.data > 0, From: slices.Clone(t.from),
		Given: &handshake.Transcript{Parts: t.parts, Client: c.Client().String(), Server: c.Server().String(), Version: t.version, Note: note},
	}
}

// String names the connection: client → server.
func (c *Connection) String() string { return c.Client().String() + " → " + c.Server().String() }

// media are the media types of messages that are kinds of their own.
var media = map[string]string{
	"application/ocsp-request": "ocsp-request", "application/ocsp-response": "ocsp-response", "application/pkixcmp": "cmp-message",
}

// carried are the OCSP and CMP messages of HTTP in the connection.
func (c *Connection) carried() (list []check.Derived) {
	texts := [2][]byte{c.Streams[c.client].Bytes, c.Streams[1-c.client].Bytes}
	if c.tls != nil {
		texts = c.tls.text
	}
	if !speaks(texts[0]) && !speaks(texts[1]) {
		return c.framed(texts)
	}
	cmp := mentions(texts[0], "application/pkixcmp") || mentions(texts[1], "application/pkixcmp")
	for side, b := range texts {
		if len(b) > kept {
			b = b[:kept]
		}
		if !isHTTP(b) {
			continue
		}
		for _, p := range armor.Split(b, armor.Limits{Pieces: 64}) {
			// What a server of CMP says in other words is the reason why its client fails.
			page := cmp && p.HTTP != nil && !p.HTTP.Request && (p.Text || !p.Known)
			if p.HTTP == nil || (!p.Known || p.Text) && !page || len(p.Bytes) == 0 {
				continue
			}
			d := check.Derived{Bytes: p.Bytes, Hint: media[p.Label], Name: c.String(), How: "HTTP in TCP"}
			if cmp {
				d.HTTP = p.HTTP
			}
			if page {
				d.Hint = "http-content"
			}
			if c.tls != nil {
				d.How, d.Secret, d.From = "HTTP in TLS, opened with the secrets at hand", true, slices.Clone(c.tls.from)
			} else {
				s := &c.Streams[c.client]
				if side == 1 {
					s = &c.Streams[1-c.client]
				}
				s.spans(p.Off, p.Len, &d.From)
			}
			list = append(list, d)
		}
	}
	return list
}

// bare says that a connection without TLS carries messages that are read.
func (c *Connection) bare() bool {
	for i := range c.Streams {
		if b := c.Streams[i].Bytes; speaks(b) || len(b) <= kept && carrier.Framed(b) {
			return true
		}
	}
	return false
}

// framed are the sides of a connection that are frames of CMP over TCP.
func (c *Connection) framed(texts [2][]byte) (list []check.Derived) {
	for side, b := range texts {
		if len(b) > kept || c.tls != nil || !carrier.Framed(b) {
			continue
		}
		s := &c.Streams[c.client]
		if side == 1 {
			s = &c.Streams[1-c.client]
		}
		d := check.Derived{Bytes: b, Hint: "cmp-carrier", Name: c.String(), How: "TCP stream put together"}
		s.spans(0, len(b), &d.From)
		list = append(list, d)
	}
	return list
}

// speaks says that the octets mention one of the media types.
func speaks(b []byte) bool {
	return mentions(b, "application/ocsp-re") || mentions(b, "application/pkixcmp")
}

func mentions(b []byte, what string) bool {
	return bytes.Contains(b[:min(len(b), kept)], []byte(what))
}

func isHTTP(b []byte) bool {
	for _, m := range []string{"HTTP/1.", "GET ", "POST "} {
		if bytes.HasPrefix(b, []byte(m)) {
			return true
		}
	}
	return false
}

// order says who speaks in the headline.
var order = []string{"capture.file", "*capture.file", "capture.cut", "capture.gap", "capture.decrypted", "capture.tls", "*capture.decrypted",
	"capture.start", "capture.one-sided", "capture.overlap"}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, fileRules, streamRules, tlsRules)
	f := check.Finding{Title: "Capture: " + report.Plural(v.Packets, "packet", "packets"), Format: v.Format, Checks: tree}
	f.Verdict = report.Verdict{Status: check.Sum(tree), Headline: report.Plural(len(v.TLS), "TLS connection", "TLS connections") + ", all readable"}
	if len(v.TLS) == 0 && v.Bare > 0 {
		f.Verdict.Headline = report.Plural(v.Bare, "connection", "connections") + " without TLS, with messages of OCSP or CMP that are read"
	}
	if row, ok := check.Speaker(tree, order); ok {
		f.Verdict.Headline, f.Verdict.Detail = v.headline(row), row.Why
	} else if !v.Begin.IsZero() {
		f.Verdict.Detail = "Recorded from " + report.Clock(v.Begin) + " to " + report.Clock(v.End) + "."
		if v.End.Sub(v.Begin) < time.Second {
			f.Verdict.Detail = "Recorded at " + report.Clock(v.Begin) + ", in less than a second."
		}
	}
	whole := 0
	for _, k := range v.TLS {
		if t := k.tls; t.opened == t.protected {
			whole++
		}
	}
	f.Summary = []report.Member{
		{Key: "readable", Value: check.Part(tree, "capture.file").String()},
		{Key: "format", Value: v.Format},
		{Key: "packets", Value: v.Packets},
		{Key: "streams", Value: len(v.Connections)},
		{Key: "connections", Value: len(v.TLS)},
		{Key: "decrypted", Value: whole},
	}
	if s := check.Part(tree, "capture.cut", "capture.start", "capture.gap", "capture.one-sided"); s != report.NoStatus {
		f.Summary = append(f.Summary, report.Member{Key: "complete", Value: s.String()})
	}
	if row, ok := check.Find(tree, "capture.decrypted"); ok && row.Status == report.Open && !slices.Contains(row.Needs, "key-log") {
		f.Wants = append(f.Wants, report.Want{Need: row.Needs[0], Text: "A recording of the connection from its beginning, without holes",
			How: "tcpdump -i any -s 0 -B 65536 -w recording.pcap host HOST"})
	} else if ok && row.Status == report.Open {
		f.Wants = append(f.Wants, report.Want{Need: "key-log", Text: "The secrets of the connections, which the client or the server writes while they are made",
			How: "SSLKEYLOGFILE=keys.log curl https://HOST/"})
	}
	return f
}

// headline is what the verdict says for the row that speaks.
func (v *View) headline(row report.Check) string {
	switch row.ID {
	case "capture.file":
		switch {
		case row.Status == report.Open:
			return "Link type not read: " + linkName(v.links[0])
		case v.file.flaw.fatal && v.Packets > 0:
			return "File ends inside packet " + strconv.Itoa(v.Packets+1)
		case v.file.flaw.fatal:
			return "The file cannot be read as a capture"
		}
		return "Lengths in the file contradict each other"
	case "capture.cut":
		return "Packets were recorded in part"
	case "capture.gap":
		_, g, early, _ := v.gap()
		if early && g.Len > 0 {
			return report.Plural(int(g.Len), "octet missing", "octets missing") + " in the handshake"
		}
		return "Octets are missing in a stream"
	case "capture.decrypted":
		closed := 0
		for _, k := range v.TLS {
			if k.tls.opened < k.tls.protected {
				closed++
			}
		}
		some := strconv.Itoa(closed) + " of " + report.Plural(len(v.TLS), "connection stays", "connections stay") + " closed: "
		switch {
		case row.Status == report.Fail:
			return "The key log does not open what it belongs to"
		case row.Status != report.Open && strings.Contains(row.Why, "_HANDSHAKE_"):
			return "Secrets are missing: only a part opens"
		case row.Status != report.Open:
			return "The handshake opens, the data does not"
		case slices.Contains(row.Needs, "key-log"):
			return some + "give the key log"
		case slices.Contains(row.Needs, "capture"):
			return some + "octets are missing"
		}
		return some + "a hello was not recorded"
	case "capture.tls":
		return "No TLS connection in this capture"
	case "capture.start":
		return "The recording began in the middle of a conversation"
	case "capture.one-sided":
		return "Only one direction was recorded"
	case "capture.overlap":
		return "Two versions of the same octets"
	}
	return row.Title
}
