package printed

import (
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// whole reads a response in full. The names of nodes are those of the DER.
func (p *reader) whole(heading line) {
	t := p.t
	t.Ref = p.wrapper("OCSPResponse", heading.n, func() {
		t.Status = p.number("OCSP Response Status", "responseStatus", func(n int) string {
			return ocsp.StatusName(n) + " (" + strconv.Itoa(n) + ")"
		})
		if t.Type = p.word("Response Type", "responseType"); t.Type.OK && t.Type.Value == "Basic OCSP Response" {
			t.Basic = true
			basic := p.in("basicResponse", 0, p.basic)
			p.r.Show(basic, ocsp.BasicType.String())
		}
		p.rest()
	})
	p.r.Show(t.Ref, t.headline())
}

func (p *reader) basic() {
	t := p.t
	data := p.in("tbsResponseData", 0, func() {
		t.Version = p.number("Version", "version", func(n int) string {
			return "v" + strconv.Itoa(n+1) + " (" + strconv.Itoa(n) + ")"
		})
		p.responder()
		t.ProducedAt = p.moment("Produced At", "producedAt")
		if l, ok := p.find("Responses"); ok {
			t.Responses = p.wrapper("responses", l.n, func() {
				for {
					if l, ok := p.find("Certificate ID"); !ok || !p.entry(l) {
						return
					}
				}
			})
		}
		if l, ok := p.find("Response Extensions"); ok {
			t.Extensions = p.extensions("responseExtensions", l)
		}
	})
	p.r.Show(data, "what is signed")
	p.signature()
}

func (p *reader) responder() {
	t := p.t
	l, ok := p.find("Responder Id")
	if !ok {
		return
	}
	t.Responder.Value, t.Responder.OK = l.value, true
	text := "byName " + l.value
	if key, ok := unhex(l.value); ok && l.value != "" {
		t.Key = key
		text = "byKey " + field.Colons(key)
	}
	t.Responder.Ref = p.leaf("responderID", l, text)
}

// entry reads a SingleResponse. It answers false if the nodes have run out.
func (p *reader) entry(l line) bool {
	e := Entry{StatusRef: report.None, RevokedAt: absent[field.Moment](), Reason: absent[cert.Reason]()}
	read := false
	e.Ref = p.in("responses["+strconv.Itoa(len(p.t.Entries))+"]", 0, func() {
		read = true
		p.r.Cite(spec.RFC(6960, "4.1.1"))
		id := p.in("certID", l.n, func() {
			e.Hash = p.word("Hash Algorithm", "hashAlgorithm")
			e.NameHash = p.octets("Issuer Name Hash", "issuerNameHash")
			e.KeyHash = p.octets("Issuer Key Hash", "issuerKeyHash")
			p.serial(&e)
		})
		p.r.Show(id, excerpt(e.Hash.Value+" · serial "+e.Serial.Value.Text()))
		p.r.Cite(spec.RFC(6960, "4.2.1"))
		p.standing(&e)
		e.ThisUpdate = p.moment("This Update", "thisUpdate")
		e.NextUpdate = p.moment("Next Update", "nextUpdate")
		if l, ok := p.find("Response Single Extensions"); ok {
			e.Extensions = p.extensions("singleExtensions", l)
		}
	})
	p.r.Show(e.Ref, e.Standing.String())
	if read {
		p.t.Entries = append(p.t.Entries, e)
	}
	return read
}

func (p *reader) serial(e *Entry) {
	l, ok := p.find("Serial Number")
	if !ok {
		e.Serial = absent[field.Int]()
		return
	}
	e.Serial.Value, e.Serial.OK = number(l.value)
	text := l.value
	if e.Serial.OK {
		text = e.Serial.Value.Text()
	}
	e.Serial.Ref = p.leaf("serialNumber", l, text)
}

// standings by their printed names.
var standings = map[string]ocsp.Standing{"good": ocsp.Good, "revoked": ocsp.Revoked, "unknown": ocsp.Unknown}

func (p *reader) standing(e *Entry) {
	l, ok := p.find("Cert Status")
	if !ok {
		return
	}
	e.Standing = standings[l.value]
	if e.Standing != ocsp.Revoked {
		e.StatusRef = p.leaf("certStatus", l, l.value)
		return
	}
	e.StatusRef = p.in("certStatus", l.n, func() {
		e.RevokedAt = p.moment("Revocation Time", "revocationTime")
		n := p.number("Revocation Reason", "revocationReason", func(n int) string { return cert.Reason(n).String() })
		e.Reason = field.Field[cert.Reason]{Value: cert.Reason(n.Value), Ref: n.Ref, OK: n.OK}
	})
	p.r.Show(e.StatusRef, "revoked")
}

// extensions reads the block below a heading: the names all stand equally deep,
// values below them.
func (p *reader) extensions(label string, heading line) (list []Extension) {
	p.wrapper(label, heading.n, func() {
		depth := p.depth()
		starts := func(l line) bool {
			return l.n > 0 && l.indent == depth && (strings.HasSuffix(l.text, ":") || strings.HasSuffix(l.text, ": critical"))
		}
		ends := func(l line) bool { return l.n == 0 || names[l.name] && l.indent <= heading.indent }
		for l := p.peek(); !ends(l); l = p.peek() {
			if !starts(l) {
				p.skip(func(l line) bool { return !starts(l) && !ends(l) })
				continue
			}
			e := Extension{Name: l.name, Critical: l.value == "critical"}
			n := l.n
			for b := p.r.Left(); ; {
				next := lineOf(b[n:])
				if starts(next) || ends(next) {
					break
				}
				if next.text != "" {
					e.Lines = append(e.Lines, next.text)
				}
				n += next.n
			}
			e.Ref = p.r.Line(label+"["+strconv.Itoa(len(list))+"]", n, excerpt(l.name))
			list = append(list, e)
		}
	})
	return list
}

// depth is the indentation of the next line that is not blank.
func (p *reader) depth() int {
	for b := p.r.Left(); ; {
		l := lineOf(b)
		if l.n == 0 || l.text != "" {
			return l.indent
		}
		b = b[l.n:]
	}
}

// parameters are the lines of RSASSA-PSS, with the names of RFC 4055.
var parameters = map[string]string{
	"Hash Algorithm": "hashAlgorithm", "Mask Algorithm": "maskGenAlgorithm", "Salt Length": "saltLength", "Trailer Field": "trailerField",
}

// signature reads the algorithm and the signature. Before OpenSSL 3 no line
// «Signature Value» stands between them.
func (p *reader) signature() {
	t := p.t
	t.Algorithm = p.word("Signature Algorithm", "signatureAlgorithm")
	if !t.Algorithm.OK {
		return
	}
	p.parameters()
	header := 0
	if l := p.peek(); l.name == "Signature Value" && l.value == "" {
		header = l.n
		if next := lineOf(p.r.Left()[l.n:]); parameters[next.name] != "" {
			p.wrapper("signature", header, func() {
				p.parameters()
				p.value(0)
			})
			return
		}
	}
	p.value(header)
}

func (p *reader) parameters() {
	for l := p.peek(); l.n > 0 && parameters[l.name] != ""; l = p.peek() {
		if p.t.PSS == nil {
			p.t.PSS = map[string]string{}
		}
		p.t.PSS[parameters[l.name]] = l.value
		p.leaf(parameters[l.name], l, l.value)
	}
}

// value reads the signature itself: lines of hex with colons.
func (p *reader) value(header int) {
	n := header
	var text strings.Builder
	for b := p.r.Left(); ; {
		l := lineOf(b[n:])
		if l.n == 0 || l.text == "" || !isHex(strings.ReplaceAll(l.text, ":", "")) {
			break
		}
		text.WriteString(l.text)
		n += l.n
	}
	if n == 0 {
		return
	}
	s := &p.t.Signature
	s.Value, s.OK = unhex(text.String())
	s.OK = s.OK && len(s.Value) > 0
	s.Ref = p.r.Line("signature", n, strconv.Itoa(8*len(s.Value))+" bits")
}

// notice reads the line by which s_client says what came.
func (p *reader) notice(l line) {
	t := p.t
	t.Sent = -1
	value := strings.ToLower(l.value)
	if n, ok := strings.CutPrefix(value, "number of responses:"); ok {
		t.Sent, _ = strconv.Atoi(strings.TrimSpace(n))
	} else if strings.HasPrefix(value, "no ") {
		t.Sent = 0
	}
	t.Ref = p.leaf("OCSPResponse", l, l.text)
}

// result reads what openssl ocsp says at the end.
func (p *reader) result() {
	for l := p.peek(); l.n > 0; l = p.peek() {
		switch sortOf(l) {
		case verification:
			p.t.Verified.Value, p.t.Verified.OK = strings.HasSuffix(l.text, "OK"), true
			p.t.Verified.Ref = p.leaf("verification", l, l.text)
		case warning:
			p.leaf("warning", l, l.text)
		case fileStatus:
			p.file(l)
		default:
			p.skip(func(l line) bool { return sortOf(l) == other })
		}
	}
}

type lineSort int

const (
	other lineSort = iota
	verification
	warning
	fileStatus
)

// sortOf tells the lines of a result apart.
func sortOf(l line) lineSort {
	switch {
	case l.text == "Response verify OK", l.text == "Response Verify Failure":
		return verification
	case strings.HasPrefix(l.text, "WARNING: "):
		return warning
	case l.value != "" && !names[l.name] && statusOf(l) != ocsp.Unreadable:
		return fileStatus
	}
	return other
}

// statusOf is the status behind the name of a certificate.
func statusOf(l line) ocsp.Standing {
	return standings[l.text[strings.LastIndexByte(l.text, ' ')+1:]]
}

// file reads the status of one certificate, with the times below.
func (p *reader) file(heading line) {
	e := Entry{File: heading.text[:strings.LastIndexByte(heading.text, ':')], Standing: statusOf(heading), Serial: absent[field.Int](),
		RevokedAt: absent[field.Moment](), Reason: absent[cert.Reason](), ThisUpdate: absent[field.Moment](), NextUpdate: absent[field.Moment]()}
	e.Ref = p.in("responses["+strconv.Itoa(len(p.t.Entries))+"]", heading.n, func() {
		for l := p.peek(); l.n > 0; l = p.peek() {
			switch l.name {
			case "This Update":
				e.ThisUpdate = p.moment(l.name, "thisUpdate")
			case "Next Update":
				e.NextUpdate = p.moment(l.name, "nextUpdate")
			case "Revocation Time":
				e.RevokedAt = p.moment(l.name, "revocationTime")
			case "Reason":
				p.leaf("revocationReason", l, l.value)
			default:
				return
			}
		}
	})
	e.StatusRef = e.Ref
	p.r.Show(e.Ref, e.Standing.String())
	p.t.Entries = append(p.t.Entries, e)
}

// headline is the text in a few words, as a response has it.
func (t *Text) headline() string {
	if !t.Status.OK {
		return "printed"
	}
	if !t.Basic {
		return ocsp.StatusName(t.Status.Value)
	}
	all := make([]ocsp.Standing, len(t.Entries))
	for i, e := range t.Entries {
		all[i] = e.Standing
	}
	return ocsp.StatusName(t.Status.Value) + " · " + ocsp.Statuses(all)
}
