package main

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// edgeBudget is the most that the worker's program may have, in octets of gzip.
// It is the whole decoder, so that a report of the edge has the octets of one
// of derscope serve; it is what was measured and a twentieth.
const edgeBudget = 4_100_000

// edgeMemory is the most that it may grow to: the host ends what has more than
// 128 MiB, with all requests in it, and JavaScript has copies of its own.
const edgeMemory = 80 << 20

// edge makes what is deployed to Cloudflare Workers: the program of package
// wasm/edge, the modules that start it, the configuration, and the site
// without the compressed forms, which are made anew there.
func (s *site) edge(root string) error {
	program, err := workerProgram(root, filepath.Join(root, "build"))
	if err != nil {
		return fmt.Errorf("the worker: %w", err)
	}
	goroot, err := goEnv("GOROOT")
	if err != nil {
		return err
	}
	files := map[string][]byte{"derscope.wasm": program}
	for name, from := range map[string]string{
		"worker.mjs":     filepath.Join(root, "wasm", "edge", "worker.mjs"),
		"wrangler.jsonc": filepath.Join(root, "wasm", "edge", "wrangler.jsonc"),
		"wasm_exec.mjs":  filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"),
	} {
		if files[name], err = os.ReadFile(from); err != nil {
			return err
		}
	}
	for p, octets := range s.files {
		if ext := path.Ext(p); ext != ".br" && ext != ".gz" {
			files["site/"+p] = octets
		}
	}
	if err := (&site{files: files}).write(filepath.Join(root, "build", "edge")); err != nil {
		return err
	}
	short, err := s.cached(program, ".gz", toGzip)
	if err != nil {
		return err
	}
	fmt.Printf("worker %d of %d octets (gzip)\n", len(short), edgeBudget)
	if len(short) > edgeBudget {
		return fmt.Errorf("the worker is over its size budget")
	}
	return nil
}

// workerProgram compiles the program of the worker.
func workerProgram(root, dir string) ([]byte, error) {
	program, err := compile(root, filepath.Join(dir, "edge.wasm"), "./wasm/edge")
	if err != nil {
		return nil, err
	}
	return capMemory(program, edgeMemory)
}

// edgeAlone makes the worker without the site beside it: for tests, and to try things with.
func edgeAlone() error {
	root, err := goEnv("GOMOD")
	if err != nil {
		return err
	}
	root = filepath.Dir(root)
	return newSite(filepath.Join(root, "build", "cache")).edge(root)
}
