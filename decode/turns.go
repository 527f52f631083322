package decode

import (
	"slices"
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Turn is a moment at which the verdict about an item changes, and what the
// verdict is from then on.
type Turn struct {
	At       time.Time // the first second; zero: what holds before all turns
	Status   report.Status
	Headline string // without how long ago something was
	Check    string // the title of the check that turned; "" if there is none
	Was, Is  report.Status
}

// slack are the distances in seconds from a moment of the evidence at which
// rules and programs turn: what they tolerate of wrong clocks, and the ages that
// they take. The search finds other distances, too, unless the verdict changes and
// changes back between two of these.
var slack = []int{-75 * 60, -5 * 60, 0, 5 * 60, day, 7 * day, 10 * day, 365 * day}

const day = 24 * 60 * 60

// Bounds of the search for turns: moments of the evidence that are looked at,
// of one item and in all, and verdicts that are made.
const (
	momentsOfItem = 16
	momentsInAll  = 48
	verdicts      = 1500
)

// Turns says how the verdict about an item runs through time: what it is
// before all turns, and each turn. Options.At does not matter.
//
// Rules compare the time with moments of the evidence, give or take. So the
// item is judged once between each two such moments, and where two neighbours
// differ the second of the change is searched by halves.
func (c *Case) Turns(item int, o Options) []Turn {
	c.say(o.Roles)
	judge := c.judging(item, o)
	if judge == nil {
		return nil
	}
	s := search{judge: func(at int) *check.Finding {
		f := judge(c.base(time.Unix(int64(at), 0).UTC(), o))
		return &f
	}, made: map[int]*check.Finding{}}
	var marks []int
	for _, m := range c.moments(item, o) {
		for _, d := range slack {
			marks = append(marks, m+d)
		}
	}
	slices.Sort(marks)
	if len(marks) == 0 {
		return []Turn{turn(nil, s.at(0))}
	}
	from := marks[0] - day
	turns := []Turn{turn(nil, s.at(from))}
	for i, mark := range marks {
		to := mark + day
		if i+1 < len(marks) {
			to = mark + (marks[i+1]-mark)/2
		}
		for s.left() && !same(s.at(from), s.at(to)) {
			first := s.first(from, to, mark)
			t := turn(s.at(first-1), s.at(first))
			t.At = time.Unix(int64(first), 0).UTC()
			turns = append(turns, t)
			from = first
		}
		from = to
	}
	return turns
}

// judging judges an item, or the transaction that the report has in its place,
// as a context says; nil: there is nothing to judge.
func (c *Case) judging(item int, o Options) func(check.Context) check.Finding {
	switch n := item - len(c.items); {
	case item < 0:
	case n < 0:
		if w := c.world(item, o.Before); c.items[item].kind != nil {
			return func(base check.Context) check.Finding {
				return c.items[item].kind.Judge(c.context(base, w, item), c.view(w, item))
			}
		}
	default:
		w := c.world(-1, o.Before)
		if all := c.talks(w); n < len(all) {
			return func(base check.Context) check.Finding { return all[n].judge(base, w) }
		}
	}
	return nil
}

// search judges an item at as many moments as it takes.
type search struct {
	judge func(int) *check.Finding
	made  map[int]*check.Finding
}

func (s *search) left() bool { return len(s.made) < verdicts }

func (s *search) at(t int) *check.Finding {
	f := s.made[t]
	if f == nil {
		f = s.judge(t)
		s.made[t] = f
	}
	return f
}

// first is the first second after from that is judged otherwise than it, if
// all before it are judged alike. Most changes lie at the mark, which is tried
// before the halves.
func (s *search) first(from, to, mark int) int {
	like := s.at(from)
	try := []int{mark - 1, mark, mark + 1}
	for to-from > 1 {
		t := from + (to-from)/2
		if len(try) > 0 {
			t, try = try[0], try[1:]
			if t <= from || t >= to {
				continue
			}
		}
		if same(like, s.at(t)) {
			from = t
		} else {
			to = t
		}
	}
	return to
}

func same(a, b *check.Finding) bool {
	return a.Verdict.Status == b.Verdict.Status && timeless(a) == timeless(b)
}

// timeless is the headline without distances. «Now» is one as well.
func timeless(f *check.Finding) string {
	return strings.TrimSuffix(report.Timeless(f.Verdict.Headline), " now")
}

// turn tells what a verdict became, and by which check.
func turn(before, after *check.Finding) Turn {
	t := Turn{Status: after.Verdict.Status, Headline: report.Timeless(after.Verdict.Headline)}
	if before == nil {
		return t
	}
	was := map[string]report.Status{}
	leaves(before.Checks, func(k *report.Check) { was[k.ID+k.Title] = k.Status })
	worst := report.Pass
	leaves(after.Checks, func(k *report.Check) {
		if old := was[k.ID+k.Title]; old != k.Status && max(old, k.Status) > worst {
			worst = max(old, k.Status)
			t.Check, t.Was, t.Is = k.Title, old, k.Status
		}
	})
	return t
}

// leaves visits the checks that count for a verdict.
func leaves(tree []report.Check, visit func(*report.Check)) {
	for i := range tree {
		k := &tree[i]
		leaves(k.Children, visit)
		if len(k.Children) == 0 && !k.Advice && k.Profile == "" {
			visit(k)
		}
	}
}

// moments are the times in an item and in those that serve it, in seconds
// since 1970: the ends of their windows, and their fields.
func (c *Case) moments(item int, o Options) []int {
	o.Clients = []string{}
	r := c.Report(o)
	var all []int
	take := func(t time.Time) {
		if at := int(t.Unix()); !t.IsZero() && len(all) < momentsInAll && !slices.Contains(all, at) {
			all = append(all, at)
		}
	}
	for _, i := range c.serving(item, r) {
		it := &r.Items[i]
		for _, w := range it.Windows {
			take(w.From)
			take(w.To)
		}
		found := 0
		for n := it.Root; n < it.End && found < momentsOfItem; n++ {
			node := &c.tree.Nodes[n]
			utc := node.Type == "UTCTime"
			if node.Flags&report.Leaf == 0 || !utc && node.Type != "GeneralizedTime" {
				continue
			}
			span := node.Content()
			if m, ok := field.ParseTime(c.tree.Sources[span.Source].Bytes[span.Off:span.End()], utc); ok {
				take(m.Time)
				found++
			}
		}
	}
	return all
}

// serving lists an item, and then those whose times can matter to it: what it
// consists of, what plays a role for it or lies in it, and what does so for these.
func (c *Case) serving(item int, r *report.Report) []int {
	list := append([]int{item}, r.Items[item].Members...)
	for k := 0; k < len(list); k++ {
		for i := range r.Items {
			plays := slices.ContainsFunc(r.Items[i].Roles, func(role report.Role) bool { return role.Of == list[k] })
			if (plays || r.Items[i].Carrier == list[k]) && !slices.Contains(list, i) {
				list = append(list, i)
			}
		}
	}
	return list
}
