// Package connection judges what was found of TLS connections: handshakes,
// tickets in NewSessionTicket messages, and the transaction that several such
// things form. It reads no octets: packages handshake, session, ticket and
// keylog do, and what depends on several of their values is judged here.
//
//	kinds = append(kinds, connection.Handshakes, connection.NewSessionTickets)
//	conversations = append(conversations, connection.Connections)
//
// # Where does a rule go?
//
// Into the file of its topic, as one literal in that file's slice. The slices
// are named in groups.go, all of them, with the heading that each stands under.
// Every rule judges a [View]. That of a transaction is of the same type as that
// of one pasted handshake, so that no rule needs to know which it looks at.
//
// # Who speaks in the headline?
//
// Not the worst rule of the first heading, as elsewhere: verdict.go has a list
// of ids. An alert ended the handshake, and people ask why; the check that
// explains the alert is its reason.
//
// Sources: RFC 9846 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 5077 (tickets of TLS
// 1.2), RFC 6066 (staples), RFC 9325 (how TLS is to be used).
package connection

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/suite"
	"derscope/decode/ticket"
)

// Protocol versions as they stand on the wire.
const (
	SSL30 = 0x0300
	TLS10 = 0x0301
	TLS11 = 0x0302
	TLS12 = 0x0303
	TLS13 = 0x0304
)

// Mode says whether a session was resumed.
type Mode uint8

const (
	Undecided Mode = iota // the messages that would tell are not here
	Full                  // a full handshake
	Resumed               // a ticket, a session id or a PSK was taken
)

// View is a connection as far as it was found: one pasted handshake, one
// NewSessionTicket message, or all that belongs to one connection. It does not
// depend on the time.
type View struct {
	// H are the messages. Of a transaction they are put together from its members.
	H *handshake.Handshake
	// Items are the exhibits that H was read from, in order.
	Items []int
	// Talk says that this is the view of a transaction.
	Talk bool
	// NST is the message where a NewSessionTicket stands by itself, as an item of
	// that kind; nil for handshakes. In is then the connection that it was found
	// in, or nil if it was pasted alone.
	NST *handshake.NewSessionTicket
	In  *View

	// Version is the one negotiated; 0 where nothing tells. VersionFrom says what
	// told it, and VersionRef points there.
	Version     uint16
	VersionFrom string
	VersionRef  report.Ref
	Suite       suite.Suite // of the ServerHello, else what the Given of an NST says
	SuiteOK     bool
	Mode        Mode

	CH, CH1 *handshake.ClientHello // CH1: before a HelloRetryRequest
	HRR, SH *handshake.ServerHello
	EE      *handshake.EncryptedExtensions
	CR      *handshake.CertificateRequest   // the first
	CRs     []*handshake.CertificateRequest // all, with those after the handshake
	Status  *handshake.CertificateStatus    // ≤ 1.2
	NSTs    []*handshake.NewSessionTicket   // all, in order

	// Server and Client are the certificates that the sides sent; their Message is
	// nil where they sent none that was read.
	Server, Client Chain
	Staples        []Staple
	Offered        []Offered // tickets and identities in CH, in order
	Issued         []Issued  // tickets in NSTs, beside them

	Keys       []ticket.Key // all that were given
	Sessions   []Session    // all at hand, files and opened states
	Candidates []Candidate  // for a client certificate
	Start      time.Time    // of the first event; zero: not known

	// Faults are what the reader found wrong in the items, in order.
	Faults []Fault

	all  *index
	fit  []answer  // see answers
	asks []request // see requests
}

// Chain is a Certificate message with the certificates that were read of it.
type Chain struct {
	Message *handshake.Certificate
	// Certificates stand beside Message.Entries, Items beside them: nil and -1
	// where an entry could not be read.
	Certificates []*cert.Certificate
	Items        []int
}

// Leaf is the first certificate, or nil.
func (c Chain) Leaf() *cert.Certificate {
	if len(c.Certificates) == 0 {
		return nil
	}
	return c.Certificates[0]
}

// Staple is an OCSP response that travelled in the handshake.
type Staple struct {
	From  handshake.Side
	Entry int // of the Certificate message; 0 in TLS 1.2
	Ref   report.Ref
	DER   []byte
	Item  int            // the exhibit, or -1
	Is    *ocsp.Response // nil: it cannot be read
}

// Offered is a ticket that the ClientHello shows.
type Offered struct {
	Octets []byte
	Ref    report.Ref
	Place  int                 // among the identities; -1: the extension session_ticket
	Age    field.Field[uint64] // obfuscated_ticket_age
	Binder field.Field[[]byte]
	Known
}

// Issued is a ticket that the server gave.
type Issued struct {
	NST *handshake.NewSessionTicket
	Known
}

// Known is what else is known of a ticket.
type Known struct {
	Item    int // exhibit of kind session-ticket, or -1
	Opening ticket.Opening
	// State is what is inside: nil if no key opens it. StateItem is its exhibit, or -1.
	State     *session.Session
	StateItem int
	// File is a session of a client that holds this ticket, or nil.
	File     *session.Session
	FileItem int
	// Files are further sessions with this ticket and another secret: copies of
	// one session say nothing new, and one of these can be damaged.
	Files []*session.Session
	// From is the message that gave it, in whatever connection, or nil; FromItem is
	// the exhibit with that message, At when it was sent.
	From     *handshake.NewSessionTicket
	FromItem int
	At       time.Time
}

// Session is a session at hand.
type Session struct {
	Item    int
	Carrier int // the ticket that it was opened from, or -1
	Is      *session.Session
}

// Candidate is a certificate that the client could send.
type Candidate struct {
	Item int
	Is   *cert.Certificate
	// Key is the private key that was given beside it, in the same input; -1: none.
	Key int
	// Chain leads from Is upwards, as far as certificates are at hand.
	Chain []*cert.Certificate
}

// Other is a handshake of another connection.
type Other struct {
	Item int
	H    *handshake.Handshake
	CH   *handshake.ClientHello
	SH   *handshake.ServerHello
}

// Side is the chain of a side.
func (v *View) Side(s handshake.Side) Chain {
	if s == handshake.Client {
		return v.Client
	}
	return v.Server
}

// TLS13 says that TLS 1.3 was negotiated; Old that an older version was. Where
// the version is not known, neither.
func (v *View) TLS13() bool { return v.Version == TLS13 }
func (v *View) Old() bool   { return v.Version != 0 && v.Version < TLS13 }

// Host is the name that the client asked for, or "".
func (v *View) Host() string {
	if v.CH == nil {
		return ""
	}
	return v.CH.ServerName()
}

// Offers says that the ClientHello asks for TLS 1.3.
func (v *View) offers13() bool {
	return v.CH != nil && v.CH.Versions() != nil && v.CH.Versions().Has(TLS13)
}

// Complete says that both sides' Finished were seen.
func (v *View) Complete() bool {
	return v.H.Finished(handshake.Client) != nil && v.H.Finished(handshake.Server) != nil
}

// look makes the view of a handshake. It is made once for a set of exhibits,
// whoever asks for it.
func look(c *check.Context, h *handshake.Handshake) *View {
	x := indexOf(c)
	if c.Self < 0 {
		return x.view(c, h, nil)
	}
	type key struct{ item int }
	v, _ := c.Once(key{c.Self}, func() any { return x.view(c, h, []int{c.Self}) }).(*View)
	return v
}

// view makes the view of messages that items hold.
func (x *index) view(c *check.Context, h *handshake.Handshake, items []int) *View {
	h = sided(h)
	v := &View{H: h, Items: items, VersionRef: report.None, all: x, Keys: x.keys, Sessions: x.sessions}
	v.CH, v.CH1, v.HRR, v.SH = h.ClientHello(), h.FirstHello(), h.HelloRetry(), h.ServerHello()
	v.EE, v.CR, v.Status, v.NSTs = h.EncryptedExtensions(), h.CertificateRequest(), h.CertificateStatus(), h.Tickets()
	for _, e := range h.Of(handshake.TypeCertificateRequest) {
		if r, ok := e.Body.(*handshake.CertificateRequest); ok {
			v.CRs = append(v.CRs, r)
		}
	}
	for i := range h.Events {
		if at := h.Events[i].At; !at.IsZero() {
			v.Start = at
			break
		}
	}
	v.Faults = v.findFaults()
	v.negotiated()
	v.Mode = v.mode()
	v.Server, v.Client = v.chain(handshake.Server), v.chain(handshake.Client)
	v.Staples = v.staples()
	v.tickets()
	v.Candidates = x.candidates(v)
	return v
}

// negotiated finds version and suite, and what told them.
func (v *View) negotiated() {
	say := func(n uint16, from string, at report.Ref) { v.Version, v.VersionFrom, v.VersionRef = n, from, at }
	switch sh := v.SH; {
	case sh != nil && sh.Extensions.Has(handshake.ExtSupportedVersions):
		say(sh.Negotiated, "selected_version", sh.Extensions.Get(handshake.ExtSupportedVersions).Ref)
	case sh != nil && sh.Version.OK:
		say(sh.Negotiated, "legacy_version of the ServerHello", sh.Version.Ref)
	case v.HRR != nil:
		say(v.HRR.Negotiated, "the HelloRetryRequest", v.HRR.Ref)
	case v.H.Version != 0:
		say(v.H.Version, "what carried the messages", v.H.Ref)
	case v.EE != nil:
		say(TLS13, "the EncryptedExtensions, which only TLS 1.3 has", v.EE.Ref)
	default:
		v.formTells()
	}
	if v.SH != nil && v.SH.Suite.OK {
		v.Suite, v.SuiteOK = suite.Lookup(uint16(v.SH.Suite.Value))
	}
}

// formTells takes the version from a message that reads in one form only.
func (v *View) formTells() {
	for i := range v.H.Events {
		var n uint16
		var fit handshake.Fit
		at := v.H.Events[i].Ref
		switch b := v.H.Events[i].Body.(type) {
		case *handshake.Certificate:
			n, fit = b.Version, b.Fit
		case *handshake.CertificateRequest:
			n, fit = b.Version, b.Fit
		case *handshake.NewSessionTicket:
			n, fit = b.Version, b.Fit
		default:
			continue
		}
		if fit == handshake.Only {
			v.Version, v.VersionRef = n, at
			v.VersionFrom = "the form of " + messageName(v.H.Events[i].Type)
			return
		}
	}
}

// mode tells whether a session was resumed. In TLS 1.3 the server says so; in
// older versions no certificate comes, and the session id comes back.
func (v *View) mode() Mode {
	if v.SH == nil {
		return Undecided
	}
	if v.TLS13() {
		if v.SH.Extensions.Has(handshake.ExtPreSharedKey) {
			return Resumed
		}
		return Full
	}
	seen := false // the hello that is no HelloRetryRequest
	for i := range v.H.Events {
		e := &v.H.Events[i]
		switch {
		case e.Body == v.SH:
			seen = true
		case !seen || e.From == handshake.Client:
		case e.Kind == handshake.Lost:
			return Undecided // the certificate can have been there
		case e.Kind == handshake.ChangeCipherSpec:
			if v.CH != nil && len(v.CH.SessionID.Value) == 0 && len(v.CH.Ticket()) == 0 {
				return Undecided // nothing was offered: messages are missing
			}
			return Resumed
		case e.Kind != handshake.Message:
		case e.Type == handshake.TypeNewSessionTicket && v.echoed():
			return Resumed
		case e.Type == handshake.TypeCertificate, e.Type == handshake.TypeServerKeyExchange, e.Type == handshake.TypeServerHelloDone:
			return Full
		}
	}
	if v.CH != nil && v.CH.SessionID.OK && v.SH.SessionID.OK && !v.echoed() && v.CH.Ticket() == nil {
		return Full
	}
	return Undecided
}

// echoed says that the server repeated a session id that the client sent.
func (v *View) echoed() bool {
	return v.CH != nil && len(v.CH.SessionID.Value) > 0 && bytes.Equal(v.CH.SessionID.Value, v.SH.SessionID.Value)
}

// chain finds the certificates of a side.
func (v *View) chain(s handshake.Side) (c Chain) {
	if c.Message = v.H.Certificate(s); c.Message == nil {
		for _, e := range v.H.Of(handshake.TypeCompressedCertificate) {
			if b, ok := e.Body.(*handshake.CompressedCertificate); ok && c.Message == nil && (e.From == s || e.From == handshake.Unknown && s == handshake.Server) {
				c.Message = b.Inside
			}
		}
	}
	if c.Message == nil {
		return c
	}
	for i := range c.Message.Entries {
		item, value := v.all.carried(v.Items, c.Message.Entries[i].DER.Value)
		k, _ := value.(*cert.Certificate)
		c.Certificates, c.Items = append(c.Certificates, k), append(c.Items, item)
	}
	return c
}

// staples lists the OCSP responses, in order.
func (v *View) staples() (all []Staple) {
	add := func(s *handshake.Staple, from handshake.Side, entry int) {
		for i, f := range append([]field.Field[[]byte]{s.Response}, s.List...) {
			if !f.OK || len(f.Value) == 0 {
				continue
			}
			if i > 0 {
				entry = i - 1
			}
			item, value := v.all.carried(v.Items, f.Value)
			is, _ := value.(*ocsp.Response)
			all = append(all, Staple{from, entry, f.Ref, f.Value, item, is})
		}
	}
	if v.Status != nil {
		add(&v.Status.Staple, handshake.Server, 0)
	}
	for _, side := range []handshake.Side{handshake.Server, handshake.Client} {
		if m := v.Side(side).Message; m != nil {
			for i := range m.Entries {
				if s := m.Entries[i].Staple(); s != nil {
					add(s, side, i)
				}
			}
		}
	}
	return all
}

// tickets lists what was offered and what was given.
func (v *View) tickets() {
	if v.CH != nil {
		if t := v.CH.Ticket(); len(t) > 0 {
			v.Offered = append(v.Offered, Offered{Octets: t, Ref: v.CH.Extensions.Get(handshake.ExtSessionTicket).Ref, Place: -1, Known: v.all.known(v, t)})
		}
		if o := v.CH.Offer(); o != nil {
			for i, id := range o.Identities {
				t := Offered{Octets: id.Ticket.Value, Ref: id.Ref, Place: i, Age: id.Age, Known: v.all.known(v, id.Ticket.Value)}
				if i < len(o.Binders) {
					t.Binder = o.Binders[i]
				}
				v.Offered = append(v.Offered, t)
			}
		}
	}
	for _, n := range v.NSTs {
		v.Issued = append(v.Issued, Issued{n, v.all.known(v, n.Ticket.Value)})
	}
}
