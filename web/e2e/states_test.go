package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// screens takes pictures of a state, and looks for what shuts people out in
// it, light and dark.
func (p *page) screens(name string) {
	p.Helper()
	p.shots("state-" + name)
	p.shutsNobodyOut(name)
}

// stopped waits for the state in which the program is not there, and gives
// its words.
func (p *page) stopped() string {
	p.Helper()
	p.wait(`!document.getElementById("stopped").hidden`)
	return p.text("#stopped")
}

func (p *page) says(got string, want ...string) {
	p.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			p.Errorf("the page does not say %q but\n%s", w, got)
		}
	}
}

// On a slow link the page shows how far its program has come. What is typed,
// dropped and clicked meanwhile is not lost.
func TestLoading(t *testing.T) {
	p := blank(t)
	p.site.change(func() { p.site.half = true })
	p.site.delay()
	p.navigate(p.url)
	p.wait(`!document.getElementById("loading").hidden && document.getElementById("progress").value > 0`)
	if got := eval[float64](p, `document.getElementById("progress").position`); got < .2 || got > .8 {
		t.Errorf("with half of the program there the bar stands at %f", got)
	}
	p.says(p.text("#loading"), "MB", "paste")
	p.screens("loading")
	p.drop("body", map[string][]byte{"pasted.txt": []byte(vector(t, "good-del-byname"))})
	p.click(`[data-do="files"]`)
	p.site.release()
	p.ready()
	p.verdict("Good: www.example.org")
	p.wait(`document.getElementById("loading").hidden`)
}

// swapped serves another program.
func (p *page) swapped(octets []byte) (back func()) {
	p.Helper()
	whole := p.site.dir
	dir := without(p.T, whole, "derscope.*.wasm")
	if octets != nil {
		names, _ := filepath.Glob(filepath.Join(whole, "assets", "derscope.*.wasm"))
		if err := os.WriteFile(filepath.Join(dir, "assets", filepath.Base(names[0])), octets, 0o644); err != nil {
			p.Fatal(err)
		}
	}
	p.site.change(func() { p.site.dir = dir })
	return func() { p.site.change(func() { p.site.dir = whole }) }
}

// A program that cannot be had is named with its reason. Trying again needs no
// reload, and what is in the box stays there.
func TestNoProgram(t *testing.T) {
	blank(t) // leaves the test out where there is no browser
	names, _ := filepath.Glob(filepath.Join("..", "..", "build", "site", "assets", "derscope.*.wasm"))
	if len(names) == 0 {
		t.Fatal("the site has no program: make build makes it")
	}
	program, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		octets []byte
		want   string
	}{
		{"missing", nil, "The server answers 404"},
		{"cut", program[:len(program)/2], "octets"},
		{"no program", []byte("<!doctype html><title>Sign in to the network</title>"), "octets"},
		{"damaged", append([]byte("\x00asm\x02\x00\x00\x00"), program[8:]...), "version"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := blank(t)
			for _, part := range []string{"wasm", "status of 404", "WebAssembly", "came.", "The server answers"} {
				p.allow(part)
			}
			back := p.swapped(c.octets)
			p.navigate(p.url)
			p.says(p.stopped(), "did not load", c.want, "Try again")
			if eval[bool](p, `document.getElementById("starting")?.checkVisibility() ?? false`) {
				t.Error("the page still says that the decoder starts")
			}
			p.focus("#input")
			p.keys("typed")
			if c.name == "missing" {
				p.screens("no-program")
			}
			p.click("#again") // in vain
			p.says(p.stopped(), c.want)
			back()
			p.focus("#again")
			p.keys("\r")
			p.ready()
			p.wait(`document.getElementById("stopped").hidden`)
			if got := eval[string](p, `document.getElementById("input").value`); got != "typed" {
				t.Errorf("the box holds %q", got)
			}
		})
	}
	t.Run("no network", func(t *testing.T) {
		p := blank(t)
		p.allow("ERR_")
		p.allow("fetch")
		p.site.delay()
		p.navigate(p.url)
		p.site.change(func() { p.site.down = true })
		p.site.release()
		p.says(p.stopped(), "did not load")
		p.site.change(func() { p.site.down = false })
		p.click("#again")
		p.judges()
	})
}

// A program that stops says so, and what was pasted can be taken along.
func TestProgramStops(t *testing.T) {
	p := open(t)
	p.allow("panic")
	p.allow("goroutine")
	p.allow("exit code")
	p.allow("goappNav")
	p.allow("runtime")
	p.judges()
	p.clipboard("something else")
	p.click(`.bar [data-do="sheet"], .bar [data-do="menu"]`)
	eval[bool](p, `(() => { try { goappNav(); } catch {} return true; })()`) // without what it needs
	p.says(p.stopped(), "The program stopped", "still in the box")
	p.screens("stopped")
	p.click("#rescue")
	p.wait(`document.getElementById("rescue").innerText === "Copied"`)
	if got := eval[string](p, `navigator.clipboard.readText()`); got != vector(t, "good-del-byname") {
		t.Errorf("the clipboard holds %.60q", got)
	}
	p.focus("#input")
	p.keys("on") // nobody listens, nothing fails
	p.click("#reload")
	p.ready()
}

// What a browser lacks is named; one without WebAssembly is told so at once.
func TestUnsupported(t *testing.T) {
	p := blank(t)
	p.allow("preloaded")
	p.first(`delete self.WebAssembly; delete self.Worker;`)
	p.navigate(p.url)
	p.says(p.stopped(), "cannot run derscope", "WebAssembly", "Web Workers", "Use a newer browser")
	p.screens("unsupported")
}

// A page that was opened as a file says what to do instead.
func TestAsFile(t *testing.T) {
	p := blank(t)
	p.allow("file:")
	dir, err := filepath.Abs(p.site.dir)
	if err != nil {
		t.Fatal(err)
	}
	p.navigate("file://" + dir + "/index.html")
	p.wait(`document.body.innerText.includes("opened as a file")`)
	p.shot("state-file")
	t.Log(p.text(".states"))
}

// Without its script the page says after a while that it has not come.
func TestNoScript(t *testing.T) {
	p := blank(t)
	p.allow("404")
	p.allow("MIME type")
	p.allow("preloaded")
	p.site.change(func() { p.site.dir = without(t, p.site.dir, ".js") })
	p.navigate(p.url)
	if eval[bool](p, `document.getElementById("bare").checkVisibility({ visibilityProperty: true })`) {
		t.Error("it is said before the script had time to come")
	}
	eval[bool](p, `document.getAnimations().forEach((a) => a.finish()), true`)
	p.wait(`document.getElementById("bare").checkVisibility({ visibilityProperty: true })`)
	p.says(p.text("#bare"), "has not come")
	p.screens("no-script")
}

// With the script there that is never said.
func TestScriptCame(t *testing.T) {
	p := open(t)
	p.ready()
	if n := eval[int](p, `document.getAnimations().filter((a) => a.animationName === "bare").length`); n > 0 {
		t.Error("the page waits to say that its script has not come")
	}
}

// A decoder that never starts is given up, says so, and is started again when
// the user asks for it.
func TestNoDecoder(t *testing.T) {
	p := blank(t)
	p.first(`{
		const Real = Worker;
		self.Worker = class {
			constructor(...args) {
				if (self.mended) return new Real(...args);
				setTimeout(() => this.onerror?.({ preventDefault() {}, message: "workers are switched off" }));
			}
			postMessage() {}
			terminate() {}
		};
	}`)
	p.navigate(p.url)
	p.wait(`document.body.innerText.includes("does not start")`)
	p.says(p.text("#evidence"), "workers are switched off", "Try again")
	p.screens("no-decoder")
	p.paste("#input", vector(t, "good-del-byname"))
	p.wait(`document.querySelector("#verdict")?.innerText.includes("does not start")`)
	eval[bool](p, `self.mended = true`)
	p.click(`[data-do="revive"]`)
	p.ready()
	p.verdict("Good: www.example.org")
}
