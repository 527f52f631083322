//go:build linux

package e2e

import (
	"bytes"
	"crypto/sha256"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/testdata/bigcrl"
)

// edgeCap is how many octets a body may have at the edge.
const edgeCap = 1 << 20

// Whatever the vectors hold is answered at the edge with the octets of the
// native handler: each vector with its roles and options, each input raw, and
// some with their octets changed. Of the raw ones every third is sent, unless
// DERSCOPE_LONG is set. Two workers share the work, for each has one thread.
func TestSameAsNative(t *testing.T) {
	asks := make(chan ask)
	var sent, octets atomic.Int64
	var running sync.WaitGroup
	for _, w := range []*worker{edge(t), own(t, nil)} {
		for range 2 {
			running.Go(func() {
				for a := range asks {
					g, err := w.send(a)
					if err != nil {
						t.Errorf("%s: %v", a.target, err)
						continue
					}
					sent.Add(1)
					octets.Add(int64(len(g.body)))
					if d := differ(g, here(a)); d != "" {
						t.Errorf("%s %v: the edge differs: %s", a.target, a.fields, d)
					}
				}
			})
		}
	}
	list := all(t)
	for _, a := range list {
		asks <- a
	}
	close(asks)
	running.Wait()
	t.Logf("%d requests, %d octets of answers", sent.Load(), octets.Load())
	if len(list) < 2000 {
		t.Errorf("%d requests are few", len(list))
	}
}

// accepts are the forms of the report, taken in turn.
var accepts = []string{"application/json", "text/plain", "text/markdown"}

// all are the requests to compare.
func all(t *testing.T) []ask {
	files, err := filepath.Glob("../../../testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors: ", err)
	}
	var list []ask
	seen, few := map[[32]byte]bool{}, os.Getenv("DERSCOPE_LONG") == ""
	random := rand.New(rand.NewPCG(1, 2))
	raw := func(octets []byte, accept string) {
		sum := sha256.Sum256(octets)
		if seen[sum] || len(octets) > edgeCap {
			return
		}
		seen[sum] = true
		if few && len(seen)%3 != 0 && len(octets) < 100_000 {
			return
		}
		list = append(list, ask{"POST", "/api/inspect?at=" + at, octets, []string{"Accept", accept}})
	}
	for n, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		v, alone := vector(a, n%5 == 0)
		list = append(list, v)
		for i, f := range a.Files {
			if !strings.HasPrefix(f.Name, "input/") || len(f.Data) == 0 {
				continue
			}
			if !alone {
				raw(f.Data, "application/json")
			}
			if changed := bytes.Clone(f.Data); n%4 == 0 {
				changed[random.IntN(len(changed))] ^= 1 << random.IntN(8)
				raw(changed[:len(changed)-random.IntN(2)], accepts[i%3])
			}
		}
	}
	// What is large, and what is just as large as it may be, and larger.
	deep := bytes.Repeat([]byte{0x30, 0x80}, 20_000)
	for _, octets := range [][]byte{
		bigcrl.CRL(20_000), deep, nested(20_000), bytes.Repeat([]byte{5, 0}, edgeCap/2), bytes.Repeat(deep, 27)[:edgeCap],
		bytes.Repeat([]byte("-----BEGIN X-----\nAA==\n-----END X-----\n"), edgeCap/40), make([]byte, edgeCap), bytes.Repeat([]byte("A"), edgeCap),
	} {
		raw(octets, "application/json")
	}
	for _, entries := range []int{1500, 4000} { // nearly as long a report as is written, and more
		list = append(list, ask{"POST", "/api/inspect?all&at=" + at, bigcrl.CRL(entries), nil})
	}
	return append(list, ask{"POST", "/api/inspect", make([]byte, edgeCap+1), nil})
}

// vector makes a request of a vector, with all of the report wanted or not. One
// whose only input needs no words is sent raw.
func vector(a *txtar.Archive, everything bool) (v ask, alone bool) {
	query := url.Values{}
	names := map[string]string{} // of parts, by that of the file
	for _, f := range a.Files {
		if f.Name != "options" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			words := strings.Fields(line)
			switch {
			case len(words) == 3 && words[0] == "role":
				names[words[1]] = map[string]string{"outTrusted": "out-trusted"}[words[2]]
				if names[words[1]] == "" {
					names[words[1]] = words[2]
				}
			case len(words) == 3 && words[0] == "kind":
				names[words[1]] = map[string]string{"shared-secret": "secret", "ticket-key": "ticket-key"}[words[2]]
			case len(words) > 1:
				query.Add(words[0], strings.TrimSpace(strings.TrimPrefix(line, words[0]+" ")))
			}
		}
	}
	if !query.Has("at") {
		query.Set("at", at)
	}
	if everything {
		query.Set("all", "1")
	}
	var parts []part
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			p := part{"file", name, f.Data}
			if names[name] != "" {
				p.name = names[name]
			}
			parts = append(parts, p)
		}
	}
	target := "/api/inspect?" + query.Encode()
	if len(parts) == 1 && parts[0].name == "file" {
		return ask{"POST", target, parts[0].octets, nil}, true
	}
	return form(target, parts...), false
}

// nested is SEQUENCE in SEQUENCE, with lengths that are right.
func nested(levels int) []byte {
	var b []byte // from the end
	for range levels {
		n := len(b)
		for length := n; ; length >>= 8 {
			if n < 0x80 {
				b = append(b, byte(n))
				break
			}
			b = append(b, byte(length))
			if length>>8 == 0 {
				b = append(b, 0x80|byte(len(b)-n))
				break
			}
		}
		b = append(b, 0x30)
	}
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return b
}
