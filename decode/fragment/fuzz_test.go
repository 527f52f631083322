package fragment

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// FuzzPart: what is said to be a part is shown without a fault and to the end,
// each octet once.
func FuzzPart(f *testing.F) {
	names, _ := filepath.Glob("../../testdata/cmp/part-*.txtar")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		_, text, _ := strings.Cut(string(b), "part.hex --\n")
		text, _, _ = strings.Cut(text, "-- ")
		if octets, err := hex.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
			f.Add(octets)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(cmp.PartsOf(b)) == 0 {
			return
		}
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Name: "part", Bytes: b}))
		p := read(r)
		if !r.Empty() {
			t.Errorf("%s: octets are left over", p.Name)
			r.Rest("trailing")
		}
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
		if n, why := r.Breaks(); n > 0 {
			t.Errorf("%s: %s", p.Name, why)
		}
	})
}

// FuzzNote: whatever a text says, what is made of it is short, and has words.
func FuzzNote(f *testing.F) {
	for _, s := range []string{"failInfo=65536", "PKIFailureInfo: '0001'B", "error:1D00009E:CMP routines::x", "8022:error:1D000095:CMP routines:f:request not accepted:", "CMP error: request not accepted", "failinfo: -2147483648", "\xa8fAilinfo"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list := lines([]byte(s))
		if len(list) > most {
			t.Errorf("%d lines", len(list))
		}
		for _, l := range list {
			if l.As == "" || l.Means == "" || strings.HasPrefix(l.Means, " ") {
				t.Errorf("%+v says nothing", l)
			}
		}
	})
}
