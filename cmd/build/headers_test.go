package main

import (
	"strings"
	"testing"
)

// nginx sends what _headers asks for.
func TestNginx(t *testing.T) {
	conf, n := string(nginx()), 0
	for line := range strings.Lines(string(headers())) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		n++
		if strings.ContainsAny(value, "\"\\$") {
			t.Errorf("nginx reads %s as more than text", value)
		}
		if want := "add_header " + name + ` "` + value + `" always;`; name != "Cache-Control" && !strings.Contains(conf, want) {
			t.Errorf("nginx.conf lacks %s", want)
		}
		if name == "Cache-Control" && !strings.Contains(conf, value) {
			t.Errorf("nginx.conf lacks %s", value)
		}
	}
	if n < 7 {
		t.Errorf("_headers has %d fields", n)
	}
}
