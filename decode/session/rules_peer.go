package session

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

var peerRules = []rule{{
	ID: "session.peer", Group: peerGroup, Level: check.Must, Refs: "RFC 9846 §4.7.1; ssl/ssl_asn1.c",
	Title: "The certificate in it is still good",
	Judge: func(c *check.Context, v *View) check.Outcome {
		verified := v.VerifyResult
		doubt := check.Skip()
		if verified.OK && verified.Value != 0 {
			doubt = check.Doubtful(verified.Ref, "The verification of the certificate did not succeed when the session was made: %s. Resuming means going on without asking again.", v.failed())
		}
		switch {
		case v.Leaf == nil && len(v.Peer) > 0:
			return check.Worst(check.Doubtful(v.Peer[0].Ref, "The certificate in it cannot be read."), doubt)
		case v.Leaf == nil && (doubt.Applies() || v.Printed || v.Wrong != ""):
			return doubt
		case v.Leaf == nil && v.ClientSide == Yes && v.keepsPeer():
			return check.Doubtful(v.Ref, "The server's certificate is not in it: when it is resumed, nothing says whom one speaks to.")
		case v.Leaf == nil:
			return check.Skip()
		case c.At.IsZero():
			return check.Needs("time", v.Peer[0].Ref, "Whether the certificate is valid depends on the time.")
		case v.Leaf.NotAfter.OK && c.At.After(v.Leaf.NotAfter.Value.Time):
			return check.Broken(v.Peer[0].Ref, "The certificate %s expired %s, at %s: with a full handshake the peer would be refused now.", v.Leaf.Title(), report.Distance(v.Leaf.NotAfter.Value.Time, c.At), report.Clock(v.Leaf.NotAfter.Value.Time))
		case v.Leaf.NotBefore.OK && c.At.Before(v.Leaf.NotBefore.Value.Time):
			return check.Broken(v.Peer[0].Ref, "The certificate %s is valid only from %s on, which lies after the time of evaluation.", v.Leaf.Title(), report.Clock(v.Leaf.NotBefore.Value.Time))
		case doubt.Applies():
			return doubt
		}
		whose := "the peer's"
		if v.ClientSide != Unknown {
			whose = "the " + v.PeerIs() + "'s"
		}
		return check.Note(v.Peer[0].Ref, "It is %s: %s. Resuming means believing the check that it passed then.", whose, v.Leaf.Title())
	},
}, {
	ID: "session.host", Group: peerGroup, Level: check.Must, Refs: "RFC 9846 §4.7.1; RFC 9525 §6",
	Title: "The certificate is for the host that the session is for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case v.ClientSide != Yes || v.Wrong != "" || v.Printed && !v.Host.OK:
			return check.Skip()
		case !v.Host.OK && v.Leaf == nil:
			return check.Skip()
		case !v.Host.OK:
			return check.Note(v.Ref, "No host name is stored in it, as is usual with OpenSSL: the application must remember that it is for %s, and offer it nowhere else.", v.Leaf.Title())
		case v.Leaf == nil:
			return check.Needs("certificate", v.Host.Ref, "It is for %s; the certificate of that server is not in it.", v.Host.Value)
		}
		ok, names := v.Leaf.For(v.Host.Value), v.Leaf.Hosts()
		switch {
		case ok:
			return check.Holds(v.Host.Ref, "%s.", v.Host.Value).And(v.Peer[0].Ref)
		case len(names) == 0:
			return check.Broken(v.Host.Ref, "It is for %s, and the certificate has no name in its subjectAltName.", v.Host.Value).And(v.Peer[0].Ref)
		}
		return check.Broken(v.Host.Ref, "It is for %s, and the certificate is for %s: a client must not resume it there.", v.Host.Value, report.Enumerate(names[:min(len(names), 4)])).And(v.Peer[0].Ref)
	},
}, {
	ID: "tls.status.stored", Group: peerGroup, Level: check.Should, Refs: "crypto/tls/ticket.go; ssl/ssl_asn1.cc; RFC 6960 §4.2.2.1",
	Title: "The OCSP response in it is still fresh",
	Judge: func(c *check.Context, v *View) check.Outcome {
		w := check.Skip()
		for _, s := range v.Staples {
			if s.Is.Basic == nil {
				continue
			}
			for _, one := range s.Is.Basic.Data.Singles {
				switch next := one.NextUpdate; {
				case !next.OK:
				case c.At.IsZero():
					w = check.Worst(w, check.Needs("time", v.Staple.Ref, "Whether the response is fresh depends on the time."))
				case c.At.After(next.Value.Time):
					w = check.Worst(w, check.Doubtful(v.Staple.Ref, "It was to be replaced %s, at %s. When the session is resumed, no new one comes: Go shows this one to the application again, however old.", report.Distance(next.Value.Time, c.At), report.Clock(next.Value.Time)))
				default:
					w = check.Worst(w, check.Holds(v.Staple.Ref, "Fresh until %s.", report.Clock(next.Value.Time)))
				}
			}
		}
		return w
	},
}}

// failed names the result of the verification.
func (s *Session) failed() string {
	if s.Format == MbedTLS {
		return "Mbed TLS has flags for what was wrong"
	}
	return verifyResult(s.VerifyResult.Value)
}

// keepsPeer says that the format keeps the server's certificate for a client.
func (s *Session) keepsPeer() bool {
	switch s.Format {
	case OpenSSL, BoringSSL, LibreSSL, Go, GnuTLS, Botan:
		return true
	}
	return false
}
