package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink takes the log of a server.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// started is a server on loopback that ends with the test. Ending it says
// whether it left goroutines behind.
type started struct {
	url string
	log *sink
	end func()
}

func start(t testing.TB, args ...string) *started {
	t.Helper()
	return startWith(t, usual, args...)
}

func startWith(t testing.TB, held times, args ...string) *started {
	t.Helper()
	s := &serving{}
	if err := s.define().Parse(append([]string{"-addr", "127.0.0.1:0"}, args...)); err != nil {
		t.Fatal(err)
	}
	if err := s.agree(); err != nil {
		t.Fatal(err)
	}
	s.times = held
	page, err := newSite(built())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	address, told := io.Pipe()
	log, done := &sink{}, make(chan error, 1)
	go func() { done <- s.run(ctx, page, told, log) }()
	var url string
	if _, err := fmt.Fscanln(address, &url); err != nil {
		t.Skip("no loopback here: ", err, <-done)
	}
	end := sync.OnceFunc(func() {
		stop()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Error("it does not stop")
		}
	})
	t.Cleanup(end)
	return &started{strings.TrimSuffix(url, "/"), log, end}
}

// post sends octets and gives the answer.
func (s *started) post(t testing.TB, path, body string) (int, string) {
	t.Helper()
	res, err := http.Post(s.url+path, "application/octet-stream", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestServeStops(t *testing.T) {
	s := start(t)
	res, err := http.Get(s.url + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Security-Policy") != "default-src 'none'; img-src 'self'" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if code, body := s.post(t, "/api/inspect", "MAMBAf8="); code != 200 || !strings.Contains(body, `"kind"`) {
		t.Errorf("%d %s", code, body)
	}
	s.end()
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), time.Second); err == nil {
		t.Error("it still listens")
	}
}

func TestServeUsage(t *testing.T) {
	for _, args := range [][]string{
		{"here"}, {"-addr", "nowhere"}, {"-port", "1"}, {"-tls-cert", "x"}, {"-limit", "0"}, {"-limit", "257"}, {"-rate", "-1"}, {"-rate", "NaN"}, {"-rate", "Inf"},
		{"-addr", "127.0.0.1:0", "-tls-cert", "/nowhere", "-tls-key", "/nowhere"}, {"-addr", "127.0.0.1:0", "-metrics", "nowhere"},
	} {
		var out, errs bytes.Buffer
		code := run(append([]string{"serve"}, args...), nil, &out, &errs)
		lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
		if last := lines[len(lines)-1]; code != useless || !strings.HasPrefix(last, "derscope: ") || strings.Contains(last, "/api/") || out.Len() > 0 {
			t.Errorf("%v: code %d, %q", args, code, errs.String())
		}
	}
}

// The relay is there unless it is turned off. An address that it will not ask
// shows which of the two answered.
func TestServeRelay(t *testing.T) {
	for flag, want := range map[string]string{"-relay": "", "-relay=false": "relays nothing"} {
		s := start(t, flag)
		code, body := s.post(t, "/api/ocsp?url=http://127.0.0.1/", "MAMBAf8=")
		if code < 400 || code >= 500 || !strings.Contains(body, want) || want == "" && strings.Contains(body, "relays nothing") {
			t.Errorf("%s: %d %s", flag, code, body)
		}
		res, err := http.Get(s.url + "/api/health")
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if on := strings.Contains(string(b), `"relay": true`); on != (want == "") {
			t.Errorf("%s: %s", flag, b)
		}
	}
}

// The help has a line for each flag, and for no other.
func TestServeHelp(t *testing.T) {
	var have, want []string
	for line := range strings.Lines(serveHelp) {
		if name, ok := strings.CutPrefix(line, "  -"); ok {
			name, _, _ = strings.Cut(strings.Fields(name)[0], "=")
			have = append(have, name)
		}
	}
	new(serving).define().VisitAll(func(f *flag.Flag) { want = append(want, f.Name) })
	slices.Sort(have)
	if !slices.Equal(have, want) {
		t.Errorf("the help explains %v, the flags are %v", have, want)
	}
}

// The commands that the examples for operators run are good ones.
func TestExamples(t *testing.T) {
	for name, pattern := range map[string]string{
		"derscope.service": `(?m)^#?ExecStart=/usr/local/bin/derscope (.*)$`, "Containerfile": `(?m)^CMD (.*)$`, "service.txt": `(?m)^ +\./derscope (.*?)(  .*)?$`,
	} {
		b, err := os.ReadFile("../../web/docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(string(b), -1)
		if len(found) == 0 {
			t.Errorf("%s runs nothing", name)
		}
		for _, m := range found {
			args := strings.Fields(strings.NewReplacer("[", "", "]", "", ",", "", `"`, "").Replace(m[1]))
			s := &serving{}
			set := s.define()
			if args[0] != "serve" || set.Parse(args[1:]) != nil || set.NArg() > 0 || s.agree() != nil {
				t.Errorf("%s: %q", name, args)
			}
		}
	}
}

// The proxy of the example lets through what is taken behind it.
func TestProxyExample(t *testing.T) {
	b, err := os.ReadFile("../../web/docs/proxy.conf")
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{}
	s.define()
	if want := fmt.Sprintf("client_max_body_size %dm;", s.limit); !strings.Contains(string(b), want) {
		t.Errorf("proxy.conf lacks %q", want)
	}
}

// The log tells what was asked, and nothing that was said of it.
func TestAccessLog(t *testing.T) {
	s := start(t)
	word := "correcthorse"
	s.post(t, "/api/inspect?set=expectedSender%3D"+word, word)
	s.post(t, "/api/inspect?secret="+word, "x")
	s.post(t, "/api/"+word, "x")
	s.post(t, "/api/ocsp/"+word+"?url="+word, "x")
	http.Get(s.url + "/page?x=" + word)
	http.Get(s.url + "/%0aforged%1b[31m")
	if r, err := http.NewRequest(strings.Repeat("M", 2000), s.url+"/"+strings.Repeat("p", 2000), nil); err == nil {
		http.DefaultClient.Do(r)
	}
	s.end()
	log := s.log.String()
	if strings.Contains(log, word) {
		t.Errorf("what was said stands in the log:\n%s", log)
	}
	for _, want := range []string{" 127.0.0.1 POST /api/inspect 200 ", " POST /api/inspect 400 ", " POST /api/… 404 ", " POST /api/ocsp ", " GET /page 404 ", `\nforged\x1b[31m`, " " + strings.Repeat("M", 20) + "… /" + strings.Repeat("p", 99) + "… 405 "} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	if n := strings.Count(log, "\n"); n != 7 {
		t.Errorf("%d lines for 7 requests:\n%s", n, log)
	}
	quiet := start(t, "-log=false")
	quiet.post(t, "/api/inspect", "x")
	quiet.end()
	if quiet.log.String() != "" {
		t.Errorf("a log: %s", quiet.log)
	}
}

// What panics is counted as what it is for the client: no answer.
func TestPanicIsNoAnswer(t *testing.T) {
	var got *seen
	h := newCounts(newCrowd(0, 0), newCrowd(0, 0)).watch(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }), func(s *seen) { got = s })
	func() {
		defer func() { recover() }()
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	}()
	if got == nil || got.code != 500 {
		t.Errorf("%+v", got)
	}
}

func TestMetrics(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback here: ", err)
	}
	addr := free.Addr().String()
	free.Close()
	s := start(t, "-metrics", addr)
	s.post(t, "/api/inspect", "MAMBAf8=")
	s.post(t, "/api/inspect", "")
	s.post(t, "/nothing", "")
	res, err := http.Get("http://" + addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	for _, want := range []string{
		`derscope_requests_total{route="inspect",code="200"} 1`, `derscope_requests_total{route="inspect",code="400"} 1`, `derscope_requests_total{route="page",code="405"} 1`,
		`derscope_request_duration_seconds_bucket{route="inspect",le="+Inf"} 2`, `derscope_request_duration_seconds_count{route="inspect"} 2`, "derscope_requests_running 0", "go_goroutines ",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in\n%s", want, b)
		}
	}
	for line := range strings.Lines(string(b)) {
		if line[0] != '#' && len(strings.Fields(line)) != 2 && !strings.HasPrefix(line, "derscope_info") {
			t.Errorf("not a sample: %q", line)
		}
	}
	if res, err := http.Get(s.url + "/metrics"); err != nil || res.StatusCode != 404 {
		t.Errorf("the page's address has metrics: %v, %v", res, err)
	}
}

// A request that runs when the server is told to stop is answered.
func TestServeFinishes(t *testing.T) {
	s := start(t)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n")
	const goOn = "HTTP/1.1 100 Continue\r\n\r\n" // the handler says it, when it reads the body
	if _, err := io.ReadFull(c, make([]byte, len(goOn))); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { s.end(); close(ended) }()
	io.WriteString(c, "MAMBAf8=")
	b, err := io.ReadAll(c)
	if err != nil || !bytes.HasPrefix(b, []byte("HTTP/1.1 200")) {
		t.Errorf("%v, %.60q", err, b)
	}
	<-ended
}

// Who does not end holds up the end no longer than it is told.
func TestServeDoesNotWaitForever(t *testing.T) {
	held := usual
	held.farewell = 50 * time.Millisecond
	s := startWith(t, held)
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n")
	if _, err := c.Read(make([]byte, 100)); err != nil { // the handler waits for the body from here on
		t.Fatal(err)
	}
	s.end() // within half a minute; the body would have had a whole one
	if b, err := io.ReadAll(c); err == nil && len(b) > 0 {
		t.Errorf("%.60q", b)
	}
}

// A body that is too large is answered before it has arrived, and the client can
// read that while it still sends.
func TestTooLargeIsRead(t *testing.T) {
	s := start(t, "-limit", "1")
	for range 20 {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		go func() {
			io.WriteString(c, "POST /api/inspect HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
			for chunk := []byte("10000\r\n" + strings.Repeat("x", 1<<16) + "\r\n"); ; {
				if _, err := c.Write(chunk); err != nil {
					return
				}
			}
		}()
		head := make([]byte, 12)
		if _, err := io.ReadFull(c, head); err != nil || string(head) != "HTTP/1.1 413" {
			t.Errorf("%q, %v", head, err)
		}
		c.Close()
	}
}
