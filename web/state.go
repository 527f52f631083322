package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// state is everything that the page shows. Events change it, components draw
// it; it is only touched on go-app's own goroutine.
type state struct {
	draw    func(func())                // runs a change and draws it
	later   func(time.Duration, func()) // the same, after a while
	after   func(func())                // runs once what changed was drawn
	now     func() time.Time
	decoder *Decoder
	turn    turns

	typed    string     // the paste box, as last read
	files    []Evidence // opened or dropped
	roles    roles
	lesson   lesson
	at       time.Time
	pinned   bool // the user chose at
	sample   bool // an example is shown
	profiles []string
	nonce    []byte

	health string // of the decoder: the Kind of its last Event
	notice string // what the user should know about it
	asked  int    // number of the last request
	read   int    // number of the last request to read evidence
	busy   bool   // it takes longer than a blink
	fault  string // why it got no answer
	said   string // for the live region
	toast  string // seen for a while
	toasts int    // how many there were

	report   *report.Report
	tree     tree
	item     int  // judged in the middle column
	picked   bool // the user chose item
	perLine  int  // octets in a line of the hex view
	wide     int  // pixels of the picture of validities
	typing   int  // grows with each key in the paste box
	stay     bool // the user types: a narrow page goes on showing the paste box
	shown    int  // drawn in the structure column
	sel      report.Ref
	mark     mark  // the octets of the selection
	rows     *rows // nil: to be made
	folded   map[report.Ref]bool
	lists    map[report.Ref]*long
	goal     goal
	pieces   pieces
	fetching bool // elements are being made
	lines    *outline
	lined    int             // source of lines
	toggle   map[string]bool // disclosures unlike they first are, by key
	scale    scale
	course   course

	tab     string // Fields, ASN.1, Text, JSON
	section string // of a narrow page: evidence, verdict, structure
	menu    string // the open menu of the bar or the evidence, or ""
	sheet   string // the open sheet, or ""

	fields, asn1, hex scroller
	find              finder
	paper             paper
	grip              grip
	ahead             ahead
	part              part
	builder           builder
	compare           compare
	edits             edits
	texts             map[string]Text
	library           library
	share             sharing
	arrived           arrival
	dictates          bool // keys of one character do nothing by themselves
}

// turns count the changes of each part of the page. A component is given the
// number of its part, and go-app draws it again only when that has grown.
type turns struct {
	bar, evidence, verdict, status, programs, builder, structure, sheet, link, compare int
}

func (t *turns) all() {
	t.answer()
	t.rest()
}

// answer is what the user waits for.
func (t *turns) answer() {
	t.bar++
	t.evidence++
	t.verdict++
	t.status++
}

func (t *turns) rest() {
	t.programs++
	t.builder++
	t.structure++
	t.sheet++
	t.compare++
}

// Names of the views of the structure, and of the parts of a narrow page.
const (
	tabFields = "Fields"
	tabASN1   = "ASN.1"
	tabText   = "Text"
	tabJSON   = "JSON"

	partEvidence  = "evidence"
	partVerdict   = "verdict"
	partStructure = "structure"
)

func newState() *state {
	return &state{
		draw:    func(f func()) { f() },
		later:   func(time.Duration, func()) {},
		after:   func(func()) {},
		now:     time.Now,
		health:  Starting,
		sel:     report.None,
		folded:  map[report.Ref]bool{},
		toggle:  map[string]bool{},
		tab:     tabFields,
		section: partEvidence,
		fields:  scroller{id: "fields", row: 22},
		asn1:    scroller{id: "asn1", row: 22},
		hex:     scroller{id: "hex", row: 20},
		paper:   paper{list: scroller{id: "paper", row: 20}},
		perLine: 16,
		wide:    468,
	}
}

// evidence is what goes to the decoder: the paste box and the files.
func (s *state) evidence() []Evidence {
	var all []Evidence
	if strings.TrimSpace(s.typed) != "" {
		all = append(all, Evidence{Name: "paste", Bytes: []byte(s.typed)})
	}
	return append(append(all, s.files...), s.edits.evidence()...)
}

func (s *state) ask() Ask {
	return Ask{At: s.at, Profiles: slices.Clone(s.profiles), Nonce: s.nonce, Roles: s.roles.said}
}

// add takes files in, each under a name of its own.
func (s *state) add(files []Evidence) {
	s.leaveExample()
	s.keep(files)
	s.load()
}

// keep puts files with the others, each under a name of its own.
func (s *state) keep(files []Evidence) {
	for _, f := range files {
		name := f.Name
		for n := 2; slices.ContainsFunc(s.files, func(o Evidence) bool { return o.Name == f.Name }); n++ {
			f.Name = fmt.Sprintf("%s (%d)", name, n)
		}
		s.files = append(s.files, f)
	}
}

// load has the evidence read and judged.
func (s *state) load() {
	s.asked++
	s.read = s.asked
	s.turn.evidence++
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
	s.wait(n)
	s.decoder.Load(evidence, s.ask(), func(r *report.Report, err error) {
		s.draw(func() { s.loaded(n, r, err) })
	})
}

// judge has the loaded evidence judged again, at another time or otherwise.
func (s *state) judge() {
	s.turn.bar++
	if s.report == nil || s.decoder == nil {
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
	return true
}

// frame is a little longer than go-app, which draws 120 times a second, takes
// from a change to its drawing.
const frame = 12 * time.Millisecond

func (s *state) loaded(n int, r *report.Report, err error) {
	if !s.answered(n, err) || err != nil {
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
	s.report = r
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
	s.verdictSaid()
	if !s.stay {
		s.section = partVerdict
	}
	s.stay = false
	s.supplied()
	s.compared(old)
	s.edited()
	s.arriveAt()
	s.follow()
	s.rescale()
	s.renew()
	s.land()
}

// toTop moves the lists of the structure to their first rows.
func (s *state) toTop() {
	for _, v := range []*scroller{&s.fields, &s.asn1, &s.hex} {
		v.top, v.pos = 0, 0
	}
}

// toResult shows the verdict, wherever its column had been scrolled to.
func toResult() {
	if el := app.Window().GetElementByID("result"); el.Truthy() {
		el.Set("scrollTop", 0)
	}
}

// settle moves the lists to where the state has them, once they are drawn, and
// gives the lines of octets their length.
func (s *state) settle() {
	s.after(func() {
		s.fields.apply(s.here())
		s.asn1.apply(s.lines.find(s.mark))
		s.hex.apply(s.mark.Off / s.perLine)
		s.paper.list.apply(-1)
		s.refit()
		s.fetch()
		s.writeFilter()
		s.writeSlide()
		if el := app.Window().GetElementByID("validity"); el.Truthy() {
			if wide := el.Get("clientWidth").Int() - 28; wide > 0 && wide != s.wide {
				s.draw(func() {
					s.wide, s.course.tall = wide, 0
					s.turn.verdict++
				})
			}
		}
		el := app.Window().GetElementByID(s.hex.id)
		if !el.Truthy() {
			return
		}
		if per := perLine(el.Get("clientWidth").Int()); per != s.perLine {
			s.draw(func() {
				s.perLine = per
				s.turn.structure++
				s.revealAll()
				s.settle()
			})
		}
	})
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
	s.askBefore()
}

// forget shows the page as it is without evidence.
func (s *state) forget() {
	s.report, s.sel, s.picked = nil, report.None, false
	s.compare, s.edits = compare{}, edits{}
	s.busy, s.fault, s.notice, s.said = false, "", "", ""
	s.item, s.shown, s.rows, s.lines = 0, 0, nil, nil
	s.section = partEvidence
	s.turn.all()
}

// current is the item that the middle column judges, or nil.
func (s *state) current() *report.Item {
	if s.report == nil || s.item >= len(s.report.Items) {
		return nil
	}
	return &s.report.Items[s.item]
}

func (s *state) windows() []report.Window {
	if it := s.current(); it != nil {
		return it.Windows
	}
	return nil
}

func (s *state) verdictSaid() {
	if it := s.current(); it != nil {
		s.said = statusWord(it.Verdict.Status) + ": " + it.Verdict.Headline
	}
}

// choose judges and shows another item.
func (s *state) choose(i int) {
	if s.report == nil || i < 0 || i >= len(s.report.Items) {
		return
	}
	s.item, s.shown, s.picked, s.sel = i, i, true, report.None
	s.edits.leave(report.None)
	s.pageTo()
	s.follow()
	s.rescale()
	s.toTop()
	s.rows, s.lines = nil, nil
	s.foldAll()
	s.show()
	s.after(toResult)
	s.section = partVerdict
	s.verdictSaid()
	s.builder = builder{}
	s.turn.all()
}

// flip opens or closes a disclosure.
func (s *state) flip(key string) { s.toggle[key] = !s.toggle[key] }

// isOpen says whether a disclosure is open, given how it first is.
func (s *state) isOpen(key string, first bool) bool { return first != s.toggle[key] }
