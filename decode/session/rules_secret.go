package session

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

var secretRules = []rule{{
	ID: "session.secret", Group: readableGroup, Level: check.Must, Refs: "RFC 5246 §8.1; RFC 9846 §4.7.1",
	Title: "The secret has the length that the protocol asks for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		s := v.Secret
		switch {
		case !s.OK && v.Wrong != "":
			return check.Skip() // session.structure and session.dialect say why
		case !s.OK:
			return check.Broken(v.Ref, "There is no secret in it: nothing can be resumed with it.")
		case v.SecretKind == Wrapped:
			return check.Note(s.Ref, "%s", v.consequence())
		case len(s.Value) == 0:
			return check.Broken(s.Ref, "The secret is empty: nothing can be resumed with it.")
		case bytes.Count(s.Value, s.Value[:1]) == len(s.Value):
			return check.Broken(s.Ref, "All %d octets of the secret are the same: it was never set, or overwritten, and anyone can guess it.", len(s.Value))
		case !v.Protocol.OK || !known(v.Protocol.Value):
		case !v.TLS13() && len(s.Value) != 48:
			return check.Broken(s.Ref, "The main secret has %s; in %s it has 48.", report.Plural(len(s.Value), "octet", "octets"), suite.Version(v.Protocol.Value))
		case v.TLS13() && v.SuiteOK && v.Suite.TLS13 && len(s.Value) != v.Suite.Hash.Size():
			return check.Broken(s.Ref, "The secret has %s; with %s it has the %d of %s.", report.Plural(len(s.Value), "octet", "octets"), v.Suite.Name, v.Suite.Hash.Size(), v.Suite.Hash)
		}
		return check.Note(s.Ref, "%s", v.consequence())
	},
}}

// consequence says what someone can do who holds the secret.
func (s *Session) consequence() string {
	switch s.SecretKind {
	case Main:
		text := "Whoever has it can read the connection that it comes from and every resumption of it, recorded ones too, whatever the key exchange was"
		if s.ClientSide == No {
			text += "; and can pose as the server to clients that hold tickets"
			if len(s.Peer) > 0 {
				text += ", and as the client whose certificate is in here"
			}
		} else {
			text += "; and can speak for the client, and for the server in a resumption"
		}
		return text + ". Handle it like a password."
	case PSK:
		return "Whoever has it can read early data, and resumptions without a new key exchange, and can pose as the server in a resumption. It does not open the connection that it comes from. Handle it like a password."
	case Resumption:
		return "Whoever has it can make the secret of every ticket of that connection: read their early data, and resumptions without a new key exchange, and pose as the server. It does not open the connection itself. Handle it like a password."
	case Wrapped:
		return "The secret is sealed once more, under a key that only the server has: opening the ticket does not give it away."
	}
	return ""
}
