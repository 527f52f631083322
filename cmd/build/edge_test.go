package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The worker is built of the same octets in whatever folder the project lies.
// Both builds take what was compiled before from the same cache, so that this
// costs two runs of the linker; two caches were compared by hand.
func TestWorkerIsReproducible(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "build", "edge", "derscope.wasm")); testing.Short() || err != nil {
		t.Skip("compiling it takes long the first time: go run ./cmd/build -edge")
	}
	other := filepath.Join(t.TempDir(), "elsewhere")
	for _, from := range []string{"go.mod", "go.sum", "decode", "web/service", "wasm/edge"} {
		err := filepath.WalkDir(filepath.Join(root, from), func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(p, "_test.go") {
				return err
			}
			octets, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			to := filepath.Join(other, strings.TrimPrefix(p, root))
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			return os.WriteFile(to, octets, 0o644)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var made [][]byte
	for _, dir := range []string{root, other} {
		program, err := workerProgram(dir, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(program, []byte(dir)) {
			t.Errorf("the program names %s, where it was built", dir)
		}
		made = append(made, program)
	}
	if !slices.Equal(made[0], made[1]) {
		t.Errorf("two folders give two programs, of %d and %d octets", len(made[0]), len(made[1]))
	}
}
