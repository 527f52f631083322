package transaction

import (
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// groupMessages holds what is wrong with messages by themselves.
var groupMessages = &check.Group{ID: "cmp.messages", Title: "The messages by themselves"}

// judged is a message with its own status tree.
type judged struct {
	m    *enrol.View
	tree []report.Check
}

// each judges the messages one by one, those that are there twice once.
func (v *View) each(c *check.Context) []judged {
	out := make([]judged, 0, len(v.Messages))
	for _, m := range v.Messages {
		if m.Again != nil {
			continue
		}
		out = append(out, judged{m, m.Tree(c)})
	}
	return out
}

// told is what one rule found in all messages.
type told struct {
	row   report.Check // the worst
	of    *enrol.View
	holds int // messages in which it holds
	count int // messages that it was asked about
	alike []int
}

// counted are rules that are shown where they hold, too: how many messages were
// proved is what the reader wants to know.
var counted = map[string]bool{"cmp.prot.mac": true, "cmp.prot.signature": true, "cmp.prot.dh": true, "cmp.prot.kem": true, "cmp.prot.chain": true, "cmp.prot.present": true}

// rollUp puts what was found in the single messages into the tree: all about
// protection into its group, and of the rest what is wrong.
func rollUp(tree []report.Check, all []judged) []report.Check {
	by := map[string]*told{}
	var order []string
	for _, j := range all {
		j := j
		leaves(j.tree, func(k *report.Check) {
			t := by[k.ID]
			if t == nil {
				t = &told{}
				by[k.ID] = t
				order = append(order, k.ID)
			}
			t.add(j.m, k)
		})
	}
	var protection, rest []report.Check
	for _, id := range order {
		t := by[id]
		bad := t.row.Status == report.Fail || t.row.Status == report.Warn
		switch {
		case strings.HasPrefix(id, "cmp.prot."):
			if bad || t.row.Status == report.Open || counted[id] {
				protection = append(protection, t.sum())
			}
		case bad && !t.row.Advice:
			rest = append(rest, t.sum())
		}
	}
	tree = under(tree, groupProtection, groupContinuity, protection)
	return under(tree, groupMessages, groupProtection, rest)
}

// leaves calls f for the rows of a tree that are no groups.
func leaves(tree []report.Check, f func(*report.Check)) {
	for i := range tree {
		if k := &tree[i]; k.Children != nil {
			leaves(k.Children, f)
		} else {
			f(k)
		}
	}
}

// add takes what the rule found in one more message.
func (t *told) add(m *enrol.View, k *report.Check) {
	t.count++
	if k.Status == report.Pass {
		t.holds++
	}
	switch {
	case t.of == nil || k.Status > t.row.Status && !k.Advice:
		t.row, t.of, t.alike = *k, m, nil
	case k.Status == t.row.Status && k.Status != report.Pass:
		t.alike = append(t.alike, m.Number())
		t.row.At = append(t.row.At[:len(t.row.At):len(t.row.At)], k.At[:min(1, len(k.At))]...)
	}
}

// sum is the row of a rule for all messages.
func (t *told) sum() report.Check {
	k := t.row
	if k.Status == report.Pass {
		k.Note, k.Why = false, strconv.Itoa(t.holds)+" of "+report.Plural(t.count, "message", "messages")
		return k
	}
	why := named(t.of) + ": " + k.Why
	if n := len(t.alike); n > 0 {
		list := make([]string, 0, 5)
		for _, i := range t.alike[:min(n, 5)] {
			list = append(list, strconv.Itoa(i))
		}
		word := " So in message "
		if n > 1 {
			word = " So in messages "
		}
		why += word + report.Enumerate(list)
		if n > 5 {
			why += ", and in " + strconv.Itoa(n-5) + " more"
		}
		why += "."
	}
	if len(k.At) > 40 {
		k.At = k.At[:40]
	}
	k.Why = why
	return k
}

// under puts rows into a group of the tree, which is made behind another one
// where it is missing.
func under(tree []report.Check, g, behind *check.Group, rows []report.Check) []report.Check {
	if len(rows) == 0 {
		return tree
	}
	at := -1
	for i := range tree {
		if tree[i].ID == g.ID {
			at = i
		}
	}
	if at < 0 {
		place := 0
		for i := range tree {
			if tree[i].ID == behind.ID || tree[i].ID == groupPairing.ID || tree[i].ID == groupContinuity.ID {
				place = i + 1
			}
		}
		tree = append(tree, report.Check{})
		copy(tree[place+1:], tree[place:])
		tree[place], at = report.Check{ID: g.ID, Title: g.Title}, place
	}
	k := &tree[at]
	k.Children = append(rows, k.Children...)
	k.Status = report.NoStatus
	for _, s := range []report.Status{report.Fail, report.Warn, report.Open, report.Pass} {
		for _, row := range k.Children {
			if row.Status == s && k.Status == report.NoStatus {
				k.Status = s
			}
		}
	}
	return tree
}
