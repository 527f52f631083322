package ocsp

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/sig"
)

// View is a response with the other evidence at hand: which certificate it is
// about, who issued that, who signed. It does not depend on the time.
type View struct {
	*Response
	Subject     *cert.Certificate // nil: not at hand
	SubjectItem int               // the exhibit it is, or -1
	Issuer      *cert.Certificate // nil: not at hand
	IssuerItem  int               // the exhibit it is, or -1: then it stands in the response itself
	// Issued is the verification of the subject's signature under the issuer's key.
	Issued      sig.Result
	Request     *Request // nil: not at hand
	RequestItem int
	Nonce       []byte // what Request sent; nil: unknown. The caller may say another one.
	Anchors     []*cert.Certificate
	AnchorItems []int
	Locals      []*cert.Certificate // responders trusted by local decision (RFC 6960, 4.2.2.2 (1))
	Others      []*cert.Certificate // every other certificate at hand that is not in the response
	Fits        []Fit               // of each entry of the response
	Matching    []int               // the entries that are for Subject and Issuer
	Signer      Signer
	SignerItem  int // the exhibit that the signer is, or -1
}

// known is a certificate at hand, and the exhibit it is.
type known struct {
	*cert.Certificate
	item     int
	said     string
	embedded bool // it was carried in this very response
}

// look makes the view of a response.
func look(c *check.Context, p *Response) *View {
	v := &View{Response: p, SubjectItem: -1, IssuerItem: -1, RequestItem: -1, SignerItem: -1}
	all := certificates(c)
	v.Subject, v.SubjectItem = v.findSubject(all)
	v.Issuer, v.IssuerItem = v.findIssuer(all)
	if v.Subject != nil && v.Issuer != nil {
		v.Issued = v.Subject.SignedBy(v.Issuer)
	}
	for _, k := range all {
		switch {
		case k.embedded:
		case k.said == "anchor":
			v.Anchors = append(v.Anchors, k.Certificate)
			v.AnchorItems = append(v.AnchorItems, k.item)
		case k.said == "responder":
			v.Locals = append(v.Locals, k.Certificate)
		case k.item != v.SubjectItem && k.item != v.IssuerItem:
			v.Others = append(v.Others, k.Certificate)
		}
	}
	for _, s := range v.singles() {
		v.Fits = append(v.Fits, s.ID.Fit(v.Subject, v.Issuer))
	}
	if v.Subject != nil && v.Issuer != nil {
		for i, f := range v.Fits {
			if f.All() {
				v.Matching = append(v.Matching, i)
			}
		}
	}
	v.findRequest(c)
	if p.Basic != nil {
		v.Signer = v.findSigner()
		for _, k := range all {
			if v.Signer.Cert != nil && v.SignerItem < 0 && bytes.Equal(k.Raw, v.Signer.Cert.Raw) && k.item != v.IssuerItem {
				v.SignerItem = k.item
			}
		}
	}
	return v
}

func (p *Response) singles() []Single {
	if p.Basic == nil {
		return nil
	}
	return p.Basic.Data.Singles
}

// certificates lists the certificates at hand, those carried in this response last.
func certificates(c *check.Context) []known {
	var out, embedded []known
	for _, f := range check.All[*cert.Certificate](c) {
		k := known{f.Is, f.Item, f.Said, f.Carrier == c.Self}
		if k.embedded {
			embedded = append(embedded, k)
		} else {
			out = append(out, k)
		}
	}
	return append(out, embedded...)
}

// findSubject finds the certificate that the response is about: the one said
// to be, else one that an entry names by serial and issuer name, else one with
// the serial of an entry, else the only end-entity certificate that was given.
func (v *View) findSubject(all []known) (*cert.Certificate, int) {
	for _, k := range all {
		if k.said == "subject" {
			return k.Certificate, k.item
		}
	}
	free := func(k known) bool { return k.said == "" && !k.embedded }
	for _, serialOnly := range []bool{false, true} {
		for _, s := range v.singles() {
			for _, k := range all {
				if f := s.ID.Fit(k.Certificate, nil); free(k) && f.Serial && (f.Name || serialOnly) {
					return k.Certificate, k.item
				}
			}
		}
	}
	var only *known
	for i, k := range all {
		if !free(k) || k.IsCA() || k.SelfIssued() {
			continue
		}
		if _, responder := k.HasEKU(OCSPSigningID); responder {
			continue
		}
		if only != nil {
			return nil, -1
		}
		only = &all[i]
	}
	if only == nil {
		return nil, -1
	}
	return only.Certificate, only.item
}

// findIssuer finds the certificate of the CA that issued the subject. Wrong
// ones are taken too, in want of better, so that the report can say how they
// are wrong: of another key, of another name.
func (v *View) findIssuer(all []known) (*cert.Certificate, int) {
	test := []func(known) bool{
		func(k known) bool { return k.said == "issuer" },
		func(k known) bool { // it verifies the subject
			return v.Subject != nil && named(k, v.Subject) && v.Subject.SignedBy(k.Certificate).Outcome == sig.Valid
		},
		func(k known) bool { // an entry names it
			for _, s := range v.singles() {
				if f := s.ID.Fit(nil, k.Certificate); f.Name && f.Key {
					return true
				}
			}
			return false
		},
		func(k known) bool { return v.Subject != nil && named(k, v.Subject) },
		// A self-issued certificate of another name is rather an anchor.
		func(k known) bool { return v.Subject != nil && !k.embedded && k.IsCA() && !k.SelfIssued() },
	}
	for _, fits := range test {
		for _, k := range all {
			if k.said != "" && k.said != "issuer" && k.said != "anchor" || k.item == v.SubjectItem {
				continue
			}
			if fits(k) {
				return k.Certificate, k.item
			}
		}
	}
	return nil, -1
}

func named(k known, subject *cert.Certificate) bool {
	_, folded := k.Subject.Equal(subject.Issuer)
	return folded
}

// findRequest finds the request that the response answers: the one that names
// one of its certificates, else the only one at hand.
func (v *View) findRequest(c *check.Context) {
	all := check.All[*Request](c)
	for _, q := range all {
		for _, a := range q.Is.List {
			for _, s := range v.singles() {
				if a.ID.Same(s.ID) {
					v.takeRequest(q)
					return
				}
			}
		}
	}
	if len(all) == 1 {
		v.takeRequest(all[0])
	}
}

func (v *View) takeRequest(q check.Found[*Request]) {
	v.Request, v.RequestItem = q.Is, q.Item
	if n := nonceOf(q.Is.Extensions); n != nil {
		v.Nonce = n.Bytes
	}
}
