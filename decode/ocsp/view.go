package ocsp

import (
	"bytes"
	"slices"

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
	IssuerItem  int               // the exhibit it is, or -1
	root        *cert.Certificate // that the issuer leads to over what is at hand; nil if to none
	fromWithin  bool              // the issuer is known from the response itself alone
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
	entries     index               // of the response, where there is a request
	questions   index               // of the request
	Signer      Signer
	SignerItem  int // the exhibit that the signer is, or -1
}

// known is a certificate at hand, and the exhibit it is.
type known struct {
	*cert.Certificate
	item     int
	said     string
	embedded bool // it was carried in this very response, and nothing else is known of it
	beside   bool // it was carried by what carries this response: a handshake, with its staple
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
	v.root = v.top()
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

// certificates lists the certificates at hand: first those of the handshake that
// carries the response, if one does, and last those that the response carries.
func certificates(c *check.Context) []known {
	var beside, out, embedded []known
	carrier := -1
	if c.Self >= 0 && c.Self < len(c.Exhibits) {
		carrier = c.Exhibits[c.Self].Carrier
	}
	for _, f := range check.All[*cert.Certificate](c) {
		// Who says what a carried certificate is vouches for it.
		k := known{f.Is, f.Item, f.Said, f.Carrier == c.Self && f.Said == "", carrier >= 0 && f.Carrier == carrier}
		switch {
		case k.embedded:
			embedded = append(embedded, k)
		case k.beside:
			beside = append(beside, k)
		default:
			out = append(out, k)
		}
	}
	return append(append(beside, out...), embedded...)
}

// findSubject finds the certificate that the response is about: of those said
// to be, or else of those given without a word, the one that an entry names by
// serial and issuer name, else by serial alone. In want of such a one it is the
// first that was said, or the only end-entity certificate that was given. A
// staple is about a certificate of its own handshake, and about no other.
func (v *View) findSubject(all []known) (*cert.Certificate, int) {
	var said, beside, free, ends []known
	for _, k := range all {
		switch {
		case k.said == "subject":
			said = append(said, k)
		case k.said == "" && k.beside:
			beside = append(beside, k)
		case k.said == "" && !k.embedded:
			free = append(free, k)
		}
	}
	for _, list := range [][]known{said, beside} {
		if k := v.worst(list); k != nil {
			return k.Certificate, k.item
		}
	}
	if len(beside) > 0 && len(said) == 0 {
		return beside[0].Certificate, beside[0].item
	}
	if k := v.worst(free); k != nil {
		return k.Certificate, k.item
	}
	if len(said) > 0 {
		return said[0].Certificate, said[0].item
	}
	for _, k := range free {
		if _, responder := k.HasEKU(cert.PurposeOCSPSigning); !responder && !k.IsCA() && !k.SelfIssued() {
			ends = append(ends, k)
		}
	}
	if len(ends) == 1 {
		return ends[0].Certificate, ends[0].item
	}
	return nil, -1
}

// worst gives the certificate of a list that an entry is about. Of several
// it is the one with the worst status: a revocation must not hide behind what
// is said of another. There may be many entries and many certificates, so that
// not each is compared with each.
func (v *View) worst(list []known) (best *known) {
	type entry struct{ rank, at int }
	said, hashes := map[subject]entry{}, hashing{}
	say := func(of subject, rank, at int) {
		if e, ok := said[of]; !ok || rank > e.rank {
			said[of] = entry{rank, at}
		}
	}
	for i, s := range v.singles() {
		if !s.ID.Serial.OK {
			continue
		}
		of, rank := s.ID.subject(), 1+int(severity[s.Standing])
		say(subject{number: of.number}, rank, i)
		if hashes.add(of.hash) {
			say(of, rank+len(severity), i)
		}
	}
	var top entry
	for i := range list {
		alone := subject{number: string(shortest(list[i].Serial.Value))}
		for _, of := range append(hashes.subjects(list[i].Certificate), alone) {
			if e := said[of]; e.rank > top.rank || e.rank == top.rank && e.at < top.at {
				best, top = &list[i], e
			}
		}
	}
	return best
}

// severity orders what an entry can say by how much it matters not to miss it.
var severity = [...]uint8{Unreadable: 2, Good: 0, Unknown: 1, Revoked: 3}

// findIssuer finds the certificate of the CA that issued the subject. Wrong
// ones are taken too, in want of better, so that the report can say how they
// are wrong: of another key, of another name. One that was said to be the
// issuer comes before all others.
func (v *View) findIssuer(all []known) (*cert.Certificate, int) {
	var entries issuers
	for _, s := range v.singles() {
		entries.add(s.ID)
	}
	tries := 0
	fits := []func(known) bool{
		func(k known) bool { // it verifies the subject
			if v.Subject == nil || !named(k, v.Subject) || tries == tried {
				return false
			}
			tries++
			return v.Subject.SignedBy(k.Certificate).Outcome == sig.Valid
		},
		func(k known) bool { return entries.name(k.Certificate) },
		func(k known) bool { return v.Subject != nil && named(k, v.Subject) },
	}
	said := []func(known) bool{func(known) bool { return true }}
	// A self-issued certificate of another name is rather an anchor.
	rest := []func(known) bool{func(k known) bool { return v.Subject != nil && !k.embedded && k.IsCA() && !k.SelfIssued() }}
	for _, pass := range []struct {
		said  bool
		tests []func(known) bool
	}{{true, append(fits[:len(fits):len(fits)], said...)}, {false, append(fits[:len(fits):len(fits)], rest...)}} {
		for _, fit := range pass.tests {
			for _, k := range all {
				switch {
				case pass.said != (k.said == "issuer"), k.said == "subject", k.said == "responder", k.item == v.SubjectItem:
				case fit(k):
					v.fromWithin = k.embedded
					return k.Certificate, k.item
				}
			}
		}
	}
	return nil, -1
}

// unbacked says that nothing outside the response vouches for the issuer:
// neither a certificate that it signed nor a path to an anchor.
func (v *View) unbacked() bool {
	return v.fromWithin && v.Subject == nil && v.anchored(v.Issuer) == nil
}

func named(k known, subject *cert.Certificate) bool {
	_, folded := k.Subject.Equal(subject.Issuer)
	return folded
}

// findRequest finds the request that the response answers: of those said to be
// it, or else of all, the one that names one of its certificates, else the only
// one. Of several it is the one whose nonce came back, and then the first by
// their octets: the order in which they were given says nothing.
func (v *View) findRequest(c *check.Context) {
	all := check.All[*Request](c)
	if said := slices.DeleteFunc(slices.Clone(all), func(q check.Found[*Request]) bool { return q.Said != "request" }); len(said) > 0 {
		all = said
	}
	for i, s := range v.singles() {
		v.entries.add(i, s.ID)
	}
	fits := func(a Asked) bool { return v.entries.exact(a.ID) >= 0 }
	asking := slices.DeleteFunc(slices.Clone(all), func(q check.Found[*Request]) bool { return !slices.ContainsFunc(q.Is.List, fits) })
	if len(asking) > 0 {
		v.takeRequest(slices.MinFunc(asking, func(a, b check.Found[*Request]) int {
			if x, y := v.echoes(a.Is), v.echoes(b.Is); x != y {
				return map[bool]int{true: -1, false: 1}[x]
			}
			return bytes.Compare(a.Source, b.Source)
		}))
	} else if len(all) == 1 {
		v.takeRequest(all[0])
	}
}

// echoes says whether the response carries the nonce of a request.
func (v *View) echoes(q *Request) bool {
	if v.Basic == nil {
		return false
	}
	was, is := nonceOf(q.Extensions), nonceOf(v.Basic.Data.Extensions)
	return was != nil && is != nil && bytes.Equal(was.Bytes, is.Bytes)
}

func (v *View) takeRequest(q check.Found[*Request]) {
	v.Request, v.RequestItem = q.Is, q.Item
	for i, a := range q.Is.List {
		v.questions.add(i, a.ID)
	}
	if n := nonceOf(q.Is.Extensions); n != nil {
		v.Nonce = n.Bytes
	}
}
