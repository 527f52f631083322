package bigcrl

import (
	"bytes"
	"crypto/x509"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// TestSize holds the two figures that benchmark results are quoted with.
func TestSize(t *testing.T) {
	b := CRL(Entries)
	if len(b) < 9_200_000 || len(b) > 9_400_000 {
		t.Errorf("size is %d octets, want about 9.3 MB", len(b))
	}
	if n := elements(t, b); n != Elements {
		t.Errorf("%d elements, want %d", n, Elements)
	}
}

// TestReadable has crypto/x509 read it.
func TestReadable(t *testing.T) {
	list, err := x509.ParseRevocationList(CRL(60))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(list.RevokedCertificateEntries); n != 60 {
		t.Errorf("%d entries, want 60", n)
	}
	for i, e := range list.RevokedCertificateEntries {
		if has := e.ReasonCode != 0; has != (i%6 != 5) {
			t.Errorf("entry %d: reason is %d", i, e.ReasonCode)
		}
	}
}

// TestSame has two runs agree.
func TestSame(t *testing.T) {
	if !bytes.Equal(CRL(1000), CRL(1000)) {
		t.Error("two runs differ")
	}
}

// elements counts elements, and opens the OCTET STRINGs of extensions.
func elements(t *testing.T, b []byte) int {
	n := 0
	for s := cryptobyte.String(b); !s.Empty(); {
		var content cryptobyte.String
		var tag asn1.Tag
		if !s.ReadAnyASN1(&content, &tag) {
			t.Fatalf("no element at %x", s[:min(len(s), 16)])
		}
		n++
		if tag&0x20 != 0 || tag == asn1.OCTET_STRING {
			n += elements(t, content)
		}
	}
	return n
}
