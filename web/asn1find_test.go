package web

import (
	"slices"
	"testing"
	"time"
)

func foundAt(t *testing.T, b []byte, what string, octets []byte, most int) (offs []int, more bool) {
	t.Helper()
	u := &unpacker{rest: FindElements(b, what, octets, 0, most)}
	got := unpackPlaces(u, tabASN1)
	places, more := got.places, got.more
	if u.fault != nil || len(u.rest) > 0 {
		t.Fatalf("%q: %v, %d octets are left", what, u.fault, len(u.rest))
	}
	for _, p := range places {
		offs = append(offs, p.mark.Off)
	}
	return offs, more
}

func TestFindElements(t *testing.T) {
	// SEQUENCE { INTEGER 5, OCTET STRING { SEQUENCE { UTF8String "ab" } }, INTEGER 42 }
	b := unhex(t, "300e 020105 0406 3004 0c026162 02012a")
	for what, want := range map[string][]int{
		"integer": {2, 13}, "ab": {9}, "42": {13}, "Sequence": {0, 7}, "nothing": nil, "": nil,
		"x6162": {9}, "x02 01": {2, 13}, "x05 04": {0}, "x0e02": {0}, "x0630": {5}, "x3004": {7}, "x040c": {7}, "x6202": {0}, "xffff": nil,
	} {
		var octets []byte
		text := what
		if what != "" && what[0] == 'x' {
			octets, text = unhex(t, what[1:]), "no text"
		}
		if got, more := foundAt(t, b, text, octets, 10); !slices.Equal(got, want) || more {
			t.Errorf("%q is found at %v, want %v", what, got, want)
		}
	}
	if got, more := foundAt(t, b, "e", nil, 2); len(got) != 2 || !more {
		t.Errorf("of many, two are asked for: %v, more: %v", got, more)
	}
	if got, _ := foundAt(t, unhex(t, "3005020105ffff"), "ff", unhex(t, "ffff"), 9); !slices.Equal(got, []int{5}) {
		t.Errorf("in octets that are no element: %v", got)
	}
}

// Many elements are looked through in several goes, and each place found once.
func TestFindElementsGoesOn(t *testing.T) {
	const n = 2*atOnce + 1000
	b := []byte{0x30, 0x83, n * 3 >> 16, n * 3 >> 8 & 0xff, n * 3 & 0xff}
	for i := range n {
		b = append(b, 2, 1, byte(i%100))
	}
	var offs []int
	goes := 0
	for from := []int{0}; from != nil; goes++ {
		got := unpackPlaces(&unpacker{rest: FindElements(b, "77", nil, from[0], n)}, tabASN1)
		for _, p := range got.places {
			offs = append(offs, p.mark.Off)
		}
		from = got.next
	}
	var want []int
	for i := 77; i < n; i += 100 {
		want = append(want, 5+3*i)
	}
	if !slices.Equal(offs, want) || goes != 3 {
		t.Errorf("%d places after %d goes, want %d", len(offs), goes, len(want))
	}
}

func TestHits(t *testing.T) {
	for _, tc := range []struct {
		text, what string
		want       []int
	}{
		{"thisUpdate", "update", []int{4}}, {"aAaa", "aa", []int{0, 2}}, {"abc", "", nil}, {"", "a", nil}, {"İa", "a", nil}, {"éa", "a", []int{2}},
	} {
		if got := hits(tc.text, tc.what); !slices.Equal(got, tc.want) {
			t.Errorf("%q in %q: %v, want %v", tc.what, tc.text, got, tc.want)
		}
	}
	b := unhex(t, "00 01 02 01 02 03")
	if got := octetHits(b, unhex(t, "0102"), -5, 3); !slices.Equal(got, []int{1}) {
		t.Errorf("octets: %v", got)
	}
	if got := octetHits(b, unhex(t, "0102"), 2, 4); !slices.Equal(got, []int{3}) {
		t.Errorf("octets across the end: %v", got)
	}
	if octetHits(b, nil, 0, 6) != nil {
		t.Error("nothing is found")
	}
}

func TestPaperRows(t *testing.T) {
	const line = "0123456789012345678901234567890123456789"
	body := "short\n\n" + line + "\n" + line + "é" + line + "end\nlast"
	rows := paperRows(body, 3) // never less than 40
	var got []string
	p := paper{body: body, rows: rows}
	for i := range rows {
		text := p.text(i)
		if rows[i].on {
			text = ">" + text
		}
		got = append(got, text)
	}
	want := []string{"short", "", line, line, ">é" + line[:39], ">9end", "last"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	places, more := p.find("9", 10)
	var at []int
	for _, s := range places {
		at = append(at, s.row)
	}
	if !slices.Equal(at, []int{2, 3, 4, 5}) || more {
		t.Errorf("rows %v", at)
	}
	if places, more := p.find("9", 2); len(places) != 2 || !more {
		t.Errorf("of at most two: %v %v", places, more)
	}
	if len(paperRows("", 80)) != 0 {
		t.Error("of nothing there are rows")
	}
}

func TestAhead(t *testing.T) {
	names := []string{"version", "serialNumber", "signature", "subject", "Extensions"}
	name := func(i int) string { return names[i] }
	var a ahead
	now := time.Unix(0, 0)
	at := 0
	for _, step := range []struct {
		key   string
		later time.Duration
		want  int
	}{
		{"s", 0, 1}, {"s", 0, 2}, {"u", 0, 3}, {"e", time.Second, 4}, {"S", time.Second, 1}, {"i", 0, 2}, {"x", 0, -1},
	} {
		now = now.Add(step.later)
		if !a.add(step.key, now) {
			t.Fatalf("%q is no letter", step.key)
		}
		got := a.seek(at, len(names), name)
		if got != step.want {
			t.Errorf("%q goes from %d to %d, want %d", a.text, at, got, step.want)
		}
		at = max(got, 0)
	}
	var none ahead
	if none.add("Enter", now) || none.add(" ", now) {
		t.Error("keys that write nothing are taken for letters")
	}
}
