package client

import (
	"bytes"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// gnutls is what GnuTLS makes of a response: `ocsptool --verify-response
// --load-signer ISSUER`, and check_ocsp_response of its TLS client.
//
// Source: src/ocsptool.c and lib/x509/ocsp.c of 3.7.9, lib/cert-session.c f897129.
type gnutls struct {
	evidence
	importError string // the response cannot be imported; "" if it can
	failed      string // a call failed with this error
	verdict     string // why it is not verified; "" if it is

	status int
	basic  *basic
	printE []string // what ocsptool cannot print
}

// The errors of libtasn1, as gnutls_strerror words them.
const (
	tagError      = "ASN1 parser: Error in TAG"
	derError      = "ASN1 parser: Error in DER parsing"
	elementError  = "ASN1 parser: Element was not found"
	valueError    = "ASN1 parser: Value was not found"
	timeError     = "The DER time encoding is invalid"
	invalidError  = "The request is invalid"
	curveError    = "The curve is unsupported"
	insecureError = "One of the involved algorithms has insufficient security level"
)

// The reasons of gnutls_ocsp_verify_reason_t, as ocsptool words them.
const (
	signerUsage      = "Signer cert keyusage error"
	signerUntrusted  = "Signer cert is not trusted"
	signerInsecure   = "Insecure algorithm"
	signerFuture     = "Signer cert not yet activated"
	signerExpired    = "Signer cert expired"
	signatureFailure = "Signature failure"
)

// verifyDirect is gnutls_ocsp_resp_verify_direct, step by step.
var verifyDirect = []step[*gnutls]{
	{"gnutls_ocsp_resp_import", (*gnutls).parse},
	{"gnutls_ocsp_resp_get_responder_raw_id", (*gnutls).hasBasic},
	{"issuer", func(g *gnutls) next {
		if g.issuer == nil {
			g.needs = "issuer"
		}
		return failIf(g.needs != "")
	}},
	{"gnutls_x509_crt_verify, check_ocsp_purpose, gnutls_pubkey_verify_data2", (*gnutls).verify},
}

func runGnuTLS(e evidence) *gnutls {
	g := &gnutls{evidence: e}
	run(g, verifyDirect)
	return g
}

// tasn1 reads as libtasn1 does with its strict flag: DER, but for lengths with
// leading zeros. The first fault stays.
type tasn1 struct {
	octets
	fault string
}

func (d *tasn1) fail(fault string) {
	if d.fault == "" {
		d.fault = fault
	}
}

func (d *tasn1) take(id byte) *tasn1 {
	in := &tasn1{octets{nil, padded}, d.fault}
	if d.fault != "" {
		return in
	}
	if !d.peek(id) {
		d.fail(tagError)
		return &tasn1{fault: d.fault}
	}
	content, ok := d.octets.take(id)
	if !ok {
		d.fail(derError)
	}
	return &tasn1{content, d.fault}
}

// into reads a constructed element with f, to its end.
func (d *tasn1) into(id byte, f func(*tasn1)) {
	in := d.take(id)
	if d.fault != "" {
		return
	}
	f(in)
	if in.fault == "" && !in.empty() {
		in.fault = derError
	}
	d.fail(in.fault)
}

func (d *tasn1) optional(id byte, f func(*tasn1)) {
	if d.fault == "" && d.peek(id) {
		d.into(id, f)
	}
}

func (d *tasn1) any() []byte {
	if d.fault != "" {
		return nil
	}
	raw, ok := d.raw()
	if !ok {
		d.fail(derError)
	}
	return raw
}

// time reads a GeneralizedTime: Z is asked for, fractions and missing seconds pass.
func (d *tasn1) time() []byte {
	b := d.take(0x18).b
	if d.fault == "" && (len(b) < 11 || b[len(b)-1] != 'Z') {
		d.fail(timeError)
	}
	return b
}

// parse is gnutls_ocsp_resp_import.
func (g *gnutls) parse() next {
	var content []byte
	var typ []byte
	d := &tasn1{octets: octets{g.response, padded}}
	d.into(0x30, func(d *tasn1) {
		g.status = small(d.take(0x0a).b)
		d.optional(0xa0, func(d *tasn1) {
			d.into(0x30, func(d *tasn1) {
				typ = d.take(0x06).b
				content = d.take(0x04).b
			})
		})
	})
	if d.fault == "" && !d.empty() {
		d.fail(derError)
	}
	if d.fault == "" && g.status == 0 {
		switch {
		case typ == nil:
			d.fail(elementError)
		case string(typ) == basicOID:
			g.basic = new(basic)
			in := &tasn1{octets: octets{content, padded}}
			g.parseBasic(in)
			if in.fault == "" && !in.empty() {
				in.fault = derError
			}
			d.fail(in.fault)
		}
	}
	g.importError = d.fault
	return failIf(d.fault != "")
}

func (g *gnutls) parseBasic(d *tasn1) {
	b := g.basic
	d.into(0x30, func(d *tasn1) {
		whole := d.b
		g.parseData(d)
		b.tbs = whole[:len(whole)-len(d.b)]
		b.algorithm = tasn1Algorithm(d)
		if bits := d.take(0x03).b; len(bits) > 0 {
			b.unused, b.signature = bits[0], bits[1:]
		} else {
			d.fail(derError)
		}
		d.optional(0xa0, func(d *tasn1) {
			d.into(0x30, func(d *tasn1) {
				for !d.empty() && d.fault == "" {
					c := certificate(d.any())
					if !c.OK {
						d.fail(tagError)
					}
					b.certs = append(b.certs, c)
				}
			})
		})
	})
}

func tasn1Algorithm(d *tasn1) sig.Algorithm {
	whole := d.b
	d.into(0x30, func(d *tasn1) {
		d.take(0x06)
		if !d.empty() {
			d.any()
		}
	})
	if d.fault != "" {
		return sig.Algorithm{}
	}
	return algorithm(whole[:len(whole)-len(d.b)])
}

func (g *gnutls) parseData(d *tasn1) {
	b := g.basic
	d.into(0x30, func(d *tasn1) {
		d.optional(0xa0, func(d *tasn1) { d.take(0x02) })
		switch {
		case d.peek(0xa1):
			b.byName = true
			d.into(0xa1, func(d *tasn1) { b.name = name(d.any()) })
		case d.peek(0xa2):
			d.into(0xa2, func(d *tasn1) { b.key = d.take(0x04).b })
		default:
			d.fail(derError)
		}
		d.time()
		d.into(0x30, func(d *tasn1) {
			for !d.empty() && d.fault == "" {
				b.singles = append(b.singles, g.parseSingle(d))
			}
		})
		d.optional(0xa1, g.parseExtensions)
	})
}

func (g *gnutls) parseSingle(d *tasn1) (s single) {
	d.into(0x30, func(d *tasn1) {
		d.into(0x30, func(d *tasn1) {
			s.hash = tasn1Algorithm(d).ID
			s.nameHash, s.keyHash, s.serial = d.take(0x04).b, d.take(0x04).b, d.take(0x02).b
		})
		switch {
		case d.fault != "":
		case d.peek(0x80), d.peek(0x82):
			if d.peek(0x82) {
				s.status = unknown
			}
			if _, content, _, ok := d.next(); !ok || len(content) > 0 {
				d.fail(derError)
			}
		case d.peek(0xa1):
			s.status = revoked
			d.into(0xa1, func(d *tasn1) {
				d.time()
				d.optional(0xa0, func(d *tasn1) { d.take(0x0a) })
			})
		default:
			d.fail(derError)
		}
		s.this = d.time()
		if bytes.IndexByte(s.this, '.') >= 0 {
			g.printE = append(g.printE, "this_update")
		}
		d.optional(0xa0, func(d *tasn1) { s.hasNext, s.next = true, d.time() })
		d.optional(0xa1, func(d *tasn1) { extensionList(d, func([]byte, []byte) {}) })
	})
	return s
}

func (g *gnutls) parseExtensions(d *tasn1) {
	extensionList(d, func(id, value []byte) {
		if string(id) != nonceOID {
			return
		}
		if in, ok := (octets{value, padded}).only(0x04); !ok || in.empty() {
			g.printE = append(g.printE, "get_nonce: "+derError)
		}
	})
}

func extensionList(d *tasn1, f func(id, value []byte)) {
	d.into(0x30, func(d *tasn1) {
		for !d.empty() && d.fault == "" {
			d.into(0x30, func(d *tasn1) {
				id := d.take(0x06).b
				d.optional(0x01, func(d *tasn1) { d.b = nil })
				f(id, d.take(0x04).b)
			})
		}
	})
}

func (g *gnutls) hasBasic() next {
	switch {
	case g.basic != nil:
		return goOn
	case g.status == 0:
		g.failed = elementError
	default:
		g.failed = valueError
	}
	return fail
}

// findSigner looks in the response alone, by octets of the name, by key hash, or
// by subjectKeyIdentifier.
func (g *gnutls) findSigner() *cert.Certificate {
	for _, k := range g.basic.certs {
		if g.basic.byName {
			if bytes.Equal(g.basic.name.Raw, k.Subject.Raw) {
				return k
			}
			continue
		}
		if ski := k.SKI(); len(ski) > 0 && bytes.Equal(ski, g.basic.key) || bytes.Equal(g.basic.key, k.KeyHash()) {
			return k
		}
	}
	return nil
}

// verify takes the issuer for the signer if the response carries none; one that
// it carries has to be issued by the issuer, and to have the purpose.
func (g *gnutls) verify() next {
	signer := g.findSigner()
	if signer == nil {
		signer = g.issuer
	} else if !bytes.Equal(signer.Raw, g.issuer.Raw) {
		if g.verdict = g.trusts(signer); g.verdict != "" {
			return fail
		}
		if _, has := signer.HasEKU(ocspSigning); !has {
			g.verdict = signerUsage
			return fail
		}
	}
	return g.verifyData(signer.PublicKey)
}

// trusts is gnutls_x509_crt_verify with the issuer as the only anchor. A
// critical extension that it does not know, nocheck among them, is not trusted.
func (g *gnutls) trusts(k *cert.Certificate) string {
	if !bytes.Equal(k.Issuer.Raw, g.issuer.Subject.Raw) || !keyIDFits(g.issuer, k) || !g.issuer.IsCA() || k.SignedBy(g.issuer).Outcome != sig.Valid {
		return signerUntrusted
	}
	for _, e := range k.Extensions {
		if e.Critical && !gnutlsKnown[e.ID] {
			return signerUntrusted
		}
	}
	if k.Algorithm.Scheme().Weak != sig.Strong {
		return signerInsecure
	}
	if g.clock() && g.at.Before(k.NotBefore.Value.Time) {
		return signerFuture
	}
	if g.clock() && g.at.After(k.NotAfter.Value.Time) {
		return signerExpired
	}
	return ""
}

var gnutlsKnown = map[oid.ID]bool{
	"2.5.29.14": true, "2.5.29.15": true, "2.5.29.17": true, "2.5.29.18": true, "2.5.29.19": true, "2.5.29.30": true,
	"2.5.29.31": true, "2.5.29.32": true, "2.5.29.35": true, "2.5.29.36": true, "2.5.29.37": true, "2.5.29.54": true,
	"1.3.6.1.5.5.7.1.1": true, "1.3.6.1.5.5.7.1.14": true, "1.3.6.1.5.5.7.1.24": true,
}

// gnutlsCurves are P-192 to P-521.
var gnutlsCurves = map[oid.ID]bool{
	"1.2.840.10045.3.1.1": true, "1.3.132.0.33": true, "1.2.840.10045.3.1.7": true, "1.3.132.0.34": true, "1.3.132.0.35": true,
}

func (g *gnutls) verifyData(k cert.PublicKey) next {
	scheme := g.basic.algorithm.Scheme()
	switch family := k.Key.Family(); {
	case family == "" || family == "ML-DSA" || family == "SLH-DSA":
		g.failed = elementError
	case family == "EC" && !gnutlsCurves[k.Key.Curve]:
		g.failed = curveError
	case len(g.basic.signature) == 0:
		g.failed = derError
	case !scheme.Known && scheme.PSS == nil:
		g.failed = invalidError
	case scheme.Weak == sig.Broken:
		g.failed = insecureError
	// The parameters of RSASSA-PSS are not read: SHA-256 and a salt of its length it is.
	case scheme.PSS != nil && (scheme.PSS.Hash != "SHA-256" || scheme.PSS.MGFHash != "SHA-256" || scheme.PSS.Salt != 32),
		sig.Verify(g.basic.algorithm, k.Key, g.basic.tbs, g.basic.signature).Outcome != sig.Valid:
		g.verdict = signatureFailure
	default:
		return goOn
	}
	return fail
}

// gnutlsAge is MAX_OCSP_VALIDITY_SECS: how old an answer without nextUpdate may be.
const gnutlsAge = 15 * 24 * time.Hour
