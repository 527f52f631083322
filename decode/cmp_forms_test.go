package decode

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"testing"

	"derscope/decode/armor"
)

// formsOf are ways to write down one message, by name.
func formsOf(der []byte) map[string]string {
	b64 := base64.StdEncoding.EncodeToString(der)
	wrapped := func(n int, eol string) string {
		var t strings.Builder
		for s := b64; s != ""; {
			k := min(n, len(s))
			t.WriteString(s[:k] + eol)
			s = s[k:]
		}
		return t.String()
	}
	block := func(label string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
	}
	each := func(form, between string) string {
		var parts []string
		for _, c := range der {
			parts = append(parts, fmt.Sprintf(form, c))
		}
		return strings.Join(parts, between)
	}
	signed := func(between string) string {
		var parts []string
		for _, c := range der {
			parts = append(parts, fmt.Sprint(int8(c)))
		}
		return strings.Join(parts, between)
	}
	rows := func(n int, form func(off int, row []byte) string) string {
		var t strings.Builder
		for off := 0; off < len(der); off += n {
			t.WriteString(form(off, der[off:min(off+n, len(der))]) + "\n")
		}
		return t.String()
	}
	printable := func(row []byte) string {
		return strings.Map(func(c rune) rune {
			if c < 32 || c > 126 {
				return '.'
			}
			return c
		}, string(latin1(row)))
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write(der)
	w.Close()
	request := "POST /.well-known/cmp HTTP/1.1\r\nHost: ra.example.org\r\nContent-Type: application/pkixcmp\r\n"
	answer := "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\n"
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n", len(der))
	har, _ := json.Marshal(map[string]any{"log": map[string]any{"entries": []any{map[string]any{
		"request":  map[string]any{"method": "POST", "url": "http://ra.example.org/pkix/", "postData": map[string]any{"mimeType": "application/pkixcmp", "encoding": "base64", "text": b64}},
		"response": map[string]any{"status": 500, "content": map[string]any{"mimeType": "text/plain", "text": "no"}}}}}})
	return map[string]string{
		"der":                string(der),
		"pem PKIXCMP":        block("PKIXCMP"),
		"pem PKIMESSAGE":     block("PKIMESSAGE"),
		"pem CMP":            block("CMP MESSAGE"),
		"pem CERTIFICATE":    block("CERTIFICATE"),
		"base64, one line":   b64,
		"base64, 64":         wrapped(64, "\n"),
		"base64, 76, CRLF":   wrapped(76, "\r\n"),
		"base64, # lines":    "# an ir of the interop event\n# sent twice\n" + wrapped(64, "\n"),
		"base64, URL":        base64.URLEncoding.EncodeToString(der),
		"base64, no padding": base64.RawStdEncoding.EncodeToString(der),
		"base64, \\n":        strings.ReplaceAll(wrapped(64, "\n"), "\n", `\n`),
		"base64, \\/":        strings.ReplaceAll(b64, "/", `\/`),
		"hex":                hex.EncodeToString(der),
		"hex, upper":         strings.ToUpper(hex.EncodeToString(der)),
		"hex, blanks":        each("%02x", " "),
		"hex, colons":        each("%02X", ":"),
		"hex, commas":        each("0x%02x", ", "),
		"hex, \\x":           `"` + each(`\x%02x`, "") + `"`,
		"C array":            "static const unsigned char ir[] = {\n  " + each("0x%02x", ", ") + "\n};\nunsigned int ir_len = " + fmt.Sprint(len(der)) + ";\n",
		"Java array":         "byte[] ir = new byte[] { " + each("(byte) 0x%02x", ", ") + " };",
		"signed":             signed(", "),
		"signed, brackets":   "[" + signed(", ") + "]",
		"signed, log":        "DEBUG body=" + "[" + signed(", ") + "] sent",
		"xxd": rows(16, func(off int, row []byte) string {
			var h strings.Builder
			for i := 0; i < 16; i++ {
				if i < len(row) {
					fmt.Fprintf(&h, "%02x", row[i])
				} else {
					h.WriteString("  ")
				}
				if i%2 == 1 {
					h.WriteByte(' ')
				}
			}
			return fmt.Sprintf("%08x: %s %s", off, h.String(), printable(row))
		}),
		"hexdump -C": rows(16, func(off int, row []byte) string {
			return fmt.Sprintf("%08x  %-49s |%s|", off, each16(row), printable(row))
		}),
		"od -t x1": rows(16, func(off int, row []byte) string { return fmt.Sprintf("%07o %s", off, hexWords(row)) }),
		"Wireshark": rows(16, func(off int, row []byte) string {
			return fmt.Sprintf("%04x   %-47s   %s", off, hexWords(row), printable(row))
		}),
		"Wireshark, string": rows(16, func(_ int, row []byte) string {
			var t strings.Builder
			for _, c := range row {
				fmt.Fprintf(&t, `\x%02x`, c)
			}
			return `"` + t.String() + `" \`
		}),
		"tshark -T json":   `[{"_source":{"layers":{"pkixcmp_raw":["` + hex.EncodeToString(der) + `",182,` + fmt.Sprint(len(der)) + `,0,1],"cmp.PKIMessage_element":{"cmp.header_element":{"cmp.pvno":"2"}}}}}]`,
		"HTTP request":     request + length + string(der),
		"HTTP answer":      answer + length + string(der),
		"HTTP, chunked":    answer + "Transfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("40\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", der[:64], len(der)-64, der[64:]),
		"HTTP, gzip":       answer + "Content-Encoding: gzip\r\n" + fmt.Sprintf("Content-Length: %d\r\n\r\n", zipped.Len()) + zipped.String(),
		"HAR":              string(har),
		"curl -v":          "> POST /pkix/ HTTP/1.1\n> Host: ra.example.org\n> Content-Type: application/pkixcmp\n>\n} [" + fmt.Sprint(len(der)) + " bytes data]\n< HTTP/1.1 500 no\n<\nno\n" + b64 + "\n",
		"Burp":             `<items><item><url><![CDATA[http://ra.example.org/]]></url><request base64="true"><![CDATA[` + base64.StdEncoding.EncodeToString([]byte(request+length+string(der))) + `]]></request></item></items>`,
		"S/MIME":           "MIME-Version: 1.0\r\nContent-Type: application/pkixcmp; name=\"ir.pki\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"ir.pki\"\r\n\r\n" + wrapped(64, "\r\n"),
		"multipart":        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\nPlease enrol.\r\n--b1\r\nContent-Type: application/pkixcmp\r\nContent-Transfer-Encoding: base64\r\n\r\n" + wrapped(64, "\r\n") + "--b1--\r\n",
		"JSON":             `{"time": "2026-11-20", "request": {"body": "` + b64 + `"}, "status": 500}`,
		"YAML":             "request:\n  body: " + b64 + "\n  status: 500\n",
		"YAML, folded":     "request:\n  body: |\n    " + strings.TrimSuffix(wrapped(60, "\n    "), "    ") + "  status: 500\n",
		"packet":           framed(request + length + string(der)),
		"packet, hex":      hex.EncodeToString([]byte(framed(request + length + string(der)))),
		"TCP, RFC 2510":    string(binary.BigEndian.AppendUint32(nil, uint32(len(der)+1))) + "\x00" + string(der),
		"TCP, 10":          string(binary.BigEndian.AppendUint32(nil, uint32(len(der)+3))) + "\x0a\x00\x00" + string(der),
		"TCP, 10, in hex":  hex.EncodeToString([]byte(string(binary.BigEndian.AppendUint32(nil, uint32(len(der)+3))) + "\x0a\x00\x00" + string(der))),
		"mail":             "Hello,\n\nour device sends this and gets an error:\n\n" + wrapped(64, "\n") + "\nWhat is wrong with it?\n",
		"words before DER": "DEBUG sending: " + string(der),
		"CoAP":             coap(der),
	}
}

func latin1(b []byte) []rune {
	var r []rune
	for _, c := range b {
		r = append(r, rune(c))
	}
	return r
}

func hexWords(row []byte) string {
	var parts []string
	for _, c := range row {
		parts = append(parts, fmt.Sprintf("%02x", c))
	}
	return strings.Join(parts, " ")
}

func each16(row []byte) string {
	s := hexWords(row[:min(8, len(row))]) + " "
	if len(row) > 8 {
		s += " " + hexWords(row[8:])
	}
	return s
}

// framed is the start of a frame of Ethernet, IPv4 and TCP around a payload.
func framed(payload string) string {
	eth := "\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00"
	ip := "\x45\x00" + string(binary.BigEndian.AppendUint16(nil, uint16(40+len(payload)))) + "\x00\x01\x40\x00\x40\x06\x00\x00\xc0\x00\x02\x01\xc0\x00\x02\x02"
	tcp := "\xc3\x50\x1f\x90\x00\x00\x00\x01\x00\x00\x00\x01\x50\x18\x20\x00\x00\x00\x00\x00"
	return eth + ip + tcp + payload
}

// coap is a POST of RFC 7252 to /.well-known/cmp/ir with a payload.
func coap(payload []byte) string {
	return "\x44\x02\x12\x34tokn" + "\xbb.well-known" + "\x03cmp" + "\x02ir" + "\x11\xfe"[:1] + "\xff" + string(payload)
}

// However a message is written down, it is found.
func TestWaysToWriteMessages(t *testing.T) {
	v, err := readVector("../testdata/cmp/ir-pbm.txtar")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(v.inputs[0].Bytes)
	for name, text := range formsOf(block.Bytes) {
		c := Load([]Input{{Name: "paste", Bytes: []byte(text)}}, Limits{})
		list, _ := cmpMessages(c, c.Report(Options{}))
		var all int
		for _, e := range c.exhibits {
			if e.Kind == "cmp-message" {
				all++
			}
		}
		if all != 1 || len(list) == 1 && !bytes.Equal(list[0].Raw, block.Bytes) {
			t.Errorf("%s: %d messages found", name, all)
			for _, p := range armor.Split([]byte(text), armor.Limits{Claims: claimed}) {
				t.Logf("   %d+%d %v known %v text %v %.30q", p.Off, p.Len, p.Layers, p.Known, p.Text, p.Bytes)
			}
		}
	}
}
