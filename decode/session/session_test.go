package session

import (
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/field"
	"derscope/decode/report"
)

// readBytes reads octets with nodes.
func readBytes(b []byte) (*Session, *field.Tree) {
	t := field.NewTree(field.Limits{})
	r := t.Reader(t.Add(report.Source{Name: "state", Bytes: b}))
	return read(r), t
}

// print writes the nodes for people.
func print(t *field.Tree) string {
	var s strings.Builder
	for _, n := range t.Nodes {
		depth := 0
		for p := n.Parent; p != report.None; p = t.Nodes[p].Parent {
			depth++
		}
		s.WriteString(strings.Repeat("  ", depth) + n.Label + " " + n.Value + " " + n.Note + "\n")
	}
	return s.String()
}

func TestSharedVectors(t *testing.T) {
	b, err := os.ReadFile("../../../shared/spec/session-ticket-vectors.json")
	if err != nil {
		t.Skip("the vectors of the specification are not here")
	}
	var all []struct {
		Name, Plaintext, Secret string
		PEM                     string `json:"client_session_pem"`
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if plain, err := hex.DecodeString(v.Plaintext); err == nil && len(plain) > 0 {
			see(t, v.Name, plain)
		}
		if p, _ := pem.Decode([]byte(v.PEM)); p != nil {
			see(t, v.Name+" PEM", p.Bytes)
		}
	}
}

func see(t *testing.T, name string, b []byte) {
	t.Helper()
	f, ok := Recognise(b)
	s, tree := readBytes(b)
	t.Log(name, len(b), f, ok, s.Oldest, s.Newest, s.Wrong, s.Fits)
	if testing.Verbose() {
		t.Log("\n" + print(tree))
	}
	if !ok {
		t.Errorf("%s is not recognised: %s", name, s.Wrong)
	}
}

func TestForeignFiles(t *testing.T) {
	all, _ := filepath.Glob("../../../shared/vectors/tls/*/*session*.pem")
	more, _ := filepath.Glob("../../../shared/vectors/tls/*/testsid.pem")
	for _, name := range append(all, more...) {
		b, _ := os.ReadFile(name)
		p, _ := pem.Decode(b)
		see(t, name, p.Bytes)
	}
	for _, name := range []string{"go/ticket_tls12.state.bin", "s2n/tls12_v3_ems.bin", "s2n/tls13_client.bin", "s2n/tls13_client_early_data.bin", "s2n/tls13_server.bin"} {
		b, err := os.ReadFile("../../../shared/vectors/tls/" + name)
		if err != nil {
			t.Skip("the foreign vectors are not here")
		}
		see(t, name, b)
	}
}
