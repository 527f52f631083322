package e2e

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/websocket"
)

// bidi is a browser that is driven by WebDriver BiDi, as Firefox is: requests
// and answers with numbers, and events, as JSON over a WebSocket.
type bidi struct {
	conn *websocket.Conn

	mu      sync.Mutex
	last    int
	waiting map[int]chan answer
	heard   map[string]func(method string, params json.RawMessage) // by the context that it happens in
	gone    error
}

type answer struct {
	Type, Error, Message string
	ID                   int
	Result               json.RawMessage
}

// quiet keeps Firefox from asking the world for anything of its own.
const quiet = `
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.newtabpage.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.search.update", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.page", 0);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("dom.push.connection.enabled", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("remote.active-protocols", 1);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.server", "data:,");
`

// startFirefox starts a Firefox without a window, in a profile of its own.
func startFirefox(path string) (b *bidi, stop func(), err error) {
	dir, err := os.MkdirTemp("", "derscope-firefox")
	if err != nil {
		return nil, nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "user.js"), []byte(quiet), 0o600); err != nil {
		return nil, nil, err
	}
	const origin = "http://127.0.0.1"
	cmd := exec.Command(path, "--headless", "--no-remote", "--remote-debugging-port=0", "--remote-allow-origins", origin, "--profile", dir, "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+dir, "MOZ_HEADLESS_WIDTH=1440", "MOZ_HEADLESS_HEIGHT=900")
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		cmd.Process.Kill()
		cmd.Wait()
		os.RemoveAll(dir)
	}
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
				address <- url
			}
		}
	}()
	select {
	case url := <-address:
		conn, err := websocket.Dial(url+"/session", "", origin)
		if err != nil {
			stop()
			return nil, nil, err
		}
		conn.MaxPayloadBytes = 1 << 26
		b = &bidi{conn: conn, waiting: map[int]chan answer{}, heard: map[string]func(string, json.RawMessage){}}
		go b.listen()
	case <-time.After(time.Minute):
		stop()
		return nil, nil, errors.New("it does not say where it listens")
	}
	_, err = b.call("session.new", map[string]any{"capabilities": map[string]any{}})
	if err == nil {
		_, err = b.call("session.subscribe", map[string]any{"events": []string{"log.entryAdded", "network.beforeRequestSent"}})
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return b, stop, nil
}

// listen hands answers to who waits for them, and events to the page that
// they are about.
func (b *bidi) listen() {
	for {
		var text []byte
		if err := websocket.Message.Receive(b.conn, &text); err != nil {
			b.mu.Lock()
			b.gone = fmt.Errorf("the browser has gone: %w", err)
			for _, c := range b.waiting {
				close(c)
			}
			b.waiting = nil
			b.mu.Unlock()
			return
		}
		var m struct {
			answer
			Method string
			Params json.RawMessage
		}
		if json.Unmarshal(text, &m) != nil {
			continue
		}
		if m.Type == "event" {
			var where struct {
				Context string
				Source  struct{ Context string }
			}
			json.Unmarshal(m.Params, &where) // an event of neither is nobody's
			b.mu.Lock()
			heard := b.heard[where.Context+where.Source.Context]
			b.mu.Unlock()
			if heard != nil {
				heard(m.Method, m.Params)
			}
			continue
		}
		b.mu.Lock()
		c := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		if c != nil {
			c <- m.answer
		}
	}
}

// call sends a command and waits for its result.
func (b *bidi) call(method string, params any) (json.RawMessage, error) {
	b.mu.Lock()
	if b.gone != nil {
		b.mu.Unlock()
		return nil, b.gone
	}
	b.last++
	id, c := b.last, make(chan answer, 1)
	b.waiting[id] = c
	b.mu.Unlock()
	if err := websocket.JSON.Send(b.conn, map[string]any{"id": id, "method": method, "params": params}); err != nil {
		return nil, err
	}
	select {
	case a, ok := <-c:
		switch {
		case !ok:
			return nil, b.gone
		case a.Type == "error":
			return nil, fmt.Errorf("%s: %s: %s", method, a.Error, a.Message)
		}
		return a.Result, nil
	case <-time.After(time.Minute):
		return nil, fmt.Errorf("%s: no answer within a minute", method)
	}
}

// fox is a page of the site in Firefox, in a profile of its own.
type fox struct {
	*testing.T
	b       *bidi
	site    *site
	context string

	mu         sync.Mutex
	complaints []string
}

// witness has whatever the policy refuses told where it is heard.
const witness = `() => { addEventListener("securitypolicyviolation", (e) => console.error("refused by the policy: " + e.violatedDirective + " " + e.blockedURI)); }`

func openFox(t *testing.T) *fox {
	t.Helper()
	if os.Getenv("DERSCOPE_FIREFOX") == "" {
		t.Skip("tests in Firefox are left out: make test runs them")
	}
	if firefox.err != nil {
		t.Fatal("Firefox does not start: ", firefox.err)
	}
	f := &fox{T: t, b: firefox.b, site: newSite(t)}
	var made struct{ UserContext, Context string }
	f.call("browser.createUserContext", map[string]any{}, &made)
	f.call("browsingContext.create", map[string]any{"type": "tab", "userContext": made.UserContext}, &made)
	f.context = made.Context
	f.b.mu.Lock()
	f.b.heard[f.context] = f.hear
	f.b.mu.Unlock()
	f.call("browsingContext.setViewport", map[string]any{"context": f.context, "viewport": map[string]int{"width": 1440, "height": 900}}, nil)
	for _, script := range []string{"() => " + clock, witness} {
		f.call("script.addPreloadScript", map[string]any{"functionDeclaration": script, "contexts": []string{f.context}}, nil)
	}
	t.Cleanup(func() {
		f.call("browser.removeUserContext", map[string]any{"userContext": made.UserContext}, nil)
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, c := range f.complaints {
			t.Errorf("the page: %s", c)
		}
	})
	f.navigate(f.site.url)
	return f
}

// hear notes what the page complains about and where it asks for something.
func (f *fox) hear(method string, params json.RawMessage) {
	var e struct {
		Level, Text string
		Request     struct{ URL string }
	}
	json.Unmarshal(params, &e) // what is not said stays empty
	f.mu.Lock()
	defer f.mu.Unlock()
	if method == "log.entryAdded" && (e.Level == "error" || e.Level == "warn") {
		f.complaints = append(f.complaints, "console: "+e.Level+": "+e.Text)
	}
	if u := e.Request.URL; u != "" && !strings.HasPrefix(u, f.site.url) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
		f.complaints = append(f.complaints, "request outside the site: "+u)
	}
}

func (f *fox) call(method string, params, result any) {
	f.Helper()
	got, err := f.b.call(method, params)
	if err == nil && result != nil {
		err = json.Unmarshal(got, result)
	}
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fox) navigate(url string) {
	f.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.context, "url": url, "wait": "complete"}, nil)
}

// see computes an expression in the page; promises are waited for. It may use
// what only a user's act allows.
func see[T any](f *fox, expr string) (got T) {
	f.Helper()
	var a struct {
		Type             string
		Result           struct{ Value string }
		ExceptionDetails struct{ Text string }
	}
	f.call("script.evaluate", map[string]any{
		"expression": "Promise.resolve(" + expr + ").then((v) => JSON.stringify(v ?? null))",
		"target":     map[string]string{"context": f.context}, "awaitPromise": true, "userActivation": true,
	}, &a)
	if a.Type != "success" {
		f.Fatalf("%s: %s", expr, a.ExceptionDetails.Text)
	}
	if err := json.Unmarshal([]byte(a.Result.Value), &got); err != nil {
		f.Fatalf("%s gives %s: %v", expr, a.Result.Value, err)
	}
	return got
}

func (f *fox) wait(expr string) {
	f.Helper()
	for end := time.Now().Add(patience); !see[bool](f, "!!("+expr+")"); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			f.shot("failed-" + strings.ReplaceAll(f.Name(), "/", "-"))
			f.Fatalf("waiting for %s\nthe page reads:\n%s", expr, see[string](f, "document.body.innerText.slice(0, 1500)"))
		}
	}
}

// acts are what a hand does: keys or a pointer, one act after the other.
func (f *fox) acts(kind string, acts []map[string]any) {
	f.Helper()
	f.call("input.performActions", map[string]any{"context": f.context, "actions": []any{map[string]any{"type": kind, "id": kind, "actions": acts}}}, nil)
}

// keys presses keys one after the other, each while those of held are down.
func (f *fox) keys(text string, held ...string) {
	f.Helper()
	var acts []map[string]any
	do := func(kind, key string) { acts = append(acts, map[string]any{"type": kind, "value": key}) }
	for _, h := range held {
		do("keyDown", h)
	}
	for _, r := range text {
		do("keyDown", string(r))
		do("keyUp", string(r))
	}
	for _, h := range held {
		do("keyUp", h)
	}
	f.acts("key", acts)
}

// Keys of WebDriver that are no characters.
const control, enter, escape, arrowDown = "\uE009", "\uE007", "\uE00C", "\uE015"

// click clicks the middle of an element, or a place in it given as a part of
// its width.
func (f *fox) click(css string, part ...float64) {
	f.Helper()
	f.wait(`document.querySelector(` + quote(css) + `)`)
	across := .5
	if len(part) > 0 {
		across = part[0]
	}
	at := see[[]int](f, fmt.Sprintf(`(async () => { // once it stays where it is
		const e = document.querySelector(%s);
		e.scrollIntoView({ block: "nearest" });
		let box = e.getBoundingClientRect();
		for (let was; was?.x !== box.x || was.y !== box.y; box = e.getBoundingClientRect()) {
			was = box;
			await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
		}
		return [Math.round(box.x + box.width * %f), Math.round(box.y + box.height / 2)];
	})()`, quote(css), across))
	f.acts("pointer", []map[string]any{
		{"type": "pointerMove", "x": at[0], "y": at[1]},
		{"type": "pointerDown", "button": 0},
		{"type": "pointerUp", "button": 0},
	})
}

// paste puts text into the box from the clipboard.
func (f *fox) paste(text string) {
	f.Helper()
	see[bool](f, `navigator.clipboard.writeText(`+quote(text)+`).then(() => (document.getElementById("input").select(), document.getElementById("input").focus(), true))`)
	f.keys("v", control)
}

func (f *fox) shot(name string) {
	f.Helper()
	var picture struct{ Data string }
	f.call("browsingContext.captureScreenshot", map[string]any{"context": f.context}, &picture)
	png, err := base64.StdEncoding.DecodeString(picture.Data)
	if err != nil {
		f.Fatal(err)
	}
	dir := filepath.Join("..", "..", "build", "screens")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		f.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		f.Fatal(err)
	}
}
