package report

import (
	"strings"
	"unicode/utf8"

	"derscope/decode/spec"
)

// listed is how many pieces of evidence a ticket names.
const listed = 50

// Markdown gives what a ticket needs of the judgement of item i: the verdict
// and why, every check that does not hold with what it saw and the section it
// goes by, what would settle what is open, and the evidence by hash. It holds
// no octets and no fields, so no secrets either.
func (r *Report) Markdown(i int) []byte {
	if i < 0 || i >= len(r.Items) {
		return nil
	}
	it := &r.Items[i]
	w := &ticket{}
	w.lines("## " + marksOf[it.Verdict.Status] + " " + literal(it.Verdict.Headline))
	w.lines(spoken(it.Verdict.Detail))
	when := "evaluated without a time"
	if !r.At.IsZero() {
		when = "evaluated at " + Clock(r.At)
	}
	w.lines(literal(it.Title) + " · " + when + " · derscope")
	for _, part := range []struct {
		status Status
		title  string
	}{{Fail, "What does not hold"}, {Warn, "What is doubtful"}, {Open, "What is open"}} {
		w.checks(part.title, part.status, it.Checks)
	}
	w.next(it.Wants)
	w.evidence(r)
	return []byte(w.String())
}

// ticket writes Markdown as CommonMark has it, with the tables that trackers add.
type ticket struct{ strings.Builder }

// lines writes a paragraph, unless it is empty.
func (w *ticket) lines(s string) {
	if s == "" {
		return
	}
	if w.Len() > 0 {
		w.WriteString("\n")
	}
	w.WriteString(s + "\n")
}

// checks lists those of a status. Profiles and advice count for no verdict,
// which their lines say.
func (w *ticket) checks(title string, status Status, rows []Check) {
	first := true
	var walk func([]Check)
	walk = func(rows []Check) {
		for i := range rows {
			k := &rows[i]
			if len(k.Children) > 0 {
				walk(k.Children)
				continue
			}
			if k.Status != status {
				continue
			}
			if first {
				w.lines("### " + title)
				w.WriteString("\n")
				first = false
			}
			w.check(k)
		}
	}
	walk(rows)
}

func (w *ticket) check(k *Check) {
	words := []string{"`" + k.ID + "`"}
	for _, s := range k.Refs.List() {
		words = append(words, linked(s))
	}
	switch {
	case k.Profile != "":
		words = append(words, "profile "+literal(k.Profile))
	case k.Advice:
		words = append(words, "advice")
	}
	w.WriteString("- **" + literal(k.Title) + "** (" + strings.Join(words, ", ") + ")\n")
	if k.Why != "" {
		w.WriteString("  " + spoken(k.Why) + "\n")
	}
	if len(k.Needs) > 0 {
		w.WriteString("  Needs: " + literal(strings.Join(k.Needs, ", ")) + ".\n")
	}
}

func linked(s spec.Ref) string {
	if url := s.URL(); url != "" {
		return "[" + literal(s.String()) + "](" + url + ")"
	}
	return literal(s.String())
}

// next says what would settle what is open.
func (w *ticket) next(wants []Want) {
	if len(wants) == 0 {
		return
	}
	w.lines("### What to do next")
	w.WriteString("\n")
	for _, v := range wants {
		w.WriteString("- **" + literal(v.Need) + "**: " + literal(v.Text) + "\n")
		if v.How != "" {
			fence := fenceFor(v.How)
			w.WriteString("\n  " + fence + "\n  " + Clean(v.How) + "\n  " + fence + "\n")
		}
	}
}

// evidence is the table of what was found. What stands unread beside it is
// left out.
func (w *ticket) evidence(r *Report) {
	w.lines("### Evidence")
	w.WriteString("\n| | Found | Octets | SHA-256 |\n|---|---|---:|---|\n")
	n, more := 0, 0
	for i := range r.Items {
		it := &r.Items[i]
		if it.Beside != BesideNothing || it.Members != nil {
			continue
		}
		if n++; n > listed {
			more++
			continue
		}
		sum := "left out: it holds a secret"
		if it.SHA256 != "" {
			sum = "`" + it.SHA256 + "`"
		}
		w.WriteString("| " + marksOf[it.Verdict.Status] + " | " + ID(i) + " " + literal(it.Title+roles(it.Roles)+carried(it)) + " | " +
			Count(len(r.Sources[it.Source].Bytes)) + " | " + sum + " |\n")
	}
	if more > 0 {
		w.lines("And " + Plural(more, "further piece", "further pieces") + ".")
	}
}

// literal makes text from the input stand in Markdown as it is: a name in a
// certificate must not become a link, a picture or markup of the ticket.
func literal(s string) string {
	s = Clean(s)
	if !strings.ContainsAny(s, special) {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for i := range len(s) {
		if c := s[i]; strings.IndexByte(special, c) >= 0 && !(c == '_' && within(s, i)) {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return string(b)
}

// spoken is a sentence of ours, in which code stands between backquotes. Where
// a name from the input brings some that do not pair, none of them means code:
// Markdown would pair them otherwise than is done here, and leave the rest bare.
func spoken(s string) string {
	if strings.Count(s, "`")%2 != 0 || strings.Contains(s, "``") {
		return literal(s)
	}
	parts := strings.Split(s, "`")
	for i, part := range parts {
		if i%2 == 0 {
			parts[i] = literal(part)
		} else {
			parts[i] = "`" + Clean(part) + "`"
		}
	}
	return strings.Join(parts, "")
}

const special = "\\`*_[]<>|&~"

// within says whether the octet at i stands inside a word, where an underscore
// means nothing.
func within(s string, i int) bool {
	word := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
	}
	return i > 0 && i < len(s)-1 && word(s[i-1]) && word(s[i+1])
}

// fenceFor is longer than any run of backquotes in the text that it encloses.
func fenceFor(s string) string {
	longest := 2
	for run := range strings.FieldsFuncSeq(s, func(c rune) bool { return c != '`' }) {
		longest = max(longest, len(run))
	}
	return strings.Repeat("`", longest+1)
}
