package sig

import (
	"encoding/binary"
	"math/bits"
)

// md2Table is the permutation of RFC 1319, section 3.2, made of digits of pi.
const md2Table = "" +
	"\x29\x2e\x43\xc9\xa2\xd8\x7c\x01\x3d\x36\x54\xa1\xec\xf0\x06\x13" +
	"\x62\xa7\x05\xf3\xc0\xc7\x73\x8c\x98\x93\x2b\xd9\xbc\x4c\x82\xca" +
	"\x1e\x9b\x57\x3c\xfd\xd4\xe0\x16\x67\x42\x6f\x18\x8a\x17\xe5\x12" +
	"\xbe\x4e\xc4\xd6\xda\x9e\xde\x49\xa0\xfb\xf5\x8e\xbb\x2f\xee\x7a" +
	"\xa9\x68\x79\x91\x15\xb2\x07\x3f\x94\xc2\x10\x89\x0b\x22\x5f\x21" +
	"\x80\x7f\x5d\x9a\x5a\x90\x32\x27\x35\x3e\xcc\xe7\xbf\xf7\x97\x03" +
	"\xff\x19\x30\xb3\x48\xa5\xb5\xd1\xd7\x5e\x92\x2a\xac\x56\xaa\xc6" +
	"\x4f\xb8\x38\xd2\x96\xa4\x7d\xb6\x76\xfc\x6b\xe2\x9c\x74\x04\xf1" +
	"\x45\x9d\x70\x59\x64\x71\x87\x20\x86\x5b\xcf\x65\xe6\x2d\xa8\x02" +
	"\x1b\x60\x25\xad\xae\xb0\xb9\xf6\x1c\x46\x61\x69\x34\x40\x7e\x0f" +
	"\x55\x47\xa3\x23\xdd\x51\xaf\x3a\xc3\x5c\xf9\xce\xba\xc5\xea\x26" +
	"\x2c\x53\x0d\x6e\x85\x28\x84\x09\xd3\xdf\xcd\xf4\x41\x81\x4d\x52" +
	"\x6a\xdc\x37\xc8\x6c\xc1\xab\xfa\x24\xe1\x7b\x08\x0c\xbd\xb1\x4a" +
	"\x78\x88\x95\x8b\xe3\x63\xe8\x6d\xe9\xcb\xd5\xfe\x3b\x00\x1d\x39" +
	"\xf2\xef\xb7\x0e\x66\x58\xd0\xe4\xa6\x77\x72\xf8\xeb\x75\x4b\x0a" +
	"\x31\x44\x50\xb4\x8f\xed\x1f\x1a\xdb\x99\x8d\x33\x9f\x11\x83\x14"

// md2 is MD2 (RFC 1319).
func md2(b []byte) []byte {
	pad := 16 - len(b)%16
	msg := append(make([]byte, 0, len(b)+pad+16), b...)
	for range pad {
		msg = append(msg, byte(pad))
	}
	var check [16]byte
	var last byte
	for i, c := range msg {
		check[i%16] ^= md2Table[c^last]
		last = check[i%16]
	}
	msg = append(msg, check[:]...)

	var x [48]byte
	for ; len(msg) > 0; msg = msg[16:] {
		for j := range 16 {
			x[16+j] = msg[j]
			x[32+j] = msg[j] ^ x[j]
		}
		var t byte
		for round := range 18 {
			for k := range x {
				x[k] ^= md2Table[t]
				t = x[k]
			}
			t += byte(round)
		}
	}
	return x[:16]
}

// md4 is MD4 (RFC 1320).
func md4(b []byte) []byte {
	msg := append(make([]byte, 0, len(b)+72), b...)
	msg = append(msg, 0x80)
	for len(msg)%64 != 56 {
		msg = append(msg, 0)
	}
	msg = binary.LittleEndian.AppendUint64(msg, uint64(len(b))*8)

	h := [4]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476}
	for ; len(msg) > 0; msg = msg[64:] {
		s := h
		for i := range 48 {
			var f uint32
			var k, turn int
			switch j := i % 16; i / 16 {
			case 0:
				f, k = s[1]&s[2]|^s[1]&s[3], j
				turn = [4]int{3, 7, 11, 19}[i%4]
			case 1:
				f, k = s[1]&s[2]|s[1]&s[3]|s[2]&s[3], j%4*4+j/4
				f += 0x5a827999
				turn = [4]int{3, 5, 9, 13}[i%4]
			default:
				f, k = s[1]^s[2]^s[3], int(bits.Reverse8(byte(j))>>4)
				f += 0x6ed9eba1
				turn = [4]int{3, 9, 11, 15}[i%4]
			}
			v := bits.RotateLeft32(s[0]+f+binary.LittleEndian.Uint32(msg[4*k:]), turn)
			s = [4]uint32{s[3], v, s[1], s[2]}
		}
		for i := range h {
			h[i] += s[i]
		}
	}
	var out []byte
	for _, v := range h {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return out
}
