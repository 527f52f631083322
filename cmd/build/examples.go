package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode"
	"derscope/decode/check"
	"derscope/decode/report"
)

// Example is something to look at, and what it teaches, as the page gets it (see
// wasm/assets/examples.js). Those without a topic are not in the gallery: they
// show a rule, or are the pair of one that is.
type Example struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Lesson string `json:"lesson"`
	Topic  string `json:"topic"`
	// Pair is the example that differs in one thing, and Differs says which.
	Pair    string `json:"pair"`
	Differs string `json:"differs"`
	Rule    string `json:"rule"` // the check that it is about, or ""
	// Status is that of the check, or of the verdict.
	Status   string `json:"status"`
	At       int64  `json:"at"`       // the moment that it is to be judged at, of Unix; 0: none
	Nonce    string `json:"nonce"`    // in hexadecimal
	Profiles string `json:"profiles"` // with spaces between them
	// Settings are switches: a name, its value, a name, its value.
	Settings []string `json:"settings,omitempty"`
	Files    []file   `json:"files"`
}

// file is one piece of evidence of an example.
type file struct {
	name, role, kind string
	octets           []byte
	at               int // in the list of files of the collection
}

// MarshalJSON writes the place of the octets for them: examples share files.
func (f file) MarshalJSON() ([]byte, error) {
	list := []any{f.name, f.role, f.at}
	if f.kind != "" {
		list = append(list, f.kind)
	}
	return json.Marshal(list)
}

// seen says where a rule can be seen to fail and to hold: names of examples,
// or "".
type seen struct{ Rule, Fail, Pass string }

func (s seen) MarshalJSON() ([]byte, error) { return json.Marshal([]string{s.Rule, s.Fail, s.Pass}) }

// collection is a file of examples, those of the gallery first. An octet of a
// file is a character of its text.
type collection struct {
	Files    []string  `json:"files"`
	Examples []Example `json:"examples"`
	Seen     []seen    `json:"seen,omitempty"`
}

// pack makes the file, in which octets that examples share stand once.
func (c collection) pack() ([]byte, error) {
	places := map[string]int{}
	for _, e := range c.Examples {
		for i := range e.Files {
			f := &e.Files[i]
			at, known := places[string(f.octets)]
			if !known {
				at = len(c.Files)
				places[string(f.octets)] = at
				var text strings.Builder
				for _, b := range f.octets {
					text.WriteRune(rune(b))
				}
				c.Files = append(c.Files, text.String())
			}
			f.at = at
		}
	}
	return json.Marshal(c)
}

// vector is a file of testdata: what it holds and what comes of it.
type vector struct {
	Example
	place  int // in the gallery, from 1 on; 0: not there
	report *report.Report
}

// examples publishes the vectors that the page offers, and those that show
// what the rules look at.
func (s *site) examples(root string) error {
	all, err := vectors(root)
	if err != nil {
		return err
	}
	gallery, rest, err := collect(all)
	if err != nil {
		return err
	}
	for name, c := range map[string]collection{"examples": gallery, "vectors": rest} {
		octets, err := c.pack()
		if err != nil {
			return err
		}
		s.asset(name, name+".json", octets)
	}
	s.firstVisit("examples")
	return nil
}

// vectors reads all of them and has each judged.
func vectors(root string) ([]vector, error) {
	found, err := filepath.Glob(filepath.Join(root, "testdata", "*", "*.txtar"))
	if err != nil {
		return nil, err
	}
	var all []vector
	for _, f := range found {
		a, err := txtar.ParseFile(f)
		if err != nil {
			return nil, err
		}
		kind := filepath.Base(filepath.Dir(f))
		v, err := read(a, kind)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		v.Name = kind + "/" + strings.TrimSuffix(filepath.Base(f), ".txtar")
		if err := v.judge(); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		all = append(all, v)
	}
	return all, nil
}

// read reads a vector: its comment, its files below input/, and the options
// that they are to be judged with.
func read(a *txtar.Archive, kind string) (v vector, err error) {
	about, lines, _ := strings.Cut(string(a.Comment), "\n")
	v.Lesson = about
	for line := range strings.Lines(lines) {
		key, val, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "example":
			v.Title = val
		case "lesson":
			v.Lesson = val
		case "topic":
			v.Topic = val
		case "place":
			v.place, err = strconv.Atoi(val)
		case "pair":
			v.Pair = kind + "/" + val
		case "differs":
			v.Differs = val
		case "rule":
			v.Rule = val
		}
		if err != nil {
			return v, err
		}
	}
	roles, kinds := map[string]string{}, map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			v.Files = append(v.Files, file{name: name, octets: f.Data})
		}
		if f.Name != "options" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			key, val, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch key {
			case "at":
				var at time.Time
				at, err = time.Parse(time.RFC3339, val)
				v.At = at.Unix()
			case "nonce":
				v.Nonce = val
			case "profile":
				v.Profiles = strings.TrimSpace(v.Profiles + " " + val)
			case "set":
				name, to, _ := strings.Cut(val, "=")
				v.Settings = append(v.Settings, name, to)
			case "role":
				name, role, _ := strings.Cut(val, " ")
				roles[name] = role
			case "kind":
				name, is, _ := strings.Cut(val, " ")
				kinds[name] = is
			case "":
			default:
				err = fmt.Errorf("no such option: %s", key)
			}
			if err != nil {
				return v, err
			}
		}
	}
	for i := range v.Files {
		f := &v.Files[i]
		f.role, f.kind = roles[f.name], kinds[f.name]
	}
	return v, nil
}

// judge judges what a vector holds, as the page will.
func (v *vector) judge() error {
	nonce, err := hex.DecodeString(v.Nonce)
	if err != nil {
		return err
	}
	o := decode.Options{Profiles: strings.Fields(v.Profiles), Set: map[string]string{}}
	for i := 0; i+1 < len(v.Settings); i += 2 {
		o.Set[v.Settings[i]] = v.Settings[i+1]
	}
	if len(nonce) > 0 {
		o.Nonce = nonce
	}
	if v.At != 0 {
		o.At = time.Unix(v.At, 0)
	}
	var in []decode.Input
	for _, f := range v.Files {
		in = append(in, decode.Input{Name: f.name, Bytes: f.octets, Role: f.role, Kind: f.kind})
	}
	v.report = decode.Load(in, decode.Limits{}).Report(o)
	shown := max(0, slices.IndexFunc(v.report.Items, func(it report.Item) bool { return it.Members != nil }))
	status := v.report.Items[shown].Verdict.Status
	if v.Rule != "" {
		status = report.NoStatus
	}
	for i := range v.report.Items {
		if k, ok := check.Find(v.report.Items[i].Checks, v.Rule); ok {
			status = max(status, k.Status)
		}
	}
	v.Status = status.String()
	return nil
}

// collect parts the vectors that are worth publishing: the gallery with the
// pairs of what is in it, and what shows the other rules.
func collect(all []vector) (gallery, rest collection, err error) {
	byName := map[string]*vector{}
	for i := range all {
		byName[all[i].Name] = &all[i]
	}
	shown := slices.DeleteFunc(slices.Clone(all), func(v vector) bool { return v.place == 0 })
	slices.SortFunc(shown, func(a, b vector) int { return a.place - b.place })
	first := map[string]bool{}
	for _, v := range shown {
		first[v.Name] = true
		gallery.Examples = append(gallery.Examples, v.offer())
	}
	for _, v := range shown {
		pair := byName[v.Pair]
		switch {
		case v.Differs == "":
		case pair == nil:
			return gallery, rest, fmt.Errorf("%s: its pair %s is no vector", v.Name, v.Pair)
		case !first[v.Pair]:
			first[v.Pair] = true
			gallery.Examples = append(gallery.Examples, pair.offer())
		}
	}
	gallery.Seen = rules(all, first)
	for _, v := range all {
		used := slices.ContainsFunc(gallery.Seen, func(s seen) bool { return s.Fail == v.Name || s.Pass == v.Name })
		if used && !first[v.Name] {
			rest.Examples = append(rest.Examples, v.offer())
		}
	}
	return gallery, rest, nil
}

// offer is the example of a vector. What tells it from its pair was put into
// words for those of the gallery alone.
func (v *vector) offer() Example {
	e := v.Example
	if e.Differs == "" {
		e.Pair = ""
	}
	return e
}
