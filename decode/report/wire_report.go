package report

import (
	"fmt"

	"derscope/decode/spec"
)

// This file is the one description of what the binary form holds: what is
// written and what is read.

func (w *wire) report(r *Report, part byte) {
	w.time(&r.At)
	if part == wireWhole {
		n := 0
		list(w, &r.Sources, 5, func(s *Source) {
			w.str(&s.Name, &s.How)
			w.source(&s.Bytes)
			list(w, &s.From, 3, func(p *Span) { w.span(p, nil) })
			w.bools(&s.Secret, &s.Marked)
		})
		for i := range r.Sources {
			for _, p := range r.Sources[i].From {
				w.within(p, r.Sources)
			}
		}
		list(w, &r.Nodes, 12, func(p *Node) { w.node(p, n, r.Sources); n++ })
		list(w, &r.Lists, 6, func(l *List) {
			w.ref(&l.Node, r)
			w.uint(&l.Count)
			w.uint(&l.Shown)
			w.span(&l.Rest, r.Sources)
		})
	}
	items := len(r.Items)
	w.uint(&items)
	if !w.writing && items > len(w.b)/24 {
		w.fail()
		return
	}
	if !w.writing && items > 0 {
		r.Items = make([]Item, items)
	}
	for i := range r.Items {
		w.item(&r.Items[i], r)
	}
}

// span passes a span; what is read lies in its source. Elements of a long list
// travel without sources, and are then not looked at.
func (w *wire) span(p *Span, sources []Source) {
	w.uint(&p.Source)
	w.uint(&p.Off)
	w.uint(&p.Len)
	if len(sources) > 0 {
		w.within(*p, sources)
	}
}

func (w *wire) within(p Span, sources []Source) {
	if !w.writing && (p.Source >= len(sources) || p.End() > len(sources[p.Source].Bytes)) {
		w.fail()
	}
}

func (w *wire) cite(r *spec.Ref) { w.str(&r.Doc, &r.Section) }

// node passes the node of index i. The parent goes as the way back to it.
func (w *wire) node(n *Node, i int, sources []Source) {
	w.str(&n.Label, &n.Type, &n.Value, &n.Note)
	w.cite(&n.Spec)
	back := i - int(n.Parent)
	w.uint(&back)
	if back < 1 || back > i+1 {
		w.fail()
		return
	}
	n.Parent = Ref(i - back)
	w.span(&n.Span, sources)
	w.uint(&n.Header)
	w.byte((*byte)(&n.Flags), 0xff)
	if n.Header > n.Span.Len {
		w.fail()
	}
}

func (w *wire) ref(p *Ref, r *Report) {
	v := int(*p)
	w.place(&v, len(r.Nodes))
	*p = Ref(v)
}

func (w *wire) item(it *Item, r *Report) {
	w.str(&it.Kind, &it.Format, &it.Title, &it.Why, &it.SHA256, &it.Input)
	w.byte((*byte)(&it.Beside), byte(BesidePrinted))
	w.place(&it.Source, len(r.Sources))
	w.uint(&it.Off)
	w.uint(&it.Len)
	list(w, &it.Armor, 1, func(s *string) { w.str(s) })
	w.place(&it.Carrier, len(r.Items))
	root, end := int(it.Root), int(it.End)
	w.uint(&root)
	w.uint(&end)
	if root > end || end > len(r.Nodes) && !w.writing {
		w.fail()
		return
	}
	it.Root, it.End = Ref(root), Ref(end)
	list(w, &it.Roles, 3, func(p *Role) {
		w.str(&p.Name)
		w.place(&p.Of, len(r.Items))
		w.uint(&p.Entry)
	})
	w.verdict(&it.Verdict)
	w.checks(&it.Checks, r)
	list(w, &it.Clients, 8, w.outcome)
	list(w, &it.Servers, 8, w.outcome)
	list(w, &it.Callbacks, 7, w.callback)
	list(w, &it.Summary, 3, w.member)
	list(w, &it.Problems, 3, func(p *Problem) {
		w.ref(&p.At, r)
		w.uint(&p.Offset)
		w.str(&p.Message)
	})
	list(w, &it.Windows, 8, func(p *Window) {
		w.str(&p.Label, &p.Text)
		w.time(&p.From)
		w.time(&p.To)
		w.ref(&p.At, r)
		w.bools(&p.Main)
	})
	list(w, &it.Wants, 3, func(p *Want) { w.str(&p.Need, &p.Text, &p.How) })
	list(w, &it.Pictures, 5, func(p *Picture) { w.picture(p, r) })
	list(w, &it.Members, 1, func(p *int) { w.place(p, len(r.Items)) })
	list(w, &it.Calls, 7, w.call)
}

func (w *wire) picture(p *Picture, r *Report) {
	w.str(&p.Name, &p.Title)
	w.uint(&p.W)
	w.uint(&p.H)
	list(w, &p.Shapes, 11, func(s *Shape) {
		w.byte((*byte)(&s.Form), byte(Words))
		w.byte((*byte)(&s.Tone), byte(Unknown))
		w.bools(&s.Dashed)
		for _, v := range []*int{&s.X, &s.Y, &s.W, &s.H} {
			w.signed(v)
		}
		w.str(&s.Text, &s.Hint)
		w.ref(&s.At, r)
		w.place(&s.Item, len(r.Items))
	})
}

// signed passes a number of either sign.
func (w *wire) signed(p *int) {
	v := int64(*p)
	w.int(&v)
	*p = int(v)
}

func (w *wire) call(c *Call) {
	w.str(&c.Call, &c.Version, &c.Returns, &c.Reason, &c.Next)
	one := func(s *string) { w.str(s) }
	list(w, &c.Errors, 1, one)
	list(w, &c.Members, 3, w.member)
	list(w, &c.Callbacks, 6, func(a *Answer) {
		w.str(&a.Callback, &a.Side, &a.Status)
		w.byte((*byte)(&a.Called), byte(Fail))
		list(w, &a.Returns, 1, one)
		list(w, &a.Rows, 1, one)
	})
}

func (w *wire) verdict(v *Verdict) {
	w.byte((*byte)(&v.Status), byte(Fail))
	w.str(&v.Headline, &v.Detail)
}

func (w *wire) checks(rows *[]Check, r *Report) {
	if w.depth++; w.depth > wireDepth {
		w.fail()
		return
	}
	list(w, rows, 10, func(k *Check) {
		w.str(&k.ID, &k.Title, &k.Why, &k.Profile, (*string)(&k.Refs))
		w.byte((*byte)(&k.Status), byte(Fail))
		w.bools(&k.Note, &k.Advice)
		list(w, &k.At, 1, func(p *Ref) { w.ref(p, r) })
		list(w, &k.Needs, 1, func(s *string) { w.str(s) })
		w.checks(&k.Children, r)
	})
	w.depth--
}

func (w *wire) outcome(o *Outcome) {
	w.str(&o.Client, &o.Version, &o.Way, &o.Outcome, &o.Reason, &o.Why, &o.Show)
	list(w, &o.Rules, 1, func(s *string) { w.str(s) })
}

func (w *wire) callback(c *Callback) {
	w.str(&c.Callback, &c.Side, &c.Protocol, &c.Sees, &c.Why)
	w.bools(&c.Called)
	list(w, &c.Returns, 4, func(p *Return) {
		w.str(&p.Status, &p.Value, &p.Outcome)
		w.bools(&p.Default, &p.Advised, &p.Seen)
	})
}

// deepest is how far members of members go.
const deepest = 4

func (w *wire) member(m *Member) { w.memberIn(m, 0) }

func (w *wire) memberIn(m *Member, depth int) {
	var kind byte
	var text string
	var number int64
	var words []string
	var inner []Member
	var rows [][]Member
	switch v := m.Value.(type) {
	case string:
		text = v
	case bool:
		if kind = 1; v {
			number = 1
		}
	case int:
		kind, number = 2, int64(v)
	case []string:
		kind, words = 3, v
	case []Member:
		kind, inner = 4, v
	case [][]Member:
		kind, rows = 5, v
	default:
		if w.writing {
			w.err = fmt.Errorf("report: summary %s holds a %T", m.Key, v)
			return
		}
	}
	w.str(&m.Key)
	w.byte(&kind, 5)
	if kind > 3 && depth == deepest {
		w.fail()
		return
	}
	further := func(m *Member) { w.memberIn(m, depth+1) }
	switch kind {
	case 0:
		w.str(&text)
		m.Value = text
	case 1:
		w.int(&number)
		m.Value = number != 0
	case 2:
		w.int(&number)
		m.Value = int(number)
	case 3:
		list(w, &words, 1, func(s *string) { w.str(s) })
		m.Value = words
	case 4:
		list(w, &inner, 3, further)
		m.Value = inner
	case 5:
		list(w, &rows, 1, func(p *[]Member) { list(w, p, 3, further) })
		m.Value = rows
	}
}
