package web

import (
	"reflect"
	"testing"
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
