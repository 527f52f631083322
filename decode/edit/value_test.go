package edit

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"
)

func moment(s string) (time.Time, bool) {
	t, err := time.Parse(clock, s)
	return t, err == nil
}

func TestContents(t *testing.T) {
	for _, c := range []struct{ typ, entry, want string }{
		{"INTEGER", "0", "00"}, {"INTEGER", "127", "7f"}, {"INTEGER", "128", "0080"}, {"INTEGER", "-1", "ff"},
		{"INTEGER", "-128", "80"}, {"INTEGER", "-129", "ff7f"}, {"INTEGER", "0x100", "0100"}, {"INTEGER", "ff:00", "00ff00"},
		{"INTEGER", "4a59b0", "4a59b0"}, {"ENUMERATED", "tryLater (3)", "03"}, {"BOOLEAN", "true", "ff"}, {"BOOLEAN", "FALSE", "00"},
		{"OBJECT IDENTIFIER", "1.3.14.3.2.26", "2b0e03021a"}, {"OBJECT IDENTIFIER", "sha256WithRSAEncryption", "2a864886f70d01010b"},
		{"GeneralizedTime", "2026-11-20 06:00:00", hex.EncodeToString([]byte("20261120060000Z"))},
		{"UTCTime", "1999-01-02 03:04:05", hex.EncodeToString([]byte("990102030405Z"))},
		{"UTF8String", " ü", "20c3bc"}, {"BMPString", "a€", "006120ac"}, {"UniversalString", "a", "00000061"}, {"TeletexString", "ü", "fc"},
		{"IA5String", "a@b", "614062"}, {"uint16", "258", "0102"}, {"OCTET STRING", "01:02 0A", "01020a"}, {"NULL", "", ""},
	} {
		got, err := Contents(c.typ, c.entry, moment)
		if err != nil || hex.EncodeToString(got) != c.want {
			t.Errorf("%s %q is %x (%v), want %s", c.typ, c.entry, got, err, c.want)
			continue
		}
		again, err := Contents(c.typ, Text(c.typ, got), moment)
		if err != nil || string(again) != string(got) {
			t.Errorf("%s %x is written %q and read as %x (%v)", c.typ, got, Text(c.typ, got), again, err)
		}
	}
	for _, c := range []struct{ typ, entry, word string }{
		{"INTEGER", "twelve", "«twelve» is not a number"}, {"INTEGER", "", "a number"}, {"BOOLEAN", "yes", "TRUE or FALSE"},
		{"OBJECT IDENTIFIER", "3.1.2", "at the most 2.39"}, {"OBJECT IDENTIFIER", "nonesuch", "known here"},
		{"GeneralizedTime", "tomorrow", "such as 2026-11-20"}, {"UTCTime", "2061-01-01 00:00:00", "1950 to 2049, and this is 2061"},
		{"IA5String", "ü", "IA5String has no «ü»"}, {"uint8", "256", "8 bits"}, {"OCTET STRING", "012", "odd number of digits, 3"}, {"OCTET STRING", "0g", "«g»"},
	} {
		if _, err := Contents(c.typ, c.entry, moment); err == nil || !strings.Contains(err.Error(), c.word) {
			t.Errorf("%s %q: %v, which does not say %q", c.typ, c.entry, err, c.word)
		}
	}
}

func FuzzContents(f *testing.F) {
	types := []string{"INTEGER", "BOOLEAN", "OBJECT IDENTIFIER", "GeneralizedTime", "UTCTime", "BMPString", "UniversalString", "TeletexString", "IA5String", "uint24", "OCTET STRING"}
	f.Add("12", []byte{1, 2}, byte(0))
	f.Fuzz(func(t *testing.T, entry string, b []byte, k byte) {
		typ := types[int(k)%len(types)]
		Text(typ, b)
		if got, err := Contents(typ, entry, moment); err == nil {
			if again, err := Contents(typ, Text(typ, got), moment); err != nil || string(again) != string(got) {
				t.Fatalf("%s %q: %x is written %q and read as %x (%v)", typ, entry, got, Text(typ, got), again, err)
			}
		}
	})
}
