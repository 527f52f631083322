package session

import (
	"derscope/decode/field"
	"derscope/decode/report"
)

// dialect is one layout of states: a program may have had several.
type dialect struct {
	format string
	// shape is a quick look that most octets do not pass.
	shape func(b []byte) bool
	read  func(*field.Reader, *draft)
}

// dialects are tried in this order; where several fit, the first one speaks.
// Those with a magic number or the most rigid layout stand first.
var dialects = []dialect{
	{OpenSSL, isASN1, readASN1},
	{Botan, isBotan, readBotan},
	{GnuTLS, gnutlsPacked, readPacked},
	{GnuTLS, gnutlsTicket, readGnuTLSTicket},
	{Picotls, isPicotls, readPicotls},
	{NSS, isNSS, readNSS},
	{MbedTLS, isMbedTLS, readMbedTLS},
	{Go, isGo, readGo},
	{Go, isOldGo, readOldGo},
	{S2N, isS2N, readS2N},
	{Fizz, startsVersion13, readFizz},
	{JSSE, startsVersion, readJSSE},
	{JSSE, startsVersion, readJSSE25},
	{Rustls, isRustls, readRustls},
	{Rustls, startsVersion, readRustls024},
	{WolfSSL, isWolfSSL, readWolfSSL},
}

// draft is a state while it is read.
type draft struct {
	*Session
	not string // what speaks against the format; "" so far
}

// refuse notes that the octets are no state of the format. The first reason stays.
func (d *draft) refuse(why string) {
	if d.not == "" {
		d.not = why
	}
}

// want refuses unless ok.
func (d *draft) want(ok bool, why string) {
	if !ok {
		d.refuse(why)
	}
}

// notResumable is what BoringSSL writes for a session that must not be resumed.
const notResumable = "NOT RESUMABLE"

// Recognise says which program's state the octets are, if they are one to
// the last octet. Where OpenSSL and BoringSSL both fit, it says OpenSSL.
func Recognise(b []byte) (format string, ok bool) {
	for i := range dialects {
		if s := dialects[i].try(b); s != nil {
			return s.Format, true
		}
	}
	return "", false
}

// Parse reads the octets by every reader that fits, the likeliest first. No
// node is made: all Refs are None.
func Parse(b []byte) []*Session {
	var all []*Session
	for i := range dialects {
		if s := dialects[i].try(b); s != nil {
			all = append(all, s)
		}
	}
	return all
}

// try reads the octets, or answers nil if they do not fit.
func (k *dialect) try(b []byte) *Session {
	s, why := k.attempt(b)
	if why != "" {
		return nil
	}
	return s
}

// attempt reads the octets without nodes, and says why they do not fit.
func (k *dialect) attempt(b []byte) (*Session, string) {
	if len(b) < 13 || len(b) > longest || !k.shape(b) {
		return nil, "they do not begin like one"
	}
	r := field.Trial(b)
	d := &draft{Session: newSession(k.format)}
	k.read(r, d)
	switch n, why := r.Breaks(); {
	case n > 0 && why != "":
		return d.Session, why
	case n > 0:
		return d.Session, "a length or type does not fit"
	case d.not != "":
		return d.Session, d.not
	case !r.Empty():
		return d.Session, report.Plural(len(r.Left()), "octet follows", "octets follow") + " the end"
	}
	return d.Session, ""
}

// longest is the length up to which octets are tried: longer states would need
// larger records than there are.
const longest = 1 << 20

func newSession(format string) *Session {
	return &Session{Format: format, Ref: report.None, ExtendedMainSecretRef: report.None, badVersion: report.None}
}

// Read reads a state with nodes: by the readers that fit, or as far as the
// one goes that the octets begin like.
func Read(r *field.Reader) *Session {
	b := r.Left()
	best, fits := -1, []string(nil)
	for i := range dialects {
		s := dialects[i].try(b)
		switch {
		case s == nil:
		case best < 0:
			best = i
		case s.Format != dialects[best].format:
			fits = append(fits, s.Format)
		}
	}
	wrong := ""
	if best < 0 {
		best, wrong = likeliest(b)
	}
	if best < 0 {
		return readNone(r, wrong)
	}
	k := &dialects[best]
	d := &draft{Session: newSession(k.format)}
	_, opened := r.Given().(Opened)
	all := func(r *field.Reader) {
		k.read(r, d)
		if !r.Empty() && !r.Quiet() {
			n := len(r.Left())
			at := r.Rest("trailing")
			r.Flag(at, report.Raw)
			r.Fault(field.Trailing, at, "%s the end", report.Plural(n, "octet follows", "octets follow"))
		}
	}
	switch k.format {
	case OpenSSL, Botan, Picotls: // they have an element around all
		all(r)
	default:
		d.Ref = r.Struct("session", all)
	}
	d.Fits = append(d.Fits, fits...)
	d.Wrong = wrong
	d.Sealed = opened
	if opened {
		d.ClientSide = No
	}
	return d.Session
}

// likeliest is the reader for octets that none fits, by how they begin, and
// why it does not fit; -1 if no beginning is known.
func likeliest(b []byte) (int, string) {
	if string(b) == notResumable {
		return -1, "BoringSSL writes the words «NOT RESUMABLE» in place of a session that must not be resumed"
	}
	for i := range dialects {
		switch k := &dialects[i]; k.format {
		case OpenSSL, Botan, GnuTLS, Picotls, NSS, MbedTLS, Go: // the others have no beginning of their own
			if k.shape(b) {
				_, why := k.attempt(b)
				return i, why
			}
		}
	}
	return -1, "no reader of any program fits to the last octet"
}

// readNone makes one secret node of octets that no reader takes.
func readNone(r *field.Reader, why string) *Session {
	s := newSession("")
	s.Wrong = why
	n := len(r.Left())
	at := r.Fixed("state", n)
	s.Ref = at.Ref
	r.Flag(at.Ref, report.Raw)
	if string(at.Value) == notResumable {
		r.Show(at.Ref, notResumable)
		s.unkept = true
		return s
	}
	r.Flag(at.Ref, report.Secret)
	return s
}
