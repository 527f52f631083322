package main

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/web"
)

// order is what is shown first, from the plain to the odd. Other examples
// follow by name.
var order = []string{"good-ca-byname", "good-del-byname", "revoked", "expired", "wrong-issuer-given", "signed-by-leaf"}

// examples publishes those vectors whose comment has a line "example: TITLE";
// "lesson: SENTENCE" says what they teach.
func (s *site) examples(root string) error {
	found, err := filepath.Glob(filepath.Join(root, "testdata", "*", "*.txtar"))
	if err != nil {
		return err
	}
	all := []web.Example{}
	for _, f := range found {
		a, err := txtar.ParseFile(f)
		if err != nil {
			return err
		}
		e, ok, err := example(a)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(f), err)
		}
		if ok {
			e.Name = strings.TrimSuffix(filepath.Base(f), ".txtar")
			all = append(all, e)
		}
	}
	rank := func(e web.Example) int {
		if i := slices.Index(order, e.Name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b web.Example) int { return rank(a) - rank(b) })
	s.asset("examples", "examples.bin", web.PackExamples(all))
	s.firstVisit("examples")
	return nil
}

// example reads a vector: its files below input/, and the options they are to
// be judged with.
func example(a *txtar.Archive) (e web.Example, ok bool, err error) {
	for line := range strings.Lines(string(a.Comment)) {
		key, val, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "example":
			e.Title = val
		case "lesson":
			e.Lesson = val
		}
	}
	if e.Title == "" {
		return e, false, nil
	}
	roles := map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			e.Files = append(e.Files, web.ExampleFile{Name: name, Bytes: f.Data})
		}
		if f.Name != "options" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			key, val, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch key {
			case "at":
				e.At, err = time.Parse(time.RFC3339, val)
			case "nonce":
				e.Nonce, err = hex.DecodeString(val)
			case "role":
				name, role, _ := strings.Cut(val, " ")
				roles[name] = role
			}
			if err != nil {
				return e, false, err
			}
		}
	}
	for i := range e.Files {
		e.Files[i].Role = roles[e.Files[i].Name]
	}
	return e, true, nil
}
