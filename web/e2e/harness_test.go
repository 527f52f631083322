package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser that all tests share; each has a profile of its
// own in it.
var chromium struct {
	once    sync.Once
	ctx     context.Context
	err     error
	foreign foreign
}

// foreign stands for the rest of the world: the browser's proxy for every
// address but the loopback ones. It answers nothing and remembers who asked,
// but for a site that a test has put there: see elsewhere.
type foreign struct {
	mu    sync.Mutex
	hosts []string
	sites sync.Map // http.Handler, by host
}

// browsersOwn are hosts that Chromium asks on its own account now and then,
// whatever page it shows. That the page asks none of them, its own requests
// show: see listen.
var browsersOwn = regexp.MustCompile(`\.(google|googleapis|gstatic|gvt1)\.com(:443)?$`)

func (f *foreign) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if site, ok := f.sites.Load(r.Host); ok {
		site.(http.Handler).ServeHTTP(w, r)
		return
	}
	if !browsersOwn.MatchString(r.Host) {
		f.mu.Lock()
		f.hosts = append(f.hosts, r.Host)
		f.mu.Unlock()
	}
	http.Error(w, "the tests have no network", http.StatusBadGateway)
}

func (f *foreign) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	got := f.hosts
	f.hosts = nil
	return got
}

func TestMain(m *testing.M) {
	stop := func() {}
	if path := os.Getenv("DERSCOPE_BROWSER"); path != "" {
		stop = start(path)
	}
	stopFirefox := func() {}
	if path := os.Getenv("DERSCOPE_FIREFOX"); path != "" {
		if firefox.b, stopFirefox, firefox.err = startFirefox(path); firefox.err != nil {
			stopFirefox = func() {}
		}
	}
	code := m.Run()
	stop()
	stopFirefox()
	os.Exit(code)
}

func start(path string) (stop func()) {
	world := httptest.NewServer(&chromium.foreign)
	dir, err := os.MkdirTemp("", "derscope-browser")
	if err != nil {
		chromium.err = err
		return world.Close
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options,
		chromedp.ExecPath(path),
		chromedp.UserDataDir(dir),
		chromedp.NoSandbox, // it does not start as root otherwise, as in a container
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-features", "Translate,AutofillServerCommunication,OptimizationHints,MediaRouter"),
		chromedp.Flag("allow-browser-signin", "false"),
		chromedp.ProxyServer(world.URL),
	)
	ctx, closeAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	chromium.ctx, chromium.err = ctx, chromedp.Do(ctx)
	return func() {
		closeBrowser()
		closeAllocator()
		world.Close()
		os.RemoveAll(dir)
	}
}

// page is a page of the site in a browser profile of its own.
type page struct {
	*testing.T
	ctx  context.Context
	site *site
	url  string

	mu         sync.Mutex
	workers    []target.ID // that the page has started
	complaints []string
	allowed    []string // parts of complaints that the test provokes
	pressed    bool     // a button of the mouse
}

// open shows the site. It returns when the page has been read and its program
// may still be on its way: see ready.
func open(t *testing.T) *page {
	t.Helper()
	p := blank(t)
	p.navigate(p.url)
	return p
}

// blank is the page before it is opened.
func blank(t *testing.T) *page {
	t.Helper()
	if os.Getenv("DERSCOPE_BROWSER") == "" {
		t.Skip("browser tests are left out: make test runs them")
	}
	if chromium.err != nil {
		t.Fatal("the browser does not start: ", chromium.err)
	}
	chromium.foreign.asked()
	return tab(t, newSite(t), chromium.ctx, chromedp.WithNewBrowserContext())
}

// beside is another page of the same site in the same profile.
func (p *page) beside() *page { return tab(p.T, p.site, p.ctx) }

func tab(t *testing.T, s *site, parent context.Context, options ...chromedp.ContextOption) *page {
	t.Helper()
	ctx, closePage := chromedp.NewContext(parent, options...)
	ctx, cancel := context.WithTimeout(ctx, 10*patience)
	p := &page{T: t, ctx: ctx, site: s, url: s.url}
	p.do(
		cdpDo(network.Enable, network.EnableParams{}),
		chromedp.EmulateViewport(1440, 900),
	)
	p.first(clock)
	p.first(thrift)
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		p.permit(name, browser.PermissionSettingGranted)
	}
	p.listen()
	t.Cleanup(func() {
		p.check()
		cancel()
		closePage()
	})
	return p
}

// first has a script run before the page's own, in all that is opened from now on.
func (p *page) first(script string) {
	p.Helper()
	p.do(cdpDo(cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script}))
}

// permit answers for the user when the page asks to do something.
func (p *page) permit(name string, setting browser.PermissionSetting) {
	p.Helper()
	_, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission:       &browser.PermissionDescriptor{Name: name},
		Setting:          setting,
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	})
	if err != nil {
		p.Fatal(err)
	}
}

// clock lets the page begin shortly after the moment that the vectors are
// judged at.
const clock = `{
	const Real = Date, shift = Real.parse("2026-11-20T09:12:00Z") - Real.now();
	Date = class extends Real {
		constructor(...args) { args.length ? super(...args) : super(Real.now() + shift); }
		static now() { return Real.now() + shift; }
	};
}`

// thrift keeps the page with the program that it begins with until it needs the
// whole decoder: which of the two answers must not depend on how long a test
// takes. A test that says rich takes the page as it comes.
const thrift = `if (self.NetworkInformation)
	Object.defineProperty(NetworkInformation.prototype, "saveData", { get: () => !self.rich });`

func (p *page) rich() { p.first("self.rich = true") }

func cdpDo[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// listen notes what the page complains about and where it asks for something.
func (p *page) listen() {
	go func() {
		for m, err := range chromedp.Console(p.ctx) {
			if err != nil {
				return
			}
			switch m.Type {
			case chromedp.ConsoleError, chromedp.ConsoleException, chromedp.ConsoleWarning:
				p.complain("console: " + string(m.Type) + ": " + m.Text + " " + m.URL)
			}
		}
	}()
	err := chromedp.Listen(p.ctx, func(ev any) {
		switch e := ev.(type) {
		case *target.EventAttachedToTarget:
			if e.TargetInfo.Type == "worker" {
				p.mu.Lock()
				p.workers = append(p.workers, e.TargetInfo.TargetID)
				p.mu.Unlock()
			}
		case *network.EventRequestWillBeSent:
			u := e.Request.URL
			if !strings.HasPrefix(u, p.site.url) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
				p.complain("request outside the site: " + u)
			}
		}
	})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *page) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, text)
}

// allow says that the test provokes complaints with this in them.
func (p *page) allow(part string) { p.allowed = append(p.allowed, part) }

func (p *page) check() {
	for _, host := range chromium.foreign.asked() {
		p.Errorf("the browser asked %s for something", host)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
next:
	for _, c := range p.complaints {
		for _, a := range p.allowed {
			if strings.Contains(c, a) {
				continue next
			}
		}
		p.Errorf("the page: %s", c)
	}
}

// do acts on the page, or ends the test.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

func (p *page) navigate(url string) {
	p.Helper()
	p.do(chromedp.Navigate(url))
}

// ready waits until the program draws the page and its worker can judge.
func (p *page) ready() {
	p.Helper()
	p.wait(`document.documentElement.dataset.program === "ready" && document.documentElement.dataset.decoder === "ready"`)
}

// wait waits until an expression is true, for several times as long as the slowest
// thing that the page does by itself: giving a hung worker up.
func (p *page) wait(expr string) {
	p.Helper()
	var err error
	for end := time.Now().Add(patience); ; {
		_, err = chromedp.Run(p.ctx, chromedp.Poll[bool]("!!("+expr+")",
			chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(patience)))
		if err == nil || !reloaded.MatchString(err.Error()) || time.Now().After(end) {
			break
		}
	}
	if err != nil {
		p.shot("failed-" + strings.ReplaceAll(p.Name(), "/", "-"))
		p.Fatalf("waiting for %s: %v\nthe page reads:\n%s", expr, err, eval[string](p, "document.body.innerText.slice(0, 1500)"))
	}
}

// patience is what a machine may need that is busy with other tests.
const patience = time.Minute

// reloaded is what is said when a page gives way to the next while it is asked.
var reloaded = regexp.MustCompile(`context with specified id|context was destroyed|navigated or closed`)

// eval computes an expression in the page; promises are waited for.
func eval[T any](p *page, expr string) T {
	p.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expr, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expr, err)
	}
	return got
}

// inWorker runs a script in the page's newest worker.
func (p *page) inWorker(script string) {
	p.Helper()
	p.mu.Lock()
	id := p.workers[len(p.workers)-1]
	p.mu.Unlock()
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script+"; true")); err != nil {
		p.Fatalf("in the worker: %s: %v", script, err)
	}
}

// text is what an element shows; "" if there is no such element.
func (p *page) text(css string) string {
	p.Helper()
	return eval[string](p, fmt.Sprintf(`document.querySelector(%s)?.innerText ?? ""`, quote(css)))
}

func (p *page) click(css string) {
	p.Helper()
	p.do(chromedp.Click(chromedp.CSS(css)))
}

func (p *page) focus(css string) {
	p.Helper()
	p.do(chromedp.Focus(chromedp.CSS(css)))
}

// keys types into whatever has the focus.
func (p *page) keys(keys string) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// paste puts text into an element from the clipboard, as Ctrl+V does.
func (p *page) paste(css, text string) {
	p.Helper()
	p.focus(css)
	p.clipboard(text)
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		key := input.DispatchKeyEventParams{Type: kind, Modifiers: int64(chromedp.ModifierCtrl), Key: "v", Code: "KeyV", WindowsVirtualKeyCode: 'V'}
		if kind == input.DispatchKeyEventTypeRawKeyDown {
			key.Commands = []string{"paste"}
		}
		p.do(cdpDo(input.DispatchKeyEvent, key))
	}
}

// clipboard fills the clipboard.
func (p *page) clipboard(text string) {
	p.Helper()
	eval[bool](p, fmt.Sprintf(`navigator.clipboard.writeText(%s).then(() => true)`, quote(text)))
}

// drop lets files fall on an element, as from the desktop.
func (p *page) drop(css string, files map[string][]byte) {
	p.Helper()
	list, err := json.Marshal(files) // octets as base64
	if err != nil {
		p.Fatal(err)
	}
	eval[bool](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%s), data = new DataTransfer();
		for (const [name, b64] of Object.entries(%s))
			data.items.add(new File([Uint8Array.from(atob(b64), (c) => c.charCodeAt(0))], name));
		for (const type of ["dragenter", "dragover", "drop"])
			e.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
		return true;
	})()`, quote(css), list))
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string always has a JSON form
	return string(b)
}

// The windows that pictures are taken of: a desk, a tablet, a telephone.
var windows = []struct{ width, height int64 }{{1440, 900}, {820, 1180}, {390, 844}}

// shots takes pictures of the page in every window, light and dark, into
// build/screens.
func (p *page) shots(name string) {
	p.Helper()
	for _, w := range windows {
		for _, scheme := range []string{"light", "dark"} {
			p.do(chromedp.EmulateViewport(w.width, w.height))
			p.scheme(scheme)
			// go-app tells of a new size after 250 ms.
			eval[bool](p, "new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(true)), 350))")
			p.shot(fmt.Sprintf("%s-%d-%s", name, w.width, scheme))
		}
	}
	p.do(
		chromedp.EmulateViewport(1440, 900),
		cdpDo(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{}),
	)
}

// scheme has the page drawn light or dark.
func (p *page) scheme(scheme string) {
	p.Helper()
	p.do(cdpDo(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	}))
}

// shot takes one picture, of the window as it is.
func (p *page) shot(name string) {
	p.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.Errorf("no picture %s: %v", name, err)
		return
	}
	dir := filepath.Join("..", "..", "build", "screens")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		p.Fatal(err)
	}
}
