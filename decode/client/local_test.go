package client

import (
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// local is the openssl that made the fixtures, if its behaviour is known: its
// first answer in expected.tsv tells.
func (f *fixtures) local(t testing.TB) *openSSL {
	t.Helper()
	out, err := exec.Command("openssl", "version").Output()
	version := strings.Fields(string(out))
	if err != nil || len(version) < 2 || !strings.HasPrefix(version[1], "3.") {
		t.Skip("no openssl 3 at hand")
	}
	v := &openSSL{version: version[1]}
	for _, x := range f.cases {
		if x.name == "badsig-nosigverify" { // the second attempt keeps -no_signature_verify, or forgets it
			v.keepsFlags = x.local["exit"] == "0"
		}
	}
	return v
}

// libraryNoise are errors that come before OpenSSL's OCSP errors, and say no more.
var libraryNoise = []string{
	"invalid padding", "padding check failed", "RSA lib", "EVP lib", "bad signature", "wrong signature length", "data too small",
	"provider signature failure", "invalid bit string bits left", "unknown signature algorithm", "wrong public key type", "block type is not 01",
	"algorithm mismatch", "first num too large", "invalid digest length", "unsupported algorithm", "unknown message digest algorithm", "bad length",
	"data too large for modulus", // a signature by another key, as large as its modulus allows
}

// TestLocalOpenSSL compares with the openssl at hand: what it printed of every
// case when the fixtures were made, with the reasons of its errors.
func TestLocalOpenSSL(t *testing.T) {
	f := load(t)
	v := f.local(t)
	for _, x := range f.cases {
		p := f.command(t, x, v, f.made.Add(10*time.Second)).run()
		want := x.local
		got := column(p)
		said := want["verify"]
		if said != "parse-error" && said != "read-error" && said != "responder-error" {
			if want["status"] != "-" {
				said += "/" + want["status"]
			}
			if want["times"] == "invalid" {
				said += "/times-invalid"
			}
		}
		if got != said || strconv.Itoa(p.exit) != want["exit"] {
			t.Errorf("%s: got %s exit %d, openssl %s says %s exit %s", x.name, got, p.exit, v.version, said, want["exit"])
		}
		nonce := map[string]string{"": "-", nonceMissing: "absent-in-response", nonceError: "mismatch"}[p.nonce]
		if nonce != want["nonce"] {
			t.Errorf("%s: nonce %s, openssl says %s", x.name, nonce, want["nonce"])
		}
		if p.verify != "failure" || want["errors"] == "-" {
			continue
		}
		var reasons []string
		for _, r := range strings.Split(want["errors"], "; ") {
			if !slices.Contains(libraryNoise, r) {
				reasons = append(reasons, r)
			}
		}
		var mine []string
		for _, e := range p.errors {
			if !slices.Contains(mine, e) {
				mine = append(mine, e)
			}
		}
		if strings.Join(mine, "; ") != strings.Join(reasons, "; ") {
			t.Errorf("%s: errors %q, openssl says %q", x.name, mine, reasons)
		}
	}
}

// TestLocalGnuTLS compares with the ocsptool at hand.
func TestLocalGnuTLS(t *testing.T) {
	f := load(t)
	if _, err := os.Stat(f.dir + "/gnutls.tsv"); err != nil {
		t.Skip("no ocsptool at hand")
	}
	rows := table(t, f.dir+"/gnutls.tsv")
	for _, row := range rows {
		said := strings.TrimSuffix(strings.TrimSpace(row["verdict"]), ".")
		said = strings.ReplaceAll(strings.ReplaceAll(said, "Success", "ok"), "Failure, ", "fail: ")
		e := evidence{response: read(t, f.dir+"/resp/"+row["file"]), issuer: f.cert(t, "pki/"+signerOf(row["file"])+".pem"), at: f.made.Add(30 * time.Second)}
		if got := ocsptool(runGnuTLS(e)); got != said {
			t.Errorf("%s: got %s, ocsptool says %s", row["file"], got, said)
		}
	}
	if len(rows) < 200 {
		t.Errorf("only %d rows", len(rows))
	}
}

// TestPostQuantum runs the three responses signed with ML-DSA.
func TestPostQuantum(t *testing.T) {
	dir := shared + "/fixtures/ocsp-mldsa/"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the ML-DSA fixtures are not at hand")
	}
	f := load(t)
	e := evidence{subject: pemCertificates(t, dir+"leaf-good.pem")[0], issuer: pemCertificates(t, dir+"ca.pem")[0]}
	for _, row := range table(t, dir+"meta.tsv", "key", "value") {
		if row["key"] == "generated_at" {
			seconds, _ := strconv.ParseInt(row["value"], 10, 64)
			e.at = time.Unix(seconds+30, 0).UTC()
		}
	}
	if e.at.IsZero() {
		t.Fatal("no reference time")
	}
	for _, size := range []string{"44", "65", "87"} {
		e.response = read(t, dir+"response-mldsa"+size+".der")
		row := f.observed["del-mldsa"+size]
		c := &command{openSSL: openSSL4, response: e.response, at: e.at, tolerance: fiveMinutes, age: -1, anchors: pemCertificates(t, dir+"root.pem"),
			issuers: pemCertificates(t, dir+"ca.pem"), requested: true, asked: []asked{{issuer: e.issuer, issuerRaw: e.subject.Issuer.Raw, serial: e.subject.Serial.Value}}}
		if p := c.run(); column(p) != row["openssl_4.1-dev"] {
			t.Errorf("ML-DSA-%s: OpenSSL 4.1-dev %s %q, it says %s", size, column(p), p.errors, row["openssl_4.1-dev"])
		}
		c.openSSL = openSSL3
		if p := c.run(); p.verify != "failure" {
			t.Errorf("ML-DSA-%s: OpenSSL 3.0 does not know it, got %s", size, column(p))
		}
		b := runChromium(e, chromiumAge)
		for column, got := range map[string]string{
			"boringssl_CheckOCSP_maxage_7d": b.status.String() + " " + b.detail,
			"mozilla_pkix_10d":              runFirefox(e).result,
			"gnutls_ocsptool":               ocsptool(runGnuTLS(e)),
			"go_ParseResponseForCert":       "ERR " + runGo(e).String(),
		} {
			if got != row[column] {
				t.Errorf("ML-DSA-%s, %s: got %s, it says %s", size, column, got, row[column])
			}
		}
	}
}
