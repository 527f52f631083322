package report

import (
	"slices"
	"strconv"
	"strings"
)

// found is the number of items that were found; transactions stand behind them.
func (r *Report) found() int {
	if i := slices.IndexFunc(r.Items, func(it Item) bool { return it.Members != nil }); i >= 0 {
		return i
	}
	return len(r.Items)
}

// ID is the name of item i: a1, a2, …, or t1, t2, … of a transaction.
func (r *Report) ID(i int) string {
	if r.Items[i].Members == nil {
		return ID(i)
	}
	return "t" + strconv.Itoa(i-r.found()+1)
}

// members names the items of a transaction.
func (r *Report) members(it *Item) string {
	if it.Members == nil {
		return ""
	}
	var ids []string
	for _, m := range it.Members {
		ids = append(ids, ID(m))
	}
	return " · " + strings.Join(ids, " ")
}

func (w *jsonWriter) transaction(i int) {
	it := &w.r.Items[i]
	w.item, w.marks = it, nil
	w.open('{')
	w.key("id")
	w.str(w.r.ID(i))
	w.key("kind")
	w.str(it.Kind)
	w.key("title")
	w.str(it.Title)
	w.key("artifacts")
	w.open('[')
	for _, m := range it.Members {
		w.str(ID(m))
	}
	w.close(']')
	w.verdict(it)
	array(w, "checks", it.Checks, w.check)
	some(w, "callbacks", it.Callbacks, w.callback)
	some(w, "outcomes", it.Calls, w.call)
	w.close('}')
}

func (w *jsonWriter) call(c *Call) {
	w.open('{')
	w.key("call")
	w.str(c.Call)
	w.text("version", c.Version)
	w.text("returns", c.Returns)
	w.members(c.Members)
	some(w, "errors", c.Errors, w.one)
	w.text("reason", c.Reason)
	w.text("next", c.Next)
	some(w, "callbacks", c.Callbacks, w.answer)
	w.close('}')
}

func (w *jsonWriter) answer(a *Answer) {
	w.open('{')
	w.key("callback")
	w.str(a.Callback)
	w.key("side")
	w.str(a.Side)
	if a.Called == Pass || a.Called == Fail {
		w.key("called")
		w.bool(a.Called == Pass)
	}
	w.text("status", a.Status)
	some(w, "returns", a.Returns, w.one)
	some(w, "rows", a.Rows, w.one)
	w.close('}')
}

// transaction writes one with what it leads to; its items stand elsewhere.
func (w *textWriter) transaction(i int) {
	it := &w.r.Items[i]
	w.b.WriteString(w.in(strong, Clean(w.r.ID(i)+"  "+it.Title)) + "\n")
	w.lines(4, faint, it.Kind+w.r.members(it))
	if w.o.Part == FieldsOnly {
		return
	}
	w.verdict(it)
	w.checks(it)
	if w.o.Part != Everything {
		return
	}
	w.callbacks(it.Callbacks)
	if len(it.Calls) > 0 {
		w.heading("What the calls return")
	}
	for _, c := range it.Calls {
		line := strings.TrimSpace(c.Call+" "+c.Version) + " returns " + c.Returns
		if n, ok := c.Status(); ok {
			line += ", status " + strconv.Itoa(n)
		}
		w.entry("    ", 4, strong, line)
		if c.Reason != "" {
			w.lines(6, "", c.Reason)
		}
		if len(c.Errors) > 0 {
			w.lines(6, "", strings.Join(c.Errors, " · "))
		}
		if c.Next != "" {
			w.lines(6, "", c.Next)
		}
		for i := range c.Callbacks {
			w.lines(6, "", c.Callbacks[i].String())
		}
	}
}

// Status is what the context of the call says of how it went; false where it has none.
func (c *Call) Status() (int, bool) {
	for _, m := range c.Members {
		if n, ok := m.Value.(int); ok && m.Key == "status" {
			return n, true
		}
	}
	return 0, false
}

// String says it in a line: status callback of the client, told -1: returned 1 or no callback.
func (a *Answer) String() string {
	s := strings.ReplaceAll(a.Callback, "_", " ") + " callback of the " + a.Side
	switch {
	case a.Called == Fail:
		return s + ": not called"
	case a.Status != "":
		s += ", told " + a.Status
	case a.Called == Open:
		s += ": whether it was called cannot be seen"
	}
	if len(a.Returns) > 0 {
		s += ": returned " + strings.Join(a.Returns, " or ")
	}
	return s
}
