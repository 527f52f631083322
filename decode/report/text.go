package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Part is what of a report the text form shows.
type Part uint8

const (
	Everything Part = iota
	ChecksOnly      // headline and status tree
	FieldsOnly
)

// TextOptions say how a report is written for people. The zero value gives
// plain text 100 columns wide.
type TextOptions struct {
	Width  int  // columns; 0: 100
	Colour bool // with the escape sequences of terminals
	Part   Part
	Passed bool                // the checks that pass without a remark, too; else only their number
	Brief  func(item int) bool // items that only the list of evidence names; nil: none
	Beside bool                // what is not read beside what is, too; else only how much of it there is
	Terse  bool                // what programs do in one line each, without reasons in our words
	Reveal bool
	Open   func(list Ref, from, n int) []Node // as in JSONOptions
	Most   int                                // octets; 0: no bound. Of a longer text nothing is left
}

// Text gives the report in the form that people read on a terminal, and that
// goldens hold.
func (r *Report) Text(o TextOptions) []byte {
	if o.Width == 0 {
		o.Width = 100
	}
	w := &textWriter{r: r, o: o, width: max(o.Width, 40)}
	if !o.Beside {
		w.folded = r.unread()
	}
	if len(r.Items) > 1 && o.Part == Everything {
		w.evidence()
	}
	first := true
	for i := range r.Items {
		if w.folded[i] || o.Brief != nil && o.Brief(i) {
			continue
		}
		if !first {
			w.b.WriteString("\n")
		}
		first = false
		w.item(i)
	}
	if o.Part != Everything {
		w.beside("\n")
	}
	if w.full() {
		return nil
	}
	return []byte(w.b.String())
}

type textWriter struct {
	r      *Report
	o      TextOptions
	b      strings.Builder
	width  int
	folded map[int]bool // items of which only the number is told
}

func (w *textWriter) full() bool { return w.o.Most > 0 && w.b.Len() >= w.o.Most }

// Escape sequences, by what they are for.
const (
	strong = "\x1b[1m"
	faint  = "\x1b[2m"
	plain  = "\x1b[0m"
)

var (
	marksOf   = [...]string{NoStatus: "·", Pass: "✓", Warn: "!", Open: "?", Fail: "✗"}
	coloursOf = [...]string{NoStatus: "", Pass: "\x1b[32m", Warn: "\x1b[33m", Open: "\x1b[36m", Fail: "\x1b[31m"}
)

func (w *textWriter) in(style, s string) string {
	if !w.o.Colour || s == "" {
		return s
	}
	return style + s + plain
}

func (w *textWriter) mark(s Status) string { return w.in(coloursOf[s], marksOf[s]) }

// Clean makes text from the input fit for a terminal: what would move the
// cursor, change colours or turn the writing around is written as an escape.
func Clean(s string) string {
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if strings.IndexFunc(s, bad) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if bad(r) {
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// wrap breaks text into lines of a width at spaces.
func wrap(s string, width int) []string {
	width = max(width, 20)
	var lines []string
	line, n := "", 0
	for _, word := range strings.Fields(s) {
		k := utf8.RuneCountInString(word)
		if n > 0 && n+1+k > width {
			lines = append(lines, line)
			line, n = "", 0
		}
		if n > 0 {
			line += " "
			n++
		}
		line += word
		n += k
	}
	if n > 0 {
		lines = append(lines, line)
	}
	return lines
}

// lines writes text in lines that begin at a column.
func (w *textWriter) lines(column int, style, s string) {
	for _, line := range wrap(Clean(s), w.width-column) {
		w.b.WriteString(strings.Repeat(" ", column) + w.in(style, line) + "\n")
	}
}

// entry writes a line that begins with head, which is so many columns wide,
// and goes on with text in the columns after it.
func (w *textWriter) entry(head string, column int, style, s string) {
	all := wrap(Clean(s), w.width-column)
	if len(all) == 0 {
		w.b.WriteString(strings.TrimRight(head, " ") + "\n")
		return
	}
	for _, line := range all {
		w.b.WriteString(head + w.in(style, line) + "\n")
		head = strings.Repeat(" ", column)
	}
}

// command writes a line that people copy: it is not broken.
func (w *textWriter) command(column int, s string) {
	if s != "" {
		w.b.WriteString(strings.Repeat(" ", column) + w.in(faint, Clean(s)) + "\n")
	}
}

func (w *textWriter) heading(s string) { w.b.WriteString("\n  " + w.in(strong, s) + "\n") }

// made says how the octets of an item were made of those of its carrier.
func (w *textWriter) made(it *Item) string {
	if how := w.r.Sources[it.Source].How; it.Carrier >= 0 && how != "" {
		return ", from " + how
	}
	return ""
}

func (w *textWriter) item(i int) {
	it := &w.r.Items[i]
	if it.Members != nil {
		w.transaction(i)
		return
	}
	size := len(w.r.Sources[it.Source].Bytes)
	where := Plural(size, "octet", "octets")
	if it.Input != "" {
		where += " · " + it.Input
	}
	if it.Carrier < 0 && (it.Off > 0 || len(it.Armor) > 0) {
		where += fmt.Sprintf(" at %s +%s", Count(it.Off), Count(it.Len))
	}
	if len(it.Armor) > 0 && it.Carrier < 0 {
		where += " (" + strings.Join(it.Armor, ", ") + ")"
	}
	head := ID(i) + "  " + it.Title
	w.b.WriteString(w.in(strong, Clean(head)) + "\n")
	w.lines(4, faint, it.Kind+format(it.Format)+" · "+where+carried(it)+w.made(it)+roles(it.Roles))
	if w.o.Part != FieldsOnly {
		w.verdict(it)
		w.checks(it)
	}
	if w.o.Part == Everything {
		w.rest(it)
	}
	if w.o.Part != ChecksOnly {
		w.fields(it)
	}
}

func format(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

func (w *textWriter) verdict(it *Item) {
	w.b.WriteString("\n")
	w.entry("  "+w.mark(it.Verdict.Status)+" ", 4, strong, it.Verdict.Headline)
	w.lines(4, "", it.Verdict.Detail)
	if len(it.Summary) > 0 && it.Kind != "unknown" {
		var words []string
		for _, m := range it.Summary {
			words = append(words, m.Key+" "+m.words())
		}
		w.lines(4, faint, strings.Join(words, " · "))
	}
}

// words writes the value of a member on one line.
func (m Member) words() string {
	var list []string
	switch v := m.Value.(type) {
	case []string:
		list = v
	case []Member:
		for _, one := range v {
			list = append(list, one.Key+" "+one.words())
		}
	case [][]Member:
		for _, row := range v {
			list = append(list, Member{Value: row}.words())
		}
		return strings.Join(list, "; ")
	default:
		return fmt.Sprint(v)
	}
	return strings.Join(list, ", ")
}

func (w *textWriter) checks(it *Item) {
	open := true // the line above has no part in the list
	for i := range it.Checks {
		g := &it.Checks[i]
		rows := g.Children
		if !w.o.Passed {
			rows = slices.DeleteFunc(slices.Clone(rows), func(k Check) bool { return !telling(k) })
		}
		if open || len(rows) > 0 {
			w.b.WriteString("\n")
		}
		open = len(rows) > 0
		if len(g.Children) == 0 {
			w.check(g, 2)
			continue
		}
		passed := 0
		for _, k := range g.Children {
			if k.Status == Pass {
				passed++
			}
		}
		tally := fmt.Sprintf("%d of %d", passed, len(g.Children))
		title := Clean(g.Title)
		gap := max(2, w.width-4-utf8.RuneCountInString(title)-len(tally))
		w.b.WriteString("  " + w.mark(g.Status) + " " + w.in(strong, title) + strings.Repeat(" ", gap) + w.in(faint, tally) + "\n")
		for j := range rows {
			w.check(&rows[j], 4)
		}
	}
}

// telling says whether a check is worth a line where room is short.
func telling(k Check) bool { return k.Status != Pass || k.Note }

// check writes a row: mark and title, at the right its id and where it stands
// in the documents, and below why.
func (w *textWriter) check(k *Check, column int) {
	right := k.ID
	for _, s := range k.Refs.List() {
		right += " · " + s.String()
	}
	if k.Profile != "" {
		right += " · profile " + k.Profile
	}
	title := Clean(k.Title)
	lines := wrap(title, w.width-column-2)
	head := strings.Repeat(" ", column) + w.mark(k.Status) + " "
	for i, line := range lines {
		w.b.WriteString(head + line)
		head = strings.Repeat(" ", column+2)
		if i < len(lines)-1 {
			w.b.WriteString("\n")
			continue
		}
		used := column + 2 + utf8.RuneCountInString(line)
		n := utf8.RuneCountInString(right)
		if used+2+n > w.width {
			w.b.WriteString("\n")
			used = 0
		}
		w.b.WriteString(strings.Repeat(" ", max(column+2-used, w.width-used-n)) + w.in(faint, right) + "\n")
	}
	w.lines(column+2, "", k.Why)
	if len(k.Needs) > 0 {
		w.lines(column+2, coloursOf[Open], "needs: "+strings.Join(k.Needs, ", "))
	}
}

// rest writes what stands between the status tree and the fields.
func (w *textWriter) rest(it *Item) {
	if len(it.Wants) > 0 {
		w.heading("What would settle what is open")
		for _, v := range it.Wants {
			w.entry("    "+w.in(coloursOf[Open], v.Need)+"  ", 6+utf8.RuneCountInString(v.Need), "", v.Text)
			w.command(6, v.How)
		}
	}
	if len(it.Windows) > 0 {
		w.heading("Validity")
		wide := 0
		for _, v := range it.Windows {
			wide = max(wide, utf8.RuneCountInString(v.Label))
		}
		for _, v := range it.Windows {
			w.entry(fmt.Sprintf("    %-*s  ", wide, v.Label), 6+wide, "", v.span())
		}
	}
	w.programs(it)
	if len(it.Problems) > 0 {
		w.heading("Problems")
		for i := range it.Problems {
			p := &it.Problems[i]
			head := "at " + Count(p.Offset)
			if p.At == None {
				head = "input"
			}
			w.entry(fmt.Sprintf("    %-10s  ", head), 16, "", w.r.problem(it, p, w.o.Reveal))
		}
	}
}

func (v *Window) span() string {
	s := Clock(v.From)
	switch {
	case v.To.IsZero():
		s += " → open"
	case !v.To.Equal(v.From):
		s += " → " + Clock(v.To)
	}
	if v.Text != "" {
		s += " · " + v.Text
	}
	return s
}
