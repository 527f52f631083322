package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"hash"

	"derscope/decode/der"
	"derscope/decode/oid"
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

// x963 derives a key of n octets.
//
// SEC 1, section 3.6.1
func x963(h func() hash.Hash, secret, info []byte, n int) []byte {
	var out []byte
	for i := uint32(1); len(out) < n; i++ {
		d := h()
		d.Write(secret)
		d.Write(binary.BigEndian.AppendUint32(nil, i))
		d.Write(info)
		out = d.Sum(out)
	}
	return out[:n]
}

// agreements are the ways to derive a key that two sides agreed on: RFC 5753,
// section 7.1.4, and RFC 8418, section 2.
var agreements = map[oid.ID]struct {
	hash func() hash.Hash
	hkdf bool
}{
	"1.3.133.16.840.63.0.2":      {sha1.New, false},
	"1.3.132.1.11.0":             {sha256.New224, false},
	"1.3.132.1.11.1":             {sha256.New, false},
	"1.3.132.1.11.2":             {sha512.New384, false},
	"1.3.132.1.11.3":             {sha512.New, false},
	"1.3.133.16.840.63.0.3":      {sha1.New, false},
	"1.3.132.1.14.0":             {sha256.New224, false},
	"1.3.132.1.14.1":             {sha256.New, false},
	"1.3.132.1.14.2":             {sha512.New384, false},
	"1.3.132.1.14.3":             {sha512.New, false},
	"1.2.840.113549.1.9.16.3.19": {sha256.New, true},
	"1.2.840.113549.1.9.16.3.20": {sha512.New384, true},
	"1.2.840.113549.1.9.16.3.21": {sha512.New, true},
}

// hkdfs are the hashes of HKDF as an algorithm: RFC 8619, section 2.
var hkdfs = map[oid.ID]func() hash.Hash{
	"1.2.840.113549.1.9.16.3.28": sha256.New,
	"1.2.840.113549.1.9.16.3.29": sha512.New384,
	"1.2.840.113549.1.9.16.3.30": sha512.New,
}

// prfs are the pseudorandom functions of PBKDF2: RFC 8018, appendix B.1.
var prfs = map[oid.ID]func() hash.Hash{
	"1.2.840.113549.2.7": sha1.New, "1.2.840.113549.2.8": sha256.New224, "1.2.840.113549.2.9": sha256.New,
	"1.2.840.113549.2.10": sha512.New384, "1.2.840.113549.2.11": sha512.New,
}

// wraps are the sizes of the keys of AES key wrap: RFC 3565, section 2.3.2.
var wraps = map[oid.ID]int{"2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.25": 24, "2.16.840.1.101.3.4.1.45": 32}

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
	iv, rest, ok := first(parameters, der.OctetString)
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

// mostRounds bounds the rounds of a password's derivation.
const mostRounds = 1_000_000

// derivePassword derives a key of n octets from a password, as PBKDF2-params say.
//
// RFC 8018, appendix A.2
func derivePassword(parameters, password []byte, n int) ([]byte, string) {
	p, ok := readPBKDF2(parameters)
	switch {
	case !ok:
		return nil, "the parameters of PBKDF2 cannot be read"
	case p.rounds < 1 || p.rounds > mostRounds:
		return nil, "the rounds of PBKDF2 are more than are computed here"
	case prfs[p.prf] == nil:
		return nil, "the pseudorandom function of PBKDF2 is not one that is computed here"
	case p.length != 0 && p.length != n:
		return nil, "PBKDF2 names another key length than the key wrap needs"
	}
	key, err := pbkdf2.Key(prfs[p.prf], string(password), p.salt, p.rounds, n)
	if err != nil {
		return nil, err.Error()
	}
	return key, ""
}

// pbkdf2Params are PBKDF2-params with a salt that stands in them.
type pbkdf2Params struct {
	salt           []byte
	rounds, length int
	prf            oid.ID
}

func readPBKDF2(parameters []byte) (p pbkdf2Params, ok bool) {
	in, rest, ok := first(parameters, der.Sequence)
	if !ok || len(rest) > 0 {
		return p, false
	}
	if p.salt, in, ok = first(in, der.OctetString); !ok {
		return p, false
	}
	if p.rounds, in, ok = small(in); !ok {
		return p, false
	}
	p.prf = "1.2.840.113549.2.7"
	if n, left, is := small(in); is {
		p.length, in = n, left
	}
	if a, _, is := first(in, der.Sequence); is {
		id, _, good := first(a, der.OID)
		p.prf, _ = oid.Parse(id)
		return p, good
	}
	return p, len(in) == 0
}

// small reads an INTEGER of up to 31 bits.
func small(b []byte) (n int, rest []byte, ok bool) {
	c, rest, ok := first(b, der.Integer)
	if !ok || len(c) == 0 || len(c) > 4 || c[0]&0x80 != 0 {
		return 0, b, false
	}
	for _, v := range c {
		n = n<<8 | int(v)
	}
	return n, rest, true
}

// first gives the contents of the first element, and what follows it.
func first(b []byte, t der.Tag) (contents, rest []byte, ok bool) {
	e, err := der.Next(b, 0, len(b))
	if err != nil || e.Tag != t || e.Indefinite {
		return nil, b, false
	}
	return b[e.Content():e.Close()], b[e.End():], true
}

// deriveHKDF derives a key of n octets.
func deriveHKDF(h func() hash.Hash, secret, salt, info []byte, n int) []byte {
	key, err := hkdf.Key(h, secret, salt, string(info), n)
	if err != nil {
		return nil
	}
	return key
}
