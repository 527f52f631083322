package transaction

import "derscope/decode/report"

// wants lists what would settle the open checks of a tree.
func wants(tree []report.Check) (list []report.Want) {
	seen := map[string]bool{}
	leaves(tree, func(k *report.Check) {
		if k.Status != report.Open || k.Advice {
			return
		}
		for _, need := range k.Needs {
			if w, ok := wanted[need]; ok && !seen[need] {
				seen[need] = true
				list = append(list, report.Want{Need: need, Text: w.text, How: w.how})
			}
		}
	})
	return list
}

// wanted says what the words for missing things mean for a transaction.
var wanted = map[string]struct{ text, how string }{
	"secret":  {"The shared secret of the reference in senderKID", "derscope inspect -secret pass:SECRET …"},
	"work":    {"Leave to compute the keys of the MACs, which cost many rounds", "derscope inspect -set work=10000000 -secret pass:SECRET …"},
	"time":    {"A reference time", ""},
	"old":     {"The certificate that is to be replaced", ""},
	"anchor":  {"The certificate of the CA that both sides trust", "openssl cmp -cmd genm -infotype rootCaCert -cacertsout root.pem …"},
	"signer":  {"The certificate that the message was signed with", ""},
	"key":     {"The private key that opens what is encrypted", ""},
	"request": {"The message with the request", "openssl cmp -reqout request.der …"},
	"answer":  {"The message with the answer", "openssl cmp -rspout answer.der …"},
}
