package callback

import "strconv"

// TicketStatus is what the ticket callback (dec_cb) is told: SSL_TICKET_STATUS,
// with its numbers.
type TicketStatus uint8

const (
	FatalMalloc TicketStatus = iota
	FatalOther
	None
	Empty
	NoDecrypt
	Success
	SuccessRenew
)

func (s TicketStatus) String() string {
	return [...]string{"FATAL_ERR_MALLOC", "FATAL_ERR_OTHER", "NONE", "EMPTY", "NO_DECRYPT", "SUCCESS", "SUCCESS_RENEW"}[s]
}

// TicketReturn is what it answers: SSL_TICKET_RETURN, with its numbers.
type TicketReturn int

const (
	Abort TicketReturn = iota
	Ignore
	IgnoreRenew
	Use
	UseRenew
)

// TicketReturns are the values that are defined.
var TicketReturns = []TicketReturn{Use, UseRenew, Ignore, IgnoreRenew, Abort}

func (r TicketReturn) String() string {
	if r < Abort || r > UseRenew {
		return strconv.Itoa(int(r))
	}
	return [...]string{"ABORT", "IGNORE", "IGNORE_RENEW", "USE", "USE_RENEW"}[r]
}

// Keys says who holds the keys of tickets.
type Keys uint8

const (
	BuiltIn     Keys = iota // the library: SSL_CTX_set_tlsext_ticket_keys, or its own
	KeyCallback             // SSL_CTX_set_tlsext_ticket_key_cb or its successor
)

func (k Keys) String() string {
	if k == KeyCallback {
		return "key-cb"
	}
	return "built-in"
}

// Find is what a server finds when it looks for a ticket in a ClientHello.
type Find uint8

const (
	NoTicket  Find = iota // no ticket and no PSK, or SSL_OP_NO_TICKET
	NoOctets              // a ticket of zero octets
	Closed                // name unknown, MAC or padding wrong, state unreadable, fewer than 32 octets
	Opened                // of a key callback: it returned 1
	OpenedOld             // the key callback returned 2: renew
	KeyError              // the key callback returned less than 0
)

// StatusOf is what the callback is told; it is not called for None and for the
// two that are fatal. Keys of the library never give SUCCESS in TLS 1.3.
func StatusOf(v Version, k Keys, f Find) (s TicketStatus, called bool) {
	switch f {
	case NoOctets:
		return Empty, true
	case Closed:
		return NoDecrypt, true
	case Opened:
		if k == BuiltIn && v == TLS13 {
			return SuccessRenew, true
		}
		return Success, true
	case OpenedOld:
		if k == BuiltIn && v == TLS12 {
			return Success, true // the library's keys do not grow old
		}
		return SuccessRenew, true
	case KeyError:
		return FatalOther, false
	}
	return None, false
}

// Reachable are the statuses that the callback can be called with.
func Reachable(v Version, k Keys) []TicketStatus {
	all := []TicketStatus{Empty, NoDecrypt, Success, SuccessRenew}
	if k == KeyCallback {
		return all
	}
	if v == TLS13 {
		return []TicketStatus{Empty, NoDecrypt, SuccessRenew}
	}
	return all[:3]
}

// DefaultReturn is what happens without a callback.
func DefaultReturn(s TicketStatus) TicketReturn {
	switch s {
	case Success:
		return Use
	case SuccessRenew:
		return UseRenew
	}
	return IgnoreRenew
}

// Ticket is what an answer of the ticket callback leads to.
func Ticket(v Version, k Keys, s TicketStatus, r TicketReturn) Outcome {
	o := Outcome{Measured: ticketRan(v, k, s, r), Sees: NotSeen}
	if o.Measured {
		o.Row = ticketRow(v, k, s, r.String())
	}
	f := flow{version: v, decrypt: s >= Empty}
	if f.decrypt {
		o.Calls = 1
	}
	renew := false
	switch {
	case s == None:
		renew = v == TLS13 // the answer is not asked for: TLS 1.2 promises nothing that nobody wants
	case s < None:
		o.Alert = Alert{80, Server, InsteadOfHello}
	case r == Ignore:
	case r == IgnoreRenew:
		renew = true
		if s == Empty && v == TLS13 { // it goes on to open nothing, and fails
			o.Alert = Alert{50, Server, InsteadOfHello}
		}
	case (r == Use || r == UseRenew) && s >= Success:
		f.resumed, renew = true, r == UseRenew
	default:
		o.Alert = Alert{80, Server, InsteadOfHello}
	}
	if o.Alert.Number != 0 {
		o.End, o.Reason = Aborted, "internal error"
		if o.Alert.Number == 50 {
			o.Reason = "bad extension"
		}
	} else if renew {
		o.Tickets = 1
		if v == TLS13 && !f.resumed {
			o.Tickets = 2 // SSL_CTX_set_num_tickets
		}
	}
	o.Resumed, o.Generated = f.resumed, o.Tickets
	f.tickets, f.alert = o.Tickets, o.Alert
	o.Steps = f.steps()
	return o
}

// ticketRan says which combinations were measured.
func ticketRan(v Version, k Keys, s TicketStatus, r TicketReturn) bool {
	switch {
	case r < Abort || r > UseRenew || s < None, s == Empty && v == TLS13:
		return false
	case k == BuiltIn && v == TLS13:
		return s != Success
	case k == BuiltIn:
		return s != SuccessRenew
	}
	return true
}

// ticketRow is the key of a row.
func ticketRow(v Version, k Keys, s TicketStatus, returns string) string {
	return "ticket/" + v.key() + "/" + k.String() + "/" + s.String() + "/" + returns
}
