package cmp

import (
	"slices"
	"strings"
	"testing"
)

// The numbers are those that OpenSSL and Bouncy Castle have for the bits.
func TestFailInfo(t *testing.T) {
	for _, c := range []struct {
		bit     int
		name    string
		openSSL uint64
		castle  int32
	}{
		{0, "badAlg", 1, 128}, {7, "incorrectData", 128, 1}, {8, "missingTimeStamp", 256, 32768}, {9, "badPOP", 512, 16384},
		{23, "notAuthorized", 8388608, 65536}, {24, "systemUnavail", 16777216, -2147483648}, {25, "systemFailure", 33554432, 1073741824},
		{26, "duplicateCertReq", 67108864, 536870912},
	} {
		f := NewFailInfo(c.bit)
		if f.OpenSSL != c.openSSL || f.BouncyCastle != c.castle || FailureName(c.bit) != c.name {
			t.Errorf("bit %d is %s, %d, %d; want %+v", c.bit, FailureName(c.bit), f.OpenSSL, f.BouncyCastle, c)
		}
		for _, g := range []FailInfo{FailInfoOfOpenSSL(c.openSSL), FailInfoOfBouncyCastle(c.castle)} {
			if !slices.Equal(g.Bits, []int{c.bit}) {
				t.Errorf("%+v means %v", c, g.Bits)
			}
		}
	}
	if f := NewFailInfo(2, 9); f.OpenSSL != 516 || f.String() != "OpenSSL 516, Bouncy Castle 16416" {
		t.Errorf("bits 2 and 9 are %s", f)
	}
}

func TestReasons(t *testing.T) {
	for code, want := range map[int64]string{
		0x1d00009e:   "CMP_R_ERROR_PROCESSING_MESSAGE (158): error processing message",
		58<<23 | 205: "CMP_R_UNEXPECTED_CENTRAL_GEN_KEY (205): unexpected central gen key",
		56<<23 | 100: "CRMF_R_BAD_PBM_ITERATIONCOUNT (100): bad pbm iterationcount",
		58<<23 | 206: "OpenSSL's library CMP, reason 206",
		61<<23 | 110: "OpenSSL's library HTTP, reason 110",
	} {
		if r, ok := ReasonOf(code); !ok || r.String() != want {
			t.Errorf("%#x is %v %s, want %s", code, ok, r, want)
		}
	}
	for _, code := range []int64{-1, 0, 1, 158, 20<<23 | 1, 58 << 23, 1<<31 | 158, 58<<23 | 1<<33 | 158} {
		if r, ok := ReasonOf(code); ok {
			t.Errorf("%#x is taken for %s", code, r)
		}
	}
	if len(reasons["CMP"]) != 106 || len(reasons["CRMF"]) != 30 {
		t.Errorf("%d and %d names", len(reasons["CMP"]), len(reasons["CRMF"]))
	}
	if r, ok := ReasonNamed("CMP", "WRONG_PBM_VALUE"); !ok || r.Number != 155 {
		t.Errorf("%v %+v", ok, r)
	}
	if _, ok := ReasonNamed("CMP", strings.ToLower("WRONG_PBM_VALUE")); ok {
		t.Error("names are in capitals")
	}
}
