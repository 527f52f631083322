package client

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// judge runs OCSP on a response with certificates at hand; roles may be "".
func judge(response []byte, at time.Time, certs []*cert.Certificate, roles []string) (clients, servers []report.Outcome, callbacks []report.Callback) {
	tree := field.NewTree(field.Limits{})
	p := ocsp.Read(tree.Reader(tree.Add(report.Source{Name: "response.der", Bytes: response})))
	c := &check.Context{At: at, Source: response, Exhibits: []check.Exhibit{{Item: 0, Kind: "ocsp-response", Value: p, Carrier: -1}}}
	add := func(k *cert.Certificate, said string, carrier int) {
		c.Exhibits = append(c.Exhibits, check.Exhibit{Item: len(c.Exhibits), Kind: "certificate", Value: k, Said: said, Carrier: carrier})
	}
	for i, k := range certs {
		add(k, roles[i], -1)
	}
	if p.Basic != nil {
		for _, k := range p.Basic.Certs {
			add(k, "", 0)
		}
	}
	return OCSP(c, ocsp.Responses.View(c, p).(*ocsp.View))
}

// expected says what the observed answers mean for an outcome.
func expected(client string, row map[string]string) string {
	of := func(said string, outcome map[string]string, other string) string {
		if o, ok := outcome[said]; ok {
			return o
		}
		return other
	}
	switch client {
	case "openssl 3.0.19":
		return of(row["openssl_3.0.19"], map[string]string{"ok/good": accept}, reject)
	case "openssl 4.1.0-dev":
		return of(row["openssl_4.1-dev"], map[string]string{"ok/good": accept}, reject)
	case "go":
		return of(strings.TrimSuffix(row["go_ParseResponseForCert"], " nonext"), map[string]string{"good": accept}, reject)
	case "chromium":
		return of(row["boringssl_CheckOCSP_maxage_7d"], map[string]string{"good PROVIDED": accept, "revoked PROVIDED": reject}, softFail)
	case "firefox":
		said, expired := strings.CutSuffix(row["mozilla_pkix_10d"], "+expired")
		if said == "Success" {
			return accept
		}
		if expired || tolerated[said] {
			return softFail
		}
		return reject
	}
	return ""
}

// TestOutcomes compares the rows of the report with what was observed, where the
// command asked in the usual way.
func TestOutcomes(t *testing.T) {
	f := load(t)
	rows := 0
	for _, x := range f.cases {
		e, ok := f.evidence(t, x)
		row := f.observed[x.name]
		usual := !strings.Contains(strings.Join(x.args, " "), "-sha") && !slices.Contains(x.args, "-md5")
		for _, a := range x.args {
			usual = usual && !slices.Contains([]string{"-VAfile", "-verify_other", "-no_intern", "-no_signature_verify", "-no_cert_checks",
				"-no_explicit", "-noverify", "-status_age", "-validity_period"}, a)
		}
		if !ok || !usual || x.paddingSet() || strings.Count(strings.Join(x.args, " "), "-cert ") != 1 || row["boringssl_CheckOCSP"] == "-" {
			continue
		}
		rows++
		clients, servers, callbacks := judge(x.response, e.at, []*cert.Certificate{e.subject, e.issuer, f.cert(t, "pki/root.pem")}, []string{"subject", "issuer", "anchor"})
		for _, o := range clients {
			id := o.Client
			if id == "openssl" {
				id += " " + o.Version
			}
			if want := expected(id, row); want != "" && o.Outcome != want {
				t.Errorf("%s, %s: %s %q (%s), want %s", x.name, id, o.Outcome, o.Reason, o.Why, want)
			}
			if o.Outcome != accept && o.Why == "" {
				t.Errorf("%s, %s: %s %q without an explanation", x.name, id, o.Outcome, o.Reason)
			}
		}
		sound(t, x.name, clients, servers, callbacks)
	}
	if t.Logf("%d rows", rows); rows < 180 {
		t.Errorf("only %d rows compared", rows)
	}
}

// sound checks what holds for any response.
func sound(t testing.TB, name string, clients, servers []report.Outcome, callbacks []report.Callback) {
	t.Helper()
	for _, o := range clients {
		if !slices.Contains([]string{accept, reject, softFail, open}, o.Outcome) {
			t.Errorf("%s, %s: outcome %q", name, o.Client, o.Outcome)
		}
		if o.Outcome != open && o.Reason == "" || o.Outcome == open && o.Why == "" || o.Show == "" || o.Version == "" {
			t.Errorf("%s, %s: incomplete: %+v", name, o.Client, o)
		}
	}
	for _, o := range servers {
		if !slices.Contains([]string{"loads", "refused", "served anyway", open}, o.Outcome) {
			t.Errorf("%s, %s: outcome %q", name, o.Client, o.Outcome)
		}
		if (o.Outcome == "refused" || o.Outcome == "served anyway") && (len(o.Rules) == 0 || o.Why == "") || o.Way == "" {
			t.Errorf("%s, %s: incomplete: %+v", name, o.Client, o)
		}
	}
	for _, c := range callbacks {
		advised, defaults := 0, 0
		for _, r := range c.Returns {
			if r.Advised {
				advised++
			}
			if r.Default {
				defaults++
			}
		}
		if advised > 1 || defaults != 1 || c.Why == "" {
			t.Errorf("%s, %s %s: %d answers advised, %d by default, why %q", name, c.Side, c.Protocol, advised, defaults, c.Why)
		}
	}
}

// TestOpen: what is missing is named, and nobody accepts without it.
func TestOpen(t *testing.T) {
	f := load(t)
	subject, issuer, root := f.cert(t, "pki/leaf-good.pem"), f.cert(t, "pki/ca.pem"), f.cert(t, "pki/root.pem")
	response := read(t, f.dir+"/resp/cli-good-del-byname.der")
	at := f.made.Add(30 * time.Second)
	for _, c := range []struct {
		lacks string
		at    time.Time
		certs []*cert.Certificate
		roles []string
		open  []string // clients whose outcome stays open
	}{
		{"nothing", at, []*cert.Certificate{subject, issuer, root}, []string{"subject", "issuer", "anchor"}, nil},
		{"anchor", at, []*cert.Certificate{subject, issuer}, []string{"subject", "issuer"}, []string{"openssl", "openssl"}},
		{"time", time.Time{}, []*cert.Certificate{subject, issuer, root}, []string{"subject", "issuer", "anchor"}, []string{"openssl", "openssl", "chromium", "firefox", "gnutls"}},
		{"subject", at, []*cert.Certificate{issuer, root}, []string{"issuer", "anchor"}, []string{"openssl", "openssl", "go", "chromium", "firefox", "gnutls"}},
		{"issuer", at, []*cert.Certificate{subject, root}, []string{"subject", "anchor"}, []string{"openssl", "openssl", "go", "chromium", "firefox", "gnutls"}},
	} {
		clients, _, _ := judge(response, c.at, c.certs, c.roles)
		var left []string
		for _, o := range clients {
			switch o.Outcome {
			case open:
				left = append(left, o.Client)
				if o.Why != wants[c.lacks] {
					t.Errorf("without %s, %s: %q", c.lacks, o.Client, o.Why)
				}
			case accept:
			default:
				t.Errorf("without %s, %s: %s %q", c.lacks, o.Client, o.Outcome, o.Reason)
			}
		}
		if !slices.Equal(left, c.open) {
			t.Errorf("without %s, open are %v, want %v", c.lacks, left, c.open)
		}
	}
}

// TestCallback: the answer that is advised follows the staple.
func TestCallback(t *testing.T) {
	f := load(t)
	issuer, root := f.cert(t, "pki/ca.pem"), f.cert(t, "pki/root.pem")
	for _, c := range []struct{ file, subject, client, server string }{
		{"cli-good-del-byname", "good", "1", "SSL_TLSEXT_ERR_OK (0)"},
		{"cli-revoked", "revoked", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"cli-unknown", "unknown", "", ""},
		{"cli-badsig", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"cli-del-noeku", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"der-expired", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"der-expired-2min", "good", "1", "SSL_TLSEXT_ERR_OK (0)"},
		{"der-certid-other-issuer", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"der-status-trylater", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
		{"der-garbage", "good", "0", "SSL_TLSEXT_ERR_NOACK (3)"},
	} {
		certs := []*cert.Certificate{f.cert(t, "pki/leaf-"+c.subject+".pem"), issuer, root}
		_, _, callbacks := judge(read(t, f.dir+"/resp/"+c.file+".der"), f.made.Add(30*time.Second), certs, []string{"subject", "issuer", "anchor"})
		if len(callbacks) != 4 {
			t.Fatalf("%d callbacks", len(callbacks))
		}
		for _, k := range callbacks {
			advised := ""
			for _, r := range k.Returns {
				if r.Advised {
					advised = r.Value
				}
			}
			want := map[string]string{"client": c.client, "server": c.server}[k.Side]
			if advised != want {
				t.Errorf("%s, %s %s: %q is advised (%s), want %q", c.file, k.Side, k.Protocol, advised, k.Why, want)
			}
		}
	}
}

// FuzzClients: any octets get an outcome from every program, and what a strict
// program accepts a lenient one can read.
func FuzzClients(f *testing.F) {
	f.Add([]byte("\x30\x03\x0a\x01\x03"), int64(1_800_000_000))
	var certs []*cert.Certificate
	if os.Getenv("DERSCOPE_FIXTURES") != "" || generated.dir != "" {
		x := load(f)
		certs = []*cert.Certificate{x.cert(f, "pki/leaf-good.pem"), x.cert(f, "pki/ca.pem"), x.cert(f, "pki/root.pem")}
		for _, c := range x.cases {
			f.Add(c.response, x.made.Unix())
		}
	}
	f.Fuzz(func(t *testing.T, response []byte, seconds int64) {
		at := time.Unix(seconds%(1<<36), 0).UTC()
		if seconds == 0 {
			at = time.Time{}
		}
		clients, servers, callbacks := judge(response, at, certs, []string{"subject", "issuer", "anchor"}[:len(certs)])
		sound(t, "fuzzed", clients, servers, callbacks)
		for _, o := range clients {
			if o.Outcome == accept && (o.Client == "chromium" || o.Client == "firefox") {
				if got, ok := d2iResponse(response); !ok || got.status != 0 {
					t.Errorf("%s accepts what OpenSSL cannot read", o.Client)
				}
			}
		}
	})
}
