package decode

import (
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// cmpScript makes messages with the client and the mock server of OpenSSL. Of
// the 198 cases that it knows OpenSSL 3.0 makes 173: no protection by Ed25519,
// Ed448 or RSASSA-PSS, no certProfile, no central key generation.
const cmpScript = "../../shared/fixtures/make-cmp.sh"

// cmpRun is what one run of the script made.
type cmpRun struct {
	dir     string
	at      time.Time // when
	cases   []cmpCase
	trusted []Input // every certificate of the run: the roots are trusted
}

// cmpCase is one line of its index.
type cmpCase struct {
	name     string
	bodies   []cmp.Type
	secrets  []string
	messages []Input
}

var cmpMade struct {
	sync.Once
	dir string
	err error
}

// cmpFixtures runs the script once, or takes the directory DERSCOPE_CMP_FIXTURES
// that it was run into.
func cmpFixtures(t *testing.T) *cmpRun {
	t.Helper()
	dir := os.Getenv("DERSCOPE_CMP_FIXTURES")
	if dir == "" {
		dir = makeCMP(t)
	}
	index := readFile(t, filepath.Join(dir, "index.tsv"))
	info, err := os.Stat(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	run := &cmpRun{dir: dir, at: info.ModTime().UTC()}
	secrets := map[string][]string{}
	for line := range strings.Lines(readFile(t, filepath.Join(dir, "secrets.tsv"))) {
		name, text, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		for part := range strings.SplitSeq(text, "; ") { // client: this; server: that
			if _, of, both := strings.Cut(part, ": "); both {
				part = of
			}
			secrets[name] = append(secrets[name], part)
		}
	}
	for i, line := range strings.Split(strings.TrimRight(index, "\n"), "\n") {
		cells := strings.Split(line, "\t")
		if i == 0 || len(cells) < 4 {
			continue
		}
		k := cmpCase{name: cells[0], secrets: secrets[cells[0]]}
		for tag := range strings.FieldsSeq(cells[3]) {
			n, err := strconv.Atoi(tag)
			if err != nil {
				t.Fatalf("%s: %v", cells[0], err)
			}
			k.bodies = append(k.bodies, cmp.Type(n))
		}
		files, err := filepath.Glob(filepath.Join(dir, k.name, "[0-9]*.der"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			k.messages = append(k.messages, Input{Name: filepath.Base(f), Bytes: []byte(readFile(t, f))})
		}
		run.cases = append(run.cases, k)
	}
	files, err := filepath.Glob(filepath.Join(dir, "pki", "*.crt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		in := Input{Name: filepath.Base(f), Bytes: []byte(readFile(t, f))}
		if slices.Contains([]string{"root.crt", "ca-ed25519.crt", "ca-ed448.crt", "ca-ec384.crt", "ca-pss.crt"}, in.Name) {
			in.Role = "anchor"
		}
		run.trusted = append(run.trusted, in)
	}
	return run
}

func makeCMP(t *testing.T) string {
	if _, err := os.Stat(cmpScript); err != nil {
		t.Skip("the script that makes messages is not here: ", err)
	}
	if testing.Short() {
		t.Skip("making the messages takes half a minute: name a directory of them in DERSCOPE_CMP_FIXTURES")
	}
	for _, tool := range []string{"sh", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("making the messages needs %s", tool)
		}
	}
	cmpMade.Do(func() {
		cmpMade.dir, cmpMade.err = os.MkdirTemp("", "derscope-cmp")
		if cmpMade.err == nil {
			out, err := exec.Command("sh", cmpScript, cmpMade.dir).CombinedOutput()
			if err != nil {
				t.Logf("%s", out)
			}
			cmpMade.err = err
		}
	})
	if cmpMade.err != nil {
		t.Fatalf("making the messages: %v", cmpMade.err)
	}
	return cmpMade.dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if cmpMade.dir != "" {
		os.RemoveAll(cmpMade.dir)
	}
	os.Exit(code)
}

func readFile(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// exists says whether a rule of this id is there.
func exists(id string) bool {
	return slices.ContainsFunc(Catalogue(), func(r check.Info) bool { return r.ID == id })
}

// cmpMessages are the messages of a case that were given, not those inside others.
func cmpMessages(c *Case, r *report.Report) (list []*cmp.Message, items []report.Item) {
	for _, e := range c.exhibits {
		if m, ok := e.Value.(*cmp.Message); ok && e.Carrier < 0 {
			list, items = append(list, m), append(items, r.Items[e.Item])
		}
	}
	return list, items
}

// Every message that OpenSSL makes is found and read to its last octet, with
// the body that asn1parse shows; secrets and keys prove what they protect.
func TestMessagesOfOpenSSL(t *testing.T) {
	run := cmpFixtures(t)
	count := 0
	for _, k := range run.cases {
		t.Run(k.name, func(t *testing.T) {
			if len(k.messages) != len(k.bodies) {
				t.Fatalf("%d messages, and %d body tags in the index", len(k.messages), len(k.bodies))
			}
			count += len(k.messages)
			for i, in := range k.messages {
				wholeMessage(t, in, k.bodies[i])
			}
			if len(k.messages) > 0 {
				provenMessages(t, run, k)
			}
		})
	}
	if count < 400 {
		t.Errorf("%d messages, OpenSSL 3.0 makes 506", count)
	}
}

// wholeMessage reads one message by itself: nothing of it is left over.
func wholeMessage(t *testing.T, in Input, want cmp.Type) {
	t.Helper()
	c := Load([]Input{in}, Limits{})
	r := c.Report(Options{})
	list, _ := cmpMessages(c, r)
	if len(list) != 1 {
		t.Errorf("%s: %d messages found, want 1", in.Name, len(list))
		return
	}
	if m := list[0]; m.Body.Type != want || !m.OK || !m.Body.OK {
		t.Errorf("%s: a %s, read to its end %v (body %v); want %s", in.Name, m.Body.Name(), m.OK, m.Body.OK, want)
	}
	for _, it := range r.Items {
		if it.Kind == "unknown" {
			t.Errorf("%s: %d octets at %d are not read", in.Name, it.Len, it.Off)
		}
		for _, p := range it.Problems {
			// The mock server writes an empty list of revCerts; so it is said.
			if it.Kind == "cmp-message" && want != cmp.RP {
				t.Errorf("%s: %s", in.Name, p.Message)
			}
		}
	}
	if err := tiling.Check(r.Sources, r.Nodes); err != nil {
		t.Errorf("%s: %v", in.Name, err)
	}
}

// provenMessages judges the whole case with its secrets and certificates.
func provenMessages(t *testing.T, run *cmpRun, k cmpCase) {
	t.Helper()
	in := slices.Clone(k.messages)
	for _, s := range k.secrets {
		in = append(in, Input{Name: "secret", Bytes: []byte(s), Kind: "shared-secret", Secret: true})
	}
	c := Load(append(in, run.trusted...), Limits{})
	r := c.Report(Options{At: run.at})
	list, items := cmpMessages(c, r)
	for i, m := range list {
		id := ""
		switch {
		case m.Header.Algorithm == nil:
			if m.Protected() {
				t.Errorf("%s: a protection without an algorithm", k.messages[i].Name)
			}
			continue
		case m.Header.Algorithm.Method == 0: // a signature
			id = "cmp.prot.signature"
		default:
			id = "cmp.prot.mac"
		}
		for _, id := range []string{id, "cmp.pop.signature", "cmp.p10.signature"} {
			row, found := check.Find(items[i].Checks, id)
			switch {
			case !exists(id):
			case !found && strings.HasPrefix(id, "cmp.prot."):
				t.Errorf("%s: %s is not judged", k.messages[i].Name, id)
			case found && row.Status != report.Pass:
				t.Errorf("%s: %s is %s: %s", k.messages[i].Name, id, row.Status, row.Why)
			}
		}
	}
}

// What the script damaged is read as the names of the files say.
func TestDamagedMessages(t *testing.T) {
	run := cmpFixtures(t)
	read := func(name string, more ...Input) (*Case, *report.Report) {
		c := Load(append([]Input{{Name: name, Bytes: []byte(readFile(t, filepath.Join(run.dir, "tampered", name)))}}, more...), Limits{})
		return c, c.Report(Options{At: run.at})
	}
	secret := Input{Name: "secret", Bytes: []byte("Fixture-PBM-1"), Kind: "shared-secret", Secret: true}
	for _, name := range []string{"pbm-ip-badmac.der", "pbm-ip-badbody.der"} {
		c, r := read(name, secret)
		_, items := cmpMessages(c, r)
		if len(items) != 1 {
			t.Errorf("%s: %d messages", name, len(items))
		} else if row, ok := check.Find(items[0].Checks, "cmp.prot.mac"); exists("cmp.prot.mac") && (!ok || row.Status != report.Fail) {
			t.Errorf("%s: cmp.prot.mac is %s", name, row.Status)
		}
	}
	if c, r := read("trailing.der"); true {
		_, items := cmpMessages(c, r)
		if len(items) != 1 {
			t.Errorf("trailing.der: %d messages", len(items))
		} else if row, ok := check.Find(items[0].Checks, "cmp.der.trailing"); exists("cmp.der.trailing") && (!ok || row.Status != report.Warn) {
			t.Errorf("trailing.der: cmp.der.trailing is %s", row.Status)
		}
	}
	if c, r := read("truncated.der"); true {
		list, items := cmpMessages(c, r)
		if len(list) != 1 || list[0].OK || list[0].Body.Type != cmp.CP || items[0].Verdict.Status != report.Fail {
			t.Errorf("truncated.der: %d messages, not one broken cp", len(list))
		}
	}
	if c, r := read("indefinite.der"); true {
		if list, _ := cmpMessages(c, r); len(list) > 0 {
			t.Errorf("indefinite.der holds no message, %d found", len(list))
		}
	}
	for name, want := range map[string][]cmp.Type{"mixed-transactions.der": {cmp.IR, cmp.CP}, "poll-unfinished.der": {cmp.IR, cmp.IP, cmp.PollReq, cmp.PollRep, cmp.PollReq}} {
		c, r := read(name)
		var have []cmp.Type
		list, _ := cmpMessages(c, r)
		for _, m := range list {
			have = append(have, m.Body.Type)
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s: %v, want %v", name, have, want)
		}
	}
}

// Whatever form a message was written in, the octets are the same.
func TestFormsOfMessages(t *testing.T) {
	run := cmpFixtures(t)
	i := slices.IndexFunc(run.cases, func(k cmpCase) bool { return k.name == "pbm-ir" })
	if i < 0 {
		t.Fatal("no case pbm-ir")
	}
	all := run.cases[i].messages
	forms := map[string][]Input{"http-chunked.bin": all[1:2], "http-response.bin": all[1:2], "ip.pki": all[1:2], "http-stream.bin": all, "transcript.der": all}
	files, err := filepath.Glob(filepath.Join(run.dir, "forms", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no forms: ", err)
	}
	for _, f := range files {
		name := filepath.Base(f)
		want, ok := forms[name]
		if !ok {
			want = all[:1]
		}
		sameMessages(t, name, []byte(readFile(t, f)), want)
	}
}

// sameMessages holds what is found in an input against messages as they are.
func sameMessages(t *testing.T, name string, in []byte, want []Input) {
	t.Helper()
	c := Load([]Input{{Name: name, Bytes: in}}, Limits{})
	r := c.Report(Options{})
	var have []*cmp.Message
	for _, e := range c.exhibits {
		if m, ok := e.Value.(*cmp.Message); ok {
			have = append(have, m)
		}
	}
	if len(have) != len(want) {
		t.Errorf("%s: %d messages, want %d", name, len(have), len(want))
		return
	}
	for i := range want {
		if string(have[i].Raw) != string(want[i].Bytes) {
			t.Errorf("%s: message %d differs", name, i)
		}
	}
	for _, it := range r.Items {
		if it.Kind == "unknown" {
			t.Errorf("%s: %d octets at %d are not read", name, it.Len, it.Off)
		}
	}
}

// TestProtectedMessages holds the protection of messages of other projects
// against what an independent program found.
func TestProtectedMessages(t *testing.T) {
	for _, row := range table(t, "cmp/verify-cases.tsv") {
		t.Run(row["id"], func(t *testing.T) { protectedMessage(t, row) })
	}
}

func protectedMessage(t *testing.T, row map[string]string) {
	in := []Input{{Name: row["message"], Bytes: []byte(readFile(t, filepath.Join(elsewhere, "cmp", row["message"])))}}
	how, what, _ := strings.Cut(row["input"], "=")
	switch {
	case how == "secret":
		in = append(in, Input{Name: "secret", Bytes: []byte(what), Kind: "shared-secret", Secret: true})
	case how == "cert" && !strings.HasPrefix(what, "extraCerts"):
		in = append(in, Input{Name: what, Bytes: []byte(readFile(t, filepath.Join(elsewhere, "cmp", what))), Role: "signer"})
	}
	c := Load(in, Limits{})
	r := c.Report(Options{})
	list, items := cmpMessages(c, r)
	if len(list) != 1 {
		t.Fatalf("%d messages found", len(list))
	}
	m := list[0]
	if m.Body.Name() != row["body"] {
		t.Errorf("a %s, want %s", m.Body.Name(), row["body"])
	}
	if id := algorithmOf(m); id != row["protection_alg"] {
		t.Errorf("protectionAlg %s, want %s", id, row["protection_alg"])
	}
	kind, want, _ := strings.Cut(row["expected"], " ")
	id := "cmp.prot." + kind
	if kind == "unprotected" {
		if m.Protected() {
			t.Error("it is protected")
		}
		return
	}
	if how == "cert" {
		k, alone := keyOf(c, m, what)
		result := sig.Verify(m.Header.Algorithm.Algorithm.Algorithm, k, m.ProtectedPart(), m.Protection.Value.Bytes)
		if good := result.Outcome == sig.Valid; good != (want == "ok") {
			t.Errorf("with the key of %s: %v %s, want %s", what, result.Outcome, result.Why, want)
		}
		if alone || strings.Contains(row["remark"], "in extraCerts") { // a key without a certificate; a signer that the message brings
			return
		}
	}
	if row, ok := check.Find(items[0].Checks, id); !ok || (row.Status == report.Pass) != (want == "ok") {
		t.Errorf("%s is %s, want %s: %s", id, row.Status, want, row.Why)
	}
}

// keyOf is the public key that a row has the signature verified with; alone
// says that there is no certificate around it.
func keyOf(c *Case, m *cmp.Message, what string) (k sig.Key, alone bool) {
	if nth, ok := strings.CutPrefix(what, "extraCerts["); ok {
		i, _ := strconv.Atoi(strings.TrimSuffix(nth, "]"))
		return m.ExtraCerts.List[i].PublicKey.Key, false
	}
	for _, e := range c.exhibits {
		if e.Name != what || e.Carrier >= 0 {
			continue
		}
		switch v := e.Value.(type) {
		case *cert.Certificate:
			return v.PublicKey.Key, false
		case cert.PublicKey:
			return v.Key, true
		case *cert.PublicKey:
			return v.Key, true
		}
	}
	return k, false
}

func algorithmOf(m *cmp.Message) string {
	if m.Header.Algorithm == nil {
		return "-"
	}
	return string(m.Header.Algorithm.ID)
}

// TestFactsOfMessages holds what is read of each message of other projects
// against what an independent decoder read of it.
func TestFactsOfMessages(t *testing.T) {
	count := 0
	for _, row := range table(t, "FACTS.tsv") {
		name, facts := row["path"], row["facts_by_an_independent_decoder"]
		if !strings.HasPrefix(name, "cmp/") || strings.HasPrefix(facts, "independent decoder refuses") {
			continue
		}
		count++
		t.Run(strings.TrimPrefix(name, "cmp/"), func(t *testing.T) {
			c := Load([]Input{{Name: filepath.Base(name), Bytes: []byte(readFile(t, filepath.Join(elsewhere, name)))}}, Limits{})
			list, _ := cmpMessages(c, c.Report(Options{}))
			if len(list) != 1 {
				t.Fatalf("%d messages found", len(list))
			}
			have := messageFacts(list[0])
			for fact := range strings.SplitSeq(facts, "; ") {
				key, want, _ := strings.Cut(fact, "=")
				if have[key] != want {
					t.Errorf("%s: want %q, have %q", key, want, have[key])
				}
			}
		})
	}
	if count < 31 {
		t.Errorf("%d messages, want 31", count)
	}
}

func messageFacts(m *cmp.Message) map[string]string {
	f := map[string]string{"body": m.Body.Name(), "pvno": m.Header.Version.Value.Big().String(), "transactionID": "-", "protectionAlg": algorithmOf(m), "protected": "no"}
	if m.Header.TransactionID.Ref != report.None {
		f["transactionID"] = hex.EncodeToString(m.Header.TransactionID.Value)
	}
	if m.Protected() {
		f["protected"] = "yes"
	}
	return f
}

// TestPartsOfMessages reads the parts of messages that other projects test with.
func TestPartsOfMessages(t *testing.T) {
	count := 0
	for _, row := range table(t, "MANIFEST.tsv") {
		// path, project, file, commit, licence, form, what is promised
		var name, want string
		for _, cell := range row {
			if strings.HasPrefix(cell, "cmp/") {
				name = cell
			}
			if s, ok := strings.CutPrefix(cell, "parses as "); ok {
				want, _, _ = strings.Cut(s, " ")
			}
		}
		if name == "" || !strings.HasPrefix(want, "Cert") {
			continue
		}
		count++
		r := Load([]Input{{Name: name, Bytes: []byte(readFile(t, filepath.Join(elsewhere, name)))}}, Limits{}).Report(Options{})
		if it := r.Items[0]; it.Kind != "cmp-part" || member(it, "part") != want {
			t.Errorf("%s: %s %s, want %s: %v", name, it.Kind, member(it, "part"), want, it.Problems)
		}
	}
	if count < 6 {
		t.Errorf("%d parts, want 6", count)
	}
}
