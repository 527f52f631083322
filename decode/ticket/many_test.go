package ticket

import (
	"testing"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/testdata/seal"
)

// BenchmarkMany judges 200 tickets beside a key that opens none of them, and
// all of which every one is compared with others.
func BenchmarkMany(b *testing.B) {
	for b.Loop() {
		tree := field.NewTree(field.Limits{})
		c := &check.Context{}
		add := func(v any) {
			c.Exhibits = append(c.Exhibits, check.Exhibit{Item: len(c.Exhibits), Value: v, Carrier: -1})
		}
		for i := range 200 {
			t := seal.Go(noiseOf("many", 32), noiseOf(string(rune(i)), 16), stateOf(b))
			add(read(tree.Reader(tree.Add(report.Source{Bytes: t}))))
		}
		add(readKeys(tree.Reader(tree.Add(report.Source{Bytes: noiseOf("other", 32)}))))
		for i := range 200 {
			c.Self = i
			judge(c, look(c, c.Exhibits[i].Value.(*Ticket)))
		}
	}
}
