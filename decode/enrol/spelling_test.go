package enrol

import (
	"bytes"
	"strings"
	"testing"

	"derscope/decode/cmp"
	"derscope/decode/field"
)

// What a sender makes long stays short in sentences, and cheap to write.
func TestSentencesStayShort(t *testing.T) {
	if got := bigText(bytes.Repeat([]byte{0x7f}, 1<<20)); got != "a number of 1,048,576 octets" {
		t.Errorf("a number of a million octets: %.80s", got)
	}
	if got := bigText(field.Int{0xff}); got != "-1" {
		t.Errorf("-1: %s", got)
	}
	var f cmp.FreeText
	for range 100_000 {
		f.Texts = append(f.Texts, field.Field[string]{Value: "wait\u202e!"})
	}
	if got := freeText(f); len(got) > 1000 || strings.Contains(got, "\u202e") || !strings.HasPrefix(got, `wait\u202e!; wait`) {
		t.Errorf("many texts: %d octets, %.80s", len(got), got)
	}
}
