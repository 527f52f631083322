package main

import (
	"crypto"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestOpenSSLTakes feeds the answers of good transactions to OpenSSL's client:
// it verifies their protection, the certificate and its path, and ends well.
// With a changed answer it does not.
func TestOpenSSLTakes(t *testing.T) {
	if out, err := exec.Command("openssl", "cmp", "-help").CombinedOutput(); err != nil {
		t.Skipf("there is no openssl with a client for CMP: %v %.80s", err, out)
	}
	for name, c := range map[string]struct {
		kind   byte
		signed bool
		args   string
		spoil  func(t *cmpTalk) // nil: nothing is spoiled
	}{
		"ir": {cmpIR, false, "-cmd ir -newkey new.key -subject /O=Example/CN=device-7", nil},
		"ir, other secret": {cmpIR, false, "-cmd ir -newkey new.key -subject /O=Example/CN=device-7", func(t *cmpTalk) {
			t.messages[1].by = passwordMAC{[]byte("x"), []byte("salt"), crypto.SHA256, crypto.SHA256, 1000, nil}
		}},
		"ir, late change":    {cmpIR, false, "-cmd ir -newkey new.key -subject /O=Example/CN=device-7", func(t *cmpTalk) { t.messages[1].late = func(m *cmpMessage) { m.freeText = []string{"x"} } }},
		"ir, signed":         {cmpIR, true, "-cmd ir -newkey new.key -subject /O=Example/CN=device-7", nil},
		"ir, signed, spoilt": {cmpIR, true, "-cmd ir -newkey new.key -subject /O=Example/CN=device-7", func(t *cmpTalk) { t.messages[1].asValue = flipped }},
		"cr":                 {cmpCR, false, "-cmd cr -newkey new.key -subject /O=Example/CN=device-7", nil},
		"p10cr":              {cmpP10CR, false, "-cmd p10cr -csr new.csr", nil},
		"kur":                {cmpKUR, true, "-cmd kur -newkey new.key -oldcert old.pem", nil},
	} {
		t.Run(name, func(t *testing.T) {
			talk := newScene(newPKI()).cmpTalk()
			if c.signed {
				talk.signed()
			}
			talk.enrol(c.kind)
			if c.spoil != nil {
				c.spoil(talk)
			}
			dir := t.TempDir()
			put := func(name string, b []byte) {
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			block := func(label string, b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: b}) }
			key := func(name string) []byte {
				b, err := keyFiles.ReadFile("keys/" + name + ".pem")
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			put("answer.der", talk.messages[1].der())
			put("conf.der", talk.messages[3].der())
			put("new.key", key("leaf"))
			put("old.key", key("client"))
			put("old.pem", block("CERTIFICATE", talk.old.der))
			put("ca.pem", block("CERTIFICATE", talk.ca.der))
			put("root.pem", block("CERTIFICATE", talk.root.der))
			put("new.csr", block("CERTIFICATE REQUEST", (&csr{subject: dn("device-7"), key: talk.key, attributes: explicit(0)}).der()))
			args := []string{"cmp", "-config", "", "-batch", "-certout", "issued.pem", "-rspin", "answer.der conf.der",
				"-recipient", "/O=Example/CN=Example Device CA", "-trusted", "root.pem", "-attime", strconv.FormatInt(clock.Unix(), 10)}
			if c.signed {
				args = append(args, "-cert", "old.pem", "-key", "old.key", "-untrusted", "ca.pem")
			} else {
				args = append(args, "-secret", "pass:"+cmpSecret, "-ref", "device-7")
			}
			cmd := exec.Command("openssl", append(args, strings.Fields(c.args)...)...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			if (err == nil) != (c.spoil == nil) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
