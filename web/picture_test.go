package web

import (
	"slices"
	"testing"
	"time"

	"derscope/decode/report"
)

func TestScale(t *testing.T) {
	windows := sample().Items[0].Windows
	s := newScale(windows, nil, noon)
	if s.From.After(windows[0].From) || s.To.Before(noon) {
		t.Errorf("the scale %v to %v leaves something out", s.From, s.To)
	}
	if a, b := s.place(windows[0].From), s.place(windows[0].To); !(0 < a && a < b && b < 1) {
		t.Errorf("the window is drawn from %v to %v", a, b)
	}
	if s.place(noon.AddDate(50, 0, 0)) != 1 || s.place(noon.AddDate(-50, 0, 0)) != 0 {
		t.Error("what lies outside is not at the edge")
	}
	for _, step := range []int{0, 333, moments} {
		if got := int(s.place(s.at(step))*moments + 0.5); got < step-1 || got > step+1 {
			t.Errorf("step %d of the slider comes back as %d", step, got)
		}
	}
	if n := len(s.ticks()); n < 2 || n > 6 {
		t.Errorf("%d ticks", n)
	}
}

func TestScaleOfOddTimes(t *testing.T) {
	far := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for name, windows := range map[string][]report.Window{
		"none":        nil,
		"open-ended":  {{From: noon, Main: true}},
		"backwards":   {{From: noon, To: noon.Add(-time.Hour), Main: true}},
		"far":         {{From: noon, To: far, Main: true}},
		"year 0":      {{From: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), To: far, Main: true}},
		"a moment":    {{From: noon, To: noon, Main: true}},
		"no main one": {{From: noon, To: noon.Add(time.Hour)}},
	} {
		s := newScale(windows, nil, noon)
		if n := len(s.ticks()); n > 7 {
			t.Errorf("%s: %d ticks", name, n)
		}
		if at := s.place(noon); at < 0 || at > 1 {
			t.Errorf("%s: now is at %v", name, at)
		}
	}
}

func TestParseMoment(t *testing.T) {
	want := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	for _, text := range []string{
		"2026-11-20 09:12:00", " 2026-11-20 09:12 UTC ", "2026-11-20T09:12:00Z", "2026-11-20T10:12:00+01:00",
		"20261120091200Z", "261120091200Z", "Nov 20 09:12:00 2026 GMT", "Fri, 20 Nov 2026 09:12:00 GMT", "1795165920",
	} {
		if got, ok := parseMoment(text); !ok || !got.Equal(want) {
			t.Errorf("%q is %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "tomorrow", "2026-13-01", "12", "20-11-2026"} {
		if got, ok := parseMoment(text); ok {
			t.Errorf("%q is taken for %v", text, got)
		}
	}
}

func TestHexRuns(t *testing.T) {
	b := unhex(t, "300702010530020500")
	runs := hexRuns(b, 0, 16, paint{mark: mark{report.Span{Off: 2, Len: 3}, 2}})
	want := []run{{"", "30 07", "0·"}, {"header", "02 01", "··"}, {"content", "05", "·"}, {"", "30 02 05 00", "0···"}}
	if len(runs) != len(want) {
		t.Fatalf("%v", runs)
	}
	for i := range want {
		if runs[i] != want[i] {
			t.Errorf("run %d is %q, want %q", i, runs[i], want[i])
		}
	}
	p := paint{mark: mark{report.Span{Off: 2, Len: 3}, 2}, hits: octetHits(b, unhex(t, "0105"), 0, 9), long: 2, grip: grip{from: 7, to: 9}}
	runs = hexRuns(b, 0, 16, p)
	want = []run{{"", "30 07", "0·"}, {"header", "02", "·"}, {"header hit", "01", "·"}, {"content hit", "05", "·"}, {"", "30 02", "0·"}, {"picked", "05 00", "··"}}
	if !slices.Equal(runs, want) {
		t.Errorf("with what was found, and what the user selected: %q", runs)
	}
	if hexLines(16, 16) != 1 || hexLines(17, 16) != 2 || hexLines(17, 8) != 3 || hexLines(0, 16) != 0 {
		t.Error("lines are counted wrongly")
	}
}

func TestOctetAt(t *testing.T) {
	const per = 16
	for i := range per {
		middle := (3*float64(i) + 1) / (3*per - 1)
		if got := octetAt(middle, per, false); got != i {
			t.Errorf("the middle of octet %d is taken for octet %d", i, got)
		}
		if got := octetAt((float64(i)+.5)/per, per, true); got != i {
			t.Errorf("the middle of character %d is taken for octet %d", i, got)
		}
	}
	if octetAt(-1, 4, false) != 0 || octetAt(2, 4, false) != 3 {
		t.Error("beside the line")
	}
	if got := offsetText(0x12, 0x20000); got != "000012" {
		t.Errorf("offset %s", got)
	}
}

// Octets of a secret are not shown, whatever is looked for.
func TestHexHidden(t *testing.T) {
	p := paint{hits: []int{1}, long: 3, hidden: []report.Span{{Off: 2, Len: 2}}}
	got := hexRuns([]byte("abcdef"), 0, 16, p)
	want := []run{{"", "61", "a"}, {"hit", "62", "b"}, {"hidden", "·· ··", "··"}, {"", "65 66", "ef"}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}
