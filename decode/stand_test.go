package decode

import (
	"slices"
	"strings"
	"testing"

	"derscope/decode/edit"
	"derscope/decode/report"
)

// edited adds a copy of item i of r to in, with other contents in one field.
func edited(t *testing.T, r *report.Report, in []Input, i int, path string, with []byte) []Input {
	t.Helper()
	it := &r.Items[i]
	b := r.Sources[it.Source].Bytes
	for n := it.Root; n < it.End; n++ {
		if !strings.HasSuffix(r.Path(n), path) {
			continue
		}
		around, err := edit.Around(b, r.Nodes, n)
		if err != nil {
			t.Fatal(err)
		}
		c := r.Nodes[n].Content()
		out := edit.Apply(b, []edit.Change{{From: c.Off, To: c.End(), With: with, Around: around}})
		return append(slices.Clone(in), Input{Name: it.Input + ", edited", Bytes: out, Kind: it.Kind, Instead: it.SHA256})
	}
	t.Fatalf("item %d has no %s", i, path)
	return nil
}

func played(r *report.Report, role string) int {
	return slices.IndexFunc(r.Items, func(it report.Item) bool {
		return slices.ContainsFunc(it.Roles, func(p report.Role) bool { return p.Name == role })
	})
}

// An edited copy takes the part of what it was made of, which keeps its own
// verdict; and what was judged with it can be judged as before.
func TestEditedCopy(t *testing.T) {
	in, o := tampered(t)
	was := Load(in, Limits{}).Report(o)
	if !good(was) {
		t.Fatal("the evidence is not good as it is")
	}
	main := slices.IndexFunc(was.Items, func(it report.Item) bool { return it.Kind == "ocsp-response" })
	in2 := edited(t, was, in, main, "tbsResponseData/producedAt", []byte("20261120070000Z"))
	c := Load(in2, Limits{})
	r := c.Report(o)
	original, copied := played(r, "set aside"), played(r, "edited copy")
	if original < 0 || copied < 0 {
		t.Fatalf("nothing stands in: %d, %d", original, copied)
	}
	if got, want := r.Items[original].Verdict, was.Items[main].Verdict; got != want {
		t.Errorf("the original's verdict is %v, want %v", got, want)
	}
	if r.Items[copied].Verdict.Status != report.Fail {
		t.Errorf("the copy, whose signature covers it no longer, has %v", r.Items[copied].Verdict)
	}
	again := Load(in2, Limits{}).Report(o)
	if again.Items[copied].Verdict != r.Items[copied].Verdict {
		t.Error("a copy is not judged the same twice")
	}

	// The issuer with another name: the response cannot be good by it.
	issuer := slices.IndexFunc(was.Items, func(it report.Item) bool {
		return it.Kind == "certificate" && slices.ContainsFunc(it.Roles, func(p report.Role) bool { return p.Name == "issuer" && p.Of == main })
	})
	if issuer < 0 {
		t.Fatal("there is no issuer")
	}
	in3 := edited(t, was, in, issuer, "subject/rdnSequence[0]/attribute[0]/value", []byte("Nobody"))
	c = Load(in3, Limits{})
	r = c.Report(o)
	if r.Items[main].Verdict == was.Items[main].Verdict {
		t.Errorf("with an issuer of another name the verdict still is %v", r.Items[main].Verdict)
	}
	o.Roles = []Said{{SHA256: was.Items[issuer].SHA256, Role: "anchor"}}
	if r = c.Report(o); !hasRole(&r.Items[played(r, "edited copy")], "anchor") {
		t.Error("what is said of the original does not hold for its copy")
	}
	o.Roles, o.Before = nil, true
	if got := c.Report(o).Items[main].Verdict; got != was.Items[main].Verdict {
		t.Errorf("before the edit the verdict was %v, and now %v", was.Items[main].Verdict, got)
	}
	o.Before = false

	// Both at once: the original keeps the verdict that it has by the originals.
	in4 := append(in3, in2[len(in2)-1])
	r = Load(in4, Limits{}).Report(o)
	if got := r.Items[main].Verdict; got != was.Items[main].Verdict || !hasRole(&r.Items[main], "set aside") {
		t.Errorf("set aside beside another copy, the original has %v, want %v", got, was.Items[main].Verdict)
	}
}
