package tiling

import (
	"strings"
	"testing"

	"derscope/decode/report"
)

// TestCheck shows that each way to break the property is found.
func TestCheck(t *testing.T) {
	node := func(parent report.Ref, off, header, n int, flags report.Flags) report.Node {
		return report.Node{Label: "n", Parent: parent, Header: header, Flags: flags, Span: report.Span{Off: off, Len: n}}
	}
	root := node(report.None, 0, 2, 6, 0)
	for _, tc := range []struct {
		name, want string
		nodes      []report.Node
	}{
		{"whole", "", []report.Node{root, node(0, 2, 1, 2, report.Leaf), node(0, 4, 0, 2, report.Leaf)}},
		{"gap", "octet 4 of source 0 (6 octets) is shown by no node", []report.Node{root, node(0, 2, 1, 2, report.Leaf), node(0, 5, 0, 1, report.Leaf)}},
		{"twice", "octet 3 of source 0 is shown by", []report.Node{root, node(0, 2, 1, 2, report.Leaf), node(0, 3, 0, 3, report.Leaf)}},
		{"outside", "lies outside its parent", []report.Node{root, node(0, 2, 0, 2, 0), node(1, 4, 0, 2, report.Leaf)}},
		{"in a leaf", "which is a leaf", []report.Node{root, node(0, 2, 0, 4, report.Leaf), node(1, 4, 0, 2, report.Leaf)}},
		{"past the end", "its source has 6 octets", []report.Node{node(report.None, 0, 0, 7, report.Leaf)}},
		{"parent behind", "does not stand before it", []report.Node{node(1, 0, 0, 6, report.Leaf), root}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := Check([]report.Source{{Bytes: make([]byte, 6)}}, tc.nodes)
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("got %v, want nothing", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
