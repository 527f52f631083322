package main

import (
	"bytes"
	"crypto"
	"fmt"
	"slices"
	"strings"

	"derscope/testdata/pcapfile"
	"derscope/testdata/talk"
)

// captureVectors are the tables for testdata/capture.
func captureVectors() [][]vector { return [][]vector{captures, streams, keyLogs} }

// spoken is a conversation with the leaf's server, by its version and changes.
func (s *scene) spoken(version uint16, change func(w *talk.Wishes)) *talk.Talk {
	w := talk.Wishes{Version: version, Seed: "capture", Host: "www.example.org", Chain: [][]byte{s.leaf.der},
		Sign: func(b []byte) []byte { return s.leaf.key.curve.sign(crypto.SHA256, sum(crypto.SHA256, b)) },
		Data: [2][]byte{[]byte("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")}}
	if change != nil {
		change(&w)
	}
	return w.Run()
}

const (
	clientAddr = "192.0.2.10:49152"
	serverAddr = "198.51.100.7:443"
)

// play writes a conversation into a recording, each record at its time.
func play(r *pcapfile.Recording, t *talk.Talk) {
	r.Start = t.Sent[0].At
	c := r.Dial(clientAddr, serverAddr)
	say(c, t)
	c.Close()
}

func say(c *pcapfile.Conn, t *talk.Talk) {
	for i := 0; i < len(t.Sent); {
		from := t.Sent[i].From
		var flight []byte
		for ; i < len(t.Sent) && t.Sent[i].From == from; i++ {
			flight = append(flight, t.Sent[i].Record...)
		}
		c.Send(int(from)-1, flight)
	}
}

// shows has a capture for the only input, with texts beside it.
func (s *scene) shows(b []byte, texts ...file) {
	s.instead = append([]file{{"capture.b64", wrapped(base64Text(b), 76)}}, texts...)
}

// heard is a vector of one recorded conversation: change changes its packets,
// and cut the file. The key log lies beside it.
func heard(version uint16, change func(r *pcapfile.Recording), cut func(b []byte) []byte) func(*scene) {
	return func(s *scene) {
		t := s.spoken(version, nil)
		r := &pcapfile.Recording{Segment: 600}
		play(r, t)
		if change != nil {
			change(r)
		}
		b := r.PCAP()
		if cut != nil {
			b = cut(b)
		}
		s.shows(b, file{"keys.log", t.KeyLog})
	}
}

// lines is a vector of a recorded conversation whose key log is changed.
func lines(version uint16, change func(log string) string) func(*scene) {
	return func(s *scene) {
		t := s.spoken(version, nil)
		r := &pcapfile.Recording{Segment: 600}
		play(r, t)
		s.shows(r.PCAP(), file{"keys.log", change(t.KeyLog)})
	}
}

// captures are about the file: capture.file, capture.cut, and what opens.
var captures = []vector{
	{name: "tls13", about: "A connection of TLS 1.3, with its key log.", make: heard(0x0304, nil, nil)},
	{name: "tls12", about: "A connection of TLS 1.2, with its key log.", make: heard(0x0303, nil, nil)},
	{name: "tls13-closed", about: "A connection of TLS 1.3 without a key log.", pair: "tls13", make: func(s *scene) {
		heard(0x0304, nil, nil)(s)
		s.instead = s.instead[:1]
	}},
	{name: "pcapng-secrets", about: "A pcapng file with the key log inside, in a Decryption Secrets Block.", make: func(s *scene) {
		t := s.spoken(0x0304, nil)
		r := &pcapfile.Recording{Segment: 600, Nanos: true}
		play(r, t)
		s.shows(r.PCAPNG(t.KeyLog))
	}},
	{name: "file-cut-off", about: "The file ends inside its last packet.", pair: "tls13",
		make: heard(0x0304, nil, func(b []byte) []byte { return b[:len(b)-20] })},
	{name: "file-lengths", about: "A packet has more octets captured than were sent.", pair: "tls13", make: heard(0x0304, func(r *pcapfile.Recording) {
		r.Packets[3].Data = append(bytes.Clone(r.Packets[3].Data), 0, 0, 0, 0)
		r.Packets[3].Sent = 1 // the file takes the longer of both
	}, func(b []byte) []byte {
		at := 24 + 3*(16+54)
		b[at+12] -= 4
		return b
	})},
	{name: "file-link", about: "Packets of IEEE 802.11, which are not read.", make: heard(0x0304, func(r *pcapfile.Recording) { r.Link = 105 }, nil)},
	{name: "cut-handshake", about: "The recorder kept 300 octets of each packet, so the certificate is not whole.", pair: "tls13",
		make: heard(0x0304, func(r *pcapfile.Recording) {
			for i := range r.Packets {
				r.Packets[i].Data = r.Packets[i].Data[:min(300, len(r.Packets[i].Data))]
			}
		}, nil)},
	{name: "ticket-key-shared", about: "Two hosts give tickets with one key name in TLS 1.2.", pair: "tls12", make: func(s *scene) {
		r := &pcapfile.Recording{Segment: 600}
		for i, host := range []string{"www.example.org", "shop.example.org"} {
			t := s.spoken(0x0303, func(w *talk.Wishes) {
				w.Host, w.Seed, w.Data = host, host, [2][]byte{}
				sealed := webKey.openssl(host, noise("state of "+host, 120))
				w.Tickets = []talk.Ticket{{Lifetime: 7200, Octets: sealed}}
			})
			r.Start = t.Sent[0].At
			say(r.Dial([]string{clientAddr, "192.0.2.10:49153"}[i], serverAddr), t)
		}
		s.shows(r.PCAP())
	}},
	{name: "quic-dtls", about: "Datagrams of QUIC and DTLS, and nothing that is read here.", make: func(s *scene) {
		r := &pcapfile.Recording{}
		r.UDP(clientAddr, serverAddr, append([]byte{0xc3, 0, 0, 0, 1, 8}, talk.Random("quic", 40)...))
		r.UDP(clientAddr, "198.51.100.7:4433", append([]byte{22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40}, talk.Random("dtls", 40)...))
		s.shows(r.PCAP())
	}},
	{name: "starttls", about: "SMTP changes to TLS with STARTTLS.", make: func(s *scene) {
		t := s.spoken(0x0304, nil)
		r := &pcapfile.Recording{Segment: 600, Start: t.Sent[0].At}
		c := r.Dial(clientAddr, "198.51.100.7:587")
		for i, text := range []string{"220 mail.example.org ESMTP\r\n", "EHLO client.example\r\n", "250-mail.example.org\r\n250 STARTTLS\r\n", "STARTTLS\r\n", "220 go ahead\r\n"} {
			c.Send(1-i%2, []byte(text))
		}
		say(c, t)
		s.shows(r.PCAP(), file{"keys.log", t.KeyLog})
	}},
	{name: "resumed-session", about: "A resumption in TLS 1.2, and the saved session that it resumes: the main secret opens both.", make: func(s *scene) {
		first := s.spoken(0x0303, func(w *talk.Wishes) { w.Tickets = []talk.Ticket{{Lifetime: 7200, Octets: talk.Random("ticket", 160)}} })
		again := s.spoken(0x0303, func(w *talk.Wishes) { w.Seed, w.Resume = "again", &first.Sessions[0] })
		r := &pcapfile.Recording{Segment: 600}
		play(r, again)
		s.shows(r.PCAP(), file{"session.txt", savedText(first)})
		s.option("at 2026-11-20T12:05:00Z") // the session is made at noon
	}},
	{name: "http-ocsp", about: "An OCSP request and its response in plain HTTP.", make: func(s *scene) {
		r := &pcapfile.Recording{Segment: 600}
		c := r.Dial(clientAddr, "198.51.100.7:80")
		answer := s.response.der()
		c.Send(pcapfile.Client, []byte("GET /r3/MFEwTzBNMEswSTAJBgUrDgMCGgUABBQhqgNb%2FQk%2BIs2nYChSadhuAtdj4QQU3AH4s5nqRutldtYq%2BOVh8ElAklYCEEpZsKMMrv8PLKE0DswI2Dg%3D HTTP/1.1\r\nHost: ocsp.example.org\r\n\r\n"))
		c.Send(pcapfile.Server, append(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: %d\r\n\r\n", len(answer)), answer...))
		s.shows(r.PCAP(), certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer))
	}},
}

// streams are about TCP: capture.start, capture.gap, capture.overlap and
// capture.one-sided.
var streams = []vector{
	{name: "start-late", about: "The recording begins behind the hellos.", pair: "tls13",
		make: heard(0x0304, func(r *pcapfile.Recording) { r.Packets = r.Packets[6:] }, nil)},
	{name: "gap-handshake", about: "A packet of the server's certificate is missing.", pair: "tls13",
		make: heard(0x0304, func(r *pcapfile.Recording) { r.Packets = slices.Delete(r.Packets, 5, 6) }, nil)},
	{name: "gap-data", about: "The packet with the request is missing, behind the handshake.", pair: "tls12", make: func(s *scene) {
		t := s.spoken(0x0303, func(w *talk.Wishes) { w.Data[0] = bytes.Repeat(w.Data[0], 30) })
		r := &pcapfile.Recording{Segment: 600}
		play(r, t)
		for i := len(r.Packets) - 1; i > 0; i-- {
			if len(r.Packets[i].Data) == 654 && r.Packets[i].Data[34] == 0xc0 {
				r.Packets = slices.Delete(r.Packets, i, i+1)
				break
			}
		}
		s.shows(r.PCAP(), file{"keys.log", t.KeyLog})
	}},
	{name: "reordered", about: "Packets came out of order, and one twice.", pair: "tls13", make: heard(0x0304, func(r *pcapfile.Recording) {
		p := r.Packets
		p[4], p[5] = p[5], p[4]
		r.Packets = slices.Insert(p, 6, p[4])
	}, nil)},
	{name: "overlap", about: "A packet came twice, with one octet changed the second time.", pair: "tls13", make: heard(0x0304, func(r *pcapfile.Recording) {
		other := r.Packets[5]
		other.Data = bytes.Clone(other.Data)
		other.Data[len(other.Data)-1] ^= 0x40
		r.Packets = slices.Insert(r.Packets, 6, other)
	}, nil)},
	{name: "one-sided", about: "Only what the client sent was recorded.", pair: "tls13", make: heard(0x0304, func(r *pcapfile.Recording) {
		r.Packets = slices.DeleteFunc(r.Packets, func(p pcapfile.Packet) bool { return p.Data[26] != 192 })
	}, nil)},
}

// keyLogs are about the lines beside a capture: keylog.* and capture.decrypted.
var keyLogs = []vector{
	{name: "log-alone", about: "A key log without a recording.", make: func(s *scene) {
		s.instead = []file{{"keys.log", "# SSL/TLS secrets log file, generated by OpenSSL\n" + s.spoken(0x0304, nil).KeyLog}}
	}},
	{name: "log-damaged", about: "The secret of a line has lost its last two digits.", pair: "tls13", make: lines(0x0304, func(log string) string {
		all := strings.SplitAfter(log, "\n")
		all[1] = all[1][:len(all[1])-3] + "\n"
		return strings.Join(all, "")
	})},
	{name: "log-spaces", about: "Two spaces stand behind the label of a line.", pair: "tls12",
		make: lines(0x0303, func(log string) string { return strings.Replace(log, " ", "  ", 1) })},
	{name: "log-conflict", about: "Two lines have one label and client random, and two secrets.", pair: "tls12",
		make: lines(0x0303, func(log string) string { return log + log[:len(log)-5] + "0000\n" })},
	{name: "log-repeats", about: "A line stands in the log twice.", pair: "tls12", make: lines(0x0303, func(log string) string { return log + log })},
	{name: "log-wrong", about: "The secrets are of another run, under the client random of this one.", pair: "tls12",
		make: lines(0x0303, func(log string) string { return log[:len(log)-9] + "00000000\n" })},
	{name: "log-other", about: "The client randoms of the log are of another run.", pair: "tls13", make: func(s *scene) {
		heard(0x0304, nil, nil)(s)
		s.instead[1].text = s.spoken(0x0304, func(w *talk.Wishes) { w.Seed = "another run" }).KeyLog
	}},
	{name: "log-handshake", about: "The log has the secrets of the handshake, and not those of the data.", pair: "tls13", make: lines(0x0304, func(log string) string {
		return strings.Join(slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(l string) bool { return strings.Contains(l, "TRAFFIC_SECRET_0") }), "")
	})},
	{name: "log-version", about: "Beside the lines of TLS 1.3 one of TLS 1.2 has the same client random.", pair: "tls13", make: lines(0x0304, func(log string) string {
		random := strings.Fields(log)[1]
		return log + "CLIENT_RANDOM " + random + " " + strings.Repeat("ab", 48) + "\n"
	})},
	{name: "log-empty", about: "A log whose only line was cut off in its client random.", make: func(s *scene) {
		s.instead = []file{{"keys.log", s.spoken(0x0303, nil).KeyLog[:50] + "\n"}}
	}},
	{name: "log-session", about: "The secret of the log stands in a saved session as well.", pair: "tls12", make: func(s *scene) {
		t := s.spoken(0x0303, nil)
		s.instead = []file{{"keys.log", t.KeyLog}, {"session.txt", savedText(t)}}
	}},
}

// savedText is what openssl sess_id prints of the session of a conversation.
func savedText(t *talk.Talk) string {
	return "SSL-Session:\n    Protocol  : TLSv1.2\n    Cipher    : ECDHE-ECDSA-AES128-GCM-SHA256\n" +
		fmt.Sprintf("    Session-ID: %X\n    Session-ID-ctx: \n    Master-Key: %s\n", talk.Random("session id", 32), strings.ToUpper(strings.Fields(t.KeyLog)[2])) +
		"    PSK identity: None\n    TLS session ticket lifetime hint: 7200 (seconds)\n    TLS session ticket:\n    0000 - 30 31 32 33 34 35 36 37-38 39 3a 3b 3c 3d 3e 3f   0123456789:;<=>?\n\n" +
		"    Start Time: 1795176000\n    Timeout   : 7200 (sec)\n    Verify return code: 0 (ok)\n    Extended master secret: yes\n"
}
