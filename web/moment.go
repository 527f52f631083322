package web

import (
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// momentLayout is how the page writes a moment in its field; it is in UTC.
const momentLayout = "2006-01-02 15:04:05"

// momentForms are the forms that people have a moment in.
var momentForms = []string{
	momentLayout, "2006-01-02 15:04", "2006-01-02",
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04",
	"20060102150405Z", "060102150405Z", // GeneralizedTime and UTCTime
	"Jan _2 15:04:05 2006", // as OpenSSL prints it
	time.RFC1123,
}

// parseMoment reads a moment as people write it, or as seconds since 1970.
func parseMoment(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	short := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(text, "UTC"), "GMT"))
	for _, form := range momentForms {
		for _, try := range []string{text, short} {
			if t, err := time.Parse(form, try); err == nil {
				return t.UTC().Truncate(time.Second), true
			}
		}
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 1e8 && n < 1e11 {
		return time.Unix(n, 0).UTC(), true
	}
	return time.Time{}, false
}

// readMoment takes in the moment that was typed; nothing means now.
func (s *state) readMoment(el app.Value, text string) {
	t, ok := parseMoment(text)
	empty := strings.TrimSpace(text) == ""
	setInvalid(el, !ok && !empty)
	switch {
	case empty:
		s.takeMoment(s.now().Truncate(time.Second), false)
	case ok:
		s.takeMoment(t, true)
	default:
		s.said = "That is no moment: write 2026-11-20 09:12:00, in UTC."
	}
}

// takeMoment judges at a moment, which the user chose or which is now.
func (s *state) takeMoment(at time.Time, pinned bool) {
	s.at, s.pinned = at.UTC(), pinned
	s.writeMoment()
	s.rescale()
	s.judge()
}

// writeMoment puts the moment into its field, unless somebody writes there.
func (s *state) writeMoment() {
	if el, ok := byID("at"); ok {
		el.Set("value", s.at.UTC().Format(momentLayout))
		setInvalid(el, false)
	}
}

// setMoment takes a moment for the one to judge at, if the user chose it.
func (s *state) setMoment(at time.Time, pinned bool) {
	if s.pinned = pinned; pinned {
		s.at = at.UTC()
		s.writeMoment()
	}
}
