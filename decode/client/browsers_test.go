package client

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// asked gives the certificates of a case, if it has a subject.
func (f *fixtures) evidence(t testing.TB, x fixture) (e evidence, ok bool) {
	e = evidence{response: x.response, at: f.made.Add(30 * time.Second)}
	for i, a := range x.args {
		switch {
		case a == "-issuer":
			e.issuer = f.cert(t, x.args[i+1])
		case a == "-cert" && e.subject == nil:
			e.subject = f.cert(t, x.args[i+1])
		}
	}
	return e, e.subject != nil && e.issuer != nil
}

var chromiumWords = map[status]string{good: "good", revoked: "revoked", unknown: "unknown"}

// TestBrowsers compares with BoringSSL, without and with a limit of seven days,
// and with mozilla::pkix.
func TestBrowsers(t *testing.T) {
	f := load(t)
	rows := 0
	for _, x := range f.cases {
		e, ok := f.evidence(t, x)
		row := f.observed[x.name]
		if !ok || row["boringssl_CheckOCSP"] == "-" {
			continue
		}
		rows++
		if x.paddingSet() {
			continue
		}
		for column, age := range map[string]time.Duration{"boringssl_CheckOCSP": 0, "boringssl_CheckOCSP_maxage_7d": 7 * 24 * time.Hour} {
			c := runChromium(e, age)
			if got := chromiumWords[c.status] + " " + c.detail; got != row[column] {
				t.Errorf("%s, %s: got %s, it says %s", x.name, column, got, row[column])
			}
		}
		p := runFirefox(e)
		got := p.result
		if p.expired {
			got += "+expired"
		}
		want := row["mozilla_pkix_10d"]
		if want == "empty-or-too-big" { // the program around mozilla::pkix makes no Input of it
			want = malformed
		}
		if got != want {
			t.Errorf("%s, mozilla::pkix: got %s, it says %s", x.name, got, want)
		}
	}
	if t.Logf("%d rows", rows); rows < 210 {
		t.Errorf("only %d rows compared", rows)
	}
}

// TestGo calls package ocsp itself: what it says is what the row says, and what
// was observed.
func TestGo(t *testing.T) {
	f := load(t)
	rows := 0
	for _, x := range f.cases {
		e, _ := f.evidence(t, x)
		row := f.observed[x.name]
		without := e
		without.subject = nil
		for column, e := range map[string]evidence{"go_ParseResponseForCert": e, "go_ParseResponse": without} {
			if row[column] == "-" || row[column] == "" {
				continue
			}
			rows++
			if x.paddingSet() {
				continue
			}
			g := runGo(e)
			got := g.String()
			if g.err != nil {
				got = "ERR " + got
			} else if g.response.NextUpdate.IsZero() {
				got += " nonext"
			}
			if !sameButTimes(shortened(got), row[column]) {
				t.Errorf("%s, %s: got %s, it says %s", x.name, column, got, row[column])
			}
			subject, _ := x509Certificate(e.subject)
			issuer, _ := x509Certificate(e.issuer)
			direct, err := ocsp.ParseResponseForCert(x.response, subject, issuer)
			if err != nil && err.Error() != g.String() || err == nil && direct.Status != g.response.Status {
				t.Errorf("%s: package ocsp says %v, the row %s", x.name, err, g)
			}
			if g.err != nil && g.why() == "" {
				t.Errorf("%s: no explanation of %q", x.name, g)
			}
		}
	}
	if t.Logf("%d rows", rows); rows < 2*210 {
		t.Errorf("only %d rows compared", rows)
	}
}

// sameButTimes compares two texts, the times quoted in them aside: fixtures are
// made anew.
func sameButTimes(a, b string) bool {
	cut := func(s string) string {
		parts := strings.Split(s, `"`)
		for i := 1; i < len(parts); i += 2 {
			parts[i] = ""
		}
		return strings.Join(parts, `"`)
	}
	return cut(a) == cut(b)
}

// shortened writes two long errors as ocsp-observed.tsv does.
func shortened(s string) string {
	switch {
	case strings.HasPrefix(s, "ERR asn1: structure error: tags don't match"):
		return "ERR asn1: structure error (tags do not match)"
	case strings.HasPrefix(s, "ERR parsing time"):
		return "ERR asn1: time cannot be parsed"
	}
	return s
}

// TestGoVersion: the version that is shown is the one that is called.
func TestGoVersion(t *testing.T) {
	module, version, _ := strings.Cut(goVersion, " ")
	if want := "golang.org/" + module + " " + version; !strings.Contains(string(read(t, "../../go.mod")), want) {
		t.Errorf("go.mod does not have %s", want)
	}
}
