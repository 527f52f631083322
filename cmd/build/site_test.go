package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	s := newSite(t.TempDir())
	if err := os.WriteFile(filepath.Join(dir, "README"), []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.files["index.html"] = []byte("page")
	old := s.asset("script", "derscope.js", []byte("one"))
	if err := s.write(dir); err != nil {
		t.Fatal(err)
	}
	delete(s.files, old)
	now := s.asset("script", "derscope.js", []byte("two"))
	if err := s.write(dir); err != nil {
		t.Fatal(err)
	}
	if old == now {
		t.Error("other octets have the same name")
	}
	if _, err := os.Stat(filepath.Join(dir, old)); err == nil {
		t.Error("a file of the earlier site is still there")
	}
	for name, want := range map[string]string{"README": "kept", "index.html": "page", now: "two"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
}

// A folder given by mistake is not emptied.
func TestWriteElsewhere(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "thesis.txt")
	if err := os.WriteFile(mine, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := newSite(t.TempDir()).write(dir); err == nil {
		t.Error("a folder that holds no site was written to")
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

func TestCompress(t *testing.T) {
	s := newSite(t.TempDir())
	s.files["long.txt"] = bytes.Repeat([]byte("octets "), 1000)
	s.files["short.txt"] = []byte("x")
	s.files["_headers"] = bytes.Repeat([]byte("octets "), 1000)
	for range 2 { // the second time from the cache
		if err := s.compress(); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]bool{
		"long.txt.br": true, "long.txt.gz": true, "short.txt.br": false, "short.txt.gz": false, "_headers.br": false, "long.txt.br.br": false,
	} {
		if _, got := s.files[name]; got != want {
			t.Errorf("%s: there: %t", name, got)
		}
	}
	if got := s.sent("long.txt"); got != len(s.files["long.txt.br"]) {
		t.Errorf("%d octets are sent", got)
	}
}

// A program that is too large stops the build, and so do a visit that is too
// large in sum and a decoder that is too large to follow.
func TestBudget(t *testing.T) {
	noise := rand.NewChaCha8([32]byte{})
	for _, c := range []struct {
		name            string
		program, styles int
		decoder         int
		want            bool
	}{
		{"fits", 1_990_000, 100_000, 2_640_000, true},
		{"program too large", 2_000_001, 0, 0, false},
		{"visit too large", 1_990_000, 210_001, 0, false},
		{"decoder too large", 1_990_000, 0, 2_650_001, false},
		{"too large for a host", 1_000_000, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t.TempDir())
			for name, n := range map[string]int{"program": c.program, "styles": c.styles} {
				b := make([]byte, n)
				noise.Read(b)
				s.asset(name, name, b)
				s.firstVisit(name)
			}
			s.asset("decoder", "decoder", make([]byte, c.decoder))
			if c.name == "too large for a host" {
				s.asset("film", "film", make([]byte, largest+1))
			}
			if err := s.budget(io.Discard, true); (err == nil) != c.want {
				t.Error(err)
			}
		})
	}
}

func TestTool(t *testing.T) {
	if _, err := tool("a-tool-nobody-has"); err == nil || !strings.Contains(err.Error(), "a-tool-nobody-has") {
		t.Error(err)
	}
}
