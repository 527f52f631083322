package enrol

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// faults are those of some kinds in the encoding of the message itself: what is
// wrong inside a certificate or request in it is said where that is judged.
func (v *View) faults(c *check.Context, kinds ...field.Kind) (list []field.Fault) {
	for _, f := range c.Faults {
		if slices.Contains(kinds, f.Kind) && !embedded(c, f.Off) {
			list = append(list, f)
		}
	}
	return list
}

// embedded says that an octet of the message lies in another item.
func embedded(c *check.Context, off int) bool {
	for i := range c.Exhibits {
		if e := &c.Exhibits[i]; e.Carrier == c.Self && holds(e.Within, off) {
			return true
		}
	}
	return false
}

// inInfo says that an octet of the message lies in a value of information that
// cannot be read, which is said by the rules of its type.
func (v *View) inInfo(off int) bool {
	for _, list := range [][]*cmp.Info{v.Header.GeneralInfo.List, v.Body.Infos.List} {
		for _, i := range list {
			if i.Fault != "" && holds(i.At, off) {
				return true
			}
		}
	}
	return false
}

// holds says that an octet of the message lies in a part of it.
func holds(s report.Span, off int) bool { return off >= s.Off && off < s.End() }

// faulty makes an outcome of faults: the first speaks, and advice says what to do.
func faulty(list []field.Fault, outcome func(report.Ref, string, ...any) check.Outcome, advice string) check.Outcome {
	more := ""
	if n := len(list) - 1; n > 0 {
		more = " So it is at " + report.Plural(n, "more place", "more places") + "."
	}
	o := outcome(list[0].Ref, "At octet %d: %s.%s %s", list[0].Off, list[0].Message, more, advice)
	for _, f := range list[1:min(len(list), 8)] {
		o = o.And(f.Ref)
	}
	return o
}

// tops are the elements of the message, until one cannot be read.
func (v *View) tops(c *check.Context) (list []der.Element, err error) {
	outer, err := der.Next(c.Source, 0, len(c.Source))
	if err != nil {
		return nil, err
	}
	for off := outer.Content(); off < outer.Close() && len(list) < 5; {
		e, err := der.Next(c.Source, off, outer.Close())
		if err != nil {
			return list, err
		}
		list, off = append(list, e), e.End()
	}
	return list, nil
}
