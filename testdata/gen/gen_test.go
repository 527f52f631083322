package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

// made are the vectors of one run.
var made = sync.OnceValue(vectors)

// TestSame has two runs agree octet by octet.
func TestSame(t *testing.T) {
	one, two := made(), vectors()
	for path, a := range one {
		if !bytes.Equal(txtar.Format(a), txtar.Format(two[path])) {
			t.Errorf("%s differs from run to run", path)
		}
	}
}

// TestWritten has the files be those that the tables say.
func TestWritten(t *testing.T) {
	for path, a := range made() {
		text, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Errorf("%v; run go run ./testdata/gen", err)
			continue
		}
		have := txtar.Parse(text)
		if inputs(have) != inputs(a) || !bytes.Equal(have.Comment, a.Comment) {
			t.Errorf("%s is not what its table says; run go run ./testdata/gen", path)
		}
	}
}

// TestOnce has no two vectors show the same.
func TestOnce(t *testing.T) {
	seen := map[string]string{}
	for path, a := range made() {
		if other := seen[inputs(a)]; other != "" {
			t.Errorf("%s and %s have the same inputs and options", path, other)
		}
		seen[inputs(a)] = path
	}
}

// TestHeaders has every pair and every example be a vector, and every
// description a sentence of its own.
func TestHeaders(t *testing.T) {
	name := regexp.MustCompile(`^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$`)
	all := map[string]bool{}
	for kind, tables := range map[string][][]vector{"ocsp": ocspVectors(), "cert": certVectors(), "armor": armorVectors(), "tls": tlsRuleVectors(), "capture": captureVectors(), "cmp": cmpVectors(), "ticket": append(sessionVectors(), ticketVectors()...)} {
		for _, table := range tables {
			for _, v := range table {
				all[kind+"/"+v.name] = true
			}
		}
		for _, table := range tables {
			for _, v := range table {
				if v.pair != "" && !all[kind+"/"+v.pair] {
					t.Errorf("%s/%s: its pair %s is no vector", kind, v.name, v.pair)
				}
				if !name.MatchString(v.name) {
					t.Errorf("%s/%s: the name is not words joined by hyphens", kind, v.name)
				}
				if v.about == "" || v.about[len(v.about)-1] != '.' {
					t.Errorf("%s/%s: %q is no sentence", kind, v.name, v.about)
				}
			}
		}
	}
	for _, topic := range gallery {
		for _, e := range topic.examples {
			kind, _, _ := strings.Cut(e.name, "/")
			if !all[e.name] {
				t.Errorf("example %s is no vector", e.name)
			}
			if e.pair != "" && !all[kind+"/"+e.pair] {
				t.Errorf("example %s: its pair %s is no vector", e.name, e.pair)
			}
			if (e.pair == "") != (e.differs == "") {
				t.Errorf("example %s: a pair and what differs go together", e.name)
			}
			for _, text := range []string{e.lesson, e.differs} {
				if text != "" && (text[len(text)-1] != '.' || strings.Count(text, ". ") > 0) {
					t.Errorf("example %s: %q is not one sentence", e.name, text)
				}
			}
		}
	}
}

// TestSweep removes what was made here and is no more, and nothing else.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "ocsp"), 0o755); err != nil {
		t.Fatal(err)
	}
	gone, kept := filepath.Join(dir, "ocsp", "gone.txtar"), filepath.Join(dir, "ocsp", "kept.txtar")
	for path, head := range map[string]string{gone: "Old.\n" + generator + "gone\n", kept: "By hand.\n"} {
		if err := os.WriteFile(path, []byte(head), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := sweep(dir, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error("a vector that is no more was kept")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error("a vector made by hand was removed")
	}
}

// TestKeepReport keeps a report as long as the inputs are the same.
func TestKeepReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ocsp", "v.txtar")
	a := func(comment, input string) *txtar.Archive {
		return &txtar.Archive{Comment: []byte(comment), Files: []txtar.File{{Name: "input/a", Data: []byte(input)}}}
	}
	const report = "-- report --\ngood\n"
	steps := []struct {
		a    *txtar.Archive
		want string
	}{
		{a("one\n", "x\n"), "one\n-- input/a --\nx\n" + report},
		{a("two\n", "x\n"), "two\n-- input/a --\nx\n" + report},
		{a("two\n", "y\n"), "two\n-- input/a --\ny\n"},
	}
	if err := write(path, steps[0].a); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("one\n-- input/a --\nx\n"+report), 0o644); err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		if err := write(path, s.a); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(path); string(got) != s.want {
			t.Errorf("step %d: got %q, want %q", i, got, s.want)
		}
	}
}

// TestSign has the standard library verify what our own signing makes.
func TestSign(t *testing.T) {
	message := []byte("message")
	for _, name := range []string{"root", "rsa1024", "p224", "p256", "p384", "p521", "ed25519"} {
		k := readKey(name)
		pub, err := x509.ParsePKIXPublicKey(k.spki)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		digest := sum(crypto.SHA256, message)
		signature := k.sign(k.usual, message)
		switch pub := pub.(type) {
		case *rsa.PublicKey:
			if err := rsa.VerifyPKCS1v15(pub, crypto.SHA256, digest, signature); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, s := range []scheme{pssSHA256, pss(crypto.SHA256, crypto.SHA256, 0), pssSHA1} {
				options := &rsa.PSSOptions{SaltLength: s.salt, Hash: s.hash}
				if s.salt == 0 {
					options.SaltLength = rsa.PSSSaltLengthAuto
				}
				if err := rsa.VerifyPSS(pub, s.hash, sum(s.hash, message), k.sign(s, message), options); err != nil {
					t.Errorf("%s with %d octets of salt: %v", name, s.salt, err)
				}
			}
		case *ecdsa.PublicKey:
			if !ecdsa.VerifyASN1(pub, digest, signature) {
				t.Errorf("%s: the signature does not verify", name)
			}
		case ed25519.PublicKey:
			if !ed25519.Verify(pub, message, signature) {
				t.Errorf("%s: the signature does not verify", name)
			}
		}
	}
}

// TestDeterministic has crypto/ecdsa make the same signature by RFC 6979.
func TestDeterministic(t *testing.T) {
	for _, name := range []string{"p224", "p256", "p384", "p521"} {
		text, err := keyFiles.ReadFile("keys/" + name + ".pem")
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(text)
		private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		want, err := private.(*ecdsa.PrivateKey).Sign(nil, sum(crypto.SHA256, []byte("message")), crypto.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		if got := readKey(name).sign(ecdsaSHA256, []byte("message")); !bytes.Equal(got, want) {
			t.Errorf("%s: got %x, want %x", name, got, want)
		}
	}
}
