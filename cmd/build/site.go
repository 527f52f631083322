package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// site is the files that are made, by their paths below the site's root.
type site struct {
	files map[string][]byte
	named map[string]string // "program": assets/derscope.0a1b….wasm
	first []string          // names that a first visit fetches before it can judge
	cache string            // folder of compressed forms, by hash
}

func newSite(cache string) *site {
	return &site{files: map[string][]byte{}, named: map[string]string{}, cache: cache}
}

// asset adds a file whose path holds the hash of its octets, to be found
// under its name. It may be kept by browsers for ever.
func (s *site) asset(name, file string, octets []byte) string {
	sum := sha256.Sum256(octets)
	ext := path.Ext(file)
	p := "assets/" + strings.TrimSuffix(file, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	s.files[p] = octets
	s.named[name] = p
	return p
}

// firstVisit says that a visit cannot do without these.
func (s *site) firstVisit(names ...string) { s.first = append(s.first, names...) }

// write replaces what a folder holds by the site. What stands under version
// control there, README, stays.
func (s *site) write(dir string) error {
	if err := empty(dir); err != nil {
		return err
	}
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		f := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(f, s.files[p], 0o644); err != nil {
			return err
		}
	}
	return nil
}

func empty(dir string) error {
	found, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	if !slices.ContainsFunc(found, func(e fs.DirEntry) bool {
		return e.Name() == "README" || e.Name() == "index.html" || e.Name() == "worker.mjs"
	}) && len(found) > 0 {
		return fmt.Errorf("%s is not empty and holds no site", dir)
	}
	for _, e := range found {
		if e.Name() == "README" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// styles joins the page's style sheets, in the order of their names.
func (s *site) styles(root string) error {
	sheets, err := filepath.Glob(filepath.Join(root, "web", "assets", "*.css"))
	if err != nil {
		return err
	}
	var all bytes.Buffer
	for _, sheet := range sheets {
		b, err := os.ReadFile(sheet)
		if err != nil {
			return err
		}
		all.Write(b)
	}
	s.asset("styles", "derscope.css", all.Bytes())
	s.firstVisit("styles")
	return nil
}
