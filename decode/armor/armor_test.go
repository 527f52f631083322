package armor

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seq is a SEQUENCE around contents.
func seq(contents ...byte) []byte {
	n := len(contents)
	switch {
	case n < 0x80:
		return append([]byte{0x30, byte(n)}, contents...)
	case n < 0x100:
		return append([]byte{0x30, 0x81, byte(n)}, contents...)
	}
	return append([]byte{0x30, 0x82, byte(n >> 8), byte(n)}, contents...)
}

// response is an OCSPResponse in its outer shape, with n octets of noise for
// what is signed.
func response(n int) []byte {
	noise := make([]byte, n)
	x := uint32(1)
	for i := range noise {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	body := seq(noise...)
	octets := append([]byte{0x04, 0x82, byte(len(body) >> 8), byte(len(body))}, body...)
	basic := seq(append(bytes.Clone(oidBasic), octets...)...)
	return seq(append([]byte{0x0a, 1, 0, 0xa0, 0x82, byte(len(basic) >> 8), byte(len(basic))}, basic...)...)
}

// request is an OCSPRequest of the common size. Its base64 holds a / right
// before an inner SEQUENCE, so that the tail of a URL path is whole DER too.
var request = seq(seq(seq(seq(seq([]byte("\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00" +
	"\x04\x14\xfb\xff\xbf\x00\xfb\xff\xbf\x00\xfb\xff\xbf890123456789"[:22] + "\x04\x14abcdefghijklmnopqrst\x02\x02\x10\x0a")...)...)...)...)...)

var der = response(300)

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// wrap breaks s into lines of n characters.
func wrap(s string, n int, prefix, suffix string) string {
	var out strings.Builder
	for len(s) > n {
		out.WriteString(prefix + s[:n] + suffix + "\n")
		s = s[n:]
	}
	return out.String() + prefix + s + suffix + "\n"
}

func pemText(label string, b []byte) string {
	return "-----BEGIN " + label + "-----\n" + wrap(b64(b), 64, "", "") + "-----END " + label + "-----\n"
}

func gz(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// each spells every octet with a format, and a separator between them.
func each(b []byte, format, separator string) string {
	var s []string
	for _, c := range b {
		s = append(s, fmt.Sprintf(format, c))
	}
	return strings.Join(s, separator)
}

// dumpText prints lines of 16 octets by a function.
func dumpText(b []byte, row func(off int, b []byte) string) string {
	var out strings.Builder
	for i := 0; i < len(b); i += 16 {
		out.WriteString(row(i, b[i:min(i+16, len(b))]) + "\n")
	}
	return out.String()
}

// ascii is the text column of a dump.
func ascii(b []byte) string {
	out := bytes.Clone(b)
	for i, c := range out {
		if c < ' ' || c > '~' {
			out[i] = '.'
		}
	}
	return string(out)
}

// words prints groups of two octets, exchanged when swap is set.
func words(b []byte, swap bool) string {
	var s []string
	for i := 0; i < len(b); i += 2 {
		w := append(bytes.Clone(b[i:min(i+2, len(b))]), 0)[:2]
		if swap {
			w[0], w[1] = w[1], w[0]
		} else if i+1 == len(b) {
			w = w[:1]
		}
		s = append(s, hex.EncodeToString(w))
	}
	return strings.Join(s, " ")
}

func utf16(s string) []byte {
	out := []byte{0xff, 0xfe}
	for _, r := range s {
		out = append(out, byte(r), byte(r>>8))
	}
	return out
}

func chunked(b []byte) string {
	half := len(b) / 2
	return fmt.Sprintf("%x\r\n%s\r\n%X;ext=1\r\n%s\r\n0\r\n\r\n", half, b[:half], len(b)-half, b[half:])
}

func httpText(headers string, body []byte) string {
	return "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n" + headers + "\r\n" + string(body)
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// forms spell der, and nothing else is found in them.
var forms = []struct {
	name, in string
	layers   string
}{
	{"der", string(der), ""},
	{"pem", pemText("OCSP RESPONSE", der), "pem"},
	{"pem crlf", strings.ReplaceAll(pemText("OCSP RESPONSE", der), "\n", "\r\n"), "pem"},
	{"pem unknown label", pemText("MY OWN THING", der), "pem"},
	{"pem indented", "    " + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n    ") + "\n", "pem"},
	{"pem quoted mail", "> " + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n> ") + "\n", "pem"},
	{"pem comment", "# " + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n# ") + "\n", "pem"},
	{"pem slashes", "// " + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n// ") + "\n", "pem"},
	{"pem diff", "+" + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n+") + "\n", "pem"},
	{"pem c strings", `"` + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\\n\"\n\"") + "\\n\";\n", "pem"},
	{"pem java strings", `"` + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\\n\" +\n  \"") + "\\n\";\n", "pem"},
	{"pem escaped", quote(strings.ReplaceAll(pemText("X", der), "\n", "\r\n")), "pem"},
	{"pem one line", "-----BEGIN X-----" + b64(der) + "-----END X-----", "pem"},
	{"pem spaces for breaks", strings.ReplaceAll(pemText("X", der), "\n", " "), "pem"},
	{"pem headers", strings.Replace(pemText("X", der), "-----\n", "-----\nProc-Type: 4,CLEAR\nX-Long: a,\n b\n\n", 1), "pem"},
	{"pem no end", strings.Split(pemText("X", der), "-----END")[0], "pem"},
	{"pem wrong end", strings.Replace(pemText("X", der), "END X", "END Y", 1), "pem"},
	{"base64", b64(der), "base64"},
	{"base64 lines", wrap(b64(der), 64, "", ""), "base64"},
	{"base64 crlf", strings.ReplaceAll(wrap(b64(der), 76, "", ""), "\n", "\r\n"), "base64"},
	{"base64 odd lines", wrap(b64(der), 61, "", ""), "base64"},
	{"base64 quoted", `"` + b64(der) + `"`, "base64"},
	{"base64 strings", wrap(b64(der), 64, `    "`, `\n"`), "base64"},
	{"base64 no padding", strings.TrimRight(b64(der), "="), "base64"},
	{"base64url", base64.RawURLEncoding.EncodeToString(der), "base64url"},
	{"base64 twice", b64([]byte(pemText("X", der))), "base64 pem"},
	{"hex", hex.EncodeToString(der), "hex"},
	{"hex capitals", strings.ToUpper(hex.EncodeToString(der)), "hex"},
	{"hex stream lines (xxd -p)", wrap(hex.EncodeToString(der), 60, "", ""), "hex"},
	{"hex spaces", each(der, "%02x", " "), "hex"},
	{"hex colons", each(der, "%02X", ":"), "hex"},
	{"hex colon lines", wrap(each(der, "%02x:", ""), 54, "    ", ""), "hex"},
	{"hex 0x", "0x" + hex.EncodeToString(der), "hex"},
	{"hex commas", each(der, "0x%02x", ", "), "hex"},
	{"hex escapes", each(der, `\x%02x`, ""), "hex"},
	{"c string", `"` + each(der, `\x%02x`, "") + `"`, "hex"},
	{"c strings", wrap(each(der, `\x%02x`, ""), 64, `"`, `"`), "hex"},
	{"c array", "static const unsigned char resp[] = {\n" + wrap(each(der, "0x%02x, ", ""), 72, "  ", "") + "};\n", "hex"},
	{"c array, data in the first line", "unsigned char r[] = { " + each(der, "0x%02x", ", ") + " };\n", "hex"},
	{"xxd", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%08x: %-39s  %s", off, words(b, false), ascii(b))
	}), "hex"},
	{"hexdump -C", dumpText(der, func(off int, b []byte) string {
		k := min(8, len(b))
		return fmt.Sprintf("%08x  %-24s %-24s |%s|", off, each(b[:k], "%02x", " "), each(b[k:], "%02x", " "), ascii(b))
	}) + fmt.Sprintf("%08x\n", len(der)), "hex"},
	{"hexdump", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%07x %s", off, words(b, true))
	}) + fmt.Sprintf("%07x\n", len(der)), "hex"},
	{"od -Ax -t x1", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%06x %s", off, each(b, "%02x", " "))
	}) + fmt.Sprintf("%06x\n", len(der)), "hex"},
	{"od -t x1", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%07o %s", off, each(b, "%02x", " "))
	}) + fmt.Sprintf("%07o\n", len(der)), "hex"},
	{"od -Ad -t x1", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%07d %s", off, each(b, "%02x", " "))
	}) + fmt.Sprintf("%07d\n", len(der)), "hex"},
	{"od -An", dumpText(der, func(off int, b []byte) string { return " " + each(b, "%02x", " ") }), "hex"},
	{"BIO_dump", dumpText(der, func(off int, b []byte) string {
		k := min(8, len(b))
		s := each(b[:k], "%02x", " ")
		if len(b) > 8 {
			s += "-" + each(b[8:], "%02x", " ")
		}
		return fmt.Sprintf("    %04x - %-47s   %s", off, s, ascii(b))
	}), "hex"},
	{"Wireshark", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("%04x  %-47s   %s", off, each(b, "%02x", " "), ascii(b))
	}), "hex"},
	{"Wireshark, gap in the middle", dumpText(der, func(off int, b []byte) string {
		k := min(8, len(b))
		return fmt.Sprintf("%04x  %-23s  %-23s  %s", off, each(b[:k], "%02x", " "), each(b[k:], "%02x", " "), ascii(b))
	}), "hex"},
	{"tcpdump -X", dumpText(der, func(off int, b []byte) string {
		return fmt.Sprintf("\t0x%04x:  %-39s  %s", off, words(b, false), ascii(b))
	}), "hex"},
	{"http", httpText(fmt.Sprintf("Content-Length: %d\r\n", len(der)), der), "http"},
	{"http without length", httpText("", der), "http"},
	{"http bare line feeds", strings.ReplaceAll(httpText("", nil), "\r", "") + string(der), "http"},
	{"http chunked", httpText("Transfer-Encoding: chunked\r\n", []byte(chunked(der))), "http"},
	{"http gzip", httpText("Content-Encoding: gzip\r\n", gz(der)), "http gzip"},
	{"http chunked gzip", httpText("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", []byte(chunked(gz(der)))), "http gzip"},
	{"http deflate", httpText("Content-Encoding: deflate\r\n", zl(der)), "http deflate"},
	{"http base64", httpText(fmt.Sprintf("Content-Length: %d\r\n", len(der)), []byte(b64(der))), "http base64"},
	{"http pem", httpText("", []byte(pemText("X", der))), "http pem"},
	{"curl -v", "< HTTP/1.1 200 OK\r\n< Content-Type: application/ocsp-response\r\n< \r\n{ [1327 bytes data]\r\n* Connection #0 left intact\n" + string(der), "http"},
	{"gzip", string(gz(der)), "gzip"},
	{"gzip of pem", string(gz([]byte(pemText("X", der)))), "gzip pem"},
	{"json", `{"n": {"resp": [` + quote(b64(der)) + `]}}`, "json base64"},
	{"json pem", `{"resp": ` + quote(pemText("X", der)) + `}`, "json pem"},
	{"json in json", quoteIn(`{"resp": ` + quote(pemText("X", der)) + `}`), "json json pem"},
	{"json octets", `{"type": "Buffer", "data": [` + each(der, "%d", ",") + `]}`, "json decimal"},
	{"yaml", "response: |\n" + wrap(b64(der), 64, "  ", ""), "yaml base64"},
	{"yaml pem", "a:\n  response: |\n    " + strings.ReplaceAll(strings.TrimSpace(pemText("X", der)), "\n", "\n    ") + "\n", "yaml pem"},
	{"decimal", "[" + each(der, "%d", " ") + "]", "decimal"},
	{"signed decimal array", "byte[] b = {" + signed(der) + "};", "decimal"},
	{"go octets", "[]byte{" + each(der, "0x%x", ", ") + "}", "hex"},
	{"python octets", "b'" + each(der, `\x%02x`, "") + "'", "hex"},
	{"data url", "data:application/ocsp-response;base64," + b64(der), "data-url base64"},
	{"data url escaped", "data:application/ocsp-response;base64," + url.QueryEscape(b64(der)), "data-url base64"},
	{"quoted-printable", strings.ReplaceAll(strings.ReplaceAll(pemText("X", der), "=", "=3D"), "A", "=41"), "quoted-printable pem"},
	{"quoted-printable wrapped", "=3D=\n" + pemText("X", der[:len(der)/3*3]) + "", "quoted-printable pem"},
	{"utf-16", string(utf16(pemText("X", der))), "charset pem"},
	{"utf-8 with mark", "\xef\xbb\xbf" + pemText("X", der), "charset pem"},
	{"named value", "response = " + b64(der) + ";", "base64"},
	{"named hex value", "resp: " + hex.EncodeToString(der), "hex"},
}

// signed spells octets as Java prints them.
func signed(b []byte) string {
	var s []string
	for _, c := range b {
		s = append(s, fmt.Sprint(int8(c)))
	}
	return strings.Join(s, ", ")
}

func zl(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func quoteIn(s string) string { return `{"inner": ` + quote(s) + `}` }

func layerNames(p Piece) string {
	var s []string
	for _, l := range p.Layers {
		s = append(s, l.Name)
	}
	return strings.Join(s, " ")
}

func known(pieces []Piece) (out []Piece) {
	for _, p := range pieces {
		if p.Known {
			out = append(out, p)
		}
	}
	return out
}

func TestForms(t *testing.T) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			want := der
			if f.name == "quoted-printable wrapped" {
				want = der[:len(der)/3*3]
			}
			pieces := known(Split([]byte(f.in), Limits{}))
			if len(pieces) != 1 {
				t.Fatalf("%d pieces, want 1: %s", len(pieces), outline(pieces))
			}
			p := pieces[0]
			if !bytes.Equal(p.Bytes, want) {
				t.Errorf("%d octets, want %d:\n%x\n%x", len(p.Bytes), len(want), p.Bytes, want)
			}
			if got := layerNames(p); got != f.layers {
				t.Errorf("layers %q, want %q", got, f.layers)
			}
			if p.Off+p.Len > len(f.in) || p.Len < 12 {
				t.Errorf("place %d+%d of %d", p.Off, p.Len, len(f.in))
			}
			checkSpans(t, []byte(f.in), p)
		})
	}
}

// checkSpans looks up octets through the spans where they are spelled in hex,
// or stand as they are.
func checkSpans(t *testing.T, in []byte, p Piece) {
	t.Helper()
	last := Layer{}
	if n := len(p.Layers); n > 0 {
		last = p.Layers[n-1]
	}
	n := 0
	for _, s := range p.Spans {
		for i := range s.OutLen {
			off, w := s.At(i)
			n++
			if off < p.Off || off+w > p.Off+p.Len {
				t.Fatalf("octet %d at %d+%d lies outside %d+%d", s.Out+i, off, w, p.Off, p.Len)
			}
			v := int(p.Bytes[s.Out+i])
			text := strings.ToLower(string(in[off : off+w]))
			switch {
			case last.Name == "" || last.Name == "http" || last.Name == "carved":
				if int(in[off]) != v {
					t.Fatalf("octet %d is %02x, its place holds %02x", s.Out+i, v, in[off])
				}
			case last.Name == "hex" && last.Label != "string":
				if !strings.Contains(text, fmt.Sprintf("%02x", v)) && text != fmt.Sprintf("0x%x", v) {
					t.Fatalf("octet %d is %02x, its place holds %q", s.Out+i, v, text)
				}
			}
		}
	}
	if len(p.Spans) > 0 && n != len(p.Bytes) {
		t.Errorf("spans tell of %d octets, the piece has %d", n, len(p.Bytes))
	}
}

func outline(pieces []Piece) string {
	var s strings.Builder
	for _, p := range pieces {
		fmt.Fprintf(&s, "\n  %d+%d %v %q known=%v text=%v secret=%v %d octets", p.Off, p.Len, p.Layers, p.Label, p.Known, p.Text, p.Secret, len(p.Bytes))
		for _, m := range p.Problems {
			fmt.Fprintf(&s, " (%d: %s)", m.Off, m.Message)
		}
	}
	return s.String()
}

// TestFixtures splits files that OpenSSL and other programs made.
func TestFixtures(t *testing.T) {
	dir := os.Getenv("DERSCOPE_FIXTURES")
	if dir == "" {
		t.Skip("DERSCOPE_FIXTURES names no directory of fixtures")
	}
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := map[string][]byte{
		"response": read("forms/response.der"), "request": read("req/good-nonce.der"),
		"request.get": read("req/good.der"), "request.url": read("req/good.der"), "request.url-unescaped": read("req/good.der"),
	}
	names, _ := filepath.Glob(filepath.Join(dir, "forms", "*"))
	for _, name := range names {
		base := filepath.Base(name)
		kind, form, _ := strings.Cut(base, ".")
		pieces := Split(read("forms/"+base), Limits{})
		if form == "openssl-text" {
			if !pieces[0].Text || !pieces[0].Known {
				t.Errorf("%s: %s", base, outline(pieces))
			}
			continue
		}
		octets := want[kind]
		if w, ok := want[base]; ok {
			octets = w
		}
		if len(pieces) != 1 || !bytes.Equal(pieces[0].Bytes, octets) {
			t.Errorf("%s:%s", base, outline(pieces))
		}
	}
}
