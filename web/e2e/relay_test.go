package e2e

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"derscope/web/service"
	"derscope/web/service/relay"
)

// toward sends what the relay sends to a server of the test, whatever its name.
type toward struct{ server *httptest.Server }

func (to toward) Fetch(ctx context.Context, method, url string, body []byte) (int, http.Header, io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, method, to.server.URL, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header = relay.Header(method)
	r.Header.Set("Test-URL", url)
	answer, err := to.server.Client().Do(r)
	if err != nil {
		return 0, nil, nil, errors.New("it was not there")
	}
	return answer.StatusCode, answer.Header, answer.Body, nil
}

// relays puts a service beside the site, which asks a responder of the test.
func (s *site) relays(t *testing.T, responder http.HandlerFunc) {
	server := httptest.NewServer(responder)
	t.Cleanup(server.Close)
	s.change(func() {
		s.api = service.New(service.Options{Version: "test", Relay: &relay.Relay{Fetch: toward{server}}})
	})
}

// responseOf is the DER of a vector's response.
func responseOf(t *testing.T, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(files(t, name)["response.pem"])
	if block == nil {
		t.Fatal(name, " has no response.pem")
	}
	return block.Bytes
}

// set types a value into a field and leaves it.
func (p *page) set(css, value string) {
	p.Helper()
	eval[bool](p, `(() => {
		const e = document.querySelector(`+quote(css)+`);
		e.value = `+quote(value)+`;
		return e.dispatchEvent(new Event("change", { bubbles: true }));
	})()`)
}

// The panel of a static site says why it has no button, and gives commands.
func TestAskStatic(t *testing.T) {
	p := blank(t)
	p.rich()
	p.allow("api/health") // it is not there, which the browser says, too
	p.navigate(p.url)
	p.ready()
	p.drop("body", files(t, "expired"))
	p.verdict("Expired")
	p.click(`#verdict [data-do="asker"]`)
	p.wait(`document.querySelector("#relay-way")?.innerText.includes("plain files")`)
	if n := p.site.asked("api/health"); n != 1 {
		t.Errorf("it was asked %d times whether there is a relay", n)
	}
	if eval[bool](p, `!!document.querySelector('[data-do="send"]')`) {
		t.Error("there is a button")
	}
	text := p.text("#relay-forms")
	for _, want := range []string{
		"openssl ocsp -issuer issuer.pem -cert leaf.pem -no_nonce -url 'http://ocsp.example.org/r3' -respout response.der",
		"curl -sS -o response.der 'http://ocsp.example.org/r3/M", "--data-binary @- 'http://ocsp.example.org/r3'",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	p.click(`#relay-way [data-do="word"]`)
	p.wait(`document.querySelector("#sheet .asked")?.textContent === "relay"`)
	p.keys("\x1b")
	p.axe("the panel of a static site", "{}")
	p.shot("ask-static")
	if text := p.text(".private"); text != "Nothing leaves this page" {
		t.Errorf("the bar says %q", text)
	}
}

// With a service the request is sent when somebody says so, and the answer is
// inspected.
func TestAsk(t *testing.T) {
	p := blank(t)
	p.rich()
	var asked []*http.Request
	p.site.relays(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		w.Header().Set("Content-Type", "application/ocsp-response")
		w.Write(responseOf(t, "good-ca-byname"))
	})
	p.navigate(p.url)
	p.ready()
	p.drop("body", files(t, "expired"))
	p.verdict("Expired")
	if n := p.site.asked("api/health"); n != 0 {
		t.Errorf("it was asked %d times whether there is a relay, and nobody wanted to know", n)
	}
	// All of it by the keys.
	p.focus(`#verdict [data-do="asker"]`)
	p.keys("\r")
	p.wait(`document.activeElement.matches('#request [data-do="builder"][aria-expanded="true"]')`)
	p.wait(`document.querySelector('#relay [data-do="send"]')`)
	for range 10 {
		p.keys("\t")
		if eval[bool](p, `document.activeElement.matches('[data-do="send"]')`) {
			break
		}
	}
	text := p.text("#relay")
	for _, want := range []string{"passes it on to ocsp.example.org", "serial number", "no certificate, no cookie", "issuerKeyHash"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	p.axe("the panel with a relay", "{}")
	for _, w := range windows {
		p.do(chromedp.EmulateViewport(w.width, w.height))
		p.settled()
		for _, scheme := range []string{"light", "dark"} {
			p.scheme(scheme)
			p.wait(`document.querySelector("#relay-url").scrollIntoView() ?? true`)
			p.shot(fmt.Sprintf("ask-%d-%s", w.width, scheme))
		}
		for _, wrong := range eval[[]string](p, cramped) {
			t.Errorf("at %d: %s", w.width, wrong)
		}
	}
	p.do(chromedp.EmulateViewport(1440, 900))
	if len(asked) > 0 {
		t.Error("a responder was asked before somebody said so")
	}
	p.keys("\r")
	p.verdict("Good")
	if got := p.text("#evidence"); !strings.Contains(got, "answer of ocsp.example.org") {
		t.Errorf("the evidence is\n%s", got)
	}
	if text := p.text(".private"); text != "1 OCSP request left this page" {
		t.Errorf("the bar says %q", text)
	}
	if len(asked) != 1 || asked[0].Header.Get("Test-URL") != "http://ocsp.example.org/r3" || asked[0].Header.Get("Cookie") != "" {
		t.Errorf("asked was %v", asked)
	}
	if n := p.site.asked("api/health"); n != 1 {
		t.Errorf("it was asked %d times whether there is a relay", n)
	}
	p.shot("ask-answered")
}

// Who opens the panel at the end of a long verdict sees what the button sends,
// and the button.
func TestAskOpens(t *testing.T) {
	p := blank(t)
	p.rich()
	p.site.relays(t, nil)
	p.navigate(p.url)
	p.ready()
	p.paste("#input", string(files(t, "expired")["leaf.pem"])+string(files(t, "expired")["issuer.pem"]))
	p.wait(`document.querySelector('#verdict [data-do="asker"]')`)
	p.settled()
	p.click(`#verdict [data-do="asker"]`)
	p.wait(`document.querySelector('#relay [data-do="send"]')?.getBoundingClientRect().bottom < innerHeight + 1`)
}

// What goes wrong on the way is said, with what to do.
func TestAskFails(t *testing.T) {
	p := blank(t)
	p.rich()
	p.allow("api/ocsp") // the browser complains of every status but 200
	kind, body := "text/html", "<p>Log in"
	p.site.relays(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	})
	p.navigate(p.url)
	p.ready()
	p.drop("body", files(t, "expired"))
	p.verdict("Expired")
	p.click(`#verdict [data-do="asker"]`)
	p.wait(`document.querySelector('#relay [data-do="send"]')`)
	fails := func(want string) {
		t.Helper()
		p.click(`#relay [data-do="send"]`)
		p.wait(`document.querySelector("#relay-told")?.innerText.includes(` + quote(want) + `)`)
		if text := p.text("#relay-told"); !strings.Contains(text, "Nothing was added") || !strings.Contains(text, want) || !strings.Contains(text, "command") {
			t.Errorf("it says %q", text)
		}
	}
	fails("text/html")
	kind, body = "application/ocsp-response", "<p>Log in"
	fails("labelled application/ocsp-response")
	p.shot("ask-fails")
	// An address of one's own, which the relay does not go to.
	p.set("#relay-url", "http://10.0.0.1/")
	p.wait(`document.querySelector('#relay [data-do="send"]').innerText === "Ask 10.0.0.1"`)
	fails("No response from 10.0.0.1")
	p.set("#relay-url", "gopher")
	p.wait(`document.querySelector("#relay-way")?.innerText.includes("Type the address")`)
	// A nonce that the answer does not repeat is in the request, and noticed.
	p.set("#relay-url", "")
	p.wait(`document.querySelector('#relay [data-do="send"]')?.innerText === "Ask ocsp.example.org"`)
	p.click("#relay-nonce")
	p.wait(`document.querySelector("#relay-way")?.innerText.includes("and a nonce")`)
	body = string(responseOf(t, "good-ca-byname"))
	p.click(`#relay [data-do="send"]`)
	p.wait(`document.querySelector("#evidence").innerText.includes("request to ocsp.example.org")`)
	p.wait(`document.querySelector("#status").innerText.toLowerCase().includes("nonce")`)
	// Nobody is there.
	p.click("#relay-nonce")
	p.wait(`!document.querySelector("#relay-way")?.innerText.includes("and a nonce")`)
	p.allow("Failed to load resource")
	p.site.change(func() { p.site.down = true })
	fails("could not be reached")
	// What asks for an answer leads to the panel, too.
	p.click(`[data-do="clear"]`)
	p.drop("body", files(t, "status-trylater"))
	p.click(`.ask [data-do="asker"]`)
	p.wait(`document.activeElement.matches('#request [data-do="builder"]')`)
	p.wait(`document.querySelector('#relay [data-do="send"]')`)
}
