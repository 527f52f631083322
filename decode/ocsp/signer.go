package ocsp

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/sig"
)

// Place says where the signer's certificate was found.
type Place string

const (
	AtHandIssuer Place = "issuer"   // it is the issuer at hand
	Embedded     Place = "embedded" // in certs
	Given        Place = "given"    // among the other evidence
)

// Signer is the certificate that responderID names, and how its key does.
type Signer struct {
	Cert  *cert.Certificate // nil: none at hand fits
	Place Place
	Index int // in certs, when embedded
	// Octets says that a responderID byName equals the subject octet by octet,
	// not only by the rules of RFC 5280, section 7.1.
	Octets bool
	// BySKI says that the key hash is the certificate's subjectKeyIdentifier,
	// not the SHA-1 of its key.
	BySKI bool
	// Fitting counts the certificates that responderID could name.
	Fitting int
	Result  sig.Result // of the response's signature under this key
	// Other is the certificate whose key does verify the signature, where the
	// one named does not; nil if none at hand does.
	Other *cert.Certificate

	IsIssuer  bool // same key as the issuer's
	Local     bool // trusted by local decision
	Unbacked  bool // nothing outside the response vouches for the issuer
	Delegated bool // a certificate other than the issuer
	Purpose   bool // it has the OCSP signing purpose
	AnyOnly   bool // of purposes it has only «any»
	// Under is the verification of the delegated certificate with the issuer's key.
	Under sig.Result
}

// candidate is a certificate that might be the signer.
type candidate struct {
	cert  *cert.Certificate
	place Place
	index int
}

// candidates lists where a signer is looked for, in order: the issuer, certs,
// everything else at hand.
func (v *View) candidates() []candidate {
	var out []candidate
	add := func(c *cert.Certificate, p Place, i int) {
		if c != nil && c.PublicKey.Raw != nil {
			out = append(out, candidate{c, p, i})
		}
	}
	add(v.Issuer, AtHandIssuer, -1)
	for i, c := range v.Basic.Certs {
		add(c, Embedded, i)
	}
	for _, list := range [][]*cert.Certificate{v.Locals, v.Others, v.Anchors} {
		for _, c := range list {
			add(c, Given, -1)
		}
	}
	add(v.Subject, Given, -1)
	return out
}

// tried bounds how many keys are tried on a signature.
const tried = 64

// findSigner finds the certificate that responderID names; of several the one
// whose key verifies (spec of the responder: RFC 6960, section 4.2.2.3).
func (v *View) findSigner() (s Signer) {
	all := v.candidates()
	id := v.Basic.Data.Responder
	for _, k := range all {
		fits, octets, ski := id.names(k.cert)
		if !fits {
			continue
		}
		if s.Cert != nil && bytes.Equal(s.Cert.PublicKey.Raw, k.cert.PublicKey.Raw) && bytes.Equal(s.Cert.Subject.Raw, k.cert.Subject.Raw) {
			continue
		}
		s.Fitting++
		if s.Cert != nil && (s.Fitting > tried || s.Result.Outcome == sig.Valid || ski && !s.BySKI) {
			continue
		}
		r := v.verify(k.cert)
		if s.Cert == nil || r.Outcome == sig.Valid || s.BySKI && !ski {
			s.Cert, s.Place, s.Index, s.Octets, s.BySKI, s.Result = k.cert, k.place, k.index, octets, ski, r
		}
	}
	if s.Cert == nil || s.Result.Outcome != sig.Valid {
		for _, k := range all[:min(len(all), tried)] {
			if k.cert != s.Cert && v.verify(k.cert).Outcome == sig.Valid {
				s.Other = k.cert
				break
			}
		}
	}
	v.authority(&s)
	return s
}

// verify verifies the response's signature under a certificate's key.
func (v *View) verify(c *cert.Certificate) sig.Result {
	if !v.Basic.Signature.OK || c.PublicKey.Err != "" || v.Basic.Signature.Value.Unused != 0 {
		return cert.Verify(v.Basic.Algorithm, c.PublicKey, v.Basic.TBS, v.Basic.Signature) // says why it cannot be
	}
	return c.Verifies(v.Basic.Algorithm.Algorithm, v.Basic.TBS, v.Basic.Signature.Value.Bytes)
}

// names says whether a responderID fits a certificate.
func (id Responder) names(c *cert.Certificate) (fits, octets, ski bool) {
	if id.ByName {
		octets, folded := id.Name.Equal(c.Subject)
		return folded, octets, false
	}
	if bytes.Equal(id.Key, c.KeyHash()) {
		return true, true, false
	}
	if len(id.Key) > 0 && bytes.Equal(id.Key, c.SKI()) {
		return true, true, true
	}
	return false, false, false
}

// authority finds out by what right the signer signs.
//
// RFC 6960, section 4.2.2.2
func (v *View) authority(s *Signer) {
	c := s.Cert
	if c == nil {
		return
	}
	for _, t := range v.Locals {
		s.Local = s.Local || bytes.Equal(t.Raw, c.Raw)
	}
	_, s.Purpose = c.HasEKU(cert.PurposeOCSPSigning)
	_, any := c.HasEKU(cert.PurposeAny)
	s.AnyOnly = any && !s.Purpose
	if v.Issuer == nil {
		return
	}
	s.Unbacked = v.unbacked()
	s.IsIssuer = c.PublicKey.Same(v.Issuer.PublicKey)
	if !s.IsIssuer {
		s.Delegated = true
		s.Under = c.SignedBy(v.Issuer)
	}
}

// Authorized says that the signer has one of the three rights to sign.
func (s Signer) Authorized() bool {
	return s.Cert != nil && (s.IsIssuer || s.Local || s.Delegated && s.Purpose && s.Under.Outcome == sig.Valid)
}

// Proven says that the signature holds and that the signer may give it.
func (s Signer) Proven() bool {
	return s.Authorized() && s.Result.Outcome == sig.Valid && (s.Local || !s.Unbacked)
}
