// Command build makes the site: everything that a plain file server needs to
// publish derscope, at any path, in build/site, and the same as a zip.
//
//	go run ./cmd/build [-o build/site] [-size | -quick | -edge]
//	go run ./cmd/build -tool chromium
//	go run ./cmd/build -fuzz 30s
//
// It owns every file there. The programs, the one that a visit begins with and
// the whole decoder, are compiled for the browser with the toolchain at hand, and
// that toolchain's wasm_exec.js is published with them.
// The page is drawn through go-app's handler and rewritten, so that it can be
// read before the program has come. All files but the page and the manifest
// carry a hash in their names; beside each lies its brotli and gzip form. What
// servers are to send with them stands in _headers, and for nginx in
// build/nginx.conf. Two builds of a commit give the same octets.
//
// # Why not go-app's own static site
//
// Its page quotes attributes as Go does and prints them in random order, its
// script and service worker need what the policy forbids, its wasm_exec.js is
// that of Go 1.21, and its icons lie at another origin.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", filepath.Join("build", "site"), "folder to make the site in")
	list := flag.Bool("size", false, "print the size of every file of the first visit")
	quick := flag.Bool("quick", false, "leave out the compressed forms, and the look at the size: a site to try things with")
	worker := flag.Bool("edge", false, "make the worker alone, in build/edge, without the site beside it")
	find := flag.String("tool", "", "instead, print where chromium, firefox, node, axe, workerd or wrangler is, and install it if need be")
	each := flag.Duration("fuzz", 0, "instead, run each fuzz target for so long")
	flag.Parse()
	var err error
	switch {
	case *find != "":
		var path string
		if path, err = tool(*find); err == nil {
			fmt.Println(path)
		}
	case *each != 0:
		err = fuzz(*each)
	case *worker:
		err = edgeAlone()
	default:
		err = build(*out, *list, *quick)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

// build makes the site in the folder out of the module that it stands in.
func build(out string, list, quick bool) error {
	root, err := goEnv("GOMOD")
	if err != nil {
		return err
	}
	root = filepath.Dir(root)
	s := newSite(filepath.Join(root, "build", "cache"))
	if err := s.programs(root); err != nil {
		return err
	}
	if err := s.styles(root); err != nil {
		return err
	}
	if err := s.texts(); err != nil {
		return err
	}
	if err := s.examples(root); err != nil {
		return err
	}
	if err := s.start(root); err != nil {
		return err
	}
	if err := s.icons(); err != nil {
		return err
	}
	if err := s.docs(root); err != nil {
		return err
	}
	if err := s.page(); err != nil {
		return err
	}
	if err := s.keeper(root); err != nil {
		return err
	}
	if !quick {
		if err := s.compress(); err != nil {
			return err
		}
	}
	if err := s.write(out); err != nil {
		return err
	}
	// The command embeds the site, and go:embed reaches no other folder.
	if err := s.write(filepath.Join(root, "cmd", "derscope", "site")); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, "build", "nginx.conf"), nginx(), 0o644); err != nil {
		return err
	}
	if err := s.pack(filepath.Join(root, "build", "derscope.zip"), dated(root)); err != nil {
		return err
	}
	if quick {
		return nil
	}
	if err := s.edge(root); err != nil {
		return err
	}
	return s.budget(os.Stdout, list)
}

// goEnv asks the toolchain that builds the program.
func goEnv(name string) (string, error) {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return "", fmt.Errorf("go env %s: %w", name, err)
	}
	return strings.TrimSpace(string(out)), nil
}
