package main

import (
	"encoding/hex"
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
	"derscope/web"
)

// vector is a file of testdata: what it holds and what comes of it.
type vector struct {
	web.Example
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
	s.asset("examples", "examples.bin", web.PackExamples(gallery))
	s.firstVisit("examples")
	s.asset("vectors", "vectors.bin", web.PackExamples(rest))
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
		v.judge()
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
	roles := map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			v.Files = append(v.Files, web.ExampleFile{Name: name, Bytes: f.Data})
		}
		if f.Name != "options" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			key, val, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch key {
			case "at":
				v.At, err = time.Parse(time.RFC3339, val)
			case "nonce":
				v.Nonce, err = hex.DecodeString(val)
			case "profile":
				v.Profiles = append(v.Profiles, val)
			case "role":
				name, role, _ := strings.Cut(val, " ")
				roles[name] = role
			}
			if err != nil {
				return v, err
			}
		}
	}
	for i := range v.Files {
		v.Files[i].Role = roles[v.Files[i].Name]
	}
	return v, nil
}

func (v *vector) judge() {
	var in []decode.Input
	for _, f := range v.Files {
		in = append(in, decode.Input{Name: f.Name, Bytes: f.Bytes, Role: f.Role})
	}
	v.report = decode.Load(in, decode.Limits{}).Report(decode.Options{At: v.At, Nonce: v.Nonce, Profiles: v.Profiles})
	v.Status = v.report.Items[0].Verdict.Status
	if v.Rule == "" {
		return
	}
	v.Status = report.NoStatus
	for i := range v.report.Items {
		if k, ok := check.Find(v.report.Items[i].Checks, v.Rule); ok {
			v.Status = max(v.Status, k.Status)
		}
	}
}

// collect parts the vectors that are worth publishing: the gallery with the
// pairs of what is in it, and what shows the other rules.
func collect(all []vector) (gallery, rest web.Collection, err error) {
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
		used := slices.ContainsFunc(gallery.Seen, func(s web.Seen) bool { return s.Fail == v.Name || s.Pass == v.Name })
		if used && !first[v.Name] {
			rest.Examples = append(rest.Examples, v.offer())
		}
	}
	return gallery, rest, nil
}

// offer is the example of a vector. What tells it from its pair was put into
// words for those of the gallery alone.
func (v *vector) offer() web.Example {
	e := v.Example
	if e.Differs == "" {
		e.Pair = ""
	}
	return e
}
