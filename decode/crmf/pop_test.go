package crmf_test

import (
	"crypto/ed25519"
	"testing"

	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/sig"
)

// TestForms: every form of a proof of possession is told, in the tagging that is
// due and where one can be told in the other.
func TestForms(t *testing.T) {
	const tagging = field.Tagging
	mac := tlv(0x30, tlv(0x06, "\x2b\x06\x01\x05\x05\x08\x01\x02"), "\x05\x00") // hmac-SHA1
	sig := tlv(0x03, "\x00sig")
	sender := tlv(0xa4, name)
	envelope := "\x02\x01\x02" + tlv(0x31) + tlv(0x30, "\x06\x01\x2a", ed)
	for _, c := range []struct {
		what   string
		pop    string
		form   crmf.Form
		method string // "" where there is none
		faults []field.Kind
	}{
		{"raVerified", "\x80\x00", crmf.RAVerified, "", nil},
		{"raVerified, wrapped", "\xa0\x02\x05\x00", crmf.RAVerified, "", []field.Kind{tagging}},
		{"signature", tlv(0xa1, ed, sig), crmf.Signature, "", nil},
		{"signature, wrapped", tlv(0xa1, tlv(0x30, ed, sig)), crmf.Signature, "", []field.Kind{tagging}},
		{"with input", tlv(0xa1, tlv(0xa0, tlv(0xa0, sender), key), ed, sig), crmf.Signature, "", nil},
		{"with input, wrapped", tlv(0xa1, tlv(0xa0, tlv(0x30, tlv(0xa0, sender), key)), ed, sig), crmf.Signature, "", []field.Kind{tagging}},
		{"with input and an untagged sender", tlv(0xa1, tlv(0xa0, sender, key), ed, sig), crmf.Signature, "", []field.Kind{tagging}},
		{"with a MAC", tlv(0xa1, tlv(0xa0, tlv(0x30, mac, sig), key), ed, sig), crmf.Signature, "", nil},
		{"encrCert", "\xa2\x03\x81\x01\x00", crmf.KeyEncipherment, "subsequentMessage", nil},
		{"challengeResp", "\xa3\x03\x81\x01\x01", crmf.KeyAgreement, "subsequentMessage", nil},
		{"encrCert, wrapped", "\xa2\x05\xa1\x03\x02\x01\x00", crmf.KeyEncipherment, "subsequentMessage", []field.Kind{tagging}},
		{"encrCert without the tag of the choice", "\x82\x01\x00", crmf.KeyEncipherment, "subsequentMessage", []field.Kind{tagging}},
		{"thisMessage", tlv(0xa2, tlv(0x80, "\x00x")), crmf.KeyEncipherment, "thisMessage", nil},
		{"thisMessage with an EncryptedValue", tlv(0xa2, tlv(0x80, "\x00", tlv(0x30, tlv(0x03, "\x00x")))), crmf.KeyEncipherment, "thisMessage", nil},
		{"dhMAC", tlv(0xa3, tlv(0x82, "\x00x")), crmf.KeyAgreement, "dhMAC", nil},
		{"agreeMAC", tlv(0xa3, tlv(0xa3, mac, sig)), crmf.KeyAgreement, "agreeMAC", nil},
		{"agreeMAC, wrapped", tlv(0xa3, tlv(0xa3, tlv(0x30, mac, sig))), crmf.KeyAgreement, "agreeMAC", []field.Kind{tagging}},
		{"encryptedKey", tlv(0xa2, tlv(0xa4, envelope)), crmf.KeyEncipherment, "encryptedKey", nil},
		{"encryptedKey, wrapped", tlv(0xa2, tlv(0xa4, tlv(0x30, envelope))), crmf.KeyEncipherment, "encryptedKey", []field.Kind{tagging}},
		{"an unknown method", tlv(0xa2, tlv(0x85, "x")), crmf.KeyEncipherment, "an unknown method", []field.Kind{field.Unexpected}},
		{"an unknown form", "\x84\x00", -1, "", []field.Kind{field.Unexpected}},
		{"a form of many bits", "\xbf\x8f\x7f\x00", -1, "", []field.Kind{field.Unexpected}},
	} {
		m, tree := read(t, []byte(tlv(0x30, tlv(0x30, "\x02\x01\x00\x30\x00"), c.pop)), message)
		p := m.POP
		if p == nil || p.Form != c.form {
			t.Errorf("%s: %+v", c.what, p)
			continue
		}
		if cipher := c.form == crmf.KeyEncipherment || c.form == crmf.KeyAgreement; cipher && p.Method.String() != c.method {
			t.Errorf("%s: the method is %s", c.what, p.Method)
		}
		var kinds []field.Kind
		for _, f := range tree.Faults {
			kinds = append(kinds, f.Kind)
		}
		if string(kindText(kinds)) != string(kindText(c.faults)) {
			t.Errorf("%s: faults %+v", c.what, tree.Faults)
		}
		if p.Input != nil && p.Input.PublicKey.Key.Name() != "Ed25519" {
			t.Errorf("%s: the key is %s", c.what, p.Input.PublicKey.Key.Name())
		}
		if c.what == "thisMessage with an EncryptedValue" && (p.Encrypted == nil || p.Encrypted.Value == nil) {
			t.Errorf("%s: it is not opened", c.what)
		}
	}
}

func kindText(list []field.Kind) (b []byte) {
	for _, k := range list {
		b = append(b, byte(k))
	}
	return b
}

// TestPossessed: of what a signature may cover the one is told that it does.
func TestPossessed(t *testing.T) {
	private := ed25519.NewKeyFromSeed(make([]byte, 32))
	spki := tlv(0x30, ed, tlv(0x03, "\x00"+string(private.Public().(ed25519.PublicKey))))
	signed := func(b string) string { return tlv(0x03, "\x00"+string(ed25519.Sign(private, []byte(b)))) }
	template := tlv(0x30, tlv(0xa5, name), tlv(0xa6, contents(spki)))
	request := tlv(0x30, "\x02\x01\x00", template)
	bare := tlv(0x30, "\x02\x01\x00\x30\x00")
	input := tlv(0xa0, tlv(0xa4, name)) + spki
	for _, c := range []struct {
		what    string
		request string
		input   string
		signed  string
		outcome sig.Outcome
		over    crmf.Signed
	}{
		{"certReq", request, "", request, sig.Valid, crmf.OverRequest},
		{"another", request, "", bare, sig.Wrong, 0},
		{"the template", request, "", template, sig.Valid, crmf.OverTemplate},
		{"no key", bare, "", bare, sig.Malformed, 0},
		{"input as a SEQUENCE", bare, input, tlv(0x30, input), sig.Valid, crmf.OverInput},
		{"input as sent", bare, input, tlv(0xa0, input), sig.Valid, crmf.OverTagged},
		{"the contents of input", bare, input, input, sig.Valid, crmf.OverContents},
		{"certReq beside input", request, input, request, sig.Valid, crmf.Besides},
		{"none of input", bare, input, "x", sig.Wrong, crmf.OverInput},
	} {
		in := ""
		if c.input != "" {
			in = tlv(0xa0, c.input)
		}
		m, tree := read(t, []byte(tlv(0x30, c.request, tlv(0xa1, in, ed, signed(c.signed)))), message)
		if len(tree.Faults) > 0 {
			t.Errorf("%s: %+v", c.what, tree.Faults)
		}
		got := m.Possessed()
		if got.Outcome != c.outcome || got.Outcome == sig.Valid && got.Over != c.over {
			t.Errorf("%s: %s over %d (%s)", c.what, got.Outcome, got.Over, got.Why)
		}
	}
}
