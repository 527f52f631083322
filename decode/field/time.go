package field

import (
	"time"

	"derscope/decode/der"
	"derscope/decode/report"
)

// Moment is a time as it was sent: the instant, and the characters.
type Moment struct {
	time.Time        // UTC; zero if the characters name no instant
	Text      string // the characters sent
	UTC       bool   // it is a UTCTime
	Canonical bool   // the one form of DER: YYYYMMDDHHMMSSZ, or YYMMDDHHMMSSZ in a UTCTime
	Fraction  bool
	Offset    bool // a zone other than Z
	NoSeconds bool
}

// Time reads a GeneralizedTime. A UTCTime in its place is read and reported.
func (r *Reader) Time(label string) Field[Moment] {
	utc := r.Peek(der.UTCTime)
	f := r.TimeEither(label)
	if utc && f.Ref != report.None {
		r.Fault(TimeType, f.Ref, "%s is a UTCTime: a GeneralizedTime belongs here", label)
	}
	return f
}

// TimeEither reads a UTCTime or a GeneralizedTime.
func (r *Reader) TimeEither(label string) Field[Moment] {
	if r.Peek(der.UTCTime) {
		return r.TimeAs(label, der.UTCTime, der.UTCTime)
	}
	return r.TimeAs(label, der.GeneralizedTime, der.GeneralizedTime)
}

// TimeAs reads a time of type typ under a tag.
func (r *Reader) TimeAs(label string, tag, typ der.Tag) Field[Moment] {
	b, ref, ok := r.leaf(label, typ.String(), tag)
	if !ok {
		return Field[Moment]{Ref: ref}
	}
	m, good := ParseTime(b, typ == der.UTCTime)
	switch {
	case !good:
		r.Fault(TimeCalendar, ref, "«%s» names no moment", m.Text)
		r.Show(ref, m.Text)
	case !m.Canonical:
		want := "YYYYMMDDHHMMSSZ"
		if m.UTC {
			want = "YYMMDDHHMMSSZ"
		}
		r.Fault(TimeForm, ref, "«%s» is not written %s: programs read such times differently", m.Text, want)
		fallthrough
	default:
		if r.t.mute == 0 {
			r.Show(ref, report.Clock(m.Time))
		}
	}
	return Field[Moment]{m, ref, good}
}

// ParseTime reads the characters of a GeneralizedTime or UTCTime. It answers
// false where they name no moment: letters, a 30th of February, hour 24,
// second 60.
func ParseTime(b []byte, utc bool) (Moment, bool) {
	m := Moment{Text: latin(b), UTC: utc}
	year := 4
	if utc {
		year = 2
	}
	i := 0
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i < year+6 || i > year+10 || (i-year)%2 != 0 {
		return m, false
	}
	num := func(at, n int) (v int) {
		for _, c := range b[at : at+n] {
			v = v*10 + int(c-'0')
		}
		return v
	}
	y := num(0, year)
	if utc { // RFC 5280, 4.1.2.5.1
		if y < 50 {
			y += 100
		}
		y += 1900
	}
	mon, day, hour, minute, sec := num(year, 2), num(year+2, 2), num(year+4, 2), 0, 0
	if i >= year+8 {
		minute = num(year+6, 2)
	}
	if i >= year+10 {
		sec = num(year+8, 2)
	}
	m.NoSeconds = i < year+10
	var nanos int
	if i < len(b) && (b[i] == '.' || b[i] == ',') {
		m.Fraction = true
		start := i + 1
		scale := 100_000_000
		for i++; i < len(b) && '0' <= b[i] && b[i] <= '9'; i++ {
			nanos += int(b[i]-'0') * scale
			scale /= 10
		}
		if i == start {
			return m, false
		}
	}
	shift := 0
	switch rest := b[i:]; {
	case len(rest) == 1 && rest[0] == 'Z':
	case len(rest) == 0: // local time: read as UTC, for want of better
		m.Offset = true
	case (rest[0] == '+' || rest[0] == '-') && (len(rest) == 5 || len(rest) == 3) && digits(rest[1:]):
		m.Offset = true
		shift = num(i+1, 2) * 60
		if len(rest) == 5 {
			shift += num(i+3, 2)
		}
		if rest[0] == '-' {
			shift = -shift
		}
	default:
		return m, false
	}
	if y == 0 || mon < 1 || mon > 12 || day < 1 || day > days(y, mon) || hour > 23 || minute > 59 || sec > 59 {
		return m, false
	}
	m.Time = time.Date(y, time.Month(mon), day, hour, minute-shift, sec, nanos, time.UTC)
	m.Canonical = !m.Fraction && !m.Offset && !m.NoSeconds
	return m, true
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func days(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
