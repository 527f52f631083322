package main

import (
	"encoding/json"
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
kind response.pem ocsp-response
-- report --
expected
`)), "ocsp")
	if err != nil {
		t.Fatal(err)
	}
	if v.Title != "Good, by the CA" || v.Lesson != "The CA may answer for itself." || v.Topic != "Answers" || v.place != 7 ||
		v.Pair != "ocsp/bad" || v.Differs != "One bit." || v.Rule != "ocsp.fresh.order" || v.At != time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC).Unix() {
		t.Errorf("got %+v", v)
	}
	if len(v.Files) != 2 || v.Files[0].name != "response.pem" || string(v.Files[0].octets) != "octets\n" || v.Files[1].role != "issuer" || v.Files[0].role != "" || v.Files[0].kind != "ocsp-response" || v.Files[1].kind != "" {
		t.Errorf("its files are %+v", v.Files)
	}
	if v.Nonce != "0a0b" || v.Profiles != "br" {
		t.Errorf("its nonce is %s, its profiles are %s", v.Nonce, v.Profiles)
	}
	if _, err := read(txtar.Parse([]byte("What is special.\n-- input/a --\n-- options --\nmoon full\n")), "ocsp"); err == nil {
		t.Error("an option that nobody knows is passed over")
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

// packed is a file of examples as the page reads it.
func packed(t *testing.T, name string) (c collection) {
	t.Helper()
	s, err := published()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(s.files[s.named[name]], &c); err != nil {
		t.Fatal(err)
	}
	for _, e := range c.Examples {
		for i := range e.Files {
			f := &e.Files[i]
			for _, r := range c.Files[f.at] {
				f.octets = append(f.octets, byte(r))
			}
		}
	}
	return c
}

func (f *file) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&f.name, &f.role, &f.at, &f.kind})
}

func (s *seen) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&s.Rule, &s.Fail, &s.Pass})
}

// What is packed is what the vectors hold, octet by octet.
func TestPacked(t *testing.T) {
	root, err := goEnv("GOMOD")
	if err != nil {
		t.Fatal(err)
	}
	all, err := vectors(filepath.Dir(root))
	if err != nil {
		t.Fatal(err)
	}
	octets := map[string]string{}
	for _, v := range all {
		for _, f := range v.Files {
			octets[v.Name+" "+f.name] = string(f.octets)
		}
	}
	for _, name := range []string{"examples", "vectors"} {
		c := packed(t, name)
		for _, e := range c.Examples {
			for _, f := range e.Files {
				if string(f.octets) != octets[e.Name+" "+f.name] {
					t.Errorf("%s: %s is packed otherwise", e.Name, f.name)
				}
			}
		}
		sorted := slices.Sorted(slices.Values(c.Files))
		if len(slices.Compact(sorted)) != len(c.Files) {
			t.Errorf("%s: a file that examples share stands there twice", name)
		}
	}
}

// The gallery has enough of each kind, and each lesson is one sentence.
func TestGallery(t *testing.T) {
	c := packed(t, "examples")
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
		if e.Status == "" {
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
	c := packed(t, "examples")
	byName := map[string]Example{}
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
		a, b := outcome(t, e, e.Rule), outcome(t, pair, e.Rule)
		if (a == "pass") == (b == "pass") {
			t.Errorf("%s is %s, and so is its pair %s: %s", e.Name, a, pair.Name, b)
		}
		if got := differing(e, pair); len(got) == 0 || len(got) > most {
			t.Errorf("%s and %s differ in %d parts: %s", e.Name, pair.Name, len(got), strings.Join(got, ", "))
		}
	}
}

// outcome is that of a rule, or the verdict. A rule that is silent holds.
func outcome(t *testing.T, e Example, rule string) string {
	e.Rule = rule
	v := vector{Example: e}
	if err := v.judge(); err != nil {
		t.Fatal(err)
	}
	if v.Status == "" {
		return "pass"
	}
	return v.Status
}

// differing lists the parts of what was pasted that differ.
func differing(a, b Example) (list []string) {
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
func parts(e Example) map[string]string {
	all, n := map[string]string{"nonce": e.Nonce}, 0
	r := judged(e)
	for i := range r.Items {
		it := &r.Items[i]
		if it.Carrier >= 0 {
			continue
		}
		if n++; n > 1 {
			role := ""
			for _, f := range e.Files {
				if f.name == it.Input {
					role = f.role
				}
			}
			all[fmt.Sprintf("thing %d", n)] = it.Kind + " " + role + " " + string(r.Sources[it.Source].Bytes)
			continue
		}
		if slices.Contains(it.Armor, "http") {
			all["HTTP"], _, _ = strings.Cut(string(e.Files[0].octets), "\r\n\r\n")
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
	gallery, rest := packed(t, "examples"), packed(t, "vectors")
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
	v := vector{Example: Example{Name: "ocsp/a", Title: "A", Topic: "T", Pair: "ocsp/b", Differs: "All."}, place: 1, report: &report.Report{}}
	if _, _, err := collect([]vector{v}); err == nil || !strings.Contains(err.Error(), "ocsp/b") {
		t.Errorf("got %v", err)
	}
}

// judged is the report of an example as the page will have it.
func judged(e Example) *report.Report {
	v := vector{Example: e}
	if err := v.judge(); err != nil {
		panic(err) // it was judged before, when it was published
	}
	return v.report
}
