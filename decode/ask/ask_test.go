package ask

import (
	"strings"
	"testing"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

func TestSay(t *testing.T) {
	for _, c := range []struct{ word, value, fault string }{
		{"at", "2026-11-20T09:12:00Z", ""}, {"at", "tuesday", "RFC 3339"}, {"nonce", "0x6A:7f 00", ""}, {"nonce", "", "empty"}, {"nonce", "tuesday", "hexadecimal"},
		{"profile", "br", ""}, {"profile", "tuesday", "mozilla"}, {"set", "work=5", ""}, {"set", "tuesday=5", "no such switch"}, {"set", "work", "NAME=VALUE"},
		{"tuesday", "x", "no such word"},
	} {
		err := new(Question).Say(c.word, c.value)
		switch {
		case (err == nil) != (c.fault == ""), err != nil && !strings.Contains(err.Error(), c.fault):
			t.Errorf("%s %s: %v, want %q", c.word, c.value, err, c.fault)
		case err != nil && strings.Contains(err.Error(), "tuesday"):
			t.Errorf("%s: the error quotes the value: %v", c.word, err)
		}
	}
}

func TestSecret(t *testing.T) {
	for src, want := range map[string]string{"pass:a:b": "a:b", "hex:00fF": "\x00\xff"} {
		if b, known, err := Secret(src); string(b) != want || !known || err != nil {
			t.Errorf("%s: %q, %v, %v", src, b, known, err)
		}
	}
	for _, src := range []string{"file:/etc/passwd", "env:HOME", "plain", ""} {
		if b, known, err := Secret(src); known || b != nil || err != nil {
			t.Errorf("%s: %q, %v, %v", src, b, known, err)
		}
	}
}

// A word of Evidence is a role, a secret, or neither.
func TestPut(t *testing.T) {
	q := &Question{}
	for _, word := range Evidence {
		q.Put(word, "a-name", []byte("x"))
	}
	for i, in := range q.Beside {
		want := decode.Input{Name: "a-name", Role: Evidence[i]}
		switch Evidence[i] {
		case "with":
			want.Role = ""
		case "out-trusted":
			want.Role = "outTrusted"
		case "secret":
			want = decode.Input{Name: "secret", Kind: "shared-secret", Secret: true}
		case "ticket-key":
			want = decode.Input{Name: "ticket-key", Kind: "ticket-key", Secret: true}
		}
		if in.Name != want.Name || in.Role != want.Role || in.Kind != want.Kind || in.Secret != want.Secret {
			t.Errorf("%s: %+v", Evidence[i], in)
		}
	}
}

// Of an answer that is too long nothing is left, and one that fits is as it is
// without a bound.
func TestMost(t *testing.T) {
	q := &Question{Inputs: []decode.Input{{Name: "paste", Bytes: []byte("MAMBAf8=")}}}
	c, r := q.Answer(time.Unix(0, 0))
	json, text := q.JSON(c, r), q.Text(c, r, report.TextOptions{})
	q.Most = len(json) + 1
	if string(q.JSON(c, r)) != string(json) || string(q.Text(c, r, report.TextOptions{})) != string(text) {
		t.Error("a bound that holds changes the answer")
	}
	if q.Most = 10; q.JSON(c, r) != nil || q.Text(c, r, report.TextOptions{}) != nil {
		t.Error("ten octets are enough for a report")
	}
}
