package web

import (
	"time"

	"derscope/decode/report"
)

// scale is the stretch of time that the picture of validities shows.
type scale struct{ From, To time.Time }

// newScale takes in the item's own windows, the moment it is judged at, and
// what else of the evidence is not far. What lasts much longer, such as a
// certificate, is cut off at the edges; so is a moment long before or after.
func newScale(windows []report.Window, others []time.Time, at time.Time) scale {
	var s scale
	open := false
	for _, w := range windows {
		if w.Main {
			s.take(w.From)
			s.take(w.To)
			open = open || w.To.IsZero()
		}
	}
	if s.From.IsZero() {
		for _, w := range windows {
			s.take(w.From)
			s.take(w.To)
		}
	}
	if s.From.IsZero() {
		return s
	}
	if s.From.Equal(s.To) {
		s.take(at)
	}
	span := max(s.To.Sub(s.From), time.Hour)
	reach := span / 2
	if open { // its end is what programs make of it, some days after
		reach = max(reach, 12*day)
	}
	from, to := s.From, s.To
	for _, t := range others {
		if t.After(from.Add(-reach)) && t.Before(to.Add(reach)) {
			s.take(t)
		}
	}
	if far := min(span, 1<<60) * 4; at.After(from.Add(-far)) && at.Before(to.Add(far)) {
		s.take(at)
	}
	return s.edged()
}

// wholeScale takes in all times that matter to an item, but for those that
// stand for never: 99991231235959Z (RFC 5280, section 4.1.2.5).
func wholeScale(times []time.Time, at time.Time) scale {
	s := scale{at, at}
	for _, t := range times {
		if y := t.Year(); y > 1900 && y < 9000 {
			s.take(t)
		}
	}
	return s.edged()
}

// edged has some room at both ends, which are whole minutes.
func (s scale) edged() scale {
	edge := max(s.To.Sub(s.From)/16, time.Minute)
	return scale{s.From.Add(-edge).Truncate(time.Minute), s.To.Add(edge).Truncate(time.Minute)}
}

// scales are the two that the picture can have: around the answer of the judged
// item, with all other evidence of that time, and with all that matters to it.
func (s *state) scales() (near, whole scale) {
	var times []time.Time
	take := func(windows []report.Window) {
		for _, w := range windows {
			times = append(times, w.From, w.To)
		}
	}
	take(s.windows())
	for _, k := range s.course.stretches {
		times = append(times, k.from)
	}
	whole = wholeScale(times, s.at)
	for i := range s.report.Items {
		take(s.report.Items[i].Windows)
	}
	return newScale(s.windows(), times, s.at), whole
}

// rescale fits the time line to the moment; while the slider moves it stays.
func (s *state) rescale() {
	if s.report == nil {
		return
	}
	near, whole := s.scales()
	s.scale = near
	if s.course.whole && !near.From.IsZero() {
		s.scale = whole
	}
}

// wider says whether times far outside of the answer's matter to it.
func (s *state) wider() bool {
	near, whole := s.scales()
	return whole.To.Sub(whole.From)/2 > near.To.Sub(near.From)
}

// moment says whether a window is a single point in time.
func moment(w report.Window) bool { return w.From.Equal(w.To) && !w.From.IsZero() }

func (s *scale) take(t time.Time) {
	if t.IsZero() {
		return
	}
	if s.From.IsZero() || t.Before(s.From) {
		s.From = t
	}
	if s.To.IsZero() || t.After(s.To) {
		s.To = t
	}
}

// place tells where t lies: 0 is the left edge, 1 the right one. What lies
// outside is moved to the edge.
func (s scale) place(t time.Time) float64 {
	all := s.To.Sub(s.From)
	if all <= 0 {
		return 0
	}
	return min(max(0, float64(t.Sub(s.From))/float64(all)), 1)
}

// moments is how finely the slider divides the scale.
const moments = 1000

// at is the moment of a place of the slider, in whole minutes where the scale
// is longer than a day.
func (s scale) at(step int) time.Time {
	t := s.From.Add(s.To.Sub(s.From) / moments * time.Duration(step))
	if s.To.Sub(s.From) > 24*time.Hour {
		return t.Truncate(time.Minute)
	}
	return t.Truncate(time.Second)
}

type tick struct {
	At   time.Time
	Text string
}

const day = 24 * time.Hour

var steps = []struct {
	every  time.Duration
	layout string
}{
	{time.Minute, "15:04"}, {5 * time.Minute, "15:04"}, {15 * time.Minute, "15:04"},
	{time.Hour, "15:04"}, {3 * time.Hour, "2 Jan 15:04"}, {6 * time.Hour, "2 Jan 15:04"}, {12 * time.Hour, "2 Jan 15:04"},
	{day, "2 Jan"}, {2 * day, "2 Jan"}, {7 * day, "2 Jan"}, {14 * day, "2 Jan 2006"}, {30 * day, "2 Jan 2006"},
	{91 * day, "Jan 2006"}, {365 * day, "2006"}, {5 * 365 * day, "2006"}, {25 * 365 * day, "2006"},
	{100 * 365 * day, "2006"}, {200 * 365 * day, "2006"}, // a Duration holds 292 years
}

// ticks are the moments written below the picture, six at most.
func (s scale) ticks() []tick {
	all := s.To.Sub(s.From)
	if all <= 0 {
		return nil
	}
	step := steps[len(steps)-1]
	for _, try := range steps {
		if all/try.every < 6 {
			step = try
			break
		}
	}
	var out []tick
	for t := s.From.UTC().Truncate(step.every); !t.After(s.To) && len(out) < 7; t = t.Add(step.every) {
		if !t.Before(s.From) {
			out = append(out, tick{t, t.Format(step.layout)})
		}
	}
	return out
}
