package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// files writes the inputs of a vector to a folder and gives their paths.
func files(t *testing.T, vector string) map[string]string {
	t.Helper()
	a, err := txtar.ParseFile("../../testdata/ocsp/" + vector + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir, paths := t.TempDir(), map[string]string{}
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			paths[name] = filepath.Join(dir, name)
			if err := os.WriteFile(paths[name], f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return paths
}

// command runs derscope.
func command(stdin string, args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(args, strings.NewReader(stdin), &o, &e)
	return code, o.String(), e.String()
}

const at = "2026-11-20T09:12:00Z"

func TestExitCodes(t *testing.T) {
	good, bad := files(t, "good-ca-byname"), files(t, "badsig")
	for _, c := range []struct {
		what  string
		stdin string
		args  []string
		code  int
		errs  string // that standard error holds; "" for none at all
	}{
		{"a good response", "", []string{"inspect", good["response.pem"], "-with", good["leaf.pem"], "-issuer", good["issuer.pem"], "-at", at}, fine, ""},
		{"a wrong signature", "", []string{"inspect", bad["response.pem"], "-with", bad["leaf.pem"], "-with", bad["issuer.pem"], "-at", at}, failing, ""},
		{"nothing recognised", "hello", []string{"inspect"}, useless, "derscope: paste: nothing was recognised, at byte 0\n"},
		{"nothing at all", "", []string{"inspect", "-"}, useless, "derscope: paste: nothing was recognised, at byte 0\n"},
		{"no such file", "", []string{"inspect", "/nowhere.der"}, useless, "derscope: /nowhere.der: no such file or directory, at byte 0\n"},
		{"one of two files", "", []string{"inspect", good["leaf.pem"], "/nowhere.der"}, useless, "/nowhere.der"},
		{"no such flag", "", []string{"inspect", "-what"}, useless, "-what"},
		{"no such profile", "", []string{"inspect", "-profile", "xy"}, useless, "no such profile; there are br, mozilla"},
		{"no such switch", "", []string{"inspect", "-set", "xy=1"}, useless, "no such switch; there are unprotectedErrors"},
		{"no value", "", []string{"inspect", "-set", "implicitConfirm"}, useless, "NAME=VALUE"},
		{"protected octets of none", "", []string{"inspect", "-protected", good["leaf.pem"]}, useless, "wants one CMP message, and there are 0"},
		{"protected octets as JSON", "", []string{"inspect", "-protected", "-json"}, useless, "no other form"},
		{"an idle switch", "", []string{"inspect", "-set", "implicitConfirm=1", good["leaf.pem"], "-at", at}, fine, "derscope: -set implicitConfirm: it changes nothing, for the client goes by the answer, asked for or not\n"},
		{"no time", "", []string{"inspect", "-at", "today"}, useless, "RFC 3339"},
		{"no nonce", "", []string{"inspect", "-nonce", "xy"}, useless, "hex"},
		{"empty nonce", "", []string{"inspect", "-nonce", "0x"}, useless, "empty"},
		{"two forms", "", []string{"inspect", "-json", "-text"}, useless, "exclude"},
		{"two parts", "", []string{"inspect", "-fields", "-checks"}, useless, "only one"},
		{"a secret of nothing here", "", []string{"inspect", "-secret", "pass:x", good["leaf.pem"], "-at", at}, fine, ""},
		{"more than the version", "", []string{"version", "-v"}, useless, "no arguments"},
		{"no command", "", nil, useless, "inspect"},
		{"no such command", "", []string{"verify"}, useless, "no such command"},
	} {
		code, _, errs := command(c.stdin, c.args...)
		if code != c.code || !strings.Contains(errs, c.errs) || c.errs == "" && errs != "" {
			t.Errorf("%s: code %d, want %d; %q", c.what, code, c.code, errs)
		}
		if c.args != nil && strings.Count(errs, "\n") > 1 {
			t.Errorf("%s: more than one line: %q", c.what, errs)
		}
	}
}

func TestJSON(t *testing.T) {
	f := files(t, "good-ca-byname")
	code, out, errs := command("", "inspect", "-json", "-at", at, f["response.pem"], "-with", f["leaf.pem"], "-with", f["issuer.pem"])
	var r struct {
		Schema    int
		At        string
		Artifacts []struct {
			ID, Kind, SHA256 string
			Source           struct{ Name string }
			Summary          map[string]any
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != fine {
		t.Fatalf("code %d, %v, %s", code, err, errs)
	}
	if r.Schema != 1 || r.At != at || len(r.Artifacts) != 3 {
		t.Fatalf("%+v", r)
	}
	if a := r.Artifacts[0]; a.ID != "a1" || a.Kind != "ocsp-response" || a.Source.Name != f["response.pem"] || a.Summary["certStatus"] != "good" {
		t.Errorf("%+v", a)
	}
	if r.Artifacts[2].Kind != "certificate" || len(r.Artifacts[2].SHA256) != 64 {
		t.Errorf("%+v", r.Artifacts[2])
	}
}

func TestStandardInput(t *testing.T) {
	f := files(t, "good-ca-byname")
	var all string
	for _, name := range []string{"leaf.pem", "response.pem", "issuer.pem"} {
		b, err := os.ReadFile(f[name])
		if err != nil {
			t.Fatal(err)
		}
		all += string(b)
	}
	code, out, errs := command(all, "inspect", "-at", at)
	if code != fine || !strings.Contains(out, "a3") || !strings.Contains(out, "paste") {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
}

// Of a conversation that was pasted for one message, that message is shown.
func TestConversation(t *testing.T) {
	f := files(t, "good-ca-byname")
	b, err := os.ReadFile(f["response.pem"])
	if err != nil {
		t.Fatal(err)
	}
	const message = "<<< TLS 1.2, Handshake [length 0004], ServerHelloDone\n    0e 00 00 00\n---\n"
	paste := "CONNECTED(00000003)\n" + message + message + string(b) + "closed\n"
	for flag, want := range map[string]bool{"-text": true, "-checks": true, "-all": false} {
		_, out, errs := command(paste, "inspect", "-at", at, flag)
		folded := strings.Contains(out, "not read: 2 stretches of text (")
		shown := strings.Contains(out, "\na1  Text beside what was recognised\n")
		if folded != want || shown == want || errs != "" {
			t.Errorf("%s: folded %v, shown %v\n%s%s", flag, folded, shown, out, errs)
		}
	}
}

func TestParts(t *testing.T) {
	f := files(t, "good-ca-byname")
	shows := func(flag string) (checks, fields, asn1 bool) {
		code, out, errs := command("", "inspect", "-at", at, flag, f["response.pem"])
		if code == useless {
			t.Errorf("%s: %s", flag, errs)
		}
		return strings.Contains(out, " · RFC 6960 §"), strings.Contains(out, "producedAt"), strings.Contains(out, "OBJECT IDENTIFIER  1.3.6.1.5.5.7.48.1.1")
	}
	for flag, want := range map[string][3]bool{"-text": {true, true, false}, "-checks": {true, false, false}, "-fields": {false, true, false}, "-asn1": {false, false, true}} {
		checks, fields, asn1 := shows(flag)
		if got := [3]bool{checks, fields, asn1}; got != want {
			t.Errorf("%s shows checks, fields, ASN.1: %v, want %v", flag, got, want)
		}
	}
}

func TestSecretSources(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DERSCOPE_TEST", "from the environment")
	for src, want := range map[string]string{
		"pass:a:b": "a:b", "hex:00ff": "\x00\xff", "file:" + file: "from a file", "env:DERSCOPE_TEST": "from the environment",
	} {
		if b, err := secret(src); err != nil || string(b) != want {
			t.Errorf("%s gives %q, %v", src, b, err)
		}
	}
	for _, src := range []string{"hunter2", "hex:hunter2", "env:DERSCOPE_ABSENT", "file:/nowhere"} {
		if _, err := secret(src); err == nil {
			t.Errorf("%s: no error", src)
		}
	}
}

func TestSecretsAreNotEchoed(t *testing.T) {
	f := files(t, "good-ca-byname")
	word := "correct horse"
	for _, args := range [][]string{
		{"-secret", "pass:" + word}, {"-ticket-key", "pass:" + word, "-json"}, {"-secret", "hex:" + word}, {"-secret", word},
		{"-secret", "pass:" + word, "-asn1"}, {"-secret", "pass:" + word, "-fields", "-all"},
	} {
		_, out, errs := command("", append([]string{"inspect", f["response.pem"], "-at", at}, args...)...)
		for _, s := range []string{word, hex.EncodeToString([]byte(word))} {
			if strings.Contains(out+errs, s) {
				t.Errorf("%v: the secret is in the output", args)
			}
		}
	}
}

func TestSchemaIsJSON(t *testing.T) {
	code, out, _ := command("", "schema")
	if code != fine || !json.Valid([]byte(out)) || !strings.Contains(out, "2020-12") {
		t.Errorf("code %d, %.80s", code, out)
	}
}

// The help has a line for each flag, and for no other.
func TestInspectHelp(t *testing.T) {
	var have, want []string
	for line := range strings.Lines(inspectHelp) {
		if name, ok := strings.CutPrefix(line, "  -"); ok {
			have = append(have, strings.Fields(name)[0])
		}
	}
	new(flags).define(nil).VisitAll(func(f *flag.Flag) { want = append(want, f.Name) })
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("the help explains %v, the flags are %v", have, want)
	}
}

func TestVersionAndHelp(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"help"}, {"inspect", "-h"}, {"serve", "-h"}} {
		code, out, errs := command("", args...)
		if code != fine || out == "" || errs != "" {
			t.Errorf("%v: code %d, %q, %q", args, code, out, errs)
		}
	}
}
