package ocsp

import (
	"strings"
	"testing"

	"derscope/decode/check"
)

// A headline speaks of a failure: a rule that cannot fail, or one that counts
// for no verdict, has none.
func TestHeadlinesAreOfFailures(t *testing.T) {
	n := 0
	for _, set := range responseRules {
		for _, r := range set {
			if r.Headline == "" {
				continue
			}
			n++
			if r.Level != check.Must || r.Aside || r.Group.Aside || r.Profile != "" {
				t.Errorf("%s can make no verdict fail, and has the headline %q", r.ID, r.Headline)
			}
			if strings.HasSuffix(r.Headline, ".") || strings.Contains(strings.ReplaceAll(r.Headline, "%s", ""), "%") {
				t.Errorf("%s: the headline %q has a full stop or a verb that is not known", r.ID, r.Headline)
			}
		}
	}
	if n == 0 {
		t.Error("no rule has a headline")
	}
}

// What a telling check says of another is said in a headline of its own.
func TestTellingChecksHaveHeadlines(t *testing.T) {
	for id, list := range telling {
		for _, more := range list {
			if said(more) == "" {
				t.Errorf("%s speaks for %s and has no headline", more, id)
			}
		}
	}
}
