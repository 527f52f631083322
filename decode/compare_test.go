package decode

import (
	"fmt"
	"strings"
	"testing"

	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

// compared writes the rows of a comparison that are not the same.
func compared(rows []Row) string {
	signs := map[Sign]string{Differs: "≠", OnlyLeft: "<", OnlyRight: ">"}
	var b strings.Builder
	for _, r := range rows {
		if r.Sign != Same {
			fmt.Fprintf(&b, "%s %s: %s | %s\n", signs[r.Sign], r.Label, r.Left.Text, r.Right.Text)
		} else if r.Note != "" {
			fmt.Fprintf(&b, "= %s\n", r.Note)
		}
	}
	return b.String()
}

// pair loads two vectors and compares the first item of each.
func pair(t *testing.T, a, b string) ([]Row, *report.Report) {
	t.Helper()
	var in []Input
	for _, name := range []string{a, b} {
		v, err := readVector("../testdata/ocsp/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, Input{Name: name, Bytes: v.inputs[0].Bytes})
	}
	c := Load(in, Limits{})
	r := c.Report(Options{Clients: []string{}})
	for i := 1; i < len(r.Items); i++ {
		if r.Items[i].Input == b {
			rows, _ := c.Compare(0, i)
			return rows, r
		}
	}
	t.Fatal("there is one item")
	return nil, nil
}

// Two answers about one certificate, of which one is older.
func TestCompare(t *testing.T) {
	rows, r := pair(t, "good-ca-byname", "expired")
	got := compared(rows)
	for _, want := range []string{"≠ producedAt: 2026-11-20 06:00:00 UTC | ", "≠ thisUpdate: 2026-11-20 06:00:00 UTC | ", "≠ signature: 2048 bits"} {
		if !strings.Contains(got, want) {
			t.Errorf("the comparison lacks %q:\n%s", want, got)
		}
	}
	for _, same := range []string{"certID", "responderID", "signatureAlgorithm", "<", ">"} {
		if strings.Contains(got, same) {
			t.Errorf("%q does not differ:\n%s", same, got)
		}
	}
	for _, row := range rows {
		for _, c := range []Cell{row.Left, row.Right} {
			if c.Node >= 0 && c.Element < 0 && r.Nodes[c.Node].Label != row.Label {
				t.Errorf("row %s points at %s", row.Label, r.Nodes[c.Node].Label)
			}
		}
	}
	if again, _ := pair(t, "good-ca-byname", "good-ca-byname"); strings.Trim(compared(again), "\n") != "" {
		t.Errorf("the same twice differs:\n%s", compared(again))
	}
}

// Every node is on one row, whatever is compared with whatever.
func TestCompareCovers(t *testing.T) {
	for _, b := range []string{"good-del-byname", "revoked", "conflict-good-revoked", "signed-by-leaf", "certid-sha256", "ext-unknown", "truncated"} {
		v, err := readVector("../testdata/ocsp/" + b + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		w, err := readVector("../testdata/ocsp/good-ca-byname.txtar")
		if err != nil {
			t.Fatal(err)
		}
		c := Load([]Input{v.inputs[0], w.inputs[0]}, Limits{})
		items := c.Report(Options{Clients: []string{}}).Items
		for i := range items {
			for j := range items {
				seen := map[report.Ref]int{}
				rows, _ := c.Compare(i, j)
				for _, r := range rows {
					if r.Left.Node >= 0 {
						seen[r.Left.Node] |= 1
					}
					if r.Right.Node >= 0 {
						seen[r.Right.Node] |= 2
					}
				}
				for side, it := range []report.Item{items[i], items[j]} {
					for n := it.Root; n < it.End; n++ {
						if seen[n]&(1<<side) == 0 {
							t.Fatalf("%s: comparing %s with %s leaves out node %d", b, it.Title, items[j].Title, n)
						}
					}
				}
			}
		}
	}
}

// Of two long lists what differs is found, wherever it stands.
func TestCompareLong(t *testing.T) {
	c := Load([]Input{{Name: "a", Bytes: bigcrl.CRL(3000)}, {Name: "b", Bytes: bigcrl.CRL(3001)}}, Limits{})
	r := c.Report(Options{Clients: []string{}})
	if len(r.Items) != 2 {
		t.Fatalf("%d items", len(r.Items))
	}
	rows, left := c.Compare(0, 1)
	got := compared(rows)
	if !strings.Contains(got, "= 3,000 of 3,000 and 3,001 elements are the same") || strings.Count(got, "> revokedCertificates[3000]") != 1 || left != 0 {
		t.Errorf("%d left out:\n%s", left, got)
	}
}

// However long two lists are, only so many elements are compared, and the
// comparison says so.
func TestCompareBounded(t *testing.T) {
	const n = mostElements + 10
	large := func(first byte) []byte {
		b := append(make([]byte, 0, 2*n+6), 0x30, 0x84, 2*n>>24, 2*n>>16&0xff, 2*n>>8&0xff, 2*n&0xff)
		for range n {
			b = append(b, first, 0)
		}
		return b
	}
	c := Load([]Input{{Name: "a", Bytes: large(4)}, {Name: "b", Bytes: large(5)}, {Name: "c", Bytes: large(4)}}, Limits{})
	if len(c.items) != 3 {
		t.Fatalf("%d items", len(c.items))
	}
	for other, same := range map[int]string{1: "= 0 of ", 2: "= 1,000,000 of "} {
		rows, left := c.Compare(0, other)
		if got := compared(rows); !strings.Contains(got, same+"1,000,000 and 1,000,000 elements are the same; no further ones were compared") || len(rows) > mostRows {
			t.Errorf("with %d: %d rows and %d left out:\n%.2000s", other, len(rows), left, got)
		}
		if want := map[int]int{1: 2 * (mostElements - mostOther), 2: 0}[other]; left != want {
			t.Errorf("with %d: %d differences are left out, want %d", other, left, want)
		}
	}
}

// There are only so many rows; the differences after them are counted.
func TestCompareCounts(t *testing.T) {
	nested := func(first byte) []byte {
		var all []byte
		for range 25 {
			all = append(all, 0x30, 0x82, 1998>>8, 1998&0xff)
			for range 999 {
				all = append(all, first, 0)
			}
		}
		return append([]byte{0x30, 0x82, byte(len(all) >> 8), byte(len(all))}, all...)
	}
	c := Load([]Input{{Name: "a", Bytes: nested(4)}, {Name: "b", Bytes: nested(5)}}, Limits{})
	rows, left := c.Compare(0, 1)
	if want := 1 + 2*25*1000; len(rows) != mostRows || len(rows)+left != want {
		t.Errorf("%d rows and %d that are left out, want %d and %d", len(rows), left, mostRows, want-mostRows)
	}
}

// Parts that mean the same are paired though they begin unlike: an answer by
// its serial number under another hash, an attribute of a name by its type.
func TestCompareKnowsParts(t *testing.T) {
	for b, want := range map[string]string{
		"certid-sha256":   "≠ hashAlgorithm: sha1 | id-sha256",
		"good-del-byname": "≠ value: Example Issuing CA R3 | Example OCSP Responder 7",
	} {
		rows, _ := pair(t, "good-ca-byname", b)
		got := compared(rows)
		if !strings.Contains(got, want+"\n") || strings.Contains(got, "< responses[") || strings.Contains(got, "< rdnSequence[") {
			t.Errorf("%s: the comparison lacks %q, or tears parts apart:\n%s", b, want, got)
		}
	}
}
