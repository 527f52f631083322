package client

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"derscope/decode/armor"
	"derscope/decode/cert"
	"derscope/decode/report"
)

// server is a program that staples: the ways in which a response comes to it,
// and its rules in their order.
type server struct {
	name, version string
	source        string // what was read
	ways          []way
	rules         []rule
}

// way is how a response comes to a server.
type way struct {
	letter byte   // F file, P pushed, A fetched by the server itself
	name   string // for people
	option bool   // the option that name speaks of is set
	show   string // what puts the response there
}

// rule is one thing that a server looks at, or overlooks.
type rule struct {
	id   string // after "ocsp.server."
	ways string // letters of ways; T: at the handshake; "" for all
	then then
	when func(*served) bool
	said string // as the operator sees it; "" if nothing is said
	says func(*served) string
	why  string
}

// then is what a rule that applies brings about.
type then uint8

const (
	refuse         then = iota // the response is not stapled
	serve                      // it is stapled all the same
	refuseOnOption             // refuse with the option of the way, else serve
)

// served is a response on its way into a server.
type served struct {
	evidence
	way      way
	roots    []*cert.Certificate
	http     *armor.HTTP
	unproven string // why the signature or its maker is not to be trusted; "" if it is

	outer  outer
	read   bool // the outer layer can be decoded
	basic  *basic
	parsed bool            // so can the inner
	found  func() answer   // the entry with the SHA-1 CertID
	goSays func() goAnswer // what Go's package says, given the issuer alone
	envoy  func() envoyStaple
}

// newServed reads a response once for all servers and ways. g is what Go says
// of it, given all that is known.
func newServed(e evidence, g goAnswer) *served {
	s := &served{evidence: e}
	s.outer, s.read = d2iResponse(e.response)
	if s.read && s.outer.status == 0 {
		s.basic, s.parsed = openSSL3.get1Basic(s.outer, e.carried)
	}
	s.found = sync.OnceValue(func() answer {
		c := command{openSSL: openSSL3, at: e.at, age: -1}
		return c.look(s.basic, asked{issuer: e.issuer, issuerRaw: e.subject.Issuer.Raw, serial: e.subject.Serial.Value})
	})
	s.goSays = sync.OnceValue(func() goAnswer {
		if g.err == nil && s.parsed && len(s.basic.singles) == 1 {
			return g // of one entry the certificate chooses nothing
		}
		without := e
		without.subject = nil
		return runGo(without)
	})
	s.envoy = sync.OnceValue(func() envoyStaple { return envoyParse(e.response) })
	return s
}

// by is the same response on another way.
func (s *served) by(w way) *served {
	c := *s
	c.way = w
	return &c
}

// run applies the rules: the first that refuses ends it, those that serve
// anyway are all told.
func (p *server) run(s *served) report.Outcome {
	o := report.Outcome{Client: p.name, Version: p.version, Way: s.way.name, Outcome: "loads", Show: s.way.show}
	var said, why []string
	for i := range p.rules {
		r := &p.rules[i]
		if r.ways != "" && !strings.ContainsRune(r.ways, rune(s.way.letter)) && !strings.Contains(r.ways, "T") {
			continue
		}
		s.cause = ""
		applies := r.when(s)
		switch {
		case s.needs != "":
			return lacking(o, s.needs)
		case s.timed:
			return lacking(o, "time")
		case !applies:
			continue
		}
		message := r.said
		if r.says != nil {
			message = r.says(s)
		}
		if r.then == refuse || r.then == refuseOnOption && s.way.option {
			o.Outcome, o.Reason, o.Why, o.Rules = "refused", message, s.because(": ", r.why), []string{"ocsp.server." + r.id}
			return o
		}
		o.Outcome = "served anyway"
		o.Rules = append(o.Rules, "ocsp.server."+r.id)
		why = append(why, s.because(", but ", r.why))
		if message != "" {
			said = append(said, message)
		}
	}
	o.Reason, o.Why = strings.Join(said, "; "), strings.Join(why, "; ")
	return o
}

// because puts what exactly is the matter before what a rule says in general.
func (s *served) because(link, why string) string {
	if s.cause == "" {
		return why
	}
	return s.cause + link + why
}

// programs are all of them.
var programs = []*server{haproxy, nginx, httpd, caddy, envoy, trafficServer, h2o, sServer3, sServer4, hitch}

// single is the first entry, or nil.
func (s *served) single() *single {
	if !s.parsed || len(s.basic.singles) == 0 {
		return nil
	}
	return &s.basic.singles[0]
}

func (s *served) has(t status) bool { e := s.single(); return e != nil && e.status == t }

// match is the first entry with the SHA-1 CertID of certificate and issuer,
// parameters aside; nil if there is none, or if one of the two is missing.
func (s *served) match() *single {
	if !s.parsed || s.certificates() != goOn {
		return nil
	}
	a := s.found()
	if !a.found {
		return nil
	}
	return &a.entry
}

// unmatched says that no entry has the SHA-1 CertID.
func (s *served) unmatched() bool { return s.parsed && s.match() == nil && s.needs == "" }

const fiveMinutes = 300 * time.Second

// invalidTimes is OCSP_check_validity with five minutes.
func (s *served) invalidTimes(e *single) bool {
	return e != nil && s.clock() && len(openSSL3.checkValidity(*e, s.at, fiveMinutes, -1)) > 0
}

// passed says that nextUpdate is less than d ahead.
func (s *served) passed(e *single, d time.Duration) bool {
	if e == nil || !e.hasNext {
		return false
	}
	next, ok := looseTime(e.next, false)
	return ok && s.clock() && next.Before(s.at.Add(d))
}

// verify is OCSP_basic_verify of OpenSSL 3 with the issuer among the caller's certificates.
func (s *served) verify(store []*cert.Certificate, f flags) *verification {
	if s.issuer == nil {
		s.needs = "issuer"
		return nil
	}
	v := &verification{openSSL: openSSL3, bs: s.basic, certs: []*cert.Certificate{s.issuer}, store: store, flags: f, at: s.at}
	if ok, _ := run(v, basicVerify); ok {
		v.errors = nil
		s.timed = s.timed || v.timed
	}
	return v
}

// refused says that such a verification fails.
func (s *served) refused(store []*cert.Certificate, f flags) bool {
	v := s.verify(store, f)
	return v != nil && len(v.errors) > 0
}

// statusWords words an error status as nginx does.
func (s *served) statusWords() string {
	return fmt.Sprintf("%d: %s", s.outer.status, statusText(s.outer.status))
}

func (s *served) failed() bool          { return s.read && s.outer.status != 0 }
func (s *served) unread() bool          { return !s.read }
func (s *served) unparsed() bool        { return s.read && s.outer.status == 0 && !s.parsed }
func (s *served) notGood() bool         { e := s.match(); return e != nil && e.status != good }
func (s *served) largerThan(n int) bool { return len(s.response) > n }

// untrusted says that the signature proves nothing.
func (s *served) untrusted() bool {
	s.cause = s.unproven
	return s.unproven != ""
}

// wrong says that anything at all is wrong with the response: what is inside,
// by whom, for whom, what it says, when. The first of these is the cause.
func (s *served) wrong() bool {
	e := s.match()
	switch {
	case !s.read:
		return false
	case s.failed():
		s.cause = "the response is an error status, " + statusText(s.outer.status)
	case s.unparsed():
		s.cause = "the inside of the response cannot be decoded"
	case s.untrusted():
	case s.needs != "":
		return false
	case e == nil:
		s.cause = "no entry has the SHA-1 CertID of this certificate and issuer"
	case e.status != good:
		s.cause = "the status is " + e.status.String()
	case s.invalidTimes(e):
		s.cause = "the times do not hold"
	}
	return s.cause != ""
}

// nowhere says that the certificate names no OCSP responder, so that there is
// nowhere to ask.
func (s *served) nowhere() bool { return s.subject != nil && len(s.subject.OCSPURLs()) == 0 }

// contentType is that of the HTTP message, and whether it is one of OCSP.
func (s *served) contentType() (value string, there bool) {
	if s.http == nil {
		return "", false
	}
	for _, h := range s.http.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value, true
		}
	}
	return "", false
}

const ocspType = "application/ocsp-response"
