// Package cert reads certificates, CRLs, certification requests, public keys,
// names and extensions, and judges what can be said of each by itself and with
// its issuer at hand.
//
// It builds no path to an anchor in one verdict: each step of a chain is its
// own answer, for that is what a person can act on.
//
// Documents: RFC 5280, and those that define the extensions.
package cert

import (
	"bytes"
	"crypto/sha1"
	"slices"
	"strconv"
	"time"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// rfc5280 cites the document that most of this package follows.
func rfc5280(section string) spec.Ref { return spec.RFC(5280, section) }

// Certificate is a certificate as it was read.
//
//	Certificate ::= SEQUENCE {
//		tbsCertificate      TBSCertificate,
//		signatureAlgorithm  AlgorithmIdentifier,
//		signatureValue      BIT STRING }
//
// RFC 5280, section 4.1
type Certificate struct {
	Ref       report.Ref
	OK        bool   // its structure could be read to the end; what extensions, key and signature hold is their own matter
	Raw       []byte // the whole element
	TBS       []byte // tbsCertificate as sent, header included
	Version   field.Field[field.Int]
	Serial    field.Field[field.Int]
	Inner     Algorithm // tbsCertificate.signature
	Issuer    Name
	NotBefore field.Field[field.Moment]
	NotAfter  field.Field[field.Moment]
	Subject   Name
	PublicKey PublicKey
	// IssuerUID and SubjectUID are relics of version 2.
	IssuerUID, SubjectUID field.Field[field.BitString]
	Extended              report.Ref // the field extensions, None if there is none
	Extensions            []Extension
	Algorithm             Algorithm // signatureAlgorithm
	Signature             field.Field[field.BitString]

	signed   map[*Certificate]sig.Result // by issuer: a verification is worth remembering
	verified []verified                  // with the key of this certificate
}

// ReadCertificate reads one certificate.
func ReadCertificate(r *field.Reader, label string) *Certificate {
	defer r.Cite(r.Cite(rfc5280("4.1")))
	c := &Certificate{Raw: r.Element(), Extended: report.None}
	before, _ := r.Breaks()
	c.Ref = r.Seq(label, func(r *field.Reader) {
		c.TBS = r.Element()
		r.Seq("tbsCertificate", c.tbs)
		c.Algorithm = ReadAlgorithm(r, "signatureAlgorithm")
		c.Signature = ReadSignature(r, "signatureValue", c.Algorithm)
	})
	after, _ := r.Breaks()
	c.OK = after == before && c.Raw != nil
	if c.OK {
		r.Show(c.Ref, c.Title())
	}
	return c
}

// tbs reads the signed part.
//
//	TBSCertificate ::= SEQUENCE {
//		version          [0] EXPLICIT Version DEFAULT v1,
//		serialNumber         CertificateSerialNumber,
//		signature            AlgorithmIdentifier,
//		issuer               Name,
//		validity             Validity,
//		subject              Name,
//		subjectPublicKeyInfo SubjectPublicKeyInfo,
//		issuerUniqueID   [1] IMPLICIT UniqueIdentifier OPTIONAL,
//		subjectUniqueID  [2] IMPLICIT UniqueIdentifier OPTIONAL,
//		extensions       [3] EXPLICIT Extensions OPTIONAL }
func (c *Certificate) tbs(r *field.Reader) {
	r.Cite(rfc5280("4.1.2.1"))
	r.Explicit(0, "version", func(r *field.Reader) { c.Version = readVersion(r, "version", true) })
	r.Cite(rfc5280("4.1.2.2"))
	c.Serial = r.Integer("serialNumber")
	showSerial(r, c.Serial)
	r.Cite(rfc5280("4.1.2.3"))
	c.Inner = ReadAlgorithm(r, "signature")
	r.Cite(rfc5280("4.1.2.4"))
	c.Issuer = ReadName(r, "issuer")
	r.Cite(rfc5280("4.1.2.5"))
	validity := r.Seq("validity", func(r *field.Reader) {
		c.NotBefore = r.TimeEither("notBefore")
		c.NotAfter = r.TimeEither("notAfter")
	})
	if c.NotBefore.OK && c.NotAfter.OK {
		r.Show(validity, day(c.NotBefore.Value.Time)+" to "+day(c.NotAfter.Value.Time))
	}
	r.Cite(rfc5280("4.1.2.6"))
	c.Subject = ReadName(r, "subject")
	r.Cite(rfc5280("4.1.2.7"))
	c.PublicKey = ReadPublicKey(r, "subjectPublicKeyInfo")
	r.Cite(rfc5280("4.1.2.8"))
	if r.Peek(der.Ctx(1)) {
		c.IssuerUID = r.BitsAs("issuerUniqueID", der.Ctx(1))
	}
	if r.Peek(der.Ctx(2)) {
		c.SubjectUID = r.BitsAs("subjectUniqueID", der.Ctx(2))
	}
	r.Cite(rfc5280("4.1.2.9"))
	r.Explicit(3, "extensions", func(r *field.Reader) { c.Extended, c.Extensions = ListExtensions(r, "extensions") })
}

// readVersion reads a version number, of which 0 is v1. If v1 is the DEFAULT it
// is not to be sent.
func readVersion(r *field.Reader, label string, isDefault bool) field.Field[field.Int] {
	v := r.Integer(label)
	n, small := v.Value.Int64()
	if !v.OK || !small || n < 0 || n > 2 {
		return v
	}
	r.Show(v.Ref, "v"+strconv.FormatInt(n+1, 10)+" ("+strconv.FormatInt(n, 10)+")")
	if n == 0 && isDefault {
		r.Flag(v.Ref, report.Default)
		r.Fault(field.DefaultSent, v.Ref, "%s is v1, the default, and was sent: DER leaves it out", label)
	}
	return v
}

// showSerial writes a serial number as people compare them: hex with colons.
func showSerial(r *field.Reader, f field.Field[field.Int]) {
	if f.OK && !r.Muted() {
		r.Show(f.Ref, f.Value.Text())
	}
}

// day writes the date of a moment, which is what people ask of a validity.
func day(t time.Time) string { return t.UTC().Format("2006-01-02") }

// Extension is the first extension of this type, or nil.
func (c *Certificate) Extension(id oid.ID) *Extension { return Find(c.Extensions, id) }

// HasEKU says whether the certificate names purposes of its key, and whether id
// is one of them.
func (c *Certificate) HasEKU(id oid.ID) (present, has bool) {
	e := c.Extension(IDExtKeyUsage)
	if e == nil {
		return false, false
	}
	usage, _ := e.Content.(ExtKeyUsage)
	return true, slices.Contains(usage, id)
}

// IsCA says that basicConstraints has cA TRUE.
func (c *Certificate) IsCA() bool {
	b, ok := content[*BasicConstraints](c.Extensions, IDBasicConstraints)
	return ok && b.CA
}

// KeyUsage is the keyUsage extension, and whether there is one that can be read.
func (c *Certificate) KeyUsage() (KeyUsage, bool) {
	return content[KeyUsage](c.Extensions, IDKeyUsage)
}

// SKI is the subject key identifier, or nil.
func (c *Certificate) SKI() []byte {
	id, _ := content[KeyIdentifier](c.Extensions, IDSubjectKeyIdentifier)
	return id
}

// AKI is the key identifier of the authority key identifier, or nil.
func (c *Certificate) AKI() []byte {
	if a, ok := content[*AuthorityKeyIdentifier](c.Extensions, IDAuthorityKeyIdentifier); ok {
		return a.KeyID
	}
	return nil
}

// OCSPURLs are where the responders for this certificate can be asked.
func (c *Certificate) OCSPURLs() []string { return c.access(MethodOCSP) }

// CAIssuers are where the certificate of the issuer can be fetched.
func (c *Certificate) CAIssuers() []string { return c.access(MethodCAIssuers) }

func (c *Certificate) access(method oid.ID) []string {
	info, _ := content[AuthorityInfo](c.Extensions, IDAuthorityInfoAccess)
	return info.URLs(method)
}

// CRLURLs are where the CRLs for this certificate can be fetched.
func (c *Certificate) CRLURLs() []string {
	points, _ := content[DistributionPoints](c.Extensions, IDCRLDistributionPoints)
	var urls []string
	for _, p := range points {
		for _, n := range p.FullName {
			if n.Choice == URI {
				urls = append(urls, n.Text)
			}
		}
	}
	return urls
}

// TLSFeatures are the TLS extensions that a server with this certificate must
// support, and whether the certificate names any. RFC 7633.
func (c *Certificate) TLSFeatures() ([]int, bool) {
	f, ok := content[TLSFeatures](c.Extensions, IDTLSFeature)
	return f, ok
}

// SignedBy verifies the signature with the key of issuer. Each answer is
// computed once.
func (c *Certificate) SignedBy(issuer *Certificate) sig.Result {
	if res, known := c.signed[issuer]; known {
		return res
	}
	res := c.SignedByKey(issuer.PublicKey)
	if c.signed == nil {
		c.signed = map[*Certificate]sig.Result{}
	}
	c.signed[issuer] = res
	return res
}

// SignedByKey verifies the signature with a key.
func (c *Certificate) SignedByKey(k PublicKey) sig.Result {
	return Verify(c.Algorithm, k, c.TBS, c.Signature)
}

// verified is a verification with a certificate's key.
type verified struct {
	algorithm         sig.Algorithm
	signed, signature []byte
	result            sig.Result
}

// remembered bounds the verifications that a certificate keeps.
const remembered = 4

// Verifies verifies a signature over signed with the certificate's key. The
// last answers are remembered, for many ask the same of the same octets.
func (c *Certificate) Verifies(a sig.Algorithm, signed, signature []byte) sig.Result {
	for _, v := range c.verified {
		if v.algorithm.ID == a.ID && bytes.Equal(v.algorithm.Parameters, a.Parameters) && bytes.Equal(v.signature, signature) && bytes.Equal(v.signed, signed) {
			return v.result
		}
	}
	r := sig.Verify(a, c.PublicKey.Key, signed, signature)
	if len(c.verified) == remembered {
		c.verified = c.verified[1:]
	}
	c.verified = append(c.verified, verified{a, signed, signature, r})
	return r
}

// KeyHash is the SHA-1 hash of the public key, by which OCSP names an issuer.
func (c *Certificate) KeyHash() []byte {
	h := sha1.Sum(c.PublicKey.Bits)
	return h[:]
}

// SelfIssued says that subject and issuer are the same name.
func (c *Certificate) SelfIssued() bool {
	octets, folded := c.Subject.Equal(c.Issuer)
	return octets || folded
}

// Title names the certificate for people: its common name, or the best there is.
func (c *Certificate) Title() string {
	if name := c.Subject.Short(); name != "" {
		return name
	}
	names, _ := content[GeneralNames](c.Extensions, IDSubjectAltName)
	if len(names) > 0 && names[0].Text != "" {
		return names[0].Text
	}
	if c.Serial.OK {
		return "serial number " + c.Serial.Value.Text()
	}
	return nameless
}

// nameless is the title of a certificate that has no name at all.
const nameless = "a certificate without a name"

// ValidAt says that t lies within the validity, both ends included.
//
// RFC 5280, section 4.1.2.5
func (c *Certificate) ValidAt(t time.Time) bool {
	return c.NotBefore.OK && c.NotAfter.OK &&
		!t.Before(c.NotBefore.Value.Time) && !t.After(c.NotAfter.Value.Time)
}
