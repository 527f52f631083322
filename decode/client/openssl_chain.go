package client

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// maxChain is how many certificates a chain may have (X509_VERIFY_PARAM's depth of 100).
const maxChain = 100

// buildChain is X509_verify_cert for the purpose «OCSP helper», which asks
// nothing of the leaf. It answers with the chain or with the text of the error.
//
// Source: crypto/x509/x509_vfy.c (build_chain, check_extensions, internal_verify), v3_purp.c.
func (v *verification) buildChain(leaf *cert.Certificate, untrusted []*cert.Certificate) ([]*cert.Certificate, string) {
	chain := []*cert.Certificate{leaf}
	trusted := 0 // how many at the end of the chain are from the store
	for len(chain) <= maxChain {
		top := chain[len(chain)-1]
		self := selfSigned(top)
		if self && trusted == 0 && holds(v.store, top) {
			trusted = 1
		}
		if trusted > 0 && (self || v.flags&partialChain != 0) {
			return chain, v.checkChain(chain, trusted)
		}
		if self {
			break
		}
		if up := v.issuerOf(top, v.store, chain); up != nil {
			chain, trusted = append(chain, up), trusted+1
			continue
		}
		up := v.issuerOf(top, untrusted, chain)
		if up == nil || trusted > 0 {
			break
		}
		chain = append(chain, up)
	}
	top := chain[len(chain)-1]
	switch {
	case v.flags&partialChain != 0 && holds(v.store, leaf):
		return chain[:1], v.checkChain(chain[:1], 1)
	case selfSigned(top) && len(chain) == 1:
		return nil, "self-signed certificate"
	case selfSigned(top):
		return nil, "self-signed certificate in certificate chain"
	case trusted > 0:
		return nil, "unable to get issuer certificate"
	case len(chain) > maxChain:
		return nil, "certificate chain too long"
	}
	return nil, "unable to get local issuer certificate"
}

func holds(list []*cert.Certificate, c *cert.Certificate) bool {
	for _, k := range list {
		if bytes.Equal(k.Raw, c.Raw) {
			return true
		}
	}
	return false
}

// selfSigned is EXFLAG_SS: own name as issuer and no sign of another key. The
// signature is not computed.
func selfSigned(c *cert.Certificate) bool {
	_, folded := c.Subject.Equal(c.Issuer)
	return folded && keyIDFits(c, c)
}

func keyIDFits(issuer, c *cert.Certificate) bool {
	aki, ski := c.AKI(), issuer.SKI()
	return aki == nil || ski == nil || bytes.Equal(aki, ski)
}

// issuerOf finds the certificate that could have issued c, by names, key
// identifiers and key usage; one that is valid now wins over one that is not.
func (v *verification) issuerOf(c *cert.Certificate, list, chain []*cert.Certificate) *cert.Certificate {
	var best *cert.Certificate
	for _, k := range list {
		if _, folded := k.Subject.Equal(c.Issuer); !folded || !keyIDFits(k, c) || !maySignCertificates(k) || holds(chain, k) {
			continue
		}
		if v.at.IsZero() || k.ValidAt(v.at) {
			return k
		}
		if best == nil || k.NotAfter.Value.After(best.NotAfter.Value.Time) {
			best = k
		}
	}
	return best
}

func maySignCertificates(c *cert.Certificate) bool {
	ku, there := c.KeyUsage()
	return !there || ku.Has(cert.KeyCertSign)
}

// supported are the critical extensions that OpenSSL takes as handled.
var supported = map[oid.ID]bool{
	cert.IDNetscapeCertType: true, cert.IDKeyUsage: true, cert.IDSubjectAltName: true, cert.IDBasicConstraints: true,
	cert.IDNameConstraints: true, cert.IDCRLDistributionPoints: true, cert.IDCertificatePolicies: true, cert.IDPolicyMappings: true,
	cert.IDPolicyConstraints: true, cert.IDExtKeyUsage: true, cert.IDInhibitAnyPolicy: true, cert.IDIssuingDistributionPoint: true,
	cert.IDOCSPNoCheck:  true,
	"1.3.6.1.5.5.7.1.7": true, "1.3.6.1.5.5.7.1.8": true, "1.3.6.1.5.5.7.1.14": true, // addresses, AS numbers, proxies
}

// checkChain checks what stands in the certificates, then signatures and times
// from the top. The signature of the topmost is not looked at.
func (v *verification) checkChain(chain []*cert.Certificate, trusted int) string {
	for i, c := range chain {
		for _, e := range c.Extensions {
			if e.Critical && !supported[e.ID] {
				return "unhandled critical extension"
			}
		}
		if i > 0 && !(c.IsCA() && maySignCertificates(c)) && !(c.Version.Value.Sign() == 0 && selfSigned(c)) {
			return "invalid CA certificate"
		}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if i < len(chain)-1 && !v.signed(chain[i], chain[i+1]) {
			return "certificate signature failure"
		}
		switch {
		case v.at.IsZero():
			v.timed = true
		case v.at.Before(chain[i].NotBefore.Value.Time):
			return "certificate is not yet valid"
		case v.at.After(chain[i].NotAfter.Value.Time):
			return "certificate has expired"
		}
	}
	return ""
}

func (v *verification) signed(c, issuer *cert.Certificate) bool {
	return v.knows(issuer.PublicKey) && c.SignedBy(issuer).Outcome == sig.Valid
}
