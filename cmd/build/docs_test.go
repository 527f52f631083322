package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The text names every file beside it, and says nothing of others.
func TestDocs(t *testing.T) {
	s := newSite(t.TempDir())
	if err := s.docs(filepath.Join("..", "..")); err != nil {
		t.Fatal(err)
	}
	text := string(s.files["docs/service.txt"])
	_, list, ok := strings.Cut(text, "Examples beside this text:\n")
	if !ok {
		t.Fatalf("docs/service.txt: %q", text)
	}
	named := 1 // itself
	for line := range strings.Lines(list) {
		if name := strings.Fields(line); len(name) > 0 {
			named++
			if s.files["docs/"+name[0]] == nil {
				t.Errorf("there is no %s", name[0])
			}
		}
	}
	if named != len(s.files) {
		t.Errorf("%d files are named, %d published", named, len(s.files))
	}
}
