package handshake

import (
	"bytes"
	"testing"

	"derscope/decode/field"
	"derscope/decode/report"
)

// Of millions of encrypted records a few thousand are listed, all are counted,
// and one that is too long is found behind them.
func TestManySealedRecords(t *testing.T) {
	const n = 100_000
	b := bytes.Repeat([]byte{RecordApplication, 3, 3, 0, 1, 0}, n)
	long := append([]byte{RecordApplication, 3, 3, 0x48, 0}, make([]byte, 0x4800)...)
	b = append(b, long...)
	tree := field.NewTree(field.Limits{})
	h := Read(tree.Reader(tree.Add(report.Source{Bytes: b})))
	if len(h.Records)+h.More != n+1 || len(h.Records) > 2*maxRecords {
		t.Errorf("%d records are listed, %d more counted; want %d in all", len(h.Records), h.More, n+1)
	}
	if last := h.Records[len(h.Records)-1]; last.Length != 0x4800 {
		t.Errorf("the last record listed has %d octets", last.Length)
	}
}
