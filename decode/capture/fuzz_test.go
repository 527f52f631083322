package capture

import (
	"os"
	"path/filepath"
	"testing"

	"encoding/base64"
	"strings"

	"golang.org/x/tools/txtar"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/testdata/pcapfile"
)

// Whatever the octets: no panic, every octet is shown once, streams hold what
// was captured and no more, and the parts of a transcript cover it.
func FuzzRead(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed[0], string(seed[1]))
	}
	r := &pcapfile.Recording{Nanos: true, Big: true, VLANs: []int{1, 2}}
	r.Dial("[2001:db8::1]:1", "[2001:db8::2]:443").Send(pcapfile.Client, []byte{22, 3, 1, 0, 1, 1})
	f.Add(r.PCAPNG("# none\n"), "")
	f.Fuzz(func(t *testing.T, b []byte, log string) {
		tree := field.NewTree(field.Limits{List: 16})
		c := Read(tree.Reader(tree.Add(report.Source{Bytes: b})))
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Error(err)
		}
		ctx := &check.Context{Exhibits: []check.Exhibit{{Kind: "capture", Value: c}}, Source: b}
		if log != "" {
			l := keylog.Read(tree.Reader(tree.Add(report.Source{Bytes: []byte(log)})))
			ctx.Exhibits = append(ctx.Exhibits, check.Exhibit{Item: 1, Kind: "key-log", Value: l})
		}
		list := derive(ctx, c)
		judge(ctx, look(ctx, c))
		held := 0
		for _, k := range c.Connections {
			for i := range k.Streams {
				held += len(k.Streams[i].Bytes)
			}
		}
		if held > len(b) {
			t.Errorf("streams hold %d octets of a file of %d", held, len(b))
		}
		for _, d := range list {
			for _, s := range d.From {
				if s.Off < 0 || s.Len < 0 || s.End() > len(b) {
					t.Errorf("octets come from %d+%d of %d", s.Off, s.Len, len(b))
				}
			}
		}
		for _, k := range c.Connections {
			if k.tls != nil && k.tls.parts != nil {
				at := 0
				for _, p := range k.tls.parts {
					if p.Off != at || p.Len < 0 {
						t.Fatalf("a part lies at %d+%d, want %d", p.Off, p.Len, at)
					}
					at += p.Len
				}
				if at != len(k.tls.out) {
					t.Errorf("parts cover %d of %d octets", at, len(k.tls.out))
				}
			}
		}
	})
}

// seeds are the captures and key logs of the vectors.
func seeds(f *testing.F) (list [][2][]byte) {
	files, _ := filepath.Glob("../../testdata/capture/*.txtar")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var seed [2][]byte
		for _, file := range txtar.Parse(text).Files {
			switch file.Name {
			case "input/capture.b64":
				seed[0], _ = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(file.Data), "\n", ""))
			case "input/keys.log":
				seed[1] = file.Data
			}
		}
		if seed[0] != nil {
			list = append(list, seed)
		}
	}
	return list
}
