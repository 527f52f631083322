package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode"
	"derscope/decode/report"
	"derscope/testdata/bigcrl"
	"derscope/web"
)

// small is a SEQUENCE of an INTEGER and an empty OCTET STRING: enough to load.
var small = []byte{0x30, 0x05, 0x02, 0x01, 0x2a, 0x04, 0x00}

func TestAnswers(t *testing.T) {
	s := new(server)
	at := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	got := s.answer(web.Request{ID: 1, Op: "load", Inputs: []web.Evidence{{Name: "small.der", Bytes: small}}, Ask: web.Ask{At: at}})
	if got.Error != "" || got.ID != 1 || got.Case == 0 {
		t.Fatalf("load: %+v", got)
	}
	var loaded report.Report
	if err := loaded.UnmarshalBeside([][]byte{small}, got.Wire); err != nil {
		t.Fatal(err)
	}
	if len(loaded.Items) != 1 || len(loaded.Nodes) == 0 || !loaded.At.Equal(at) {
		t.Errorf("load gives %d items, %d nodes, at %s", len(loaded.Items), len(loaded.Nodes), loaded.At)
	}

	later := at.Add(time.Hour)
	again := s.answer(web.Request{ID: 2, Op: "report", Case: got.Case, Ask: web.Ask{At: later}})
	if again.Error != "" || again.ID != 2 {
		t.Fatalf("report: %+v", again)
	}
	judged := loaded
	if err := judged.UnmarshalResults(again.Wire); err != nil {
		t.Fatal(err)
	}
	if !judged.At.Equal(later) || len(judged.Nodes) != len(loaded.Nodes) {
		t.Errorf("report gives the time %s and %d nodes", judged.At, len(judged.Nodes))
	}
	if len(again.Wire) >= len(got.Wire) {
		t.Errorf("judging again sends %d octets, loading %d", len(again.Wire), len(got.Wire))
	}
}

func TestRefuses(t *testing.T) {
	s := new(server)
	first := s.answer(web.Request{ID: 1, Op: "load"})
	second := s.answer(web.Request{ID: 2, Op: "load"})
	for _, c := range []struct {
		name string
		r    web.Request
		want string
	}{
		{"a case of before", web.Request{ID: 3, Op: "report", Case: first.Case}, "case 1 is not loaded"},
		{"no case", web.Request{ID: 4, Op: "open"}, "case 0 is not loaded"},
		{"no such operation", web.Request{ID: 5, Op: "fly", Case: second.Case}, `no operation is called "fly"`},
	} {
		if got := s.answer(c.r); got.ID != c.r.ID || got.Error != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestGuard(t *testing.T) {
	got := guard(7, func() (web.Reply, error) {
		var none []int
		return web.Reply{Case: none[3]}, nil
	})
	if got.ID != 7 || !strings.Contains(got.Error, "index out of range") {
		t.Errorf("a panic gives %+v", got)
	}
}

// A request is made of two items, with the names of their files and what is in it.
func TestBuild(t *testing.T) {
	a, err := txtar.ParseFile("../testdata/ocsp/status-trylater.txtar")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	var in []web.Evidence
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			in = append(in, web.Evidence{Name: name, Bytes: f.Data})
		}
	}
	s := new(server)
	loaded := s.answer(web.Request{ID: 1, Op: "load", Inputs: in})
	at := map[string]int{}
	for i, it := range s.items {
		at[it.Input] = i
	}
	ask := func(n, from int, text string) web.Reply {
		return s.answer(web.Request{ID: 2, Op: "build", Case: loaded.Case, N: n, From: from, Text: text})
	}
	got := ask(at["leaf.pem"], at["issuer.pem"], "SHA-256 00ff http://ocsp.example.net/x?y= z")
	if got.Error != "" {
		t.Fatal(got.Error)
	}
	_, used := binary.Uvarint(got.Pack)
	var all []any
	if err := json.Unmarshal(got.Pack[used:], &all); err != nil || len(all) != 7 {
		t.Fatalf("%v: %s", err, got.Pack)
	}
	if all[1] != "http://ocsp.example.net/x?y= z" || all[2] != "openssl ocsp -issuer issuer.pem -sha256 -cert leaf.pem -url URL -respout response.der" {
		t.Errorf("%q", all)
	}
	if fields := fmt.Sprint(all[6]); !strings.Contains(fields, "serialNumber") || !strings.Contains(fields, "00ff") || !strings.Contains(fields, "issuerKeyHash") {
		t.Errorf("the fields are %s", fields)
	}
	if got := ask(at["response.hex"], at["issuer.pem"], "SHA-1  "); got.Error != "decode: the subject is no certificate" {
		t.Errorf("got %+v", got)
	}
	for _, bad := range []web.Reply{ask(-1, 0, "SHA-1  "), ask(0, 99, "SHA-1  "), ask(at["leaf.pem"], at["issuer.pem"], "SHA-1 0g ")} {
		if bad.Error == "" || bad.Pack != nil {
			t.Errorf("got %+v", bad)
		}
	}
}

// What leaves the page is what the command prints.
func TestExport(t *testing.T) {
	s := new(server)
	at := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	in := []web.Evidence{{Name: "small.der", Bytes: small}}
	loaded := s.answer(web.Request{ID: 1, Op: "load", Inputs: in})
	want := decode.Load(inputs(in), decode.Limits{}).Report(decode.Options{At: at})
	for form, octets := range map[string][]byte{
		web.FormJSON:     want.JSON(report.JSONOptions{}),
		web.FormText:     want.Text(report.TextOptions{}),
		web.FormMarkdown: want.Markdown(0),
	} {
		got := s.answer(web.Request{ID: 2, Op: "export", Case: loaded.Case, Text: form, Ask: web.Ask{At: at}})
		var p web.Packer
		p.Text(string(octets))
		if got.Error != "" || string(got.Pack) != string(p) || len(octets) == 0 {
			t.Errorf("%s: %q, %s", form, got.Pack, got.Error)
		}
	}
	if got := s.answer(web.Request{ID: 3, Op: "export", Case: loaded.Case, Text: "pdf"}); got.Error == "" {
		t.Error("a form that there is not is given")
	}
}

// Elements of a long list are made by number, whether neighbours or not, found
// by an octet, and filtered a stretch at a time.
func TestLongList(t *testing.T) {
	crl := bigcrl.CRL(3000)
	s := new(server)
	got := s.answer(web.Request{ID: 1, Op: "load", Inputs: []web.Evidence{{Name: "a.crl", Bytes: crl}}})
	var r report.Report
	if err := r.UnmarshalBeside([][]byte{crl}, got.Wire); err != nil || len(r.Lists) != 1 {
		t.Fatal(err, len(r.Lists))
	}
	if bytes.Contains(got.Wire, crl[1000:1100]) {
		t.Error("the octets of the input travel back")
	}
	list := r.Lists[0].Node
	var p web.Packer
	p.Numbers([]int{0, 1500, 1501, 2999})
	var made report.Report
	if err := made.UnmarshalBinary(s.answer(web.Request{Op: "open", Case: got.Case, List: list, Octets: p}).Wire); err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, n := range made.Nodes {
		if n.Parent == report.None {
			labels = append(labels, n.Label)
			if k := s.held.At(list, n.Span.Off+7); fmt.Sprintf("revokedCertificates[%d]", k) != n.Label {
				t.Errorf("the octets of %s are said to be those of %d", n.Label, k)
			}
		}
	}
	if want := "[revokedCertificates[0] revokedCertificates[1500] revokedCertificates[1501] revokedCertificates[2999]]"; fmt.Sprint(labels) != want {
		t.Errorf("made are %s", labels)
	}
	if k := s.held.At(list, len(crl)-1); k != -1 {
		t.Errorf("the last octet is said to be of element %d", k)
	}
	serial := ""
	for i := range made.Nodes {
		if made.Nodes[i].Label == "userCertificate" {
			c := made.Nodes[i].Content()
			serial = hex.EncodeToString(crl[c.Off:c.End()])
		}
	}
	var found []int
	looked := 0
	for looked < 3000 {
		k, n := s.held.Filter(list, serial, looked, 700)
		if n == 0 || n > 700 {
			t.Fatalf("%d looked at", n)
		}
		found, looked = append(found, k...), looked+n
	}
	if fmt.Sprint(found) != "[2999]" || looked != 3000 {
		t.Errorf("found are %v of %d", found, looked)
	}
}

// The octets that a protection is made over leave the page as they are.
func TestExportProtected(t *testing.T) {
	a, err := txtar.ParseFile("../testdata/cmp/mac-pbm.txtar")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	in := []web.Evidence{{Name: "01-ir.pem", Bytes: a.Files[0].Data}, {Name: "small.der", Bytes: small}}
	s := new(server)
	loaded := s.answer(web.Request{ID: 1, Op: "load", Inputs: in})
	c := decode.Load(inputs(in), decode.Limits{})
	got := s.answer(web.Request{ID: 2, Op: "export", Case: loaded.Case, Text: web.FormProtected})
	var p web.Packer
	p.Text(string(c.Protected(0)))
	if got.Error != "" || string(got.Pack) != string(p) || len(c.Protected(0)) < 100 {
		t.Errorf("%d octets, %s", len(got.Pack), got.Error)
	}
	if got := s.answer(web.Request{ID: 3, Op: "export", Case: loaded.Case, Text: web.FormProtected, N: 1}); got.Error == "" {
		t.Error("something else is given, too")
	}
}
