package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestHosts serves the site as hosts do that send less than its _headers asks for, or
// something else. A host that does all of it, at a path of its own, has the site in
// the other tests; one that does nothing of it, in TestZip.
func TestHosts(t *testing.T) {
	for _, c := range []struct {
		name, base string
		host       func(h http.Header, name string) (coding string)
	}{
		{"GitHub Pages: nothing of _headers, ten minutes for every file, gzip", "/derscope/", func(h http.Header, name string) string {
			for _, field := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"} {
				h.Del(field)
			}
			h.Set("Cache-Control", "max-age=600")
			return "gzip"
		}},
		{"all of _headers, but no compressed copies, and a type for the programs that is wrong", "/", func(h http.Header, name string) string {
			if path.Ext(name) == ".wasm" {
				h.Set("Content-Type", "text/plain")
			}
			return ""
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := blank(t)
			p.site.host = c.host
			p.move(strings.TrimSuffix(p.site.url, p.site.base), c.base)
			p.works()
		})
	}
}

// move has the site at another address.
func (p *page) move(origin, base string) {
	p.site.base, p.site.url, p.url = base, origin+base, origin+base
}

// Over http from another machine browsers give a page less: no service worker, no
// clipboard, no digests. It works all the same.
func TestWithoutTLS(t *testing.T) {
	p := blank(t)
	p.allow("Cross-Origin-Opener-Policy header has been ignored")
	p.move("http://derscope.test", "/derscope/")
	chromium.foreign.sites.Store("derscope.test", p.site)
	t.Cleanup(func() { chromium.foreign.sites.Delete("derscope.test") })
	p.navigate(p.url)
	p.ready()
	if eval[bool](p, "isSecureContext") {
		t.Fatal("the browser takes the address for a safe one")
	}
	p.drop("body", map[string][]byte{"response.pem": []byte(vector(t, "good-del-byname"))})
	p.verdict("Good: www.example.org")
	p.row("thisUpdate")
	p.wait(`document.querySelector("#explain .prose")`)
	p.drop("body", map[string][]byte{"hello.hex": []byte(hello(t))})
	p.whole()
	p.wait(`document.documentElement.dataset.offline === "refused"`)
}

// TestServed tries a site that some server has on this machine already, at the
// address in DERSCOPE_SITE: the page works, and what stands in _headers is sent with
// every file or with none.
func TestServed(t *testing.T) {
	address, err := url.Parse(os.Getenv("DERSCOPE_SITE"))
	if err != nil || address.Host == "" {
		t.Skip("DERSCOPE_SITE names no site")
	}
	p := blank(t)
	p.move("http://"+address.Host, address.Path)
	p.works()
	sent, lacks := p.sent()
	if sent == 0 {
		t.Log("nothing of _headers is sent")
	} else if len(lacks) > 0 {
		t.Error(strings.Join(lacks, "\n"))
	}
}

// works looks that the page judges, explains, is kept for visits without a
// network, and fetches the whole decoder when that is needed.
func (p *page) works() {
	p.Helper()
	p.navigate(p.url)
	p.judges()
	p.kept()
	p.paste("#input", hello(p.T))
	p.whole()
}

// sent counts the fields of _headers that come with the files that matter most,
// and lists those that do not.
func (p *page) sent() (n int, lacks []string) {
	p.Helper()
	for _, name := range append(p.site.programs(), "", "sw.js", "manifest.webmanifest") {
		got := p.site.get(p.T, name)
		want := http.Header{}
		p.site.headers(want, name)
		want.Del("Content-Type") // TestHosts has a wrong one
		for field := range want {
			if got.Header.Get(field) == want.Get(field) {
				n++
				continue
			}
			lacks = append(lacks, fmt.Sprintf("%q is sent with %s %q, not %q", name, field, got.Header.Get(field), want.Get(field)))
		}
		p.Logf("%q: %s, coding %q, %s", name, got.Header.Get("Content-Type"), got.Header.Get("Content-Encoding"), got.Header.Get("Cache-Control"))
	}
	return n, lacks
}

// programs are the names of both of the site's programs.
func (s *site) programs() (names []string) {
	found, _ := filepath.Glob(filepath.Join(s.dir, "assets", "*.wasm")) // the pattern is well formed
	for _, f := range found {
		names = append(names, "assets/"+filepath.Base(f))
	}
	return names
}

// get asks for a file as a browser would.
func (s *site) get(t *testing.T, name string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", s.url+name, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip, br")
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if got.StatusCode != http.StatusOK {
		t.Errorf("%q: %s", name, got.Status)
	}
	return got
}
