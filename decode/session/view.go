package session

import (
	"bytes"
	"encoding/hex"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/suite"
)

// View is a session with what there is beside it.
type View struct {
	*Session
	Suite   suite.Suite
	SuiteOK bool
	// Leaf is the peer's certificate, nil if there is none or it cannot be read.
	Leaf     *cert.Certificate
	LeafItem int
	// Staples are the OCSP responses inside.
	Staples []check.Found[*ocsp.Response]
	// All are the sessions at hand, this one included.
	All     []check.Found[*Session]
	Tickets []check.Found[*handshake.NewSessionTicket]
	// Shakes are the handshakes.
	Shakes []check.Found[*handshake.Handshake]
}

// look finds what belongs to a session.
func look(c *check.Context, s *Session) *View {
	v := &View{Session: s, LeafItem: -1}
	v.Suite, v.SuiteOK = suite.Lookup(s.Cipher.Value)
	v.SuiteOK = v.SuiteOK && s.Cipher.OK && !v.Suite.Signalling
	if len(s.Peer) > 0 {
		for _, k := range check.All[*cert.Certificate](c) {
			if v.Leaf == nil && k.Is.OK && bytes.Equal(k.Source, s.Peer[0].Value) {
				v.Leaf, v.LeafItem = k.Is, k.Item
			}
		}
	}
	for _, k := range check.All[*ocsp.Response](c) {
		if k.Carrier == c.Self {
			v.Staples = append(v.Staples, k)
		}
	}
	b := besideOf(c)
	v.All, v.Tickets, v.Shakes = b.sessions, b.tickets, b.shakes
	return v
}

// beside is what every session is set beside: it is looked for once.
type beside struct {
	sessions []check.Found[*Session]
	tickets  []check.Found[*handshake.NewSessionTicket]
	shakes   []check.Found[*handshake.Handshake]
}

func besideOf(c *check.Context) beside {
	type key struct{}
	return c.Once(key{}, func() any {
		return beside{check.All[*Session](c), check.All[*handshake.NewSessionTicket](c), check.All[*handshake.Handshake](c)}
	}).(beside)
}

// client says that the session is one that a client resumes with.
func (v *View) client() bool { return v.ClientSide == Yes || v.ClientSide == Unknown && !v.Sealed }

// host is the name for people, or "".
func (v *View) host() string {
	if v.Host.OK {
		return v.Host.Value
	}
	if v.Leaf != nil && v.ClientSide == Yes {
		return v.Leaf.Subject.Short()
	}
	return ""
}

// keyLog makes the line of a key log that a session gives, where the random of
// its client is inside or in a handshake beside it: with the line a recording of
// the connection can be read.
func keyLog(c *check.Context, value any) []check.Derived {
	s := value.(*Session)
	if s.SecretKind != Main || !s.Secret.OK || len(s.Secret.Value) != 48 || s.TLS13() {
		return nil
	}
	random, how := s.ClientRandom.Value, "the main secret and the random of the client, both of which stand in the session"
	if !s.ClientRandom.OK {
		for _, h := range check.All[*handshake.Handshake](c) {
			ch, sh := hellos(h.Is)
			if random == nil && ch != nil && ch.Random.OK && sh != nil && s.tie(h.Is, sh) != "" {
				random, how = ch.Random.Value, "the main secret of the session and the random of the ClientHello beside it"
			}
		}
	}
	if len(random) != 32 {
		return nil
	}
	b := hex.AppendEncode([]byte("CLIENT_RANDOM "), random)
	b = append(hex.AppendEncode(append(b, ' '), s.Secret.Value), '\n')
	return []check.Derived{{Bytes: b, Hint: "key-log", Name: "key log", How: how, Secret: true}}
}
