package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"

	"derscope/decode/der"
	"derscope/decode/oid"
)

// ciphers are those of content, with the sizes of their keys: RFC 3565 and RFC 5084.
var ciphers = map[oid.ID]struct {
	key  int
	mode string
}{
	"2.16.840.1.101.3.4.1.2": {16, "cbc"}, "2.16.840.1.101.3.4.1.22": {24, "cbc"}, "2.16.840.1.101.3.4.1.42": {32, "cbc"},
	"2.16.840.1.101.3.4.1.6": {16, "gcm"}, "2.16.840.1.101.3.4.1.26": {24, "gcm"}, "2.16.840.1.101.3.4.1.46": {32, "gcm"},
	"1.2.840.113549.3.7": {24, "des"},
}

// blockOf makes the block cipher of a content cipher.
func blockOf(id oid.ID, key []byte) (cipher.Block, bool) {
	c, known := ciphers[id]
	if !known || len(key) != c.key {
		return nil, false
	}
	var b cipher.Block
	var err error
	if c.mode == "des" {
		b, err = des.NewTripleDESCipher(key)
	} else {
		b, err = aes.NewCipher(key)
	}
	return b, err == nil
}

// decrypt opens content. strict wants the padding of CMS; without it what has
// none is taken as it is.
func decrypt(id oid.ID, parameters, key, content []byte, strict bool) ([]byte, string) {
	c, known := ciphers[id]
	if !known || c.mode == "gcm" {
		return nil, "the cipher is not one that is opened here"
	}
	block, ok := blockOf(id, key)
	if !ok {
		return nil, "the key has another length than the cipher's"
	}
	iv, rest, ok := der.First(parameters, der.OctetString)
	n := block.BlockSize()
	switch {
	case !ok || len(rest) > 0 || len(iv) != n:
		return nil, "the parameters of the cipher hold no initialization vector of its length"
	case len(content) == 0 || len(content)%n != 0:
		return nil, "the content is no whole number of blocks"
	}
	out := make([]byte, len(content))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, content)
	pad := int(out[len(out)-1])
	good := pad >= 1 && pad <= n
	for i := 1; good && i <= pad; i++ {
		good = int(out[len(out)-i]) == pad
	}
	switch {
	case good:
		return out[:len(out)-pad], ""
	case strict:
		return nil, "what comes out does not end in padding"
	}
	return out, ""
}

// KeySize is the size of a content cipher's key, in octets; 0: not known.
func KeySize(id oid.ID) int { return ciphers[id].key }

// AES says that a content cipher is AES in CBC or GCM.
func AES(id oid.ID) bool { return ciphers[id].mode == "cbc" || ciphers[id].mode == "gcm" }
