package client

import (
	"strings"
	"testing"
	"time"
)

// TestGnuTLS compares with what ocsptool 3.7.9 was seen to say, given the issuer
// as signer.
func TestGnuTLS(t *testing.T) {
	f := load(t)
	rows := 0
	for _, x := range f.cases {
		want := f.observed[x.name]["gnutls_ocsptool"]
		e := evidence{response: x.response, issuer: f.cert(t, "pki/"+signerOf(x.file)+".pem"), at: f.made.Add(30 * time.Second)}
		rows++
		if got := ocsptool(runGnuTLS(e)); got != want {
			t.Errorf("%s: got %s, it says %s", x.name, got, want)
		}
	}
	if t.Logf("%d rows", rows); rows < 231 {
		t.Errorf("only %d rows compared", rows)
	}
}

// signerOf is the certificate that make-ocsp.sh gives ocsptool for a response.
func signerOf(file string) string {
	for suffix, name := range map[string]string{"-nosignca.der": "nosignca", "-ecca.der": "ecca", "-edca.der": "edca", "-foreign.der": "other"} {
		if strings.HasSuffix(file, suffix) {
			return name
		}
	}
	return "ca"
}

// ocsptool writes an outcome as ocsp-observed.tsv does.
func ocsptool(g *gnutls) string {
	if g.importError != "" {
		return "cannot import: " + g.importError
	}
	out := "ok"
	switch {
	case g.failed != "":
		out = g.failed
	case g.verdict != "":
		out = "fail: " + g.verdict
	}
	if g.status == 4 || g.status > 6 {
		return out + ". error: ocsp_resp_get_status: An unexpected TLS packet was received"
	}
	for _, e := range g.printE {
		end := ""
		if strings.Contains(e, ":") {
			end = "."
		}
		out = "error: " + e + end + " " + out
	}
	return out
}
