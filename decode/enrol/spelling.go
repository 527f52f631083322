package enrol

import (
	"fmt"
	"slices"
	"unicode"

	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

var spellingRules = []rule{{
	ID: "cmp.der.strict", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §5.1.3",
	Title: "Every value is in its one encoding of DER", Headline: "The message is not in DER",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.LongLength, field.Indefinite, field.Integer, field.Boolean, field.NullContent, field.Segmented, field.SetOrder, field.DefaultSent)
		if len(list) == 0 {
			return check.Holds(v.Ref, "")
		}
		const advice = "Programs that encode header and body anew before they verify compute another value: send DER."
		if c.Profiles["lw"] && slices.ContainsFunc(list, func(f field.Fault) bool { return v.covered(c, f.Off) }) {
			return faulty(list, check.Broken, advice)
		}
		return faulty(list, check.Doubtful, advice)
	},
}, {
	ID: "cmp.der.time", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §5.2.9; RFC 5280 §4.1.2.5.2",
	Title: "Times are written YYYYMMDDHHMMSSZ", Headline: "A time in the message names no moment",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if list := v.faults(c, field.TimeCalendar); len(list) > 0 {
			return faulty(list, check.Broken, "Send the date in UTC.")
		}
		if list := v.faults(c, field.TimeForm, field.TimeType); len(list) > 0 {
			return faulty(list, check.Doubtful, "Send it in UTC, with seconds and without fractions.")
		}
		if !v.Header.MessageTime.OK {
			return check.Skip()
		}
		return check.Holds(v.Header.MessageTime.Ref, "")
	},
}, {
	ID: "cmp.der.text", Group: groupEncoding, Level: check.Should, Refs: "RFC 9810 §5.1.1",
	Title: "Texts are plain UTF-8",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if list := v.faults(c, field.String); len(list) > 0 {
			return faulty(list, check.Doubtful, "Other programs refuse the message or show something else.")
		}
		o := check.Skip()
		for _, f := range v.FreeTexts() {
			for _, t := range f.Texts {
				for _, r := range t.Value {
					if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
						return check.Doubtful(t.Ref, "The text has the character U+%04X, which shows nothing and changes how what is around it looks: %s. It is shown here escaped.", r, shortText(t.Value))
					}
				}
				o = check.Holds(t.Ref, "")
			}
		}
		return o
	},
}, {
	ID: "cmp.der.integer", Group: groupEncoding, Level: check.Should, Refs: "RFC 9810 §5.1.1; RFC 9810 §5.3.22; RFC 5280 §4.1.2.2",
	Title: "Numbers fit the integers of programs",
	Judge: func(c *check.Context, v *View) check.Outcome {
		o := check.Holds(v.Ref, "")
		for _, n := range v.numbers() {
			if why := n.odd(); why != "" {
				return check.Doubtful(n.f.Ref, "%s is %s: %s.", n.label, bigText(n.f.Value), why)
			}
		}
		return o
	},
}, {
	ID: "cmp.der.bits", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §5.2.3; RFC 9810 §5.1.3",
	Title: "Bit strings end as DER wants", Headline: "A bit string counts more unused bits than it can have",
	Judge: bitStrings,
}}

// covered says that an octet lies in the header or the body.
func (v *View) covered(c *check.Context, off int) bool {
	list, _ := v.tops(c)
	return len(list) > 0 && off < list[min(len(list), 2)-1].End()
}

// number is an INTEGER of the message, with what it may be.
type number struct {
	label  string
	f      field.Field[field.Int]
	least  int64
	serial bool // it has up to 20 octets
}

// numbers are those that programs keep in small integers, and serial numbers.
func (v *View) numbers() (list []number) {
	list = append(list, number{label: "pvno", f: v.Header.Version})
	for _, id := range v.Body.RequestIDs() {
		list = append(list, number{label: "certReqId", f: id, least: -1})
	}
	for _, w := range v.Body.Waits {
		list = append(list, number{label: "checkAfter", f: w.CheckAfter})
	}
	if v.Body.Error != nil {
		list = append(list, number{label: "errorCode", f: v.Body.Error.Code})
	}
	if a := v.Header.Algorithm; a != nil && a.PBM != nil {
		list = append(list, number{label: "iterationCount", f: a.PBM.Iterations})
	}
	for _, t := range v.Body.Templates() {
		list = append(list, number{label: "serialNumber", f: t.Serial, serial: true})
	}
	if v.Body.Revoked != nil {
		for _, id := range v.Body.Revoked.Certs {
			list = append(list, number{label: "serialNumber", f: id.Serial, serial: true})
		}
	}
	if v.Body.Revocation != nil && v.Body.Revocation.CertID != nil {
		list = append(list, number{label: "serialNumber", f: v.Body.Revocation.CertID.Serial, serial: true})
	}
	return list
}

// odd says what is wrong with the number, or "".
func (n number) odd() string {
	small, ok := n.f.Value.Int64()
	switch {
	case !n.f.OK:
		return ""
	case n.serial && n.f.Value.Sign() < 0:
		return "serial numbers are positive"
	case n.serial && len(n.f.Value) > 20:
		return fmt.Sprintf("it has %d octets; serial numbers have up to 20", len(n.f.Value))
	case n.serial:
		return ""
	case n.f.Value.Sign() < 0 && (!ok || small < n.least):
		return "it must not be negative"
	case !ok || small > 1<<31-1:
		return "programs keep it in 31 bits, and refuse this or cut it"
	}
	return ""
}

// bitStrings judges how BIT STRINGs end.
func bitStrings(c *check.Context, v *View) check.Outcome {
	for _, f := range v.faults(c, field.Bits) {
		if n, ok := unusedBits(c.Source, f.Off); !ok || n > 7 {
			return check.Broken(f.Ref, "At octet %d: %s. The first octet of a BIT STRING counts the unused bits of its last one, from 0 to 7.", f.Off, f.Message)
		}
	}
	if list := v.faults(c, field.Bits); len(list) > 0 {
		return faulty(list, check.Doubtful, "DER has them zero.")
	}
	o := check.Skip()
	for _, s := range v.Body.Statuses() {
		b := s.FailInfo.Value
		switch n := len(b.Bytes); {
		case s.FailInfo.Ref == report.None || !s.FailInfo.OK:
		case n > 0 && b.Bytes[n-1]&(1<<b.Unused) == 0:
			return check.Doubtful(s.FailInfo.Ref, "failInfo is %s and ends in bits that are zero: a list of named bits ends with the last one that is set, or programs that compare octets see another value.",
				field.Colons(append([]byte{byte(b.Unused)}, b.Bytes...)))
		default:
			o = check.Holds(s.FailInfo.Ref, "")
		}
	}
	if !o.Applies() && v.Protection.OK {
		o = check.Holds(v.Protection.Ref, "")
	}
	return o
}

// unusedBits is the first octet of the BIT STRING at off, inside whatever tags.
func unusedBits(b []byte, off int) (n int, ok bool) {
	e, err := der.Next(b, off, len(b))
	for range 4 {
		if err != nil || !e.Constructed {
			break
		}
		e, err = der.Next(b, e.Content(), e.Close())
	}
	if err != nil || e.Len == 0 {
		return 0, false
	}
	return int(b[e.Content()]), true
}
