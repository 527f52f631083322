package web

import (
	"slices"
	"strconv"
	"strings"

	"derscope/decode/report"
)

// compare is two items side by side.
type compare struct {
	open        bool
	left, right int // items
	rows        []compareRow
	more        int   // differences that are not listed
	shown       []int // rows that are listed
	all         bool  // not only what differs
	at          int   // the current one of shown
	wait, fault string
	asked       int
	back        string // where the focus goes at the end
	fresh       string // input that is being read, to be compared with left
	list        scroller
}

// compareRow is a field of both: see decode.Row.
type compareRow struct {
	sign        int
	depth       int
	label, note string
	side        [2]compareCell
}

type compareCell struct {
	node    report.Ref // None: it has none
	element int        // of the long list that node is; -1: the node itself
	text    string
}

// The signs of a row.
const (
	unchanged = iota
	differs
	onlyLeft
	onlyRight
)

// signWords are the signs in words; glyphs go beside them.
var signWords = [...]string{"the same", "differs", "only left", "only right"}
var signGlyphs = [...]string{"=", "≠", "only left", "only right"}

// startCompare lays two items side by side.
func (s *state) startCompare(left, right int) {
	if s.report == nil || s.decoder == nil || max(left, right) >= len(s.report.Items) || left == right {
		return
	}
	c := &s.compare
	if !c.open {
		c.back = "[data-do=menu][data-arg=item-" + strconv.Itoa(left) + "]"
	}
	*c = compare{open: true, left: left, right: right, all: c.all, wait: "The decoder compares.", asked: c.asked + 1, back: c.back, list: scroller{id: "compare-rows", row: 24}}
	s.section = partVerdict
	s.turn.compare++
	n := c.asked
	s.after(func() { focus("#compare") })
	s.inquire(Request{Op: "compare", N: left, From: right}, func(u *unpacker) {
		if n != c.asked || !c.open {
			return
		}
		c.wait = ""
		if c.rows, c.more = readRows(u); u.fault != nil {
			c.fault = u.fault.Error()
		}
		s.filterRows()
		s.said = "Compared: " + s.compareSum()
		s.turn.compare++
	})
}

func readRows(u *unpacker) (rows []compareRow, more int) {
	more = u.int()
	rows = make([]compareRow, u.count())
	for i := range rows {
		r := &rows[i]
		r.sign, r.depth, r.label, r.note = min(u.int(), onlyRight), u.int(), u.text(), u.text()
		for k := range r.side {
			r.side[k] = compareCell{report.Ref(u.int() - 1), u.int() - 1, u.text()}
		}
	}
	return rows, more
}

// innermost says whether a row has no further rows inside.
func (c *compare) innermost(i int) bool {
	return i+1 == len(c.rows) || c.rows[i+1].depth <= c.rows[i].depth
}

// filterRows lists what is to be seen: all, or what differs and does not hold
// the difference further inside. A row that says how many elements of a list
// are the same always is.
func (s *state) filterRows() {
	c := &s.compare
	c.shown = c.shown[:0]
	for i, r := range c.rows {
		if c.all || r.sign > differs || r.note != "" || r.sign == differs && c.innermost(i) {
			c.shown = append(c.shown, i)
		}
	}
	c.at = min(c.at, max(0, len(c.shown)-1))
}

// compareSum says in words what was found.
func (s *state) compareSum() string {
	var n [onlyRight + 1]int
	c := &s.compare
	for i, r := range c.rows {
		if c.innermost(i) && r.side[0].node+r.side[1].node > 2*report.None {
			n[r.sign]++
		}
	}
	if n[differs]+n[onlyLeft]+n[onlyRight] == 0 {
		return "all fields are the same."
	}
	text := plural(n[differs], "field") + " differ, " + count(n[onlyLeft]) + " only left, " + count(n[onlyRight]) + " only right, " + count(n[unchanged]) + " the same."
	if n[differs] == 1 {
		text = strings.Replace(text, "field differ", "field differs", 1)
	}
	if c.more > 0 {
		text += " " + plural(c.more, "further difference") + " not listed."
	}
	return text
}

// closeCompare goes back to the page as it was.
func (s *state) closeCompare() {
	back := s.compare.back
	s.compare = compare{all: s.compare.all, asked: s.compare.asked + 1}
	s.turn.compare++
	s.section = partEvidence
	s.after(func() { focus(back) })
}

// comparePress answers for the comparison.
func (s *state) comparePress(p press) bool {
	c := &s.compare
	switch p.name {
	case "compare":
		a, b, _ := strings.Cut(p.arg, " ")
		left, _ := strconv.Atoi(a)
		right, _ := strconv.Atoi(b)
		s.startCompare(left, right)
	case "compare-new":
		c.left = p.n
		s.openSheet(sheetCompare)
	case "compare-paste":
		s.comparePasted()
	case "compare-swap":
		s.startCompare(c.right, c.left)
	case "compare-all":
		row := -1
		if c.at < len(c.shown) {
			row = c.shown[c.at]
		}
		c.all = !c.all
		s.filterRows()
		c.at, _ = slices.BinarySearch(c.shown, row)
		c.at = min(c.at, max(0, len(c.shown)-1))
		s.revealRow()
	case "compare-next":
		s.nextDifference(1)
	case "compare-last":
		s.nextDifference(-1)
	case "compare-row":
		s.pickRow(p.n)
	case "compare-copy":
		s.copy(s.compareMarkdown(), "The differences are copied, as Markdown.")
	case "compare-close":
		s.closeCompare()
	default:
		return false
	}
	s.turn.compare++
	return true
}

// comparePasted takes in another item to compare with.
func (s *state) comparePasted() {
	box, ok := byID("compare-with")
	if !ok {
		return
	}
	text := box.Get("value").String()
	if strings.TrimSpace(text) == "" {
		s.tell("There is nothing in the field yet. Paste what to compare with.")
		focus("#compare-with")
		return
	}
	s.closeSheet()
	s.sample = false // it is the user's own now
	s.keep([]Evidence{{Name: "pasted to compare", Bytes: []byte(text)}})
	s.compare.fresh = s.files[len(s.files)-1].Name
	s.stay = true
	s.load()
}

// compared finds the items of a comparison among those of a new report.
func (s *state) compared(old *report.Report) {
	c := &s.compare
	left, right := same(old, c.left, s.report), same(old, c.right, s.report)
	if fresh := c.fresh; fresh != "" {
		c.fresh, right = "", -1
		for i := range s.report.Items {
			if it := &s.report.Items[i]; right < 0 && left >= 0 && it.Input == fresh && it.Kind == s.report.Items[left].Kind {
				right = i
			}
		}
		if left < 0 || right < 0 {
			s.tell("What was pasted holds nothing of that kind. It is among the evidence now.")
			return
		}
		s.startCompare(left, right)
		return
	}
	switch {
	case !c.open:
	case left < 0 || right < 0:
		s.closeCompare()
	default:
		s.startCompare(left, right)
	}
}

// pickRow selects a row, and the field that it stands for.
func (s *state) pickRow(at int) {
	c := &s.compare
	if at < 0 || at >= len(c.shown) {
		return
	}
	c.at = at
	s.revealRow()
	for _, cell := range c.rows[c.shown[at]].side {
		if cell.node != report.None {
			s.reach(cell.node, cell.element)
			break
		}
	}
}

func (s *state) revealRow() {
	s.compare.list.reveal(s.compare.at, len(s.compare.shown))
	s.after(func() { s.compare.list.apply(-1) })
}

// nextDifference goes to the next row, or the one before, whose difference
// does not lie further inside.
func (s *state) nextDifference(by int) {
	c := &s.compare
	for at := c.at + by; at >= 0 && at < len(c.shown); at += by {
		i := c.shown[at]
		r := &c.rows[i]
		inside := !c.innermost(i)
		whole := inside && r.sign != differs // all that is inside is so, too
		if r.sign != unchanged && (!inside || whole && (i == 0 || c.rows[i-1].sign != r.sign || c.rows[i-1].depth >= r.depth)) {
			s.pickRow(at)
			return
		}
	}
	s.tell("That was the last difference in this direction.")
}

// compareKey works the list of rows.
func (s *state) compareKey(key string) bool {
	c := &s.compare
	page := c.list.page()
	to := map[string]int{"ArrowDown": c.at + 1, "ArrowUp": c.at - 1, "PageDown": c.at + page, "PageUp": c.at - page, "End": len(c.shown) - 1}
	switch key {
	case "Home", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "End":
		s.pickRow(min(max(0, to[key]), len(c.shown)-1))
	case "Enter", " ":
		s.pickRow(c.at)
	case "n":
		s.nextDifference(1)
	case "p":
		s.nextDifference(-1)
	default:
		return false
	}
	s.turn.compare++
	return true
}

// compareMarkdown writes the differences for a ticket.
func (s *state) compareMarkdown() string {
	c := &s.compare
	cell := func(text string) string {
		return strings.NewReplacer("|", "\\|", "\n", " ", "`", "'").Replace(text)
	}
	var b strings.Builder
	line := func(cells ...string) {
		for _, t := range cells {
			b.WriteString("| " + cell(t) + " ")
		}
		b.WriteString("|\n")
	}
	left, right := &s.report.Items[c.left], &s.report.Items[c.right]
	b.WriteString("### " + itemTitle(left) + ", compared\n\n")
	line("", "Left: "+s.itemName(c.left), "Right: "+s.itemName(c.right))
	b.WriteString("|---|---|---|\n")
	line("Verdict", statusWord(left.Verdict.Status)+": "+left.Verdict.Headline, statusWord(right.Verdict.Status)+": "+right.Verdict.Headline)
	for _, k := range changedChecks(left.Checks, right.Checks) {
		line(k.title, statusWord(k.before), statusWord(k.after))
	}
	var path []string
	for i, r := range c.rows {
		path = append(path[:min(r.depth, len(path))], r.label)
		if r.sign == unchanged || !c.innermost(i) {
			continue
		}
		values := [2]string{r.side[0].text, r.side[1].text}
		for k, v := range values {
			if r.side[k].node == report.None {
				values[k] = "(none)"
			} else if v != "" {
				values[k] = "`" + cell(v) + "`"
			}
		}
		name := strings.Join(path, "/")
		if r.note != "" {
			name += " (" + r.note + ")"
		}
		b.WriteString("| " + cell(name) + " | " + values[0] + " | " + values[1] + " |\n")
	}
	b.WriteString("\n" + s.compareSum() + "\n")
	return b.String()
}
