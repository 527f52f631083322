package transaction

import (
	"slices"
	"testing"

	"derscope/decode/report"
)

// What is missing is told once, for rows that count and are open.
func TestWants(t *testing.T) {
	open := func(needs ...string) report.Check { return report.Check{Status: report.Open, Needs: needs} }
	aside := open("answer")
	aside.Advice = true
	tree := []report.Check{
		{Children: []report.Check{open("secret"), open("anchor", "secret")}},
		{Children: []report.Check{aside, open("no such word"), {Status: report.Fail, Needs: []string{"key"}}}},
		open("request"),
	}
	var have []string
	for _, w := range wants(tree) {
		have = append(have, w.Need)
		if w.Text == "" {
			t.Errorf("nothing is said of %s", w.Need)
		}
	}
	if want := []string{"secret", "anchor", "request"}; !slices.Equal(have, want) {
		t.Errorf("%v is wanted, and not %v", have, want)
	}
	if list := wants(nil); list != nil {
		t.Errorf("of nothing %v is wanted", list)
	}
}

// Each word that rules of messages and transactions ask with has its meaning.
func TestWordsAreKnown(t *testing.T) {
	for _, need := range []string{"secret", "work", "anchor", "signer", "key", "request", "answer", "old", "time"} {
		if len(wants([]report.Check{{Status: report.Open, Needs: []string{need}}})) != 1 {
			t.Errorf("%s means nothing", need)
		}
	}
}
