package ticket

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// Order says how a key file is cut into name, cipher key and MAC key.
type Order string

const (
	NameAESHMAC Order = "name-aes-hmac"
	NameHMACAES Order = "name-hmac-aes"
	Derived     Order = "derived" // the keys come out of a hash of the whole
	Raw         Order = "raw"     // the octets are the key of an AEAD
)

// Key is one reading of key material: the same octets are read in every way
// that some program reads them.
type Key struct {
	Name      []byte // the key name on the wire; nil if it has none or it is not known yet
	Program   string // whose reading it is: «nginx», «OpenSSL, Apache»
	Order     Order
	Cipher    string // «AES-256-CBC»
	MAC       string // «HMAC-SHA-256»; "" of an AEAD
	CipherKey []byte
	MACKey    []byte

	File     int        // the item that it is from, -1: from the list of weak keys
	Place    int        // which key of its file
	Ref      report.Ref // its node
	Encrypts bool       // new tickets are sealed with it, as far as its place says
	Said     bool       // the file's form says that this is the reading
	Letters  bool       // the letters of the file are taken as the key

	scheme   scheme
	material []byte // the whole of it, for derivations
	steps    *steps // of GnuTLS
	h2o      bool
}

// KeyFile is the value of the kind ticket-key.
type KeyFile struct {
	Ref    report.Ref
	Bytes  []byte
	Form   Form
	Blocks []Block // the keys in it, in their order
	Line   int     // octets of a line end behind a key of octets

	read []Key // the readings, made when they are first asked for
}

// Block is the material of one key of a file.
type Block struct {
	Bytes []byte
	Name  []byte // said beside it, as in s2n's and h2o's forms
	// Cipher and Hash are said beside it in h2o's form.
	Cipher, Hash string
	Ref          report.Ref
}

// ring is all keys at hand, and the files that they are from.
type ring struct {
	files []*KeyFile
	keys  []Key
}

// ringOf collects the readings of all key files at hand, in their order.
func ringOf(c *check.Context) (r ring) {
	for _, e := range check.All[*KeyFile](c) {
		r.files = append(r.files, e.Is)
		if keys := e.Is.readings(e.Item); r.keys == nil {
			r.keys = keys[:len(keys):len(keys)]
		} else {
			r.keys = append(r.keys, keys...)
		}
	}
	return r
}

// Keys lists the readings of all key files at hand, in their order.
func Keys(c *check.Context) []Key { return ringOf(c).keys }
