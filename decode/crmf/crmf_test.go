package crmf_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// elsewhere are the test files of other projects.
const elsewhere = "../../../shared/vectors/cmp/"

// read reads octets with f, and checks that each is shown once.
func read[T any](t *testing.T, b []byte, f func(*field.Reader) T) (T, *field.Tree) {
	t.Helper()
	tree := field.NewTree(field.Limits{Nodes: 5000, List: 100})
	r := tree.Reader(tree.Add(report.Source{Bytes: b}))
	v := f(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Errorf("% x: %v", b, err)
	}
	return v, tree
}

func message(r *field.Reader) *crmf.CertReqMsg { return crmf.ReadCertReqMsg(r, "certReqMsg") }

func messages(r *field.Reader) (list []*crmf.CertReqMsg) {
	r.Seq("certReqMessages", func(r *field.Reader) { list = field.List(r, "certReqMessages", crmf.ReadCertReqMsg) })
	return list
}

// TestOthers: the requests of other projects are read without a fault, and
// their signatures fit.
func TestOthers(t *testing.T) {
	if _, err := os.Stat(elsewhere); err != nil {
		t.Skip("the files are not here: ", err)
	}
	file := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(elsewhere, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	sound := func(name string, list []*crmf.CertReqMsg, tree *field.Tree, signed bool) {
		for _, f := range tree.Faults {
			t.Errorf("%s: at %d: %s", name, f.Off, f.Message)
		}
		if len(list) == 0 {
			t.Errorf("%s: no request", name)
		}
		for _, m := range list {
			switch {
			case m.POP == nil || m.POP.Form != crmf.Signature:
				t.Errorf("%s: the proof of possession is %+v", name, m.POP)
			case m.Possessed().Outcome == sig.Valid != signed:
				t.Errorf("%s: the signature is %s: %s", name, m.Possessed().Outcome, m.Possessed().Why)
			}
		}
	}
	m, tree := read(t, file("rustcrypto/certreqmsg.bin"), message)
	sound("certreqmsg", []*crmf.CertReqMsg{m}, tree, true)
	for _, name := range []string{"rustcrypto/certreqmsgs.bin", "asn1-schema/certreqmessages.der", "pyasn1/rfc4211_0.der", "pyasn1/rfc2511_0.der"} {
		list, tree := read(t, file(name), messages)
		sound(name, list, tree, true)
	}
	q, tree := read(t, file("rustcrypto/certrequest.bin"), func(r *field.Reader) *crmf.CertRequest { return crmf.ReadCertRequest(r, "certReq") })
	if len(tree.Faults) > 0 || !bytes.Equal(q.Raw, m.Request.Raw) {
		t.Errorf("the request alone differs from that in the message; faults %+v", tree.Faults)
	}
	x, tree := read(t, file("rustcrypto/certtemplate.bin"), func(r *field.Reader) *crmf.CertTemplate { return crmf.ReadCertTemplate(r, "certTemplate") })
	if len(tree.Faults) > 0 || !bytes.Equal(x.Raw, m.Request.Template.Raw) || x.Subject == nil || x.PublicKey == nil {
		t.Errorf("the template alone differs from that in the message; faults %+v", tree.Faults)
	}
}

// tlv is an element.
func tlv(tag byte, parts ...string) string {
	b := strings.Join(parts, "")
	switch n := len(b); {
	case n < 0x80:
		return string([]byte{tag, byte(n)}) + b
	case n < 0x100:
		return string([]byte{tag, 0x81, byte(n)}) + b
	default:
		return string([]byte{tag, 0x82, byte(n >> 8), byte(n)}) + b
	}
}

var (
	name  = tlv(0x30, tlv(0x31, tlv(0x30, "\x06\x03\x55\x04\x03", tlv(0x0c, "x"))))
	ed    = tlv(0x30, "\x06\x03\x2b\x65\x70") // Ed25519
	key   = tlv(0x30, ed, tlv(0x03, "\x00"+string(make([]byte, 32))))
	time1 = tlv(0x17, "261120000000Z")
	time2 = tlv(0x18, "20501120000000Z")
	exts  = tlv(0x30, tlv(0x30, "\x06\x03\x55\x1d\x0f", tlv(0x04, "\x03\x02\x07\x80")))
)

// contents leaves tag and length out.
func contents(s string) string {
	e, _ := der.Next([]byte(s), 0, len(s))
	return s[e.Content():]
}

// TestTagging: a template written with EXPLICIT where IMPLICIT belongs, or the
// other way round, is read to the same values, and each field of it is named.
func TestTagging(t *testing.T) {
	fields := []struct {
		label, right, wrong string
	}{
		{"version", tlv(0x80, "\x02"), tlv(0xa0, tlv(0x02, "\x02"))},
		{"serialNumber", tlv(0x81, "\x07"), tlv(0xa1, tlv(0x02, "\x07"))},
		{"signingAlg", tlv(0xa2, contents(ed)), tlv(0xa2, ed)},
		{"issuer", tlv(0xa3, name), tlv(0xa3, contents(name))},
		{"validity", tlv(0xa4, tlv(0xa0, time1), tlv(0xa1, time2)), tlv(0xa4, tlv(0x30, tlv(0xa0, time1), tlv(0xa1, time2)))},
		{"notBefore", tlv(0xa4, tlv(0xa0, time1)), tlv(0xa4, tlv(0x80, contents(time1)))},
		{"notAfter", tlv(0xa4, tlv(0xa1, time2)), tlv(0xa4, tlv(0x81, contents(time2)))},
		{"subject", tlv(0xa5, name), tlv(0xa5, contents(name))},
		{"subject", tlv(0xa5, "\x30\x00"), tlv(0xa5)},
		{"publicKey", tlv(0xa6, contents(key)), tlv(0xa6, key)},
		{"issuerUID", tlv(0x87, "\x00\x01"), tlv(0xa7, tlv(0x03, "\x00\x01"))},
		{"subjectUID", tlv(0x88, "\x00\x01"), tlv(0xa8, tlv(0x03, "\x00\x01"))},
		{"extensions", tlv(0xa9, contents(exts)), tlv(0xa9, exts)},
	}
	template := func(r *field.Reader) *crmf.CertTemplate { return crmf.ReadCertTemplate(r, "certTemplate") }
	for _, f := range fields {
		right, tree := read(t, []byte(tlv(0x30, f.right)), template)
		if len(tree.Faults) > 0 {
			t.Errorf("%s: %s", f.label, tree.Faults[0].Message)
		}
		wrong, tree := read(t, []byte(tlv(0x30, f.wrong)), template)
		if len(tree.Faults) != 1 || tree.Faults[0].Kind != field.Tagging || tree.Nodes[tree.Faults[0].Ref].Label != f.label {
			t.Errorf("%s tagged wrongly: %+v", f.label, tree.Faults)
		}
		if a, b := said(right), said(wrong); a != b {
			t.Errorf("%s: %q, and tagged wrongly %q", f.label, a, b)
		}
	}
}

// said are the values of a template in words.
func said(t *crmf.CertTemplate) string {
	s := t.Version.Value.Text() + "|" + t.Serial.Value.Text() + "|" + t.NotBefore.Value.Text + "|" + t.NotAfter.Value.Text
	if t.SigningAlg != nil {
		s += "|" + t.SigningAlg.Name()
	}
	if t.Issuer != nil {
		s += "|issuer " + t.Issuer.String()
	}
	if t.Subject != nil {
		s += "|subject " + t.Subject.String()
	}
	if t.PublicKey != nil {
		s += "|" + t.PublicKey.Key.Name() + string(t.PublicKey.Raw)
	}
	for _, e := range t.Extensions {
		s += "|" + e.Name()
	}
	return s
}
