package connection

import (
	"crypto/sha256"
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/session"
	"derscope/decode/suite"
	"derscope/decode/ticket"
)

// sessions are what is known of the state behind a ticket: what the server
// sealed into it, and what the client kept beside it.
func (k Known) sessions() (all []*session.Session) {
	if k.State != nil {
		all = append(all, k.State)
	}
	if k.File != nil {
		all = append(all, k.File)
	}
	return all
}

// offer is a ticket that may have been taken, with one state of it.
type offer struct {
	Offered
	s *session.Session
}

// resumable lists the tickets that are offered and whose state is at hand. Of a
// resumed connection of TLS 1.3 it is the one that was taken.
func (v *View) resumable() (all []offer) {
	n, taken := v.selected()
	for _, o := range v.Offered {
		if taken && (o.Place < 0 || uint64(o.Place) != n.Value) {
			continue
		}
		for _, s := range o.sessions() {
			all = append(all, offer{o, s})
		}
	}
	return all
}

// ofSessions makes a rule of what is judged of each state behind an offer.
func ofSessions(judge func(*View, offer) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, one := range v.resumable() {
			o = check.Worst(o, judge(v, one))
		}
		return o
	}
}

// extended says whether both hellos have extended_main_secret, and where.
func (v *View) extended() (client, server bool) {
	client = v.CH != nil && v.CH.Extensions.Has(handshake.ExtExtendedMainSecret)
	server = v.SH != nil && v.SH.Extensions.Has(handshake.ExtExtendedMainSecret)
	return client, server
}

var resumeRules = []rule{{
	ID: "tls.resume.outcome", Group: groupResumption, Level: check.May, Refs: "RFC 5077 §3.4; RFC 9846 §4.3.11",
	Title:    "What became of the offer to resume is seen",
	Headline: "Offers to resume; the answer is not here",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		at, what := v.offering()
		if what == "" {
			return check.Skip()
		}
		switch v.Mode {
		case Resumed:
			how := "no certificate came, and the server went on to its ChangeCipherSpec"
			switch {
			case v.TLS13():
				how = "the ServerHello has pre_shared_key"
			case v.echoed():
				how = "the session id came back, and no certificate"
			}
			return check.Note(at, "Resumed: %s.", how).And(v.SH.Ref)
		case Full:
			return check.Note(at, "%s was not taken: a full handshake followed, which is no error and costs a round trip or two. %s", what, v.refused()).And(v.SH.Ref)
		}
		return check.Needs("server-hello", at, "%s is offered. Whether it is taken, the ServerHello and what follows it tell.", what)
	},
}, {
	ID: "tls.resume.version", Group: groupResumption, Level: check.Must,
	Refs:     "RFC 5246 §E.1; RFC 9846 §4.3.11; RFC 9846 §E.1",
	Title:    "The session is of the version in which it is resumed",
	Headline: "The session is of another version than the connection",
	Judge: ofSessions(func(v *View, o offer) check.Outcome {
		p := o.s.Protocol
		if !p.OK {
			return check.Skip()
		}
		is13 := o.s.TLS13()
		switch {
		case o.Place >= 0 && !is13:
			return check.Broken(o.Ref, "The ticket is of %s, and is offered as a PSK of TLS 1.3: its secret is none.", suite.Version(p.Value)).And(p.Ref)
		case o.Place < 0 && is13:
			return check.Broken(o.Ref, "The ticket is of TLS 1.3, and is offered in session_ticket (35), which older versions use.").And(p.Ref)
		case v.Mode == Resumed && v.Old() && p.Value != v.Version:
			return check.Broken(v.VersionRef, "The session is of %s, and was resumed in %s.", suite.Version(p.Value), suite.Version(v.Version)).And(p.Ref)
		case !v.allows(p.Value):
			return check.Doubtful(o.Ref, "The session is of %s, and the ClientHello does not offer that version any more: the ticket cannot be taken.", suite.Version(p.Value)).And(p.Ref)
		}
		return check.Holds(o.Ref, "%s.", suite.Version(p.Value)).And(p.Ref)
	}),
}, {
	ID: "tls.resume.suite", Group: groupResumption, Level: check.Must,
	Refs:     "RFC 5246 §7.4.1.2; RFC 5246 §7.4.1.3; RFC 9846 §4.7.1",
	Title:    "The suite is that of the session, or of TLS 1.3 one with its hash",
	Headline: "The connection resumes with a suite that the session does not allow",
	Judge:    ofSessions(func(v *View, o offer) check.Outcome { return v.judgeSuite(o) }),
}, {
	ID: "tls.resume.extended-main-secret", Group: groupResumption, Level: check.Must, Refs: "RFC 7627 §5.3; RFC 7627 §5.4",
	Title:    "Session and hellos agree on extended_main_secret",
	Headline: "extended_main_secret is missing, or changed between the connections",
	Judge: ofSessions(func(v *View, o offer) check.Outcome {
		if !v.Old() || v.Mode != Resumed || o.s.ExtendedMainSecret == session.Unknown || v.CH == nil {
			return check.Skip()
		}
		client, server := v.extended()
		had := o.s.ExtendedMainSecret == session.Yes
		at, there := v.SH.Ref, o.s.ExtendedMainSecretRef
		who := []string{}
		if client == !had {
			who = append(who, "the ClientHello")
		}
		if server == !had {
			who = append(who, "the ServerHello")
		}
		switch {
		case had && len(who) > 0:
			return check.Broken(at, "The session was made with extended_main_secret, and %s lacks it: the other side must abort. OpenSSL sends handshake_failure (40).", report.Enumerate(who)).And(there)
		case !had && len(who) > 0:
			return check.Broken(at, "The session was made without extended_main_secret, and %s has it: the server must do a full handshake instead.", report.Enumerate(who)).And(there)
		case !had:
			return check.Doubtful(at, "Neither the session nor the hellos have extended_main_secret: such sessions should not be resumed, for two connections can be made to share their secret.").And(there)
		}
		return check.Holds(at, "").And(there)
	}),
}, {
	ID: "tls.resume.host", Group: groupResumption, Level: check.Must,
	Refs:     "RFC 6066 §3; RFC 9846 §4.3.11; RFC 9846 §4.7.1",
	Title:    "It resumes at the host where the session was made",
	Headline: "The session is resumed at another host",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.judgeHost() },
}, {
	ID: "tls.resume.alpn", Group: groupResumption, Level: check.Advice, Refs: "RFC 7301 §3.1; RFC 9846 §4.3.10",
	Title: "The protocol is that of the session",
	Judge: ofSessions(func(v *View, o offer) check.Outcome {
		if v.Mode != Resumed || !o.s.ALPN.OK || v.TLS13() && v.EE == nil {
			return check.Skip()
		}
		was, is := o.s.ALPN.Value, v.alpn()
		if was != is {
			return check.Note(o.s.ALPN.Ref, "The protocol is %s, in the session it was %s. Each handshake agrees on it anew; early data would not be taken.", named(is), named(was))
		}
		return check.Holds(o.s.ALPN.Ref, "")
	}),
}, {
	ID: "tls.resume.session-id", Group: groupResumption, Level: check.Must, Refs: "RFC 5077 §3.4",
	Title:    "The session id tells whether the ticket was taken",
	Headline: "The session id does not tell whether the ticket was taken",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.CH == nil || len(v.CH.Ticket()) == 0 || v.TLS13() || v.CH.Extensions.Has(handshake.ExtPreSharedKey) {
			return check.Skip()
		}
		id := v.CH.SessionID
		sum := sha256.Sum256(v.CH.Ticket())
		switch {
		case !id.OK:
			return check.Skip()
		case len(id.Value) == 0:
			return check.Doubtful(id.Ref, "A ticket is offered with an empty session id: whether it is taken shows only when a Certificate comes, or none.")
		case v.Mode == Resumed && !v.echoed():
			return check.Broken(v.SH.SessionID.Ref, "The session was resumed, and the session id is %s; the client's is %s. A server that takes a ticket repeats it.", colons(v.SH.SessionID.Value), colons(id.Value)).And(id.Ref)
		case sameOctets(id.Value, sum[:]):
			return check.Note(id.Ref, "The session id is the SHA-256 of the ticket: a client of the OpenSSL family made it up, to see it come back.")
		}
		return check.Holds(id.Ref, "")
	},
}, {
	ID: "tls.resume.client-certificate", Group: groupResumption, Level: check.Should, Refs: "RFC 9846 §4.4.2; CVE-2025-23419",
	Title:    "The identity in the session is the one that this host would ask for",
	Headline: "The identity in the session is not the one that this host would ask for",
	Judge: ofSessions(func(v *View, o offer) check.Outcome {
		if v.Mode != Resumed || o.s != o.State {
			return check.Skip() // a file of the client holds the server's certificate
		}
		if len(o.s.Peer) > 0 {
			who := "a certificate"
			if k, ok := v.all.certificate(o.s.Peer[0].Value); ok {
				who = k.Title()
			}
			at := o.s.Peer[0].Ref
			if was := v.all.hostOf(o); was != "" && v.Host() != "" && !strings.EqualFold(was, v.Host()) {
				return check.Doubtful(at, "The state holds the client's identity, %s, which was checked for %s; it is resumed for %s, and nobody asks again.", who, was, v.Host())
			}
			return check.Note(at, "The client is %s, by the ticket alone: no certificate is asked for when a session is resumed.", who)
		}
		for _, e := range v.Others() {
			if e.CH != nil && e.H.CertificateRequest() != nil && v.Host() != "" && strings.EqualFold(e.CH.ServerName(), v.Host()) {
				return check.Doubtful(o.Ref, "Another connection to %s was asked for a client certificate; this one resumes a session that holds none, and is let in.", v.Host()).And(e.H.CertificateRequest().Ref)
			}
		}
		return check.Holds(o.Ref, "")
	}),
}}

// offering says what a ClientHello offers to resume, or "".
func (v *View) offering() (report.Ref, string) {
	if v.CH == nil {
		return report.None, ""
	}
	if n := len(v.Offered); n > 0 {
		if v.Offered[0].Place < 0 {
			return v.Offered[0].Ref, "A ticket of " + octetCount(len(v.Offered[0].Octets))
		}
		if n == 1 {
			return v.Offered[0].Ref, "A PSK"
		}
		return v.Offered[0].Ref, "A list of " + report.Count(n) + " PSKs"
	}
	// In a hello that offers TLS 1.3 the id means nothing.
	if !v.offers13() && len(v.CH.SessionID.Value) > 0 {
		return v.CH.SessionID.Ref, "A session id"
	}
	return report.None, ""
}

// allows says that the ClientHello offers a version.
func (v *View) allows(version uint16) bool {
	if n := v.CH.Versions(); n != nil {
		return n.Has(version)
	}
	return version < TLS13 && (!v.CH.Version.OK || uint64(version) <= v.CH.Version.Value)
}

func (v *View) judgeSuite(o offer) check.Outcome {
	f := o.s.Cipher
	was, known := suite.Lookup(f.Value)
	if !f.OK || !known {
		return check.Skip()
	}
	if o.s.TLS13() {
		if v.Mode != Resumed || !v.SuiteOK || !v.TLS13() {
			return check.Skip()
		}
		switch {
		case was.Hash != v.Suite.Hash:
			return check.Broken(v.SH.Suite.Ref, "The session is of %s with %s, the connection has %s with %s: a PSK serves suites of its own hash only.", was.Name, was.Hash, v.Suite.Name, v.Suite.Hash).And(f.Ref)
		case was.ID != v.Suite.ID:
			return check.Note(v.SH.Suite.Ref, "The session is of %s, the connection has %s, with the same hash: that is allowed, without early data.", was.Name, v.Suite.Name).And(f.Ref)
		}
		return check.Holds(v.SH.Suite.Ref, "").And(f.Ref)
	}
	switch {
	case v.CH != nil && v.CH.Suites.OK && !v.CH.Suites.Has(f.Value):
		return check.Broken(v.CH.Suites.Ref, "The session is of %s, and the ClientHello does not offer that suite: before TLS 1.3 a session keeps its suite.", was.Name).And(f.Ref)
	case v.Mode == Resumed && v.SuiteOK && was.ID != v.Suite.ID:
		return check.Broken(v.SH.Suite.Ref, "The session is of %s, and was resumed with %s: before TLS 1.3 a session keeps its suite.", was.Name, v.Suite.Name).And(f.Ref)
	case v.CH == nil && v.Mode != Resumed:
		return check.Skip()
	}
	return check.Holds(f.Ref, "")
}

// refused says what may be the reason that nothing was resumed, the likeliest first.
func (v *View) refused() string {
	var when time.Time // of the hello: the time of judging may be years later
	if sent := v.H.EventOf(v.CH); sent != nil {
		when = sent.At
	}
	var why []string
	say := func(s string) { why = append(why, s) }
	client, _ := v.extended()
	for _, o := range v.Offered {
		switch o.Opening.Status {
		case ticket.NameUnknown:
			say("none of the ticket keys that were given has the ticket's name, so that it may have been rotated away")
		case ticket.WrongMAC:
			say("the key has the ticket's name, and its MAC does not hold")
		}
		for _, s := range o.sessions() {
			switch cipher, known := suite.Lookup(s.Cipher.Value); {
			case s.Expires.OK && !when.IsZero() && when.After(s.Expires.Value):
				say("the session had ended on " + report.Clock(s.Expires.Value))
			case s.Created.OK && s.Timeout.OK && !when.IsZero() && s.Timeout.Value < 1<<32 && when.After(s.Created.Value.Add(seconds32(s.Timeout.Value))):
				say("the session had ended on " + report.Clock(s.Created.Value.Add(seconds32(s.Timeout.Value))))
			case s.Protocol.OK && v.Version != 0 && s.Protocol.Value != v.Version:
				say("the session is of " + suite.Version(s.Protocol.Value) + ", the connection of " + suite.Version(v.Version))
			case known && v.TLS13() && v.SuiteOK && cipher.Hash != v.Suite.Hash:
				say("the session's hash is " + cipher.Hash.String() + ", the suite's " + v.Suite.Hash.String())
			case v.Old() && s.ExtendedMainSecret == session.No && client:
				say("the session was made without extended_main_secret, and the client asks for it")
			case s.Host.OK && s.Host.Value != "" && v.Host() != "" && !strings.EqualFold(s.Host.Value, v.Host()):
				say("the session is from " + s.Host.Value)
			}
		}
	}
	if v.TLS13() {
		if n := v.pskModes(); n != nil && !n.Has(pskDHEKE) {
			say("the client offers psk_ke alone, which most servers do not take")
		}
	}
	if len(why) == 0 && len(v.Offered) == 0 {
		return "The server's cache does not hold it: too old, pushed out, or of another server."
	}
	if len(why) == 0 {
		return "Nothing here says why; the usual reasons are a ticket key that was rotated or is another server's, an expired ticket, or a ticket callback that said «ignore»."
	}
	return "Likely: " + strings.Join(why, "; ") + "."
}
