package capture

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/handshake"
	"derscope/testdata/pcapfile"
	"derscope/testdata/talk"
)

func wishes() talk.Wishes {
	return talk.Wishes{Host: "a.example", Chain: [][]byte{make([]byte, 300)}, Sign: func([]byte) []byte { return make([]byte, 70) }}
}

// spoken records a conversation that was made.
func spoken(t *talk.Talk, before ...string) []byte {
	r := &pcapfile.Recording{}
	c := r.Dial("192.0.2.1:40000", "192.0.2.2:443")
	for i, text := range before {
		c.Send(i%2, []byte(text))
	}
	for _, s := range t.Sent {
		c.Send(int(s.From)-1, s.Record)
	}
	return r.PCAP()
}

// Early data opens with its own secret, and is told from what follows.
func TestEarlyData(t *testing.T) {
	w := wishes()
	w.Tickets = []talk.Ticket{{Lifetime: 7200, Nonce: []byte{0}, Octets: []byte("ticket"), Early: 1 << 14}}
	first := w.Run()
	w.Seed, w.Resume, w.Early, w.Data = "again", &first.Sessions[0], []byte("early words"), [2][]byte{[]byte(" and late ones"), []byte("answer")}
	again := w.Run()
	v := open(t, spoken(again), again.KeyLog)
	readable(t, v, 1)
	if got := string(v.TLS[0].tls.text[0]); got != "early words and late ones" {
		t.Errorf("the client said %q", got)
	}
	// Without the line of early data the rest opens.
	var lines []string
	for line := range strings.Lines(again.KeyLog) {
		if !strings.HasPrefix(line, "CLIENT_EARLY") {
			lines = append(lines, line)
		}
	}
	v = open(t, spoken(again), strings.Join(lines, ""))
	if s := v.TLS[0].tls; string(s.text[0]) != " and late ones" || len(s.missing) != 1 {
		t.Errorf("without the early secret the client said %q, and %v is missing", s.text[0], s.missing)
	}
}

// A HelloRetryRequest leaves the records of both sides readable.
func TestRetry(t *testing.T) {
	w := wishes()
	w.Retry, w.Data = true, [2][]byte{[]byte("a"), []byte("b")}
	made := w.Run()
	readable(t, open(t, spoken(made), made.KeyLog), 1)
}

// What comes before TLS is skipped, and named.
func TestBefore(t *testing.T) {
	made := wishes().Run()
	for want, before := range map[string][]string{
		"CONNECT":                  {"CONNECT a.example:443 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"},
		"STARTTLS":                 {"a1 STARTTLS\r\n", "a1 OK begin\r\n"},
		"PROXY":                    {"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"},
		"SSLRequest of PostgreSQL": {"\x00\x00\x00\x08\x04\xd2\x16\x2f", "S"},
	} {
		v := open(t, spoken(made, before...), made.KeyLog)
		readable(t, v, 1)
		if got := v.TLS[0].before; got != want {
			t.Errorf("before TLS came %q, want %q", got, want)
		}
	}
}

// OCSP in HTTP in TLS is found, and is an item of its own.
func TestHTTPInside(t *testing.T) {
	request := []byte{0x30, 0x1e, 0x30, 0x1c, 0x30, 0x1a, 0x30, 0x18, 0x30, 0x16, 0x30, 0x07, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 4, 2, 1, 2, 4, 2, 3, 4, 2, 3, 5, 6, 7}
	response := []byte{0x30, 3, 0x0a, 1, 3}
	w := wishes()
	w.Data = [2][]byte{
		append(fmt.Appendf(nil, "POST /ocsp HTTP/1.1\r\nContent-Type: application/ocsp-request\r\nContent-Length: %d\r\n\r\n", len(request)), request...),
		append([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: 5\r\n\r\n"), response...),
	}
	made := w.Run()
	v := open(t, spoken(made), made.KeyLog)
	list := v.TLS[0].carried()
	if len(list) != 2 || list[0].Hint != "ocsp-request" || !bytes.Equal(list[0].Bytes, request) || list[1].Hint != "ocsp-response" || !bytes.Equal(list[1].Bytes, response) {
		t.Errorf("%d messages are found: %+v", len(list), list)
	}
}

// The spans of a transcript in clear lead back to the octets of the capture.
func TestSpans(t *testing.T) {
	made := wishes().Run()
	b := spoken(made)
	v := open(t, b)
	d := v.TLS[0].handshake()
	var joined []byte
	for _, s := range d.From {
		joined = append(joined, b[s.Off:s.End()]...)
	}
	if !bytes.Equal(joined, d.Bytes) {
		t.Errorf("the spans lead to %d octets that are not the %d of the transcript", len(joined), len(d.Bytes))
	}
	given := d.Given.(*handshake.Transcript)
	if given.Client != "192.0.2.1:40000" || given.Parts[0].From != handshake.Client || given.Parts[0].At.IsZero() {
		t.Errorf("the transcript begins with %+v", given.Parts[0])
	}
}

// tshark sees the same connections, and opens the same records.
func TestAgreesWithTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not here")
	}
	w := wishes()
	w.Data = [2][]byte{[]byte("question"), []byte("answer")}
	made := w.Run()
	dir := t.TempDir()
	file, log := filepath.Join(dir, "x.pcap"), filepath.Join(dir, "keys.log")
	b := spoken(made)
	os.WriteFile(file, b, 0o600)
	os.WriteFile(log, []byte(made.KeyLog), 0o600)
	out, err := exec.Command("tshark", "-r", file, "-o", "tls.keylog_file:"+log, "-T", "fields", "-e", "tls.handshake.type").Output()
	if err != nil {
		t.Skip("tshark does not read it: ", err)
	}
	theirs := len(strings.FieldsFunc(string(out), func(c rune) bool { return c < '0' || c > '9' }))
	ours := 0
	for _, m := range made.Sent {
		if m.Type == 22 {
			ours++
		}
	}
	readable(t, open(t, b, made.KeyLog), 1)
	if theirs != ours {
		t.Errorf("tshark sees %d handshake messages, there are %d", theirs, ours)
	}
}
