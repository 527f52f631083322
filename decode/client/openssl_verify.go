package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/sig"
)

// flags are those of OCSP_basic_verify, with OpenSSL's values.
type flags uint

const (
	noIntern     flags = 0x2
	noSigs       flags = 0x4
	noChain      flags = 0x8
	noVerify     flags = 0x10
	noExplicit   flags = 0x20
	noChecks     flags = 0x100
	trustOther   flags = 0x200
	partialChain flags = 0x1000
)

// verification is one call of OCSP_basic_verify(bs, certs, store, flags).
type verification struct {
	*openSSL
	bs     *basic
	certs  []*cert.Certificate // given by the caller: issuer, -verify_other
	store  []*cert.Certificate
	flags  flags
	at     time.Time // zero: steps that need it pass, and timed is set
	signer *cert.Certificate
	chain  []*cert.Certificate
	timed  bool     // the outcome depends on the time, which is not known
	rooted bool     // the outcome depends on the store
	errors []string // reason strings, in the order in which they are queued
	spoke  string   // the step that ended it
}

// basicVerify is OCSP_basic_verify, step by step.
//
// Source: crypto/ocsp/ocsp_vfy.c of 3.1.7 and 4.1-dev, which agree.
var basicVerify = []step[*verification]{
	{"ocsp_find_signer", (*verification).findSigner},
	{"ocsp_verify", (*verification).verifySignature},
	{"OCSP_NOVERIFY", func(v *verification) next { return doneIf(v.flags&noVerify != 0) }},
	{"ocsp_verify_signer", (*verification).verifySigner},
	{"OCSP_NOCHECKS", func(v *verification) next { return doneIf(v.flags&noChecks != 0) }},
	{"ocsp_check_issuer", (*verification).checkIssuer},
	{"OCSP_NOEXPLICIT", func(v *verification) next { return failIf(v.flags&noExplicit != 0) }},
	// No PEM «TRUSTED CERTIFICATE» is read here, so no root has the trust setting that this asks for.
	{"X509_check_trust", func(v *verification) next { return v.raise("root ca not trusted") }},
}

func (v *verification) raise(reason string) next {
	v.errors = append(v.errors, reason)
	return fail
}

// findSigner looks among the caller's certificates first, then in the response.
func (v *verification) findSigner() next {
	if v.signer = v.bs.named(v.certs); v.signer != nil {
		if v.flags&trustOther != 0 {
			v.flags |= noVerify
		}
		return goOn
	}
	if v.flags&noIntern == 0 {
		v.signer = v.bs.named(v.bs.certs)
	}
	if v.signer == nil {
		return v.raise("signer certificate not found")
	}
	return goOn
}

// named finds the certificate that responderID names: by a Name that is equal in
// canonical form, or by the SHA-1 of the key.
func (b *basic) named(list []*cert.Certificate) *cert.Certificate {
	for _, c := range list {
		if b.byName {
			if _, folded := b.name.Equal(c.Subject); folded {
				return c
			}
		} else if bytes.Equal(b.key, c.KeyHash()) {
			return c
		}
	}
	return nil
}

func (v *verification) verifySignature() next {
	if v.flags&noSigs != 0 {
		return goOn
	}
	if !v.knows(v.signer.PublicKey) {
		return v.raise("no signer key")
	}
	if v.bs.unused != 0 || v.signer.Verifies(v.bs.algorithm, v.bs.tbs, v.bs.signature).Outcome != sig.Valid {
		return v.raise("signature failure")
	}
	return goOn
}

// knows says whether this version can make a key of a SubjectPublicKeyInfo.
func (v *openSSL) knows(k cert.PublicKey) bool {
	switch k.Key.Family() {
	case "":
		return false
	case "ML-DSA", "SLH-DSA":
		return v.postQuantum && k.Err == ""
	}
	return k.Err == ""
}

func (v *verification) verifySigner() next {
	untrusted := append(append([]*cert.Certificate{}, v.bs.certs...), v.certs...)
	if v.flags&noChain != 0 {
		untrusted = nil
	}
	v.rooted = true
	chain, fault := v.buildChain(v.signer, untrusted)
	if fault != "" {
		return v.raise("certificate verify error: Verify error: " + fault)
	}
	v.chain = chain
	return goOn
}

// checkIssuer asks whether the signer is the CA of every entry, or certified by
// it with the OCSP signing purpose.
func (v *verification) checkIssuer() next {
	entries, verdict := v.sameIssuer()
	if verdict != succeed {
		return verdict
	}
	if len(v.chain) > 1 {
		match, fatal := v.issued(v.chain[1], entries)
		if fatal {
			return fail
		}
		if match {
			if _, has := v.signer.HasEKU(cert.PurposeOCSPSigning); has {
				return succeed
			}
			v.raise("missing ocspsigning usage")
			return goOn
		}
	}
	match, fatal := v.issued(v.signer, entries)
	if fatal {
		return fail
	}
	return doneIf(match)
}

// sameIssuer is ocsp_check_ids: which entries are to be compared, if any.
func (v *verification) sameIssuer() ([]single, next) {
	all := v.bs.singles
	if len(all) == 0 {
		return nil, v.raise("response contains no revocation data")
	}
	for _, s := range all[1:] {
		if s.hash != all[0].hash {
			return all, succeed // different hashes: every entry must match
		}
		if !bytes.Equal(s.nameHash, all[0].nameHash) || !bytes.Equal(s.keyHash, all[0].keyHash) {
			return nil, goOn // same hash, different issuers: nothing can match
		}
	}
	return all[:1], succeed
}

// issued is ocsp_match_issuerid: whether a certificate is the issuer of every entry.
func (v *verification) issued(c *cert.Certificate, entries []single) (match, fatal bool) {
	for _, s := range entries {
		digest, _, size, known := sig.Digest(s.hash)
		if !known {
			v.raise("unknown message digest")
			return false, true
		}
		if len(s.nameHash) != size || len(s.keyHash) != size ||
			!bytes.Equal(s.nameHash, digest(c.Subject.Raw)) || !bytes.Equal(s.keyHash, digest(c.PublicKey.Bits)) {
			return false, false
		}
	}
	return true, false
}
