package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"strings"
)

// pasted is a scene of one text, made from a small response: that of the
// CA on P-256.
func pasted(form func(b []byte) string) func(s *scene) {
	return func(s *scene) {
		s.answerFor(s.ecCA, s.host("www.example.org", s.ecCA, nil))
		s.instead = []file{{"paste.txt", form(s.response.der())}}
	}
}

// binary is the same for what is not text.
func binary(form func(b []byte) []byte) func(s *scene) {
	return func(s *scene) {
		pasted(func([]byte) string { return "" })(s)
		s.instead = []file{hexFile("paste.hex", form(s.response.der()))}
	}
}

func pemText(b []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "OCSP RESPONSE", Bytes: b}))
}

func base64Text(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// wrapped breaks text into lines.
func wrapped(text string, width int) string {
	var t strings.Builder
	for ; len(text) > width; text = text[width:] {
		t.WriteString(text[:width] + "\n")
	}
	return t.String() + text + "\n"
}

// spaced is hex with something between octets.
func spaced(b []byte, before, between string) string {
	var all []string
	for _, c := range b {
		all = append(all, fmt.Sprintf("%s%02x", before, c))
	}
	return strings.Join(all, between)
}

// dump writes b in rows of 16, each made from its offset and octets.
func dump(b []byte, row func(offset int, part []byte) string) string {
	var t strings.Builder
	for i := 0; i < len(b); i += 16 {
		t.WriteString(strings.TrimRight(row(i, b[i:min(i+16, len(b))]), " ") + "\n")
	}
	return t.String()
}

// visible is the text column of a dump.
func visible(b []byte) string {
	out := make([]byte, len(b))
	for i, c := range b {
		out[i] = '.'
		if c >= ' ' && c <= '~' {
			out[i] = c
		}
	}
	return string(out)
}

func xxdRow(offset int, part []byte) string {
	var pairs []string
	for i := 0; i < len(part); i += 2 {
		pairs = append(pairs, hex.EncodeToString(part[i:min(i+2, len(part))]))
	}
	return fmt.Sprintf("%08x: %-39s  %s", offset, strings.Join(pairs, " "), visible(part))
}

func hexdumpRow(offset int, part []byte) string {
	left := spaced(part[:min(8, len(part))], "", " ")
	right := spaced(part[min(8, len(part)):], "", " ")
	return fmt.Sprintf("%08x  %-23s  %-23s  |%s|", offset, left, right, visible(part))
}

func odRow(offset int, part []byte) string {
	return fmt.Sprintf("%06x %s", offset, spaced(part, "", " "))
}

func wiresharkRow(offset int, part []byte) string {
	return fmt.Sprintf("%04x   %-48s  %s", offset, spaced(part, "", " "), visible(part))
}

func bioRow(offset int, part []byte) string {
	text := spaced(part, "", " ")
	if len(part) > 8 {
		text = text[:23] + "-" + text[24:]
	}
	return fmt.Sprintf("%04x - %-47s   %s", offset, text, visible(part))
}

// httpMessage is a response with these headers before a body.
func httpMessage(body []byte, lines ...string) []byte {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n"
	for _, l := range lines {
		head += l + "\r\n"
	}
	return append([]byte(head+"\r\n"), body...)
}

// stored is gzip without compression, so that no version of the compressor
// changes the vector.
func stored(b []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// armors is about the forms in which people paste.
var armors = []vector{
	{name: "pem", about: "PEM.", make: pasted(pemText)},
	{name: "pem-crlf", about: "PEM with CRLF line ends, as hex to keep them.",
		make: binary(func(b []byte) []byte { return []byte(strings.ReplaceAll(pemText(b), "\n", "\r\n")) })},
	{name: "pem-indented", about: "PEM, each line indented by four spaces.",
		make: pasted(func(b []byte) string {
			return "    " + strings.ReplaceAll(strings.TrimSpace(pemText(b)), "\n", "\n    ") + "\n"
		})},
	{name: "pem-quoted", about: "PEM, each line quoted as in a reply by mail.",
		make: pasted(func(b []byte) string {
			return "> " + strings.ReplaceAll(strings.TrimSpace(pemText(b)), "\n", "\n> ") + "\n"
		})},
	{name: "pem-one-line", about: "PEM in one line, spaces for line ends.",
		make: pasted(func(b []byte) string { return strings.ReplaceAll(strings.TrimSpace(pemText(b)), "\n", " ") + "\n" })},
	{name: "pem-escaped", about: "PEM in one line, backslash and n for line ends.",
		make: pasted(func(b []byte) string { return strings.ReplaceAll(pemText(b), "\n", `\n`) + "\n" })},
	{name: "pem-no-end", about: "PEM without the END line.",
		make: pasted(func(b []byte) string { return pemText(b)[:strings.Index(pemText(b), "-----END")] })},
	{name: "pem-other-label", about: "PEM with the label of a certificate around a response.",
		make: pasted(func(b []byte) string { return strings.ReplaceAll(pemText(b), "OCSP RESPONSE", "CERTIFICATE") })},
	{name: "pem-broken-base64", about: "PEM with a character that is not base64 in the middle.",
		make: pasted(func(b []byte) string { t := []byte(pemText(b)); t[200] = '*'; return string(t) })},

	{name: "base64", about: "Base64 in lines of 64.", make: pasted(func(b []byte) string { return wrapped(base64Text(b), 64) })},
	{name: "base64-one-line", about: "Base64 in one line.", make: pasted(func(b []byte) string { return base64Text(b) + "\n" })},
	{name: "base64url", about: "Base64url without padding.",
		make: pasted(func(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) + "\n" })},
	{name: "data-url", about: "A data: URL.",
		make: pasted(func(b []byte) string { return "data:application/ocsp-response;base64," + base64Text(b) + "\n" })},
	{name: "json-pem", about: "PEM inside a JSON string.",
		make: pasted(func(b []byte) string {
			return fmt.Sprintf("{\n  \"host\": \"www.example.org\",\n  \"staple\": %q\n}\n", pemText(b))
		})},
	{name: "json-base64", about: "Base64 inside a JSON string, slashes escaped.",
		make: pasted(func(b []byte) string {
			return `{"staple":"` + strings.ReplaceAll(base64Text(b), "/", `\/`) + "\"}\n"
		})},

	{name: "hex", about: "Hex in one line.", make: pasted(func(b []byte) string { return hex.EncodeToString(b) + "\n" })},
	{name: "hex-spaced", about: "Hex in capitals with spaces.",
		make: pasted(func(b []byte) string { return wrapped(strings.ToUpper(spaced(b, "", " ")), 48) })},
	{name: "hex-colon", about: "Hex with colons.", make: pasted(func(b []byte) string { return spaced(b, "", ":") + "\n" })},
	{name: "hex-prefixed", about: "Hex after 0x.", make: pasted(func(b []byte) string { return "0x" + hex.EncodeToString(b) + "\n" })},
	{name: "hex-c-array", about: "A C array.",
		make: pasted(func(b []byte) string {
			return "static const unsigned char staple[] = {\n" + wrapped(spaced(b, "0x", ", "), 72) + "};\n"
		})},
	{name: "hex-c-string", about: "A C string of escapes.",
		make: pasted(func(b []byte) string { return "\"" + spaced(b, `\x`, "") + "\"\n" })},
	{name: "dump-xxd", about: "The output of xxd.", make: pasted(func(b []byte) string { return dump(b, xxdRow) })},
	{name: "dump-hexdump", about: "The output of hexdump -C.",
		make: pasted(func(b []byte) string { return dump(b, hexdumpRow) + fmt.Sprintf("%08x\n", len(b)) })},
	{name: "dump-od", about: "The output of od -A x -t x1.",
		make: pasted(func(b []byte) string { return dump(b, odRow) + fmt.Sprintf("%06x\n", len(b)) })},
	{name: "dump-wireshark", about: "An offset dump of Wireshark.", make: pasted(func(b []byte) string { return dump(b, wiresharkRow) })},
	{name: "dump-openssl", about: "A dump as OpenSSL prints it.", make: pasted(func(b []byte) string { return dump(b, bioRow) })},
	{name: "dump-gap", about: "The output of xxd with one line missing.",
		make: pasted(func(b []byte) string {
			lines := strings.SplitAfter(dump(b, xxdRow), "\n")
			return strings.Join(append(lines[:5:5], lines[6:]...), "")
		})},

	{name: "der", about: "DER as it is.", make: binary(func(b []byte) []byte { return b })},
	{name: "der-after-junk", about: "DER after octets that are something else.",
		make: binary(func(b []byte) []byte { return append([]byte("\x00\x01junk\xff"), b...) })},
	{name: "pem-bom", about: "PEM after a byte order mark.",
		make: binary(func(b []byte) []byte { return []byte("\ufeff" + pemText(b)) })},
	{name: "pem-utf16", about: "PEM in UTF-16 with a byte order mark.",
		make: binary(func(b []byte) []byte {
			out := []byte{0xff, 0xfe}
			for _, c := range []byte(pemText(b)) {
				out = append(out, c, 0)
			}
			return out
		})},
	{name: "http", about: "An HTTP response.",
		make: binary(func(b []byte) []byte { return httpMessage(b, fmt.Sprintf("Content-Length: %d", len(b))) })},
	{name: "http-chunked", about: "An HTTP response in two chunks.",
		make: binary(func(b []byte) []byte {
			body := fmt.Sprintf("64\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", b[:100], len(b)-100, b[100:])
			return httpMessage([]byte(body), "Transfer-Encoding: chunked")
		})},
	{name: "http-gzip", about: "An HTTP response with gzip.",
		make: binary(func(b []byte) []byte {
			z := stored(b)
			return httpMessage(z, "Content-Encoding: gzip", fmt.Sprintf("Content-Length: %d", len(z)))
		})},
	{name: "http-login-page", about: "An HTTP response that is a web page.",
		make: pasted(func([]byte) string {
			return "HTTP/1.1 200 OK\nContent-Type: text/html\n\n<!doctype html>\n<title>Sign in</title>\n<p>Please sign in to use this network.\n"
		})},
	{name: "mangled-utf8", about: "DER that went through a text field: what is not UTF-8 was replaced.",
		make: binary(func(b []byte) []byte { return []byte(strings.ToValidUTF8(string(b), "\ufffd")) })},

	{name: "several", about: "A certificate, prose and a response in one paste.",
		make: func(s *scene) {
			s.answerFor(s.ecCA, s.host("www.example.org", s.ecCA, nil))
			text := "The server sends this:\n\n" + certFile("", s.leaf).text +
				"\nand the staple is\n\n" + pemText(s.response.der()) + "\nCan you have a look?\n"
			s.instead = []file{{"paste.txt", text}}
		}},
	{name: "several-forms", about: "A certificate as PEM and a response as hex in one paste.",
		make: func(s *scene) {
			s.answerFor(s.ecCA, s.host("www.example.org", s.ecCA, nil))
			s.instead = []file{{"paste.txt", certFile("", s.leaf).text + "\n" + hex.EncodeToString(s.response.der()) + "\n"}}
		}},
	{name: "x509-text", about: "The output of openssl x509 -text around a certificate.",
		make: func(s *scene) {
			text := "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Issuer: O = Example, CN = Example Issuing CA R3\n" +
				"        Subject: CN = www.example.org\n    Signature Value:\n        b2:66:f6:69:7a:a5:27:35:12:7d:a2:b2:08:01\n"
			s.instead = []file{{"paste.txt", text + certFile("", s.leaf).text}}
		}},
	{name: "prose", about: "Prose that holds nothing.",
		make: pasted(func([]byte) string { return "The server says that the staple is stale. What do I do now?\n" })},
	{name: "blank", about: "Nothing but white space.", make: pasted(func([]byte) string { return "  \n\t\n" })},
}
