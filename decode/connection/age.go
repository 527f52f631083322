package connection

import (
	"strconv"
	"time"

	"derscope/decode/report"
)

// ticketAge takes the mask off an obfuscated_ticket_age: how long, in
// milliseconds, the client says that it has had the ticket.
//
// RFC 9846, section 4.3.11.1
func ticketAge(obfuscated, add uint32) (ms uint32) { return obfuscated - add }

// negative says that an age is more likely one below zero, from another
// ticket_age_add or a clock that was set back: no ticket lives for 24 days.
func negative(ms uint32) bool { return ms >= 1<<31 }

// inMilliseconds makes a time of an age.
func inMilliseconds(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }

// wholeSeconds says that an age is one that OpenSSL's clients send, which count
// in seconds; 0 they send for the first two.
func wholeSeconds(ms uint32) bool { return ms%1000 == 0 }

// early says what OpenSSL's servers make of an age before they take early data:
// the client's may be up to one second over their own, and ten under it.
//
// tls_parse_ctos_psk in ssl/statem/extensions_srvr.c
func early(client, server time.Duration) bool {
	return client <= server+time.Second && client+10*time.Second >= server
}

// span is a length of time for people: below a minute to the millisecond.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "−" + span(-d)
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < time.Minute:
		return strconv.FormatFloat(float64(d.Milliseconds())/1000, 'f', -1, 64) + " s"
	}
	return report.Length(d)
}

// seconds is a length of time that came as a number of seconds, with it: «7200 s (2 h)».
func seconds(n uint64) string {
	s := strconv.FormatUint(n, 10) + " s"
	if n >= 60 && n < 1<<32 {
		s += " (" + report.Length(time.Duration(n)*time.Second) + ")"
	}
	return s
}

// seconds32 is a length of time of fewer than 2^32 seconds.
func seconds32(n uint64) time.Duration { return time.Duration(n) * time.Second }
