package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// slimApp copies go-app without what the page does not use, and gives a go.mod
// that takes the copy. Left out is the half for servers, which would bring HTTP,
// TLS and templates into the page; templates look methods up by name, so with
// them the linker also keeps every method of every type. JSON, regular
// expressions and random identifiers give way to stand-ins: go-app wants them
// for kept states, notifications and routes, of which the page has none. All
// in all that is a sixth of the program (brotli).
func slimApp(root string) (mod string, err error) {
	list := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", goApp)
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return "", err
	}
	from, to := strings.TrimSpace(string(out)), filepath.Join(root, "build", "go-app")
	if err := os.RemoveAll(to); err != nil {
		return "", err
	}
	for _, dir := range []string{"", "pkg/app", "pkg/errors"} {
		if err := copyFiles(filepath.Join(from, dir), filepath.Join(to, dir)); err != nil {
			return "", err
		}
	}
	app := filepath.Join(to, "pkg", "app")
	for _, name := range []string{"http.go", "resource.go", "static.go", "wasm.go", "wasmexec.go"} {
		if err := os.Remove(filepath.Join(app, name)); err != nil {
			return "", err
		}
	}
	for name, text := range standIns {
		f := filepath.Join(to, "pkg", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(f, []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	gosum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return "", err
	}
	mod = filepath.Join(root, "build", "page.mod")
	gomod = fmt.Appendf(gomod, "\nreplace %s => ./build/go-app\n", goApp)
	if err := os.WriteFile(mod, gomod, 0o644); err != nil {
		return "", err
	}
	return mod, os.WriteFile(filepath.Join(root, "build", "page.sum"), gosum, 0o644)
}

const goApp = "github.com/maxence-charriere/go-app/v9"

// standIns are files of the copy: what the rest of go-app v9.8.0 needs of the
// parts left out.
var standIns = map[string]string{
	"app/client.go": `package app

import "strings"

func isRemoteLocation(path string) bool {
	return strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://")
}

func isStaticResourcePath(path string) bool {
	return strings.HasPrefix(path, "/web/") || strings.HasPrefix(path, "web/")
}
`,
	"slim/json/json.go": `package json

import "errors"

var errSlim = errors.New("this program has no JSON")

type RawMessage []byte

func Marshal(any) ([]byte, error)                       { return nil, errSlim }
func MarshalIndent(any, string, string) ([]byte, error) { return nil, errSlim }
func Unmarshal([]byte, any) error                       { return errSlim }
`,
	"slim/regexp/regexp.go": `package regexp

import "strings"

// Regexp is the pattern of a route: ^ and the beginning of a path.
type Regexp struct{ prefix string }

func MustCompile(pattern string) *Regexp {
	prefix, ok := strings.CutPrefix(pattern, "^")
	if !ok || strings.ContainsAny(prefix, "\\.+*?()|[]{}^$") {
		panic("this program knows no patterns but ^/path")
	}
	return &Regexp{prefix}
}

func (r *Regexp) MatchString(s string) bool { return strings.HasPrefix(s, r.prefix) }
`,
	"slim/uuid/uuid.go": `package uuid

import "strconv"

var last int

func NewString() string {
	last++
	return strconv.Itoa(last)
}
`,
}

// stood is what stand-ins take the place of.
var stood = strings.NewReplacer(
	`"encoding/json"`, `"`+goApp+`/pkg/slim/json"`,
	`"regexp"`, `"`+goApp+`/pkg/slim/regexp"`,
	`"github.com/google/uuid"`, `"`+goApp+`/pkg/slim/uuid"`,
	"\tBody HTMLBody\n", "\tBody UI\n", // the engine asks for its type
)

// copyFiles copies the go.mod and the Go files of one folder, without tests, and turns
// their imports to the stand-ins.
func copyFiles(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	found, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, f := range found {
		name := f.Name()
		if name != "go.mod" && (!strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		switch name {
		case "html_gen.go":
			b, err = oneElement(b)
		case "state.go":
			b, err = keepNothing(b)
		}
		if err != nil {
			return err
		}
		b = []byte(stood.Replace(string(b)))
		if err := os.WriteFile(filepath.Join(to, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// keepNothing lets go-app leave the browser's storage alone. Every minute it
// looks there for states to drop, of the whole origin; the page keeps none, and
// where the browser refuses storage the mere look would end the program.
func keepNothing(src []byte) ([]byte, error) {
	const look = "func (s *store) expireExpriredPersistentValues() {\n"
	before, after, ok := strings.Cut(string(src), look)
	_, after, closed := strings.Cut(after, "\n}\n")
	if !ok || !closed {
		return nil, errors.New("state.go looks for kept states in a way of its own")
	}
	return []byte(before + look + "}\n" + after), nil
}
