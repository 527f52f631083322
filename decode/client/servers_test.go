package client

import (
	"strings"
	"testing"
	"time"
)

// columns are those of the table of what servers were seen to do.
var columns = []struct {
	name   string
	server *server
	way    int
	total  int // of 213, where it was counted
}{
	{"HAProxy file", haproxy, 0, 141}, {"HAProxy CLI", haproxy, 1, 140},
	{"nginx file", nginx, 0, 209}, {"nginx", nginx, 1, 125}, {"nginx v", nginx, 2, 108},
	{"httpd", httpd, 0, 213}, {"httpd off", httpd, 1, 166},
	{"s_server", sServer3, 0, 209}, {"Caddy", caddy, 0, 0}, {"Envoy", envoy, 0, 0},
}

// staple is the mark of an outcome: ✓ stapled, – no staple, ✗ configuration or
// handshake fails.
func staple(p *server, way int, rules []string, outcome string) string {
	if outcome != "refused" {
		return "✓"
	}
	id := strings.TrimPrefix(rules[0], "ocsp.server.")
	switch {
	case id == "httpd.parse": // its own tryLater is sent
		return "✓"
	case id == "envoy.expiry":
		return "–"
	case strings.HasPrefix(id, "envoy."), id == "nginx.file-parse", id == "openssl.parse":
		return "✗"
	}
	return "–"
}

// TestServers compares with what HAProxy, nginx, httpd and s_server were seen to
// do, and with what was read of Caddy and Envoy. The observation was made some
// minutes after the fixtures.
func TestServers(t *testing.T) {
	f := load(t)
	want := map[string][]string{}
	for line := range strings.Lines(string(read(t, shared+"/spec/ocsp.md"))) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) != len(columns)+1 || !strings.HasPrefix(cells[0], "| `") {
			continue
		}
		name := strings.Trim(cells[0], "| `")
		cells[len(cells)-1] = strings.TrimSuffix(cells[len(cells)-1], " |")
		if strings.ContainsAny(cells[1], "✓–✗") {
			want[name] = cells[1:]
		}
	}
	if len(want) < 40 {
		t.Fatalf("only %d rows of the table were read", len(want))
	}
	totals := make([]int, len(columns))
	compared := 0
	cases := 0
	for _, x := range f.cases {
		e, ok := f.evidence(t, x)
		if !ok || f.observed[x.name]["boringssl_CheckOCSP"] == "-" {
			continue
		}
		cases++
		e.at = f.made.Add(240 * time.Second)
		s := newServed(e, runGo(e))
		s.roots = append(s.roots, f.cert(t, "pki/root.pem"))
		for i, c := range columns {
			o := c.server.run(s.by(c.server.ways[c.way]))
			got := staple(c.server, c.way, o.Rules, o.Outcome)
			if got == "✓" {
				totals[i]++
			}
			row, ok := want[x.name]
			if !ok || row[i] == "?" {
				continue
			}
			if compared++; got != row[i] {
				t.Errorf("%s, %s: got %s (%s %q %v), the table says %s", x.name, c.name, got, o.Outcome, o.Reason, o.Rules, row[i])
			}
		}
	}
	if t.Logf("%d cells", compared); compared < 430 {
		t.Errorf("only %d cells compared", compared)
	}
	for i, c := range columns {
		if c.total > 0 && totals[i] != c.total {
			t.Errorf("%s staples %d of %d, %d were seen", c.name, totals[i], cases, c.total)
		}
	}
}
