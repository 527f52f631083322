package client

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestOpenSSL compares with what OpenSSL 3.0.19 and 4.1-dev were seen to do.
func TestOpenSSL(t *testing.T) {
	f := load(t)
	at := f.made.Add(30 * time.Second)
	rows := 0
	for _, x := range f.cases {
		row := f.observed[x.name]
		for _, c := range []struct {
			v            *openSSL
			column, exit string
		}{{openSSL3, "openssl_3.0.19", "exit"}, {openSSL4, "openssl_4.1-dev", "exit4"}} {
			if row[c.column] == "" || row[c.column] == "-" && row[c.exit] == "-" {
				continue
			}
			rows++
			p := f.command(t, x, c.v, at).run()
			if got, exit := column(p), strconv.Itoa(p.exit); got != row[c.column] || exit != row[c.exit] {
				t.Errorf("%s, OpenSSL %s: got %s exit %s %q, it says %s exit %s", x.name, c.v.version, got, exit, p.errors, row[c.column], row[c.exit])
			}
		}
	}
	t.Logf("%d rows", rows)
	if rows < 2*231 {
		t.Errorf("only %d rows compared", rows)
	}
}

// column writes what was printed as ocsp-observed.tsv does: verification/status/times.
func column(p printed) string {
	switch {
	case strings.HasPrefix(p.fatal, "Responder Error"):
		return "responder-error"
	case p.fatal == "Error parsing response":
		return "parse-error"
	case p.fatal == "Error reading OCSP response":
		return "read-error"
	}
	out := p.verify
	if out == "" {
		out = "-"
	}
	if p.fatal != "" {
		return "-"
	}
	var list []string
	times := ""
	for _, s := range p.statuses {
		word := "no-status-found"
		if s.found {
			word = s.status.String()
		}
		if len(s.times) > 0 {
			times = "/times-invalid"
		}
		list = append(list, word)
	}
	if list != nil {
		out += "/" + strings.Join(list, ",")
	}
	return out + times
}
