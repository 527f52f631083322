package crmf_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// TestControls: each control is read by its type, and one that is not of its
// type stops nothing but itself.
func TestControls(t *testing.T) {
	ctrl := func(arc, n byte) string { return tlv(0x06, string([]byte{0x2b, 6, 1, 5, 5, 7, 5, arc, n})) }
	certID := tlv(0x30, tlv(0xa4, name), "\x02\x01\x07")
	value := func(id string, good, bad string, want any) {
		t.Helper()
		list, tree := read(t, []byte(tlv(0x30, tlv(0x30, id, good), tlv(0x30, id, bad), tlv(0x30, ctrl(1, 5), certID))),
			func(r *field.Reader) []*crmf.Control { _, l := crmf.ReadControls(r, "controls"); return l })
		if len(list) != 3 {
			t.Fatalf("% x: %d controls: %+v", id, len(list), tree.Faults)
		}
		if got := list[0]; got.Fault != "" || reflect.TypeOf(got.Value) != reflect.TypeOf(want) || !got.Known {
			t.Errorf("%s is read as %T (%s), want %T", got.ID, got.Value, got.Fault, want)
		}
		if bad != "" && (list[1].Fault == "" || list[1].Value != nil) {
			t.Errorf("%s: % x is read as %T", list[1].ID, bad, list[1].Value)
		}
		if _, ok := list[2].Value.(*crmf.CertID); !ok {
			t.Errorf("the control behind is read as %T", list[2].Value)
		}
	}
	value(ctrl(1, 1), tlv(0x0c, "hunter2"), "\x02\x01\x00", crmf.Token{})
	value(ctrl(1, 2), tlv(0x0c, "hunter2"), "\x05\x00", crmf.Token{})
	value(ctrl(1, 3), tlv(0x30, "\x02\x01\x01", tlv(0x30, tlv(0x30, "\x02\x01\x02", tlv(0x86, "http://x")))), tlv(0x30), &crmf.PublicationInfo{})
	value(ctrl(1, 4), tlv(0x81, "x"), "\x05\x00", &crmf.ArchiveOptions{})
	value(ctrl(1, 5), certID, tlv(0x30, certID), &crmf.CertID{})
	value(ctrl(1, 6), key, tlv(0x30, key), &cert.PublicKey{})
	value(ctrl(1, 7), tlv(0x30, "\x06\x01\x2a", "\x05\x00"), "\x05\x00", &crmf.Control{})
	value(ctrl(1, 11), ed, "\x06\x01\x2a", &cert.Algorithm{})
	value(ctrl(1, 12), "\x02\x02\x08\x00", "\x04\x01\x00", field.Field[field.Int]{})
	value(ctrl(2, 1), tlv(0x0c, "version?1%"), "\x02\x01\x00", &crmf.Pairs{})
	value(ctrl(2, 2), tlv(0x30, "\x02\x01\x00\x30\x00"), "\x02\x01\x00", &crmf.CertRequest{})
}

// TestTokensAreSecret: what a token holds, text or not, stands in no value, no
// note and no fault.
func TestTokensAreSecret(t *testing.T) {
	for _, value := range []string{tlv(0x0c, "hunter2"), tlv(0x0c, "hunter2\xff"), tlv(0x13, "hunter2"), tlv(0x04, "hunter2"), tlv(0x30, tlv(0x0c, "hunter2"))} {
		for n := byte(1); n <= 2; n++ {
			b := tlv(0x30, tlv(0x30, tlv(0x06, string([]byte{0x2b, 6, 1, 5, 5, 7, 5, 1, n})), value))
			_, tree := read(t, []byte(b), func(r *field.Reader) report.Ref { at, _ := crmf.ReadControls(r, "controls"); return at })
			secret := false
			for _, n := range tree.Nodes {
				secret = secret || n.Flags&report.Secret != 0
				if n.Flags&report.Secret == 0 && strings.Contains(n.Value+n.Note, "hunter2") {
					t.Errorf("% x: %s shows %q", value, n.Label, n.Value+n.Note)
				}
			}
			if !secret || strings.Contains(fmt.Sprint(tree.Faults), "hunter2") {
				t.Errorf("% x: a secret node: %v; faults %+v", value, secret, tree.Faults)
			}
		}
	}
}

func TestPairs(t *testing.T) {
	for in, want := range map[string]string{
		"version?1%corporateCompany?Example, Inc.%": "version = 1; corporateCompany = Example, Inc.",
		"version?1%corporateCompany?Example, Inc.":  "version = 1; corporateCompany = Example, Inc.",
		"share?100%25 of it%3f%":                    "share = 100% of it?",
		"a?1%beef?2%":                               "a = 1; beef = 2",
		"name?":                                     "name = ",
		"":                                          "",
		"no pair":                                   "! «no pair» has no ? between name and value",
		"a?1%2b?2%":                                 "! the name «2b» begins with a digit",
		"?1%":                                       "! «?1» has no name in front of the ?",
		"a?1%%b?2%":                                 "! «» has no ? between name and value",
	} {
		list, _ := read(t, []byte(tlv(0x30, tlv(0x30, "\x06\x09\x2b\x06\x01\x05\x05\x07\x05\x02\x01", tlv(0x0c, in)))), func(r *field.Reader) []*crmf.Control {
			_, list := crmf.ReadControls(r, "regInfo")
			return list
		})
		p, ok := list[0].Value.(*crmf.Pairs)
		if !ok {
			t.Fatalf("%q is read as %T", in, list[0].Value)
		}
		got := p.String()
		if p.Fault != "" {
			got = "! " + p.Fault
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestContentType: of an EnvelopedData what it says to hold.
func TestContentType(t *testing.T) {
	envelope := "\x02\x01\x02" + tlv(0x31) + tlv(0x30, "\x06\x01\x2a", ed)
	for in, want := range map[string]oid.ID{
		tlv(0xa0, envelope):            "1.2",
		tlv(0xa0, tlv(0x30, envelope)): "1.2", // tagged wrongly
		tlv(0xa0, "\x02\x01\x02"):      "",
		tlv(0x30, tlv(0x03, "\x00x")):  "", // an EncryptedValue
	} {
		k, _ := read(t, []byte(in), func(r *field.Reader) *crmf.EncryptedKey { return crmf.ReadEncryptedKey(r, "key") })
		if id, ok := k.ContentType(); ok != (want != "") || id != want {
			t.Errorf("% x: %q", in, id)
		}
	}
}

// FuzzRequest: whatever the octets, each is shown once, and what is answered
// does not depend on luck.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(tlv(0x30, tlv(0x30, "\x02\x01\x00", tlv(0x30, tlv(0xa5, name), tlv(0xa6, contents(key)))), "\x80\x00")))
	f.Add([]byte(tlv(0x30, tlv(0x30, "\x02\x01\x00", tlv(0x30, tlv(0xa5, contents(name)), tlv(0xa6, key))), "\xa2\x03\x81\x01\x00")))
	f.Add([]byte(tlv(0x30, tlv(0x30, "\x02\x01\x00", tlv(0x30)), tlv(0xa1, tlv(0xa0, tlv(0xa4, name), key), ed, tlv(0x03, "\x00x")))))
	f.Add([]byte(tlv(0x30, tlv(0x30, "\x02\x01\x00\x30\x00", tlv(0x30, tlv(0x30, "\x06\x09\x2b\x06\x01\x05\x05\x07\x05\x01\x01", "\x0c\x01x"))))))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, tree := read(t, b, message)
		if n := len(tree.Nodes); n > 40_000+len(b) {
			t.Fatalf("%d nodes of %d octets", n, len(b))
		}
		if m.POP != nil && m.POP.Form == crmf.Signature {
			if got := m.Possessed(); got.Outcome == 1 && got.Key == nil {
				t.Error("a signature fits no key")
			}
		}
		for _, c := range m.Request.Controls {
			if c.Value != nil && (c.Fault != "" || !c.Known) {
				t.Errorf("the control %s has a value of type %T and the fault %q", c.ID, c.Value, c.Fault)
			}
		}
	})
}
