//go:build !first

package decode

import (
	"bytes"

	"derscope/decode/armor"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// dialogue is a conversation that is being put together.
type dialogue struct {
	at         int // its place among the lumps
	first, end int // octets of the input that it lies in
	piece      armor.Piece
	sent       []armor.Wire // beside parts
	parts      []handshake.Part
	from       []report.Span
	messages   int
	types      map[uint16]bool // extensions of the last block
	ended      bool            // close_notify, or a fatal alert, was seen
}

// dialogues puts the messages of each conversation together: they become one
// thing, with what is known of each beside it.
func dialogues(pieces []armor.Piece) []lump {
	var all []lump
	var t *dialogue
	done := func() {
		if t != nil {
			all[t.at] = t.lump()
		}
		t = nil
	}
	for i := range pieces {
		p := &pieces[i]
		if p.Wire == nil {
			// s_client says so when a connection begins, s_server when one ends.
			if p.Text && (bytes.Contains(p.Bytes, []byte("CONNECTED(")) || bytes.Contains(p.Bytes, []byte("\nACCEPT"))) {
				done()
			}
			all = append(all, lump{Piece: *p})
			continue
		}
		if t != nil && t.ended && p.Wire.Sort == "Handshake" && p.Bytes[0] == handshake.TypeClientHello {
			done()
		}
		if t == nil {
			t = &dialogue{at: len(all), first: p.Off, piece: *p}
			all = append(all, lump{})
		}
		t.add(p)
	}
	done()
	return all
}

// forms are what the octets of each sort are.
var forms = map[string]handshake.Form{
	"Handshake": handshake.Messages, "Alert": handshake.Alerts, "ChangeCipherSpec": handshake.CipherSpec,
	"RecordHeader": handshake.Header, "extension": handshake.Blocks,
}

// add puts one piece to the others.
func (t *dialogue) add(p *armor.Piece) {
	t.from = append(t.from, report.Span{Off: p.Off, Len: p.Len})
	t.end = p.Off + p.Len
	for _, q := range p.Problems {
		if len(t.parts) > 0 {
			t.piece.Problems = append(t.piece.Problems, q)
		}
	}
	form := forms[p.Wire.Sort]
	last := len(t.parts) - 1
	if form == handshake.Blocks {
		if t.messages > 0 { // the message that it stands in was printed too
			return
		}
		typ := uint16(p.Bytes[0])<<8 | uint16(p.Bytes[1])
		if last >= 0 && t.sent[last].Sent == p.Wire.Sent && !t.types[typ] {
			t.parts[last].Len += len(p.Bytes)
			t.piece.Bytes = append(t.piece.Bytes, p.Bytes...)
			t.types[typ] = true
			return
		}
		t.types = map[uint16]bool{typ: true}
	} else if t.messages == 0 && last >= 0 && t.parts[last].Form == handshake.Blocks {
		// Extensions came before the first message: they stay what they are.
		t.types = nil
	}
	if form == handshake.Messages {
		t.messages++
	}
	if form == handshake.Alerts && len(p.Bytes) == 2 && (p.Bytes[0] == 2 || p.Bytes[1] == 0) {
		t.ended = true
	}
	if len(t.parts) == 0 {
		t.piece.Bytes = bytes.Clone(p.Bytes)
	} else {
		t.piece.Bytes = append(t.piece.Bytes, p.Bytes...)
	}
	t.sent = append(t.sent, *p.Wire)
	t.parts = append(t.parts, handshake.Part{Off: len(t.piece.Bytes) - len(p.Bytes), Len: len(p.Bytes), Form: form, Record: -1})
}

// lump is the whole conversation.
func (t *dialogue) lump() lump {
	if len(t.parts) == 1 && t.parts[0].Form == handshake.Messages && t.piece.Bytes[0] == handshake.TypeNewSessionTicket {
		t.piece.Label = ""
		return lump{Piece: t.piece, given: &handshake.Ticketing{Version: version(t.sent[0].Version)}}
	}
	x := &handshake.Transcript{Note: "printed by OpenSSL"}
	client := t.client()
	for i := range t.parts {
		p := &t.parts[i]
		switch t.sent[i].Sent {
		case 'c':
			p.From = handshake.Client
		case 's':
			p.From = handshake.Server
		case client:
			p.From = handshake.Client
		default:
			p.From = handshake.Server
		}
		if client == 0 && p.Form != handshake.Blocks {
			p.From = handshake.Unknown
		}
		// The version of a hello is not the one negotiated yet.
		if m := t.piece.Bytes[p.Off]; x.Version == 0 && p.Form == handshake.Messages && m != handshake.TypeClientHello && m != handshake.TypeServerHello {
			x.Version = version(t.sent[i].Version)
		}
	}
	t.protect()
	x.Parts = t.parts
	t.piece.Off, t.piece.Len = t.first, t.end-t.first
	t.piece.Label = "tls-handshake"
	return lump{Piece: t.piece, from: t.from, given: x}
}

// protect marks what travelled encrypted: the program prints it as it was opened.
func (t *dialogue) protect() {
	var sealed [3]bool
	for i := range t.parts {
		p := &t.parts[i]
		m := t.piece.Bytes[p.Off]
		hello := m == handshake.TypeClientHello || m == handshake.TypeServerHello
		switch p.Form {
		case handshake.CipherSpec, handshake.Header:
			sealed[p.From] = true
		case handshake.Messages:
			p.Protected = sealed[p.From] && !hello || t.sent[i].Version == "TLS 1.3" && !hello
		case handshake.Alerts:
			p.Protected = sealed[p.From]
		}
	}
}

// client gives the arrow of what the client sent: a program prints it for its
// own. 0: nothing tells.
func (t *dialogue) client() byte {
	other := map[byte]byte{'<': '>', '>': '<'}
	for i, p := range t.parts {
		if p.Form != handshake.Messages {
			continue
		}
		switch t.piece.Bytes[p.Off] {
		case handshake.TypeClientHello, handshake.TypeClientKeyExchange, handshake.TypeEndOfEarlyData:
			return t.sent[i].Sent
		case handshake.TypeServerHello, handshake.TypeNewSessionTicket, handshake.TypeEncryptedExtensions, handshake.TypeServerKeyExchange,
			handshake.TypeCertificateRequest, handshake.TypeServerHelloDone, handshake.TypeCertificateStatus:
			return other[t.sent[i].Sent]
		}
	}
	return 0
}

// version reads the name of a version.
func version(name string) uint16 {
	return map[string]uint16{"TLS 1.3": 0x0304, "TLS 1.2": 0x0303, "TLS 1.1": 0x0302, "TLS 1.0": 0x0301, "SSL 3.0": 0x0300}[name]
}
