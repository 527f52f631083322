package enrol

import (
	"strings"
	"testing"

	"derscope/decode/check"
)

// What can fail says in a headline of its own what is wrong: a title turned
// round would say that something does not hold.
func TestFailuresHaveHeadlines(t *testing.T) {
	for _, set := range rules {
		for _, r := range set {
			if r.Level == check.Must && r.Headline == "" && !r.Group.Aside {
				t.Errorf("%s has no headline", r.ID)
			}
			if strings.HasSuffix(r.Headline, ".") {
				t.Errorf("%s: the headline %q ends with a full stop", r.ID, r.Headline)
			}
		}
	}
}

// Each reason of a refusal says what it means and what to do.
func TestAdvice(t *testing.T) {
	for bit := range 27 {
		if Meaning(bit) == "" || !strings.HasSuffix(Advice(bit), ".") {
			t.Errorf("bit %d: %q, %q", bit, Meaning(bit), Advice(bit))
		}
	}
	for _, bit := range []int{-1, 27, 1 << 20} {
		if Meaning(bit) != "" || Advice(bit) != "" {
			t.Errorf("something is said of bit %d", bit)
		}
	}
}
