package decode

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/testdata/openssl"
)

// TestResumedByOpenSSL has the machine's own OpenSSL ask for a client certificate
// and resume: nothing of it is found wrong, and the saved session proves the binder.
func TestResumedByOpenSSL(t *testing.T) {
	dir := t.TempDir()
	identityFiles(t, dir)
	id := filepath.Join(dir, "id.pem")
	for _, flag := range []string{"-tls1_2", "-tls1_3"} {
		t.Run(flag, func(t *testing.T) {
			at, _ := openssl.Server(t, dir, "-cert", id, "-key", id, "-CAfile", id, "-Verify", "1", flag, "-rev", "-naccept", "50")
			kept := filepath.Join(dir, "kept"+flag+".pem")
			first := spoken(t, at, flag, "-cert", id, "-key", id, "-sess_out", kept)
			second := spoken(t, at, flag, "-sess_in", kept)
			session, err := os.ReadFile(kept)
			if err != nil {
				t.Fatal(err)
			}
			files, err := os.ReadFile(id)
			if err != nil {
				t.Fatal(err)
			}
			now := Options{At: time.Now()}
			r := Load([]Input{{Name: "first.txt", Bytes: first}, {Name: "id.pem", Bytes: files}}, Limits{}).Report(now)
			faultless(t, r)
			for _, id := range []string{"tls.candidate.issuer", "tls.candidate.algorithm", "tls.candidate.key"} {
				if k := ofHandshake(t, r, id); k.Status != report.Pass {
					t.Errorf("%s: %s, %s", id, k.Status, k.Why)
				}
			}
			r = Load([]Input{{Name: "second.txt", Bytes: second}, {Name: "session.pem", Bytes: session}}, Limits{}).Report(now)
			faultless(t, r)
			if k := ofHandshake(t, r, "tls.resume.outcome"); !strings.HasPrefix(k.Why, "Resumed") {
				t.Errorf("%s", k.Why)
			}
			if k := ofHandshake(t, r, "tls.psk.binder"); flag == "-tls1_3" && k.Status != report.Pass {
				t.Errorf("the binder: %s, %s", k.Status, k.Why)
			}
		})
	}
}

// faultless says of every handshake what is wrong with it: nothing is.
func faultless(t *testing.T, r *report.Report) {
	t.Helper()
	for i := range r.Items {
		if it := &r.Items[i]; it.Kind == "tls-handshake" || it.Kind == "new-session-ticket" || it.Kind == "tls" {
			if k, bad := check.First(it.Checks, report.Fail); bad {
				t.Errorf("%s: %s: %s", it.Title, k.ID, k.Why)
			}
		}
	}
}

// spoken is what s_client prints of a connection, which lasts until the server's
// word came behind its tickets.
func spoken(t *testing.T, at string, more ...string) []byte {
	t.Helper()
	return openssl.Client(t, "", "word", "drow", append([]string{"s_client", "-connect", at, "-servername", "www.example.org", "-msg", "-status"}, more...)...)
}
