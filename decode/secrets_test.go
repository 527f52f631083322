package decode

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"strconv"
	"strings"
	"testing"

	"derscope/decode/report"
)

// key is a PKCS #8 key for Ed25519.
const key = "302e020100300506032b657004220420" + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"

// What holds a secret stays, wherever the secret lies in it; the rest may go.
func TestCleared(t *testing.T) {
	der, _ := hex.DecodeString(key)
	pem := []byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n")
	v, err := readVector("../testdata/ocsp/good-ca-byname.txtar")
	if err != nil {
		t.Fatal(err)
	}
	good := v.inputs[0].Bytes
	wrapped := append([]byte{0x30, byte(len(der) + 2), 0x04, byte(len(der))}, der...)
	for name, c := range map[string]struct {
		in   Input
		l    Limits
		want string
	}{
		"a response":            {Input{Bytes: good}, Limits{}, ""},
		"a key":                 {Input{Bytes: der}, Limits{}, "it holds a secret: "},
		"a key in PEM":          {Input{Bytes: pem}, Limits{}, "it holds a secret: "},
		"a key beside it":       {Input{Bytes: append(bytes.Clone(good), pem...)}, Limits{}, "it holds a secret: "},
		"a key inside ASN.1":    {Input{Bytes: wrapped}, Limits{}, "it holds "},
		"a TLS session in text": {Input{Bytes: append(bytes.Clone(good), "\nSSL-Session:\n    Master-Key: 00112233445566778899AABBCCDDEEFF\n"...)}, Limits{}, "it holds a secret"},
		"what is said to be":    {Input{Bytes: []byte("hunter2"), Secret: true}, Limits{}, "it holds a secret"},
		"more than is read":     {Input{Bytes: good}, Limits{Bytes: len(good) - 1}, "it is too large"},
		"more than is listed":   {Input{Bytes: bytes.Repeat(append(bytes.Clone(good), " and "...), 4)}, Limits{Pieces: 3}, "it is too large"},
		"more fields than kept": {Input{Bytes: good}, Limits{Nodes: 10}, "it is too large"},
	} {
		c.in.Name = "x"
		got := Load([]Input{c.in}, c.l).Cleared()
		if len(got) != 1 || got[0].Input != "x" || !strings.HasPrefix(got[0].Why, c.want) || c.want == "" && got[0].Why != "" {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}

// A secret in one input keeps no other one back; what comes after the limit is
// not cleared.
func TestClearedApart(t *testing.T) {
	der, _ := hex.DecodeString(key)
	small := []byte{0x30, 0x03, 0x02, 0x01, 0x2a}
	in := []Input{{Name: "a", Bytes: small}, {Name: "key", Bytes: der}, {Name: "b", Bytes: small}}
	got := Load(in, Limits{}).Cleared()
	if len(got) != 3 || got[0].Why != "" || got[1].Why == "" || got[2].Why != "" {
		t.Errorf("got %+v", got)
	}
	if got := Load(in, Limits{Pieces: 1}).Cleared(); len(got) != 1 {
		t.Errorf("of three inputs one is read, and these are cleared: %+v", got)
	}
}

// A key inside something of a kind that has no place for one is found as well.
func TestClearedBuried(t *testing.T) {
	der, _ := hex.DecodeString(key)
	v, err := readVector("../testdata/ocsp/good-ca-byname.txtar")
	if err != nil {
		t.Fatal(err)
	}
	in := v.inputs[:1]
	in = edited(t, Load(in, Limits{}).Report(Options{}), in, 0, "certID/issuerNameHash", der)
	got := Load(in, Limits{}).Cleared()
	if len(got) != 2 || got[0].Why != "" || got[1].Why != "it holds a private key" {
		t.Errorf("got %+v", got)
	}
}

// Of a saved session the secret alone is hidden, with what stands behind damage:
// whatever octet is wrong or missing, no part of the secret is written out.
func TestSavedSessionsKeepTheirSecret(t *testing.T) {
	v, err := readVector("../testdata/ticket/session-openssl-12.txtar")
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(v.inputs[0].Bytes)
	const at, size = 51, 48 // where the secret lies
	secret := hex.EncodeToString(block.Bytes[at : at+size])
	written := func(b []byte) string {
		c := Load([]Input{{Name: "session.pem", Bytes: pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: b})}}, Limits{})
		r := c.Report(v.options)
		if r.Items[0].Kind != "tls-session" || !r.Sources[r.Items[0].Source].Secret || r.Items[0].SHA256 != "" {
			t.Errorf("a %s whose octets may leave", r.Items[0].Kind)
		}
		return string(r.JSON(report.JSONOptions{})) + string(r.Text(report.TextOptions{})) + string(r.Markdown(0))
	}
	good := written(block.Bytes)
	for _, shown := range []string{"www.example.org", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "2026-11-20 08:12:00 UTC", hex.EncodeToString(block.Bytes[17:33])} {
		if !strings.Contains(good, shown) {
			t.Errorf("the report lacks %s, which is no secret", shown)
		}
	}
	leaks := func(what string, text string) {
		for i := 0; i+16 <= len(secret); i += 2 {
			if strings.Contains(text, secret[i:i+16]) {
				t.Fatalf("%s: the report holds octets of the secret from %d on", what, i/2)
			}
		}
	}
	leaks("unharmed", good)
	for i := range at + size + 8 {
		for _, x := range []byte{0x01, 0x20, 0x80} {
			b := bytes.Clone(block.Bytes)
			b[i] ^= x
			if i < at || i >= at+size {
				leaks("octet "+strconv.Itoa(i)+" is wrong", written(b))
			}
		}
		leaks("cut at "+strconv.Itoa(i), written(block.Bytes[:i]))
	}
}

// What is not opened for want of room is not shown, where it could be a secret.
func TestUnopenedIsNotShown(t *testing.T) {
	v := must(t, "capture/pcapng-secrets")
	whole := Load(v.inputs, Limits{}).Report(v.options)
	var secrets [][]byte
	for i := range whole.Sources {
		for _, s := range report.Secrets(whole.Nodes, i) {
			if b := whole.Sources[i].Bytes[s.Off:s.End()]; len(b) >= 32 {
				secrets = append(secrets, b[8:20])
			}
		}
	}
	if len(secrets) == 0 {
		t.Fatal("no secret in it")
	}
	for _, n := range []int{1, 2, 5, 9, 14, 20, 40, 80} {
		r := Load(v.inputs, Limits{Nodes: n}).Report(v.options)
		shown := append(r.JSON(report.JSONOptions{}), r.Text(report.TextOptions{})...)
		for _, s := range secrets {
			if strings.Contains(string(shown), hex.EncodeToString(s)) && !strings.Contains(string(whole.JSON(report.JSONOptions{})), hex.EncodeToString(s)) {
				t.Errorf("with room for %d fields %x is shown", n, s)
			}
		}
	}
}
