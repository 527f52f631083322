package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"io"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// small is a site that stands for the whole.
func small(t *testing.T) *site {
	t.Helper()
	s := newSite(t.TempDir())
	for _, name := range []string{"styles", "script", "program", "explanations"} {
		s.asset(name, name+".bin", bytes.Repeat([]byte(name), 100))
	}
	if err := s.icons(); err != nil {
		t.Fatal(err)
	}
	if err := s.page(); err != nil {
		t.Fatal(err)
	}
	s.files["assets/later.0123456789ab.bin"] = []byte("published by a part that nobody thought of here")
	if err := s.keeper(filepath.Join("..", "..")); err != nil {
		t.Fatal(err)
	}
	return s
}

func listOf(t *testing.T, s *site) (files []string) {
	t.Helper()
	found := regexp.MustCompile(`(?m)^const files = (\[.*?\]);`).FindSubmatch(s.files["sw.js"])
	if found == nil {
		t.Fatalf("sw.js has no list:\n%s", s.files["sw.js"])
	}
	if err := json.Unmarshal(found[1], &files); err != nil {
		t.Fatal(err)
	}
	return files
}

// The service worker keeps every file that is published, whoever adds it.
func TestKeeper(t *testing.T) {
	s := small(t)
	want := slices.DeleteFunc(slices.Collect(maps.Keys(s.files)), func(p string) bool { return p == "sw.js" || p == "_headers" })
	want[slices.Index(want, "index.html")] = "./"
	slices.Sort(want)
	if err := s.compress(); err != nil {
		t.Fatal(err)
	}
	if got := listOf(t, s); !slices.Equal(got, want) {
		t.Errorf("kept:\n%s\npublished:\n%s", got, want)
	}
	if got := s.kept(); !slices.Equal(got, want) {
		t.Errorf("with compressed forms it would keep %s", got)
	}
	if strings.Contains(string(s.files["sw.js"]), "__") {
		t.Error("sw.js has places that nothing was put into")
	}
}

// Any other octet anywhere makes another version.
func TestVersion(t *testing.T) {
	s := small(t)
	files := s.kept()
	first := s.version(files)
	if again := s.version(files); again != first {
		t.Errorf("the same files have the versions %s and %s", first, again)
	}
	for _, p := range files {
		if p == "./" {
			p = "index.html"
		}
		before := s.files[p]
		s.files[p] = append(slices.Clone(before), '!')
		if s.version(files) == first {
			t.Errorf("another %s makes no other version", p)
		}
		s.files[p] = before
	}
	if s.version(files[1:]) == first {
		t.Error("one file less makes no other version")
	}
}

func TestFill(t *testing.T) {
	for script, want := range map[string]string{"a __X__ b": "a 1 b", "a": "", "__X__ __X__": ""} {
		got, err := fill([]byte(script), map[string][]byte{"__X__": []byte("1")})
		if (err == nil) != (want != "") || string(got) != want {
			t.Errorf("%q gives %q, %v", script, got, err)
		}
	}
}

// What browsers ask of a page that may be installed: a name, an address, a
// display, icons of 192 and 512 pixels that are there, and one for each shape.
func TestManifest(t *testing.T) {
	s := small(t)
	var m struct {
		Name, Display string
		ID            *string
		Start         string `json:"start_url"`
		Scope         string
		Icons         []struct{ Src, Type, Sizes, Purpose string }
	}
	if err := json.Unmarshal(s.files["manifest.webmanifest"], &m); err != nil {
		t.Fatal(err)
	}
	if m.Name == "" || m.Display != "standalone" || m.Start != "./" || m.Scope != "./" || m.ID != nil {
		t.Errorf("the manifest: %+v", m)
	}
	seen := map[string]bool{}
	for _, i := range m.Icons {
		seen[i.Sizes+" "+i.Purpose] = true
		b, ok := s.files[i.Src]
		if !ok {
			t.Errorf("there is no %s", i.Src)
			continue
		}
		if i.Type != "image/png" {
			continue
		}
		img, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || i.Sizes != fmt.Sprintf("%dx%d", img.Width, img.Height) {
			t.Errorf("%s: %dx%d, said to be %s, %v", i.Src, img.Width, img.Height, i.Sizes, err)
		}
	}
	for _, want := range []string{"any ", "192x192 ", "512x512 ", "192x192 maskable", "512x512 maskable"} {
		if !seen[want] {
			t.Errorf("no icon %q", want)
		}
	}
}

// The zip holds the site, and is the same each time.
func TestZip(t *testing.T) {
	s := small(t)
	if err := s.compress(); err != nil {
		t.Fatal(err)
	}
	date := dated(filepath.Join("..", ".."))
	one, err := s.zip(date)
	if err != nil {
		t.Fatal(err)
	}
	two, err := s.zip(date)
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("two zips of one site differ, %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range r.File {
		name, ok := strings.CutPrefix(f.Name, "derscope/")
		if !ok {
			t.Errorf("%s lies outside of the folder", f.Name)
		}
		names = append(names, name)
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err != nil || !bytes.Equal(b, s.files[name]) {
			t.Errorf("%s: %d octets, %v", name, len(b), err)
		}
		if !f.Modified.Equal(date) {
			t.Errorf("%s is of %s", name, f.Modified)
		}
	}
	if want := slices.Sorted(maps.Keys(s.files)); !slices.Equal(names, want) {
		t.Errorf("the zip holds %s, the site %s", names, want)
	}
}

// Without a history the date is one that the format knows.
func TestZipWithoutHistory(t *testing.T) {
	t.Setenv("GIT_DIR", t.TempDir())
	if got := dated(t.TempDir()); got.Year() != 1980 {
		t.Error(got)
	}
}
