package decode

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"derscope/decode/report"
)

// numbers is a SEQUENCE of n OCTET STRINGs, each holding its number, and an
// OBJECT IDENTIFIER. All but the first thousand are no nodes.
func numbers(n int) *Case {
	list := []byte{}
	for i := range n {
		list = append(list, 4, 2, byte(i>>8), byte(i))
	}
	list = append(list, 6, 3, 0x2a, 3, 4)
	in := append([]byte{0x30, 0x82, byte(len(list) >> 8), byte(len(list))}, list...)
	return Load([]Input{{Name: "list", Bytes: in}}, Limits{})
}

// whole is further than any node.
const whole = report.Ref(1 << 30)

// everywhere finds all that there is, going on as long as it takes.
func everywhere(t *testing.T, c *Case, what string) (all []Place, goes int) {
	t.Helper()
	for from := Start(); ; goes++ {
		got := c.Find(what, 0, whole, from, 1<<20)
		all = append(all, got.Places...)
		if from = got.Next; from == Start() {
			return all, goes
		}
	}
}

func TestFind(t *testing.T) {
	const n = 2500
	c := numbers(n)
	for what, want := range map[string]Place{
		"SEQUENCE": {0, -1}, "0001": {2, -1}, "04:d2": {0, 1234}, "1.2.3.4": {0, n}, "1.2.3": {0, n}, "09c3": {0, 2499},
		"04 02 00 01": {2, -1}, "0x0402 09c3": {0, 2499}, // tag and length, too
		"30 82": {0, -1}, "27 15 04 02": {0, -1}, // the header, and past its end
		"01 04 02 00 02": {0, -1}, // in two elements: in what holds both
	} {
		got := c.Find(what, 0, whole, Start(), 1)
		if len(got.Places) != 1 || got.Places[0] != want {
			t.Errorf("%q is found at %v, want %v", what, got.Places, want)
		}
	}
	for _, what := range []string{"absent", "", "  ", "ffff fffe"} {
		if got := c.Find(what, 0, whole, Start(), 10); len(got.Places) != 0 || got.More {
			t.Errorf("%q is found at %v", what, got.Places)
		}
	}
	want := 0
	for i := range n {
		if strings.Contains(fmt.Sprintf("%04x", i), "0a") {
			want++
		}
	}
	all := c.Find("0a", 0, whole, Start(), n)
	if len(all.Places) != want || all.More {
		t.Errorf("%d places hold 0a in their value, want %d", len(all.Places), want)
	}
	seen := map[Place]bool{}
	for _, p := range all.Places {
		if seen[p] {
			t.Errorf("%v is found twice", p)
		}
		seen[p] = true
	}
	for most, more := range map[int]bool{want: false, want - 1: true, 1: true} {
		got := c.Find("0a", 0, whole, Start(), most)
		if got.More != more || !slices.Equal(got.Places, all.Places[:min(most, want)]) {
			t.Errorf("of at most %d places %d are given, more: %v", most, len(got.Places), got.More)
		}
	}
	if got := c.Find("00 07", 9, whole, Start(), 10); len(got.Places) != 0 {
		t.Errorf("before the first node that was asked for: %v", got.Places)
	}
}

// A long list is looked through in several goes, and each place found once.
func TestFindGoesOn(t *testing.T) {
	const n = 12_000
	c := numbers(n)
	want := 0
	for i := range n {
		if strings.Contains(fmt.Sprintf("%04x", i), "0a") {
			want++
		}
	}
	all, goes := everywhere(t, c, "0a")
	if len(all) != want || goes < 5 || !slices.IsSortedFunc(slices.DeleteFunc(slices.Clone(all), func(p Place) bool { return p.Element < 0 }), func(a, b Place) int { return a.Element - b.Element }) {
		t.Errorf("%d places after %d goes, want %d", len(all), goes, want)
	}
	var list []byte
	for i := range 3000 {
		list = append(list, 4, 8, 1, 2, 3, 4, 5, 6, byte(i>>8), byte(i))
	}
	c = Load([]Input{{Name: "list", Bytes: append([]byte{0x30, 0x82, byte(len(list) >> 8), byte(len(list))}, list...)}}, Limits{})
	for what, want := range map[string][]Place{
		"03 04 05 06 0b b7": {{0, 2999}}, "0408 0102030405060000": {{1, -1}}, "010203040506ffff": nil,
	} {
		if all, goes := everywhere(t, c, what); !slices.Equal(all, want) || goes > 0 {
			t.Errorf("%q is found at %v after %d goes", what, all, goes)
		}
	}
}

// Each octet of a vector is found, with its neighbours, in the innermost node.
func TestFindOctets(t *testing.T) {
	c := Load([]Input{{Name: "small", Bytes: []byte("\x30\x0d\x02\x01\x05\x30\x05\x04\x03abc\x0c\x01d")}}, Limits{})
	for what, label := range map[string]string{
		"02 01 05": "INTEGER", "61 62": "OCTET STRING", "03 61": "OCTET STRING", "63 0c": "SEQUENCE", "05 30 05": "SEQUENCE", "0d 02": "SEQUENCE",
	} {
		got := c.Find(what, 0, whole, Start(), 10)
		if len(got.Places) != 1 || c.tree.Nodes[got.Places[0].Node].Type != label {
			t.Errorf("%q is found at %v, want in the %s", what, got.Places, label)
		}
	}
}

// What is secret is not found: neither in a key nor in a text around it.
func TestFindNoSecrets(t *testing.T) {
	key := []byte("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20\x5a\x5b\x5c\x5d0123456789abcdefghijklmnopqr")
	c := Load([]Input{{Name: "key", Bytes: key}}, Limits{})
	if !c.tree.Sources[0].Secret {
		t.Fatal("the key is not taken for one")
	}
	for _, what := range []string{"5a 5b", "5a5b5c5d", "0123456789", "04 20 5a"} {
		if got := c.Find(what, 0, whole, Start(), 10); len(got.Places) != 0 {
			t.Errorf("%q of a private key is found at %v", what, got.Places)
		}
	}
	c = Load([]Input{{Name: "said", Bytes: []byte("\x04\x03abc"), Secret: true}}, Limits{})
	for _, what := range []string{"61 62", "OCTET", "abc", "04 03"} {
		if got := c.Find(what, 0, whole, Start(), 10); len(got.Places) != 0 {
			t.Errorf("%q of what is said to be secret is found at %v", what, got.Places)
		}
	}
}

// An octet of a long list leads to the element that holds it, its first and its
// last one alike.
func TestAt(t *testing.T) {
	const n = 2500
	c := numbers(n)
	for off, want := range map[int]int{3: -1, 4: 0, 7: 0, 8: 1, 4 + 4*999: 999, 4 + 4*1000: 1000, 7 + 4*1000: 1000, 4 + 4*1001: 1001,
		7 + 4*2400: 2400, 4 + 4*n: n, 8 + 4*n: n, 9 + 4*n: -1, 1 << 20: -1, -1: -1} {
		if got := c.At(0, off); got != want {
			t.Errorf("octet %d lies in element %d, want %d", off, got, want)
		}
	}
	if got := c.At(1, 8); got != -1 {
		t.Errorf("a node that is no list has element %d", got)
	}
}
