package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// program compiles what the browser runs, small. Nothing of the machine it is
// built on stays in it.
func (s *site) program(root string) error {
	mod, err := slimApp(root)
	if err != nil {
		return fmt.Errorf("go-app: %w", err)
	}
	file := filepath.Join(root, "build", "derscope.wasm")
	args := []string{"build", "-modfile=" + mod, "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-gcflags=all=-l"}
	for _, p := range inlined {
		args = append(args, "-gcflags="+p+"=")
	}
	cmd := exec.Command("go", append(args, "-o", file, "./wasm")...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the program: %w", err)
	}
	octets, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if octets, err = joinSegments(octets, dropLines); err != nil {
		return err
	}
	s.asset("program", "derscope.wasm", octets)
	s.firstVisit("program")
	return nil
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
var scripts = []string{"states.js", "offline.js", "focus.js", "pointing.js", "links.js", "takeaway.js", "examples.js", "derscope.js"}

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
	for _, name := range []string{"program", "explanations", "examples", "vectors"} {
		files[name] = s.named[name]
	}
	list, err := json.Marshal(files) // in the order of the names
	if err != nil {
		return err
	}
	size := strconv.Itoa(len(s.files[files["program"]]))
	for _, name := range scripts {
		ours, err := os.ReadFile(filepath.Join(root, "wasm", "assets", name))
		if err != nil {
			return err
		}
		if name == "derscope.js" {
			if ours, err = fill(ours, map[string][]byte{"__FILES__": list, "__SIZE__": []byte(size)}); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		script = append(append(script, '\n'), ours...)
	}
	s.asset("script", "derscope.js", script)
	s.firstVisit("script")
	return nil
}
