package connection

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"derscope/decode/callback"
	"derscope/decode/handshake"
	"derscope/decode/session"
	"derscope/decode/ticket"
)

// Wire is the connection as package callback looks at it: what OpenSSL's
// callbacks could see, and what came of it.
func (v *View) Wire() callback.Wire { return v.WireIn(v.generation()) }

// WireIn is the same for a generation of TLS that is not agreed yet.
func (v *View) WireIn(g callback.Version) callback.Wire {
	w := callback.Wire{Version: g, Tickets: callback.Unknown, Staple: callback.Unknown, Requested: v.CR != nil}
	if v.CH != nil {
		w.Offer = v.offer(w.Version)
		w.Asked = v.asksStatus()
	}
	if v.SH != nil {
		switch v.Mode {
		case Full:
			w.Hello = callback.FullHello
		case Resumed:
			w.Hello = callback.ResumedHello
		}
	}
	w.WentOn = v.wentOn()
	w.Staple = v.stapleLength(w)
	if v.Client.Message != nil && w.Requested {
		if w.Sent = callback.SentOne; len(v.Client.Message.Entries) == 0 {
			w.Sent = callback.SentNone
		}
	}
	w.Tickets = v.issued()
	w.Alert = v.fatal()
	w.Done = v.Complete() && (v.Old() || v.afterClient())
	return w
}

// Generations are those that the handshake can be of: the one that was agreed, or
// all that the client asks for.
func (v *View) Generations() []callback.Version {
	if v.Version != 0 || v.CH == nil {
		return []callback.Version{v.generation()}
	}
	old := v.CH.Versions() == nil
	if !old {
		for _, f := range v.CH.Versions().List {
			old = old || f.OK && f.Value < TLS13 && f.Value > SSL30
		}
	}
	switch {
	case !v.offers13():
		return []callback.Version{callback.TLS12}
	case old:
		return []callback.Version{callback.TLS13, callback.TLS12}
	}
	return []callback.Version{callback.TLS13}
}

// generation is the version of the handshake, and where nothing was agreed the
// one that the client asks for.
func (v *View) generation() callback.Version {
	if v.TLS13() || v.Version == 0 && v.offers13() {
		return callback.TLS13
	}
	return callback.TLS12
}

// offer is what the ClientHello shows of tickets to a server of that version.
func (v *View) offer(g callback.Version) callback.Offer {
	if g == callback.TLS13 {
		o := v.CH.Offer()
		switch {
		case o == nil || len(o.Identities) == 0:
			return callback.NotOffered
		case len(v.Shown(g).Octets) == 0:
			return callback.OfferedEmpty
		}
		return callback.Offered
	}
	switch {
	case !v.CH.Extensions.Has(handshake.ExtSessionTicket):
		return callback.NotOffered
	case len(v.CH.Ticket()) == 0:
		return callback.OfferedEmpty
	}
	return callback.Offered
}

// shown is the ticket that the callback is called for.
func (v *View) shown() Offered { return v.Shown(v.generation()) }

// Shown is the ticket that the callback is called for in a generation of TLS: of
// several identities the one that was taken, else the first. Its Octets are nil
// where there is none.
func (v *View) Shown(g callback.Version) (t Offered) {
	place := -1
	if g == callback.TLS13 {
		place = 0
		if v.SH != nil {
			if x := v.SH.Extensions.Get(handshake.ExtPreSharedKey); x != nil {
				if n, ok := x.Value.(*handshake.Number); ok && n.OK {
					place = int(n.Value)
				}
			}
		}
	}
	for _, o := range v.Offered {
		if o.Place == place {
			return o
		}
	}
	return t
}

// Told are the statuses that the ticket callback can have been told, by what
// the keys at hand make of the ticket; nil: nothing is known of that.
func (v *View) Told(g callback.Version) []callback.TicketStatus {
	t := v.Shown(g)
	if v.Mode == Resumed {
		return []callback.TicketStatus{callback.Success, callback.SuccessRenew}
	}
	return Statuses(t.Octets, t.Opening)
}

// Statuses are those that an OpenSSL server with the keys at hand can tell of a
// ticket; nil: no key tells.
func Statuses(octets []byte, o ticket.Opening) []callback.TicketStatus {
	switch {
	case len(octets) == 0:
		return []callback.TicketStatus{callback.Empty}
	case len(octets) < 32:
		return []callback.TicketStatus{callback.NoDecrypt}
	case o.Status == ticket.Opened:
		return []callback.TicketStatus{callback.Success, callback.SuccessRenew}
	case o.Status == ticket.WrongMAC || o.Status == ticket.Unreadable:
		return []callback.TicketStatus{callback.NoDecrypt}
	}
	return nil
}

// asksStatus says that the client asks for an OCSP response in the way that
// OpenSSL answers.
func (v *View) asksStatus() bool {
	x := v.CH.Extensions.Get(handshake.ExtStatusRequest)
	if x == nil {
		return false
	}
	r, ok := x.Value.(*handshake.StatusRequest)
	return ok && r.Type.OK && r.Type.Value == 1
}

// stapleLength is that of the response for the server's certificate.
func (v *View) stapleLength(w callback.Wire) int {
	for i := range v.Staples {
		if s := &v.Staples[i]; s.From != handshake.Client && s.Entry == 0 {
			return len(s.DER)
		}
	}
	switch {
	case w.Hello == callback.ResumedHello:
		return callback.NoResponse
	case v.Server.Message == nil:
		return callback.Unknown
	case w.Version == callback.TLS13:
		return callback.NoResponse
	case len(v.H.Of(handshake.TypeServerKeyExchange)) > 0 || len(v.H.Of(handshake.TypeServerHelloDone)) > 0:
		return callback.NoResponse
	}
	return callback.Unknown
}

// wentOn says that the client's next flight followed the server's.
func (v *View) wentOn() bool {
	over := false // the server's flight is
	for i := range v.H.Events {
		e := &v.H.Events[i]
		switch {
		case e.Kind == handshake.Message && (e.Type == handshake.TypeServerHelloDone || e.Type == handshake.TypeFinished && e.From == handshake.Server):
			over = true
		case !over || e.From != handshake.Client:
		case e.Kind == handshake.Message && (e.Type == handshake.TypeClientKeyExchange || e.Type == handshake.TypeCertificate || e.Type == handshake.TypeFinished):
			return true
		}
	}
	return false
}

// issued counts the NewSessionTickets, where no further one can have been missed.
func (v *View) issued() int {
	n := len(v.H.Of(handshake.TypeNewSessionTicket))
	switch {
	case v.SH == nil || v.Mode == Undecided:
		return callback.Unknown
	case v.Old():
		// The ticket stands before the server's ChangeCipherSpec.
		for i := range v.H.Events {
			e := &v.H.Events[i]
			if e.From != handshake.Server {
				continue
			}
			if e.Kind == handshake.ChangeCipherSpec || e.Kind == handshake.Message && e.Type == handshake.TypeFinished {
				return n
			}
		}
		return callback.Unknown
	case v.H.Finished(handshake.Client) == nil:
		return callback.Unknown
	case n > 0 || v.afterClient() && v.fatal().Number == 0: // who gives up issues no more
		return n
	}
	return callback.Unknown
}

// afterClient says that something of the server can be read after the client's
// Finished: tickets of TLS 1.3 would have stood before it.
func (v *View) afterClient() bool {
	done := false
	for i := range v.H.Events {
		e := &v.H.Events[i]
		switch {
		case e.Kind == handshake.Message && e.Type == handshake.TypeFinished && e.From == handshake.Client:
			done = true
		case done && e.From == handshake.Server && e.Kind != handshake.ClosedRecord && e.Kind != handshake.Lost:
			return true
		}
	}
	return false
}

// fatal is the alert that ended the handshake, with its place.
func (v *View) fatal() (a callback.Alert) {
	e := v.lastAlert()
	if e == nil {
		return a
	}
	n := e.Body.(*handshake.AlertBody).Description.Value
	if n == closeNotify || n == userCanceled || n > 255 || e.From == handshake.Unknown {
		return a
	}
	a = callback.Alert{Number: uint8(n), From: callback.Server, Place: callback.Elsewhere}
	if e.From == handshake.Client {
		a.From = callback.Client
	}
	var last uint8 // type of the message before it
	var over, flight bool
	for i := range v.H.Events {
		o := &v.H.Events[i]
		if o == e {
			break
		}
		if o.Kind != handshake.Message {
			continue
		}
		last = o.Type
		server := o.From == handshake.Server
		over = over || o.Type == handshake.TypeServerHelloDone || o.Type == handshake.TypeFinished && server
		flight = flight || !server && (o.Type == handshake.TypeClientKeyExchange || o.Type == handshake.TypeFinished || o.Type == handshake.TypeCertificate)
	}
	switch {
	case a.From == callback.Server && v.SH == nil && v.CH != nil:
		a.Place = callback.InsteadOfHello
	case a.From == callback.Server && flight:
		a.Place = callback.AfterClientDone
	case a.From == callback.Client && last == handshake.TypeNewSessionTicket:
		a.Place = callback.AfterTicket
	case a.From == callback.Client && last == handshake.TypeCertificateRequest:
		a.Place = callback.AfterRequest
	case a.From == callback.Client && over && !flight:
		a.Place = callback.AfterServer
	}
	return a
}

// fits writes pairs of status and answer: «NO_DECRYPT with IGNORE_RENEW (the
// default), or SUCCESS with IGNORE_RENEW».
func fits(list []callback.TicketFit) string {
	var all []string
	for i := 0; i < len(list); {
		s := list[i].Status
		var returns []string
		for ; i < len(list) && list[i].Status == s; i++ {
			r := list[i].Return.String()
			if list[i].Default {
				r += " (the default)"
			}
			returns = append(returns, r)
		}
		all = append(all, s.String()+" and "+strings.Join(returns, " or "))
	}
	return strings.Join(all, "; ")
}

// KeyName is what the ticket callback gets as the name of the key: the first 16
// octets of the ticket, whatever they are. Of a ticket that is not encrypted
// they can be part of its secret, as in wolfSSL's, and are not written out.
func KeyName(t []byte) string {
	if _, plain := session.Recognise(t); plain {
		return "(not shown: the ticket is not encrypted, and its secret may stand there)"
	}
	return hex.EncodeToString(t[:min(16, len(t))])
}

// either writes a list of words: a, b or c.
func either(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
}

// seenTickets writes how many NewSessionTickets came.
func seenTickets(n int) string {
	switch n {
	case callback.Unknown:
		return "how many tickets came cannot be seen"
	case 0:
		return "no NewSessionTicket"
	case 1:
		return "one NewSessionTicket"
	}
	return strconv.Itoa(n) + " NewSessionTickets"
}

// statuses writes what a ticket callback can be told.
func statuses(list []callback.TicketStatus, g callback.Version) string {
	reach := callback.Reachable(g, callback.BuiltIn)
	var words []string
	if g == callback.TLS13 { // that of the library's own keys first
		list = slices.Clone(list)
		slices.Reverse(list)
	}
	for _, s := range list {
		w := s.String()
		if !slices.Contains(reach, s) {
			w += " (only where a key callback holds the keys)"
		}
		words = append(words, w)
	}
	return either(words)
}
