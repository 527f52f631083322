package web

import (
	"slices"
	"strings"
	"testing"

	"derscope/decode/report"
)

func TestMarked(t *testing.T) {
	for _, c := range []struct{ a, b, left, right string }{
		{"2026-11-20 06:00", "2026-11-21 07:00", "2026-11-2[0] 0[6]:00", "2026-11-2[1] 0[7]:00"},
		{"good", "good", "good", "good"},
		{"good", "unknown", "[good]", "[unknown]"},
		{"CN=R3, O=Example", "CN=R10, O=Example", "CN=R[3], O=Example", "CN=R[10], O=Example"},
		{"", "x", "", "[x]"},
		{"aa", "aaa", "aa", "aa[a]"},
		{"ü1", "ü2", "ü[1]", "ü[2]"},
	} {
		write := func(parts []textPart) string {
			var b strings.Builder
			for _, p := range parts {
				if p.marked {
					p.text = "[" + p.text + "]"
				}
				b.WriteString(p.text)
			}
			return b.String()
		}
		left, right := marked(c.a, c.b)
		if write(left) != c.left || write(right) != c.right {
			t.Errorf("%q and %q are marked %s and %s, want %s and %s", c.a, c.b, write(left), write(right), c.left, c.right)
		}
	}
}

func TestChangedChecks(t *testing.T) {
	before := []report.Check{{Children: []report.Check{
		{ID: "same", Status: report.Pass}, {ID: "breaks", Title: "breaks", Status: report.Pass}, {ID: "mends", Title: "mends", Status: report.Fail},
		{ID: "twice", Title: "first", Status: report.Pass}, {ID: "twice", Title: "second", Status: report.Pass}, {ID: "goes", Title: "goes", Status: report.Warn},
	}}}
	after := []report.Check{
		{ID: "same", Status: report.Pass}, {ID: "breaks", Title: "breaks", Status: report.Fail}, {ID: "mends", Title: "mends", Status: report.Pass},
		{ID: "twice", Title: "first", Status: report.Pass}, {ID: "twice", Title: "second", Status: report.Open}, {ID: "comes", Title: "comes", Status: report.Pass},
	}
	var got []string
	for _, k := range changedChecks(before, after) {
		got = append(got, k.title+" "+k.before.String()+">"+k.after.String())
	}
	if want := []string{"breaks pass>fail", "second pass>open", "comes >pass", "goes warn>", "mends fail>pass"}; !slices.Equal(got, want) {
		t.Errorf("the changes are %q, want %q", got, want)
	}
}
