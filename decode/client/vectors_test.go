package client

import (
	"encoding/base64"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"derscope/decode/cert"
)

const vectors = shared + "/vectors/ocsp/"

// TestOpenSSLVectors runs the cases of OpenSSL's own test of `openssl ocsp`:
// -partial_chain -CAfile X, with X as -verify_other too unless another is given.
func TestOpenSSLVectors(t *testing.T) {
	if _, err := os.Stat(vectors + "openssl/cases.tsv"); err != nil {
		t.Skip("the vectors of OpenSSL are not at hand")
	}
	rows := table(t, vectors+"openssl/cases.tsv")
	for _, row := range rows {
		seconds, err := strconv.ParseInt(row["verify_at_unix"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		response, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(read(t, vectors+"openssl/"+row["response_base64"]))), ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []*openSSL{openSSL3, openSSL4} {
			anchors := pemCertificates(t, vectors+"openssl/"+row["trusted_issuer"])
			c := &command{openSSL: v, response: response, anchors: anchors, other: anchors, flags: partialChain, age: -1, at: time.Unix(seconds, 0).UTC()}
			if helper := row["helper_certs"]; helper != "-" {
				c.other = pemCertificates(t, vectors+"openssl/"+helper)
			}
			if strings.Contains(row["options"], "-no_cert_checks") {
				c.flags |= noChecks
			}
			if p := c.run(); (p.verify == "ok") != (row["expected"] == "accept") {
				t.Errorf("%s, OpenSSL %s: %s %q, expected %s: %s", row["id"], v.version, p.verify, p.errors, row["expected"], row["reason"])
			}
		}
	}
	if len(rows) != 59 {
		t.Errorf("%d cases, want 59", len(rows))
	}
}

// TestForeignVectors runs responses of other projects, as `openssl ocsp
// -partial_chain -CAfile issuer -issuer issuer` was seen to take them.
func TestForeignVectors(t *testing.T) {
	if _, err := os.Stat(vectors + "verify-cases.tsv"); err != nil {
		t.Skip("the vectors of other projects are not at hand")
	}
	rows := table(t, vectors+"verify-cases.tsv")
	for _, row := range rows {
		seconds, err := strconv.ParseInt(row["verify_at_unix"], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		issuers := pemCertificates(t, vectors+row["issuer"])
		c := &command{openSSL: openSSL3, response: read(t, vectors+row["response"]), anchors: issuers, issuers: issuers[:1],
			flags: partialChain, age: -1, at: time.Unix(seconds, 0).UTC()}
		if other := row["extra_responder_cert"]; other != "-" {
			c.other = pemCertificates(t, vectors+other)
		}
		var subject *cert.Certificate
		if row["certificate"] != "-" {
			subject = pemCertificates(t, vectors+row["certificate"])[0]
			c.asked = []asked{{issuer: issuers[0], issuerRaw: subject.Issuer.Raw, serial: subject.Serial.Value}}
		}
		p := c.run()
		want, status, _ := strings.Cut(row["openssl_3_0"], ", ")
		got := map[string]string{"ok": "verify OK", "failure": "verify failure"}[p.verify]
		if got != want {
			t.Errorf("%s: %s %s %q, OpenSSL said %s", row["id"], got, p.fatal, p.errors, row["openssl_3_0"])
		}
		if status == "" {
			continue
		}
		said := "no status"
		if len(p.statuses) > 0 && p.statuses[0].found {
			said = p.statuses[0].status.String()
		}
		if said != status {
			t.Errorf("%s: status %s, OpenSSL said %s", row["id"], said, row["openssl_3_0"])
		}
	}
	if len(rows) != 20 {
		t.Errorf("%d cases, want 20", len(rows))
	}
}
