package der

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"3003020105":                  "3003020105",
		"30800201050000":              "3003020105",
		"3081030201" + "05":           "3003020105",
		"2480040161040162" + "0000":   "04026162",
		"30090c018a0500bf9f0100":      "30090c018a0500bf9f0100",
		"300302010500":                "", // an octet too many
		"3004020205":                  "",
		"a1003000":                    "",
		"bf1f020500":                  "bf1f020500",
		"bf1e020500":                  "be020500",
		"3006a1808001ff0000" + "0000": "",
	} {
		b, err := hex.DecodeString(in)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Canonical(b)
		if hex.EncodeToString(got) != want || ok != (want != "") {
			t.Errorf("%s: got %x %v, want %s", in, got, ok, want)
		}
		if same := ok && &got[0] == &b[0]; same != (in == want) {
			t.Errorf("%s: given back as it is: %v", in, same)
		}
	}
}

// What is given back as it is is what rewriting would make.
func FuzzCanonical(f *testing.F) {
	f.Add([]byte{0x30, 3, 2, 1, 5})
	f.Add([]byte{0x30, 0x80, 0x24, 3, 4, 1, 5, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		again, ok := canonical(nil, b, 0)
		if is := isCanonical(b, 0); is != (ok && bytes.Equal(again, b)) {
			t.Errorf("%x: it is canonical: %v, rewritten it is %x %v", b, is, again, ok)
		}
	})
}
