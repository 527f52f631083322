package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// programs writes what clients, servers and callbacks do with an item.
func (w *textWriter) programs(it *Item) {
	if w.o.Terse {
		w.terse(it)
		return
	}
	title := "What each client would do"
	if len(it.Servers) == 0 { // of TLS, where programs play either part
		title = "What each program would do"
	}
	w.table(title, it.Clients, true)
	w.table("What each server would do", it.Servers, w.o.Passed)
	w.callbacks(it.Callbacks)
}

// terse writes one line for each program, and what callbacks are advised to answer.
func (w *textWriter) terse(it *Item) {
	if len(it.Clients)+len(it.Servers)+len(tersely(it.Callbacks)) == 0 {
		return
	}
	w.heading("Programs")
	for i := range it.Clients {
		o := &it.Clients[i]
		w.entry(fmt.Sprintf("    %-10s", o.Client), 14, "", strings.TrimSuffix(o.Version+" "+o.Outcome+": "+o.Reason, ": "))
	}
	for i := 0; i < len(it.Servers); {
		var ways []string
		first := &it.Servers[i]
		for ; i < len(it.Servers) && it.Servers[i].Client == first.Client; i++ {
			ways = append(ways, strings.TrimSpace(it.Servers[i].Way+" "+it.Servers[i].Outcome))
		}
		w.entry(fmt.Sprintf("    %-10s", first.Client), 14, "", strings.Join(ways, " · "))
	}
	for _, line := range tersely(it.Callbacks) {
		w.entry(fmt.Sprintf("    %-10s", "callback"), 14, "", line)
	}
}

// tersely says in lines what callbacks are advised to answer, and what is seen of
// their answers. They are named where there are several.
func tersely(list []Callback) (lines []string) {
	several := slices.ContainsFunc(list, func(c Callback) bool { return c.Callback != list[0].Callback })
	for i := range list {
		c := &list[i]
		head := []string{c.Side, c.Protocol}
		if several {
			name := strings.TrimSuffix(strings.TrimPrefix(c.Callback, "SSL_CTX_set_"), "_cb")
			head = append([]string{name}, head...)
		}
		var seen []string
		for _, v := range c.Returns {
			told := ""
			if v.Status != "" {
				told = v.Status + ": "
			}
			if v.Seen && v.Value != notCalled {
				seen = append(seen, told+v.Value)
			}
			if v.Advised {
				lines = append(lines, strings.Join(append(slices.Clip(head), told+"return "+v.Value), " · "))
			}
		}
		if seen != nil {
			lines = append(lines, strings.Join(append(slices.Clip(head), "seen here "+strings.Join(seen, ", ")), " · "))
		}
	}
	return lines
}

// table writes what programs do: outcome, program and its own words, why; and
// the command that shows it, where that is wanted.
func (w *textWriter) table(title string, rows []Outcome, show bool) {
	if len(rows) == 0 {
		return
	}
	w.heading(title)
	wide := 0
	for i := range rows {
		wide = max(wide, utf8.RuneCountInString(rows[i].Outcome))
	}
	column := 6 + wide
	for i := range rows {
		o := &rows[i]
		style := coloursOf[outcomeStatus(o.Outcome)]
		head := "    " + w.in(style, fmt.Sprintf("%-*s", wide, o.Outcome)) + "  "
		name := o.name()
		if o.Reason != "" {
			name += ": " + o.Reason
		}
		w.entry(head, column, strong, name)
		w.lines(column, "", o.Why)
		if show {
			w.command(column, o.Show)
		}
	}
}

func (o *Outcome) name() string {
	s := o.Client + " " + o.Version
	if o.Way != "" {
		s += ", " + o.Way
	}
	return s
}

func outcomeStatus(s string) Status {
	switch s {
	case "accept", "loads":
		return Pass
	case "reject", "refused":
		return Fail
	case "open":
		return Open
	}
	return Warn
}

func (w *textWriter) callbacks(list []Callback) {
	if len(list) == 0 {
		return
	}
	w.heading("What a callback meets and decides")
	for i := range list {
		c := &list[i]
		called := "called"
		if !c.Called {
			called = "not called"
		}
		w.entry("    ", 4, strong, strings.Join([]string{c.Callback, c.Side, c.Protocol, called}, " · "))
		w.lines(6, "", c.Sees)
		w.returns(c.Returns)
		w.lines(6, "", c.Why)
	}
}

// notCalled stands for the answer of a callback that is not asked.
const notCalled = "not called"

// returns writes a table of answers, under what the callback is told where that
// matters. Answers that stand beside each other and lead to the same share a line.
func (w *textWriter) returns(list []Return) {
	told, indent := "", 6
	live := func(status string) bool {
		return slices.ContainsFunc(list, func(v Return) bool { return v.Status == status && (v.Advised || v.Seen) })
	}
	some := slices.ContainsFunc(list, func(v Return) bool { return v.Status != "" && live(v.Status) })
	var left []string // what it is not told here
	for i := 0; i < len(list); {
		v := list[i]
		if v.Status != "" && some && !w.o.Passed && !live(v.Status) {
			if !slices.Contains(left, v.Status) {
				left = append(left, v.Status)
			}
			i++
			continue
		}
		value := v.Value
		for i++; i < len(list); i++ {
			next := list[i]
			if next.Value = v.Value; next != v {
				break
			}
			value += ", " + list[i].Value
		}
		if v.Status != told {
			told, indent = v.Status, 8
			w.lines(6, strong, "told "+v.Status)
		}
		head := strings.Repeat(" ", indent) + "return " + Clean(value) + "  "
		if value == notCalled {
			head = strings.Repeat(" ", indent) + value + "  "
		}
		s := v.Outcome
		if v.Default {
			s += " (the default)"
		}
		if v.Advised {
			s += " (advised)"
		}
		if v.Seen {
			s += " (seen here)"
		}
		if n := utf8.RuneCountInString(head); n <= 60 {
			w.entry(head, n, "", s)
		} else {
			w.lines(indent, "", strings.TrimSpace(head))
			w.lines(indent+4, "", s)
		}
	}
	if left != nil {
		w.lines(6, faint, "told "+strings.Join(left, ", ")+": not here; -all shows what follows then")
	}
}
