package decode

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"derscope/decode/report"
)

// fed is a message that a client is fed with: a recorded one, changed.
type fed struct {
	root *pulled
	raw  []byte // in place of root
}

// change makes the changed copy of a recorded message.
type change func(m *pulled)

// load reads a recorded message and gives it the transactionID and a nonce of
// its own, so that it belongs to the conversation.
func (f *feeder) load(t *testing.T, from string, changes ...change) fed {
	t.Helper()
	m := takeApart([]byte(readFile(t, filepath.Join(f.run.dir, from))))[0]
	f.count++
	if id := m.at(0).tagged(0xa4); id != nil {
		id.kids[0].data = f.id
	}
	if n := m.at(0).tagged(0xa6); n != nil && !f.keep {
		n.kids[0].data = append(make([]byte, 15), byte(f.count))
	}
	for _, c := range changes {
		c(m)
	}
	f.protect(m)
	return fed{root: m}
}

// protect makes the MAC anew, with the password of the fixtures.
func (f *feeder) protect(m *pulled) {
	alg, value := m.at(0).tagged(0xa1), m.tagged(0xa0)
	if alg == nil || value == nil || len(m.kids) < 3 {
		return
	}
	if len(alg.at(0).kids) < 2 {
		return
	}
	p := alg.at(0, 1)
	if p.tag != 0x30 || len(p.kids) != 4 { // a signature: it stays as it was
		return
	}
	rounds := 0
	for _, o := range p.at(2).data {
		rounds = rounds<<8 | int(o)
	}
	h := sha256.Sum256(append([]byte("Fixture-PBM-1"), p.at(0).data...))
	for range rounds - 1 {
		h = sha256.Sum256(h[:])
	}
	mac := hmac.New(sha1.New, h[:])
	mac.Write((&pulled{tag: 0x30, kids: m.kids[:2]}).der())
	value.at(0).data = mac.Sum([]byte{0})
}

// The places of a CertRepMessage, an error and others in the body of a message.
func responseOf(m *pulled) *pulled {
	list := m.at(1, 0)
	return list.kids[len(list.kids)-1].at(0)
}

func setStatus(n byte) change  { return func(m *pulled) { responseOf(m).at(1, 0).data = []byte{n} } }
func setError(n byte) change   { return func(m *pulled) { m.at(1, 0, 0, 0).data = []byte{n} } }
func setID(n byte) change      { return func(m *pulled) { responseOf(m).at(0).data = []byte{n} } }
func setVersion(n byte) change { return func(m *pulled) { m.at(0, 0).data = []byte{n} } }
func setWaitID(n byte) change  { return func(m *pulled) { m.at(1, 0, 0, 0).data = []byte{n} } }
func setWait(n ...byte) change { return func(m *pulled) { m.at(1, 0, 0, 1).data = n } }
func setRevoked(n byte) change { return func(m *pulled) { m.at(1, 0, 0, 0, 0).data = []byte{n} } }
func setRounds(n ...byte) change {
	return func(m *pulled) { m.at(0).tagged(0xa1).at(0, 1, 2).data = n }
}
func noCertificate(m *pulled) { r := responseOf(m); r.kids = r.kids[:2] }
func twice(m *pulled) {
	list := m.at(1, 0)
	last := list.kids[len(list.kids)-1]
	last.kids = append(last.kids, last.kids[0])
}

// envelope puts an EnvelopedData beside the certificate, with nothing in it.
func envelope(m *pulled) {
	set := &pulled{tag: 0x31}
	content := &pulled{tag: 0x30, kids: []*pulled{{tag: 6, data: []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1}}, {tag: 0x30, kids: []*pulled{{tag: 6, data: []byte{0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 2}}}}}}
	pair := responseOf(m).at(2)
	pair.kids = append(pair.kids, &pulled{tag: 0xa0, kids: []*pulled{{tag: 0xa0, kids: []*pulled{{tag: 2, data: []byte{2}}, set, content}}}})
}

func twoStatuses(m *pulled) { s := m.at(1, 0, 0); s.kids = append(s.kids, s.kids[0]) }
func noResponse(m *pulled)  { l := m.at(1, 0); l.kids[len(l.kids)-1].kids = nil }
func mailSender(m *pulled)  { m.at(0).kids[1] = &pulled{tag: 0x81, data: []byte("a@example.org")} }
func unprotected(m *pulled) {
	m.kids = m.kids[:2]
	h := m.at(0)
	h.kids = slices.DeleteFunc(h.kids, func(e *pulled) bool { return e.tag == 0xa1 })
}
func noImplicit(m *pulled) {
	h := m.at(0)
	h.kids = slices.DeleteFunc(h.kids, func(e *pulled) bool { return e.tag == 0xa8 })
}

// feeder runs OpenSSL's client with answers from files, and the simulated one
// with the same.
type feeder struct {
	run     *cmpRun
	dir     string
	version string
	id      []byte
	count   int
	keep    bool // the nonces of messages, whose signature is over them
}

// requests say how to ask for each thing.
var requests = map[string]string{
	"ir":    "-newkey pki/new.key -subject /O=Fixture/CN=new-ee",
	"cr":    "-newkey pki/new.key -subject /O=Fixture/CN=new-ee",
	"p10cr": "-csr pki/p10.csr",
	"kur":   "-newkey pki/new.key -oldcert pki/cl-rsa.crt",
	"rr":    "-oldcert pki/new.crt -revreason 1",
	"genm":  "",
}

// adopt brings a request into the conversation. The command takes the nonce of a
// file for the one that it sent, so it is left out here.
func (f *feeder) adopt(b []byte) []byte {
	m := takeApart(b)[0]
	h := m.at(0)
	h.tagged(0xa4).kids[0].data = f.id
	h.kids = slices.DeleteFunc(h.kids, func(e *pulled) bool { return e.tag == 0xa5 || e.tag == 0xa6 })
	return m.der()
}

// check feeds both, and compares.
func (f *feeder) check(t *testing.T, command string, more string, answers []fed) {
	t.Helper()
	var in []Input
	var files, asked []string
	for i, a := range answers {
		b := a.raw
		if b == nil {
			b = a.root.der()
		}
		name := filepath.Join(f.dir, fmt.Sprintf("%d.der", i))
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
		asked = append(asked, filepath.Join(f.dir, fmt.Sprintf("%d-asked.der", i)))
		os.Remove(asked[i])
	}
	args := append(strings.Fields("cmp -batch -verbosity 6 -cmd "+command+" -secret pass:Fixture-PBM-1 -ref fixture-ref -recipient /CN=CA "+requests[command]+" "+more), "-config", "",
		"-certout", filepath.Join(f.dir, "o.pem"), "-rspin", strings.Join(files, ","), "-reqout", strings.Join(asked, ","))
	run := exec.Command("openssl", args...)
	run.Dir = f.run.dir
	out, err := run.CombinedOutput()
	for i, a := range answers {
		if b, err := os.ReadFile(asked[i]); err == nil {
			in = append(in, Input{Name: fmt.Sprint("request ", i), Bytes: f.adopt(b)})
		}
		b := a.raw
		if b == nil {
			b = a.root.der()
		}
		in = append(in, Input{Name: fmt.Sprint("answer ", i), Bytes: b})
	}
	list := logged("will contact mock server\n" + string(out))
	if n := len(list); n > 0 && strings.HasPrefix(list[n-1], "error parsing pkistatus") { // when it writes the status itself
		list = list[:n-1]
	}
	want := strings.Join(once(list), " | ")
	if strings.Contains(string(out), "too few -rspin") {
		want = "open"
	}
	set := map[string]string{}
	if strings.Contains(more, "-unprotected_errors") {
		set["unprotectedErrors"] = "yes"
	}
	in = append(in, Input{Name: "secret", Bytes: []byte("Fixture-PBM-1"), Kind: "shared-secret", Secret: true})
	words := strings.Fields(more)
	for i, w := range words {
		if role, ok := map[string]string{"-trusted": "anchor", "-srvcert": "signer", "-untrusted": "with"}[w]; ok {
			in = append(in, Input{Name: words[i+1], Bytes: []byte(readFile(t, filepath.Join(f.run.dir, words[i+1]))), Role: strings.TrimPrefix(role, "with")})
		}
	}
	if strings.Contains(more, "-ignore_keyusage") {
		set["ignoreKeyUsage"] = "yes"
	}
	r := Load(in, Limits{}).Report(Options{At: f.run.at, Set: set})
	var calls []report.Call
	for _, it := range r.Items {
		calls = append(calls, it.Calls...)
	}
	call := called(calls, f.version, "OSSL_CMP_exec_")
	if call == nil {
		t.Fatalf("nothing is said of it")
	}
	var have []string
	for _, e := range call.Errors {
		have = append(have, asPrinted(e))
	}
	got := strings.Join(once(have), " | ")
	if call.Returns == "open" {
		got = "open"
	}
	if got != want {
		t.Errorf("%s\nsays %s\nwant %s", call.Reason, got, want)
	}
	if want != "open" {
		good := call.Returns == "certificate" || call.Returns == "1" || strings.HasPrefix(call.Returns, "list")
		if good != (err == nil) {
			t.Errorf("returns %s, and the command ends with %v: %s", call.Returns, err, out)
		}
	}
}

func newFeeder(t *testing.T) *feeder {
	t.Helper()
	run := cmpFixtures(t)
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl to feed")
	}
	out, err := exec.Command("openssl", "version").Output()
	if err != nil {
		t.Skip("openssl does not run: ", err)
	}
	f := &feeder{run: run, dir: t.TempDir(), version: strings.Fields(string(out))[1]}
	m := takeApart([]byte(readFile(t, filepath.Join(run.dir, "pbm-ir/01-req.der"))))[0]
	f.id = m.at(0).tagged(0xa4).kids[0].data
	return f
}

// Answers that were changed end as OpenSSL's client says that they do.
func TestClientFedWithChangedAnswers(t *testing.T) {
	f := newFeeder(t)
	ip := func(c ...change) fed { return f.load(t, "pbm-ir/02-rsp.der", c...) }
	conf := func(c ...change) fed { return f.load(t, "pbm-ir/04-rsp.der", c...) }
	waits := func(c ...change) fed { return f.load(t, "pbm-poll-implicit/02-rsp.der", append(c, noImplicit)...) }
	rep := func(c ...change) fed {
		return f.load(t, "pbm-poll-implicit/04-rsp.der", append([]change{noImplicit}, c...)...)
	}
	cp := func(c ...change) fed { return f.load(t, "pbm-cr/02-rsp.der", c...) }
	cp10 := func(c ...change) fed { return f.load(t, "pbm-p10cr/02-rsp.der", c...) }
	kup := func(c ...change) fed { return f.load(t, "pbm-kur/02-rsp.der", c...) }
	rp := func(c ...change) fed { return f.load(t, "pbm-rr/02-rsp.der", c...) }
	genp := func(c ...change) fed { return f.load(t, "pbm-genm/02-rsp.der", c...) }
	failed := func(c ...change) fed { return f.load(t, "pbm-error-ir/02-rsp.der", c...) }
	flipped := func(m fed, from int) fed {
		b := m.root.der()
		b[(len(b)+from)%len(b)] ^= 1
		return fed{raw: b}
	}
	cut := func(m fed, n int) fed { b := m.root.der(); return fed{raw: b[:len(b)-n]} }
	longer := func(m fed) fed { return fed{raw: append(m.root.der(), "trailing"...)} }
	for _, k := range []struct {
		name, command, more string
		answers             []fed
	}{
		{"good", "ir", "", []fed{ip(), conf()}},
		{"MAC altered", "ir", "", []fed{flipped(ip(), -1)}},
		{"name altered", "ir", "", []fed{flipped(ip(), 60)}},
		{"trailing octets", "ir", "", []fed{longer(ip()), conf()}},
		{"cp for ir", "ir", "", []fed{cp()}},
		{"rp for ir", "ir", "", []fed{rp()}},
		{"genp for ir", "ir", "", []fed{genp()}},
		{"pkiconf for ir", "ir", "", []fed{conf()}},
		{"pollRep for ir", "ir", "", []fed{rep()}},
		{"ip for cr", "cr", "", []fed{ip()}},
		{"ip for kur", "kur", "", []fed{ip()}},
		{"genp for rr", "rr", "", []fed{genp()}},
		{"rp for genm", "genm", "", []fed{rp()}},
		{"polls", "ir", "", []fed{waits(), rep(), rep(), ip(), conf()}},
		{"waits twice", "ir", "", []fed{waits(), waits(), ip(), conf()}},
		{"cp behind a poll", "ir", "", []fed{waits(), cp(), conf()}},
		{"rp behind a poll", "ir", "", []fed{waits(), rp()}},
		{"genp behind a poll", "ir", "", []fed{waits(), genp()}},
		{"pkiconf behind a poll", "ir", "", []fed{waits(), conf()}},
		{"error behind a poll", "ir", "", []fed{waits(), failed()}},
		{"error that waits, behind a poll", "ir", "", []fed{waits(), failed(setError(3)), conf()}},
		{"rejection behind a poll", "ir", "", []fed{waits(), rep(), ip(setStatus(2))}},
		{"MAC altered behind a poll", "ir", "", []fed{waits(), flipped(rep(), -1)}},
		{"error for certConf", "ir", "", []fed{ip(), failed()}},
		{"ip for certConf", "ir", "", []fed{ip(), ip()}},
		{"MAC of pkiconf altered", "ir", "", []fed{ip(), flipped(conf(), -1)}},
		{"MAC of pkiconf altered, overlooked", "ir", "-unprotected_errors", []fed{ip(), flipped(conf(), -1)}},
		{"pkiconf unprotected, overlooked", "ir", "-unprotected_errors", []fed{ip(), conf(unprotected)}},
		{"keyUpdateWarning", "ir", "", []fed{ip(setStatus(6))}},
		{"keyUpdateWarning in a kup", "kur", "", []fed{kup(setStatus(6))}},
		{"keyUpdateWarning for a PKCS #10", "p10cr", "", []fed{cp10(setStatus(6))}},
		{"status 7", "ir", "", []fed{ip(setStatus(7))}},
		{"status -1", "ir", "", []fed{ip(setStatus(0xff))}},
		{"revocationWarning", "ir", "", []fed{ip(setStatus(4)), conf()}},
		{"unprotected rejection", "ir", "", []fed{ip(setStatus(2), unprotected)}},
		{"unprotected rejection, overlooked", "ir", "-unprotected_errors", []fed{ip(setStatus(2), unprotected)}},
		{"unprotected ip", "ir", "-unprotected_errors", []fed{ip(unprotected)}},
		{"two unprotected rejections", "ir", "-unprotected_errors", []fed{ip(setStatus(2), twice, unprotected)}},
		{"unprotected error, overlooked", "ir", "-unprotected_errors", []fed{failed(unprotected)}},
		{"unprotected rp, overlooked", "rr", "-unprotected_errors", []fed{rp(setRevoked(2), unprotected)}},
		{"unprotected granted rp", "rr", "-unprotected_errors", []fed{rp(unprotected)}},
		{"signed, only a secret", "ir", "", []fed{f.load(t, "sig-ir/02-rsp.der")}},
		{"error that waits", "ir", "", []fed{failed(setError(3))}},
		{"error that accepts", "ir", "", []fed{failed(setError(0))}},
		{"error with status 9", "ir", "", []fed{failed(setError(9))}},
		{"error with status -1", "ir", "", []fed{failed(setError(0xff))}},
		{"error for rr that waits", "rr", "", []fed{failed(setError(3))}},
		{"version 1", "ir", "", []fed{ip(setVersion(1))}},
		{"version 3", "ir", "", []fed{ip(setVersion(3)), conf()}},
		{"version 4", "ir", "", []fed{ip(setVersion(4))}},
		{"another certReqId", "ir", "", []fed{ip(setID(1))}},
		{"certReqId -1", "ir", "", []fed{ip(setID(0xff))}},
		{"certReqId -2", "ir", "", []fed{ip(setID(0xfe))}},
		{"certReqId 5 for a PKCS #10", "p10cr", "", []fed{cp10(setID(5)), conf()}},
		{"certReqId 0 for a PKCS #10", "p10cr", "", []fed{cp10(setID(0)), conf()}},
		{"certReqId -2 for a PKCS #10", "p10cr", "", []fed{cp10(setID(0xfe)), conf()}},
		{"two responses", "ir", "", []fed{ip(twice)}},
		{"no response", "ir", "", []fed{ip(noResponse)}},
		{"no certificate", "ir", "", []fed{ip(noCertificate)}},
		{"pollRep of another request", "ir", "", []fed{waits(), rep(setWaitID(1))}},
		{"pollRep with certReqId -1", "ir", "", []fed{waits(), rep(setWaitID(0xff))}},
		{"checkAfter -1", "ir", "", []fed{waits(), rep(setWait(0xff))}},
		{"checkAfter of 9 octets", "ir", "", []fed{waits(), rep(setWait(1, 0, 0, 0, 0, 0, 0, 0, 0))}},
		{"checkAfter 2^62", "ir", "", []fed{waits(), rep(setWait(0x40, 0, 0, 0, 0, 0, 0, 0))}},
		{"99 rounds", "ir", "", []fed{ip(setRounds(99))}},
		{"100 rounds", "ir", "", []fed{ip(setRounds(100)), conf()}},
		{"100,001 rounds", "ir", "", []fed{ip(setRounds(1, 0x86, 0xa1))}},
		{"sender is a mailbox", "ir", "", []fed{ip(mailSender), conf()}},
		{"a key in an envelope", "ir", "", []fed{ip(envelope)}},
		{"two statuses", "rr", "", []fed{rp(twoStatuses)}},
		{"revocation waits", "rr", "", []fed{rp(setRevoked(3))}},
		{"revocation with status 9", "rr", "", []fed{rp(setRevoked(9))}},
		{"revocation with status -1", "rr", "", []fed{rp(setRevoked(0xff))}},
		{"nothing more", "ir", "", []fed{ip()}},
		{"cut short", "ir", "", []fed{cut(ip(), 5)}},
	} {
		t.Run(k.name, func(t *testing.T) { f.check(t, k.command, k.more, k.answers) })
	}
}

// So do signed answers, and those with a protection that the client does not know.
func TestClientFedWithSignedAnswers(t *testing.T) {
	f := newFeeder(t)
	other := func(id ...byte) change { // protectionAlg
		return func(m *pulled) {
			a := m.at(0).tagged(0xa1).at(0)
			a.kids = []*pulled{{tag: 6, data: id}}
		}
	}
	ip := func(c ...change) fed { return f.load(t, "pbm-ir/02-rsp.der", c...) }
	const trust = " -trusted pki/root.crt"
	pbmac1 := other(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 14)
	dh := other(0x2a, 0x86, 0x48, 0x86, 0xf6, 0x7d, 7, 66, 30)
	hmac := other(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9)
	for _, k := range []struct {
		name, more string
		answers    []fed
	}{
		{"PBMAC1", "", []fed{ip(pbmac1)}},
		{"PBMAC1, with a root", trust, []fed{ip(pbmac1)}},
		{"HMAC, with a root", trust, []fed{ip(hmac)}},
		{"DHBasedMac", "", []fed{ip(dh)}},
		{"DHBasedMac, with a root", trust, []fed{ip(dh)}},
		{"a mailbox, with a root", trust, []fed{ip(hmac, mailSender)}},
	} {
		t.Run(k.name, func(t *testing.T) { f.check(t, "ir", k.more, k.answers) })
	}
	noExtra := func(m *pulled) { m.kids = m.kids[:3] }
	kid := func(m *pulled) { m.at(0).tagged(0xa2).kids[0].data[0] ^= 1 }
	bit := func(m *pulled) { d := m.tagged(0xa0).at(0).data; d[len(d)-1] ^= 1 }
	for _, k := range []struct {
		name, from, more string
		first            []change
	}{
		{"good", "sig-ir", trust, nil},
		{"a bit of the signature", "sig-ir", trust, []change{bit}},
		{"another root", "sig-ir", " -trusted pki/other.crt", nil},
		{"another root, certificates at hand", "sig-ir", " -trusted pki/other.crt -untrusted pki/sub.crt", nil},
		{"no certificate of the signer", "sig-ir", trust, []change{noExtra}},
		{"another senderKID", "sig-ir", trust, []change{kid}},
		{"the name is another", "sig-ir", trust, []change{mailSender}},
		{"pinned", "sig-ir", " -srvcert pki/srv.crt", nil},
		{"pinned, a bit of the signature", "sig-ir", " -srvcert pki/srv.crt", []change{bit}},
		{"another is pinned", "sig-ir", " -srvcert pki/srv-ec.crt", nil},
		{"one without digitalSignature is pinned", "sig-srv-noku-ignored", " -srvcert pki/srv-noku.crt", nil},
		{"the same, ignored", "sig-srv-noku-ignored", " -ignore_keyusage -srvcert pki/srv-noku.crt", nil},
		{"no digitalSignature", "sig-srv-noku-ignored", trust, nil},
		{"no digitalSignature, ignored", "sig-srv-noku-ignored", trust + " -ignore_keyusage", nil},
		{"an intermediate is trusted", "sig-ir", " -trusted pki/sub.crt", nil},
		{"the signer is trusted", "sig-ir", " -trusted pki/srv.crt", nil},
	} {
		t.Run(k.name, func(t *testing.T) {
			g := *f
			m := takeApart([]byte(readFile(t, filepath.Join(f.run.dir, k.from, "02-rsp.der"))))[0]
			g.id, g.keep = m.at(0).tagged(0xa4).kids[0].data, true
			g.check(t, "ir", k.more, []fed{g.load(t, k.from+"/02-rsp.der", k.first...), g.load(t, k.from+"/04-rsp.der")})
		})
	}
}

// So do answers in any order.
func TestClientFedAtRandom(t *testing.T) {
	f := newFeeder(t)
	from := []string{"pbm-ir/02-rsp.der", "pbm-ir/04-rsp.der", "pbm-poll-implicit/02-rsp.der", "pbm-poll-implicit/04-rsp.der", "pbm-cr/02-rsp.der",
		"pbm-p10cr/02-rsp.der", "pbm-kur/02-rsp.der", "pbm-rr/02-rsp.der", "pbm-genm/02-rsp.der", "pbm-error-ir/02-rsp.der", "pbm-poll-kur/02-rsp.der", "pbm-poll-p10cr/02-rsp.der", "pbm-poll-p10cr/04-rsp.der"}
	changes := []change{nil, nil, nil, nil, unprotected, mailSender, setVersion(3), setRounds(50), noImplicit}
	r := rand.New(rand.NewSource(1))
	commands := []string{"ir", "cr", "p10cr", "kur", "rr", "genm"}
	for n := range 60 {
		command := commands[r.Intn(len(commands))]
		more := ""
		if r.Intn(3) == 0 {
			more = "-unprotected_errors"
		}
		var answers []fed
		var names []string
		for range 5 { // as many as it can ask for, most often
			pick := from[r.Intn(len(from))]
			if len(answers) == 0 && r.Intn(2) == 0 {
				pick = map[string]string{"ir": "pbm-poll-implicit/02-rsp.der", "cr": "pbm-cr/02-rsp.der", "p10cr": "pbm-poll-p10cr/02-rsp.der", "kur": "pbm-poll-kur/02-rsp.der", "rr": "pbm-rr/02-rsp.der", "genm": "pbm-genm/02-rsp.der"}[command]
			}
			k := r.Intn(len(changes))
			names = append(names, fmt.Sprint(pick, " ", k))
			if c := changes[k]; c != nil {
				answers = append(answers, f.load(t, pick, c))
			} else {
				answers = append(answers, f.load(t, pick))
			}
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			if f.check(t, command, more, answers); t.Failed() {
				t.Logf("%s %s: %s", command, more, strings.Join(names, ", "))
			}
		})
	}
}
