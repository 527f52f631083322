// Package check is the machinery of rules: what a rule is, what it can answer,
// and how the answers of many fold into a status tree and a verdict.
//
// A [Rule] is one literal with its id, title, level, citation and the function
// that judges; a [Kind] is a sort of thing that can be found in the input, with
// its reader and its rules. The package knows no kind.
//
//	{
//		ID: "ocsp.status.defined", Group: Outcome, Level: check.Must,
//		Refs:  "RFC 6960 §4.2.1",
//		Title: "The response status is one that is defined",
//		Judge: func(c *check.Context, v *View) check.Outcome { … },
//	}
//
// # Why does a rule have a level and an outcome a strength?
//
// The catalogues give a check two results, W and F, in one row: an answer that
// is a little in the future is doubtful, one far in the future broken. The
// level says how bad broken is; doubtful is never worse than warn.
package check

import (
	"fmt"
	"slices"
	"time"

	"derscope/decode/armor"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Level is the worst status that a rule can take.
type Level uint8

const (
	Must   Level = iota // broken is fail
	Should              // broken is warn
	May                 // broken is open: what cannot be compared cannot be judged
	Advice              // broken is a pass with a remark
)

var levelStatus = [...]report.Status{report.Fail, report.Warn, report.Open, report.Pass}

// Group is a heading of the status tree. The order of the groups of a kind is
// their rank: of several failures the one of the first group makes the headline.
type Group struct {
	ID    string // what its checks share: ocsp.signer
	Title string // true when all of it holds
	// Aside: its checks never count for the verdict.
	Aside bool
}

// Rule judges one thing about a V.
type Rule[V any] struct {
	ID    string
	Group *Group
	Title string // a statement that is true when the rule holds
	// Headline is what a verdict says when the rule fails, if the title turned
	// round says too little; %s is the thing that is judged.
	Headline string
	Refs     spec.Refs
	Level    Level
	Aside    bool   // does not count for the verdict
	Profile  string // the profile that it belongs to; "" for always
	Strict   string // a profile in which Doubtful counts as Broken
	Judge    func(*Context, V) Outcome
}

// Context is what a rule may look at besides the thing itself.
type Context struct {
	At       time.Time // the reference time; zero: not given
	Profiles map[string]bool
	Nonce    []byte            // the nonce that the caller sent; nil: not given
	Set      map[string]string // switches, by name: expectedSender, work
	Faults   []field.Fault     // what was wrong with this item's encoding
	Unlisted int               // how many more faults there were
	HTTP     *armor.HTTP       // the message that carried the item, or nil
	Self     int               // the item being judged
	Root     report.Ref        // its first node
	Source   []byte            // its octets
	Size     int
	Exhibits []Exhibit // everything that was found, in order of items
	Shared   *Shared   // of this set of exhibits; nil: nothing is remembered
}

// On says that a switch is on: whatever is said of it but no, false, off or 0.
func (c *Context) On(name string) bool {
	switch c.Set[name] {
	case "", "no", "false", "off", "0":
		return false
	}
	return true
}

// Shared remembers what was worked out of a set of exhibits, so that it is done
// once and not for each of many items. It depends on no time and no option.
type Shared struct{ made map[any]any }

// Once gives what f gave when it was first asked for under this key. The key
// is of a type of the package that asks. Something that needs itself gets nil.
func (c *Context) Once(key any, f func() any) any {
	if c.Shared == nil {
		return f()
	}
	if v, ok := c.Shared.made[key]; ok {
		return v
	}
	if c.Shared.made == nil {
		c.Shared.made = map[any]any{}
	}
	c.Shared.made[key] = nil
	v := f()
	c.Shared.made[key] = v
	return v
}

// Exhibit is one item as rules see it.
type Exhibit struct {
	Item    int
	Kind    string
	Name    string      // of the input it came from
	Value   any         // what the kind's reader made of it
	Said    string      // the role the user gave it; "" if none
	Carrier int         // the item that it was carried in, or -1
	Within  report.Span // where it lies among the octets of its carrier; of no length: they hold it in another form
	Source  []byte
	Faults  []field.Fault // what was wrong with its encoding
	HTTP    *armor.HTTP   // the message that carried it, or nil
}

// Found is an exhibit whose value is a T.
type Found[T any] struct {
	Exhibit
	Is T
}

// LeftOut says that the user wants nothing to be judged by an exhibit. It is
// judged itself, and may then serve itself, as a root does.
func (c *Context) LeftOut(e Exhibit) bool { return e.Said == "none" && e.Item != c.Self }

// All lists the exhibits whose value is a T, without those that are left out.
func All[T any](c *Context) []Found[T] {
	var out []Found[T]
	for _, e := range c.Exhibits {
		if v, ok := e.Value.(T); ok && !c.LeftOut(e) {
			out = append(out, Found[T]{e, v})
		}
	}
	return out
}

// Outcome is a rule's answer. The zero Outcome says that it does not apply.
type Outcome struct {
	strength strength
	At       []report.Ref
	Why      string
	Needs    []string
}

type strength uint8

const (
	skip strength = iota
	holds
	note
	doubtful
	needs
	broken
)

// Skip says that the rule does not apply.
func Skip() Outcome { return Outcome{} }

// Holds says that it does.
func Holds(at report.Ref, why string, a ...any) Outcome { return outcome(holds, at, why, a) }

// Note is a pass with a remark worth showing.
func Note(at report.Ref, why string, a ...any) Outcome { return outcome(note, at, why, a) }

// Doubtful is a warning, whatever the level.
func Doubtful(at report.Ref, why string, a ...any) Outcome { return outcome(doubtful, at, why, a) }

// Broken is as bad as the rule's level allows.
func Broken(at report.Ref, why string, a ...any) Outcome { return outcome(broken, at, why, a) }

// Needs says what must be added before the rule can be judged: a word of the
// report's contract (issuer, subject, time, …) and where it is needed.
func Needs(need string, at report.Ref, why string, a ...any) Outcome {
	o := outcome(needs, at, why, a)
	o.Needs = []string{need}
	return o
}

func outcome(s strength, at report.Ref, why string, a []any) Outcome {
	o := Outcome{strength: s, Why: why}
	if len(a) > 0 {
		o.Why = fmt.Sprintf(why, a...)
	}
	if at != report.None {
		o.At = []report.Ref{at}
	}
	return o
}

// And adds places that the outcome rests on.
func (o Outcome) And(refs ...report.Ref) Outcome {
	for _, r := range refs {
		if r != report.None {
			o.At = append(o.At, r)
		}
	}
	return o
}

// Applies says that the outcome is not a Skip.
func (o Outcome) Applies() bool { return o.strength != skip }

// Held says that the outcome is Holds, without a remark.
func (o Outcome) Held() bool { return o.strength == holds }

// Bad says that the outcome is Broken.
func (o Outcome) Bad() bool { return o.strength == broken }

// Worst is the worse of the outcomes: broken, then needs, doubtful, note,
// holds. Of equals the first speaks. It is for rules that look at every
// element of a list.
func Worst(list ...Outcome) Outcome {
	var w Outcome
	for _, o := range list {
		if o.strength > w.strength {
			w = o
		}
	}
	return w
}

// result makes a row of the status tree, or false if the rule does not apply.
func (r *Rule[V]) result(c *Context, v V) (report.Check, bool) {
	if r.Profile != "" && !c.Profiles[r.Profile] {
		return report.Check{}, false
	}
	o := r.Judge(c, v)
	if o.strength == doubtful && r.Strict != "" && c.Profiles[r.Strict] {
		o.strength = broken
	}
	k := report.Check{ID: r.ID, Title: r.Title, Why: o.Why, Refs: r.Refs, At: o.At, Needs: o.Needs,
		Profile: r.Profile, Advice: r.Aside || r.Group.Aside || r.Profile != ""}
	switch o.strength {
	case skip:
		return k, false
	case holds:
		k.Status = report.Pass
	case note:
		k.Status, k.Note = report.Pass, true
	case doubtful:
		k.Status = report.Warn
	case needs:
		k.Status = report.Open
	case broken:
		k.Status = levelStatus[r.Level]
		k.Note = r.Level == Advice
	}
	return k, true
}

// Judge runs the rules and gives the status tree: the groups in the order
// given, each with its checks in the order of the rules. Groups without a
// check that applies are left out.
func Judge[V any](c *Context, v V, groups []*Group, sets ...[]Rule[V]) []report.Check {
	sizes, rows := make([]int, len(groups)), make([][]report.Check, len(groups))
	for _, set := range sets {
		at := 0
		for i := range set {
			at = place(groups, set[i].Group, at)
			sizes[at]++
		}
	}
	applied := 0
	for _, set := range sets {
		at := 0
		for i := range set {
			k, ok := set[i].result(c, v)
			if !ok {
				continue
			}
			at = place(groups, set[i].Group, at)
			if rows[at] == nil {
				rows[at] = make([]report.Check, 0, sizes[at])
				applied++
			}
			rows[at] = append(rows[at], k)
		}
	}
	tree := make([]report.Check, 0, applied)
	for i, g := range groups {
		if rows[i] != nil {
			tree = append(tree, report.Check{ID: g.ID, Title: g.Title, Status: fold(rows[i]), Advice: g.Aside, Children: rows[i]})
		}
	}
	return tree
}

// place gives the index of a group; near is where it is most likely.
func place(groups []*Group, g *Group, near int) int {
	if groups[near] == g {
		return near
	}
	return slices.Index(groups, g)
}

// fold is the status of a group: the worst of its children's, in the order
// fail, warn, open, pass.
func fold(rows []report.Check) report.Status {
	var seen [5]bool
	for i := range rows {
		seen[rows[i].Status] = true
	}
	for _, s := range []report.Status{report.Fail, report.Warn, report.Open, report.Pass} {
		if seen[s] {
			return s
		}
	}
	return report.NoStatus
}

// Sum is the status of a verdict over rows: fail, else open, else warn, else
// pass. Rows that do not count are left out; groups are looked into.
func Sum(rows []report.Check) report.Status {
	s := report.NoStatus
	for i := range rows {
		switch k := &rows[i]; {
		case k.Advice:
		case k.Children != nil:
			s = max(s, Sum(k.Children))
		default:
			s = max(s, k.Status)
		}
	}
	return s
}

// First is the first row of a status that counts for the verdict, in rank order.
func First(tree []report.Check, s report.Status) (report.Check, bool) {
	for i := range tree {
		k := &tree[i]
		if k.Advice {
			continue
		}
		if k.Children != nil {
			if row, ok := First(k.Children, s); ok {
				return row, true
			}
			continue
		}
		if k.Status == s {
			return *k, true
		}
	}
	return report.Check{}, false
}

// Find gives the row with an id.
func Find(tree []report.Check, id string) (report.Check, bool) {
	for i := range tree {
		k := &tree[i]
		if k.ID == id && k.Children == nil {
			return *k, true
		}
		if row, ok := Find(k.Children, id); ok {
			return row, true
		}
	}
	return report.Check{}, false
}

// Part is the status of the named rows together, in the order of a verdict; rows
// that do not count for one count here, being named. An id that ends in "." stands
// for all that begin with it.
func Part(tree []report.Check, ids ...string) report.Status {
	s := report.NoStatus
	for i := range tree {
		k := &tree[i]
		if k.Children != nil {
			s = max(s, Part(k.Children, ids...))
			continue
		}
		for _, id := range ids {
			if k.ID == id || id[len(id)-1] == '.' && len(k.ID) > len(id) && k.ID[:len(id)] == id {
				s = max(s, k.Status)
			}
		}
	}
	return s
}
