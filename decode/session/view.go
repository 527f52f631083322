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
	// Others are the other sessions.
	Others  []check.Found[*Session]
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
	for _, k := range check.All[*Session](c) {
		if k.Item != c.Self {
			v.Others = append(v.Others, k)
		}
	}
	v.Tickets = check.All[*handshake.NewSessionTicket](c)
	v.Shakes = check.All[*handshake.Handshake](c)
	return v
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

// keyLog makes the lines of a key log that a session gives: with them a capture
// of its connection can be read.
func keyLog(_ *check.Context, value any) []check.Derived {
	s := value.(*Session)
	if s.SecretKind != Main || !s.Secret.OK || len(s.Secret.Value) != 48 || s.TLS13() {
		return nil
	}
	var b []byte
	if s.ClientRandom.OK {
		b = append(b, "CLIENT_RANDOM "...)
		b = hex.AppendEncode(b, s.ClientRandom.Value)
		b = append(b, ' ')
		b = append(hex.AppendEncode(b, s.Secret.Value), '\n')
	}
	if s.ID.OK && len(s.ID.Value) > 0 {
		b = append(b, "RSA Session-ID:"...)
		b = hex.AppendEncode(b, s.ID.Value)
		b = append(b, " Master-Key:"...)
		b = append(hex.AppendEncode(b, s.Secret.Value), '\n')
	}
	if b == nil {
		return nil
	}
	return []check.Derived{{Bytes: b, Hint: "key-log", Name: "key log of the session", How: "main secret and random, as a line of a key log", Secret: true}}
}
