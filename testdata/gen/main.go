// Command gen makes the test vectors of derscope: one txtar file under
// testdata for each vector of the tables in this package.
//
//	go run ./testdata/gen                      write all vectors
//	go run ./testdata/gen -big crl FILE        write the large CRL of the benchmarks
//
// # Adding a vector
//
//  1. Find the file of the topic (freshness.go, nonce.go, ...) and add one
//     literal to its table: a name, one sentence that says what is special,
//     and a function that changes the one thing in an otherwise good answer.
//     The functions of der.go can also express what DER forbids.
//  2. If it is worth showing on the page, give it a line in examples.go, with
//     a vector that differs from it in one thing.
//  3. Run the command. It writes the inputs, and keeps the report of every
//     file whose inputs stay the same.
//  4. Run the golden test with -update, which adds the report, and read it:
//     the report must complain about that one thing and about nothing else.
//
// # Why are the vectors the same on every run?
//
// The keys in keys are fixed, the time is fixed (clock), serial numbers and
// nonces follow from names, and no signature takes randomness: ECDSA and DSA
// by RFC 6979, RSASSA-PSS with a salt made from the digest, ML-DSA and
// SLH-DSA in their deterministic form. A test compares two runs.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/txtar"

	"derscope/testdata/bigcrl"
)

// generator is the header line that marks a file as made here.
const generator = "generator: testdata/gen "

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("dir", "testdata", "where the vectors lie")
	big := flag.String("big", "", "write one large input to the named `file` instead: crl")
	flag.Parse()
	if *big != "" {
		if *big != "crl" || flag.NArg() != 1 {
			log.Fatal("usage: gen -big crl FILE")
		}
		if err := os.WriteFile(flag.Arg(0), bigcrl.CRL(bigcrl.Entries), 0o644); err != nil {
			log.Fatal(err)
		}
		return
	}
	files := vectors()
	for name, text := range files {
		if err := write(filepath.Join(*dir, name), text); err != nil {
			log.Fatal(err)
		}
	}
	if err := sweep(*dir, files); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(files), "vectors")
}

// vectors makes all files, by path below testdata.
func vectors() map[string]*txtar.Archive {
	p := newPKI()
	files := map[string]*txtar.Archive{}
	add := func(kind string, tables ...[]vector) {
		for _, table := range tables {
			for _, v := range table {
				path := kind + "/" + v.name + ".txtar"
				if files[path] != nil {
					panic("gen: two vectors are named " + path)
				}
				files[path] = v.archive(p, kind)
			}
		}
	}
	add("ocsp", ocspVectors()...)
	add("cert", certVectors()...)
	add("ticket", sessionVectors()...)
	add("armor", armorVectors()...)
	add("tls", tlsRuleVectors()...)
	add("ticket", ticketVectors()...)
	add("capture", captureVectors()...)
	add("cmp", cmpVectors()...)
	return files
}

// archive makes the file of a vector, without a report.
func (v vector) archive(p *pki, kind string) *txtar.Archive {
	s := newScene(p)
	v.make(s)
	var head strings.Builder
	fmt.Fprintf(&head, "%s\n%s%s\n", v.about, generator, v.name)
	e, topic, place := offered(kind + "/" + v.name)
	if place > 0 {
		fmt.Fprintf(&head, "example: %s\nlesson: %s\ntopic: %s\nplace: %d\n", e.title, e.lesson, topic, place)
	}
	if e.rule != "" {
		fmt.Fprintf(&head, "rule: %s\n", e.rule)
	}
	pair := v.pair
	if e.pair != "" {
		pair = e.pair
	}
	if pair != "" {
		fmt.Fprintf(&head, "pair: %s\n", pair)
	}
	if e.differs != "" {
		fmt.Fprintf(&head, "differs: %s\n", e.differs)
	}
	a := &txtar.Archive{Comment: []byte(head.String())}
	for _, f := range s.files() {
		a.Files = append(a.Files, txtar.File{Name: "input/" + f.name, Data: []byte(f.text)})
	}
	options := append([]string{"at " + clock.Format("2006-01-02T15:04:05Z")}, s.options...)
	a.Files = append(a.Files, txtar.File{Name: "options", Data: []byte(strings.Join(options, "\n") + "\n")})
	return a
}

// write writes a vector, with the report it has if its inputs are the same.
func write(path string, a *txtar.Archive) error {
	old, err := os.ReadFile(path)
	if err == nil {
		if n := bytes.Index(old, []byte("\n-- report --\n")); n >= 0 && inputs(txtar.Parse(old)) == inputs(a) {
			text := append(txtar.Format(a), old[n+1:]...)
			if bytes.Equal(text, old) {
				return nil
			}
			return os.WriteFile(path, text, 0o644)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, txtar.Format(a), 0o644)
}

// inputs is what the report of a vector follows from.
func inputs(a *txtar.Archive) string {
	var b strings.Builder
	for _, f := range a.Files {
		if f.Name != "report" {
			fmt.Fprintf(&b, "%s\n%s\n", f.Name, f.Data)
		}
	}
	return b.String()
}

// sweep removes vectors that were made here and are no more.
func sweep(dir string, files map[string]*txtar.Archive) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if files[filepath.ToSlash(name)] == nil && bytes.Contains(txtar.Parse(text).Comment, []byte(generator)) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
