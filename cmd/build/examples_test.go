package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/web"
)

func TestExample(t *testing.T) {
	v, err := read(txtar.Parse([]byte(`What is special.
example: Good, by the CA
lesson: The CA may answer for itself.
topic: Answers
place: 7
pair: bad
differs: One bit.
rule: ocsp.fresh.order
-- input/response.pem --
octets
-- input/issuer.pem --
more
-- options --
at 2026-11-20T09:12:00Z
nonce 0a0b
profile br
role issuer.pem issuer
-- report --
expected
`)), "ocsp")
	if err != nil {
		t.Fatal(err)
	}
	if v.Title != "Good, by the CA" || v.Lesson != "The CA may answer for itself." || v.Topic != "Answers" || v.place != 7 ||
		v.Pair != "ocsp/bad" || v.Differs != "One bit." || v.Rule != "ocsp.fresh.order" || !v.At.Equal(time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)) {
		t.Errorf("got %+v", v)
	}
	if len(v.Files) != 2 || v.Files[0].Name != "response.pem" || string(v.Files[0].Bytes) != "octets\n" || v.Files[1].Role != "issuer" || v.Files[0].Role != "" {
		t.Errorf("its files are %+v", v.Files)
	}
	if string(v.Nonce) != "\n\v" || !slices.Equal(v.Profiles, []string{"br"}) {
		t.Errorf("its nonce is %x, its profiles are %v", v.Nonce, v.Profiles)
	}
	if v, _ := read(txtar.Parse([]byte("What is special.\n-- input/a --\n")), "ocsp"); v.place != 0 || v.Lesson != "What is special." {
		t.Errorf("a vector without a title is an example: %+v", v)
	}
}

// published is what the site of this repository offers.
var published = sync.OnceValues(func() (*site, error) {
	root, err := goEnv("GOMOD")
	if err != nil {
		return nil, err
	}
	s := newSite("")
	return s, s.examples(filepath.Dir(root))
})

func collection(t *testing.T, name string) web.Collection {
	t.Helper()
	s, err := published()
	if err != nil {
		t.Fatal(err)
	}
	c, err := web.UnpackExamples(s.files[s.named[name]])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The gallery has enough of each kind, and each lesson is one sentence.
func TestGallery(t *testing.T) {
	c := collection(t, "examples")
	kinds, topics := map[string]int{}, []string{}
	of := 0
	for _, e := range c.Examples {
		if e.Topic == "" {
			continue
		}
		if strings.HasPrefix(e.Name, "ocsp/") {
			of++
		}
		for _, it := range judged(e).Items {
			if it.Carrier < 0 {
				kinds[it.Kind]++
			}
		}
		if n := len(topics); n == 0 || topics[n-1] != e.Topic {
			if slices.Contains(topics, e.Topic) {
				t.Errorf("%s: its topic «%s» stands in two places", e.Name, e.Topic)
			}
			topics = append(topics, e.Topic)
		}
		if e.Status == report.NoStatus {
			t.Errorf("%s: the rule %s does not apply to it", e.Name, e.Rule)
		}
	}
	if of < 26 {
		t.Errorf("%d examples of OCSP, want 26", of)
	}
	for _, kind := range []string{"ocsp-response", "ocsp-request", "certificate", "crl", "certificate-request", "cms",
		"private-key", "public-key", "name"} {
		if kinds[kind] == 0 {
			t.Errorf("no example has a thing of kind %s", kind)
		}
	}
}

// most is how many parts of a pair may differ: a time stands in three places,
// a signature follows from what it signs, and an algorithm is named twice.
const most = 6

// Of a pair one holds and the other does not, and they differ in one thing.
func TestPairs(t *testing.T) {
	c := collection(t, "examples")
	byName := map[string]web.Example{}
	for _, e := range c.Examples {
		byName[e.Name] = e
	}
	for _, e := range c.Examples {
		if e.Pair == "" {
			continue
		}
		pair, ok := byName[e.Pair]
		if !ok {
			t.Errorf("%s: its pair %s is not published with it", e.Name, e.Pair)
			continue
		}
		a, b := outcome(e, e.Rule), outcome(pair, e.Rule)
		if (a == report.Pass) == (b == report.Pass) {
			t.Errorf("%s is %s, and so is its pair %s: %s", e.Name, a, pair.Name, b)
		}
		if got := differing(e, pair); len(got) == 0 || len(got) > most {
			t.Errorf("%s and %s differ in %d parts: %s", e.Name, pair.Name, len(got), strings.Join(got, ", "))
		}
	}
}

// outcome is that of a rule, or the verdict. A rule that is silent holds.
func outcome(e web.Example, rule string) report.Status {
	e.Rule = rule
	v := vector{Example: e}
	v.judge()
	if v.Status == report.NoStatus {
		return report.Pass
	}
	return v.Status
}

// differing lists the parts of what was pasted that differ.
func differing(a, b web.Example) (list []string) {
	x, y := parts(a), parts(b)
	for key := range x {
		if x[key] != y[key] {
			list = append(list, key)
		}
	}
	for key := range y {
		if _, both := x[key]; !both {
			list = append(list, key)
		}
	}
	slices.Sort(list)
	return list
}

// parts are the fields of the first thing pasted, with their octets, and each
// other thing as a whole. A certificate that is carried is a part.
func parts(e web.Example) map[string]string {
	all, n := map[string]string{"nonce": string(e.Nonce)}, 0
	v := vector{Example: e}
	v.judge()
	r := v.report
	for i := range r.Items {
		it := &r.Items[i]
		if it.Carrier >= 0 {
			continue
		}
		if n++; n > 1 {
			role := ""
			for _, f := range e.Files {
				if f.Name == it.Input {
					role = f.Role
				}
			}
			all[fmt.Sprintf("thing %d", n)] = it.Kind + " " + role + " " + string(r.Sources[it.Source].Bytes)
			continue
		}
		if slices.Contains(it.Armor, "http") {
			all["HTTP"], _, _ = strings.Cut(string(e.Files[0].Bytes), "\r\n\r\n")
		}
		for at := it.Root; at < it.End; at++ {
			node := &r.Nodes[at]
			if leaf := at+1 == it.End || r.Nodes[at+1].Parent != at; !leaf {
				continue
			}
			path := r.Path(at)
			for _, whole := range []string{"certs[0]", "certificates[1]", "ignature", "responderID", "extensions[", "subjectPublicKey", "requestList[1]"} {
				if before, _, ok := strings.Cut(path, whole); ok {
					path = before + whole
					break
				}
			}
			all[path] += node.Value + string(r.Octets(node.Span))
		}
	}
	return all
}

// What is said to show a rule shows it.
func TestSeen(t *testing.T) {
	gallery, rest := collection(t, "examples"), collection(t, "vectors")
	reports := map[string]*report.Report{}
	for _, e := range append(gallery.Examples, rest.Examples...) {
		reports[e.Name] = judged(e)
	}
	has := func(name, rule string, held bool) bool {
		return slices.ContainsFunc(reports[name].Items, func(it report.Item) bool {
			k, ok := check.Find(it.Checks, rule)
			return ok && held == (k.Status == report.Pass && !k.Note)
		})
	}
	both := 0
	for _, s := range gallery.Seen {
		for name, held := range map[string]bool{s.Fail: false, s.Pass: true} {
			switch {
			case name == "":
			case reports[name] == nil:
				t.Errorf("%s: %s is not published", s.Rule, name)
			case !has(name, s.Rule, held):
				t.Errorf("%s: %s does not show it: holds %t", s.Rule, name, held)
			}
		}
		if s.Fail != "" && s.Pass != "" {
			both++
		}
	}
	if both < 200 {
		t.Errorf("%d rules can be seen to fail and to hold, want 200", both)
	}
	t.Logf("%d examples, %d vectors, %d rules, %d of them both ways", len(gallery.Examples), len(rest.Examples), len(gallery.Seen), both)
}

// A pair that is no vector stops the build.
func TestPairMissing(t *testing.T) {
	v := vector{Example: web.Example{Name: "ocsp/a", Title: "A", Topic: "T", Pair: "ocsp/b", Differs: "All."}, place: 1, report: &report.Report{}}
	if _, _, err := collect([]vector{v}); err == nil || !strings.Contains(err.Error(), "ocsp/b") {
		t.Errorf("got %v", err)
	}
}

// judged is the report of an example as the page will have it.
func judged(e web.Example) *report.Report {
	v := vector{Example: e}
	v.judge()
	return v.report
}
