package sig

import (
	"errors"

	"derscope/decode/oid"
)

func ParseAlgorithm(der []byte) (Algorithm, bool) { return Algorithm{}, false }
func ParseKey(spki []byte) (Key, error)           { return Key{}, errors.New("sig: not yet") }
func (k Key) Name() string                        { return "" }
func (k Key) Family() string                      { return "" }
func (k Key) Size() int                           { return 0 }

// SignatureLength is how many octets a signature by k has; false where it varies or is unknown.
func (k Key) SignatureLength() (int, bool) { return 0, false }

func (a Algorithm) Scheme() Scheme         { return Scheme{} }
func (a Algorithm) ParameterFault() string { return "" }

// Baseline says whether the octets are one of the encodings that TLS BR 7.1.3.2 permits.
func (a Algorithm) Baseline() bool { return false }

// Fault says what about p is unusual: hash ≠ MGF hash, salt ≠ hash length, trailer ≠ 1; "" if nothing.
func (p *PSS) Fault() string { return "" }

func Verify(a Algorithm, k Key, signed, signature []byte) Result { return Result{} }

// ECDSAForm says what keeps an ECDSA or DSA signature from being a SEQUENCE of two minimal positive INTEGERs, "" if nothing.
func ECDSAForm(k Key, signature []byte) string { return "" }

func Digest(id oid.ID) (h func([]byte) []byte, name string, size int, ok bool) {
	return nil, "", 0, false
}
