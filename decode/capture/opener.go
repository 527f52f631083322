package capture

import (
	"fmt"
	"slices"

	"derscope/decode/handshake"
	"derscope/decode/keylog"
	"derscope/decode/suite"
)

// secure changes to new keys, behind the change_cipher_spec of TLS 1.2 and older.
func (t *opening) secure(side int) {
	d := &t.sides[side]
	d.secured, d.opener = true, nil
	secret := t.secret(keylog.ClientRandom)
	switch {
	case !t.known:
		d.why = fmt.Sprintf("the cipher suite %04x is not known here", t.hellos[1].suite)
	case t.hellos[1].compressed:
		d.why = "the contents are compressed"
	case secret == nil:
		d.guess = true
	default:
		d.opener, d.why = t.opener(side, secret)
	}
}

// opener makes the opener of a side from the main secret, or says why it cannot.
func (t *opening) opener(side int, main []byte) (*suite.Opener, string) {
	client, server, err := t.suite.Openers(t.version, main, t.hellos[0].random[:], t.hellos[1].random[:], t.hellos[1].thenMAC)
	switch {
	case err != nil:
		return nil, err.(*suite.Error).Detail
	case side == 1:
		return server, ""
	}
	return client, ""
}

// guesses and allGuesses bound the main secrets that are tried on a connection
// without one, and on all of a recording.
const (
	guesses    = 256
	allGuesses = 1 << 15
)

// resumed tries the main secrets of sessions and of other connections: a
// resumption has that of the session it resumes, and not every program logs it
// again. A full handshake has one of its own, which a saved session may hold.
func (t *opening) resumed(side int, r record, raw []byte) *suite.Opener {
	left := guesses
	var found *suite.Opener
	try := func(main []byte) bool {
		if left == 0 || *t.left == 0 {
			return false
		}
		left, *t.left = left-1, *t.left-1
		o, _ := t.opener(side, main)
		if o == nil {
			return false
		}
		if _, err := o.Open(r.typ, r.version, raw[5:]); err == nil {
			t.borrowed = true
			found, _ = t.opener(side, main)
		}
		return found == nil
	}
	for i := 0; i < len(t.mains) && try(t.mains[i]); i++ {
	}
	for i := 0; i < len(t.logs) && found == nil && !t.full; i++ {
		t.logs[i].Mains(try)
	}
	return found
}

// lack notes a label that no key log has.
func (t *opening) lack(label string) {
	if !slices.Contains(t.missing, label) {
		t.missing = append(t.missing, label)
	}
}

// open opens a record if it can be opened.
func (t *opening) open(side int, r record, raw []byte) (suite.Opened, bool) {
	d := &t.sides[side]
	who := (handshake.Client + handshake.Side(side)).String()
	if d.lost || r.part {
		if t.lost == "" {
			t.lost = fmt.Sprintf("record %d of the %s, before which octets are missing", d.record, who)
		}
		return suite.Opened{}, false
	}
	if t.version >= 0x0304 || !t.has[1] {
		return t.open13(side, r, raw, who)
	}
	if d.opener == nil && d.guess {
		d.guess = false
		if d.opener = t.resumed(side, r, raw); d.opener == nil {
			t.lack(keylog.ClientRandom)
		}
	}
	if d.opener == nil {
		return suite.Opened{}, false
	}
	got, err := d.opener.Open(r.typ, r.version, raw[5:])
	if err != nil {
		t.fail(who, err)
		d.opener.Skip()
		return got, false
	}
	return got, true
}

func (t *opening) fail(who string, err error) {
	if t.failed == "" {
		e := err.(*suite.Error)
		t.failed = fmt.Sprintf("record %d of the %s under these keys does not open: %s", e.Record+1, who, e.Detail)
	}
}

// open13 tries the secret of the phase that the side is in, and those of later
// ones: a tag that fits proves which it was.
func (t *opening) open13(side int, r record, raw []byte, who string) (suite.Opened, bool) {
	d := &t.sides[side]
	var first error
	for i := d.at; i < len(d.phases); i++ {
		p := &d.phases[i]
		if p.label == keylog.ClientEarly && p.secret != nil && (p.opener == nil || p.opener.Next() == 0) {
			t.early(p, r, raw)
		}
		if p.opener == nil {
			continue
		}
		got, err := p.opener.Open(r.typ, r.version, raw[5:])
		if err == nil {
			d.at = i
			return got, true
		}
		if first == nil {
			first = err
		}
	}
	if d.at < len(d.phases) {
		switch p := &d.phases[d.at]; {
		case p.secret == nil:
			t.lack(p.label)
		case p.label == keylog.ClientEarly && p.opener == nil:
		case first != nil:
			t.fail(who, first)
		}
	}
	return suite.Opened{}, false
}

// early finds the suite of early data: the one whose tag fits.
func (t *opening) early(p *phase, r record, raw []byte) {
	for _, id := range earlySuites {
		s, _ := suite.Lookup(id)
		o, err := s.Opener13(p.secret)
		if err != nil {
			continue
		}
		if _, err := o.Open(r.typ, r.version, raw[5:]); err == nil {
			p.opener, _ = s.Opener13(p.secret)
			return
		}
	}
}
