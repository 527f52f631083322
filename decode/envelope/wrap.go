package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"

	"derscope/decode/oid"
	"derscope/decode/sig"
)

// unwrapAES opens a key that was wrapped with AES.
//
// RFC 3394, section 2.2.2
func unwrapAES(kek, wrapped []byte) ([]byte, bool) {
	block, err := aes.NewCipher(kek)
	if err != nil || len(wrapped) < 24 || len(wrapped)%8 != 0 || len(wrapped) > 1<<12 {
		return nil, false
	}
	n := len(wrapped)/8 - 1
	out := append([]byte{}, wrapped[8:]...)
	var b [16]byte
	copy(b[:8], wrapped)
	for j := 5; j >= 0; j-- {
		for i := n; i >= 1; i-- {
			t := binary.BigEndian.Uint64(b[:8]) ^ uint64(n*j+i)
			binary.BigEndian.PutUint64(b[:8], t)
			copy(b[8:], out[8*(i-1):])
			block.Decrypt(b[:], b[:])
			copy(out[8*(i-1):], b[8:])
		}
	}
	return out, binary.BigEndian.Uint64(b[:8]) == 0xa6a6a6a6a6a6a6a6
}

// unwrapPWRI opens a key that was wrapped twice in CBC, as id-alg-PWRI-KEK does.
//
// RFC 3211, section 2.3.2
func unwrapPWRI(block cipher.Block, iv, wrapped []byte) ([]byte, bool) {
	n := block.BlockSize()
	if len(iv) != n || len(wrapped) < 2*n || len(wrapped)%n != 0 || len(wrapped) > 1<<12 {
		return nil, false
	}
	b := append([]byte{}, wrapped...)
	// The last block's plaintext is the IV of the inner layer's first block.
	last := b[len(b)-n:]
	cipher.NewCBCDecrypter(block, wrapped[len(wrapped)-2*n:len(wrapped)-n]).CryptBlocks(last, last)
	cipher.NewCBCDecrypter(block, last).CryptBlocks(b[:len(b)-n], b[:len(b)-n])
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(b, b)
	size := int(b[0])
	if size < 3 || size > len(b)-4 || b[1]^b[4] != 0xff || b[2]^b[5] != 0xff || b[3]^b[6] != 0xff {
		return nil, false
	}
	return b[4 : 4+size], true
}

// wraps are the sizes of the keys of AES key wrap: RFC 3565, section 2.3.2.
var wraps = map[oid.ID]int{"2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.25": 24, "2.16.840.1.101.3.4.1.45": 32}

func unwrapped(kek, wrapped []byte, what string) ([]byte, string) {
	key, ok := unwrapAES(kek, wrapped)
	if !ok {
		return nil, "the " + what + " at hand does not fit: it was encrypted for another, or changed"
	}
	return key, ""
}

// WrapSize is the size of the key that wraps the content's, in octets; 0: not known.
func (p *Recipient) WrapSize() int {
	switch {
	case p.Kind == KARI:
		return wraps[sig.AlgorithmID(p.Algorithm.Parameters)]
	case p.Algorithm.ID == idPWRIKEK:
		return ciphers[sig.AlgorithmID(p.Algorithm.Parameters)].key
	}
	return wraps[p.Algorithm.ID]
}
