package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// keeper makes sw.js, the service worker that keeps the site for visits
// without a network. It comes last: its list and its version are those of all
// that is published.
func (s *site) keeper(root string) error {
	script, err := os.ReadFile(filepath.Join(root, "wasm", "assets", "sw.js"))
	if err != nil {
		return err
	}
	files := s.kept()
	list, err := json.Marshal(files)
	if err != nil {
		return err
	}
	script, err = fill(script, map[string][]byte{"__VERSION__": []byte(s.version(files)), "__FILES__": list})
	if err != nil {
		return fmt.Errorf("sw.js: %w", err)
	}
	s.files["sw.js"] = script
	return nil
}

// kept lists what a visitor's browser keeps: every file but those that servers
// read, compressed forms, and the service worker itself. The page is "./",
// because servers send whoever asks for index.html elsewhere.
func (s *site) kept() []string {
	var files []string
	for p := range s.files {
		switch {
		case strings.HasPrefix(path.Base(p), "_"), p == "sw.js", path.Ext(p) == ".br", path.Ext(p) == ".gz":
		case p == "index.html":
			files = append(files, "./")
		default:
			files = append(files, p)
		}
	}
	slices.Sort(files)
	return files
}

// version is a hash over the files, so another one when any of them changes.
func (s *site) version(files []string) string {
	sum := sha256.New()
	for _, p := range files {
		if p == "./" {
			p = "index.html"
		}
		fmt.Fprintf(sum, "%s %d\n", p, len(s.files[p]))
		sum.Write(s.files[p])
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// fill puts values into a script in place of their names, which must stand
// there once.
func fill(script []byte, values map[string][]byte) ([]byte, error) {
	for name, val := range values {
		if n := bytes.Count(script, []byte(name)); n != 1 {
			return nil, fmt.Errorf("%s stands there %d times, not once", name, n)
		}
		script = bytes.Replace(script, []byte(name), val, 1)
	}
	return script, nil
}

// manifest lets browsers install the page. It has no id: an id is relative to
// the origin, and two sites at different paths would be one; without it the
// address of the page is taken.
func (s *site) manifest() error {
	type icon struct {
		Src     string `json:"src"`
		Type    string `json:"type"`
		Sizes   string `json:"sizes"`
		Purpose string `json:"purpose,omitempty"`
	}
	m, err := json.MarshalIndent(map[string]any{
		"name": title, "short_name": title, "description": description, "lang": "en", "dir": "ltr",
		"categories": []string{"developer", "security", "utilities"},
		"start_url":  "./", "scope": "./", "display": "standalone",
		"theme_color": themeLight, "background_color": ground,
		"icons": []icon{
			{s.named["icon"], "image/svg+xml", "any", ""},
			{s.named["icon-192"], "image/png", "192x192", ""},
			{s.named["icon-512"], "image/png", "512x512", ""},
			{s.named["icon-192-full"], "image/png", "192x192", "maskable"},
			{s.named["icon-512-full"], "image/png", "512x512", "maskable"},
		},
	}, "", "\t")
	s.files["manifest.webmanifest"] = m
	return err
}

// Colours of the window that an installed page has: those of the bar, and of
// the ground that is seen before the page is.
const (
	themeLight = "#ffffff"
	themeDark  = "#171b21"
	ground     = "#f6f7f9"
)
