package web

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// sample is a report of a SEQUENCE of an INTEGER and a SEQUENCE of a NULL:
// 30 07 | 02 01 05 | 30 02 | 05 00.
func sample() *report.Report {
	src := []byte{0x30, 0x07, 0x02, 0x01, 0x05, 0x30, 0x02, 0x05, 0x00}
	node := func(label, typ, value string, parent report.Ref, off, n int) report.Node {
		return report.Node{Label: label, Type: typ, Value: value, Parent: parent, Header: 2,
			Span: report.Span{Off: off, Len: n}}
	}
	return &report.Report{
		At:      noon,
		Sources: []report.Source{{Name: "paste", Bytes: src}, {Name: "issuer.pem", Bytes: src[:2]}},
		Nodes: []report.Node{
			node("OCSPResponse", "SEQUENCE", "", report.None, 0, 9),
			node("version", "INTEGER", "5", 0, 2, 3),
			node("inner", "SEQUENCE", "", 0, 5, 4),
			node("nothing", "NULL", "<b>", 2, 7, 2),
		},
		Items: []report.Item{
			{
				Kind: "ocsp-response", Title: "OCSP response", Input: "paste", SHA256: "aa", Armor: []string{"pem"}, Carrier: -1,
				Root: 0, End: 4,
				Verdict: report.Verdict{Status: report.Fail, Headline: "Expired: the status is old", Detail: "By 2 d."},
				Checks: []report.Check{{
					ID: "ocsp.fresh", Title: "Freshness", Status: report.Fail, Children: []report.Check{
						{ID: "ocsp.fresh.next-update", Title: "nextUpdate is after the evaluation time", Status: report.Fail,
							Why: "nextUpdate is 2 d before", Refs: "RFC 6960 §4.2.2.1", At: []report.Ref{1}},
						{ID: "ocsp.fresh.past", Title: "thisUpdate is in the past", Status: report.Pass},
						{ID: "ocsp.fresh.open", Title: "The nonce is the one sent", Status: report.Open, Needs: []string{"nonce"}},
					}}},
				Clients:  []report.Outcome{{Client: "openssl", Version: "3.0", Outcome: "reject", Reason: "status expired", Show: "openssl ocsp"}},
				Servers:  []report.Outcome{{Client: "haproxy", Outcome: "refused", Reason: "OCSP status expired"}},
				Problems: []report.Problem{{At: 3, Offset: 7, Message: "a NULL that is not empty"}},
				Windows: []report.Window{
					{Label: "Status", Text: "thisUpdate to nextUpdate", From: noon.AddDate(0, 0, -9), To: noon.AddDate(0, 0, -2), Main: true},
					{Label: "Produced", From: noon.AddDate(0, 0, -9), To: noon.AddDate(0, 0, -9)},
				},
				Wants: []report.Want{{Need: "issuer", Text: "the certificate of the issuer", How: "openssl s_client -showcerts"}},
			},
			{Kind: "certificate", Title: "CN=CA", Input: "issuer.pem", Source: 1, Carrier: -1, Root: 4, End: 4,
				Roles: []report.Role{{Name: "issuer", Of: 0}}, Verdict: report.Verdict{Status: report.Pass, Headline: "Readable"}},
		},
	}
}

func shown(t *testing.T, s *state) string {
	t.Helper()
	return app.HTMLString(&Page{s: s})
}

func has(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(html, p) {
			t.Errorf("the page does not have %q", p)
		}
	}
}

func TestPageShowsReport(t *testing.T) {
	s := newState()
	s.take(sample())
	html := shown(t, s)
	has(t, html,
		"Expired: the status is old", "1 of 3 hold, needs the nonce that was sent", "nextUpdate is 2 d before.", "Add the nonce that was sent", "Add the issuer", "Trust anchor: ",
		`href="https://www.rfc-editor.org/rfc/rfc6960#section-4.2.2.1"`, `rel="noopener noreferrer"`,
		"thisUpdate is in the past", "status expired", "HAProxy", "At octet 7: a NULL that is not empty",
		`<mark class="header">30 07</mark>`, "02 01 05", "&lt;b&gt;", "The certificate of the issuer", "issuer.pem",
		"Status: 2026-11-11 12:00 UTC to 2026-11-18 12:00 UTC.", `role="tree"`)
	if strings.Contains(html, "style=") {
		t.Error("a style attribute, which the page's policy forbids")
	}
}

func TestPageBeforeTheProgram(t *testing.T) {
	html := shown(t, newState())
	has(t, html, `id="input"`, "What is in this OCSP response", "The decoder is starting", "Nothing leaves this page")
	if strings.Contains(html, `role="tree"`) {
		t.Error("a tree without nodes")
	}
}

func TestPageOfGarbage(t *testing.T) {
	s := newState()
	garbage := &report.Report{
		Sources: []report.Source{{Name: "paste", Bytes: make([]byte, 213)}},
		Items:   []report.Item{{Kind: "unknown", Carrier: -1, Input: "paste", Verdict: report.Verdict{Detail: "It is HTML."}}},
	}
	s.take(garbage)
	has(t, shown(t, s), "Reading on", "being fetched") // there may be more to say
	s.comes(Event{Kind: Coming, Text: "1.1 of 9.2 MB, unpacked"})
	has(t, shown(t, s), "Reading on", "1.1 of 9.2 MB")
	s.comes(Event{Kind: Lost, Text: "The server answers 404."})
	has(t, shown(t, s), "Nothing recognised in 213 octets", "have not come: The server answers 404.", "Try again")
	again := *garbage
	s.comes(Event{Kind: Whole, Report: &again})
	if s.report != &again {
		t.Error("what the whole decoder makes of it is not shown")
	}
	has(t, shown(t, s), "Nothing recognised in 213 octets", "It is HTML.")
}

func TestPageWhenDecoderEnds(t *testing.T) {
	s := newState()
	s.asked, s.read = 1, 1
	s.loaded(1, nil, errors.New("the decoder was ended: it took longer than 10 s"))
	s.heard(Event{Kind: Restarted, Text: "it took longer than 10 s"})
	has(t, shown(t, s), "The decoder gave no answer", "The decoder was restarted: it took longer than 10 s")
	s.loaded(1, sample(), nil)
	if s.report != nil {
		t.Error("a late answer is shown")
	}
}

func TestPageIsDrawnInsideGoApp(t *testing.T) {
	p := &Page{}
	d := app.NewClientTester(p)
	defer d.Close()
	d.Consume()
	p.s.draw(func() { p.s.take(sample()) })
	d.Consume()
	if got := p.s.sel; got != 0 {
		t.Errorf("node %d is selected, want the first", got)
	}
	for _, key := range []string{"End", "ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowDown"} {
		p.s.draw(func() { p.s.treeKey(key) })
		d.Consume()
	}
	if got := p.s.sel; got != 3 {
		t.Errorf("the keys end on node %d, want 3", got)
	}
	p.s.draw(func() { p.s.tab = tabASN1; p.s.show() })
	d.Consume()
	p.s.draw(p.s.forget)
	d.Consume()
}

// Of certificates and their issuers the one at the end is judged, whatever the order.
func TestLeafIsJudged(t *testing.T) {
	r := &report.Report{Sources: make([]report.Source, 1), Items: []report.Item{
		{Kind: "certificate", Title: "CA", Carrier: -1, Roles: []report.Role{{Name: "issuer", Of: 1}}},
		{Kind: "certificate", Title: "intermediate", Carrier: -1, Roles: []report.Role{{Name: "issuer", Of: 2}}},
		{Kind: "certificate", Title: "leaf", Carrier: -1},
		{Kind: "certificate", Title: "another", Carrier: -1},
	}}
	if got := mainItem(r); got != 2 {
		t.Errorf("item %d is judged, want the leaf", got)
	}
	slices.Reverse(r.Items[:3])
	r.Items[1].Roles[0].Of, r.Items[2].Roles[0].Of = 0, 1
	if got := mainItem(r); got != 0 {
		t.Errorf("item %d is judged, want the leaf, which comes first", got)
	}
}

// The response that was rebuilt of a printed one is judged, and stands below it.
func TestRebuilt(t *testing.T) {
	r := &report.Report{Sources: make([]report.Source, 1), Items: []report.Item{
		{Kind: "unknown", Title: "Text", Carrier: -1, Input: "paste", Len: 19},
		{Kind: "ocsp-response", Title: "printed", Carrier: -1, Input: "paste"},
		{Kind: "certificate", Title: "issuer", Carrier: -1, Input: "paste"},
		{Kind: "ocsp-response", Title: "response", Carrier: 1, Input: "paste"},
	}}
	if got := mainItem(r); got != 3 {
		t.Errorf("item %d is judged, want the rebuilt one", got)
	}
	if got := inOrder(r.Items); !slices.Equal(got, []int{0, 1, 3, 2}) {
		t.Errorf("the order is %v", got)
	}
	s := newState()
	s.take(r)
	has(t, shown(t, s), "rebuilt from what OpenSSL printed", "Nothing recognised in 1 place, 19 octets in all")
}

func TestOutcomes(t *testing.T) {
	all := []report.Outcome{
		{Client: "nginx", Way: "file", Outcome: "served anyway"},
		{Client: "nginx", Way: "fetched", Outcome: "refused", Reason: "no", Show: "a"},
		{Client: "nginx", Way: "fetched, verify on", Outcome: "refused", Reason: "no", Show: "b"},
	}
	if got, want := outcomeSum(&report.Item{Kind: "ocsp-response"}, all), "Of 3 ways to staple it 2 refuse it, 1 serves it anyway."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := outcomeSum(&report.Item{Kind: "ocsp-response"}, all[1:]), "All 2 ways to staple it refuse it."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	acts := merged(all)
	if len(acts) != 2 || len(acts[1].ways) != 2 || len(acts[1].shows) != 2 {
		t.Errorf("the ways are joined to %v", acts)
	}
	s, r := newState(), sample()
	r.Items[0].Servers = all
	s.take(r)
	has(t, shown(t, s), "refuses it in 2 of 3 ways", "fetched; fetched, verify on")
}

func TestTextOfField(t *testing.T) {
	one := func(kind, text string) Block { return Block{Kind: kind, Phrases: []Phrase{{Text: text}}} }
	s := newState()
	s.texts = map[string]Text{
		"ocsp.fresh.past":        {one("", "of a rule")},
		"version":                {one("", "any")},
		"tbsCertificate/version": {one("", "of certificates"), one("", "more")},
		"type NULL":              {one("", "nothing")},
	}
	for _, c := range []struct {
		path, typ, want string
		blocks          int
	}{
		{"version", "INTEGER", "any", 1},
		{"a/tbsCertificate/version", "INTEGER", "of certificates", 2},
		{"certs[3]/tbsCertificate/version", "INTEGER", "of certificates", 2},
		{"parameters", "NULL", "nothing", 1},
		{"parameters", "SET", "", 0},
	} {
		got := s.text(c.path, c.typ)
		if len(got) != c.blocks || len(got) > 0 && got[0].Phrases[0].Text != c.want {
			t.Errorf("%s of type %s is explained by %v", c.path, c.typ, got)
		}
	}
}
