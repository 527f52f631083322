package armor

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestSeveral splits inputs of several pieces. A line of want is offset,
// length, outermost layer or «-», known, and octets.
func TestSeveral(t *testing.T) {
	block := pemText("CERTIFICATE", seq(1, 1, 0, 1, 1, 0, 1, 1, 0))
	small := seq(2, 1, 5, 2, 1, 6)
	get := "GET /ocsp/" + b64(request) + " HTTP/1.1\r\nHost: a\r\n\r\n"
	tests := []struct{ name, in, want string }{
		{"empty", "", ""},
		{"white space", " \r\n\t\n", ""},
		{"punctuation", "----\n=====\n...\n", ""},
		{"prose", "This is a letter.\nIt holds nothing.\n", "0+35 - false 35"},
		{"text around PEM", "first\nline\n" + block + "between\n" + block + "\nlast", "0+10 - false 10|11+70 pem true 11|82+7 - false 7|90+70 pem true 11|162+4 - false 4"},
		{"two DER elements", string(der) + string(small), "0+334 - true 334|334+8 - true 8"},
		{"trailing octets stay", string(der) + "\x00\x01", "0+336 - true 336"},
		{"a small SEQUENCE behind stays", string(der) + "\x30\x03\x02\x01\x01", "0+339 - true 339"},
		{"truncated DER", string(der[:200]), "0+200 - true 200"},
		{"indefinite length", "\x30\x80\x30\x80\x02\x01\x05\x00\x00\x00\x00", "0+11 - true 11"},
		{"one octet", "\x30", "0+1 - false 1"},
		{"garbage", "\x01\x02\xff\xfe\x80\x81", "0+6 - false 6"},
		{"response inside garbage", "\x01\x02\xff" + string(der) + "\x80\x81", "0+3 - false 3|3+334 carved true 334|337+2 - false 2"},
		{"error response inside garbage", "\xff\xff\x30\x03\x0a\x01\x06\xee", "0+2 - false 2|2+5 carved true 5|7+1 - false 1"},
		{"base64, then a word", wrap(b64(der), 64, "", "") + "Thanks\n", "0+454 base64 true 334|455+6 - false 6"},
		{"two base64 lines", b64(small) + "\n" + b64(small) + "\n", "0+12 base64 true 8|13+12 base64 true 8"},
		{"a size, then hex", "1327\n" + each(der, "%02x", "") + "\n", "0+4 - false 4|5+668 hex true 334"},
		{"two HTTP messages", get + httpText(fmt.Sprintf("Content-Length: %d\r\n", len(der)), der), "0+124 http true 69|124+415 http true 334"},
		{"http without body", "HTTP/1.1 304 Not Modified\r\nA: b\r\n\r\n", "0+35 http true 0"},
		{"http with a page", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>none</p>", "0+62 http false 11"},
		{"json with other values", `{"id": "something", "n": 5, "r": "` + b64(small) + `"}`, "7+19 - false 19|33+14 json true 8"},
		{"mangled DER", "0\xef\xbf\xbd\x01J\x0a\x01\x00\xef\xbf\xbd", "0+12 - false 12"},
		{"hex that goes on at the margin", "OCSP Response Data:\n    OCSP Nonce:\n        0410\\\n0203\n    a\nend\n", "0+60 openssl-text true 60|61+3 - false 3"},
		{"repeated lines", "00000000  30 1e 02 01 05 04 19 00  00 00 00 00 00 00 00 00  |0|\n00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |.|\n*\n00000020\n", "0+138 hex true 32"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			pieces := Split([]byte(tt.in), Limits{})
			for _, p := range pieces {
				layer := "-"
				if len(p.Layers) > 0 {
					layer = p.Layers[0].Name
				}
				got = append(got, fmt.Sprintf("%d+%d %s %v %d", p.Off, p.Len, layer, p.Known, len(p.Bytes)))
				checkSpans(t, []byte(tt.in), p)
			}
			if s := strings.Join(got, "|"); s != tt.want {
				t.Errorf("got  %s\nwant %s%s", s, tt.want, outline(pieces))
			}
		})
	}
}

// TestUnrecognised holds words that look like hex or base64 a little.
func TestUnrecognised(t *testing.T) {
	for _, s := range []string{
		"deadbeef", "cafe babe", "1234 56 78", "0000", "MIIthisisnot", "MII", "Maximilian", "30", "30 days", "0x30",
		"/usr/local/share/ca-certificates/extra/company-internal-root-2024.crt",
		"https://www.example.org/status/index.html", "data:,hello", "Managementinformationssysteme",
		"the/quick/brown/fox/jumps/over/the/lazy/dog", "2026-11-20 10:14:13", "{\"a\": 1}", "[1, 2, 3]", "M", "HTTP/1.1",
		"-----BEGIN", "-----END X-----", "ThisIsOneVeryLongIdentifierOfAProgramWithoutAnyDigits",
	} {
		for _, p := range Split([]byte(s), Limits{}) {
			if p.Known {
				t.Errorf("%q:%s", s, outline([]Piece{p}))
			}
		}
	}
}

func TestProblems(t *testing.T) {
	block := pemText("X", der)
	tests := []struct{ name, in, want string }{
		{"no END", strings.Split(block, "-----END")[0], "has no END line"},
		{"other END", strings.Replace(block, "END X", "END Y", 1), "begins as «X» and ends as «Y»"},
		{"a character in base64", strings.Replace(block, "\n", "\n?", 2), "octet 3f is not base64"},
		{"a lost character", strings.Replace(pemText("X", der[:333]), "\nM", "\n", 1) + "", ""},
		{"empty block", "-----BEGIN X-----\n-----END X-----\n", "is empty"},
		{"words of a dump", "0000000 0330 010a 0006\n0000005\n", "words of 2 octets"},
		{"asn1parse", "    0:d=0  hl=2 l=   5 cons: SEQUENCE          \n    2:d=1  hl=2 l=   3 prim: BIT STRING        \n", "the contents at offset 2"},
		{"mangled", "0\xef\xbf\xbd\x01J\x0a\x01\x00\xef\xbf\xbd", "cannot be undone"},
		{"mangled body", httpText("", []byte("0\xef\xbf\xbd\x01J\x0a\x01\x00\xef\xbf\xbd")), "cannot be undone"},
		{"message cut short", "<<< TLS 1.2, Handshake [length 0010], Finished\n    14 00 00 0c 1a\n", "has 16 octets, 5 of them"},
		{"gzip cut short", string(gz(der)[:100]), "breaks off"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pieces := Split([]byte(tt.in), Limits{})
			if s := outline(pieces); len(pieces) != 1 || !strings.Contains(s, tt.want) {
				t.Errorf("want %q in%s", tt.want, s)
			}
			for _, p := range pieces {
				for _, m := range p.Problems {
					if m.Off < 0 || m.Off > len(tt.in) {
						t.Errorf("problem at %d of %d", m.Off, len(tt.in))
					}
				}
			}
		})
	}
}

func TestHTTP(t *testing.T) {
	in := "POST /o HTTP/1.1\r\nHost: a.example\r\nContent-Length: 80\r\nX: 1\r\n\r\n" + string(request)
	p := Split([]byte(in), Limits{})[0]
	h := p.HTTP
	if h == nil || !h.Request || h.Method != "POST" || h.Target != "/o" || len(h.Headers) != 3 || h.Headers[0] != (Header{"Host", "a.example"}) {
		t.Fatalf("%+v", h)
	}
	if h.DeclaredLength != 80 || !bytes.Equal(p.Bytes, request) || len(h.Problems) != 1 {
		t.Errorf("%+v", h)
	}
	r := Split([]byte(httpText("Transfer-Encoding: chunked\r\n", der)), Limits{})[0]
	if r.HTTP.Status != 200 || r.HTTP.Reason != "OK" || r.Label != "application/ocsp-response" || len(r.HTTP.Problems) != 1 || !bytes.Equal(r.Bytes, der) {
		t.Errorf("%s %+v", outline([]Piece{r}), r.HTTP)
	}
}

// TestURL spells one request in the ways seen in logs.
func TestURL(t *testing.T) {
	s := b64(request)
	if !strings.Contains(s, "/") || !strings.Contains(s, "+") {
		t.Fatal("the request has no / and + in base64")
	}
	escaped := strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(s)
	for _, target := range []string{
		"http://a.example/" + escaped,
		"http://a.example//x/" + escaped,
		"https://a.example/" + s,
		"http://a.example/" + strings.TrimRight(s, "="),
		"http://a.example/" + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(s),
		"http://a.example/" + strings.ReplaceAll(s, "+", " "),
		"http://a.example/" + strings.ReplaceAll(escaped, "%", "%25"),
		"http://a.example/" + strings.ReplaceAll(escaped, "%2B", "%2b"),
		`1.2.3.4 - - [20/Nov/2026] "GET /` + escaped + ` HTTP/1.1" 200 5`,
		`curl -s "http://a.example/` + escaped + `" -o out`,
	} {
		pieces := known(Split([]byte(target), Limits{}))
		if len(pieces) != 1 || !bytes.Equal(pieces[0].Bytes, request) || pieces[0].HTTP == nil || pieces[0].HTTP.Method != "GET" {
			t.Errorf("%s:%s", target, outline(pieces))
		}
	}
}

// What is claimed is one thing, whatever lies in it; the block of a session is
// one piece, with the dump of its ticket.
func TestClaimed(t *testing.T) {
	in := "\x01\x02\xff" + string(der) + "\x80\x81"
	claim := func(b []byte) bool { return len(b) == len(in) }
	if pieces := Split([]byte(in), Limits{Claims: claim}); len(pieces) != 1 || string(pieces[0].Bytes) != in || !pieces[0].Known {
		t.Errorf("claimed octets are taken apart:%s", outline(pieces))
	}
	block := "SSL-Session:\n    Protocol  : TLSv1.2\n    TLS session ticket:\n    0000 - 2e ba 5c                                          ..\\\n\n    Timeout   : 7200 (sec)"
	pieces := Split([]byte("---\n"+block+"\n---\nDONE\n"), Limits{})
	if len(pieces) != 2 || string(pieces[0].Bytes) != block || pieces[0].Label != "openssl-session" || !pieces[0].Text || !pieces[0].Known {
		t.Errorf("a printed session is not one piece:%s", outline(pieces))
	}
}

func TestSecrets(t *testing.T) {
	key := seq(2, 1, 0, 0x30, 3, 6, 1, 0x2a, 4, 2, 1, 2)
	for _, in := range []string{
		pemText("PRIVATE KEY", der), pemText("EC PRIVATE KEY", der), pemText("ENCRYPTED PRIVATE KEY", der),
		pemText("SSL SESSION PARAMETERS", der), string(key), b64(key),
		"    Master-Key: 00112233\n", "    Resumption PSK: 00112233\n",
		"SSL-Session:\n    Protocol  : TLSv1.2\n    Master-Key: 00112233\n",
		"CLIENT_RANDOM " + strings.Repeat("ab", 32) + " " + strings.Repeat("cd", 48) + "\n",
		strings.Replace(strings.Split(pemText("PRIVATE KEY", der), "-----END")[0], "\nP", "\n*?", 1),
		"text -----BEGIN PRIVATE KEY----\nbroken\n",
		`{"key": ` + quote(pemText("PRIVATE KEY", der)) + `}`,
	} {
		pieces := Split([]byte(in), Limits{})
		if len(pieces) != 1 || !pieces[0].Secret {
			t.Errorf("%.40q:%s", in, outline(pieces))
		}
	}
	const secret = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X0Z6uPKZTPs"
	for _, in := range []string{
		`{"kty": "EC", "d": "` + secret + `"}`, `{"d": "` + secret + `", "kty": "EC"}`,
		`{"keys": [{"kty": "oct", "k": "` + secret + `"}], "cert": ` + quote(pemText("CERTIFICATE", der)) + `}`,
	} {
		hidden := false
		for _, p := range Split([]byte(in), Limits{}) {
			hidden = hidden || p.Secret
			if !p.Secret && (p.Off < strings.Index(in, secret)+len(secret) && p.Off+p.Len > strings.Index(in, secret)) {
				t.Errorf("%s: the key is in what is no secret:%s", in, outline([]Piece{p}))
			}
		}
		if !hidden {
			t.Errorf("%s: no secret is found", in)
		}
	}
	for _, p := range Split([]byte(strings.SplitN(pemText("PRIVATE KEY", der), "\n", 2)[1]), Limits{}) {
		if !p.Secret {
			t.Errorf("a key without BEGIN:%s", outline([]Piece{p}))
		}
	}
	if p := Split([]byte("Master-Key: None\n"+pemText("X", der)), Limits{}); p[len(p)-1].Secret {
		t.Error("a response is no secret")
	}
}

func TestLimits(t *testing.T) {
	many := bytes.Repeat([]byte(pemText("X", der)), 20)
	pieces := Split(many, Limits{Pieces: 5})
	if len(pieces) != 5 || pieces[4].Known || pieces[4].Off+pieces[4].Len != len(many)-1 || len(pieces[4].Problems) != 1 {
		t.Errorf("pieces:%s", outline(pieces))
	}
	total := 0
	for _, p := range Split(many, Limits{Bytes: 1000}) {
		if p.Known {
			total += len(p.Bytes)
		}
	}
	if total > 1000 {
		t.Errorf("%d octets decoded, the limit is 1000", total)
	}
	bomb := gz(make([]byte, 1<<20))
	if p := Split(bomb, Limits{Bytes: 1000}); len(p) != 1 || len(p[0].Bytes) > 1000 || len(p[0].Problems) == 0 {
		t.Errorf("bomb:%s", outline(p))
	}
	deep := der
	for range 12 {
		deep = gz(deep)
	}
	if p := Split(deep, Limits{}); len(p) != 1 || len(p[0].Layers) != 8 || len(p[0].Problems) == 0 {
		t.Errorf("deep:%s", outline(p))
	}
}

// TestLinear gives inputs at which a search that looks ahead takes time that
// grows with the square.
func TestLinear(t *testing.T) {
	const size = 2 << 20
	for _, s := range []string{
		"-----BEGIN X-----", "-----BEGIN X-----\n", "-----BEGIN ", "-----END X-----\n", "-", "[", "[\n", "{\"a\":", "{\"a\":\n", "\"",
		"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "GET / HTTP/1.1\n\n", "< HTTP/1.1 200 OK\n",
		"0x30 0x82 ", "0x30,", `\x30`, `"\x30`, `"\x30\x82"` + "\n", "30:82:", "MII", "MIIE\n", "MIIE ", "0000 30 82\n", "00000000: 3082\n",
		"http://a/", "http://a/M ", "M/", "data:;base64,", "\x30\x80", "\x30\x82\x01\x00", "\x0a\x01\x00", "\x30\x03\x0a\x01\x06",
		"Certificate:\n", "Certificate:\n    Data:\n", "<<< TLS 1.2, Handshake [length ffff], X\n", "0:d=0  hl=2 l=   5 cons: SEQUENCE\n", "=3D", "=",
		"a: good\n", "Response verify OK\n", "> ", "*\n", "[1,", "[1,2]", "\xff\xfe", "\x1f\x8b\x08", "\xef\xbf\xbd", "30 ", "3082 ", "\"a\" ", "MIIFKwoBAKCC",
		"48 130 5 43 10 1 0 ", "48 130 5 43 10 1 0 999 ", `"\x30aaaaaaaaaaaaaaaa" `, "48,",
	} {
		in := bytes.Repeat([]byte(s), size/len(s))
		start := time.Now()
		Split(in, Limits{})
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("%q repeated: %v", s, d)
		} else if d > 300*time.Millisecond {
			t.Logf("%q repeated: %v", s, d)
		}
	}
}

// A key, in hex or as it is, keeps all its octets, also where they look like white space, like
// a byte order mark or like text in some charset.
func TestKeysStayWhole(t *testing.T) {
	var tries [][]byte
	for _, key := range []string{
		"0a722d43d43ce2948652a5f73670e7e9da9bab88bed9c2ff772eb66f5a3c5df7",
		"af58f5a4a4ba09f2fff44e5d8b6bf7cfa90938ab9981cbc371cc7c4da892ba09",
		"feffe670f3180b4d8569922d71557584713598aafb3a7f44e3f5ddb1128d864c",
	} {
		b, _ := hex.DecodeString(key)
		tries = append(tries, b)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		b := make([]byte, 32)
		for i := range b {
			// Seldom a control character, often white space or a letter beyond ASCII.
			b[i] = byte(random.UintN(256)) | 0x80*byte(random.UintN(2))
		}
		b[0], b[31] = "\t\n\r \xfe\xff\xefa"[random.IntN(8)], "\t\n\r \xfe\xff\xefa"[random.IntN(8)]
		tries = append(tries, b)
	}
	for _, b := range tries {
		if utf8.Valid(b) {
			continue
		}
		for _, in := range [][]byte{b, []byte(hex.EncodeToString(b))} {
			if got := Split(in, Limits{}); len(got) != 1 || !bytes.Equal(got[0].Bytes, b) {
				t.Fatalf("%x (given with %d octets) becomes %d pieces, the first %x", b, len(in), len(got), got[0].Bytes)
			}
		}
	}
}
