package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// counts are what Prometheus is told, in its text format 0.0.4. Its library
// would add 3 MB to the program for these few lines.
type counts struct {
	running      atomic.Int64
	open, relays *crowd

	mu     sync.Mutex
	codes  map[answered]int64
	times  map[string]*spread // by route
	octets int64
}

// answered is a label set: few routes, few codes.
type answered struct {
	route string
	code  int
}

// bounds are the upper ends of the buckets of times, in seconds.
var bounds = [...]float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// spread is a histogram.
type spread struct {
	below [len(bounds)]int64 // each bucket by itself
	count int64
	sum   float64
}

func newCounts(open, relays *crowd) *counts {
	return &counts{open: open, relays: relays, codes: map[answered]int64{}, times: map[string]*spread{}}
}

func (c *counts) add(s *seen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.codes[answered{s.route, s.code}]++
	c.octets += s.octets
	t := c.times[s.route]
	if t == nil {
		t = &spread{}
		c.times[s.route] = t
	}
	seconds := s.took.Seconds()
	t.count++
	t.sum += seconds
	if i, _ := slices.BinarySearch(bounds[:], seconds); i < len(bounds) {
		t.below[i]++
	}
}

func (c *counts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/metrics" {
		http.Error(w, "only /metrics", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(c.text())
}

func (c *counts) text() []byte {
	var b bytes.Buffer
	head := func(name, kind, help string) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	head("derscope_info", "gauge", "The version.")
	fmt.Fprintf(&b, "derscope_info{version=%s} 1\n", strconv.Quote(version()))
	head("derscope_requests_total", "counter", "Requests that were answered.")
	keys := slices.SortedFunc(maps.Keys(c.codes), func(a, b answered) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.code, b.code))
	})
	for _, k := range keys {
		fmt.Fprintf(&b, "derscope_requests_total{route=%q,code=\"%d\"} %d\n", k.route, k.code, c.codes[k])
	}
	head("derscope_request_duration_seconds", "histogram", "Time from the header of a request to the end of its answer.")
	for _, route := range slices.Sorted(maps.Keys(c.times)) {
		t, n := c.times[route], int64(0)
		for i, bound := range bounds {
			n += t.below[i]
			fmt.Fprintf(&b, "derscope_request_duration_seconds_bucket{route=%q,le=\"%g\"} %d\n", route, bound, n)
		}
		fmt.Fprintf(&b, "derscope_request_duration_seconds_bucket{route=%q,le=\"+Inf\"} %d\n", route, t.count)
		fmt.Fprintf(&b, "derscope_request_duration_seconds_sum{route=%q} %g\n", route, t.sum)
		fmt.Fprintf(&b, "derscope_request_duration_seconds_count{route=%q} %d\n", route, t.count)
	}
	head("derscope_sent_bytes_total", "counter", "Octets of the bodies of answers.")
	fmt.Fprintf(&b, "derscope_sent_bytes_total %d\n", c.octets)
	head("derscope_requests_running", "gauge", "Requests that are being answered.")
	fmt.Fprintf(&b, "derscope_requests_running %d\n", c.running.Load())
	head("derscope_connections_open", "gauge", "Connections that are open.")
	fmt.Fprintf(&b, "derscope_connections_open %d\n", c.open.count())
	head("derscope_relays_running", "gauge", "Responders that are being asked.")
	fmt.Fprintf(&b, "derscope_relays_running %d\n", c.relays.count())
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	head("go_goroutines", "gauge", "Goroutines.")
	fmt.Fprintf(&b, "go_goroutines %d\n", runtime.NumGoroutine())
	head("go_memstats_heap_alloc_bytes", "gauge", "Heap in use.")
	fmt.Fprintf(&b, "go_memstats_heap_alloc_bytes %d\n", m.HeapAlloc)
	head("go_memstats_sys_bytes", "gauge", "Memory obtained from the system.")
	fmt.Fprintf(&b, "go_memstats_sys_bytes %d\n", m.Sys)
	return b.Bytes()
}
