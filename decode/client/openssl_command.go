package client

import (
	"bytes"
	"strconv"
	"time"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

const sha1 oid.ID = "1.3.14.3.2.26"

// openSSL is a version of OpenSSL: where it differs from others.
type openSSL struct {
	version string
	// keepsFlags: the second attempt of `openssl ocsp`, with the -issuer
	// certificates, keeps the user's flags. Before commit 8a630915c0, which is in
	// 3.0.22 as well, it used TRUSTOTHER alone.
	keepsFlags  bool
	numeric     bool // times are compared as numbers (4.0)
	postQuantum bool // knows ML-DSA and SLH-DSA (3.5)
}

var (
	openSSL3 = &openSSL{version: "3.0.19"}
	openSSL4 = &openSSL{version: "4.1.0-dev", keepsFlags: true, numeric: true, postQuantum: true}
)

// asked is one -cert or -serial of the command line.
type asked struct {
	hash      oid.ID // "" for SHA-1, the default
	issuer    *cert.Certificate
	issuerRaw []byte // issuer field of the certificate; nil: the issuer's subject
	serial    []byte // contents of the INTEGER
}

// command is a run of `openssl ocsp -respin`.
type command struct {
	*openSSL
	response  []byte
	carried   *carried
	nonce     []byte              // contents of the extnValue in -reqin; nil: none
	requested bool                // there is a request: -reqin, -cert or -serial
	asked     []asked             // each -cert or -serial
	issuers   []*cert.Certificate // each -issuer
	anchors   []*cert.Certificate // -CAfile
	other     []*cert.Certificate // -verify_other or -VAfile
	flags     flags
	noverify  bool
	tolerance time.Duration // -validity_period
	age       time.Duration // -status_age; negative: none
	at        time.Time
}

// printed is what `openssl ocsp` says.
type printed struct {
	fatal    string // it stops there: "Error parsing response"
	nonce    string // "WARNING: no nonce in response"
	verify   string // "ok", "failure", "" if it was not asked for
	errors   []string
	last     *verification // the attempt that decided
	rooted   bool          // a chain to an anchor was looked for
	timed    bool          // the outcome of verify depends on the time, which is not known
	statuses []answer
	exit     int
}

// answer is what is printed of one certificate.
type answer struct {
	found  bool
	status status
	times  []string // why the times are invalid
	timed  bool     // the times could not be judged
	entry  single
}

// run is ocsp_main from done_resp on.
//
// Source: apps/ocsp.c.
func (c *command) run() (p printed) {
	p.exit = 1
	o, ok := d2iResponse(c.response)
	if !ok {
		p.fatal = "Error reading OCSP response"
		return p
	}
	if o.status != 0 {
		p.fatal = "Responder Error: " + statusText(o.status) + " (" + strconv.Itoa(o.status) + ")"
		return p
	}
	bs, ok := c.get1Basic(o, c.carried)
	if !ok {
		p.fatal = "Error parsing response"
		return p
	}
	p.exit = 0
	if !c.noverify {
		if p.nonce = c.checkNonce(bs); p.nonce == nonceError {
			p.exit, p.fatal = 1, p.nonce
			return p
		}
		if c.verify(bs, &p); p.verify == "failure" {
			p.exit = 1
		}
	}
	for _, a := range c.asked {
		s := c.look(bs, a)
		if !s.found {
			p.exit = 1
		}
		p.statuses = append(p.statuses, s)
	}
	return p
}

// get1Basic is OCSP_response_get1_basic. What was read last is remembered, for
// every version and many servers read the same.
func (v *openSSL) get1Basic(o outer, known *carried) (*basic, bool) {
	if !o.bytes || !o.basic {
		return nil, false
	}
	if known == nil {
		known = &carried{}
	}
	if known.basic == nil || !bytes.Equal(known.content, o.content) {
		known.content, known.basic = o.content, d2iBasic(o.content, known)
	}
	return known.basic, !known.basic.bad && !(v.numeric && known.basic.oddTimes)
}

// statusText is OCSP_response_status_str.
func statusText(n int) string {
	names := map[int]string{0: "successful", 1: "malformedrequest", 2: "internalerror", 3: "trylater", 5: "sigrequired", 6: "unauthorized"}
	if s, ok := names[n]; ok {
		return s
	}
	return "(UNKNOWN)"
}

const (
	nonceError   = "Nonce Verify error"
	nonceMissing = "WARNING: no nonce in response"
)

// checkNonce is OCSP_check_nonce: extnValues are compared as octets.
func (c *command) checkNonce(bs *basic) string {
	switch {
	case !c.requested || c.nonce == nil:
		return ""
	case bs.nonce == nil:
		return nonceMissing
	case !bytes.Equal(bs.nonce, c.nonce):
		return nonceError
	}
	return ""
}

// verify makes the two attempts: with what the user gave as -verify_other or
// -VAfile, then with the -issuer certificates.
func (c *command) verify(bs *basic, p *printed) {
	attempt := func(certs []*cert.Certificate, f flags) bool {
		v := &verification{openSSL: c.openSSL, bs: bs, certs: certs, store: c.anchors, flags: f, at: c.at}
		ok, spoke := run(v, basicVerify)
		v.spoke = spoke
		p.last, p.rooted, p.timed = v, p.rooted || v.rooted, ok && v.timed
		p.errors = append(p.errors, v.errors...)
		return ok
	}
	p.verify = "ok"
	if attempt(c.other, c.flags) {
		return
	}
	second := trustOther
	if c.keepsFlags {
		second = c.flags
	}
	if len(c.issuers) > 0 && attempt(c.issuers, second|c.flags&partialChain) {
		p.errors = nil
		return
	}
	p.verify = "failure"
}

// look is OCSP_resp_find_status: the first entry with the same CertID.
func (c *command) look(bs *basic, a asked) (s answer) {
	id := a.hash
	if id == "" {
		id = sha1
	}
	digest, _, _, ok := sig.Digest(id)
	if !ok {
		return s
	}
	issuer := a.issuerRaw
	if issuer == nil {
		issuer = a.issuer.Subject.Raw
	}
	nameHash, keyHash := digest(issuer), digest(a.issuer.PublicKey.Bits)
	for _, e := range bs.singles {
		if e.hash != id || !bytes.Equal(e.nameHash, nameHash) || !bytes.Equal(e.keyHash, keyHash) || !bytes.Equal(e.serial, a.serial) {
			continue
		}
		s.found, s.status, s.entry = true, e.status, e
		if s.timed = c.at.IsZero(); !s.timed {
			s.times = c.checkValidity(e, c.at, c.tolerance, c.age)
		}
		return s
	}
	return s
}

// nonceValue finds the contents of the nonce's extnValue in a request.
func nonceValue(request []byte) []byte {
	e, err := der.Next(request, 0, len(request))
	if err != nil {
		return nil
	}
	var nonce []byte
	d := &d2i{in: octets{request[:e.End()], ber}}
	d.into(0x30, func(d *d2i) {
		d.into(0x30, func(d *d2i) {
			for d.more() {
				if d.peek(0xa2) {
					d.into(0xa2, func(d *d2i) { nonce = d2iExtensions(d) })
					continue
				}
				d.keep()
			}
		})
		for d.more() {
			d.keep()
		}
	})
	return nonce
}
