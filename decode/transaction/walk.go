package transaction

import (
	"slices"

	"derscope/decode/cmp"
	"derscope/decode/enrol"
)

// state is how far a transaction is.
type state uint8

const (
	start      state = iota
	sent             // the client waits for the answer to what it asked
	challenged       // it was given a challenge
	polling          // it was told to ask again
	answered         // it has the final answer
	done             // nothing is left to say
	failed
)

// step is what one message does to the state.
type step struct {
	before, after state
	want          []cmp.Type // what could have come
	bad           bool       // it is none of them
	gap           bool       // a message before it is not at hand
}

// walk follows the messages through the states. A message that does not belong
// where it stands sets the state by itself, so that one fault is told once.
//
// RFC 9810, section 5.3
func (v *View) walk() {
	v.steps = make([]step, len(v.Messages))
	v.origin, v.ask = -1, -1
	s, last := start, (*enrol.View)(nil)
	for i, m := range v.Messages {
		p := &v.steps[i]
		p.before = s
		core := m.Core()
		b := &core.Body
		if m.Again != nil || b.Type == cmp.Nested || !b.Type.Known() || b.Type.Announces() {
			p.after = s
			continue
		}
		p.want = v.next(s, m.From)
		if last == nil {
			p.gap = !b.Type.First() && b.Type != cmp.Error
		} else {
			p.judge(v, m, last, s)
		}
		if b.Type.First() {
			if v.origin < 0 || s == done || s == start {
				v.origin = b.Type
			}
			if v.first == nil {
				v.first = m
			}
		}
		s = v.after(s, m)
		p.after = s
		last = m
	}
	v.end = s
	v.last = last
}

// judge says whether a message may come in a state.
func (p *step) judge(v *View, m, last *enrol.View, s state) {
	t := m.Core().Body.Type
	for _, w := range p.want {
		if w == t {
			return
		}
	}
	if v.origin < 0 && enrol.Final(t) { // what was asked is not at hand
		return
	}
	late := s == polling && enrol.Final(t) // the polls are not at hand
	if late || m.From == last.From && !m.Linked {
		p.gap = true
		return
	}
	p.bad = true
}

// next are the bodies that may come from a side.
func (v *View) next(s state, from cmp.Side) []cmp.Type {
	if from == cmp.Client {
		switch s {
		case start:
			return []cmp.Type{cmp.IR, cmp.CR, cmp.P10CR, cmp.KUR, cmp.KRR, cmp.CCR, cmp.RR, cmp.GenM}
		case challenged:
			return []cmp.Type{cmp.POPDecR, cmp.Error}
		case polling:
			return []cmp.Type{cmp.PollReq, cmp.Error}
		case answered:
			return []cmp.Type{cmp.CertConf, cmp.Error}
		case done:
			if v.origin == cmp.GenM { // what it asked for may serve a request: a key for a MAC
				return []cmp.Type{cmp.IR, cmp.CR, cmp.P10CR, cmp.KUR, cmp.KRR, cmp.CCR, cmp.RR, cmp.GenM}
			}
		}
		return nil
	}
	if s != sent && s != start {
		return nil
	}
	var final []cmp.Type
	asked := v.origin
	if v.ask.First() {
		asked = v.ask
	}
	if t, ok := finals[asked]; ok {
		final = []cmp.Type{t}
	}
	switch v.ask {
	case cmp.PollReq:
		return append([]cmp.Type{cmp.PollRep, cmp.Error}, final...)
	case cmp.CertConf, cmp.Error:
		return []cmp.Type{cmp.PKIConf, cmp.Error}
	case cmp.POPDecR, cmp.P10CR, cmp.CCR, cmp.RR, cmp.GenM:
		return append(final, cmp.Error)
	case cmp.PKIConf:
		return nil
	}
	return append(final, cmp.POPDecC, cmp.Error)
}

// finals are the answers that requests get in the end.
var finals = map[cmp.Type]cmp.Type{cmp.IR: cmp.IP, cmp.CR: cmp.CP, cmp.P10CR: cmp.CP, cmp.KUR: cmp.KUP, cmp.KRR: cmp.KRP,
	cmp.CCR: cmp.CCP, cmp.RR: cmp.RP, cmp.GenM: cmp.GenP}

// after is the state behind a message.
func (v *View) after(s state, m *enrol.View) state {
	b := &m.Core().Body
	if m.From == cmp.Client {
		switch {
		case s == failed && !b.Type.First():
			return failed
		case b.Type == cmp.PKIConf: // cmp1999
			return done
		}
		v.ask = b.Type
		return sent
	}
	switch t := b.Type; {
	case m.Waiting():
		return polling
	case t == cmp.POPDecC:
		return challenged
	case t == cmp.PKIConf:
		if v.ask == cmp.Error {
			return failed
		}
		return done
	case t == cmp.Error:
		return failed
	case enrol.Final(t):
		v.answer = m
		return settled(m)
	}
	return s
}

// settled is the state behind a final answer.
func settled(m *enrol.View) state {
	b := &m.Core().Body
	if b.Type == cmp.GenP {
		return done
	}
	infos := statuses(b)
	refused := len(infos) > 0
	for _, s := range infos {
		refused = refused && s.Value() == cmp.Rejection
	}
	switch {
	case refused:
		return failed
	case b.Type == cmp.RP || b.Type == cmp.KRP && len(infos) == 0:
		return done
	case implicit(m) != nil:
		return done
	}
	return answered
}

// statuses are those with which a body answers: what a certConf says is the
// client's, and no answer.
func statuses(b *cmp.Body) (all []*cmp.PKIStatusInfo) {
	if b.Type == cmp.CertConf {
		return nil
	}
	return slices.DeleteFunc(b.Statuses(), func(s *cmp.PKIStatusInfo) bool { return s == nil })
}
