package enrol

import (
	"bytes"
	"strconv"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/mac"
	"derscope/decode/path"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// Found says where a candidate for the signer was found.
type Found string

// The places in the order in which they are tried, which is that of OpenSSL.
const (
	Pinned   Found = "pinned"     // the user says that it is the server's
	Earlier  Found = "earlier"    // it verified an earlier message of the same side
	InExtra  Found = "extraCerts" // of this message
	Beside   Found = "beside"     // among all that was given
	AsAnchor Found = "anchor"
)

// Signing is what was found of the protection of a message by a signature.
type Signing struct {
	Candidates []Candidate // in the order in which they are tried
	Best       *Candidate  // nil: no certificate fits in any way
	Limit      string      // which bound kept candidates from being tried; "" if none did
	Trusting   bool        // there are anchors
}

// Candidate is a certificate that may be the signer's, with the answer to each
// question about it. None stops at the first no.
type Candidate struct {
	Certificate *cert.Certificate
	Item        int // among the exhibits, or -1
	Where       Found
	Nth         int // its place in extraCerts, or -1

	Subject   report.Status // the sender names it
	KeyID     report.Status // senderKID is its key identifier; NoStatus: there is no senderKID
	KeyFits   report.Status // the algorithm is one of its key
	Signature report.Status // its key made the protection; NoStatus: not tried, for another one did
	Usage     report.Status // its key usage allows signing
	Valid     report.Status // at the time
	Path      report.Status // to an anchor; Open: there is none to lead to

	Alike  Likeness   // subject and sender
	Result sig.Result // of Signature
	Form   Form       // of the octets that Signature was made over
	Way    *path.Path // behind Path; nil where there are no anchors
	// Bare says that only a public key was given: Certificate has that, and nothing else.
	Bare bool
}

// Proved says that the key of the candidate made the protection.
func (k *Candidate) Proved() bool { return k.Signature == report.Pass }

// Named says that the header means this certificate, by name or by key identifier.
func (k *Candidate) Named() bool { return k.Subject == report.Pass || k.KeyID == report.Pass }

// Maker is the candidate whose key made the signature, though the user gave
// another; the best one where none did.
func (s *Signing) Maker() *Candidate {
	if s.Best != nil && !s.Best.Proved() {
		for i := range s.Candidates {
			if k := &s.Candidates[i]; k.Proved() {
				return k
			}
		}
	}
	return s.Best
}

// means says that all in the header that names a signer names this certificate.
func (s *Signing) means(c *cert.Certificate) bool {
	for i := range s.Candidates {
		if k := &s.Candidates[i]; bytes.Equal(k.Certificate.Raw, c.Raw) {
			return k.Subject == report.Pass && k.KeyID != report.Fail
		}
	}
	return false
}

// Signed says that the protection is a signature, or an algorithm that is not
// known to be none.
func (v *View) Signed() bool {
	return v.Protected() && v.Header.Algorithm != nil && v.Header.Algorithm.Method == mac.None
}

// signing is what a view remembers of its candidates.
type signing struct {
	known *Signing // what depends on no time and no option; nil: not looked for yet

	// What last was judged by: the time, and what MACs may cost, for a MAC makes
	// anchors of caPubs.
	at   time.Time
	work string
	last *Signing
}

// Signing looks for the signer's certificate, and judges all that may be it.
func (v *View) Signing(c *check.Context) *Signing {
	known := v.signers()
	if v.signing.last != nil && v.signing.at.Equal(c.At) && v.signing.work == c.Set["work"] {
		return v.signing.last
	}
	s := *known
	s.Candidates, s.Best = append([]Candidate(nil), known.Candidates...), nil
	pool := v.x.paths()
	if pubs := v.caPubs(c); pubs != nil {
		pool = v.x.pathsWith(nil, pubs)
	}
	s.Trusting = pool.Anchors()
	hopes := 4 // paths of certificates that the header means, and whose key did not sign
	for i := range s.Candidates {
		k := &s.Candidates[i]
		k.Path = report.Open
		if k.Bare {
			k.Valid = report.NoStatus
			continue
		}
		k.Valid = validAt(k.Certificate, c.At)
		if s.Trusting && (k.Proved() || k.Named() && hopes > 0) {
			if !k.Proved() {
				hopes--
			}
			k.Way = pool.Find(k.Certificate, path.Options{At: c.At, Above: true})
			k.Path = k.Way.Status()
		}
	}
	s.choose(v.From)
	v.signing.at, v.signing.work, v.signing.last = c.At, c.Set["work"], &s
	return &s
}

func validAt(k *cert.Certificate, at time.Time) report.Status {
	switch {
	case at.IsZero() && k.NotBefore.OK && k.NotAfter.OK:
		return report.Open
	case k.ValidAt(at):
		return report.Pass
	}
	return report.Fail
}

// choose takes the best candidate. Where the user gave the certificate of the
// server none but that counts for what a server sent. Else it is the first of
// those that made the signature, and of these one that leads to an anchor; in
// want of such a one that which the header means most.
func (s *Signing) choose(from cmp.Side) {
	best := 0
	for i := range s.Candidates {
		k := &s.Candidates[i]
		n := 0
		add := func(is bool, points int) {
			if is {
				n += points
			}
		}
		add(k.Proved(), 1<<10)
		add(k.Where == Pinned && from != cmp.Client, 1<<11)
		add(k.Where == Pinned && n > 0, 1<<9)
		add(k.KeyID == report.Pass, 1<<8)
		add(k.Subject == report.Pass, 1<<7)
		add(k.Signature == report.Open && n > 0, 1<<6)
		add(k.Path == report.Pass && n > 0, 1<<5)
		add(k.Valid == report.Pass && n > 0, 1<<4)
		if n > best {
			best, s.Best = n, k
		}
	}
}

// mostSignatures bounds the signatures that are tried for a message.
const mostSignatures = 64

// signers are the candidates with all that depends on no time and no option.
func (v *View) signers() *Signing {
	if v.signing.known == nil {
		// The messages before this one say who its signer may be: each is
		// asked in turn, so that a long transaction is no deep recursion.
		if v.In != nil {
			for _, o := range v.In.Messages[:v.Place] {
				if o.signing.known == nil {
					o.signing.known = o.findSigners()
				}
			}
		}
		v.signing.known = v.findSigners()
	}
	return v.signing.known
}

func (v *View) findSigners() *Signing {
	s := &Signing{}
	if !v.Signed() {
		return s
	}
	seen := map[string]bool{}
	add := func(k *cert.Certificate, item int, where Found, nth int) {
		if k == nil || !k.OK || seen[string(k.Raw)] {
			return
		}
		seen[string(k.Raw)] = true
		s.Candidates = append(s.Candidates, Candidate{Certificate: k, Item: item, Where: where, Nth: nth})
	}
	said := func(role string, where Found) {
		for _, f := range v.x.Certificates {
			if f.Said == role {
				add(f.Is, f.Item, where, -1)
			}
		}
	}
	said("signer", Pinned)
	for _, key := range v.x.keys {
		n := len(s.Candidates)
		add(&cert.Certificate{Ref: report.None, OK: true, Raw: key.Is.Raw, PublicKey: *key.Is}, key.Item, Pinned, -1)
		for i := n; i < len(s.Candidates); i++ {
			s.Candidates[i].Bare = true
		}
	}
	if v.In != nil {
		for _, o := range v.In.Messages[:v.Place] {
			if k := o.provedBy(); k != nil && o.From == v.From && v.From != cmp.Either {
				add(k.Certificate, k.Item, Earlier, -1)
			}
		}
	}
	for i, k := range v.ExtraCerts.List {
		add(k, v.x.itemOf(k), InExtra, i)
	}
	for _, f := range v.x.Certificates {
		if f.Said != "anchor" {
			add(f.Is, f.Item, Beside, -1)
		}
	}
	said("anchor", AsAnchor)
	v.test(s)
	return s
}

// provedBy is the candidate whose key made the signature, where that was looked for.
func (v *View) provedBy() *Candidate {
	if v.signing.known == nil {
		return nil
	}
	for i := range v.signing.known.Candidates {
		if k := &v.signing.known.Candidates[i]; k.Proved() {
			return k
		}
	}
	return nil
}

// test answers the questions that depend on no time. First those are tried that
// the header means or the user gave; others only where none of these made the
// signature, and of what merely lay beside none is kept that did not.
func (v *View) test(s *Signing) {
	left, work, proved := mostSignatures, path.Work, false
	try := func(k *Candidate) {
		cost := path.Cost(k.Certificate.PublicKey)
		if left == 0 || work < cost {
			s.Limit = "no more than " + strconv.Itoa(mostSignatures-left) + " certificates are tried for a message"
			k.Signature = report.Open
			return
		}
		left, work = left-1, work-cost
		v.verify(k)
		proved = proved || k.Proved()
	}
	for i := range s.Candidates {
		k := &s.Candidates[i]
		v.compare(k)
		if k.Named() || k.Where == Pinned {
			try(k)
		}
	}
	kept := s.Candidates[:0]
	for i := range s.Candidates {
		k := s.Candidates[i]
		if k.Signature == report.NoStatus {
			beside := k.Where == Beside || k.Where == AsAnchor
			switch {
			case beside && (proved || left == 0 || k.KeyFits == report.Fail):
				continue // it is anybody's
			case !proved: // one key signs a message
				try(&k)
			}
			if beside && !k.Proved() {
				continue
			}
		}
		kept = append(kept, k)
	}
	s.Candidates = kept
}

// compare answers all but the question of the signature.
func (v *View) compare(k *Candidate) {
	if k.Bare {
		k.Usage = report.Pass
		k.fits(v)
		return
	}
	k.Subject, k.Alike = report.Fail, Different
	if v.Header.Sender.Choice == cert.DirectoryName {
		k.Alike = Compare(v.Header.Sender.Name, k.Certificate.Subject)
		if k.Alike >= Folded {
			k.Subject = report.Pass
		}
	}
	if kid := v.Header.SenderKID; kid.OK {
		k.KeyID = report.Fail
		if bytes.Equal(kid.Value, k.Certificate.SKI()) {
			k.KeyID = report.Pass
		}
	}
	k.fits(v)
	k.Usage = report.Pass
	if u, ok := k.Certificate.KeyUsage(); ok && !u.Has(cert.DigitalSignature) {
		k.Usage = report.Fail
	}
}

// fits asks whether the key is one for the algorithm.
func (k *Candidate) fits(v *View) {
	scheme := v.Header.Algorithm.Scheme()
	switch family := k.Certificate.PublicKey.Key.Family(); {
	case scheme.Family == "" || !scheme.Known && scheme.Fault == "":
		k.KeyFits = report.Open
	case scheme.Family == family:
		k.KeyFits = report.Pass
	default:
		k.KeyFits = report.Fail
	}
}

// verify verifies the protection with the key of a candidate: over the octets
// as they came, and if that fails as OpenSSL would write them anew.
//
// RFC 9810, section 5.1.3.3
func (v *View) verify(k *Candidate) {
	a := cert.Algorithm{Ref: v.Header.Algorithm.Ref, Algorithm: v.Header.Algorithm.Algorithm.Algorithm}
	part := v.ProtectedPart()
	k.Result = cert.Verify(a, k.Certificate.PublicKey, part, v.Message.Protection)
	if k.Result.Outcome == sig.Wrong {
		if again, ok := der.Canonical(part); ok && !bytes.Equal(again, part) {
			if r := cert.Verify(a, k.Certificate.PublicKey, again, v.Message.Protection); r.Outcome == sig.Valid {
				k.Result, k.Form = r, Reencoded
			}
		}
	}
	switch k.Result.Outcome {
	case sig.Valid:
		k.Signature = report.Pass
	case sig.Unknown:
		k.Signature = report.Open
	default:
		k.Signature = report.Fail
	}
	if k.Result.Outcome == sig.Mismatch && k.KeyFits == report.Pass {
		k.KeyFits = report.Fail
	}
}
