package ocsp

import (
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// Question is what a request is built of.
type Question struct {
	Subjects []*cert.Certificate // the certificates asked about, all of one issuer
	Issuer   *cert.Certificate
	SHA256   bool   // the hash of the CertIDs; SHA-1 otherwise, which every responder knows
	Nonce    []byte // nil: none; RFC 9654, section 2.1 asks for 32 octets
	URL      string // of the responder; "" takes the one that the certificate names

	// Names of the files that hold subject and issuer, for the commands; where
	// they are not plain words, and of several subjects, others stand for them.
	File, IssuerFile string
}

// Built is a request in the forms in which it is sent.
type Built struct {
	DER       []byte
	Base64    string
	Responder string // its URL; "" where nobody names one
	URL       string // of a GET: the same with the request behind it; "" without one
	Get       string // the command that sends it by GET; "" where that is too long for RFC 9919, section 6
	Post      string // the command that sends it by POST
	OpenSSL   string // the command that makes such a request and sends it
}

const (
	sha1ID   oid.ID = "1.3.14.3.2.26"
	sha256ID oid.ID = "2.16.840.1.101.3.4.2.1"
)

// Build makes an OCSPRequest.
//
// RFC 6960, section 4.1.1 and appendix A.1
func Build(q Question) (Built, error) {
	if len(q.Subjects) == 0 || q.Issuer == nil {
		return Built{}, errors.New("ocsp: a request needs a certificate and its issuer")
	}
	hash := sha1ID
	if q.SHA256 {
		hash = sha256ID
	}
	digest, _, _, _ := sig.Digest(hash)
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // OCSPRequest
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // tbsRequest
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // requestList
				for _, s := range q.Subjects {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // Request
						b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { // CertID
							b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
								b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(hash.Bytes()) })
								b.AddASN1NULL()
							})
							b.AddASN1OctetString(digest(s.Issuer.Raw))
							b.AddASN1OctetString(digest(q.Issuer.PublicKey.Bits))
							b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(s.Serial.Value) })
						})
					})
				}
			})
			if q.Nonce != nil {
				b.AddASN1(asn1.Tag(2).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { nonceExtension(b, q.Nonce) })
			}
		})
	})
	out, err := b.Bytes()
	if err != nil {
		return Built{}, err
	}
	r := Built{DER: out, Base64: base64Of(out), Responder: q.URL}
	if r.Responder == "" {
		r.Responder = responderOf(q.Subjects[0])
	}
	if r.Responder != "" {
		r.URL = strings.TrimSuffix(r.Responder, "/") + "/" + escaped(out)
	}
	if word, ok := cert.ShellURL(r.URL); ok && len(r.URL) <= 255 {
		r.Get = "curl -sS -o response.der " + word
	}
	r.Post = "printf %s '" + r.Base64 + "' | base64 -d | curl -sS -o response.der " +
		"-H 'Content-Type: application/ocsp-request' --data-binary @- " + urlWord(r.Responder)
	r.OpenSSL = asks(q) + sends(urlWord(r.Responder))
	return r, nil
}

// responderOf is the first OCSP URL of a certificate, or "".
func responderOf(c *cert.Certificate) string {
	if urls := c.OCSPURLs(); len(urls) > 0 {
		return urls[0]
	}
	return ""
}

// nonceExtension writes Extensions with one nonce.
func nonceExtension(b *cryptobyte.Builder, nonce []byte) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(NonceID.Bytes()) })
			b.AddASN1(asn1.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
		})
	})
}

// plainly is the command that makes a request of one certificate, with names
// of files that stand for any.
const plainly = "openssl ocsp -issuer issuer.pem -cert leaf.pem"

// asks is the same for what q asks.
func asks(q Question) string {
	cmd := "openssl ocsp -issuer " + fileWord(q.IssuerFile, "issuer.pem")
	for range q.Subjects {
		if q.SHA256 {
			cmd += " -sha256" // for what follows
		}
		name := q.File
		if len(q.Subjects) > 1 {
			name = ""
		}
		cmd += " -cert " + fileWord(name, "leaf.pem")
	}
	if q.Nonce == nil {
		cmd += " -no_nonce" // it makes one of its own otherwise
	}
	return cmd
}

// sends is the end of the command: to where, and where the answer goes.
func sends(url string) string { return " -url " + url + " -respout response.der" }

// urlWord is a URL as a word of the shell, or what stands for one.
func urlWord(url string) string {
	if word, ok := cert.ShellURL(url); ok {
		return word
	}
	return "URL"
}

// fileWord is the name of a file, if it is a plain word for every shell and no
// option, or else another.
func fileWord(name, other string) string {
	plain := func(c rune) bool {
		return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.ContainsRune("._-", c)
	}
	if name == "" || name[0] == '-' || len(name) > 100 || strings.TrimFunc(name, plain) != "" {
		return other
	}
	return name
}

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
