package connection

import (
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// title names what was found.
func (v *View) title() string {
	what := "TLS handshake"
	switch {
	case v.NST != nil:
		what = "NewSessionTicket"
		if v.Version != 0 {
			what += " of " + suite.Version(v.Version)
		}
		return what
	case v.Talk:
		what = "TLS connection"
	case v.H.Datagrams:
		what = "DTLS handshake"
	default:
		if e := v.H.Lone(); e != nil {
			what = eventName(e)
		} else if v.onlyAlerts() {
			what = "TLS alert"
		}
	}
	if host := v.Host(); host != "" {
		what += " with " + host
	}
	return what
}

// onlyAlerts says that nothing but alerts is here.
func (v *View) onlyAlerts() bool {
	for i := range v.H.Events {
		if v.H.Events[i].Kind != handshake.Alert {
			return false
		}
	}
	return len(v.H.Events) > 0
}

// good is the headline where nothing is wrong.
func (v *View) good(c *check.Context) (headline, detail string) {
	if v.NST != nil {
		n := report.Plural(len(v.NST.Ticket.Value), "octet", "octets")
		switch life := v.NST.Lifetime; {
		case !life.OK:
			return "Ticket of " + n, ""
		case life.Value == 0 && !v.TLS13():
			return "Ticket of " + n + ", without a lifetime", ""
		default:
			return "Ticket of " + n + ", good for " + report.Length(time.Duration(life.Value)*time.Second), ""
		}
	}
	if e := v.H.Lone(); e != nil && v.SH == nil {
		return v.goodMessage(e), ""
	}
	if n := len(v.NSTs); n > 1 && n == len(v.H.Events) {
		return report.Plural(n, "ticket", "tickets") + " of " + suite.Version(v.Version), ""
	}
	if v.SH == nil && v.CH == nil && v.lastMessage() == nil && v.sealedEnd() != sealedNot {
		return "Encrypted records, without the hellos of their connection", ""
	}
	if v.SH == nil && v.CH != nil {
		return v.goodMessage(v.H.EventOf(v.CH)), ""
	}
	if v.SH == nil && v.CH == nil {
		return v.title() + ", readable to its end", ""
	}
	var parts []string
	if v.Version != 0 {
		parts = append(parts, suite.Version(v.Version))
	}
	if v.SH != nil && v.SH.Suite.OK {
		parts = append(parts, suite.Name(uint16(v.SH.Suite.Value)))
	}
	switch v.Mode {
	case Full:
		if len(v.Offered) > 0 {
			parts = append(parts, "full handshake although a ticket was offered")
			break
		}
		parts = append(parts, "full handshake")
	case Resumed:
		parts = append(parts, "resumed")
	}
	if s := v.stapleWords(c); s != "" && v.Mode != Resumed {
		parts = append(parts, s)
	}
	if len(parts) == 0 {
		return v.title() + ", readable to its end", ""
	}
	return strings.Join(parts, ", "), ""
}

// goodMessage says what a single message is.
func (v *View) goodMessage(e *handshake.Event) string {
	switch b := e.Body.(type) {
	case *handshake.ClientHello:
		s := "ClientHello"
		if host := b.ServerName(); host != "" {
			s += " for " + host
		}
		if n := v.highest(); n != 0 {
			s += ", up to " + suite.Version(n)
		}
		if n := len(v.Offered); n > 0 {
			s += ", offers " + report.Plural(n, "ticket", "tickets")
		}
		return s
	case *handshake.CertificateRequest:
		if b.Authorities.OK && len(b.Authorities.List) > 0 {
			return "CertificateRequest that names " + report.Plural(len(b.Authorities.List), "CA", "CAs")
		}
		return "CertificateRequest for a certificate of any CA"
	case *handshake.Certificate:
		return "Certificate message with " + report.Plural(len(b.Entries), "certificate", "certificates")
	}
	return eventName(e) + ", readable to its end"
}

// highest is the newest version that the ClientHello offers, GREASE left out.
func (v *View) highest() (n uint16) {
	if v.CH == nil {
		return 0
	}
	list := v.CH.Versions()
	if list == nil {
		if v.CH.Version.OK {
			n = uint16(v.CH.Version.Value)
		}
		return n
	}
	for _, f := range list.List {
		if o := uint16(f.Value); f.OK && !suite.GREASE(o) && o > n {
			n = o
		}
	}
	return n
}

// good13 is the headline of a handshake whose end is not here.
func (v *View) good13(k report.Check) (headline, detail string) {
	h, _ := v.good(nil)
	return h + "; the end is not here", k.Why
}

// stapleWords says in a headline what became of the staple.
func (v *View) stapleWords(c *check.Context) string {
	switch v.staple(c) {
	case "none":
		return "no staple asked for"
	case "absent":
		return "no staple"
	case "good":
		return "good staple"
	case "bad":
		return "bad staple"
	case "open":
		return "staple not judged"
	}
	return ""
}

// staple is the word of the summary for the server's staple.
func (v *View) staple(c *check.Context) string {
	asked := v.CH != nil && (v.CH.Extensions.Has(handshake.ExtStatusRequest) || v.CH.Extensions.Has(handshake.ExtStatusRequestV2))
	for i := range v.Staples {
		s := &v.Staples[i]
		if s.From == handshake.Client || s.Entry != 0 {
			continue
		}
		f, ok := v.judgeStaple(c, s)
		switch {
		case !ok:
			return "bad"
		case f.Verdict.Status == report.Fail:
			return "bad"
		case f.Verdict.Status == report.Open:
			return "open"
		}
		return "good"
	}
	switch {
	case !asked:
		return "none"
	case v.Server.Message == nil && v.Mode != Resumed:
		return "" // it cannot be seen yet
	}
	return "absent"
}

// judgeStaple judges a staple as an OCSP response, with everything at hand; ok is
// false if it cannot be read as one.
func (v *View) judgeStaple(c *check.Context, s *Staple) (f check.Finding, ok bool) {
	if c == nil || s.Item < 0 || s.Is == nil {
		return f, false
	}
	of := *c
	of.Self, of.Source, of.Size, of.Faults, of.HTTP = s.Item, s.DER, len(s.DER), nil, nil
	return ocsp.Responses.Judge(&of, v.stapleView(c, s)), true
}

// stapleView is what package ocsp sees of a staple, or nil.
func (v *View) stapleView(c *check.Context, s *Staple) any {
	if s.Item < 0 || s.Is == nil {
		return nil
	}
	type key struct{ staple int }
	of := *c
	of.Self = s.Item
	return c.Once(key{s.Item}, func() any { return ocsp.Responses.View(&of, s.Is) })
}
