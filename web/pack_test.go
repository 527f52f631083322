package web

import (
	"bytes"
	"reflect"
	"testing"

	"derscope/decode/report"
)

var packedTexts = map[string]Text{
	"ocsp.fresh.started": {
		{Kind: "h", Phrases: []Phrase{{Text: "Why"}}},
		{Phrases: []Phrase{{Text: "See "}, {Kind: "a", Text: "RFC 6960", URL: "https://www.rfc-editor.org/rfc/rfc6960"}}},
	},
	"empty": {},
}

func TestPack(t *testing.T) {
	texts, err := UnpackTexts(PackTexts(packedTexts))
	if err != nil || !reflect.DeepEqual(texts, packedTexts) {
		t.Errorf("got %+v, %v", texts, err)
	}
	examples := Collection{
		Examples: []Example{
			{Title: "Good", Lesson: "It is.", Name: "good", Topic: "Answers", Pair: "bad", Differs: "One bit.", Rule: "x.y", Status: report.Pass,
				At: noon, Nonce: []byte{0, 255}, Profiles: []string{"br"},
				Files: []ExampleFile{{Name: "a.der", Role: "issuer", Bytes: []byte{0x30, 0x80, 0}}, {Name: "b.der", Bytes: []byte("b")}}},
			{Title: "At no moment", Files: []ExampleFile{{Name: "c.der", Bytes: []byte{0x30, 0x80, 0}}}},
		},
		Seen: []Seen{{"x.y", "bad", "good"}, {"x.z", "", "good"}},
	}
	packed := PackExamples(examples)
	got, err := UnpackExamples(packed)
	if err != nil || !reflect.DeepEqual(got, examples) {
		t.Errorf("got %+v, %v", got, err)
	}
	if n := bytes.Count(packed, []byte{0x30, 0x80, 0}); n != 1 {
		t.Errorf("a file that two examples share stands there %d times", n)
	}
	for n := range packed {
		if _, err := UnpackExamples(packed[:n]); err == nil {
			t.Errorf("the first %d of %d octets pass for a whole file of examples", n, len(packed))
		}
	}
}

// A damaged file is told from a whole one, and what it claims to hold is
// bounded by its length.
func FuzzUnpack(f *testing.F) {
	whole := PackTexts(packedTexts)
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add([]byte{255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := UnpackTexts(b)
		if len(all) > len(b) {
			t.Errorf("%d octets give %d texts", len(b), len(all))
		}
		if err == nil {
			again, err := UnpackTexts(PackTexts(all))
			if err != nil || !reflect.DeepEqual(all, again) {
				t.Errorf("%+v becomes %+v, %v", all, again, err)
			}
		}
		UnpackExamples(b)
	})
}

func TestUnpackDamaged(t *testing.T) {
	whole := PackTexts(packedTexts)
	for n := range whole {
		if _, err := UnpackTexts(whole[:n]); err == nil {
			t.Errorf("the first %d of %d octets pass for a whole file", n, len(whole))
		}
	}
}
