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
}

// Built is a request in the forms in which it is sent.
type Built struct {
	DER     []byte
	Base64  string
	URL     string // of the responder, with the request behind it; "" without an OCSP URL in the certificate
	Curl    string // the command that sends it
	OpenSSL string // the command that does the same
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
	r := Built{DER: out, Base64: base64Of(out)}
	url := q.URL
	if urls := q.Subjects[0].OCSPURLs(); url == "" && len(urls) > 0 {
		url = urls[0]
	}
	if url != "" {
		r.URL = strings.TrimSuffix(url, "/") + "/" + escaped(out)
	}
	word, ok := cert.ShellURL(url)
	if !ok {
		word = "URL"
	}
	r.Curl = curl(word, r.URL, r.Base64)
	r.OpenSSL = openSSL(word, len(q.Subjects), q.SHA256, q.Nonce != nil)
	return r, nil
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

// curl is the command that sends the request: by GET while the URL is short,
// else by POST (RFC 9919, section 6). url is a word of the shell.
func curl(url, get, encoded string) string {
	if word, ok := cert.ShellURL(get); ok && len(get) <= 255 {
		return "curl -sS -o response.der " + word
	}
	return "printf %s '" + encoded + "' | base64 -d | curl -sS -o response.der -H 'Content-Type: application/ocsp-request' --data-binary @- " + url
}

func openSSL(url string, certs int, sha256, nonce bool) string {
	cmd := "openssl ocsp -issuer issuer.pem"
	for range certs {
		if sha256 {
			cmd += " -sha256"
		}
		cmd += " -cert leaf.pem"
	}
	if !nonce {
		cmd += " -no_nonce"
	}
	return cmd + " -url " + url + " -respout response.der"
}

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
