package cmpclient

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/cmp"
)

// program asks OpenSSL's library what its calls return.
const program = "../../../shared/fixtures/cmp-try.c"

// waits is an ip that says «waiting».
func waits(nonce byte) Message {
	return reply(cmp.IP, nonce, Response{Status: Status{Value: cmp.Waiting}})
}

// after is a pollRep.
func after(nonce byte, n int64) Message {
	m := reply(cmp.PollRep, nonce)
	m.Waits = []Wait{{CheckAfter: n}}
	return m
}

// late is an error that says «waiting».
func late(nonce byte) Message {
	m := reply(cmp.Error, nonce)
	m.Status = Status{Value: cmp.Waiting}
	return m
}

// whole is an after for the whole message.
func whole(m Message) Message { m.Waits[0].ID = -1; return m }

func issued(nonce byte) Message {
	return reply(cmp.IP, nonce, Response{Certificate: Certificate{Form: Plain, Subject: "/CN=ee"}})
}

// with changes a message.
func with(m Message, f func(*Message)) Message { f(&m); return m }

// scene is what happens between the two sides of the program.
type scene struct {
	title   string
	request cmp.Type
	tries   bool
	timeout int64
	script  func(Version) []Message
}

var plain = func(Version) []Message { return good() }

var scenes = []scene{
	{"plain", cmp.IR, false, 0, plain},
	{"answer of another transaction", cmp.IR, false, 0, func(Version) []Message {
		return []Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.TransactionID = []byte{8} })}
	}},
	{"old answer in the same transaction", cmp.IR, false, 0, func(Version) []Message { return []Message{ask1(cmp.IR, 1), issued(9)} }},
	{"waiting, two polls, final answer", cmp.IR, true, 0, func(Version) []Message {
		return []Message{ask1(cmp.IR, 1), waits(1), ask1(cmp.PollReq, 2), after(2, 7), ask1(cmp.PollReq, 3), after(3, 7), ask1(cmp.PollReq, 4), issued(4), ask1(cmp.CertConf, 5), reply(cmp.PKIConf, 5)}
	}},
	{"waiting, then the application aborts", cmp.IR, true, 0, func(Version) []Message {
		return []Message{ask1(cmp.IR, 1), waits(1), ask1(cmp.PollReq, 2), after(2, 7), ask1(cmp.Error, 3), reply(cmp.PKIConf, 3)}
	}},
	{"checkAfter 2^31, then a good one", cmp.IR, true, 0, func(Version) []Message {
		return []Message{ask1(cmp.IR, 1), waits(1), ask1(cmp.PollReq, 2), after(2, 1<<31), ask1(cmp.PollReq, 3), after(3, 7), ask1(cmp.PollReq, 4), after(4, -1)}
	}},
	{"total time of 6 s, checkAfter 100", cmp.IR, false, 6, func(Version) []Message {
		return []Message{ask1(cmp.IR, 1), waits(1), ask1(cmp.PollReq, 2), after(2, 100), ask1(cmp.PollReq, 3), after(3, 100)}
	}},
	{"ir delayed with an error body", cmp.IR, true, 0, func(v Version) []Message {
		if !v.delays() {
			return good()
		}
		return []Message{ask1(cmp.IR, 1), late(1), ask1(cmp.PollReq, 2), after(2, 0), ask1(cmp.PollReq, 3), issued(1), ask1(cmp.CertConf, 4), reply(cmp.PKIConf, 4)}
	}},
	{"genm delayed with an error body", cmp.GenM, false, 0, func(v Version) []Message {
		if !v.delays() {
			return []Message{ask1(cmp.GenM, 1), reply(cmp.GenP, 1)}
		}
		return []Message{ask1(cmp.GenM, 1), late(1), ask1(cmp.PollReq, 2), whole(after(2, 0)), ask1(cmp.PollReq, 3), reply(cmp.GenP, 1)}
	}},
}

// lines are what the program would print of a scene.
func (s *scene) lines(v Version) (all []string) {
	aborts := false
	script := s.script(v)
	for _, m := range script {
		aborts = aborts || m.Sent && m.Body == cmp.Error
	}
	list := Run(script, s.request, v, Options{TotalTimeout: s.timeout})
	if s.tries {
		list = list[1:]
	} else {
		list = list[:1]
	}
	for i, o := range list {
		switch {
		case !s.tries:
			all = append(all, "exec: "+o.Returns)
		case aborts && i == len(list)-1:
			all = append(all, "try(-1): "+o.Returns)
		default:
			all = append(all, "try(0): "+strings.NewReplacer(" (", ", ", ")", "").Replace(o.Returns))
		}
		all = append(all, fmt.Sprint("status ", o.Status))
		for _, r := range o.Errors {
			reason := "reason " + r.Printed()
			if r.Data != "" {
				reason += ": " + r.Data
			}
			all = append(all, reason)
		}
	}
	return all
}

// The program, compiled here, gets the answers that are said of its version.
func TestCallsOfTheLibrary(t *testing.T) {
	if _, err := os.Stat(program); err != nil {
		t.Skip("the program is not here: ", err)
	}
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	dir := t.TempDir()
	if out, err := exec.Command(cc, "-o", filepath.Join(dir, "try"), program, "-lcrypto").CombinedOutput(); err != nil {
		t.Skipf("it does not compile here, perhaps for want of OpenSSL's headers: %s", out)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ee"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	c, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	p8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*pem.Block{"key": {Type: "PRIVATE KEY", Bytes: p8}, "cert": {Type: "CERTIFICATE", Bytes: c}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(filepath.Join(dir, "try"), filepath.Join(dir, "key"), filepath.Join(dir, "cert")).Output()
	if err != nil {
		t.Fatalf("the program ends with %v: %s", err, out)
	}
	all := strings.Split(strings.TrimSpace(string(out)), "\n")
	version, found := versionOf(strings.Fields(all[0])[1])
	if !found {
		t.Skipf("%s is none of the versions that are simulated", all[0])
	}
	printed := map[string][]string{}
	title := ""
	for _, line := range all[1:] {
		s, inside := strings.CutPrefix(line, "  ")
		switch {
		case !inside:
			title = line
		case strings.HasPrefix(s, "exec:"), strings.HasPrefix(s, "try("), strings.HasPrefix(s, "status "), strings.HasPrefix(s, "reason "):
			if i := strings.Index(s, ": expected = "); i > 0 { // octets of this run
				s = s[:i]
			}
			printed[title] = append(printed[title], s)
		}
	}
	for _, s := range scenes {
		have := s.lines(version)
		for i, l := range have {
			have[i], _, _ = strings.Cut(l, ": expected = ")
		}
		if want := printed[s.title]; !slices.Equal(have, want) {
			t.Errorf("%s, OpenSSL %s:\nsays %s\nwant %s", s.title, all[0], strings.Join(have, " | "), strings.Join(want, " | "))
		}
	}
	if len(printed) != len(scenes) {
		t.Errorf("the program plays %d scenes, %d are known", len(printed), len(scenes))
	}
}

// versionOf finds the range of a release.
func versionOf(release string) (Version, bool) {
	for _, p := range []struct {
		prefix string
		v      Version
	}{{"3.0.", V30}, {"3.1.", V30}, {"3.2.", V32}, {"3.3.", V33}, {"3.4.", V33}, {"3.5.", V35}, {"4.1.", V41}} {
		if strings.HasPrefix(release, p.prefix) {
			if p.v == V35 && len(release) > 4 && release[4] >= '7' {
				return V357, true
			}
			return p.v, true
		}
	}
	return 0, false
}

// What the same scenes printed with OpenSSL 3.5.7: status and order of the calls
// that are not installed here.
func TestScenesOfNewerVersions(t *testing.T) {
	want := map[string]string{
		"plain":                                "exec: certificate | status 0",
		"answer of another transaction":        "exec: NULL | status -4 | reason transactionid unmatched: expected = 09, actual = 08",
		"old answer in the same transaction":   "exec: NULL | status -4 | reason recipnonce unmatched: expected = 01, actual = 09",
		"waiting, then the application aborts": "try(0): -1, checkAfter 7 | status 3 | try(-1): 1 | status -5",
		"checkAfter 2^31, then a good one":     "try(0): 0 | status 3 | reason checkafter out of range: value = 2147483648 | reason polling failed | try(0): -1, checkAfter 7 | status 3 | try(0): 0 | status 3 | reason checkafter out of range: value = -1",
		"total time of 6 s, checkAfter 100":    "exec: NULL | status -2 | reason total timeout | reason polling failed",
		"ir delayed with an error body":        "try(0): -1, checkAfter 0 | status 3 | try(0): 1 | status 0",
		"genm delayed with an error body":      "exec: list of 0 | status 0",
	}
	for _, s := range scenes {
		w, ok := want[s.title]
		if have := strings.Join(s.lines(V357), " | "); ok && have != w {
			t.Errorf("%s:\nsays %s\nwant %s", s.title, have, w)
		}
	}
}
