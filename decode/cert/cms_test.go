package cert

import (
	"crypto/x509"
	"slices"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// bundle makes a PKCS #7 bundle without signers.
func bundle(certificates, crls []byte) []byte {
	sequence := func(parts ...[]byte) []byte { return wrap(der.Sequence, slices.Concat(parts...)) }
	tagged := func(tag byte, contents []byte) []byte {
		b := wrap(der.OctetString, contents)
		b[0] = tag
		return b
	}
	signed := sequence([]byte{2, 1, 1, 0x31, 0},
		sequence([]byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1}),
		tagged(0xa0, certificates), tagged(0xa1, crls), []byte{0x31, 0})
	return sequence([]byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2}, tagged(0xa0, signed))
}

// TestBundle: what a bundle carries comes out as messages of their own.
func TestBundle(t *testing.T) {
	ca, _ := authority(t)
	m, tree := read(t, bundle(slices.Concat(ca.Raw, leaf(t, nil)), list(t, 9)), ReadCMS)
	var hints []string
	for _, p := range tree.Pieces {
		hints = append(hints, p.Hint)
		b := tree.Sources[p.Span.Source].Bytes[p.Span.Off:p.Span.End()]
		if _, err := x509.ParseCertificate(b); (err == nil) != (p.Hint == "certificate") {
			t.Errorf("a piece called %s: %v", p.Hint, err)
		}
	}
	if !slices.Equal(hints, []string{"certificate", "certificate", "crl"}) || m.Format != "signed-data" || !m.OK {
		t.Errorf("pieces %q of %+v", hints, m)
	}
}

// TestRequestSecret: the challenge password of a request is marked.
func TestRequestSecret(t *testing.T) {
	password := []byte("\x30\x15\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x07\x31\x08\x0c\x06secret")
	q := &Request{}
	_, tree := read(t, password, func(r *field.Reader) attributeSet { return readAttributeSet(r, "attributes[0]", q.attribute) })
	last := tree.Nodes[len(tree.Nodes)-1]
	if last.Flags&report.Secret == 0 || last.Value != "a password, not shown" {
		t.Errorf("the password is %+v", last)
	}
}
