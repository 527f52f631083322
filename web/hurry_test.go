package web

import (
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/report"
)

// hurried is a state with the evidence of listed read and judged, and the
// worker that the test plays. What goes on later or after a drawing is left out.
func hurried(t *testing.T) (*state, *stage) {
	t.Helper()
	s := newState()
	play := fakes(s)
	s.now = func() time.Time { return noon }
	s.files = []Evidence{{Name: "list"}}
	s.load()
	replied(t, play, listed(50_000, 10))
	if s.report == nil || len(s.lists) != 1 {
		t.Fatal("the list is not shown")
	}
	return s, play
}

// replied answers the request that is with the worker by a report.
func replied(t *testing.T, play *stage, r *report.Report) {
	t.Helper()
	var wire []byte
	var err error
	switch last := play.last(); last.Op {
	case "load":
		wire, err = r.MarshalBeside(Octets(last.Inputs))
	case "report":
		wire, err = r.MarshalResults()
	}
	if err != nil {
		t.Fatal(err)
	}
	play.reply(Reply{ID: play.last().ID, Case: play.last().ID, Wire: wire})
}

// Who moves the slider or gives a role while new evidence is read sees the new
// evidence, judged so.
func TestJudgedWhileRead(t *testing.T) {
	s, play := hurried(t)
	s.add([]Evidence{{Name: "other", Bytes: []byte{5, 0}}})
	s.moveTo(noon.Add(time.Hour))
	replied(t, play, sample())
	if len(s.report.Items) != 2 || len(s.report.Nodes) != 4 || len(s.lists) != 0 {
		t.Fatalf("%d items with %d nodes are shown", len(s.report.Items), len(s.report.Nodes))
	}
	later := sample()
	later.Items[0].Verdict.Headline = "an hour later"
	if play.last().Op != "report" {
		t.Fatalf("the worker was asked to %s", play.ops())
	}
	replied(t, play, later)
	if s.current().Verdict.Headline != "an hour later" || s.waiting(s.asked-1) || s.busy {
		t.Errorf("shown is %q", s.current().Verdict.Headline)
	}
}

// New evidence that is not read leaves the old as it was, whatever was asked
// meanwhile.
func TestJudgedWhileNotRead(t *testing.T) {
	s, play := hurried(t)
	old := s.report
	s.add([]Evidence{{Name: "other", Bytes: []byte{5, 0}}})
	s.moveTo(noon.Add(time.Hour))
	play.reply(Reply{ID: play.last().ID, Error: "it is too much"})
	play.reply(Reply{ID: play.last().ID, Error: "case 0 is not loaded"})
	if s.report != old || s.fault != "it is too much" {
		t.Errorf("fault %q", s.fault)
	}
}

// What was asked about evidence is not answered once other evidence is read:
// who waited for it asks again.
func TestAskedBeforeOtherEvidence(t *testing.T) {
	s, play := hurried(t)
	s.tab = tabText
	s.remake()
	s.load()
	play.reply(Reply{ID: play.last().ID})
	replied(t, play, listed(50_000, 10))
	if ops := play.ops(); ops != "load head load head" {
		t.Errorf("with the report in view the worker was asked to %s", ops)
	}
	s, play = hurried(t)
	s.find.what = "x"
	s.search(true)
	s.load()
	play.reply(Reply{ID: play.last().ID})
	replied(t, play, listed(50_000, 10))
	if ops := play.ops(); ops != "load find load find" {
		t.Errorf("with a search the worker was asked to %s", ops)
	}
}

// What was asked before the whole decoder came is answered after it, beside what
// is asked of it: no place is counted twice, and the first is shown.
func TestSearchedWhileTheWholeComes(t *testing.T) {
	s, play := hurried(t)
	s.tab, s.find.what = tabFields, "x"
	s.search(true)
	again := *s.report
	s.comes(Event{Kind: Whole, Report: &again})
	var found Packer
	for _, n := range []int{0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0} { // node 1, to the end, and nothing beside
		found.Int(n)
	}
	for range 2 {
		play.reply(Reply{ID: play.last().ID, Case: 1, Pack: found})
	}
	if ops := play.ops(); ops != "load find find" || len(s.find.places) != 1 || s.find.busy || s.sel != 1 {
		t.Errorf("the worker was asked to %s, found is %v, selected is %d", ops, s.find.places, s.sel)
	}
}

// What comes for evidence that was cleared goes nowhere.
func TestAnsweredAfterClear(t *testing.T) {
	s, play := hurried(t)
	s.reach(2, 40_000)
	s.files = nil
	s.load()
	answerOpen(t, play)
	if s.report != nil || s.lists != nil {
		t.Error("something is shown")
	}
}

// Only evidence that was looked through for secrets goes into a link.
func TestLinkOfLaterEvidence(t *testing.T) {
	s, play := hurried(t)
	s.share.cleared = map[string]string{"list": ""}
	s.sheet = sheetShare
	s.files[0].Bytes = []byte("something else")
	s.load()
	if got := s.link().Evidence; len(got) > 0 {
		t.Errorf("%s goes into the link", got[0].Name)
	}
	replied(t, play, listed(50_000, 10))
	if play.last().Op != "cleared" {
		t.Errorf("asked was %s", play.ops())
	}
	s.files = nil
	s.load()
	s.makeLink()
}

// All evidence has a name of its own, as what goes into a link is told by it.
func TestNames(t *testing.T) {
	s := newState()
	s.typed = "secret"
	s.edits.copies = []copied{{Evidence: Evidence{Name: "a, edited"}}}
	s.keep([]Evidence{{Name: "paste"}, {Name: "a, edited"}, {Name: "b"}, {Name: "b"}, {Name: "\u202egnp.\n"}, {Name: strings.Repeat("x", 1<<20)}})
	var names []string
	for _, e := range s.evidence() {
		names = append(names, e.Name)
	}
	if want := []string{"paste", "paste (2)", "a, edited (2)", "b", "b (2)", `\u202egnp.\n`, strings.Repeat("x", 200) + "…", "a, edited"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

// Who goes to another piece and back before the course of the verdict is there
// sees it once; a restarted worker, whose cases have the numbers of others,
// gives no course of theirs.
func TestCourseOfItsOwn(t *testing.T) {
	s, play := hurried(t)
	s.load()
	replied(t, play, sample())
	var p Packer
	p.Int(1)
	for _, n := range []int{0, 0, int(report.Pass)} {
		p.Int(n)
	}
	p.Text("Good")
	p.Int(0)
	p.Text("")
	for range 2 {
		s.charted(&unpacker{rest: p})
	}
	if n := len(s.course.stretches); n != 1 {
		t.Errorf("%d stretches", n)
	}
	s.take(sample())
	if s.course.stretches != nil {
		t.Error("the course is that of other evidence")
	}
}

// What a piece that is left had on its way is not selected any more.
func TestChosenOnTheWay(t *testing.T) {
	s, play := hurried(t)
	s.report.Items = append(s.report.Items, s.report.Items[0])
	s.report.Items[1].Root = s.report.Items[0].End
	s.report.Items[1].End = s.report.Items[1].Root
	s.reach(2, 40_000)
	s.choose(1)
	answerOpen(t, play)
	if s.shown != 1 {
		t.Errorf("item %d is shown", s.shown)
	}
}

// The place to go to in an example is left with the example.
func TestLeaveExampleOnTheWay(t *testing.T) {
	s := newState()
	s.sample, s.lesson.shown, s.lesson.landing = true, "x", landing{rule: "y"}
	s.leaveExample()
	if s.lesson.landing != (landing{}) {
		t.Error("the place of an example is looked for")
	}
}
