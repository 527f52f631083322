package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// times are when, from the start of the navigation, a page was painted first,
// drawn by the program, and ready to judge.
type times struct{ Paint, Program, Decoder float64 }

func (t times) ready() float64 { return max(t.Program, t.Decoder) }

const timesOf = `({
	paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
	program: performance.getEntriesByName("program")[0].startTime,
	decoder: performance.getEntriesByName("decoder")[0].startTime,
})`

func (p *page) times() times {
	p.Helper()
	p.ready()
	p.wait(`performance.getEntriesByName("first-contentful-paint").length`)
	return eval[times](p, timesOf)
}

// TestBenchSecondVisit measures visits after the first: the site is kept by its
// service worker, in a profile on the disk, and the page is opened again from an
// empty one. The second visit is the first that is served so; the browser keeps
// its compiled form of the program when that has run for a while.
func TestBenchSecondVisit(t *testing.T) {
	bench(t)
	blank(t) // or the test is left out
	var second, later []float64
	for i := range 7 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := tab(t, newSite(t), chromium.ctx)
			p.navigate(p.url)
			p.judges()
			p.kept()
			for n := range 4 {
				time.Sleep(time.Second)
				p.navigate("about:blank")
				p.navigate(p.url)
				got := p.times().ready()
				if n == 0 {
					second = append(second, got)
				} else {
					later = append(later, got)
				}
				p.judges()
			}
		})
	}
	t.Log(spread("second visit: ready to judge", second))
	t.Log(spread("later visits: ready to judge", later))
}

// TestBenchSlowLink measures a first visit over a link of 10 Mbit/s that all
// connections share, with 40 ms from a request to the first octet of its answer
// and 40 ms more for the first request of a connection. The server keeps the pace:
// a browser slows down neither its workers nor its service workers.
func TestBenchSlowLink(t *testing.T) {
	bench(t)
	var paint, program, ready []float64
	for i := range 7 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := blank(t)
			p.allow("when fetching the script") // of the service worker, which is on its way when the server closes
			const delay = 40 * time.Millisecond
			var known sync.Map
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, old := known.LoadOrStore(r.RemoteAddr, true); !old {
					time.Sleep(delay)
				}
				time.Sleep(delay)
				p.site.ServeHTTP(w, r)
			}))
			server.Listener = &link{Listener: server.Listener, rate: 10e6 / 8}
			server.Start()
			t.Cleanup(server.Close)
			p.url = server.URL + p.site.base
			p.site.url = p.url
			p.navigate(p.url)
			got := p.times()
			paint = append(paint, got.Paint)
			program = append(program, got.Program)
			ready = append(ready, got.ready())
		})
	}
	t.Log(spread("10 Mbit/s, first visit: first paint", paint))
	t.Log(spread("10 Mbit/s, first visit: page drawn", program))
	t.Log(spread("10 Mbit/s, first visit: ready to judge", ready))
}

// link is a listener whose connections share one slow line.
type link struct {
	net.Listener
	rate float64 // octets in a second

	mu   sync.Mutex
	free time.Time // when the line has sent what it was given
}

type end struct {
	net.Conn
	link *link
}

func (l *link) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &end{Conn: c, link: l}, nil
}

// Write sends in packets, each when the line has sent those before it.
func (e *end) Write(b []byte) (sent int, err error) {
	const packet = 1460
	for len(b) > 0 {
		part := b[:min(packet, len(b))]
		e.link.mu.Lock()
		now := time.Now()
		if e.link.free.Before(now) {
			e.link.free = now
		}
		e.link.free = e.link.free.Add(time.Duration(float64(len(part)) / e.link.rate * float64(time.Second)))
		due := e.link.free
		e.link.mu.Unlock()
		time.Sleep(time.Until(due))
		n, err := e.Conn.Write(part)
		sent += n
		if err != nil {
			return sent, err
		}
		b = b[len(part):]
	}
	return sent, nil
}

// TestBenchFirefox measures a first and a second visit in Firefox.
func TestBenchFirefox(t *testing.T) {
	bench(t)
	var first, second []float64
	for i := range 5 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			f := openFox(t)
			for _, list := range []*[]float64{&first, &second} {
				f.ready()
				*list = append(*list, see[times](f, timesOf).ready())
				f.wait(`document.documentElement.dataset.offline === "ready"`)
				f.navigate("about:blank")
				f.navigate(f.site.url)
			}
		})
	}
	if len(first) > 0 {
		t.Log(spread("Firefox, first visit: ready to judge", first))
		t.Log(spread("Firefox, second visit: ready to judge", second))
	}
}
