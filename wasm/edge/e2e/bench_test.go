//go:build linux

package e2e

import (
	"net/url"
	"strings"
	"testing"

	"derscope/testdata/burden"
)

// BenchmarkServe measures the worker in workerd, as the one of cmd/derscope does
// the native service: see package burden for how.
func BenchmarkServe(b *testing.B) {
	const delegated = "../../../testdata/ocsp/good-del.txtar"
	need(b)
	w, err := start(nil)
	if err != nil {
		b.Fatal("workerd does not start: ", err)
	}
	b.Cleanup(w.stop)
	s := burden.Server{Addr: strings.TrimPrefix(w.url, "http://"), PID: w.process.Pid}
	path := "/api/inspect?at=" + url.QueryEscape(at)
	for name, leaf := range map[string]bool{"edge": false, "edge,leaf": true} {
		body := burden.Evidence(b, delegated, leaf)
		s.Ask(b, path, body) // the first makes the program
		b.Run(name, func(b *testing.B) { s.Bear(b, path, body) })
	}
}
