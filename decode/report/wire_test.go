package report

import (
	"bytes"
	"reflect"
	"testing"
	"time"
)

// fill sets every field that v reaches to something that is not its zero
// value, so that a field forgotten by the binary form shows.
func fill(v reflect.Value, seed *int, depth int) {
	*seed++
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint8:
		v.SetUint(2)
	case reflect.String:
		v.SetString(string(rune('a'+*seed%26)) + "…")
	case reflect.Interface:
		v.Set(reflect.ValueOf([]any{"text", true, -7}[*seed%3]))
	case reflect.Slice:
		if depth > 8 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range 3 {
			fill(v.Index(i), seed, depth+2)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 20, 9, 12, *seed%60, *seed, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), seed, depth+1)
		}
	}
}

func filled() *Report {
	r, seed := new(Report), 0
	fill(reflect.ValueOf(r).Elem(), &seed, 0)
	for i := range r.Nodes {
		r.Nodes[i].Parent = Ref(i - 1)
	}
	return r
}

func TestWireHoldsEveryField(t *testing.T) {
	want := filled()
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := got.UnmarshalBinary(b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, &got) {
		t.Errorf("what was read differs from what was written:\n%+v\n%+v", want, got)
	}
}

func TestWireResults(t *testing.T) {
	want := filled()
	b, err := want.MarshalResults()
	if err != nil {
		t.Fatal(err)
	}
	got := Report{Sources: want.Sources, Nodes: want.Nodes, Lists: want.Lists}
	if err := got.UnmarshalResults(b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, &got) {
		t.Errorf("what was read differs from what was written:\n%+v\n%+v", want, got)
	}
	if err := got.UnmarshalBinary(b); err == nil {
		t.Error("results pass for a whole report")
	}
	if !reflect.DeepEqual(want, &got) {
		t.Error("an error changed the report")
	}
}

// Elements of a long list travel as a report of nodes alone.
func TestWireNodesAlone(t *testing.T) {
	want := &Report{Nodes: []Node{{Label: "revokedCertificates[1000]", Parent: None, Span: Span{0, 40_000, 38}, Header: 2}}}
	b, _ := want.MarshalBinary()
	var got Report
	if err := got.UnmarshalBinary(b); err != nil || !reflect.DeepEqual(want, &got) {
		t.Errorf("%v: %+v", err, got)
	}
}

func TestWireRefusesWhatItCannotHold(t *testing.T) {
	for name, r := range map[string]*Report{
		"a negative offset":   {Nodes: []Node{{Parent: None, Span: Span{0, -1, 0}}}},
		"a parent that comes": {Nodes: []Node{{Parent: 0}}},
		"a summary of float":  {Items: []Item{{Summary: []Member{{"n", 1.5}}}}},
	} {
		if _, err := r.MarshalBinary(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Property: no octets make the reader panic, and what it reads it writes so
// that it reads the same again.
func FuzzWire(f *testing.F) {
	b, _ := filled().MarshalBinary()
	f.Add(b)
	b, _ = new(Report).MarshalBinary()
	f.Add(b)
	b, _ = filled().MarshalResults()
	f.Add(b)
	f.Fuzz(func(t *testing.T, in []byte) {
		var first, second Report
		if first.UnmarshalResults(in) == nil {
			out, err := first.MarshalResults()
			if err != nil || second.UnmarshalResults(out) != nil || !reflect.DeepEqual(first, second) {
				t.Fatalf("results differ after a round: %v", err)
			}
		}
		if first.UnmarshalBinary(bytes.Clone(in)) != nil {
			return
		}
		out, err := first.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if err := second.UnmarshalBinary(out); err != nil || !reflect.DeepEqual(first, second) {
			t.Fatalf("reports differ after a round: %v", err)
		}
	})
}

// Octets that are part of an input stay behind, and are a part of it again.
func TestBeside(t *testing.T) {
	want := filled()
	input := append(bytes.Repeat([]byte{7}, 100), want.Sources[0].Bytes...)
	n := len(want.Sources[0].Bytes)
	want.Sources[0].Bytes = input[100:]
	inputs := [][]byte{nil, {1, 2, 3}, input}
	b, err := want.MarshalBeside(inputs)
	if err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := got.UnmarshalBeside(inputs, b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Sources[0].Bytes, input[100:]) || &got.Sources[0].Bytes[0] != &input[100] {
		t.Errorf("the source is %x", got.Sources[0].Bytes)
	}
	if whole, _ := want.MarshalBinary(); len(whole)-len(b) < n-4 {
		t.Errorf("%d octets beside the input, %d without it, of %d", len(b), len(whole), n)
	}
	for _, other := range [][][]byte{nil, inputs[:2], {nil, nil, input[:len(input)-1]}} {
		if got.UnmarshalBeside(other, b) == nil {
			t.Errorf("with %d other inputs it is read", len(other))
		}
	}
}
