package decode

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"derscope/decode/report"
)

// cmpSignedFaults are the cases of the script whose messages have a fault in
// their protection by signature: the checks that do not hold, message by message.
var cmpSignedFaults = map[string]string{
	"sig-no-subca 01":         "cmp.prot.chain open", // the server took it, whose anchors are not those of the client
	"sig-no-subca 02":         "cmp.prot.chain fail",
	"sig-srv-expired 02":      "cmp.prot.validity fail",
	"sig-srv-noku 02":         "cmp.prot.key-usage fail",
	"sig-srv-noku-ignored 02": "cmp.prot.key-usage fail",
	"sig-srv-noku-ignored 04": "cmp.prot.key-usage fail",
	"sig-srv-selfsigned 02":   "cmp.prot.certificate fail, cmp.prot.signature open",
	"sig-ir-sha1 01":          "cmp.prot.key-size warn",
	"sig-ir-sha1 03":          "cmp.prot.key-size warn",
}

// signerChecks are those about the signer of a message.
var signerChecks = []string{"cmp.prot.certificate", "cmp.prot.signature", "cmp.prot.key-fit", "cmp.prot.key-size", "cmp.prot.key-usage",
	"cmp.prot.validity", "cmp.prot.chain", "cmp.prot.self-signed"}

// TestSignersOfMessages holds each message of the script that is signed against
// what was signed with what, the root of the run being trusted.
func TestSignersOfMessages(t *testing.T) {
	run := cmpFixtures(t)
	root := Input{Name: "root.crt", Bytes: []byte(readFile(t, filepath.Join(run.dir, "pki", "root.crt"))), Role: "anchor"}
	signed := 0
	for _, k := range run.cases {
		r := Load(append([]Input{root}, k.messages...), Limits{}).Report(Options{At: run.at})
		for i := range r.Items {
			it := &r.Items[i]
			if it.Kind != "cmp-message" || it.Carrier >= 0 || objectedIn(it, "cmp.prot.signature") == "" {
				continue
			}
			signed++
			var bad []string
			for _, id := range signerChecks {
				if s := objectedIn(it, id); s != "" && s != "pass" {
					bad = append(bad, id+" "+s)
				}
			}
			name := k.name + " " + it.Input[:2]
			if got := strings.Join(bad, ", "); got != cmpSignedFaults[name] {
				t.Errorf("%s: %q, want %q", name, got, cmpSignedFaults[name])
			}
		}
	}
	if signed < 200 {
		t.Errorf("only %d messages are signed", signed)
	}
}

// objectedIn is the status of a check of an item; "" where it does not apply.
func objectedIn(it *report.Item, id string) string {
	status := ""
	var walk func([]report.Check)
	walk = func(rows []report.Check) {
		for _, k := range rows {
			walk(k.Children)
			if k.ID == id {
				status = k.Status.String()
			}
		}
	}
	walk(it.Checks)
	return status
}

// Any octet of header or body that is turned over breaks the signature, or what
// can be read, and no certificate is taken for the signer's all the same.
func TestChangedMessagesAreNotSigned(t *testing.T) {
	v, err := readVector("../testdata/cmp/signed.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := Load(v.inputs, Limits{})
	message := c.exhibits[0].Source
	part := bytes.Index(message, []byte{0xa0, 0x4a}) // protection [0], which is not covered
	if part < 0 {
		part = len(message) / 4
	}
	for at := 4; at < part; at += 3 {
		b := bytes.Clone(message)
		b[at] ^= 1
		in := append([]Input{{Name: "changed.der", Bytes: b, Kind: "cmp-message"}}, v.inputs[1:]...)
		r := Load(in, Limits{}).Report(v.options)
		if s := objectedIn(&r.Items[0], "cmp.prot.signature"); s == "pass" {
			t.Errorf("octet %d is changed, and the signature fits", at)
		}
	}
}

// What is found of a signer depends on the time and the roles of one report, and
// nothing of it is left for the next.
func TestSignersDependOnOneReport(t *testing.T) {
	v, err := readVector("../testdata/cmp/signer-expired-since.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := Load(v.inputs, Limits{})
	first := c.Report(v.options)
	root := ""
	for i := range first.Items {
		if first.Items[i].Input == "root.pem" {
			root = first.Items[i].SHA256
		}
	}
	earlier, distrusted := v.options, v.options
	earlier.At = v.options.At.Add(-time.Minute)
	distrusted.Roles = []Said{{SHA256: root, Role: "none"}}
	for _, s := range []struct {
		name            string
		options         Options
		validity, chain string
	}{
		{"now", v.options, "warn", "pass"},
		{"a minute earlier", earlier, "pass", "pass"},
		{"without anchor", distrusted, "warn", "open"},
		{"without a time", Options{}, "open", "open"},
		{"now, again", v.options, "warn", "pass"},
	} {
		r := c.Report(s.options)
		if got := objectedIn(&r.Items[0], "cmp.prot.validity"); got != s.validity {
			t.Errorf("%s: the validity is %s, want %s", s.name, got, s.validity)
		}
		if got := objectedIn(&r.Items[0], "cmp.prot.chain"); got != s.chain {
			t.Errorf("%s: the chain is %s, want %s", s.name, got, s.chain)
		}
	}
}

// BenchmarkSignedMessage reads and judges one message of 1,200 octets, with the
// signature of P-256, two certificates, and the root.
func BenchmarkSignedMessage(b *testing.B) {
	v, err := readVector("../testdata/cmp/signed.txtar")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Load(v.inputs, Limits{}).Report(v.options)
	}
}
