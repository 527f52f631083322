package check

import (
	"testing"

	"derscope/decode/report"
)

func rows(all ...report.Status) (list []report.Check) {
	for _, s := range all {
		list = append(list, report.Check{ID: "x." + s.String(), Status: s})
	}
	return list
}

// A group is as bad as its worst check; a verdict stays open as long as
// something is, whatever it warns of.
func TestFoldAndSum(t *testing.T) {
	const pass, warn, open, fail = report.Pass, report.Warn, report.Open, report.Fail
	for _, c := range []struct {
		of        []report.Status
		fold, sum report.Status
	}{
		{nil, report.NoStatus, report.NoStatus},
		{[]report.Status{pass, pass}, pass, pass},
		{[]report.Status{pass, warn}, warn, warn},
		{[]report.Status{pass, open}, open, open},
		{[]report.Status{open, warn, pass}, warn, open},
		{[]report.Status{warn, fail, open}, fail, fail},
	} {
		list := rows(c.of...)
		if got := fold(list); got != c.fold {
			t.Errorf("%v fold to %q, want %q", c.of, got, c.fold)
		}
		tree := []report.Check{{ID: "aside", Advice: true, Children: rows(fail)}, {ID: "x", Children: list}}
		if list == nil {
			tree = tree[:1]
		}
		if got := Sum(tree); got != c.sum {
			t.Errorf("a verdict of %v is %q, want %q", c.of, got, c.sum)
		}
	}
}

// What an outcome comes to depends on the level of its rule and, where the rule
// has one, on its profile.
func TestLevels(t *testing.T) {
	type want struct {
		status report.Status
		note   bool
	}
	broken, doubtful := Broken(report.None, ""), Doubtful(report.None, "")
	for _, c := range []struct {
		what string
		rule Rule[int]
		o    Outcome
		want want
	}{
		{"must", Rule[int]{Level: Must}, broken, want{report.Fail, false}},
		{"should", Rule[int]{Level: Should}, broken, want{report.Warn, false}},
		{"may", Rule[int]{Level: May}, broken, want{report.Open, false}},
		{"advice", Rule[int]{Level: Advice}, broken, want{report.Pass, true}},
		{"doubt", Rule[int]{Level: Must}, doubtful, want{report.Warn, false}},
		{"doubt, strict", Rule[int]{Level: Must, Strict: "on"}, doubtful, want{report.Fail, false}},
		{"doubt, strict elsewhere", Rule[int]{Level: Must, Strict: "off"}, doubtful, want{report.Warn, false}},
		{"note", Rule[int]{}, Note(report.None, ""), want{report.Pass, true}},
		{"needs", Rule[int]{}, Needs("issuer", report.None, ""), want{report.Open, false}},
		{"skip", Rule[int]{}, Skip(), want{}},
		{"profile", Rule[int]{Profile: "on"}, broken, want{report.Fail, false}},
		{"other profile", Rule[int]{Profile: "off"}, broken, want{}},
	} {
		g := &Group{ID: "g"}
		c.rule.Group = g
		c.rule.Judge = func(*Context, int) Outcome { return c.o }
		tree := Judge(&Context{Profiles: map[string]bool{"on": true}}, 0, []*Group{g}, []Rule[int]{c.rule})
		var got want
		if len(tree) == 1 {
			k := tree[0].Children[0]
			got = want{k.Status, k.Note}
			if k.Advice != (c.rule.Profile != "") {
				t.Errorf("%s: counts for the verdict: %v", c.what, !k.Advice)
			}
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.what, got, c.want)
		}
	}
}

// The headline is of the first group that failed, and of its first row.
func TestFirst(t *testing.T) {
	tree := []report.Check{
		{ID: "aside", Advice: true, Children: []report.Check{{ID: "aside.a", Status: report.Fail}}},
		{ID: "one", Children: []report.Check{{ID: "one.a", Status: report.Warn}, {ID: "one.b", Status: report.Fail, Advice: true}}},
		{ID: "two", Children: []report.Check{{ID: "two.a", Status: report.Fail}, {ID: "two.b", Status: report.Fail}}},
	}
	if k, ok := First(tree, report.Fail); !ok || k.ID != "two.a" {
		t.Errorf("the first failure is %q", k.ID)
	}
	if got := Part(tree, "one."); got != report.Fail {
		t.Errorf("all of one together are %q", got)
	}
	if w := Worst(Holds(report.None, "a"), Needs("time", report.None, "b"), Doubtful(report.None, "c"), Needs("time", report.None, "d")); w.Why != "b" {
		t.Errorf("the worst outcome is %q", w.Why)
	}
}
