package report

import (
	"fmt"
	"strconv"
	"strings"
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

// Timeless is a sentence without what Distance wrote into it: «expired 2 d 4 h
// ago» becomes «expired»; nor does it keep how long something still holds: «for
// another 3 h».
func Timeless(s string) string {
	words := strings.Split(s, " ")
	var out []string
	for i := 0; i < len(words); i++ {
		from := i
		switch {
		case words[i] == "in":
			from++
		case words[i] == "for" && i+2 < len(words) && words[i+1] == "another":
			from += 2
		}
		to := from
		for to+1 < len(words) && words[to] != "" && strings.Trim(words[to], "0123456789") == "" && strings.Contains(" y d h min s ", " "+words[to+1]+" ") {
			to += 2
		}
		if to+1 < len(words) && to > from && words[to] == "or" && words[to+1] == "more" {
			to += 2
		}
		switch {
		case to > from && to < len(words) && words[to] == "ago":
			i = to
		case to > from && from > i:
			i = to - 1
		default:
			out = append(out, words[i])
		}
	}
	return strings.Join(out, " ")
}

// clock is the form of moments that Clock writes and JSON reads back.
const clock = "2006-01-02 15:04:05 UTC"

// Clock writes a moment: 2026-11-15 12:00:00 UTC.
func Clock(t time.Time) string { return t.UTC().Format(clock) }

// Count writes a number with commas: 1,527.
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural writes a number of things: "1 octet", "1,527 octets".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Enumerate joins words as a sentence does: "a, b and c".
func Enumerate(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
