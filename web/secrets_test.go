package web

import (
	"strings"
	"testing"

	"derscope/decode/report"
)

// secretive is a report with a secret field in a source that may be seen, and
// another source that may not.
func secretive() *report.Report {
	r := sample()
	r.Nodes[1].Flags |= report.Secret | report.Leaf
	r.Nodes[1].Value = "a value to hide"
	r.Sources = append(r.Sources, report.Source{Name: "state, opened", Bytes: []byte{0xfa, 0xce}, Secret: true})
	at := report.Ref(len(r.Nodes))
	r.Nodes = append(r.Nodes, report.Node{Label: "state", Value: "0xface", Parent: report.None, Span: report.Span{Source: 2, Len: 2}, Flags: report.Leaf})
	r.Items = append(r.Items, report.Item{Kind: "tls-session", Title: "State", Source: 2, Input: "paste", Carrier: 0, Root: at, End: at + 1})
	return r
}

// Secrets are seen when they are asked for, until other evidence is read.
func TestCurtain(t *testing.T) {
	s := newState()
	s.take(secretive())
	s.selectNode(1)
	look := func(reads ...bool) {
		t.Helper()
		html := shown(t, s)
		for i, secret := range []string{"a value to hide", "02 01 05"} {
			if strings.Contains(html, secret) != reads[i] {
				t.Errorf("the page shows %q: %t", secret, !reads[i])
			}
		}
	}
	look(false, false)
	has(t, shown(t, s), "Reveal secrets", "kept secret", "··")
	if _, why := s.octetsOf(1); why == "" {
		t.Error("a secret can be copied")
	}
	s.act(press{name: "reveal"})
	look(true, false) // coloured apart: 02 01, and 05
	has(t, shown(t, s), `<mark class="content">05</mark>`, "Secrets are shown on this page")
	if _, why := s.octetsOf(1); why != "" {
		t.Errorf("what is shown is not copied: %s", why)
	}
	node := s.report.Items[len(s.report.Items)-1].Root
	s.selectNode(node)
	has(t, shown(t, s), "0xface", "fa ce")
	s.act(press{name: "reveal"})
	if html := shown(t, s); strings.Contains(html, "0xface") || strings.Contains(html, "fa ce") {
		t.Error("it is shown on")
	}
	s.act(press{name: "reveal"})
	s.take(secretive())
	s.selectNode(1)
	look(false, false)
}

// What is written holds secrets when the view, or the menu of exports, was told
// so: each for itself.
func TestCurtainWritten(t *testing.T) {
	w := new(stage)
	s := newState()
	s.decoder = newDecoder(func(Event) {}, w)
	s.decoder.Load([]Evidence{{Name: "a"}}, Ask{}, func(*report.Report, error) {})
	w.ready()
	w.answer(t)
	s.take(secretive())
	asked := func(what string, want bool, ask func()) {
		t.Helper()
		ask()
		if r := w.last(); r.Reveal != want {
			t.Errorf("%s, %s: with secrets is %t", what, r.Op, r.Reveal)
		}
		w.answer(t)
	}
	save := func() { s.written(FormJSON, func(string, error) {}) }
	asked("at first", false, save)
	s.openTab(tabText)
	w.answer(t)
	asked("revealed", true, func() { s.act(press{name: "reveal"}) })
	asked("revealed", false, save)
	s.leaving = true
	asked("by the menu", true, save)
	s.take(secretive())
	w.answer(t)
	asked("of other evidence", false, save)
}
