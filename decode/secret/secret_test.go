package secret

import (
	"strings"
	"testing"
)

func TestReadings(t *testing.T) {
	for in, want := range map[string]string{
		"word":                     "word",
		"word\r\n":                 "word\r\n|word",
		"6162":                     "6162|ab",
		"61:62\n":                  "61:62\n|61:62|ab",
		"YWJjZGVmZ2hpamtsbW5vcA==": "YWJjZGVmZ2hpamtsbW5vcA==|abcdefghijklmnop",
		"Pz8_Pj4-Pz8_Pj4-Pz8_Pj4":  "Pz8_Pj4-Pz8_Pj4-Pz8_Pj4|???>>>???>>>???>>",
		"YWJj":                     "YWJj", // too short to be a key
		"\n":                       "\n",
		"":                         "",
	} {
		var got []string
		for _, r := range (&Shared{Bytes: []byte(in)}).Readings() {
			got = append(got, string(r.Bytes))
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("%q is read as %q, want %q", in, s, want)
		}
	}
}
