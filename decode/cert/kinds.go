package cert

import (
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/spec"
)

// Certificates is the kind of X.509 certificates.
var Certificates = check.Of(check.Kind{
	Name: "certificate", Title: "Certificate", Spec: rfc5280("4.1"), Match: certificateSigns.match,
	Rules: check.Catalogue(readableRules, issuedRules, validityRules, extensionRules, strengthRules, formRules, stapleRules),
}, readCertificate, viewCertificate, judgeCertificate)

// Revocations is the kind of CRLs.
var Revocations = check.Of(check.Kind{
	Name: "crl", Title: "CRL", Spec: rfc5280("5.1"), Match: crlSigns.match,
	Rules: check.Catalogue(crlRules),
}, func(r *field.Reader) *CRL { return ReadCRL(r, "certificateList") }, viewCRL, judgeCRL)

// Requests is the kind of PKCS #10 certification requests.
var Requests = check.Of(check.Kind{
	Name: "certificate-request", Title: "Certification request", Spec: rfc2986("4"), Match: requestSigns.match,
	Rules: check.Catalogue(requestRules),
}, func(r *field.Reader) *Request { return ReadRequest(r, "certificationRequest") }, same[*Request], judgeRequest)

// PublicKeys is the kind of public keys that stand by themselves.
var PublicKeys = check.Of(check.Kind{
	Name: "public-key", Title: "Public key", Spec: rfc5280("4.1"), Match: publicKeySigns.match,
	Rules: check.Catalogue(keyRules),
}, ReadKeyFile, same[*PublicKey], judgeKey)

// Names is the kind of Names that stand by themselves.
var Names = check.Of(check.Kind{
	Name: "name", Title: "Name", Spec: rfc5280("4.1.2.4"), Match: nameSigns.match,
	Rules: check.Catalogue(nameRules),
}, func(r *field.Reader) *Name { n := ReadName(r, "name"); return &n }, same[*Name], judgeName)

// CMS is the kind of PKCS #7 and CMS messages.
var CMS = check.Of(check.Kind{
	Name: "cms", Title: "CMS message", Spec: spec.RFC(5652, "3"), Match: cmsSigns.match,
	Rules: check.Catalogue(cmsRules),
}, ReadCMS, same[*Message], judgeCMS)

// PKCS12 is the kind of PKCS #12 files. In the report they are a format of CMS,
// but since they may hold a private key without encryption, they are secret.
var PKCS12 = check.Of(check.Kind{
	Name: "cms", Title: "PKCS #12 file", Spec: spec.RFC(7292, "4"), Secret: true, Match: pkcs12Signs.match,
	Rules: check.Catalogue(cmsRules),
}, ReadCMS, same[*Message], judgeCMS)

// PrivateKeys is the kind of private keys, which are recognised and never shown.
var PrivateKeys = check.Of(check.Kind{
	Name: "private-key", Title: "Private key", Spec: spec.RFC(5958, "2"), Secret: true, Match: privateKeySigns.match,
}, ReadPrivateKey, same[*PrivateKey], judgePrivateKey)

// same is the view of things that nothing beside them bears on.
func same[T any](_ *check.Context, v T) T { return v }

// readCertificate reads a certificate that stands by itself. In OpenSSL's
// TRUSTED CERTIFICATE, what it is trusted for follows.
func readCertificate(r *field.Reader) *Certificate {
	c := ReadCertificate(r, "certificate")
	if c.OK && shape(r.Left(), "{") && !r.Empty() {
		r.Cite(spec.Doc("d2i_X509_AUX(3)", ""))
		at := r.Any("certAux")
		r.Note(at, "what OpenSSL trusts the certificate for; no part of it")
	}
	return c
}

var keyRules = []check.Rule[*PublicKey]{{
	ID: "key.readable", Group: keyGroup, Level: check.Must, Refs: "RFC 5280 §4.1.2.7",
	Title: "The key can be read to its end, and is DER",
	Judge: func(c *check.Context, _ *PublicKey) check.Outcome { return readable(c) },
}, {
	ID: "key.strength", Group: keyGroup, Level: check.Must, Refs: "TLS BR §6.1.5",
	Title: "The key is strong enough",
	Judge: func(_ *check.Context, k *PublicKey) check.Outcome {
		if k.Key.Name() == "" {
			return check.Skip() // key.readable says why
		}
		return strongKey(*k)
	},
}}

var nameRules = []check.Rule[*Name]{{
	ID: "name.readable", Group: otherGroup, Level: check.Must, Refs: "RFC 5280 §4.1.2.4",
	Title: "The name can be read to its end, and is DER",
	Judge: func(c *check.Context, _ *Name) check.Outcome { return readable(c) },
}}

var cmsRules = []check.Rule[*Message]{{
	ID: "cms.readable", Group: otherGroup, Level: check.Must, Refs: "RFC 5652 §3",
	Title: "The message can be read to its end",
	Judge: func(c *check.Context, m *Message) check.Outcome {
		o := readable(c)
		if o.Bad() || m.Format == "pkcs12" || len(c.Faults) == 0 {
			return o
		}
		// CMS is BER but for what is signed: RFC 5652, section 1.
		return check.Note(m.Ref, "It is BER and not DER, which CMS allows.")
	},
}}
