package handshake

import (
	"derscope/decode/check"
	"derscope/decode/field"
)

// Match says how well octets fit the kind tls-handshake.
func Match(c check.Candidate) check.Match { return check.Match{} }

// Read reads a whole source: the reader of the kind tls-handshake.
// a *Handshake.
func Read(r *field.Reader) *Handshake { return &Handshake{} }

// MatchTicket says how well octets fit the kind new-session-ticket.
func MatchTicket(c check.Candidate) check.Match { return check.Match{} }

// ReadTicket reads a NewSessionTicket message that stands by itself: the reader
// of the kind new-session-ticket. Its answer is a *NewSessionTicket.
func ReadTicket(r *field.Reader) *NewSessionTicket { return &NewSessionTicket{} }
