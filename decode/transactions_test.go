package decode

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"time"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// enrolments are the messages of vectors that transactions are mixed of.
func enrolments(t testing.TB) (all [][]byte) {
	for _, name := range []string{"txn-polling", "txn-nested", "txn-id-other", "txn-none", "txn-error-confirmed", "txn-two"} {
		text, err := os.ReadFile("../testdata/cmp/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		inputs, _, _ := strings.Cut(string(text), "-- report --")
		for _, it := range Load([]Input{{Name: "vector", Bytes: []byte(inputs)}}, Limits{}).exhibits {
			if m, ok := it.Value.(*cmp.Message); ok && it.Carrier < 0 {
				all = append(all, bytes.Clone(m.Raw))
			}
		}
	}
	if len(all) < 12 {
		t.Fatalf("%d messages in the vectors", len(all))
	}
	return all
}

// Whatever is mixed, each message is in one transaction, at its place, and the
// report is the same again.
func FuzzTransactions(f *testing.F) {
	all := enrolments(f)
	f.Add([]byte{0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0})
	f.Add([]byte{5, 0, 4, 0, 3, 0, 3, 0, 2, 3, 1, 0, 0, 0})
	f.Add([]byte{6, 0, 7, 0, 8, 0, 9, 0, 9, 1, 10, 2, 11, 0, 12, 4})
	f.Fuzz(func(t *testing.T, script []byte) {
		var in []Input
		for i := 0; i+1 < min(len(script), 40); i += 2 {
			m := bytes.Clone(all[int(script[i])%len(all)])
			switch op := script[i+1]; {
			case op == 0:
			case op < 64: // another octet somewhere
				m[int(op)*len(m)/64] ^= script[i] | 1
			case op < 128:
				m = m[:int(op-63)*len(m)/64]
			}
			in = append(in, Input{Name: "m", Bytes: m})
		}
		c := Load(in, Limits{})
		seen := map[*enrol.View]int{}
		x := enrol.IndexOf(&check.Context{Exhibits: c.exhibits, Self: -1})
		for _, tr := range x.Transactions {
			for i, v := range tr.Messages {
				seen[v]++
				if v.In != tr || v.Place != i {
					t.Errorf("message %d says that it is at place %d of another list", i, v.Place)
				}
				if v.Answers == v || v.Reply == v {
					t.Error("a message answers itself")
				}
			}
		}
		for _, v := range x.Messages {
			if seen[v] != 1 {
				t.Errorf("a message is in %d transactions", seen[v])
			}
		}
		o := Options{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
		if a, b := c.Report(o), Load(in, Limits{}).Report(o); !bytes.Equal(a.JSON(report.JSONOptions{}), b.JSON(report.JSONOptions{})) {
			t.Error("the report is another one the second time")
		}
	})
}

// The arrows of a picture open the messages that they stand for, and red ones
// are those that fail.
func TestSequenceShowsMessages(t *testing.T) {
	text, err := os.ReadFile("../testdata/cmp/txn-replay.txtar")
	if err != nil {
		t.Fatal(err)
	}
	inputs, _, _ := strings.Cut(string(text), "-- options --")
	r := Load([]Input{{Name: "vector", Bytes: []byte(inputs)}}, Limits{}).Report(Options{At: time.Date(2026, 11, 20, 12, 5, 0, 0, time.UTC)})
	last := r.Items[len(r.Items)-1]
	if last.Kind != "cmp" || len(last.Pictures) != 1 {
		t.Fatalf("a transaction with a picture is wanted, found %s with %d", last.Kind, len(last.Pictures))
	}
	var arrows []report.Shape
	for _, s := range last.Pictures[0].Shapes {
		if s.Form == report.Arrow {
			arrows = append(arrows, s)
		}
	}
	if len(arrows) != 6 {
		t.Fatalf("%d arrows for 6 messages", len(arrows))
	}
	for i, s := range arrows {
		if s.Item != last.Members[i] || r.ItemOf(s.At) != s.Item {
			t.Errorf("arrow %d opens item %d, and not %d", i+1, s.Item, last.Members[i])
		}
		if fails := i == 5; fails != (s.Tone == report.Bad) {
			t.Errorf("arrow %d has tone %d", i+1, s.Tone)
		}
	}
	if !strings.Contains(arrows[5].Text, "≠") {
		t.Errorf("the last arrow does not show both nonces: %s", arrows[5].Text)
	}
}

func BenchmarkTransaction(b *testing.B) {
	in := []Input{}
	for _, m := range enrolments(b)[:6] {
		in = append(in, Input{Name: "m", Bytes: m})
	}
	in = append(in, Input{Name: "secret", Kind: "shared-secret", Bytes: []byte("fixture-secret")})
	benchmarkMessages(b, in)
}

// A thousand messages are five hundred transactions of two.
func BenchmarkThousandMessages(b *testing.B) {
	pair := enrolments(b)[8:10]
	var in []Input
	for i := range 500 {
		for _, m := range pair {
			m = bytes.Clone(m)
			v := Load([]Input{{Bytes: m}}, Limits{}).exhibits[0].Value.(*cmp.Message)
			at := bytes.Index(m, v.Header.SenderNonce.Value)
			binary.BigEndian.PutUint32(m[at:], uint32(i)<<8|uint32(len(m)&0xff))
			if id := v.Header.TransactionID.Value; len(id) > 4 {
				binary.BigEndian.PutUint32(m[bytes.Index(m, id):], uint32(i))
			}
			in = append(in, Input{Name: "m", Bytes: m})
		}
	}
	benchmarkMessages(b, in)
}

func benchmarkMessages(b *testing.B, in []Input) {
	o := Options{At: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	b.ReportAllocs()
	for b.Loop() {
		Load(in, Limits{}).Report(o)
	}
}
