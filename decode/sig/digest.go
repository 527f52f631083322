package sig

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"

	"derscope/decode/oid"
)

// digest is a hash algorithm: one that takes octets bit by bit, or one that
// takes them whole.
type digest struct {
	id    oid.ID
	name  string
	size  int // octets
	new   func() hash.Hash
	whole func([]byte) []byte
}

// digests are the hash algorithms known here. SHAKE128 and SHAKE256 have the
// lengths that RFC 8702, section 3.1, gives them.
var digests = []digest{
	{"2.16.840.1.101.3.4.2.1", "SHA-256", 32, sha256.New, nil},
	{"1.3.14.3.2.26", "SHA-1", 20, sha1.New, nil},
	{"2.16.840.1.101.3.4.2.2", "SHA-384", 48, sha512.New384, nil},
	{"2.16.840.1.101.3.4.2.3", "SHA-512", 64, sha512.New, nil},
	{"2.16.840.1.101.3.4.2.4", "SHA-224", 28, sha256.New224, nil},
	{"2.16.840.1.101.3.4.2.5", "SHA-512/224", 28, sha512.New512_224, nil},
	{"2.16.840.1.101.3.4.2.6", "SHA-512/256", 32, sha512.New512_256, nil},
	{"2.16.840.1.101.3.4.2.7", "SHA3-224", 28, func() hash.Hash { return sha3.New224() }, nil},
	{"2.16.840.1.101.3.4.2.8", "SHA3-256", 32, func() hash.Hash { return sha3.New256() }, nil},
	{"2.16.840.1.101.3.4.2.9", "SHA3-384", 48, func() hash.Hash { return sha3.New384() }, nil},
	{"2.16.840.1.101.3.4.2.10", "SHA3-512", 64, func() hash.Hash { return sha3.New512() }, nil},
	{"2.16.840.1.101.3.4.2.11", "SHAKE128", 32, nil, func(b []byte) []byte { return sha3.SumSHAKE128(b, 32) }},
	{"2.16.840.1.101.3.4.2.12", "SHAKE256", 64, nil, func(b []byte) []byte { return sha3.SumSHAKE256(b, 64) }},
	{"1.2.840.113549.2.5", "MD5", 16, md5.New, nil},
	{"1.2.840.113549.2.4", "MD4", 16, nil, md4},
	{"1.2.840.113549.2.2", "MD2", 16, nil, md2},
}

// sum hashes b.
func (d digest) sum(b []byte) []byte {
	if d.new == nil {
		return d.whole(b)
	}
	h := d.new()
	h.Write(b)
	return h.Sum(nil)
}

// Digest gives the hash function of an identifier, with its name and its length
// in octets. MD2 and MD4 are there to explain old data.
func Digest(id oid.ID) (h func([]byte) []byte, name string, size int, ok bool) {
	for _, d := range digests {
		if d.id == id {
			return d.sum, d.name, d.size, true
		}
	}
	return nil, "", 0, false
}

// Hash makes the hash function of an identifier; nil where it is not known, or
// takes octets only whole.
func Hash(id oid.ID) func() hash.Hash {
	for _, d := range digests {
		if d.id == id {
			return d.new
		}
	}
	return nil
}

// digestNamed is the digest of this name; its size is 0 if there is none.
func digestNamed(name string) digest {
	for _, d := range digests {
		if d.name == name {
			return d
		}
	}
	return digest{}
}

// hashName names a hash algorithm for people: the dotted form if unknown here.
func hashName(id oid.ID) string {
	if _, name, _, ok := Digest(id); ok {
		return name
	}
	return id.String()
}
