package report

import (
	"fmt"
	"time"
)

// Length says how long a duration is, in its two largest units: "2 d 4 h",
// "3 h 12 min", "45 s". Its sign does not count.
func Length(d time.Duration) string {
	d = d.Abs().Truncate(time.Second)
	day := 24 * time.Hour
	two := func(a int64, unit string, b int64, part string) string {
		if b == 0 {
			return fmt.Sprintf("%d %s", a, unit)
		}
		return fmt.Sprintf("%d %s %d %s", a, unit, b, part)
	}
	switch {
	case d >= 106751*day: // time.Duration goes no further
		return "292 y or more"
	case d >= 730*day:
		// Years of 365.2425 days; one that lacks a day for want of a leap year counts.
		days := int64(d / day)
		years := (days*10000 + 10000) / 3652425
		return two(years, "y", max(0, days-(years*3652425+5000)/10000), "d")
	case d >= day:
		return two(int64(d/day), "d", int64(d%day/time.Hour), "h")
	case d >= time.Hour:
		return two(int64(d/time.Hour), "h", int64(d%time.Hour/time.Minute), "min")
	case d >= time.Minute:
		return two(int64(d/time.Minute), "min", int64(d%time.Minute/time.Second), "s")
	}
	return fmt.Sprintf("%d s", int64(d/time.Second))
}

// Distance says how far t lies from at: "2 d 4 h ago", "in 3 h 12 min", "now".
func Distance(t, at time.Time) string {
	switch d := t.Sub(at); {
	case d.Abs() < time.Second:
		return "now"
	case d < 0:
		return Length(d) + " ago"
	default:
		return "in " + Length(d)
	}
}

// Clock writes a moment: 2026-11-15 12:00:00 UTC.
func Clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
