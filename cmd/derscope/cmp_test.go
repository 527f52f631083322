package main

import (
	"bytes"
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"derscope/decode/der"
)

// A shared secret proves the messages it belongs to, in each of its forms, and
// does not show.
func TestSharedSecret(t *testing.T) {
	f := files(t, "../cmp/ir-pbm")
	const word = "fixture-secret"
	t.Setenv("DERSCOPE_TEST_SECRET", word)
	for src, as := range map[string]string{
		"pass:" + word: "", "hex:666978747572652d736563726574": "", "env:DERSCOPE_TEST_SECRET": "",
		"file:" + f["secret.txt"]:           "without the end of its line",
		"pass:666978747572652d736563726574": "its hexadecimal digits spell",
	} {
		code, out, errs := command("", "inspect", f["01-ir.pem"], f["02-ip.pem"], "-at", at, "-secret", src)
		if errs != "" || code != fine && code != failing || !strings.Contains(out, "It makes the MAC of 2 CMP messages") || !strings.Contains(strings.Join(strings.Fields(out), " "), as) {
			t.Errorf("%s: code %d, %q\n%.600s", src, code, errs, out)
		}
		if strings.Contains(out, word) {
			t.Errorf("%s: the secret is in the output", src)
		}
	}
	if code, out, _ := command("", "inspect", f["01-ir.pem"], "-at", at, "-secret", "pass:another"); code != failing || !strings.Contains(strings.Join(strings.Fields(out), " "), "The shared secret that was given gives another value") {
		t.Errorf("a wrong secret: code %d\n%.600s", code, out)
	}
}

func TestProtectedOctets(t *testing.T) {
	f := files(t, "../cmp/ir-pbm")
	code, out, errs := command("", "inspect", "-protected", f["01-ir.pem"])
	text, err := os.ReadFile(f["01-ir.pem"])
	block, _ := pem.Decode(text)
	if err != nil || code != fine || errs != "" || block == nil {
		t.Fatalf("code %d, %q, %v", code, errs, err)
	}
	e, err := der.Next([]byte(out), 0, len(out))
	if err != nil || e.End() != len(out) || !bytes.Contains(block.Bytes, []byte(out)[e.Content():]) {
		t.Errorf("%x is no SEQUENCE of parts of the message", out)
	}
	if code, _, errs := command("", "inspect", "-protected", f["01-ir.pem"], f["02-ip.pem"]); code != useless || !strings.Contains(errs, "there are 2") {
		t.Errorf("two messages: code %d, %q", code, errs)
	}
}
