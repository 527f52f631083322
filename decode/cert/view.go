package cert

import (
	"bytes"
	"slices"
	"sort"

	"derscope/decode/check"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// CertificateView is a certificate with what there is beside it.
type CertificateView struct {
	*Certificate
	Issued
	CRL     *CRL // the newest one of the issuer, nil: not at hand
	CRLItem int
	Listed  int // index of its entry in CRL, or -1
}

// Issued is what is known of the issuer of a thing.
type Issued struct {
	By     *Certificate // the issuer's certificate, nil: not at hand
	ByItem int
	Self   bool       // it is its own issuer
	Signed sig.Result // the signature by By
}

// candidate is a certificate that may be the issuer.
type candidate struct {
	*Certificate
	item, rank int
}

// most bounds how many certificates of one name are tried: each costs a
// verification.
const most = 4

// findIssuer looks for the certificate whose key made a signature. name is the
// issuer's, keyID what the thing says of its key, or nil.
func findIssuer(c *check.Context, name Name, keyID []byte, signedBy func(*Certificate) sig.Result) (found Issued) {
	var list []candidate
	// Who was said to be an issuer was not said to be its own, or another's: not
	// where it stands once more, in a chain, either.
	own := false
	if c.Self >= 0 && c.Self < len(c.Exhibits) {
		self := c.Exhibits[c.Self].Source
		own = slices.ContainsFunc(c.Exhibits, func(e check.Exhibit) bool { return e.Said == "issuer" && bytes.Equal(e.Source, self) })
	}
	for _, e := range c.Exhibits {
		o, ok := e.Value.(*Certificate)
		if !ok || !o.OK || c.LeftOut(e) {
			continue
		}
		said := e.Said == "issuer" && !own
		octets, folded := o.Subject.Equal(name)
		rank := 0
		switch {
		case octets:
			rank = 4
		case folded:
			rank = 3
		case !said:
			continue
		}
		if keyID != nil && bytes.Equal(o.SKI(), keyID) {
			rank += 8
		}
		if said {
			rank += 2
		}
		if e.Item == c.Self {
			rank++
		}
		list = append(list, candidate{o, e.Item, rank})
	}
	// Package slices would make a sort of its own for the type: 8,000 octets.
	sort.SliceStable(list, func(i, j int) bool { return list[i].rank > list[j].rank })
	for i, o := range list[:min(len(list), most)] {
		res := signedBy(o.Certificate)
		if i == 0 || res.Outcome == sig.Valid {
			found = Issued{o.Certificate, o.item, o.item == c.Self, res}
		}
		if res.Outcome == sig.Valid {
			break
		}
	}
	return found
}

// viewCertificate finds the issuer and the CRL of a certificate.
func viewCertificate(c *check.Context, t *Certificate) *CertificateView {
	v := &CertificateView{Certificate: t, Listed: -1}
	if !t.OK {
		return v
	}
	v.Issued = findIssuer(c, t.Issuer, t.AKI(), t.SignedBy)
	if v.By == nil || v.Self {
		return v
	}
	said := false // that v.CRL is the one to look in
	for _, e := range c.Exhibits {
		l, ok := e.Value.(*CRL)
		if !ok || !l.OK || c.LeftOut(e) || said && e.Said != "revocation" {
			continue
		}
		if v.CRL != nil && said == (e.Said == "revocation") && !l.ThisUpdate.Value.After(v.CRL.ThisUpdate.Value.Time) {
			continue
		}
		if octets, folded := l.Issuer.Equal(t.Issuer); (octets || folded) && l.SignedBy(v.By).Outcome == sig.Valid {
			v.CRL, v.CRLItem, said = l, e.Item, e.Said == "revocation"
		}
	}
	if v.CRL != nil {
		if i, ok := v.CRL.Find(t.Serial.Value); ok {
			v.Listed = i
		}
	}
	return v
}

// CRLView is a CRL with what there is beside it.
type CRLView struct {
	*CRL
	Issued
	survey
}

// survey is what a walk over all entries finds: the index of the first that is
// odd, or -1.
type survey struct {
	unread, critical, twin, twinOf, later int
	oddReason, taken, reasons             int // taken: off the list
	unreadWhy                             string
	unreadAll                             int
	criticalName                          string
}

func viewCRL(c *check.Context, l *CRL) *CRLView {
	v := &CRLView{CRL: l, survey: l.survey()}
	if l.OK {
		v.Issued = findIssuer(c, l.Issuer, l.AKI(), l.SignedBy)
	}
	return v
}

func (l *CRL) survey() survey {
	s := survey{unread: -1, critical: -1, twin: -1, later: -1, oddReason: -1, taken: -1}
	for i := range l.Entries {
		e := l.parts(i)
		if e.fault != "" {
			if s.unread < 0 {
				s.unread, s.unreadWhy = i, e.fault
			}
			s.unreadAll++
			continue
		}
		if s.later < 0 && l.ThisUpdate.OK && e.date.After(l.ThisUpdate.Value.Time) {
			s.later = i
		}
		if e.reason >= 0 {
			s.reasons++
			switch {
			case s.oddReason < 0 && !e.reason.Known():
				s.oddReason = i
			case s.taken < 0 && e.reason == removeFromCRL:
				s.taken = i
			}
		}
		if !e.critical || s.critical >= 0 {
			continue
		}
		e.each(func(octets []byte, critical bool, _ []byte) {
			if !critical {
				return
			}
			id, _ := oid.Parse(octets)
			if _, known := knownExtensions[id]; !known {
				s.critical, s.criticalName = i, id.String()
			}
		})
	}
	if a, b, found := l.Twins(); found {
		s.twin, s.twinOf = b, a
	}
	return s
}
