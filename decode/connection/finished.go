package connection

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/session"
)

// finishedRules judge Finished.
var finishedRules = []rule{{
	ID: "tls.finished.verify", Group: groupEnd, Level: check.Must, Refs: "RFC 9846 §4.5.3; RFC 5246 §7.4.9",
	Title:    "Both Finished prove the same messages and the same secret",
	Headline: "The Finished does not verify: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.finishedVerify() },
}}

// triedSessions bounds the sessions of which nothing but trying tells whether
// they are of this connection.
const triedSessions = 32

func (v *View) finishedVerify() check.Outcome {
	w := check.Skip()
	t := v.transcript()
	for _, e := range t.events {
		f, ok := e.Body.(*handshake.Finished)
		if !ok {
			continue
		}
		if !f.Data.OK {
			w = check.Worst(w, v.unread(f.Ref, "The Finished"))
			continue
		}
		o := v.oneFinished(t, e, f)
		if w.Applies() && w.Held() && o.Held() {
			return check.Holds(f.Data.Ref, "The Finished of both sides fit the messages and the secret.").And(w.At...)
		}
		w = check.Worst(w, o)
	}
	return w
}

func (v *View) oneFinished(t transcript, e *handshake.Event, f *handshake.Finished) check.Outcome {
	side := e.From
	if side == handshake.Unknown {
		return open(f.Ref, "Which side sent the Finished is not known, and each side has its own.")
	}
	messages, _ := t.until(e)
	need := []uint8{}
	if v.TLS13() {
		need = []uint8{handshake.TypeEncryptedExtensions}
	}
	whole := t.has(need...)
	word, what := "key-log", "the key log of the connection"
	if v.Old() {
		word, what = "session", "the session, or the key log of the connection"
	}
	switch {
	case !v.SuiteOK:
		return open(f.Ref, "The cipher suite is not known, so nothing can be computed.")
	case !whole:
		return check.Needs("client-hello", f.Ref, "The Finished covers all messages, from the ClientHello on: add those that are missing.")
	}
	unfit := check.Skip() // of the first secret that should fit, where none does
	for _, s := range v.finishedSecrets(side) {
		want := v.finishedData(s, side, messages)
		if want == nil {
			return open(f.Ref, "The hash of "+v.Suite.Name+" is not computed here.")
		}
		switch {
		case bytes.Equal(want, f.Data.Value):
			return check.Holds(f.Data.Ref, "The Finished of the %s fits the messages and the secret %s.", side, s.from)
		case s.guess || unfit.Applies():
		case !t.sure:
			unfit = check.Needs("capture", f.Data.Ref, "The Finished of the %s does not fit the messages that are here and the secret %s. Perhaps a message is missing or was changed in copying.", side, s.from)
		default:
			is, due := differing(f.Data.Value, want)
			unfit = check.Broken(f.Data.Ref, "The Finished of the %s is %s; with the secret %s and the messages it would be %s (decrypt_error 51).", side, is, s.from, due)
		}
	}
	if unfit.Applies() {
		return unfit
	}
	return check.Needs(word, f.Data.Ref, "It takes a secret to verify the Finished of the %s: add %s.", side, what)
}

// proofSecret is a secret that can make a Finished.
type proofSecret struct {
	octets []byte
	from   string // for people: «of the key log»
	guess  bool   // nothing says that it is of this connection
}

// finishedSecrets lists the secrets that can be meant, those that belong to the
// connection first.
func (v *View) finishedSecrets(side handshake.Side) (list []proofSecret) {
	if v.TLS13() {
		label := "SERVER_HANDSHAKE_TRAFFIC_SECRET"
		if side == handshake.Client {
			label = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
		}
		for _, s := range v.logged(label) {
			list = append(list, proofSecret{s, "of the key log", false})
		}
		return list
	}
	for _, s := range v.logged("CLIENT_RANDOM") {
		list = append(list, proofSecret{s, "of the key log", false})
	}
	add := func(s *session.Session, from string, guess bool) {
		if s != nil && s.SecretKind == session.Main && s.Secret.OK && len(list) < triedSessions {
			list = append(list, proofSecret{s.Secret.Value, from, guess})
		}
	}
	if v.Mode == Resumed {
		for _, o := range v.Offered {
			add(o.State, "in the ticket that was offered", false)
			add(o.File, "of the session that holds the ticket", false)
			for _, f := range o.Files {
				add(f, "of another session that holds the ticket", false)
			}
		}
	}
	for _, n := range v.Issued {
		add(n.State, "in the ticket that was given", false)
		add(n.File, "of the session that holds the ticket", false)
	}
	for _, s := range v.Sessions {
		own := v.SH != nil && s.Is.ID.OK && len(s.Is.ID.Value) > 0 && bytes.Equal(s.Is.ID.Value, v.SH.SessionID.Value)
		add(s.Is, "of the session at hand", !own)
	}
	return list
}

// finishedData is what a Finished holds, or nil if it cannot be computed.
func (v *View) finishedData(s proofSecret, side handshake.Side, messages [][]byte) []byte {
	if v.Suite.Hash.Size() == 0 {
		return nil
	}
	if v.TLS13() {
		return v.Suite.Hash.Finished(s.octets, v.hash(v.Suite.Hash, messages))
	}
	return v.Suite.FinishedOld(v.Version, s.octets, side.String(), joined(messages))
}
