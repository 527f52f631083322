package decode

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"derscope/decode/armor"
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// item is one thing found, as far as it does not depend on options.
type item struct {
	report.Item
	kind   *check.Kind // nil: unknown, or ASN.1 of no known kind
	faults []field.Fault
	more   int // faults that are not listed
	http   *armor.HTTP
	as     check.Candidate // what kinds were asked about

	instead string // of an edited copy: what it is one of
	derived int    // how many times octets were made of others on the way here
}

// inside bounds messages inside messages inside messages.
const inside = 8

// found is a run of octets on its way to become an item.
type found struct {
	check.Candidate
	source report.Source
	item   report.Item // where it lay: Input, Off, Len, Armor, Carrier
	kind   string      // that the user said
	said   string      // the role that the user said
	http   *armor.HTTP
	remark []report.Problem
	known  bool
	around bool        // text or unrecognised octets beside what is a message
	level  int         // of messages around it
	within report.Span // see check.Exhibit

	derived int // see item

	instead string // see Input
}

// Load reads evidence. It never fails: what is not understood becomes an item
// of kind unknown.
func Load(in []Input, l Limits) *Case {
	c := gather(in, l, nil)
	if beside := c.kindsFound(); c.wouldKnow(beside) {
		c = gather(in, l, beside)
	}
	c.derive()
	c.link()
	c.stand()
	return c
}

// gather reads the inputs; beside are the kinds that a first reading found.
func gather(in []Input, l Limits, beside []string) *Case {
	l = l.filled()
	c := &Case{beside: beside, limits: l, tree: field.NewTree(field.Limits{Nodes: l.Nodes, Depth: l.Depth, Pieces: l.Pieces})}
	total := 0
	for _, input := range in {
		total += len(input.Bytes)
	}
	// Messages have a field for every eleven octets or so; long lists fewer.
	c.tree.Nodes = make([]report.Node, 0, min(total/11+16, 4096))
	left := l.Bytes
	for _, input := range in {
		var cut []report.Problem
		if n := len(input.Bytes); n > left {
			input.Bytes = input.Bytes[:left]
			cut = []report.Problem{{At: report.None, Offset: left, Message: fmt.Sprintf(
				"stopped after %d of %d octets: no more than %d are read in all (limit Bytes)", left, n, l.Bytes)}}
		}
		left -= len(input.Bytes)
		c.input(input, cut)
	}
	return c
}

// kindsFound are the kinds of the items, each once.
func (c *Case) kindsFound() (list []string) {
	for i := range c.items {
		if k := c.items[i].kind; k != nil && !slices.Contains(list, k.Name) {
			list = append(list, k.Name)
		}
	}
	return list
}

// wouldKnow says that something which was not recognised would be, beside
// things of these kinds: nothing tells 48 random octets from a ticket key, but
// that there is a ticket.
func (c *Case) wouldKnow(beside []string) bool {
	for i := range c.items {
		if c.items[i].kind != nil || len(beside) == 0 {
			continue
		}
		as := c.items[i].as
		as.Beside = beside
		if k, _ := identify(as, ""); k != nil {
			return true
		}
	}
	return false
}

// input reads the pieces of one input.
func (c *Case) input(in Input, problems []report.Problem) {
	var pieces []armor.Piece
	keys := in.Kind == "" && wholeText(in.Bytes)
	if in.Instead == "" && !entire(in.Kind) && !keys { // an edited copy is one thing, broken or not
		pieces = armor.Split(in.Bytes, armor.Limits{Bytes: c.limits.Bytes, Pieces: c.limits.Pieces, Claims: claimed})
	}
	if len(pieces) == 0 {
		c.add(found{Candidate: check.Candidate{Bytes: in.Bytes, Text: keys}, kind: in.Kind, remark: problems,
			item:   report.Item{Input: in.Name, Len: len(in.Bytes), Carrier: -1},
			source: report.Source{Name: in.Name, Bytes: in.Bytes, Secret: in.Secret}, said: in.Role, instead: in.Instead})
		return
	}
	octets := slices.ContainsFunc(pieces, func(p armor.Piece) bool { return p.Known && !p.Text })
	text := -1 // the source of the input as a whole, where it is more than one piece as it is
	for _, p := range lumps(pieces) {
		f := found{
			Candidate: check.Candidate{Bytes: p.Bytes, Label: p.Label, Text: p.Text, Given: p.given},
			item:      report.Item{Input: in.Name, Off: p.Off, Len: p.Len, Carrier: -1},
			source:    report.Source{Name: in.Name, Bytes: p.Bytes, Secret: in.Secret || p.Secret},
			kind:      in.Kind, said: in.Role, http: p.HTTP, known: p.Known, around: octets && (p.Text || !p.Known), remark: problems,
		}
		problems = nil
		var how []string
		for _, l := range p.Layers {
			f.item.Armor = append(f.item.Armor, l.Name)
			how = append(how, l.Name)
		}
		for _, q := range p.Problems {
			f.remark = append(f.remark, report.Problem{At: report.None, Message: fmt.Sprintf("octet %d of the input: %s", q.Off, q.Message)})
		}
		if whole := len(pieces) == 1 && len(p.Layers) == 0 && len(p.Bytes) == len(in.Bytes); !whole {
			if text < 0 {
				text = c.tree.Add(report.Source{Name: in.Name, Bytes: in.Bytes, Secret: in.Secret})
			}
			f.source.From = []report.Span{{Source: text, Off: p.Off, Len: p.Len}}
			if p.from != nil {
				f.source.From = p.from
				for i := range p.from {
					p.from[i].Source = text
				}
			}
			f.source.How = strings.Join(how, ", ")
		}
		secret := c.add(f)
		if secret && text >= 0 {
			c.tree.Sources[text].Secret = true
		}
	}
}

// wholeText says that a kind knows a text for one of its own as it stands. Taken
// apart, a file of keys would be runs of octets that nobody hides.
func wholeText(b []byte) bool {
	return len(b) < 1<<16 && slices.ContainsFunc(kinds, func(k check.Kind) bool {
		return k.Whole && k.Match(check.Candidate{Bytes: b, Text: true}).Score >= proven
	})
}

// claimed says that a kind knows octets for one of its own by more than how they begin.
func claimed(b []byte) bool {
	for i := range kinds {
		if kinds[i].Match(check.Candidate{Bytes: b}).Score >= proven {
			return true
		}
	}
	return false
}

// proven is the score from which on octets are not taken apart.
const proven = 80

// add reads one run of octets and the messages inside it, and says whether it
// is secret.
func (c *Case) add(f found) bool {
	if len(c.items) >= c.limits.Pieces {
		if last := &c.items[len(c.items)-1]; len(c.items) == c.limits.Pieces && !c.stopped() {
			last.Problems = append(last.Problems, report.Problem{At: report.None, Message: c.tooMany()})
		}
		return f.source.Secret
	}
	it := item{Item: f.item, http: f.http, instead: f.instead, derived: f.derived}
	f.Beside = c.beside
	it.as = f.Candidate
	it.kind, it.Why = identify(f.Candidate, f.kind)
	if it.kind != nil && !it.kind.Secret && !f.Text && cert.IsPrivateKey(f.Bytes) { // a wrong label must not show it
		it.kind, it.Why = &cert.PrivateKeys, "it has the form of a private key, whatever it is called"
	}
	buried := it.kind == nil && !f.Text && cert.HoldsPrivateKey(f.Bytes)
	f.source.Secret = f.source.Secret || buried || it.kind != nil && it.kind.Secret
	f.source.Marked = f.source.Secret && !buried && it.kind != nil && it.kind.Marks
	it.Source = c.tree.Add(f.source)
	if !f.source.Secret {
		sum := sha256.Sum256(f.Bytes)
		it.SHA256 = hex.EncodeToString(sum[:])
	}
	pieces := len(c.tree.Pieces)
	value := c.read(&it, f)
	if buried {
		it.Title += " that holds a private key"
	}
	self := len(c.items)
	c.items = append(c.items, it)
	c.exhibits = append(c.exhibits, check.Exhibit{Item: self, Kind: it.Kind, Name: f.source.Name, Value: value,
		Said: f.said, Carrier: f.item.Carrier, Within: f.within, Source: f.Bytes, Faults: it.faults, HTTP: f.http})
	inner := c.tree.Pieces[pieces:len(c.tree.Pieces):len(c.tree.Pieces)]
	for _, p := range inner {
		if p.Span.Len == 0 || f.level >= inside {
			continue
		}
		b := c.tree.Sources[p.Span.Source].Bytes[p.Span.Off:p.Span.End()]
		var within report.Span
		if p.Span.Source == it.Source {
			within = p.Span
		}
		c.add(found{
			Candidate: check.Candidate{Bytes: b, Hint: p.Hint, Given: p.Given},
			item:      report.Item{Input: f.item.Input, Off: f.item.Off, Len: f.item.Len, Armor: f.item.Armor, Carrier: self},
			source:    report.Source{Name: f.source.Name, Bytes: b, From: []report.Span{p.Span}, Secret: c.secretAt(p.Span)},
			known:     true, level: f.level + 1, within: within, derived: f.derived,
		})
	}
	return f.source.Secret
}

// read makes the nodes of an item and lists what is wrong with its octets. It
// answers with the value that the kind's reader made of them.
func (c *Case) read(it *item, f found) (value any) {
	faults, dropped := len(c.tree.Faults), c.tree.Dropped
	it.Root = report.Ref(len(c.tree.Nodes))
	r := c.tree.ReaderWith(it.Source, f.Given)
	if k := it.kind; k != nil {
		it.Kind, it.Title = k.Name, k.Title
		if by := labelled(f.Label); by != nil && by.Name != k.Name && slices.Contains(f.item.Armor, "pem") {
			it.Problems = append(it.Problems, report.Problem{At: report.None, Message: fmt.Sprintf(
				"The PEM block is labelled «%s», and what it holds is of another kind (%s): programs that go by the label refuse it.", f.Label, k.Title)})
		}
		value = k.Read(r)
		finish(r)
		if k.Marks && c.tree.Sources[it.Source].Secret {
			c.veil(it, faults)
		}
		if (k.Marks || k.Derive != nil) && len(c.tree.Nodes) >= c.limits.Nodes {
			c.veilUnopened(it)
		}
	} else {
		plain(it, r, f)
	}
	it.End = report.Ref(len(c.tree.Nodes))
	it.faults = c.tree.Faults[faults:len(c.tree.Faults):len(c.tree.Faults)]
	it.Problems = append(it.Problems, f.remark...)
	for _, q := range it.faults {
		it.Problems = append(it.Problems, report.Problem{At: q.Ref, Offset: q.Off, Message: q.Message})
	}
	if it.more = c.tree.Dropped - dropped; it.more > 0 {
		it.Problems = append(it.Problems, report.Problem{At: report.None,
			Message: report.Plural(it.more, "further problem is", "further problems are") + " not listed"})
	}
	return value
}

func (c *Case) tooMany() string {
	return fmt.Sprintf("stopped after %d things: later ones are not listed (limit Pieces)", c.limits.Pieces)
}

// stopped says whether the limit on things was reported.
func (c *Case) stopped() bool {
	p := c.items[len(c.items)-1].Problems
	return len(p) > 0 && p[len(p)-1].Message == c.tooMany()
}

// finish makes nodes of what a kind's reader left over.
func finish(r *field.Reader) {
	if r.Empty() {
		return
	}
	n, quiet := len(r.Left()), r.Quiet()
	at := r.Rest("trailing")
	if !quiet {
		r.Fault(field.Trailing, at, "%s the end", report.Plural(n, "octet follows", "octets follow"))
	}
}
