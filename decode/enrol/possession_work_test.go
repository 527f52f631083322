package enrol

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"testing"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
)

// requests makes a body of n requests for a key, signed with no such key.
func requests(t *testing.T, spki []byte, n int) *View {
	t.Helper()
	e, _ := der.Next(spki, 0, len(spki))
	template := der.Wrap(der.Sequence, der.Wrap(der.Ctx(6), spki[e.Content():]))
	request := der.Wrap(der.Sequence, []byte{2, 1, 0}, template)
	algorithm := der.Wrap(der.Sequence, []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2})
	signature := der.Wrap(der.BitString, []byte{0}, der.Wrap(der.Sequence, []byte{2, 1, 1, 2, 1, 1}))
	one := der.Wrap(der.Sequence, request, der.Wrap(der.Ctx(1), algorithm, signature))
	v := &View{Message: &cmp.Message{Body: cmp.Body{Type: cmp.IR, OK: true}}}
	for range n {
		v.Body.Requests = append(v.Body.Requests, crmf.ReadCertReqMsg(field.Trial(one), "ir"))
	}
	v.x = &Index{Messages: []*View{v}}
	return v
}

// A message full of requests is judged at a bounded cost: the first proofs are
// verified, and of the others it is said that they are not.
func TestProvable(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	const many = 200
	v := requests(t, spki, many)
	c := &check.Context{Shared: &check.Shared{}}
	n := 0
	for i, q := range v.Body.Requests {
		if !v.provable(c, q) {
			continue
		}
		if n++; n != i+1 {
			t.Fatalf("request %d is verified, and one before it is not", i)
		}
	}
	if n == 0 || n == many || n*proofCost(v.Body.Requests[0]) > proofsOfMessage {
		t.Errorf("%d of %d proofs at %d each are verified, and %d may be spent", n, many, proofCost(v.Body.Requests[0]), proofsOfMessage)
	}
	one := requests(t, spki, 1)
	if !one.provable(&check.Context{Shared: &check.Shared{}}, one.Body.Requests[0]) {
		t.Error("a single proof is not verified")
	}
}

// The dearest keys that package sig takes cost more than usual ones, and one of
// them alone is affordable.
func TestVerifyCost(t *testing.T) {
	rsa := func(bits, exponent uint) cert.PublicKey {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		e := new(big.Int).Lsh(big.NewInt(1), exponent-1)
		n, e = n.SetBit(n, 0, 1), e.SetBit(e, 0, 1)
		number := func(v *big.Int) []byte { return der.Wrap(der.Integer, append([]byte{0}, v.Bytes()...)) }
		id := der.Wrap(der.Sequence, []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0})
		key := der.Wrap(der.Sequence, id, der.Wrap(der.BitString, []byte{0}, der.Wrap(der.Sequence, number(n), number(e))))
		return cert.ReadPublicKey(field.Trial(key), "key")
	}
	usual, large, dear := verifyCost(rsa(2048, 17)), verifyCost(rsa(16384, 17)), verifyCost(rsa(16384, 256))
	if usual != 1 || large <= usual || dear <= large || 4*dear > proofsOfMessage {
		t.Errorf("the costs are %d, %d, %d; four of the last are to be within %d", usual, large, dear, proofsOfMessage)
	}
}
