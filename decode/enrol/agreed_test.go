package enrol

import (
	"strconv"
	"testing"

	"derscope/decode/private"
)

// An agreement is computed once, and no more of them than may be spent on MACs.
func TestAgreementsAreBounded(t *testing.T) {
	p := &prover{left: 25_000, most: 1_000_000, shared: map[string][]byte{}}
	computed := 0
	for i := range 9 {
		p.once(privateKey{&private.Key{}, 3}, strconv.Itoa(i%3), func() []byte { computed++; return []byte{1} })
	}
	if computed != 2 || p.left != 5_000 {
		t.Errorf("computed %d times, %d left; want twice, and 5000", computed, p.left)
	}
}
