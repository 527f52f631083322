package web

import (
	"fmt"
	"strings"
	"time"

	"derscope/decode/report"
)

// state is everything that the page shows. Events change it, components draw
// it; it is only touched on go-app's own goroutine. Each part of the page keeps
// what is its own in a struct of its own.
type state struct {
	draw    func(func())                // runs a change and draws it
	later   func(time.Duration, func()) // the same, after a while
	after   func(func())                // runs once what changed was drawn
	now     func() time.Time
	decoder *Decoder
	turn    turns

	given
	answering
	inView
	overlay
	voice

	roles   roles
	lesson  lesson
	pieces  pieces
	edits   edits
	compare compare
	part    part
	builder builder
	sent    int // requests, to responders
	scale   scale
	course  course
	find    finder
	paper   paper
	grip    grip
	ahead   ahead
	share   sharing
	arrived arrival
	texts   map[string]Text
	library library
}

// given is what the user brought, and by what it is to be judged.
type given struct {
	typed    string     // the paste box, as last read
	typing   int        // grows with each key in it
	stay     bool       // the user types: a narrow page goes on showing the box
	files    []Evidence // opened or dropped
	sample   bool       // they are those of an example
	at       time.Time
	pinned   bool // the user chose at
	profiles []string
	nonce    []byte
	set      []Setting // what was said of the client of an enrolment
}

// answering is how the decoder does with what it was asked.
type answering struct {
	health  string // the Kind of its last Event
	notice  string // what the user should know about it
	asked   int    // number of the last request
	read    int    // number of the last request to read evidence
	reading bool   // it is not answered
	busy    bool   // it takes longer than a blink
	fault   string // why it got no answer
	coming  coming
}

// inView is the report, and what of it is in view.
type inView struct {
	report  *report.Report
	secrets // of it
	tree    tree
	item    int  // judged in the middle column
	picked  bool // the user chose item
	shown   int  // drawn in the structure column
	sel     report.Ref
	mark    mark   // the octets of the selection
	tab     string // Fields, ASN.1, Text, JSON
	tabbed  bool   // the user has chosen it
	section string // of a narrow page: evidence, verdict, structure
	wide    int    // pixels of the picture of validities

	rows     *rows // nil: to be made
	folded   map[report.Ref]bool
	lists    map[report.Ref]*long
	goal     goal
	fetching bool     // elements of lists are being made
	lines    *outline // of the ASN.1 view
	lined    int      // source of lines
	perLine  int      // octets in a line of the hex view

	fields, asn1, hex scroller
}

// overlay is what lies over the page or was folded out, until it is closed.
type overlay struct {
	menu   string          // of the bar or the evidence, or ""
	sheet  string          // or ""
	toggle map[string]bool // disclosures unlike they first are, by key
}

// voice is what the page says besides what it shows.
type voice struct {
	said     string // for the live region
	toast    string // seen for a while
	toasts   int    // how many there were
	dictates bool   // the user does: keys of one character do nothing by themselves
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
		draw:      func(f func()) { f() },
		later:     func(time.Duration, func()) {},
		after:     func(func()) {},
		now:       time.Now,
		answering: answering{health: Starting},
		inView: inView{
			sel:     report.None,
			folded:  map[report.Ref]bool{},
			tab:     tabFields,
			section: partEvidence,
			fields:  scroller{id: "fields", row: 22},
			asn1:    scroller{id: "asn1", row: 22},
			hex:     scroller{id: "hex", row: 20},
			perLine: 16,
			wide:    468,
		},
		overlay: overlay{toggle: map[string]bool{}},
		paper:   paper{list: scroller{id: "paper", row: 20}},
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

// add takes files in, each under a name of its own.
func (s *state) add(files []Evidence) {
	s.leaveExample()
	s.keep(files)
	s.load()
}

// keep puts files with the others, each under a name of its own.
func (s *state) keep(files []Evidence) {
	names := s.naming()
	for _, f := range files {
		f.Name = names.unused(f.Name)
		s.files = append(s.files, f)
	}
}

// naming gives evidence a name that no other has: what goes into a link is told
// by its name.
type naming struct {
	used map[string]bool
	last map[string]int // number that was put behind a name
}

func (s *state) naming() naming {
	n := naming{map[string]bool{"paste": true}, map[string]int{}}
	for _, f := range s.files {
		n.used[f.Name] = true
	}
	for i := range s.edits.copies {
		n.used[s.edits.copies[i].Name] = true
	}
	return n
}

// unused makes a name one that no other evidence has. Names of files may hold
// anything, and those in links were made by anybody: what would turn the
// writing around is written as an escape, and a name as long as a book is cut.
func (n naming) unused(name string) string {
	name = report.Clean(shorten(name, longName))
	free := name
	for n.used[free] {
		n.last[name]++
		free = fmt.Sprintf("%s (%d)", name, n.last[name]+1)
	}
	n.used[free] = true
	return free
}

// longName is how many characters of a name are kept.
const longName = 200

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
	if it := s.current(); s.awaits() {
		s.said = s.coming.words()
	} else if it != nil {
		s.said = statusWord(it.Verdict.Status) + ": " + it.Verdict.Headline
	}
}

// choose judges and shows another item.
func (s *state) choose(i int) {
	if s.report == nil || i < 0 || i >= len(s.report.Items) {
		return
	}
	s.item, s.shown, s.picked, s.sel = i, i, true, report.None
	s.fitTab()
	s.goal, s.grip = goal{}, grip{} // of what was shown
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
	s.rebuild()
	s.turn.all()
}

// flip opens or closes a disclosure.
func (s *state) flip(key string) { s.toggle[key] = !s.toggle[key] }

// isOpen says whether a disclosure is open, given how it first is.
func (s *state) isOpen(key string, first bool) bool { return first != s.toggle[key] }
