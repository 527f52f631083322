package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// programs compiles what the browser runs, small: the one of the first visit,
// and the whole decoder, which comes later. Nothing of the machine they are
// built on stays in them.
func (s *site) programs(root string) error {
	mod, err := slimApp(root)
	if err != nil {
		return fmt.Errorf("go-app: %w", err)
	}
	first, err := compile(root, filepath.Join(root, "build", "programfirst.wasm"), "./wasm", "-modfile="+mod, "-tags=first")
	if err != nil {
		return fmt.Errorf("the program: %w", err)
	}
	later, err := compile(root, filepath.Join(root, "build", "program.wasm"), "./wasm", "-modfile="+mod)
	if err != nil {
		return fmt.Errorf("the decoder: %w", err)
	}
	if !bytes.Contains(first, drawing) || bytes.Contains(later, drawing) {
		return errors.New("the page belongs to the first program, and to no other")
	}
	s.asset("program", "derscope.wasm", first)
	s.firstVisit("program")
	s.asset("decoder", "decoder.wasm", later)
	return nil
}

// drawing is the name of a function that only a program that draws has.
var drawing = []byte("derscope/web.(*Page).Render")

// compile makes the program of a package, by way of a file.
func compile(root, file, pkg string, flags ...string) ([]byte, error) {
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-gcflags=all=-l"}, flags...)
	for _, p := range inlined {
		args = append(args, "-gcflags="+p+"=")
	}
	cmd := exec.Command("go", append(args, "-o", file, pkg)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	octets, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return joinSegments(octets, func(memory []byte) error {
		return cmp.Or(dropLines(memory), coarsenLookup(memory))
	})
}

// inlined are the packages whose functions the compiler may still put into
// their callers: those that compute in small steps. Elsewhere that would make
// the program a tenth longer (brotli), and nothing that a visitor notices
// faster.
var inlined = []string{
	"runtime/...", "internal/...", "crypto/internal/fips140/...", "math/big", "math/bits",
	"github.com/cloudflare/circl/...", "derscope/decode/der",
}

// scripts are ours, in the order in which they are joined: what starts the
// program stands last.
var scripts = []string{"states.js", "offline.js", "focus.js", "pointing.js", "links.js", "takeaway.js", "pictures.js", "elements.js", "examples.js", "relay.js", "derscope.js"}

// start makes the one script: the toolchain's wasm_exec.js, then ours, which
// is told the names of the files.
func (s *site) start(root string) error {
	goroot, err := goEnv("GOROOT")
	if err != nil {
		return err
	}
	script, err := os.ReadFile(filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	files := map[string]string{}
	for _, name := range []string{"program", "decoder", "explanations", "examples", "vectors"} {
		files[name] = s.named[name]
	}
	list, err := json.Marshal(files) // in the order of the names
	if err != nil {
		return err
	}
	sizes, err := json.Marshal(map[string]int{
		"program": len(s.files[files["program"]]), "decoder": len(s.files[files["decoder"]]),
	})
	if err != nil {
		return err
	}
	for _, name := range scripts {
		ours, err := os.ReadFile(filepath.Join(root, "wasm", "assets", name))
		if err != nil {
			return err
		}
		if name == "derscope.js" {
			if ours, err = fill(ours, map[string][]byte{"__FILES__": list, "__SIZES__": sizes}); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		script = append(append(script, '\n'), ours...)
	}
	s.asset("script", "derscope.js", script)
	s.firstVisit("script")
	return nil
}
