package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/web"
)

// examples publishes those vectors whose comment has a line "example: TITLE",
// in the order of their files; "lesson: SENTENCE" says what they teach.
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
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	s.asset("examples", "examples.json", b)
	s.firstVisit("examples")
	return nil
}

// example reads a vector: everything in it is evidence but its options and
// what is expected of it.
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
	for _, f := range a.Files {
		switch f.Name {
		case "report":
		case "options":
			for line := range strings.Lines(string(f.Data)) {
				key, val, _ := strings.Cut(strings.TrimSpace(line), ": ")
				if key != "at" {
					continue
				}
				if e.At, err = time.Parse(time.RFC3339, val); err != nil {
					return e, false, err
				}
			}
		default:
			e.Files = append(e.Files, web.ExampleFile{Name: f.Name, Bytes: f.Data})
		}
	}
	return e, true, nil
}
