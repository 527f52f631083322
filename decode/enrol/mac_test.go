package enrol

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/secret"
)

func sequence(parts ...[]byte) []byte { return der.Wrap(der.Sequence, parts...) }

func algorithmOf(id oid.ID, more ...[]byte) []byte {
	return sequence(append([][]byte{der.Wrap(der.OID, id.Bytes())}, more...)...)
}

// pbmOf is PasswordBasedMac with SHA-256 and HMAC-SHA256.
func pbmOf(salt string, rounds int) []byte {
	n := []byte{0, byte(rounds >> 24), byte(rounds >> 16), byte(rounds >> 8), byte(rounds)}
	for len(n) > 1 && n[0] == 0 && n[1] < 0x80 {
		n = n[1:]
	}
	return algorithmOf(mac.IDPasswordBasedMac, sequence(der.Wrap(der.OctetString, []byte(salt)), algorithmOf("2.16.840.1.101.3.4.2.1"),
		der.Wrap(der.Integer, n), algorithmOf("1.2.840.113549.2.9")))
}

func readMessage(b []byte) *cmp.Message {
	tree := field.NewTree(field.Limits{})
	return cmp.Read(tree.Reader(tree.Add(report.Source{Bytes: b})))
}

// confirmed is a pkiconf with the transactionID id, protected with word; change
// makes something else of the value.
func confirmed(id string, algorithm []byte, word string, change func([]byte) []byte) *cmp.Message {
	none := der.Wrap(der.Ctx(4), sequence())
	header := sequence(der.Wrap(der.Integer, []byte{2}), none, none, der.Wrap(der.Ctx(1), algorithm),
		der.Wrap(der.Ctx(4), der.Wrap(der.OctetString, []byte(id))))
	body := der.Wrap(der.Ctx(19), []byte{5, 0})
	message := func(value []byte) *cmp.Message {
		return readMessage(sequence(header, body, der.Wrap(der.Ctx(0), der.Wrap(der.BitString, []byte{0}, value))))
	}
	m := message(nil)
	if m.Header.Algorithm.Rounds() > mac.Ever { // a value that nobody made
		return m
	}
	k := m.Header.Algorithm.Keys([]byte(word), false)[0]
	value, _ := k.Code.Sum(k.Bytes, m.ProtectedPart())
	if change != nil {
		value = change(value)
	}
	return message(value)
}

// among makes a context of messages and secrets.
func among(messages []*cmp.Message, words ...string) *check.Context {
	c := &check.Context{Shared: &check.Shared{}, Self: -1, Set: map[string]string{}}
	for _, m := range messages {
		c.Exhibits = append(c.Exhibits, check.Exhibit{Item: len(c.Exhibits), Kind: "cmp-message", Value: m, Carrier: -1})
	}
	for _, w := range words {
		c.Exhibits = append(c.Exhibits, check.Exhibit{Item: len(c.Exhibits), Kind: "shared-secret", Value: &secret.Shared{Bytes: []byte(w)}, Carrier: -1})
	}
	return c
}

func TestSecretsAreTakenAsTheyMayBeMeant(t *testing.T) {
	for given, as := range map[string]string{"word": "", "word\n": "without the end of its line", "776f7264": "as the octets that its hexadecimal digits spell", "77:6F:72:64\r\n": "as the octets that its hexadecimal digits spell"} {
		c := among([]*cmp.Message{confirmed("1", pbmOf("salt", 100), "word", nil)}, "another", given)
		m := ViewOf(c, 0).MAC(c)
		if m.Status != report.Pass || m.Secret != 2 || m.As != as {
			t.Errorf("%q: %s, exhibit %d, taken %q: %s", given, m.Status, m.Secret, m.As, m.Why)
		}
	}
	// A password that looks like hexadecimal is tried as it is first.
	c := among([]*cmp.Message{confirmed("1", pbmOf("salt", 100), "776f7264", nil)}, "776f7264")
	if m := ViewOf(c, 0).MAC(c); m.Status != report.Pass || m.As != "" {
		t.Errorf("%s, taken %q", m.Status, m.As)
	}
}

func TestWorkIsBounded(t *testing.T) {
	just, over, never := confirmed("1", pbmOf("salt", mac.AtOnce), "word", nil), confirmed("1", pbmOf("salt", mac.AtOnce+1), "word", nil), confirmed("1", pbmOf("salt", mac.Ever+1), "word", nil)
	for _, v := range []struct {
		m      *cmp.Message
		work   string
		status report.Status
		needs  string
	}{
		{just, "", report.Pass, ""}, {just, "1", report.Pass, ""}, {over, "", report.Open, "work"}, {over, "no number", report.Open, "work"},
		{over, "10000000", report.Pass, ""}, {never, "", report.Open, ""}, {never, "99999999999", report.Open, ""},
	} {
		c := among([]*cmp.Message{v.m}, "word")
		c.Set["work"] = v.work
		if m := ViewOf(c, 0).MAC(c); m.Status != v.status || m.Needs != v.needs {
			t.Errorf("%d rounds, work=%q: %s, needs %q: %s", v.m.Header.Algorithm.Rounds(), v.work, m.Status, m.Needs, m.Why)
		}
	}
	// What is remembered depends on the switch.
	c := among([]*cmp.Message{over}, "word")
	if first := ViewOf(c, 0).MAC(c).Status; first != report.Open {
		t.Errorf("unasked: %s", first)
	}
	c.Set["work"] = "2000000"
	if then := ViewOf(c, 0).MAC(c).Status; then != report.Pass {
		t.Errorf("allowed: %s", then)
	}
}

// A secret is tried once for equal parameters, however many messages have them;
// and all messages together cost no more than a few of the costliest.
func TestWorkOfManyIsBounded(t *testing.T) {
	var same, others []*cmp.Message
	for i := range 20 {
		same = append(same, confirmed(fmt.Sprint(i), pbmOf("salt", 400_000), "word", nil))
	}
	c := among(same, "word")
	for i := range same {
		if m := ViewOf(c, i).MAC(c); m.Status != report.Pass {
			t.Errorf("message %d of equal parameters: %s", i, m.Why)
		}
	}
	for i := range 6 {
		others = append(others, confirmed(fmt.Sprint(i), pbmOf(fmt.Sprint("salt", i), 900_000), "word", nil))
	}
	c = among(others, "word")
	for i := range others {
		m := ViewOf(c, i).MAC(c)
		if want := i < inAll; (m.Status == report.Pass) != want || (m.Limit == "") != want {
			t.Errorf("message %d: %s: %s", i, m.Status, m.Why)
		}
	}
}

func TestWhatIsSaidOfAWrongMAC(t *testing.T) {
	good := confirmed("1", pbmOf("salt", 100), "word", nil)
	changed := confirmed("1", pbmOf("salt", 100), "word", func(b []byte) []byte { b[0] ^= 1; return b })
	cut := confirmed("1", pbmOf("salt", 100), "word", func(b []byte) []byte { return b[:12] })
	for _, v := range []struct {
		name     string
		messages []*cmp.Message
		words    []string
		says     string
	}{
		{"one wrong secret", []*cmp.Message{good}, []string{"other"}, "The shared secret that was given gives another value"},
		{"two", []*cmp.Message{good}, []string{"other", "third"}, "Each of the 2 shared secrets"},
		{"a changed message", []*cmp.Message{changed, good}, []string{"word"}, "The secret that makes another MAC of this transaction"},
		{"a line feed too many", []*cmp.Message{confirmed("1", pbmOf("salt", 100), "word\n", nil)}, []string{"word"}, "of the shared secret with a line feed behind it"},
		{"capital letters", []*cmp.Message{confirmed("1", pbmOf("salt", 100), "WORD", nil)}, []string{"word"}, "of the shared secret in capital letters"},
		{"a cut value", []*cmp.Message{cut}, []string{"word"}, "the MAC must not be cut"},
	} {
		c := among(v.messages, v.words...)
		if m := ViewOf(c, 0).MAC(c); m.Status != report.Fail || !strings.Contains(m.Why, v.says) {
			t.Errorf("%s: %s: %s", v.name, m.Status, m.Why)
		}
	}
}

// What was enciphered for an RSA key is found again with it (RFC 9690, section A.2).
func TestRSAKEMIsOpened(t *testing.T) {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	z := new(big.Int).Sub(k.N, big.NewInt(12345))
	ciphertext := new(big.Int).Exp(z, big.NewInt(int64(k.E)), k.N).FillBytes(make([]byte, k.Size()))
	if got := openRSA(k, ciphertext, nil); !bytes.Equal(got, mac.RSAKEM(z.Bytes(), nil)) {
		t.Errorf("%x is not the secret", got)
	}
	if openRSA(k, ciphertext[1:], nil) != nil || openRSA(k, bytes.Repeat([]byte{0xff}, k.Size()), nil) != nil {
		t.Error("what is no ciphertext is opened")
	}
}

func TestWhatASecretIsFor(t *testing.T) {
	c := among([]*cmp.Message{confirmed("1", pbmOf("salt", 100), "word", nil), confirmed("2", pbmOf("salt", 100), "word", nil)}, "word\n", "other")
	x := IndexOf(c)
	if got := Authenticated(c, x.Secrets[0].Is); got.Use == nil || got.Use.Headline != "It makes the MAC of 2 CMP messages" || !strings.Contains(got.Use.Detail, "end of its line") {
		t.Errorf("%+v", got.Use)
	}
	if got := Authenticated(c, x.Secrets[1].Is); got.Use != nil || !strings.Contains(got.Why, "tried on 2 CMP messages") {
		t.Errorf("%+v", got)
	}
}

// BenchmarkMAC proves the six messages of a transaction, each with a salt of its own.
func BenchmarkMAC(b *testing.B) {
	for _, rounds := range []int{500, 10_000} {
		var all []*cmp.Message
		for i := range 6 {
			all = append(all, confirmed("1", pbmOf(fmt.Sprint("salt ", i), rounds), "word", nil))
		}
		b.Run(fmt.Sprintf("6 messages, %d rounds", rounds), func(b *testing.B) {
			for b.Loop() {
				c := among(all, "word")
				if m := ViewOf(c, 5).MAC(c); m.Status != report.Pass {
					b.Fatal(m.Why)
				}
			}
		})
	}
}
