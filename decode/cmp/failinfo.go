package cmp

import (
	"strconv"

	"derscope/decode/field"
)

// A set of reasons for a failure is written in three ways. In a message it is a
// BIT STRING, whose bit 0 is the first. OpenSSL prints and takes the number that
// has the bit 1<<n for each. Bouncy Castle has the octets of the BIT STRING as a
// number of 32 bits, the first octet lowest, so that people look for
// «failInfo=65536» and mean notAuthorized.

// FailInfo is a set of reasons in these ways.
type FailInfo struct {
	Bits         []int  // in order
	OpenSSL      uint64 // of bits below 64
	BouncyCastle int32  // of bits below 32
}

// NewFailInfo makes all three ways of the bits.
func NewFailInfo(bits ...int) FailInfo {
	f := FailInfo{Bits: bits}
	for _, n := range bits {
		if n >= 0 && n < 64 {
			f.OpenSSL |= 1 << n
		}
		if n >= 0 && n < 32 {
			f.BouncyCastle |= int32(uint32(1) << (n/8*8 + 7 - n%8))
		}
	}
	return f
}

// FailInfoOfOpenSSL is what a number of OpenSSL means.
func FailInfoOfOpenSSL(v uint64) FailInfo {
	var bits []int
	for n := range 64 {
		if v&(1<<n) != 0 {
			bits = append(bits, n)
		}
	}
	return NewFailInfo(bits...)
}

// FailInfoOfBouncyCastle is what a number of Bouncy Castle means.
func FailInfoOfBouncyCastle(v int32) FailInfo {
	var bits []int
	for n := range 32 {
		if uint32(v)&(1<<(n/8*8+7-n%8)) != 0 {
			bits = append(bits, n)
		}
	}
	return NewFailInfo(bits...)
}

// Names are the names of the bits: badPOP; bit 27.
func (f FailInfo) Names() (names []string) {
	for _, n := range f.Bits {
		names = append(names, FailureName(n))
	}
	return names
}

// String writes the numbers: OpenSSL 512, Bouncy Castle 16384.
func (f FailInfo) String() string {
	return "OpenSSL " + strconv.FormatUint(f.OpenSSL, 10) + ", Bouncy Castle " + strconv.FormatInt(int64(f.BouncyCastle), 10)
}

// Reasons are the bits of failInfo that are set.
func (s *PKIStatusInfo) Reasons() FailInfo { return NewFailInfo(s.Bits()...) }

// readFailInfo reads a PKIFailureInfo, and shows it in the three ways.
func readFailInfo(r *field.Reader, s *PKIStatusInfo) {
	s.FailInfo = r.Bits("failInfo")
	set := s.Bits()
	if len(set) == 0 {
		return
	}
	text := ""
	for i, n := range set {
		if i > 0 {
			text += ", "
		}
		text += FailureName(n)
		if n < len(failures) {
			text += " (" + strconv.Itoa(n) + ")"
		}
	}
	r.Show(s.FailInfo.Ref, text+": "+NewFailInfo(set...).String())
}
