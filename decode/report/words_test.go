package report

import (
	"testing"
	"time"
)

func TestTimeless(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	for _, d := range []time.Duration{time.Second, time.Minute, 90 * time.Minute, 26 * time.Hour, 800 * 24 * time.Hour, 1<<63 - 1} {
		for _, moment := range []time.Time{at.Add(d), at.Add(-d)} {
			s := "It ended " + Distance(moment, at)
			if got := Timeless(s); got != "It ended" {
				t.Errorf("«%s» becomes «%s»", s, got)
			}
		}
	}
	for _, d := range []time.Duration{time.Second, 26 * time.Hour, 1<<63 - 1} {
		if got := Timeless("Usable for another " + Length(d)); got != "Usable" {
			t.Errorf("another %s becomes «%s»", Length(d), got)
		}
	}
	for _, s := range []string{"", "for another day", "in", "Good: 3 d was not revoked", "No answer in 2 words", "5 days ago", "a  b"} {
		if got := Timeless(s); got != s {
			t.Errorf("«%s» becomes «%s»", s, got)
		}
	}
}
