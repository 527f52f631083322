package web

import (
	"slices"
	"time"

	"derscope/decode/report"
)

func (s *state) ask() Ask {
	return Ask{At: s.at, Profiles: slices.Clone(s.profiles), Nonce: s.nonce, Roles: s.roles.said, Set: slices.Clone(s.set)}
}

// load has the evidence read and judged.
func (s *state) load() {
	s.asked++
	s.read, s.reading = s.asked, false
	s.turn.evidence++
	s.unanswered()
	evidence := s.evidence()
	if len(evidence) == 0 {
		s.forget()
		return
	}
	if !s.pinned {
		s.at = s.now().UTC().Truncate(time.Second)
		s.writeMoment()
	}
	if s.decoder == nil {
		return
	}
	n := s.asked
	s.reading = true
	s.wait(n)
	s.decoder.Load(evidence, s.ask(), func(r *report.Report, err error) {
		s.draw(func() { s.loaded(n, r, err) })
	})
}

// unanswered is for what was asked about evidence and gets no answer, as other
// evidence takes its place: nothing must wait for it, and a link that was looked
// through for secrets is none of what comes.
func (s *state) unanswered() {
	s.find.busy, s.paper.busy, s.paper.again = false, false, false
	s.share.cleared, s.share.url, s.share.packed = nil, "", 0
	s.share.asked++
	s.turn.sheet++
}

// judge has the loaded evidence judged again, at another time or otherwise.
func (s *state) judge() {
	s.turn.bar++
	if s.report == nil && !s.reading || s.decoder == nil {
		return
	}
	s.asked++
	n := s.asked
	s.wait(n)
	s.decoder.Report(s.ask(), func(r *report.Report, err error) {
		s.draw(func() { s.judged(n, r, err) })
	})
}

// wait says that the page works, if it takes longer than a blink.
func (s *state) wait(n int) {
	s.later(150*time.Millisecond, func() {
		if s.asked == n && !s.busy && s.waiting(n) {
			s.busy = true
			s.turn.verdict++
		}
	})
}

// waiting says whether request n is the last one, and not answered.
func (s *state) waiting(n int) bool { return s.asked == n }

func (s *state) answered(n int, err error) bool {
	if !s.waiting(n) {
		return false
	}
	s.rests(err)
	return true
}

// rests ends the wait for an answer.
func (s *state) rests(err error) {
	s.asked++ // so that nothing waits for it any more
	s.busy, s.fault = false, ""
	if err != nil {
		s.fault = err.Error()
	}
	s.turn.answer()
	s.after(s.writeSlide)
	// The verdict is painted while the rest is drawn. While the slider moves,
	// that waits until it slows down.
	wait, n := frame, s.asked
	if s.course.moving {
		wait = 3 * frame
	}
	s.later(wait, func() {
		if n == s.asked || !s.course.moving {
			s.turn.rest()
		}
	})
}

// frame is a little longer than go-app, which draws 120 times a second, takes
// from a change to its drawing.
const frame = 12 * time.Millisecond

func (s *state) loaded(n int, r *report.Report, err error) {
	if n != s.read {
		return
	}
	s.reading = false
	if err == nil && n < s.asked {
		s.turn.all() // how it is judged was changed meanwhile: that is on its way
	} else {
		s.rests(err)
	}
	if err != nil {
		s.read = s.asked // what was asked about it comes to nothing
		return
	}
	if s.health == Ready {
		s.notice = ""
	}
	s.take(r)
}

// take shows a report of new evidence. What was selected stays selected, if it
// is still there.
func (s *state) take(r *report.Report) {
	old, item, shown, sel := s.report, s.item, s.shown, s.sel
	s.report, s.secrets = r, secretsIn(r)
	s.tree = shape(r.Nodes)
	s.item = mainItem(r)
	s.shown = s.item
	s.sel = report.None
	s.folded = map[report.Ref]bool{}
	s.rows, s.lines = nil, nil
	s.lists, s.goal, s.fetching = longLists(r, s.tree), goal{}, false
	if s.picked {
		if i := same(old, item, r); i >= 0 {
			s.item = i
		} else {
			s.picked = false
		}
	}
	s.chooseInput(r)
	s.shown = s.item
	s.fitTab()
	if i := same(old, shown, r); i >= 0 && s.item == i && sel != report.None && sel < old.Items[shown].End {
		s.sel = sel - old.Items[shown].Root + r.Items[i].Root
	}
	if s.sel == report.None {
		s.toTop()
		s.after(toResult)
	}
	s.foldAll()
	s.show()
	s.pageTo()
	s.settle()
	s.further()
	s.verdictSaid()
	if !s.stay {
		s.section = partVerdict
	}
	s.stay = false
	s.supplied()
	s.compared(old)
	s.edited()
	s.arriveAt()
	s.course.asked = "" // a restarted decoder numbers its cases anew
	s.follow()
	s.rescale()
	s.renew()
	s.land()
	if s.sheet == sheetShare {
		s.clearLink()
	}
}

// judged shows a report of the same evidence: its nodes are the same. While
// the slider moves, later ones are on their way: it is shown all the same.
func (s *state) judged(n int, r *report.Report, err error) {
	if n < s.read || s.report == nil {
		return
	}
	if n < s.asked && err == nil {
		s.turn.answer()
		s.after(s.writeSlide)
	} else if !s.answered(n, err) || err != nil {
		return
	}
	r.Nodes = s.report.Nodes // with those made since
	s.report = r
	s.follow()
	if s.course.moving {
		s.after(s.steady)
	} else {
		s.verdictSaid()
	}
	s.rolesSaid()
	s.remake()
	s.rebuild()
	s.askBefore()
}

// forget shows the page as it is without evidence.
func (s *state) forget() {
	s.report, s.sel, s.picked = nil, report.None, false
	s.compare, s.edits = compare{}, edits{}
	s.lists, s.goal, s.fetching = nil, goal{}, false
	s.busy, s.fault, s.notice, s.said = false, "", "", ""
	s.item, s.shown, s.rows, s.lines = 0, 0, nil, nil
	s.section = partEvidence
	s.rebuild()
	s.turn.all()
}

// inquire asks something else about the evidence, and draws what done makes of
// the answer.
func (s *state) inquire(r Request, done func(*unpacker)) {
	s.decoder.Do(r, func(u *unpacker) { s.draw(func() { done(u) }) })
}
