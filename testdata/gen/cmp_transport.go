package main

import (
	"derscope/testdata/pcapfile"
	"encoding/base64"
	"fmt"
	"strings"
)

// posted is the HTTP request with a CMP message, and repliedWith an HTTP answer:
// with the usual header fields, but for those given, which replace one or, if
// empty, remove it.
func posted(target string, m []byte, changes ...header) []byte {
	return overHTTP("POST "+target+" HTTP/1.1", m, append([]header{{"Host", "ra.example.org"}}, changes...))
}

func repliedWith(status string, m []byte, changes ...header) []byte {
	return overHTTP("HTTP/1.1 "+status, m, changes)
}

func overHTTP(start string, m []byte, changes []header) []byte {
	lines := []header{{"Content-Type", "application/pkixcmp"}, {"Content-Length", fmt.Sprint(len(m))}}
	var text strings.Builder
	text.WriteString(start + "\r\n")
	for _, c := range changes {
		for i := range lines {
			if strings.EqualFold(lines[i].name, c.name) {
				lines[i].value = ""
			}
		}
	}
	for _, l := range append(lines, changes...) {
		if l.value != "" {
			fmt.Fprintf(&text, "%s: %s\r\n", l.name, l.value)
		}
	}
	return append([]byte(text.String()+"\r\n"), m...)
}

// carried makes a vector of an ir and its ip on their way, as hex: what made
// of the two. The secret is beside them.
func carried(what func(ir, ip []byte) []byte) func(s *scene) {
	return func(s *scene) { carriedAs("way.hex", what)(s) }
}

func carriedAs(name string, what func(ir, ip []byte) []byte) func(s *scene) {
	return func(s *scene) {
		t := s.cmpTalk()
		t.enrol(cmpIR)
		octets := what(t.messages[0].der(), t.messages[1].der())
		t.messages, t.beside = nil, nil
		s.instead = append([]file{hexFile(name, octets)}, t.files()...)
	}
}

// framedTCP puts a frame of RFC 2510 around a value; version 10 has two octets more.
func framedTCP(kind byte, value []byte) []byte {
	return join(four(len(value)+1), der{kind}, value)
}

func framedTCP10(kind byte, value []byte) []byte {
	return join(four(len(value)+3), der{10, 0, kind}, value)
}

func four(n int) der { return der{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)} }

// postedCoAP is a POST of CoAP to a path (RFC 7252, section 3).
func postedCoAP(path string, m []byte) []byte {
	b := der{0x42, 2, 0x30, 0x39, 0xca, 0xfe}
	number := byte(0)
	for segment := range strings.SplitSeq(path, "/") {
		b = append(b, (11-number)<<4|byte(len(segment)))
		b = append(b, segment...)
		number = 11
	}
	return join(b, der{0xff}, m)
}

// cmpTransport is about what carries messages: cmp.http.*, cmp.tcp.header,
// cmp.coap.path, cmp.file.one, cmp.der.trailing.
var cmpTransport = []vector{
	{name: "http", about: "An ir and its ip over HTTP, one behind the other.",
		make: carried(func(ir, ip []byte) []byte { return join(posted("/.well-known/cmp", ir), repliedWith("200 OK", ip)) })},
	{name: "http-operation", about: "The path names the operation.", pair: "http-operation-other",
		make: carried(func(ir, ip []byte) []byte {
			return join(posted("/.well-known/cmp/p/devices/initialization", ir), repliedWith("200 OK", ip))
		})},
	{name: "http-operation-other", about: "The path names the operation of a cr, and the message is an ir.", pair: "http-operation",
		make: carried(func(ir, ip []byte) []byte {
			return join(posted("/.well-known/cmp/p/devices/certification", ir), repliedWith("200 OK", ip))
		})},
	{name: "http-operation-unknown", about: "The path names an operation that there is not.", pair: "http-operation",
		make: carried(func(ir, ip []byte) []byte { return posted("/.well-known/cmp/enroll", ir) })},
	{name: "http-path-own", about: "The path is one of the server's own.", pair: "http",
		make: carried(func(ir, ip []byte) []byte { return posted("/ejbca/publicweb/cmp/devices", ir) })},
	{name: "http-put", about: "The request is sent with PUT.", pair: "http",
		make: carried(func(ir, _ []byte) []byte {
			return overHTTP("PUT /.well-known/cmp HTTP/1.1", ir, []header{{"Host", "ra.example.org"}})
		})},
	{name: "http-type", about: "The answer is announced as octets of no known type.", pair: "http",
		make: carried(func(_, ip []byte) []byte {
			return repliedWith("200 OK", ip, header{"Content-Type", "application/octet-stream"})
		})},
	{name: "http-type-old", about: "The answer is announced by the name of an old draft.", pair: "http",
		make: carried(func(_, ip []byte) []byte {
			return repliedWith("200 OK", ip, header{"Content-Type", "application/x-pkixcmp"})
		})},
	{name: "http-type-none", about: "Nothing says what the answer is.", pair: "http",
		make: carried(func(_, ip []byte) []byte { return repliedWith("200 OK", ip, header{"Content-Type", ""}) })},
	{name: "http-page", about: "A gateway answers with a page of its own.", pair: "http",
		make: carried(func(ir, _ []byte) []byte {
			return join(posted("/.well-known/cmp", ir), repliedWith("502 Bad Gateway", []byte("<html><body>Bad Gateway: no route to ra.example.org</body></html>\n"),
				header{"Content-Type", "text/html; charset=utf-8"}))
		})},
	{name: "http-status-201", about: "The status of the answer is 201.", pair: "http",
		make: carried(func(_, ip []byte) []byte { return repliedWith("201 Created", ip) })},
	{name: "http-status-500", about: "The status is 500, and a CMP message comes all the same.", pair: "http",
		make: carried(func(_, ip []byte) []byte { return repliedWith("500 Internal Server Error", ip) })},
	{name: "http-length", about: "Content-Length is four octets less than the message has.", pair: "http",
		make: carried(func(_, ip []byte) []byte {
			return repliedWith("200 OK", ip, header{"Content-Length", fmt.Sprint(len(ip) - 4)})
		})},
	{name: "http-two", about: "Two messages stand in one content.", pair: "http",
		make: carried(func(ir, ip []byte) []byte { return posted("/.well-known/cmp", join(ir, ip)) })},
	{name: "http-chunked", about: "The answer comes in chunks.", pair: "http",
		make: carried(func(_, ip []byte) []byte {
			return join(repliedWith("200 OK", nil, header{"Content-Length", ""}, header{"Transfer-Encoding", "chunked"}),
				[]byte(fmt.Sprintf("100\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", ip[:256], len(ip)-256, ip[256:])))
		})},
	{name: "tcp", about: "An ir and its ip in the frames of RFC 2510.",
		make: carried(func(ir, ip []byte) []byte { return join(framedTCP(0, ir), framedTCP(5, ip)) })},
	{name: "tcp-poll", about: "The answer waits: frames of a poll stand between request and answer.", pair: "tcp",
		make: carried(func(ir, ip []byte) []byte {
			return join(framedTCP(0, ir), framedTCP(1, der{0, 0, 0, 7, 0, 0, 0, 60}), framedTCP(2, der{0, 0, 0, 7}), framedTCP(5, ip))
		})},
	{name: "tcp-10", about: "The frame is of version 10.", pair: "tcp",
		make: carried(func(ir, _ []byte) []byte { return framedTCP10(0, ir) })},
	{name: "tcp-length", about: "The frame is four octets longer than its message.", pair: "tcp",
		make: carried(func(ir, _ []byte) []byte { return framedTCP(0, join(ir, der{0, 0, 0, 0})) })},
	{name: "coap", about: "An ir over CoAP.", make: carried(func(ir, _ []byte) []byte { return postedCoAP(".well-known/cmp/ir", ir) })},
	{name: "coap-other", about: "The path names the operation of a kur, and the message is an ir.", pair: "coap",
		make: carried(func(ir, _ []byte) []byte { return postedCoAP(".well-known/cmp/kur", ir) })},
	{name: "file", about: "A file with one message.", make: carriedAs("request.pki", func(ir, _ []byte) []byte { return ir })},
	{name: "file-two", about: "A file with two messages.", pair: "file", make: carriedAs("request.pki", func(ir, ip []byte) []byte { return join(ir, ip) })},
	{name: "trailing", about: "Four octets stand behind the message.", pair: "file",
		make: carried(func(ir, _ []byte) []byte { return join(ir, der{0xde, 0xad, 0xbe, 0xef}) })},
	{name: "packet", about: "The message stands in a packet that begins with the header of its network.", pair: "http",
		make: carried(func(ir, _ []byte) []byte {
			return join([]byte("\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00 and IP, TCP: "), ir)
		})},
	{name: "base64-escaped", about: "The message is base64 from the middle of a JSON string, its slashes escaped.",
		make: func(s *scene) {
			t := s.cmpTalk()
			t.enrol(cmpIR)
			text := strings.ReplaceAll(base64.StdEncoding.EncodeToString(t.messages[0].der()), "/", `\/`)
			s.show(file{"log.txt", text + "\n"})
		}},
	{name: "captured", about: "A whole transaction over HTTP, recorded.", make: onNetwork("198.51.100.7:80", func(c *pcapfile.Conn, m []*cmpMessage) {
		for i := 0; i < len(m); i += 2 {
			c.Send(pcapfile.Client, posted("/.well-known/cmp", m[i].der()))
			c.Send(pcapfile.Server, repliedWith("200 OK", m[i+1].der()))
		}
	})},
	{name: "captured-page", about: "The server answers the recorded request with a page.", pair: "captured",
		make: onNetwork("198.51.100.7:80", func(c *pcapfile.Conn, m []*cmpMessage) {
			c.Send(pcapfile.Client, posted("/.well-known/cmp", m[0].der()))
			c.Send(pcapfile.Server, repliedWith("404 Not Found", []byte("no such service\n"), header{"Content-Type", "text/plain"}))
		})},
	{name: "captured-tcp", about: "The transaction in frames of RFC 2510, recorded.", pair: "captured",
		make: onNetwork("198.51.100.7:829", func(c *pcapfile.Conn, m []*cmpMessage) {
			for i := 0; i < len(m); i += 2 {
				c.Send(pcapfile.Client, framedTCP(0, m[i].der()))
				c.Send(pcapfile.Server, framedTCP(5, m[i+1].der()))
			}
		})},
}

// onNetwork is a recording of a connection to a server, and the secret beside it.
func onNetwork(server string, say func(c *pcapfile.Conn, m []*cmpMessage)) func(s *scene) {
	return func(s *scene) {
		t := s.cmpTalk()
		t.enrol(cmpIR)
		r := &pcapfile.Recording{Start: cmpStart}
		c := r.Dial("192.0.2.7:49152", server)
		say(c, t.messages)
		c.Close()
		t.messages = nil
		s.shows(r.PCAP(), t.files()...)
	}
}
