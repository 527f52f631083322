package mac

import (
	"testing"

	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// FuzzAlgorithm: every octet of the parameters is shown exactly once; what says
// that it can be computed is computed, to the length that it says, and costs no
// more rounds than it says.
func FuzzAlgorithm(f *testing.F) {
	hmac := algorithm(rsadsi + "9")
	for _, b := range [][]byte{
		pbm(run(0, 15), SHA1, 100, hmac), pbm(run(0, 15), sha2+"11", 1, algorithm(kt+"49", seq(octets(run(1, 12)), number(16)))),
		pbmac1(run(0, 15), 10, 32, rsadsi+"9", rsadsi+"9"), pbmac1(run(0, 15), 10, 0, "", sha2+"20"),
		algorithm(IDPBMAC1, seq(algorithm(idPBES2, seq(octets(run(0, 15)), number(100))), hmac)),
		algorithm(IDDHBasedMac, seq(algorithm(SHA1), hmac)),
		algorithm(IDKemBasedMac, seq(algorithm("1.3.133.16.840.9.44.1.2", algorithm(sha2+"1")), number(32), hmac)),
		algorithm(IDKemBasedMac, seq(algorithm(sha2+"21", octets([]byte("x"))), number(8192), algorithm(sha2+"19", seq(number(256))))),
		hmac, algorithm(sha2+"20", seq(number(512), octets(nil))), algorithm(kt+"9", seq(octets(run(1, 12)))),
	} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Bytes: b}))
		a := ReadAlgorithm(r, "protectionAlg")
		r.Rest("trailing")
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Error(err)
		}
		if a.Describe() == "" && a.ID != "" {
			t.Error("nothing is said of it")
		}
		if a.Unusable() != "" {
			return
		}
		cost := a.Cost()
		if cost < 0 || cost > 10_000 {
			return
		}
		keys := a.Keys([]byte("a secret of thirty-two octets..."), true)
		switch a.Method {
		case DHBased:
			keys = []Key{a.DHKey(run(0, 31))}
		case KEMBased:
			k, why := a.KEMKey(run(0, 31), nil)
			if keys = nil; why == "" {
				keys = []Key{k}
			}
		}
		for _, k := range keys {
			sum, why := k.Code.Sum(k.Bytes, b)
			if why == "" && len(sum) != a.Code().Size() {
				t.Errorf("%s gives %d octets, and says %d", a.Describe(), len(sum), a.Code().Size())
			}
			if why != "" && a.Method != Direct && a.Method != PBMAC1 && a.Method != KEMBased {
				t.Errorf("%s cannot be computed: %s", a.Describe(), why)
			}
		}
	})
}
