package decode

import (
	"errors"

	"derscope/decode/cert"
	"derscope/decode/ocsp"
)

// Question says what an OCSP request asks: about which certificates, in what
// hash, with what nonce. Certificates are in any form that can be pasted.
type Question struct {
	Subjects [][]byte
	Issuer   []byte
	SHA256   bool   // the hash of the CertIDs; SHA-1 otherwise, which every responder knows
	Nonce    []byte // nil: none
	URL      string // of the responder; "" takes the one that the certificate names

	// Names of the files that hold subject and issuer, for the commands: see
	// ocsp.Question.
	File, IssuerFile string
}

// BuildRequest makes an OCSP request (RFC 6960, section 4.1.1).
func BuildRequest(q Question) (ocsp.Built, error) {
	ask := ocsp.Question{SHA256: q.SHA256, Nonce: q.Nonce, URL: q.URL, File: q.File, IssuerFile: q.IssuerFile}
	for _, b := range q.Subjects {
		k := certificate(b)
		if k == nil {
			return ocsp.Built{}, errors.New("decode: the subject is no certificate")
		}
		ask.Subjects = append(ask.Subjects, k)
	}
	if ask.Issuer = certificate(q.Issuer); ask.Issuer == nil {
		return ocsp.Built{}, errors.New("decode: the issuer is no certificate")
	}
	return ocsp.Build(ask)
}

// certificate gives the first certificate found in an input, or nil.
func certificate(b []byte) *cert.Certificate {
	for _, e := range Load([]Input{{Bytes: b}}, Limits{}).exhibits {
		if k, ok := e.Value.(*cert.Certificate); ok && k.OK {
			return k
		}
	}
	return nil
}
