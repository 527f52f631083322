package connection

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/secret"
	"derscope/decode/session"
	"derscope/decode/suite"
)

// binderHash is the hash whose output is as long as a binder; None: no hash of
// TLS 1.3 is.
func binderHash(size int) suite.Hash {
	switch size {
	case 32:
		return suite.SHA256
	case 48:
		return suite.SHA384
	}
	return suite.None
}

// presumed is a PSK that an identity may stand for.
type presumed struct {
	psk  []byte
	from string // for people
	own  bool   // it is of the very ticket that is offered
}

// secrets lists what the binder of an identity can be tried with.
func (v *View) secrets(o Offered, h suite.Hash) (all []presumed) {
	add := func(s *session.Session, from string) {
		if s == nil || !s.Secret.OK {
			return
		}
		switch s.SecretKind {
		case session.PSK:
			all = append(all, presumed{s.Secret.Value, from, true})
		case session.Resumption:
			nonce := s.Nonce.Value
			if o.From != nil && o.From.Nonce.OK {
				nonce = o.From.Nonce.Value
			}
			all = append(all, presumed{h.TicketPSK(s.Secret.Value, nonce), from, true})
		}
	}
	add(o.State, "the opened ticket")
	add(o.File, "the saved session")
	for _, f := range o.Files {
		add(f, "another saved session with this ticket")
	}
	for _, b := range v.all.shared() {
		all = append(all, presumed{b, "the secret that was given", false})
	}
	return all
}

// shared are runs of octets that can be a PSK: what was given and is nothing else.
func (x *index) shared() [][]byte {
	const most, least, longest = 16, 16, 64
	if x.psks == nil {
		x.psks = [][]byte{}
		for _, e := range x.exhibits {
			// Text is tried as what it spells as well: chance may have spelled it like a word.
			readings := (&secret.Shared{Bytes: e.Source}).Readings()
			free := e.Kind == "" || e.Kind == "unknown" || e.Kind == "ticket-key" || e.Kind == "shared-secret"
			for _, r := range readings {
				if n := len(r.Bytes); free && e.Said != "none" && n >= least && n <= longest && len(x.psks) < most {
					x.psks = append(x.psks, r.Bytes)
				}
			}
		}
	}
	return x.psks
}

// bound is the hash that the binders of the ClientHello are made over: of all
// messages up to them. Without the first of two hellos it is not known.
//
// RFC 9846, section 4.3.11.2
func (v *View) bound(h suite.Hash) ([]byte, bool) {
	e := v.H.EventOf(v.CH)
	o := v.CH.Offer()
	if e == nil || o == nil || o.Tail <= 0 || o.Tail >= len(e.Raw) {
		return nil, false
	}
	hello := e.Raw[:len(e.Raw)-o.Tail]
	if v.HRR == nil {
		return h.Sum(hello), true
	}
	first, retry := v.H.EventOf(v.CH1), v.H.EventOf(v.HRR)
	if v.CH1 == nil || first == nil || retry == nil {
		return nil, false
	}
	return h.Retried(first.Raw, retry.Raw, hello), true
}

// binderSorts are what a PSK can be: each has a label of its own.
var binderSorts = [...]binderSort{
	{suite.Resumption, "of a ticket"},
	{suite.External, "agreed on otherwise"},
	{suite.Imported, "imported (RFC 9258)"},
}

type binderSort struct{ label, what string }

// made says as what a PSK makes the binder of the identity; nil: it does not.
func (o Offered) made(h suite.Hash, psk, hash []byte) *binderSort {
	for i := range binderSorts {
		if bytes.Equal(h.Binder(psk, binderSorts[i].label, hash), o.Binder.Value) {
			return &binderSorts[i]
		}
	}
	return nil
}

func judgeBinder(v *View, o Offered) check.Outcome {
	h := binderHash(len(o.Binder.Value))
	if !o.Binder.OK || h == suite.None {
		return check.Skip()
	}
	retried := v.HRR != nil || v.CH.Extensions.Has(handshake.ExtCookie)
	hash, ok := v.bound(h)
	if !ok {
		if retried {
			return check.Needs("first-hello", o.Binder.Ref, "The binder covers the first ClientHello, too, which a HelloRetryRequest answered: add it.")
		}
		return check.Skip()
	}
	all := v.secrets(o, h)
	if len(all) == 0 {
		return check.Needs("session", o.Binder.Ref, "The binder of identity %d is made with the PSK. Add the saved session, the key of the ticket, or the PSK itself to compute it.", o.Place)
	}
	var own []string
	for _, s := range all {
		if sort := o.made(h, s.psk, hash); sort != nil {
			return check.Holds(o.Binder.Ref, "Identity %d: the PSK %s, from %s, makes this very binder («%s», %s).", o.Place, sort.what, s.from, sort.label, h)
		}
		if s.own {
			own = append(own, s.from)
		}
	}
	switch {
	case len(own) == 0:
		return check.Needs("session", o.Binder.Ref, "None of the secrets that were given makes the binder of identity %d. Add the saved session, or the key of the ticket.", o.Place)
	case retried && v.HRR == nil:
		return check.Needs("first-hello", o.Binder.Ref, "The ClientHello has a cookie, so that it is the second one: its binder covers the first, too. Add that and the HelloRetryRequest.")
	}
	alone := ""
	if v.SH == nil && v.CH1 == nil {
		alone = " Or it is the second hello, after a HelloRetryRequest that is not here."
	}
	return check.Broken(o.Binder.Ref, "Identity %d: the PSK from %s makes another binder, as resumption, external or imported PSK. Either the client has another secret, or the ClientHello was changed on its way: servers answer decrypt_error (51).%s", o.Place, strings.Join(own, " and from "), alone)
}
