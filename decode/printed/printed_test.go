package printed

import (
	"bytes"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/decode/armor"
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// read reads a text alone, and has its nodes cover it.
func read(t testing.TB, text []byte) *Text {
	t.Helper()
	tree := field.NewTree(field.Limits{})
	p := readText(tree.Reader(tree.Add(report.Source{Name: "text", Bytes: text})))
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Error(err)
	}
	return p
}

func certificate(b []byte) *cert.Certificate {
	tree := field.NewTree(field.Limits{})
	return cert.ReadCertificate(tree.Reader(tree.Add(report.Source{Bytes: b})), "certificate")
}

func response(b []byte) *ocsp.Response {
	tree := field.NewTree(field.Limits{})
	return ocsp.Read(tree.Reader(tree.Add(report.Source{Bytes: b})))
}

// split gives the printed responses of an input, and the certificates in it.
func split(in []byte) (texts [][]byte, certs []*cert.Certificate) {
	for _, p := range armor.Split(in, armor.Limits{}) {
		switch {
		case p.Text && p.Label == "OCSP Response Data":
			texts = append(texts, p.Bytes)
		case p.Label == "CERTIFICATE":
			certs = append(certs, certificate(p.Bytes))
		}
	}
	return texts, certs
}

// vector gives the printed response of a file of testdata, and the certificates.
func vector(t testing.TB, name string) (text []byte, hand []*cert.Certificate) {
	t.Helper()
	a, err := txtar.ParseFile("../../testdata/ocsp/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if !strings.HasPrefix(f.Name, "input/") {
			continue
		}
		texts, certs := split(f.Data)
		hand = append(hand, certs...)
		if len(texts) > 0 {
			text = texts[0]
		}
	}
	if text == nil {
		t.Fatalf("%s holds no printed response", name)
	}
	return text, hand
}

// TestRebuild has the octets say what the text says.
func TestRebuild(t *testing.T) {
	for _, name := range []string{"printed", "printed-embedded", "printed-staple"} {
		t.Run(name, func(t *testing.T) {
			text, hand := vector(t, name)
			p := read(t, text)
			b := p.Rebuild(nil, hand)
			if b == nil {
				t.Fatal(p.Unproved)
			}
			r := response(b)
			if r.Basic == nil || len(r.Basic.Data.Singles) != len(p.Entries) || len(p.Entries) != 1 {
				t.Fatalf("the octets read as %+v, the text as %+v", r, p)
			}
			got, want := r.Basic.Data.Singles[0], p.Entries[0]
			switch {
			case !bytes.Equal(got.ID.Serial.Value, want.Serial.Value), got.Standing != want.Standing,
				got.RevokedAt.Value.Time != want.RevokedAt.Value.Time, got.Reason.Value != want.Reason.Value,
				got.ThisUpdate.Value.Time != want.ThisUpdate.Value.Time, got.NextUpdate.Value.Time != want.NextUpdate.Value.Time,
				len(r.Basic.Data.Extensions) != len(p.Extensions):
				t.Errorf("the octets say %+v, the text says %+v", got, want)
			}
		})
	}
}

// TestUnproved has what is not proved say why.
func TestUnproved(t *testing.T) {
	text, hand := vector(t, "printed")
	line := func(name, other string) []byte {
		from := bytes.Index(text, []byte(name))
		to := from + bytes.IndexByte(text[from:], '\n')
		return append(append(bytes.Clone(text[:from]), other...), text[to:]...)
	}
	for _, tc := range []struct {
		name string
		text []byte
		hand []*cert.Certificate
		want string
	}{
		{"no certificate", text, nil, "No certificate at hand"},
		{"status", line("Cert Status", "Cert Status: unknown"), hand, "the text was changed"},
		{"time", line("Next Update", "Next Update: Nov 25 06:00:00 2026 GMT"), hand, "the text was changed"},
		{"no time", line("This Update", "This Update: today"), hand, "lacks thisUpdate of responses[0]"},
		{"no serial", line("Serial Number", "Serial Number: 4A5"), hand, "lacks serialNumber of responses[0]"},
		{"no responder", line("Responder Id", ""), hand, "lacks responderID"},
		{"no revocation time", line("Cert Status", "Cert Status: revoked"), hand, "lacks revocationTime of responses[0]"},
		{"hash", line("Hash Algorithm", "Hash Algorithm: whirlpool"), hand, "whirlpool"},
		{"extension", line("OCSP Nonce", "Some Extension:"), hand, "Some Extension"},
		{"algorithm", line("Signature Algorithm", "Signature Algorithm: rot13"), hand, "rot13"},
		{"other status", line("OCSP Response Status", "OCSP Response Status: successful"), hand, "lacks responseStatus"},
	} {
		p := read(t, tc.text)
		if b := p.Rebuild(nil, tc.hand); b != nil || !strings.Contains(p.Unproved, tc.want) {
			t.Errorf("%s: got %x, %q; want %q", tc.name, b, p.Unproved, tc.want)
		}
	}
}

// TestLines reads what people make of printed text.
func TestLines(t *testing.T) {
	text, hand := vector(t, "printed")
	for name, change := range map[string]func(string) string{
		"CRLF":         func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"tabs":         func(s string) string { return strings.ReplaceAll(s, "    ", "\t") },
		"before 3.0":   func(s string) string { return strings.Replace(s, "    Signature Value:\n", "", 1) },
		"narrow names": func(s string) string { return strings.ReplaceAll(s, " = ", "=") },
		"line between": func(s string) string { return strings.Replace(s, "    This Update", "    a line\n    This Update", 1) },
	} {
		p := read(t, []byte(change(string(text))))
		if p.Rebuild(nil, hand) == nil {
			t.Errorf("%s: %s", name, p.Unproved)
		}
		if unread := name == "line between"; unread != (len(p.Unread) > 0) {
			t.Errorf("%s: %d lines are not understood", name, len(p.Unread))
		}
	}
}

func TestNotice(t *testing.T) {
	for line, sent := range map[string]int{
		"OCSP response: no response sent":          0,
		"OCSP response: no OCSP response received": 0,
		"OCSP responses: no responses sent":        0,
		"OCSP responses: number of responses: 2":   2,
		"OCSP response: response parse error":      -1,
		"OCSP response parse error":                -1,
	} {
		if p := read(t, []byte(line)); p.Sort != Notice || p.Sent != sent {
			t.Errorf("%s: got %d responses, want %d", line, p.Sent, sent)
		}
	}
}

func TestResult(t *testing.T) {
	p := read(t, []byte("WARNING: no nonce in response\nResponse verify OK\na: b.pem: revoked\n\tThis Update: Nov  5 10:14:05 2026 GMT\n"+
		"\tReason: keyCompromise\n\tRevocation Time: Nov  4 10:14:02 2026 GMT\n0x12: good\n\tThis Update: Nov  5 10:14:05 2026 GMT\n"))
	if len(p.Entries) != 2 || !p.Verified.Value || len(p.Unread) > 0 {
		t.Fatalf("%+v", p)
	}
	a, b := p.Entries[0], p.Entries[1]
	if a.File != "a: b.pem" || a.Standing != ocsp.Revoked || a.RevokedAt.Value.Text != "20261104101402Z" || a.NextUpdate.OK || b.File != "0x12" || b.Standing != ocsp.Good {
		t.Errorf("%+v", p.Entries)
	}
}

func TestPrintedSerial(t *testing.T) {
	for text, want := range map[string][]byte{
		"00": {0}, "0A": {0x0a}, "100A": {0x10, 0x0a}, "80": {0, 0x80}, "-01": {0xff}, "-80": {0x80}, "-0100": {0xff, 0},
		"": nil, "-": nil, "1": nil, "XX": nil,
	} {
		if got, ok := number(text); !bytes.Equal(got, want) || ok != (want != nil) {
			t.Errorf("%q: got %x, want %x", text, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for value, want := range map[string]string{
		"Example":  "Example",
		"A, B + C": `"A, B + C"`,
		`say "x"`:  `say \"x\"`,
		"#1":       `"#1"`,
		"C#":       "C#",
		" x":       `" x"`,
		"Zürich":   `Z\C3\BCrich`,
		"a\tb":     `a\09b`,
	} {
		if got := oneLineValue(value, true); got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

// TestExtensionValues encodes the extensions that are printed in words.
func TestExtensionValues(t *testing.T) {
	for _, tc := range []struct{ name, lines, want string }{
		{"OCSP Nonce", "0410FBD8A356A7AFE9CF102DF3D25C12E053", "0410fbd8a356a7afe9cf102df3d25c12e053"},
		{"OCSP Nonce", "040301\\\n02\\\n03", "0403010203"},
		{"OCSP Nonce", "04 01", ""},
		{"OCSP Archive Cutoff", "Sep  3 10:14:02 2018 GMT", "180f32303138303930333130313430325a"},
		{"OCSP Archive Cutoff", "long ago", ""},
		{"X509v3 CRL Reason Code", "Key Compromise", "0a0101"},
		{"X509v3 CRL Reason Code", "Boredom", ""},
		{"Hold Instruction Code", "Hold Instruction Reject", "06072a8648ce380203"},
		{"OCSP CRL ID", "crlNum: 05", "3005a103020105"},
		{"OCSP CRL ID", "crlName: 05", ""},
		{"valid", "..", "0500"},
		{"1.2.3.4", "..", "0500"},
		{"1.2.3.4", "...", ""},
		{"X509v3 Certificate Issuer", "DirName:/CN=Fixture Issuing CA", ""},
		{"CT Certificate SCTs", "Signed Certificate Timestamp:\nVersion   : v1 (0x0)\nLog ID    : 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:\n" +
			"10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\nTimestamp : Jan  1 00:00:01.002 1970 GMT\nExtensions: none\nSignature : ecdsa-with-SHA256\n30:\n00",
			"0435" + "0033" + "0031" + "00" + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" + "00000000000003ea" + "0000" + "0403" + "00023000"},
		{"CT Certificate SCTs", ".7.6.4..", ""},
	} {
		e := Extension{Name: tc.name, Lines: strings.Split(tc.lines, "\n")}
		_, value, ok := e.value()
		if ok != (tc.want != "") || ok && hex.EncodeToString(value) != tc.want {
			t.Errorf("%s %q: got %x, %v; want %s", tc.name, tc.lines, value, ok, tc.want)
		}
	}
}

// TestTooLong bounds the text that is read, and the work for what is.
func TestTooLong(t *testing.T) {
	if p := read(t, bytes.Repeat([]byte("OCSP Response Data:\n"), 60_000)); !p.TooLong {
		t.Error("a text of 1.2 million octets is read")
	}
	for _, part := range []string{"    Certificate ID:\n", "\n", "  a\n", "      Serial Number: 00\\\n", "\\\n", "        Response Single Extensions:\n", "00:\n"} {
		head := "OCSP Response Data:\n    OCSP Response Status: successful (0x0)\n    Response Type: Basic OCSP Response\n    Responses:\n    Certificate ID:\n"
		read(t, []byte(head+strings.Repeat(part, (longest-len(head))/len(part))))
	}
}

// withheld are the fixtures whose octets cannot be rebuilt, each with a part
// of the reason.
var withheld = map[string]string{
	"cli-badsig": "the text was changed", "cli-del-dsa": "lacks signature", "der-certid-padded-serial": "lacks version", "der-certs-garbage": "lacks version",
	"der-ext-empty-list": "does not show", "der-good-constructed": "lacks version", "der-good-with-content": "lacks version",
	"der-response-type-unknown": "lacks responseBytes", "der-rid-bykey-empty": "No certificate", "der-rid-empty-name": "No certificate",
	"der-sig-alg-mismatch": "does not show", "der-sig-alg-unknown": "1.2.3.4", "der-sig-empty": "lacks signature", "der-sig-zero": "the text was changed",
	"der-status-success-nobytes": "lacks responseBytes", "der-status-tag3": "lacks version", "der-sx-certissuer": "X509v3 Certificate Issuer",
	"der-sx-sct-critical": "lacks signatureAlgorithm", "der-sx-sct-empty": "CT Certificate SCTs", "der-sx-sct": "lacks signatureAlgorithm",
	"der-tbs-ber": "does not show", "der-time-noseconds": "does not show", "der-time-offset": "does not show", "der-time-utctime": "lacks version",
}

// outside are those that are odd outside the signed octets, which no text
// shows: the rebuilt ones are the usual form of the same.
var outside = map[string]bool{
	"der-ber-indefinite": true, "der-ber-longlen": true, "der-certs-empty": true, "der-sig-alg-noparams": true, "der-sig-unused-bits": true,
	"der-trailing-basic": true, "der-trailing-outer": true,
}

// TestRebuildFixtures prints each fixture with openssl, and has the octets
// that are made of the text be those of the fixture.
func TestRebuildFixtures(t *testing.T) {
	dir := os.Getenv("DERSCOPE_FIXTURES")
	if dir == "" {
		t.Skip("DERSCOPE_FIXTURES names no directory of fixtures")
	}
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("texts are printed by openssl, which is not here")
	}
	var hand []*cert.Certificate
	files, _ := filepath.Glob(dir + "/pki/*.pem")
	for _, f := range files {
		if block, _ := pem.Decode(contents(t, f)); block != nil && block.Type == "CERTIFICATE" {
			hand = append(hand, certificate(block.Bytes))
		}
	}
	responses, _ := filepath.Glob(dir + "/resp/*.der")
	exact := 0
	for _, file := range responses {
		name := strings.TrimSuffix(filepath.Base(file), ".der")
		want := contents(t, file)
		out, _ := exec.Command("openssl", "ocsp", "-respin", file, "-resp_text", "-noverify").Output()
		texts, embedded := split(out)
		if len(texts) == 0 {
			continue // openssl cannot read it
		}
		p := read(t, texts[0])
		got := p.Rebuild(embedded, hand)
		why, unproved := withheld[name]
		switch {
		case unproved:
			if got != nil || !strings.Contains(p.Unproved, why) {
				t.Errorf("%s: got %d octets, %q; want %q", name, len(got), p.Unproved, why)
			}
		case got == nil:
			t.Errorf("%s: %s", name, p.Unproved)
		case bytes.Equal(got, want) == outside[name]:
			t.Errorf("%s: got\n%x, want\n%x", name, got, want)
		default:
			exact++
		}
	}
	if exact < 150 {
		t.Errorf("%d responses are the same octet by octet, want 150 at least", exact)
	}
}

// TestRebuildVectors does the same with the vectors of testdata: what is
// rebuilt has the signed octets of the original.
func TestRebuildVectors(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil || os.Getenv("DERSCOPE_FIXTURES") == "" {
		t.Skip("texts are printed by openssl, where DERSCOPE_FIXTURES is set")
	}
	files, _ := filepath.Glob("../../testdata/ocsp/*.txtar")
	proved := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var original []byte
		var hand []*cert.Certificate
		for _, f := range a.Files {
			switch block, _ := pem.Decode(f.Data); {
			case block != nil && block.Type == "OCSP RESPONSE":
				original = block.Bytes
			case block != nil && block.Type == "CERTIFICATE":
				hand = append(hand, certificate(block.Bytes))
			}
		}
		printing := exec.Command("openssl", "ocsp", "-respin", "/dev/stdin", "-resp_text", "-noverify")
		printing.Stdin = bytes.NewReader(original)
		out, _ := printing.Output()
		texts, embedded := split(out)
		if len(texts) == 0 {
			continue
		}
		got := read(t, texts[0]).Rebuild(embedded, hand)
		if got == nil {
			continue
		}
		r, o := response(got), response(original)
		var signed []byte
		if o.Basic != nil { // of a response in BER the DER may be what is signed
			signed, _ = der.Canonical(o.Basic.TBS)
		}
		if (r.Basic == nil) != (o.Basic == nil) || r.Basic != nil && !bytes.Equal(r.Basic.TBS, o.Basic.TBS) && !bytes.Equal(r.Basic.TBS, signed) {
			t.Errorf("%s: got\n%x, want\n%x", filepath.Base(file), got, original)
		}
		proved++
	}
	if proved < 150 {
		t.Errorf("%d vectors are proved, want 150 at least", proved)
	}
}

func contents(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestClientFixtures has the staples that s_client printed be what the server sent.
func TestClientFixtures(t *testing.T) {
	dir := os.Getenv("DERSCOPE_FIXTURES")
	if dir == "" {
		t.Skip("DERSCOPE_FIXTURES names no directory of fixtures")
	}
	for _, name := range []string{"tls12-showcerts", "tls13-showcerts"} {
		texts, hand := split(contents(t, dir+"/tls/s_client-"+name+".txt"))
		if len(texts) != 1 {
			t.Errorf("%s: %d texts, want 1", name, len(texts))
			continue
		}
		p := read(t, texts[0])
		if got := p.Rebuild(nil, hand); !bytes.Equal(got, contents(t, dir+"/resp/cli-staple.der")) {
			t.Errorf("%s: got %x, %s", name, got, p.Unproved)
		}
	}
}

// FuzzPrinted has no text fail to be covered by its nodes, and no text but the
// one that was signed lead to octets.
func FuzzPrinted(f *testing.F) {
	known := map[string]bool{}
	var hand []*cert.Certificate
	for _, name := range []string{"printed", "printed-embedded", "printed-staple", "printed-changed", "printed-cut"} {
		text, certs := vector(f, name)
		f.Add(text)
		known[string(read(f, text).Rebuild(nil, certs))] = true
		hand = append(hand, certs...)
	}
	f.Add([]byte("OCSP response: no response sent"))
	f.Add([]byte("Response verify OK\nleaf.pem: good\n\tThis Update: Nov  5 10:14:05 2026 GMT\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p := read(t, text)
		if b := p.Rebuild(nil, hand); b != nil && p.Basic && !known[string(b)] {
			t.Errorf("octets that nobody signed: %x", b)
		}
	})
}
