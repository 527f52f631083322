// Package decode is the front door: evidence in, report out.
//
//	c := decode.Load([]decode.Input{{Name: "staple.der", Bytes: b}}, decode.Limits{})
//	r := c.Report(decode.Options{At: now})
//
// [Load] finds the pieces in what was pasted, tells their kinds, reads each
// once, and opens the messages inside messages. [Case.Report] judges what was
// read, as often as the time, the profiles or the nonce change.
//
// It knows no RFC: those are cited in the packages of the kinds. It asks no
// clock and no network, and holds no state but the [Case].
//
// # Why are Load and Report two steps?
//
// The fields of a message do not change with the clock, and reading them is
// most of the work. The page moves a time slider: only the second step runs
// again, and only its results travel to the page.
//
// # Where does a new kind go?
//
// Into a package of its own and one line of kinds.go, or of kinds_later.go where
// the program of a first visit does without it. Nothing else here knows any kind,
// but for the tables of what programs do with it (clients.go), the request that is
// built for a certificate (build.go), and private keys, which are found in
// whatever holds them (load.go, secrets.go).
//
// # What else does a case answer?
//
// What the page asks of evidence that was read, without reading it again: the
// elements of a long list ([Case.Open]), places that show something
// ([Case.Find], [Case.Filter]), two items side by side ([Case.Compare]), the
// moments at which a verdict changes ([Case.Turns]), and what may leave the
// machine ([Case.Cleared]). Each is bounded, whatever the input. They are files
// here and no packages, for all of them work on the nodes and the items of a
// case, which nobody else is to hold.
package decode

import (
	"slices"
	"time"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Input is one thing that was pasted, dropped or named on a command line.
type Input struct {
	Name   string // of the file, or "paste"
	Bytes  []byte
	Kind   string // of the report's contract; "" is found by itself
	Role   string // what its pieces are, see Said; "" is found by itself
	Secret bool   // its octets are never exported
	// Instead is the SHA-256, in hex, of the thing that this is an edited copy
	// of. The copy takes its part in the judging of everything else.
	Instead string
}

// Options are what the evidence is judged by. The zero Options judge without a
// time: what depends on one stays open.
type Options struct {
	At       time.Time
	Profiles []string
	Nonce    []byte            // that the caller sent; nil if not known
	Set      map[string]string // switches by name: those of the client of an enrolment, and «work»
	Clients  []string          // whose rows are wanted; nil: all
	Roles    []Said            // in place of what the inputs say
	Before   bool              // judge as if there were no edited copies
}

// Said is the role that the user gives whatever has these octets, wherever it
// stands: a certificate inside a response and the same one beside it alike.
type Said struct {
	SHA256 string // of the item
	Role   string // subject, issuer, anchor, responder, signer, old, outTrusted, request, revocation, none; "" is found by itself
}

// Limits bound the work. Zero means the default.
type Limits struct {
	Bytes  int // octets of all inputs, 256 MiB
	Nodes  int // fields held at once, 200,000
	Depth  int // nesting of elements, 64
	Pieces int // things found, those inside others included, 1,024
}

func (l Limits) filled() Limits {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&l.Bytes, 256<<20)
	set(&l.Nodes, 200_000)
	set(&l.Depth, 64)
	set(&l.Pieces, 1_024)
	return l
}

// Case is evidence that was read. It must not be used by several goroutines at once.
type Case struct {
	limits   Limits
	tree     *field.Tree
	items    []item
	exhibits []check.Exhibit
	beside   []string // kinds that a first reading found, where that was needed
	given    []string // beside items, the roles of the inputs
	made     []bool   // beside items: it is an edited copy, or inside one
	aside    []bool   // beside items: an edited copy takes its place
	now      world
	before   world // as if there were no edited copies
}

// Report judges the case. It depends on the case and the options alone.
func (c *Case) Report(o Options) *report.Report {
	r := &report.Report{At: o.At.UTC().Truncate(time.Second), Sources: c.tree.Sources, Nodes: c.tree.Nodes, Lists: c.tree.Lists}
	if o.At.IsZero() {
		r.At = time.Time{}
	}
	c.say(o.Roles)
	ctx := c.base(r.At, o)
	r.Items = make([]report.Item, len(c.items))
	for i := range c.items {
		// The parts that judging changes are the report's own.
		r.Items[i] = c.items[i].Item
		r.Items[i].Roles = slices.Clone(r.Items[i].Roles)
	}
	for i := range c.items {
		it, out := &c.items[i], &r.Items[i]
		if it.kind == nil {
			continue
		}
		w := c.world(i, o.Before)
		at, view := c.context(ctx, w, i), c.view(w, i)
		f := it.kind.Judge(at, view)
		out.Format, out.Checks, out.Verdict, out.Summary = f.Format, f.Checks, f.Verdict, f.Summary
		out.Windows, out.Wants, out.Pictures = f.Windows, f.Wants, f.Pictures
		if f.Title != "" {
			out.Title = f.Title
		}
		for _, l := range f.Roles {
			r.Items[l.Item].Roles = append(r.Items[l.Item].Roles, report.Role{Name: l.Role, Of: i, Entry: l.Entry})
		}
		programs(at, view, o.Clients, out)
	}
	c.converse(ctx, o, r)
	return r
}

// say gives the items their roles. Views depend on them.
func (c *Case) say(roles []Said) {
	if c.given == nil {
		for _, e := range c.exhibits {
			c.given = append(c.given, e.Said)
		}
	}
	for i := range c.exhibits {
		said := c.given[i]
		for _, r := range roles {
			if r.SHA256 != "" && (r.SHA256 == c.items[i].SHA256 || r.SHA256 == c.items[i].instead) {
				said = r.Role
			}
		}
		if said != c.exhibits[i].Said {
			c.exhibits[i].Said, c.now, c.before = said, world{}, world{}
		}
	}
}

// base is what the rules of all items may look at.
func (c *Case) base(at time.Time, o Options) check.Context {
	ctx := check.Context{At: at, Profiles: map[string]bool{}, Nonce: o.Nonce, Set: o.Set}
	for _, p := range o.Profiles {
		ctx.Profiles[p] = true
	}
	return ctx
}

// context is what the rules of an item may look at.
func (c *Case) context(base check.Context, w *world, i int) *check.Context {
	base.Exhibits, base.Shared = w.exhibits, w.shared
	it := &c.items[i]
	base.Self, base.Root, base.Faults, base.Unlisted, base.HTTP = i, it.Root, it.faults, it.more, it.http
	base.Source = c.tree.Sources[it.Source].Bytes
	base.Size = len(base.Source)
	return &base
}

// Open makes nodes of the elements from, from+1, … of a long list, n at the
// most. The Parent of a node is an index into the answer, or None for the
// elements themselves.
func (c *Case) Open(list report.Ref, from, n int) []report.Node { return c.tree.Open(list, from, n) }

// At gives the element of a long list that holds an octet of the source that
// the list lies in, or -1.
func (c *Case) At(list report.Ref, off int) int { return c.tree.At(list, off) }
