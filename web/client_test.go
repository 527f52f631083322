package web

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/report"
)

// stage is a worker that the test plays: requests gather in it until the test
// answers them, and its clock stands still but for advance.
type stage struct {
	ready  func()
	come   func(what, text string)
	whole  bool
	swaps  int
	reply  func(Reply)
	died   func(string)
	got    []Request
	starts int
	kills  int
	clock  time.Duration
	timers []*timer
}

type timer struct {
	at time.Duration
	f  func()
}

func (s *stage) start(ready func(bool), reply func(Reply), died func(string)) {
	s.ready, s.reply, s.died = func() { ready(s.whole) }, reply, died
	s.starts++
}
func (s *stage) further()                 {}
func (s *stage) hear(f func(_, _ string)) { s.come = f }
func (s *stage) swap()                    { s.swaps++ }
func (s *stage) post(r Request)           { s.got = append(s.got, r) }
func (s *stage) kill()                    { s.kills++ }
func (s *stage) after(d time.Duration, f func()) func() {
	t := &timer{s.clock + d, f}
	s.timers = append(s.timers, t)
	return func() { t.f = func() {} }
}

// advance lets time go by.
func (s *stage) advance(d time.Duration) {
	end := s.clock + d
	for {
		i := slices.IndexFunc(s.timers, func(t *timer) bool { return t.at <= end })
		if i < 0 {
			break
		}
		t := s.timers[i]
		s.timers = slices.Delete(s.timers, i, i+1)
		s.clock = max(s.clock, t.at)
		t.f()
	}
	s.clock = end
}

func (s *stage) last() Request { return s.got[len(s.got)-1] }

func (s *stage) ops() string {
	var ops []string
	for _, r := range s.got {
		ops = append(ops, r.Op)
	}
	return strings.Join(ops, " ")
}

// answer answers the last request with an empty report.
func (s *stage) answer(t *testing.T) {
	t.Helper()
	r := s.last()
	empty := &report.Report{At: r.Ask.At}
	wire, err := empty.MarshalBinary()
	if r.Op == "report" {
		wire, err = empty.MarshalResults()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.reply(Reply{ID: r.ID, Case: 7, Wire: wire})
}

// log notes what comes back, and with which time.
type log []string

func (l *log) done(name string) func(*report.Report, error) {
	return func(r *report.Report, err error) {
		if err != nil {
			*l = append(*l, fmt.Sprintf("%s: %v", name, err))
			return
		}
		*l = append(*l, fmt.Sprintf("%s: %d", name, r.At.Unix()))
	}
}

func (l *log) event(e Event) { *l = append(*l, strings.TrimSuffix("event "+e.Kind+" "+e.Text, " ")) }

func (l *log) want(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(*l, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(*l, "\n\t"), strings.Join(want, "\n\t"))
	}
	*l = nil
}

func at(sec int64) Ask { return Ask{At: time.Unix(sec, 0).UTC()} }

// begin gives a decoder that has loaded something.
func begin(t *testing.T) (*Decoder, *stage, *log) {
	t.Helper()
	s, l := new(stage), new(log)
	d := newDecoder(l.event, s)
	d.Load([]Evidence{{Name: "a"}}, at(1), l.done("load"))
	s.ready()
	s.answer(t)
	s.advance(0)
	l.want(t, "load: 1", "event starting", "event ready")
	return d, s, l
}

func TestLoadReplacesEarlier(t *testing.T) {
	d, s, l := begin(t)
	d.Load([]Evidence{{Name: "b"}}, at(2), l.done("second"))
	first := s.last()
	d.Load([]Evidence{{Name: "c"}}, at(3), l.done("third"))
	d.Report(at(4), l.done("report"))
	d.Load([]Evidence{{Name: "d"}}, at(5), l.done("fourth"))
	if s.last().ID != first.ID {
		t.Error("two requests are with the worker at once")
	}
	s.answer(t) // the second, which nobody waits for any more
	if in := s.last().Inputs; len(in) != 1 || in[0].Name != "d" {
		t.Errorf("after the stale one the worker is given %v", in)
	}
	s.answer(t)
	l.want(t, "fourth: 5")
}

func TestSliderSendsTheLastOnly(t *testing.T) {
	d, s, l := begin(t)
	for sec := range int64(100) {
		d.Report(at(10+sec), l.done("report"))
	}
	s.answer(t)
	s.answer(t)
	l.want(t, "report: 10", "report: 109")
	if got := s.ops(); got != "load report report" {
		t.Errorf("the worker was asked to %s", got)
	}
	if s.last().Case != 7 {
		t.Errorf("the report is about case %d", s.last().Case)
	}
}

func TestHungLoadIsNotRepeated(t *testing.T) {
	d, s, l := begin(t)
	d.Load([]Evidence{{Name: "bomb"}}, at(2), l.done("bomb"))
	s.advance(limit)
	l.want(t, "bomb: the decoder was ended: it took longer than 10 s",
		"event restarted it took longer than 10 s", "event starting")
	s.ready()
	s.advance(0)
	if s.kills != 1 || s.starts != 2 || s.ops() != "load load" {
		t.Errorf("%d ends, %d starts, asked to %s", s.kills, s.starts, s.ops())
	}
	l.want(t, "event ready")
	d.Report(at(3), l.done("report"))
	s.advance(0)
	l.want(t, "report: nothing is loaded")
}

func TestKilledWorkerIsGivenTheEvidenceAgain(t *testing.T) {
	d, s, l := begin(t)
	d.Report(at(2), l.done("report"))
	d.end("it was ended")
	s.advance(0)
	l.want(t, "report: the decoder was ended: it was ended", "event restarted it was ended", "event starting")
	d.Report(at(3), l.done("later"))
	s.ready()
	s.answer(t)
	s.answer(t)
	s.advance(0)
	l.want(t, "later: 3", "event ready")
	if got := s.ops(); got != "load report load report" {
		t.Errorf("the worker was asked to %s", got)
	}
}

func TestWorkerThatNeverStarts(t *testing.T) {
	s, l := new(stage), new(log)
	d := newDecoder(l.event, s)
	d.Load([]Evidence{{Name: "a"}}, at(1), l.done("load"))
	for range attempts + 2 {
		s.advance(limit)
	}
	want := "it did not start within 10 s"
	l.want(t, "event starting",
		"event restarted "+want, "event starting",
		"event restarted "+want, "event starting",
		"event restarted "+want, "event starting",
		"load: the decoder does not start", "event failed "+want)
	d.Report(at(2), l.done("report"))
	s.advance(0)
	l.want(t, "report: the decoder does not start")

	d.Revive()
	d.Load([]Evidence{{Name: "a"}}, at(1), l.done("load"))
	s.ready()
	s.advance(0)
	l.want(t, "event starting", "event ready")
	if len(s.got) != 1 || s.got[0].Op != "load" {
		t.Errorf("the revived worker was asked to %v", s.got)
	}
	d.Revive() // it lives
	if s.starts != attempts+2 {
		t.Errorf("%d starts", s.starts)
	}
}

func TestDeadWorker(t *testing.T) {
	_, s, l := begin(t)
	s.died("out of memory")
	s.advance(0)
	l.want(t, "event restarted out of memory", "event starting")
	if s.starts != 2 {
		t.Errorf("%d starts", s.starts)
	}
}

func TestErrorsComeBack(t *testing.T) {
	d, s, l := begin(t)
	d.Report(at(2), l.done("report"))
	s.reply(Reply{ID: s.last().ID, Error: "case 7 is not loaded"})
	d.Report(at(3), l.done("damaged"))
	s.reply(Reply{ID: s.last().ID, Wire: []byte("?")})
	s.reply(Reply{ID: 1}) // of no request that is out
	l.want(t, "report: case 7 is not loaded", "damaged: report: the binary form is damaged")
}

// A large input is given more time than a small one, in proportion.
func TestPatience(t *testing.T) {
	d, s, l := begin(t)
	d.Load([]Evidence{{Name: "large", Bytes: make([]byte, 5*pace)}}, at(2), l.done("large"))
	s.advance(limit + 4*time.Second)
	l.want(t)
	s.advance(time.Second)
	l.want(t, "large: the decoder was ended: it took longer than 15 s",
		"event restarted it took longer than 15 s", "event starting")
}

// The whole decoder takes over between two requests, and reads the evidence
// before what waits is asked of it.
func TestSwap(t *testing.T) {
	d, s, l := begin(t)
	s.come("far", "half of it")
	d.Report(at(2), l.done("judged"))
	d.Report(at(3), l.done("judged later"))
	s.come("here", "")
	if s.swaps != 0 {
		t.Fatal("the worker was ended with a request in its hands")
	}
	s.answer(t)
	if s.swaps != 1 || s.ops() != "load report load" {
		t.Fatalf("%d swaps, asked for %s", s.swaps, s.ops())
	}
	s.answer(t)
	s.answer(t)
	s.advance(0)
	l.want(t, "judged: 2", "judged later: 3", "event far half of it", "event whole")
	if s.starts != 1 || s.kills != 0 || s.ops() != "load report load report" {
		t.Errorf("%d starts, %d kills, asked for %s", s.starts, s.kills, s.ops())
	}
}

// A decoder that holds nothing has nothing to read again.
func TestSwapEmpty(t *testing.T) {
	s, l := new(stage), new(log)
	newDecoder(l.event, s)
	s.come("here", "") // before the first one is
	s.ready()
	s.advance(0)
	l.want(t, "event starting", "event ready", "event whole")
	if s.swaps != 1 || len(s.got) != 0 {
		t.Errorf("%d swaps, asked for %s", s.swaps, s.ops())
	}
}

// After a hang the decoder that is started is the whole one, if it is here:
// that is told when it has read the evidence.
func TestRestartWhole(t *testing.T) {
	d, s, l := begin(t)
	d.Report(at(2), l.done("judged"))
	s.come("here", "")
	s.whole = true
	s.advance(limit)
	l.want(t, "judged: the decoder was ended: it took longer than 10 s", "event restarted it took longer than 10 s", "event starting")
	s.ready()
	s.answer(t)
	s.advance(0)
	l.want(t, "event ready", "event whole")
	if s.swaps != 0 || s.starts != 2 {
		t.Errorf("%d swaps, %d starts", s.swaps, s.starts)
	}
	s.died("gone")
	s.ready()
	s.answer(t)
	s.advance(0)
	l.want(t, "event restarted gone", "event starting", "event ready") // and no second time
}
