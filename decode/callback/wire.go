package callback

// Offer is what a ClientHello shows of tickets.
type Offer uint8

const (
	OfferUnknown Offer = iota
	NotOffered         // no ticket and no PSK
	OfferedEmpty       // session_ticket without octets; of TLS 1.3 an identity without octets
	Offered
)

// Hello is what a server answers.
type Hello uint8

const (
	NoHello Hello = iota // none was seen
	FullHello
	ResumedHello
)

// Sent is what a client sends when it is asked for a certificate.
type Sent uint8

const (
	SentUnknown Sent = iota
	SentNone         // an empty list
	SentOne
)

// Unknown is a number of tickets, or a length, that cannot be seen.
const Unknown = NotSeen

// Wire is what is seen of a handshake.
type Wire struct {
	Version Version
	Offer   Offer
	Hello   Hello
	Tickets int   // NewSessionTicket messages; Unknown
	Alert   Alert // the fatal one that ended it
	// Asked: status_request of type ocsp. Staple is the length of the response,
	// NoResponse or Unknown.
	Asked  bool
	Staple int
	WentOn bool // the client sent its next flight after the server's
	// Requested: there is a CertificateRequest.
	Requested bool
	Sent      Sent
	Done      bool // both sides' Finished were seen
}

// TicketFit is a status and an answer of the ticket callback that lead to what is seen.
type TicketFit struct {
	Status  TicketStatus
	Return  TicketReturn
	Default bool     // it is what happens without a callback
	Called  bool     // false of NONE: then Return says nothing
	Rows    []string // none where it was read in the source
}

// TicketFits are the pairs that fit, of all statuses or of those that are named;
// keys names who can hold the keys, nil for either. It is empty where nothing fits, and where nothing
// of the outcome was seen.
func (w *Wire) TicketFits(keys []Keys, statuses ...TicketStatus) []TicketFit {
	if w.Offer == OfferUnknown || w.Hello == NoHello && w.Alert.Place != InsteadOfHello {
		return nil
	}
	if keys == nil {
		keys = []Keys{BuiltIn, KeyCallback}
	}
	if len(statuses) == 0 {
		statuses = []TicketStatus{NoDecrypt, Success, SuccessRenew}
	}
	switch w.Offer {
	case NotOffered:
		statuses = []TicketStatus{None}
	case OfferedEmpty:
		statuses = []TicketStatus{Empty}
	}
	var all []TicketFit
	for _, s := range statuses {
		for _, r := range TicketReturns {
			f := TicketFit{Status: s, Return: r, Default: r == DefaultReturn(s), Called: s != None}
			if s == None && !f.Default {
				continue
			}
			fits := false
			for _, k := range keys {
				if _, reached := find(Reachable(w.Version, k), s); !reached && s != None {
					continue
				}
				if o := Ticket(w.Version, k, s, r); w.ticket(&o) {
					if fits = true; o.Row != "" {
						f.Rows = append(f.Rows, o.Row)
					}
				}
			}
			if fits {
				all = append(all, f)
			}
		}
	}
	return all
}

func find(list []TicketStatus, s TicketStatus) (int, bool) {
	for i, x := range list {
		if x == s {
			return i, true
		}
	}
	return 0, false
}

// ticket says whether an outcome is what is seen, as far as it is seen.
func (w *Wire) ticket(o *Outcome) bool {
	if o.Alert.Number != 0 {
		return w.Hello == NoHello && w.Alert == o.Alert
	}
	if w.Hello == NoHello || o.Resumed != (w.Hello == ResumedHello) {
		return false
	}
	return w.Tickets == Unknown || w.Tickets == o.Tickets
}

// ServerFits are the answers of the server's status callback that fit; called
// is false where it does not run: nobody asked, or a session is resumed.
func (w *Wire) ServerFits() (fits []StatusServer, called bool) {
	if !w.Asked || w.Hello == ResumedHello {
		return nil, false
	}
	for _, s := range StatusServers {
		o := Status(w.Version, Full, s, 1, max(w.Staple, 0))
		switch {
		case o.Alert.Number != 0:
			if w.Hello == NoHello && w.Alert == o.Alert {
				fits = append(fits, s)
			}
		case w.Hello == FullHello && w.Staple != Unknown && o.Sees == w.Staple:
			fits = append(fits, s)
		}
	}
	return fits, true
}

// ClientFit is an answer of the client's status callback that fits: its sign, or
// that there is none.
type ClientFit struct {
	Value      int
	NoCallback bool
	Rows       []string
}

// ClientFits are the answers of the client's status callback that fit, what it
// is told, and whether it runs.
func (w *Wire) ClientFits() (fits []ClientFit, sees int, called bool) {
	kind := Full
	if w.Hello == ResumedHello {
		kind = Resumption
	}
	if !w.Asked || w.Hello == NoHello {
		return nil, NotSeen, false
	}
	probe := Status(w.Version, kind, w.server(), 1, w.Staple)
	if probe.Calls == 0 {
		return nil, NotSeen, false
	}
	if sees = probe.Sees; kind == Full && w.Staple == Unknown {
		sees = Unknown
	}
	for _, f := range []ClientFit{{Value: 1}, {NoCallback: true}, {Value: 0}, {Value: -1}} {
		k := kind
		if f.NoCallback {
			if k = NoCallback; kind == Resumption {
				if w.WentOn { // not run by itself: the session goes on as with 1
					fits = append(fits, f)
				}
				continue
			}
		}
		matched := false
		for _, s := range w.servers() {
			o := Status(w.Version, k, s, f.Value, max(w.Staple, 0))
			if o.Alert.Number != 0 && o.Alert == w.Alert || o.Alert.Number == 0 && w.WentOn {
				if matched = true; o.Measured {
					f.Rows = append(f.Rows, o.Row)
				}
			}
		}
		if matched {
			fits = append(fits, f)
		}
	}
	return fits, sees, true
}

// servers are the answers of the server's callback behind what the client got.
func (w *Wire) servers() []StatusServer {
	if w.Hello == ResumedHello || w.Staple >= 0 {
		return []StatusServer{OKWithResponse}
	}
	if w.Staple == Unknown {
		return []StatusServer{OKWithResponse, OKWithoutResponse, NoAck}
	}
	return []StatusServer{OKWithoutResponse, NoAck}
}

func (w *Wire) server() StatusServer { return w.servers()[0] }

// CertFit is an answer of the client certificate callback that fits.
type CertFit struct {
	NoCallback bool
	Answer     Answer
	Servers    []CertServer // how the server asked, as far as it shows
	Rows       []string
}

// CertFits are the answers of the client certificate callback that fit, by what
// the client sent and how it ended. lists names what is known of the authorities; nil: nothing.
func (w *Wire) CertFits(lists ...List) []CertFit {
	if !w.Requested || w.Sent == SentUnknown {
		return nil
	}
	if lists == nil {
		lists = []List{AnyAuthority, Matching, NotMatching}
	}
	var all []CertFit
	for _, f := range []CertFit{{NoCallback: true}, {Answer: Refuse}, {Answer: Give}, {Answer: GiveNone}, {Answer: GiveHalf}, {Answer: Other}} {
		answers := []Answer{f.Answer}
		if f.NoCallback {
			answers = nil
		}
		for _, s := range []CertServer{Optional, Requiring} {
			fits := false
			for _, l := range lists {
				o := ClientCert(w.Version, s, l, answers...)
				if !w.certificate(&o, s) {
					continue
				}
				if fits = true; o.Measured {
					f.Rows = append(f.Rows, o.Row)
				}
			}
			if fits {
				f.Servers = append(f.Servers, s)
			}
		}
		if f.Servers != nil {
			all = append(all, f)
		}
	}
	return all
}

// certificate says whether an outcome is what is seen.
func (w *Wire) certificate(o *Outcome, s CertServer) bool {
	sent := SentOne
	for _, step := range o.Steps {
		if step.What == EmptyCertificate {
			sent = SentNone
		}
	}
	if sent != w.Sent {
		return false
	}
	required := w.Alert.From == Server && w.Alert.Place == AfterClientDone && (w.Alert.Number == 40 && w.Version == TLS12 || w.Alert.Number == 116)
	switch {
	case o.End == Stopped: // what came after was not looked at
		return !required || s == Requiring
	case o.Alert.Number != 0:
		return required && o.Alert == w.Alert || w.Alert.Number == 0 && !w.Done
	}
	return !required
}
