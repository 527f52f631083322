package seal

import (
	"bytes"
	"crypto/aes"
	"encoding/binary"
)

// WrapAES wraps a key with AES.
//
// RFC 3394, section 2.2.1
func WrapAES(kek, key []byte) []byte {
	block := must(aes.NewCipher(kek))
	n := len(key) / 8
	out := append(bytes.Repeat([]byte{0xa6}, 8), key...)
	var b [16]byte
	for j := range 6 {
		for i := 1; i <= n; i++ {
			copy(b[:8], out)
			copy(b[8:], out[8*i:])
			block.Encrypt(b[:], b[:])
			binary.BigEndian.PutUint64(out, binary.BigEndian.Uint64(b[:8])^uint64(n*j+i))
			copy(out[8*i:], b[8:])
		}
	}
	return out
}
