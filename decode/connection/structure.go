package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// structure is a CertificateStatus as it was sent: as a message, or in the
// extension of a certificate.
type structure struct {
	*handshake.Staple
	from  handshake.Side
	entry int
	ref   report.Ref
	body  []byte // without the header of the message or extension
	empty bool   // the extension has no body
}

// structures lists them, whether or not a response can be read in them.
func (v *View) structures() (all []structure) {
	for _, e := range v.H.Of(handshake.TypeCertificateStatus) {
		if s, ok := e.Body.(*handshake.CertificateStatus); ok && len(e.Raw) >= 4 {
			all = append(all, structure{&s.Staple, handshake.Server, 0, s.Ref, e.Raw[4:], len(e.Raw) == 4})
		}
	}
	for _, side := range []handshake.Side{handshake.Server, handshake.Client} {
		m := v.Side(side).Message
		if m == nil {
			continue
		}
		for i := range m.Entries {
			if x := m.Entries[i].Extensions.Get(handshake.ExtStatusRequest); x != nil {
				s := m.Entries[i].Staple()
				if s == nil {
					s = &handshake.Staple{}
				}
				all = append(all, structure{s, side, i, x.Ref, x.Body, len(x.Body) == 0})
			}
		}
	}
	return all
}

// StapleType is the status_type of the staple of the server's certificate.
func (v *View) StapleType() (uint64, bool) {
	for _, s := range v.structures() {
		if s.from == handshake.Server && s.entry == 0 && s.Type.OK {
			return s.Type.Value, true
		}
	}
	return 0, false
}

// announced is the length inside the structure and what there is of octets.
func (s structure) announced() (inner, have int, ok bool) {
	if len(s.body) < 4 {
		return 0, 0, false
	}
	return int(s.body[1])<<16 | int(s.body[2])<<8 | int(s.body[3]), len(s.body) - 4, true
}

// The types of CertificateStatus.
const (
	statusOCSP      = 1
	statusOCSPMulti = 2
)

// ofStructures makes a rule of what is judged of each.
func ofStructures(judge func(*View, structure) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, s := range v.structures() {
			o = check.Worst(o, judge(v, s))
		}
		return o
	}
}

// ofStaples makes a rule of what is judged of each response that could be read.
func ofStaples(judge func(*check.Context, *View, *Staple) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for i := range v.Staples {
			if v.Staples[i].Is != nil {
				o = check.Worst(o, judge(c, v, &v.Staples[i]))
			}
		}
		return o
	}
}
