package decode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
	speech "derscope/testdata/talk"
)

// ofHandshake gives a row of the first item of kind tls-handshake.
func ofHandshake(t *testing.T, r *report.Report, id string) report.Check {
	t.Helper()
	for i := range r.Items {
		if r.Items[i].Kind == "tls-handshake" {
			row, _ := check.Find(r.Items[i].Checks, id)
			return row
		}
	}
	t.Fatal("no handshake is found")
	return report.Check{}
}

// A ClientHello of OpenSSL 3.0, its PSK, and its age under the mask of its ticket.
func TestBinderOfOpenSSL(t *testing.T) {
	b, err := os.ReadFile("../../shared/spec/session-ticket-vectors.json")
	if err != nil {
		t.Skip("the measured tickets are not here: ", err)
	}
	var rows []struct {
		Kind, PSK string
		Hello     string `json:"client_hello"`
	}
	if err := json.Unmarshal(b, &rows); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, row := range rows {
		if row.Kind != "binder" {
			continue
		}
		tried++
		hello, _ := hex.DecodeString(row.Hello)
		psk := Input{Name: "psk.txt", Bytes: []byte(row.PSK), Secret: true}
		r := Load([]Input{{Name: "hello.bin", Bytes: hello}, psk}, Limits{}).Report(Options{})
		if k := ofHandshake(t, r, "tls.psk.binder"); k.Status != report.Pass || !strings.Contains(k.Why, "res binder") {
			t.Errorf("the binder does not hold: %+v", k)
		}
		// One bit of the random, and it is another hello.
		hello[20] ^= 1
		r = Load([]Input{{Name: "hello.bin", Bytes: hello}, psk}, Limits{}).Report(Options{})
		if k := ofHandshake(t, r, "tls.psk.binder"); k.Status == report.Pass {
			t.Errorf("the binder holds for another hello: %+v", k)
		}
	}
	if tried == 0 {
		t.Error("there is no binder among the vectors")
	}
}

// Conversations of every shape: with the PSK the binder holds, over a retry as
// well, and where the first hello is missing that is said.
func TestBindersOfConversations(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(5), DNSNames: []string{"www.example.org"},
		NotBefore: time.Unix(1.7e9, 0), NotAfter: time.Unix(1.9e9, 0)}, &x509.Certificate{}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	w := speech.Wishes{Version: 0x0304, Seed: "binder", Host: "www.example.org", Chain: [][]byte{leaf}, Scheme: 0x0403,
		Sign: func(b []byte) []byte {
			sum := sha256.Sum256(b)
			s, _ := ecdsa.SignASN1(rand.Reader, key, sum[:])
			return s
		},
		Tickets: []speech.Ticket{{Lifetime: 7200, AgeAdd: 7, Nonce: []byte{0}, Octets: speech.Random("ticket", 192)}}}
	one := w.Run()
	w.Resume, w.Seed, w.Age, w.Tickets = &one.Sessions[0], "again", time.Minute, nil
	psk := Input{Name: "psk.txt", Bytes: []byte(hex.EncodeToString(one.Sessions[0].Secret)), Secret: true}
	binder := func(dump string, more ...Input) report.Check {
		return ofHandshake(t, Load(append([]Input{{Name: "dump.txt", Bytes: []byte(dump)}}, more...), Limits{}).Report(Options{}), "tls.psk.binder")
	}
	for _, shape := range []struct {
		name string
		make func(w *speech.Wishes)
	}{
		{"plain", func(*speech.Wishes) {}},
		{"early data", func(w *speech.Wishes) { w.Early = []byte("hello") }},
		{"retry", func(w *speech.Wishes) { w.Retry = true }},
		{"refused", func(w *speech.Wishes) { w.Refuse = true }},
	} {
		with := w
		shape.make(&with)
		dump := with.Run().Dump()
		if k := binder(dump, psk); k.Status != report.Pass {
			t.Errorf("%s: the binder does not hold: %s", shape.name, k.Why)
		}
		if k := binder(dump); k.Status != report.Open || len(k.Needs) != 1 || k.Needs[0] != "session" {
			t.Errorf("%s: without the PSK the binder is %s, %v", shape.name, k.Status, k.Needs)
		}
	}
	// Base64 that chance spelled like a word, without a digit, or like a path.
	for _, text := range []string{"sTdDQovXuPyTJvjBZzPFYkCihErNHgAVKRVHgsdnYUI=\n", "ka--utukO-yMTVPeBLD7W0L_Bk-TdnKFZliyp-krK0M"} {
		known, with := one.Sessions[0], w
		known.Secret, _ = base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "=\n"))
		with.Resume = &known
		if k := binder(with.Run().Dump(), Input{Name: "psk.txt", Bytes: []byte(text), Secret: true}); k.Status != report.Pass {
			t.Errorf("the PSK is given as %q: %s", text, k.Why)
		}
	}
	with := w
	with.Retry = true
	var hellos [][]byte
	for _, sent := range with.Run().Sent {
		if sent.Name == "ClientHello" {
			hellos = append(hellos, sent.Plain)
		}
	}
	if len(hellos) != 2 {
		t.Fatalf("%d hellos were sent", len(hellos))
	}
	r := Load([]Input{{Name: "second.bin", Bytes: hellos[1]}, psk}, Limits{}).Report(Options{})
	if k := ofHandshake(t, r, "tls.psk.binder"); k.Status != report.Open {
		t.Errorf("the second hello alone: %s, %s", k.Status, k.Why)
	}
}
