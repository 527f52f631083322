package web

import (
	"encoding/hex"
	"encoding/pem"
	"testing"
)

func TestPartOctets(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		header   int
		want     string
	}{
		{"a SEQUENCE", "3003020105", 2, "3003020105"},
		{"inside an explicit tag", "a0053003020105", 4, "3003020105"},
		{"a tag of its own", "a003020105", 2, "a003020105"},
		{"two tags", "a007a0053003020105", 6, "3003020105"},
		{"a string of octets that holds an element", "04053003020105", 2, "3003020105"},
		{"a string of bits that holds an element", "0306003003020105", 2, "3003020105"},
		{"a string of octets that holds none", "0403616263", 2, "0403616263"},
		{"no element", "ffff", 0, "ffff"},
	} {
		if got := hex.EncodeToString(partOctets(unhex(t, tc.in), tc.header)); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestPEMText(t *testing.T) {
	for _, n := range []int{1, 48, 49, 96, 1000} {
		b := make([]byte, n)
		got, rest := pem.Decode([]byte(pemText("X509 CRL", b)))
		if got == nil || got.Type != "X509 CRL" || len(got.Bytes) != n || len(rest) > 0 {
			t.Errorf("%d octets: %v", n, got)
		}
	}
}

func TestFileName(t *testing.T) {
	for label, want := range map[string]string{"certs[0]": "certs-0.der", "thisUpdate": "thisUpdate.der", "": "field.der", "../x y": "x-y.der", "…": "field.der"} {
		if got := fileName(label, []byte{5, 0}); got != want {
			t.Errorf("%q: %s, want %s", label, got, want)
		}
	}
	if got := fileName("extensions", []byte{1, 2}); got != "extensions.bin" {
		t.Error(got)
	}
}
