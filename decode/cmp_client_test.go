package decode

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"derscope/decode/report"
)

// cmpCommand is what a case of the script ran: the options that the client looks at.
type cmpCommand struct {
	words []string
	dir   string
}

// readCommand reads cmd.txt: words in single quotes.
func readCommand(t *testing.T, dir, name string) cmpCommand {
	t.Helper()
	var c cmpCommand
	for i, w := range strings.Split(strings.TrimSpace(readFile(t, filepath.Join(dir, name, "cmd.txt"))), "'") {
		if i%2 == 1 {
			c.words = append(c.words, w)
		}
	}
	c.dir = dir
	return c
}

// option gives the value of an option.
func (c *cmpCommand) option(name string) (string, bool) {
	i := slices.Index(c.words, "-"+name)
	if i < 0 {
		return "", false
	}
	if i+1 < len(c.words) && !strings.HasPrefix(c.words[i+1], "-") {
		return c.words[i+1], true
	}
	return "", true
}

// evidence is what the client was given beside messages, and its switches.
func (c *cmpCommand) evidence(t *testing.T) (in []Input, set map[string]string) {
	t.Helper()
	for name, role := range map[string]string{"trusted": "anchor", "untrusted": "", "srvcert": "signer", "out_trusted": "outTrusted", "cert": ""} {
		if f, ok := c.option(name); ok {
			in = append(in, Input{Name: f, Bytes: []byte(readFile(t, filepath.Join(c.dir, f))), Role: role})
		}
	}
	if s, ok := c.option("secret"); ok {
		in = append(in, Input{Name: "secret", Bytes: []byte(strings.TrimPrefix(s, "pass:")), Kind: "shared-secret", Secret: true})
	}
	set = map[string]string{}
	for option, name := range map[string]string{"unprotected_errors": "unprotectedErrors", "disable_confirm": "disableConfirm", "ignore_keyusage": "ignoreKeyUsage"} {
		if _, ok := c.option(option); ok {
			set[name] = "yes"
		}
	}
	for option, name := range map[string]string{"total_timeout": "totalTimeout", "expect_sender": "expectedSender"} {
		if v, ok := c.option(option); ok {
			set[name] = v
		}
	}
	return in, set
}

// logged are the reasons that the client's log tells, with their data, without
// those of the mock server, which stands in the same process and comes first.
func logged(log string) (all []string) {
	_, log, _ = strings.Cut(log, "will contact mock server")
	for line := range strings.Lines(log) {
		s, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "CMP error: ")
		if !ok {
			continue
		}
		switch {
		// Lines of the log that are no reasons.
		case strings.HasPrefix(s, `received "rejection" status`), strings.HasPrefix(s, "failed to validate newly"), strings.HasPrefix(s, "failed building chain"),
			strings.HasPrefix(s, "rejecting newly enrolled cert"), strings.HasPrefix(s, "received unsupported PKIStatus"):
		// The command's own callback of the verification says this; the library does not.
		case strings.HasPrefix(s, "certificate verification failed"):
		// What the decoder of ASN.1 says of a message cut short is not simulated.
		case s == "not enough data", s == "wrong tag", strings.HasPrefix(s, "nested asn1 error"):
		// Nor is what the library of ciphers says of a signature.
		case slices.Contains([]string{"invalid padding", "padding check failed", "RSA lib", "EVP lib", "bad signature"}, s):
		case strings.HasPrefix(s, "error validating signature:"): // with the certificate, on many lines
			all = append(all, "error validating signature")
		default:
			all = append(all, s)
		}
	}
	return all
}

// once leaves out what was there before: where the client finds no certificate
// that fits, it goes through them a second time for the log.
func once(list []string) (all []string) {
	for _, s := range list {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// asPrinted writes a reason as the command prints it.
func asPrinted(reason string) string {
	name, data, ok := strings.Cut(reason, ": ")
	_, name, _ = strings.Cut(name, "_R_")
	name = strings.ReplaceAll(strings.ToLower(name), "_", " ")
	if ok {
		return name + ":" + data
	}
	return name
}

// release makes a version comparable.
func release(s string) int {
	n := 0
	for i, p := range strings.SplitN(s, ".", 3) {
		v, _ := strconv.Atoi(strings.TrimFunc(p, func(r rune) bool { return r < '0' || r > '9' }))
		n += v * []int{10000, 100, 1}[i]
	}
	return n
}

// in says that a version is within those that a call names.
func in(version, span string) bool {
	from, to, _ := strings.Cut(span, " – ")
	if strings.HasSuffix(from, " and later") {
		from, to = strings.TrimSuffix(from, " and later"), "9"
	}
	if to == "" {
		to = from
	}
	v, low, high := release(version), release(from), release(to)
	if strings.Count(to, ".") < 2 {
		high += 99
	}
	return low <= v && v <= high
}

// called finds what a call returns in a version.
func called(calls []report.Call, version, prefix string) *report.Call {
	for i := range calls {
		if in(version, calls[i].Version) && strings.HasPrefix(calls[i].Call, prefix) {
			return &calls[i]
		}
	}
	return nil
}

// What is said of OpenSSL's client for the messages of a run is what the client
// of that run did: whether it succeeded, and each reason with its data.
func TestClientOfOpenSSL(t *testing.T) {
	run := cmpFixtures(t)
	version := strings.Fields(readFile(t, filepath.Join(run.dir, "openssl-version.txt")))[1]
	codes := map[string]string{}
	for line := range strings.Lines(readFile(t, filepath.Join(run.dir, "index.tsv"))) {
		cells := strings.Split(line, "\t")
		codes[cells[0]] = cells[1]
	}
	for _, k := range run.cases {
		t.Run(k.name, func(t *testing.T) {
			if len(k.messages) == 0 {
				t.Skip("the client sends nothing")
			}
			command := readCommand(t, run.dir, k.name)
			more, set := command.evidence(t)
			r := Load(append(slices.Clone(k.messages), more...), Limits{}).Report(Options{At: run.at, Set: set})
			var calls []report.Call
			for _, it := range r.Items {
				calls = append(calls, it.Calls...)
			}
			call := called(calls, version, "OSSL_CMP_exec_")
			if call == nil {
				t.Fatalf("nothing is said of OpenSSL %s: %d calls", version, len(calls))
			}
			good := call.Returns == "certificate" || call.Returns == "1" || strings.HasPrefix(call.Returns, "list")
			if want := codes[k.name] == "0"; good != want {
				t.Errorf("%s returns %s (%s; %s), and the command ended with %s", call.Call, call.Returns, strings.Join(call.Errors, " | "), call.Reason, codes[k.name])
			}
			want := once(logged(readFile(t, filepath.Join(run.dir, k.name, "client.log"))))
			var have []string
			for _, e := range call.Errors {
				have = append(have, asPrinted(e))
			}
			if !slices.EqualFunc(once(have), want, func(have, want string) bool {
				reason, _, _ := strings.Cut(want, ":")
				return have == want || have == reason && (reason == "error validating signature" || reason == "certificate not accepted")
			}) {
				t.Errorf("%s\nsays %s\nwant %s", call.Reason, strings.Join(have, " | "), strings.Join(want, " | "))
			}
		})
	}
}
