package decode

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"derscope/decode/report"
)

// elsewhere is where test data of other projects lie, if they are there.
const elsewhere = "../../shared/vectors"

// table reads a file of tab-separated values as rows by column name.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elsewhere, name))
	if err != nil {
		t.Skipf("the vectors of other projects are not here: %v", err)
	}
	lines := strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	head := strings.Split(lines[0], "\t")
	var rows []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, v := range strings.Split(l, "\t") {
			row[head[i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

func vectorInput(t *testing.T, dir, name, role string) Input {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elsewhere, dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(name, ".ors") {
		if b, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(b)), "")); err != nil {
			t.Fatal(err)
		}
	}
	return Input{Name: name, Bytes: b, Role: role}
}

func member(it report.Item, key string) string {
	for _, m := range it.Summary {
		if m.Key == key {
			return fmt.Sprint(m.Value)
		}
	}
	return ""
}

// first gives the first item of a kind.
func first(t *testing.T, r *report.Report, kind string) report.Item {
	t.Helper()
	for _, it := range r.Items {
		if it.Kind == kind {
			return it
		}
	}
	t.Fatalf("no %s found among %d items", kind, len(r.Items))
	return report.Item{}
}

func unix(t *testing.T, s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(n, 0).UTC()
}

// TestOpenSSLCases holds the verdict against OpenSSL's own accept and reject
// cases: accept means that the signer may sign for the trusted issuer, that the
// signature holds, and that the entries are about its certificates.
func TestOpenSSLCases(t *testing.T) {
	for _, row := range table(t, "ocsp/openssl/cases.tsv") {
		t.Run(row["id"], func(t *testing.T) {
			in := []Input{vectorInput(t, "ocsp/openssl", row["response_base64"], "")}
			role := "issuer"
			if row["helper_certs"] != "-" {
				role = "anchor"
				for _, h := range strings.Split(row["helper_certs"], ",") {
					in = append(in, vectorInput(t, "ocsp/openssl", h, ""))
				}
			}
			in = append(in, vectorInput(t, "ocsp/openssl", row["trusted_issuer"], role))
			r := Load(in, Limits{}).Report(Options{At: unix(t, row["verify_at_unix"])})
			it := first(t, r, "ocsp-response")
			proven, matches := member(it, "proven"), member(it, "matches")
			good := (proven == "pass" || proven == "warn") && matches != "fail"
			if row["helper_certs"] != "-" { // the issuer has to lead to the anchor as well
				anchored := slices.ContainsFunc(it.Checks, func(g report.Check) bool {
					return slices.ContainsFunc(g.Children, func(k report.Check) bool {
						return k.ID == "ocsp.chain.anchor" && k.Status == report.Pass
					})
				})
				good = good && anchored
			}
			if want := row["expected"] == "accept"; good != want {
				t.Errorf("%s: want %s, have proven %s, matches %s: %s", row["reason"], row["expected"], proven, matches, it.Verdict.Headline)
			}
		})
	}
}

// TestVerifyCases does the same with responses of other projects.
func TestVerifyCases(t *testing.T) {
	for _, row := range table(t, "ocsp/verify-cases.tsv") {
		t.Run(row["id"], func(t *testing.T) {
			in := []Input{vectorInput(t, "ocsp", row["response"], ""), vectorInput(t, "ocsp", row["issuer"], "issuer")}
			if row["certificate"] != "-" {
				in = append(in, vectorInput(t, "ocsp", row["certificate"], "subject"))
			}
			if row["extra_responder_cert"] != "-" {
				in = append(in, vectorInput(t, "ocsp", row["extra_responder_cert"], "responder"))
			}
			r := Load(in, Limits{}).Report(Options{At: unix(t, row["verify_at_unix"])})
			it := first(t, r, "ocsp-response")
			proven, matches := member(it, "proven"), member(it, "matches")
			status, accept := strings.CutPrefix(row["expected"], "accept ")
			switch {
			case accept:
				if proven != "pass" && proven != "warn" || matches == "fail" || member(it, "certStatus") != status {
					t.Errorf("%s: want %s, have proven %s, matches %s, status %s: %s", row["reason"], row["expected"], proven, matches, member(it, "certStatus"), it.Verdict.Headline)
				}
			case row["expected"] == "nomatch":
				if matches != "fail" {
					t.Errorf("%s: want no match, have %s", row["reason"], matches)
				}
			default:
				if it.Verdict.Status == report.Pass || it.Verdict.Status == report.Warn || proven == "pass" && matches == "pass" {
					t.Errorf("%s: want reject, have proven %s: %s", row["reason"], proven, it.Verdict.Headline)
				}
			}
		})
	}
}
