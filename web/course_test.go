package web

import (
	"testing"
	"time"

	"derscope/decode/report"
)

// charted is the state with a sample whose verdict turns twice: a day before
// noon, and at noon and 5 minutes.
func charted(t *testing.T) *state {
	t.Helper()
	s := newState()
	s.report, s.at = sample(), noon
	var p Packer
	p.Int(3)
	for i, at := range []time.Time{{}, noon.AddDate(0, 0, -1), noon.Add(5 * time.Minute)} {
		second := int(at.Unix() - time.Time{}.Unix())
		p.Int(second / 86400)
		p.Int(second % 86400)
		p.Int(int([]report.Status{report.Fail, report.Pass, report.Warn}[i]))
		p.Text("headline")
		p.Int(int(report.Pass))
		p.Text("check")
	}
	s.charted(&unpacker{rest: p})
	if len(s.course.stretches) != 3 {
		t.Fatalf("%d stretches", len(s.course.stretches))
	}
	return s
}

func TestCourse(t *testing.T) {
	s := charted(t)
	c := &s.course
	first, second := noon.AddDate(0, 0, -1), noon.Add(5*time.Minute)
	for i, want := range []string{"Until 2026-11-19 11:59:59", "2026-11-19 12:00 to 2026-11-20 12:04:59", "From 2026-11-20 12:05"} {
		if got := c.when(i); got != want {
			t.Errorf("stretch %d is %q, want %q", i, got, want)
		}
	}
	for _, k := range []struct {
		at, before, after time.Time // zero: none
		in                int
	}{
		{first.Add(-time.Second), time.Time{}, first, 0},
		{first, time.Time{}, second, 1},
		{noon, first, second, 1},
		{second, first, time.Time{}, 2},
		{second.Add(time.Hour), second, time.Time{}, 2},
	} {
		if got := c.during(k.at); got != k.in {
			t.Errorf("%s is in stretch %d, want %d", k.at, got, k.in)
		}
		if got, ok := c.before(k.at); ok == k.before.IsZero() || ok && !got.Equal(k.before) {
			t.Errorf("before %s is %s, %v; want %s", k.at, got, ok, k.before)
		}
		if got, ok := c.after(k.at); ok == k.after.IsZero() || ok && !got.Equal(k.after) {
			t.Errorf("after %s is %s, %v; want %s", k.at, got, ok, k.after)
		}
	}
	if got, ok := c.near(noon, 10*time.Minute); !ok || !got.Equal(second) {
		t.Errorf("near noon is %s, %v", got, ok)
	}
	if _, ok := c.near(noon, time.Minute); ok {
		t.Error("a turn in five minutes is within one")
	}
	if c := new(course); c.during(noon) != -1 || c.words() != "" {
		t.Error("without stretches there is one")
	}
}

// A damaged answer gives no moment that is none.
func TestCourseDamaged(t *testing.T) {
	s := newState()
	s.report = sample()
	s.charted(&unpacker{rest: []byte{3, 1}})
	for i := range s.course.stretches {
		s.course.line(i)
	}
}

// Keys go in round steps, and no further than the next change.
func TestSlideKey(t *testing.T) {
	s := charted(t)
	first, second := noon.AddDate(0, 0, -1), noon.Add(5*time.Minute)
	for _, k := range []struct {
		key  string
		want time.Time
	}{
		{"ArrowRight", second}, {"]", second}, {"ArrowLeft", second.Add(-3 * time.Hour)}, {"[", first}, {"PageDown", first},
		{"ArrowLeft", first.Add(-3 * time.Hour)}, {"ArrowUp", first}, {"PageUp", second}, {"Home", s.scale.From}, {"End", s.scale.To},
	} {
		if !s.slideKey(k.key) || !s.at.Equal(k.want) {
			t.Fatalf("%s goes to %s, want %s", k.key, s.at, k.want)
		}
	}
	if s.slideKey("x") {
		t.Error("x is a key of the slider")
	}
}

// What lies far off the answer is not in the picture until all is shown.
func TestScales(t *testing.T) {
	s := charted(t)
	far := noon.AddDate(3, 0, 0)
	s.report.Items[0].Windows = append(s.report.Items[0].Windows, report.Window{Label: "Responder", From: noon.AddDate(-1, 0, 0), To: far})
	s.rescale()
	if s.scale.To.After(noon.AddDate(0, 1, 0)) || !s.scale.To.After(noon) || !s.wider() {
		t.Errorf("around the answer is until %s", s.scale.To)
	}
	s.course.whole = true
	s.rescale()
	if s.scale.To.Before(far) {
		t.Errorf("all is until %s", s.scale.To)
	}
	s.course.whole = false
	s.moveTo(far.AddDate(1, 0, 0)) // further than all: it becomes visible
	if !s.course.whole || s.scale.place(s.at) == 1 {
		t.Error("the slider went out of the picture")
	}
	s.report.Items[0].Windows[2].To = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	s.rescale()
	if s.scale.To.Year() > 3000 {
		t.Errorf("never is a moment: %s", s.scale.To)
	}
}

// While the slider moves, answers to earlier places are shown, and those about
// evidence that is gone are not.
func TestJudgedOnTheWay(t *testing.T) {
	s := charted(t)
	s.read, s.asked = 3, 7
	answer := func(n int, head string) string {
		r := sample()
		r.Items[0].Verdict.Headline = head
		s.judged(n, r, nil)
		return s.current().Verdict.Headline
	}
	if got := answer(2, "of before"); got == "of before" {
		t.Error("an answer about other evidence is shown")
	}
	if got := answer(5, "on the way"); got != "on the way" || !s.waiting(7) {
		t.Errorf("%q is shown, waiting %v", got, s.waiting(7))
	}
	if got := answer(7, "there"); got != "there" || s.waiting(7) {
		t.Errorf("%q is shown, waiting %v", got, s.waiting(7))
	}
}
