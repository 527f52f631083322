package web

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// course is how the verdict about the judged item runs through time, and where
// in it the slider moves.
type course struct {
	asked     string    // what the stretches were asked for
	stretches []stretch // nil until the answer is there
	whole     bool      // the picture shows all times of the evidence
	moves     int       // of the slider
	moving    bool      // it has not come to rest
	tall      int       // pixels that the verdict keeps while the slider moves
	top       float64   // where the slider was when it began to move
}

// stretch is a time in which the verdict stays.
type stretch struct {
	from     time.Time // zero: since ever
	status   report.Status
	headline string
	is       report.Status // of the check that turned
	check    string        // its title
}

// follow asks for the stretches, where they are not those of what is shown.
// The verdict is painted first.
func (s *state) follow() {
	key := s.courseKey()
	if key == s.course.asked {
		return
	}
	s.course = course{asked: key}
	if key == "" {
		return
	}
	ask, item := s.ask(), s.item
	s.later(4*frame, func() {
		if s.courseKey() != key {
			return
		}
		s.inquire(Request{Op: "turns", N: item, Ask: ask}, func(u *unpacker) {
			if u.fault == nil && s.courseKey() == key {
				s.charted(u)
			}
		})
	})
}

// courseKey names the evidence, the item and what it is judged by but for the
// time.
func (s *state) courseKey() string {
	if s.decoder == nil || s.current() == nil || s.decoder.number == 0 {
		return ""
	}
	a := s.ask()
	a.At = time.Time{}
	return fmt.Sprint(s.decoder.number, s.item, a)
}

// charted takes the stretches in.
func (s *state) charted(u *unpacker) {
	s.course.stretches = nil // who goes to and fro asks twice
	for range u.count() {
		second := int64(u.int()) * 86400
		second += int64(u.int())
		next := stretch{status: report.Status(u.int()), headline: u.text(), is: report.Status(u.int()), check: u.text()}
		if second > 0 {
			next.from = time.Unix(second+time.Time{}.Unix(), 0).UTC()
		}
		s.course.stretches = append(s.course.stretches, next)
	}
	if !s.course.moving {
		s.rescale()
	}
	s.turn.verdict++
	s.after(s.writeSlide)
}

// until is the end of a stretch: its last second, or zero.
func (c *course) until(i int) time.Time {
	if i+1 < len(c.stretches) {
		return c.stretches[i+1].from.Add(-time.Second)
	}
	return time.Time{}
}

// during is the stretch that a moment lies in, or -1.
func (c *course) during(at time.Time) int {
	for i := len(c.stretches) - 1; i >= 0; i-- {
		if !at.Before(c.stretches[i].from) {
			return i
		}
	}
	return -1
}

// before and after are the turns next to a moment; false if there is none.
func (c *course) before(at time.Time) (time.Time, bool) {
	i := c.during(at.Add(-time.Second))
	if i < 1 {
		return at, false
	}
	return c.stretches[i].from, true
}

func (c *course) after(at time.Time) (time.Time, bool) {
	i := c.during(at) + 1
	if i < 1 || i >= len(c.stretches) {
		return at, false
	}
	return c.stretches[i].from, true
}

// near is the turn nearest to a moment, if it is no further than that.
func (c *course) near(at time.Time, reach time.Duration) (time.Time, bool) {
	found := at
	for _, t := range c.stretches {
		if d := t.from.Sub(at).Abs(); !t.from.IsZero() && d <= reach {
			found, reach = t.from, d
		}
	}
	return found, !found.Equal(at)
}

// slide follows the slider. Near a turn it stops there.
func (s *state) slide(step int) {
	at := s.scale.at(step)
	if turn, ok := s.course.near(at, s.scale.To.Sub(s.scale.From)/moments*snap); ok {
		at = turn
	}
	s.moveTo(at)
}

// snap is how many steps before a turn the slider is drawn to it: four pixels
// or so.
const snap = 10

// slideKey moves the slider by a round time, and no further than the next
// turn; or to a turn, or to an end.
func (s *state) slideKey(key string) bool {
	step := steps[0].every
	for _, try := range steps {
		if s.scale.To.Sub(s.scale.From)/try.every >= 60 {
			step = try.every
		}
	}
	at := s.at
	before, back := s.course.before(at)
	after, on := s.course.after(at)
	switch key {
	case "ArrowRight", "ArrowUp":
		if at = at.Add(step); on && after.Before(at) {
			at = after
		}
	case "ArrowLeft", "ArrowDown":
		if at = at.Add(-step); back && before.After(at) {
			at = before
		}
	case "PageUp", "]":
		at = after
	case "PageDown", "[":
		at = before
	case "Home":
		at = s.scale.From
	case "End":
		at = s.scale.To
	default:
		return false
	}
	s.moveTo(at)
	return true
}

// toTurn goes to the change of the verdict before or after the moment, or to
// the stretch with a number.
func (s *state) toTurn(arg string, n int) {
	at := s.at
	switch {
	case arg == "before":
		at, _ = s.course.before(at)
	case arg == "after":
		at, _ = s.course.after(at)
	case n > 0 && n < len(s.course.stretches):
		at = s.course.stretches[n].from
	default:
		at = s.course.until(0)
	}
	if !at.IsZero() {
		s.moveTo(at)
	}
}

// moveTo judges at a moment. What is said of it waits until the slider rests.
func (s *state) moveTo(at time.Time) {
	if at.Equal(s.at) && s.pinned {
		return
	}
	if !s.course.moving {
		s.course.moving = true
		s.course.top = top("slide")
	}
	s.course.moves++
	n := s.course.moves
	s.later(rest, func() {
		if n == s.course.moves {
			s.course.moving = false
			s.verdictSaid()
		}
	})
	s.at, s.pinned = at.UTC(), true
	if at.Before(s.scale.From) || at.After(s.scale.To) {
		s.course.whole = true
		s.rescale()
	}
	s.writeMoment()
	s.judge()
}

// rest is how long the slider stands still before its verdict is spoken.
const rest = 500 * time.Millisecond

// steady keeps the slider under the pointer: the verdict above it does not
// shrink while it moves, and where it grows the column scrolls.
func (s *state) steady() {
	card, ok := byID("verdict")
	if !ok {
		return
	}
	s.course.tall = max(s.course.tall, card.Get("clientHeight").Int()-2*18)
	if by := top("slide") - s.course.top; by != 0 {
		column := app.Window().GetElementByID("result")
		column.Call("scrollBy", 0, by)
		column.Get("parentElement").Call("scrollBy", 0, by) // of a narrow page
	}
}

func top(id string) float64 {
	el, ok := byID(id)
	if !ok {
		return 0
	}
	return el.Call("getBoundingClientRect").Get("top").Float()
}

// timePress answers for the moment and the picture of validities.
func (s *state) timePress(b press) bool {
	switch b.name {
	case "now":
		s.takeMoment(s.now().Truncate(time.Second), false)
	case "turn":
		s.toTurn(b.arg, b.n)
	case "zoom":
		s.course.whole = b.arg == "whole"
		s.rescale()
		s.turn.verdict++
	default:
		return false
	}
	return true
}
