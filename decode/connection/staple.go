package connection

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// asked says whether the ClientHello asks for a staple, and where.
func (v *View) asked() (report.Ref, bool) {
	for _, t := range []uint16{handshake.ExtStatusRequest, handshake.ExtStatusRequestV2} {
		if x := v.CH.Extensions.Get(t); x != nil {
			return x.Ref, true
		}
	}
	return v.CH.Extensions.Ref, false
}

// stapleRules judge the staples of a handshake as staples. What a response says
// by itself is judged with the response, which is an item of its own.
var stapleRules = []rule{{
	ID: "ocsp.staple.present", Group: groupServer, Level: check.Advice, Refs: "RFC 6066 §8; RFC 9846 §4.5.1.1",
	Title: "Whether a staple came is seen",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Server.Message == nil {
			return check.Skip()
		}
		for _, s := range v.structures() {
			if s.from == handshake.Server && s.entry == 0 {
				size := len(s.Response.Value)
				for _, one := range s.List {
					size += len(one.Value)
				}
				return check.Note(s.ref, "A staple of %s came with the certificate.", octetCount(size))
			}
		}
		if !v.flightSeen() {
			return check.Skip()
		}
		at := v.Server.Message.Ref
		if v.CH == nil {
			return check.Note(at, "No staple came. Whether the client asked for one stands in its ClientHello.")
		}
		if _, ok := v.asked(); !ok {
			return check.Note(at, "No staple came, and the client asked for none.")
		}
		if leaf := v.Server.Leaf(); leaf != nil && len(leaf.OCSPURLs()) == 0 {
			return check.Note(at, "No staple came: the certificate names no OCSP responder, so that there is none to have.")
		}
		return check.Note(at, "The client asked for a staple, and none came: the server is not set up for it, could not reach the responder, refused its answer, or had not fetched it yet, as after a start.")
	},
}, {
	ID: "ocsp.staple.asked", Group: groupServer, Level: check.Should, Refs: "RFC 6066 §8",
	Title:    "The client asks for a staple",
	Headline: "The client asks for no staple",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.CH == nil {
			return check.Skip()
		}
		at, ok := v.asked()
		if !ok {
			leaf := v.Server.Leaf()
			switch {
			case leaf == nil:
				return check.Note(at, "The ClientHello has no status_request (5), so that no server staples: openssl s_client asks with -status. Many clients never ask.")
			case len(leaf.OCSPURLs()) == 0 && !leaf.MustStaple(handshake.ExtStatusRequest):
				return check.Note(at, "The ClientHello has no status_request (5), so that no server staples. Nothing is lost: the certificate names no OCSP responder, so that there is no staple to have.")
			}
			return check.Broken(at, "The ClientHello has no status_request (5), so that no server staples: openssl s_client asks with -status.")
		}
		return check.Holds(at, "")
	},
}, {
	ID: "ocsp.staple.acknowledged", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8; RFC 6961 §2.2",
	Title:    "The ServerHello says that a staple comes",
	Headline: "A staple comes that the ServerHello did not announce",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.Status == nil || v.SH == nil || v.TLS13() {
			return check.Skip()
		}
		for _, t := range []uint16{handshake.ExtStatusRequest, handshake.ExtStatusRequestV2} {
			if x := v.SH.Extensions.Get(t); x != nil {
				return check.Holds(x.Ref, "").And(v.Status.Ref)
			}
		}
		return check.Broken(v.Status.Ref, "CertificateStatus comes, and the ServerHello has no empty status_request: clients answer unexpected_message (10).").And(v.SH.Extensions.Ref)
	},
}, {
	ID: "ocsp.staple.type", Group: groupServer, Level: check.Must, Refs: "RFC 6961 §2.2; RFC 9846 §4.5.1.1",
	Title:    "The staple is of type ocsp",
	Headline: "The staple is of a type that this version does not have",
	Judge: ofStructures(func(v *View, s structure) check.Outcome {
		switch t := s.Type; {
		case !t.OK:
			return check.Skip()
		case t.Value == statusOCSP:
			return check.Holds(t.Ref, "")
		case t.Value == statusOCSPMulti && !v.TLS13():
			return check.Holds(t.Ref, "ocsp_multi.")
		case t.Value == statusOCSPMulti:
			return check.Broken(t.Ref, "status_type is ocsp_multi (2), which TLS 1.3 does not have: there each certificate has a staple of its own.")
		default:
			return check.Broken(t.Ref, "status_type is %d, and only ocsp (1) is defined here: clients answer decode_error (50).", t.Value)
		}
	}),
}, {
	ID: "ocsp.staple.lengths", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "The length inside the staple adds up to the length around it",
	Headline: "The lengths of the staple contradict each other",
	Judge: ofStructures(func(v *View, s structure) check.Outcome {
		inner, have, ok := s.announced()
		switch {
		case s.empty:
			return check.Skip()
		case !ok:
			return check.Broken(s.ref, "CertificateStatus has %s: type and length alone need 4.", octetCount(len(s.body)))
		case inner != have:
			return check.Broken(s.ref, "The length inside is %d, and %s follow it: a piece is missing, or does not belong here.", inner, octetCount(have))
		}
		return check.Holds(s.ref, "")
	}),
}, {
	ID: "ocsp.staple.empty", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "The staple has octets",
	Headline: "The staple is empty",
	Judge: ofStructures(func(v *View, s structure) check.Outcome {
		inner, _, ok := s.announced()
		switch {
		case s.empty:
			return check.Broken(s.ref, "status_request stands beside the certificate without a body: a server that has no staple leaves it out.")
		case ok && inner == 0:
			return check.Broken(s.ref, "The response has 0 octets, 1 is the least: Go and rustls refuse the message, OpenSSL up to 3.5 fails with internal_error (80).")
		case !ok:
			return check.Skip()
		}
		return check.Holds(s.ref, "")
	}),
}, {
	ID: "ocsp.staple.count", Group: groupServer, Level: check.Must, Refs: "RFC 6961 §2.2",
	Title:    "There are no more staples than certificates",
	Headline: "There are more staples than certificates",
	Judge: ofStructures(func(v *View, s structure) check.Outcome {
		if s.Type.Value != statusOCSPMulti || v.Server.Message == nil {
			return check.Skip()
		}
		if n, of := len(s.List), len(v.Server.Message.Entries); n > of {
			return check.Broken(s.ref, "There are %d responses for %s: each stands for the certificate at its place, empty where there is none.", n, report.Plural(of, "certificate", "certificates")).And(v.Server.Message.List)
		}
		return check.Holds(s.ref, "")
	}),
}, {
	ID: "ocsp.staple.order", Group: groupServer, Level: check.Should, Refs: "RFC 6961 §2.2; RFC 9846 §4.5.1.1",
	Title:    "Each staple stands at the certificate that it is for",
	Headline: "A staple stands at another certificate than its own",
	Judge: ofStaples(func(_ *check.Context, v *View, s *Staple) check.Outcome {
		chain := v.Side(s.From)
		if s.Entry < len(chain.Certificates) && chain.speaks(s, s.Entry) {
			return check.Holds(s.Ref, "")
		}
		for i := range min(len(chain.Certificates), 16) {
			if chain.speaks(s, i) {
				return check.Broken(s.Ref, "It stands at certificate %d and is for certificate %d, %s: OpenSSL from 3.6 on looks at its own place only.", s.Entry, i, chain.Certificates[i].Title())
			}
		}
		return check.Skip() // ocsp.staple.leaf
	}),
}, {
	ID: "ocsp.staple.leaf", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "The staple is for the certificate that the server shows",
	Headline: "The staple is for another certificate",
	Judge: ofStaples(func(_ *check.Context, v *View, s *Staple) check.Outcome {
		chain := v.Side(s.From)
		leaf := chain.Leaf()
		if s.Entry != 0 || leaf == nil || s.Is.Basic == nil || len(s.Is.Basic.Data.Singles) == 0 {
			return check.Skip()
		}
		if chain.speaks(s, 0) {
			return check.Holds(s.Ref, "%s.", leaf.Title())
		}
		first := s.Is.Basic.Data.Singles[0].ID
		return check.Broken(first.Ref, "The certificate is %s with the serial number %s; the staple speaks of %s. GnuTLS ends the handshake, Firefox passes over it.", leaf.Title(), leaf.Serial.Value.Text(), first.Serial.Value.Text()).And(leaf.Serial.Ref)
	}),
}, {
	ID: "ocsp.staple.error-status", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8; RFC 6960 §4.2.1",
	Title:    "The staple carries an answer",
	Headline: "The staple is an error message of the responder",
	Judge: ofStaples(func(_ *check.Context, _ *View, s *Staple) check.Outcome {
		if st := s.Is.Status; st.OK && st.Value != 0 {
			return check.Broken(st.Ref, "The response is %s: the server kept an error of its responder and staples that. Firefox ends the connection on some of these.", ocsp.StatusName(st.Value))
		}
		return check.Holds(s.Is.Status.Ref, "")
	}),
}, {
	ID: "ocsp.staple.not-good", Group: groupServer, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "The staple says good",
	Headline: "The server staples that its certificate is not good",
	Judge: ofStaples(func(_ *check.Context, v *View, s *Staple) check.Outcome {
		chain := v.Side(s.From)
		if s.Is.Basic == nil || s.Entry >= len(chain.Certificates) || chain.Certificates[s.Entry] == nil {
			return check.Skip()
		}
		o := check.Skip()
		for _, one := range s.Is.Basic.Data.Singles {
			if f := one.ID.Fit(chain.Certificates[s.Entry], nil); !f.Serial || !f.Name {
				continue
			}
			if one.Standing == ocsp.Revoked || one.Standing == ocsp.Unknown {
				o = check.Worst(o, check.Broken(one.Ref, "It says %s of %s. nginx sends no such staple when it fetches its own.", one.Standing, chain.Certificates[s.Entry].Title()))
				continue
			}
			o = check.Worst(o, check.Holds(one.Ref, ""))
		}
		return o
	}),
}, {
	ID: "ocsp.staple.nonce", Group: groupServer, Level: check.Should, Refs: "RFC 6066 §8",
	Title:    "The staple has a nonce only if the client sent it",
	Headline: "The staple has a nonce that the client did not send",
	Judge: ofStaples(func(_ *check.Context, v *View, s *Staple) check.Outcome {
		if s.Is.Basic == nil {
			return check.Skip()
		}
		got := cert.Find(s.Is.Basic.Data.Extensions, ocsp.NonceID)
		sent := v.nonce()
		switch {
		case got == nil:
			return check.Holds(s.Ref, "")
		case sent != nil && bytes.Equal(sent, got.Value):
			return check.Holds(got.Ref, "It is the one that the client sent.")
		case sent != nil:
			return check.Broken(got.Ref, "The nonce is %s, the client sent %s in its status_request.", colons(got.Value), colons(sent))
		}
		return check.Doubtful(got.Ref, "There is a nonce, made for a question of the server's: the client sent none, and can compare it with nothing.")
	}),
}, {
	ID: "ocsp.staple.intermediate", Group: groupServer, Level: check.Advice, Refs: "RFC 9846 §4.5.1.1",
	Title: "Only the server's own certificate has a staple",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		for _, s := range v.Staples {
			if s.Entry > 0 {
				return check.Note(s.Ref, "Certificate %d has a staple, too. Go and Chromium look at the first only; OpenSSL from 3.6 on, GnuTLS and Apple take more.", s.Entry)
			}
		}
		if len(v.Staples) > 0 {
			return check.Holds(v.Staples[0].Ref, "")
		}
		return check.Skip()
	},
}, {
	ID: "ocsp.staple.v2-in-13", Group: groupServer, Level: check.Must, Refs: "RFC 9846 §4.5.1.1",
	Title:    "status_request_v2 is not answered in TLS 1.3",
	Headline: "status_request_v2 is answered in TLS 1.3",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if !v.TLS13() || v.Server.Message == nil {
			return check.Skip()
		}
		var blocks []*handshake.Extensions
		if v.SH != nil {
			blocks = append(blocks, &v.SH.Extensions)
		}
		if v.EE != nil {
			blocks = append(blocks, &v.EE.Extensions)
		}
		for i := range v.Server.Message.Entries {
			blocks = append(blocks, &v.Server.Message.Entries[i].Extensions)
		}
		for _, b := range blocks {
			if x := b.Get(handshake.ExtStatusRequestV2); x != nil {
				return check.Broken(x.Ref, "The server sends status_request_v2 (17), which is for older versions: clients answer illegal_parameter (47).")
			}
		}
		return check.Holds(v.Server.Message.Ref, "")
	},
}, {
	ID: "ocsp.staple.resumed", Group: groupServer, Level: check.Advice, Refs: "RFC 6066 §1.1; SSL_CTX_set_tlsext_status_cb(3)",
	Title: "A certificate is sent that a staple could be for",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		if v.CH == nil || v.Mode == Undecided {
			return check.Skip()
		}
		at, ok := v.asked()
		switch {
		case !ok:
			return check.Skip()
		case v.Mode == Full:
			return check.Holds(at, "")
		case v.TLS13():
			return check.Note(at, "The session was resumed: no certificate is sent, so no staple. OpenSSL's client callback runs all the same, with the length −1.")
		}
		return check.Note(at, "The session was resumed: no certificate is sent, so no staple. OpenSSL's client callback is not called.")
	},
}, {
	ID: "ocsp.staple.must", Group: groupServer, Level: check.Must, Refs: "RFC 7633 §4.2.3.1; RFC 7633 §4.3.3",
	Title:    "A certificate that demands a staple gets a good one",
	Headline: "The certificate demands a staple, and none serves",
	Judge:    func(c *check.Context, v *View) check.Outcome { return v.judgeMustStaple(c) },
}}

// speaks says that a staple speaks of the certificate at a place, by serial number
// and the name of its issuer.
func (c Chain) speaks(s *Staple, i int) bool {
	if i >= len(c.Certificates) || c.Certificates[i] == nil || s.Is.Basic == nil {
		return false
	}
	for _, one := range s.Is.Basic.Data.Singles {
		if f := one.ID.Fit(c.Certificates[i], nil); f.Serial && f.Name {
			return true
		}
	}
	return false
}

// nonce is what the ClientHello's request_extensions hold, or nil.
func (v *View) nonce() []byte {
	if v.CH == nil {
		return nil
	}
	x := v.CH.Extensions.Get(handshake.ExtStatusRequest)
	if x == nil {
		return nil
	}
	r, ok := x.Value.(*handshake.StatusRequest)
	if !ok || r == nil || len(r.Extensions.Value) == 0 {
		return nil
	}
	tree := field.NewTree(field.Limits{})
	list := cert.ReadExtensions(tree.Reader(tree.Add(report.Source{Bytes: r.Extensions.Value})), "requestExtensions")
	if e := cert.Find(list, ocsp.NonceID); e != nil {
		return e.Value
	}
	return nil
}

func (v *View) judgeMustStaple(c *check.Context) check.Outcome {
	leaf := v.Server.Leaf()
	if leaf == nil {
		return check.Skip()
	}
	e := leaf.Extension(cert.IDTLSFeature)
	demands := false
	list, _ := leaf.TLSFeatures()
	for _, f := range list {
		demands = demands || f == cert.StatusRequest
	}
	if !demands || e == nil {
		return check.Skip()
	}
	for i := range v.Staples {
		s := &v.Staples[i]
		if s.From != handshake.Server || s.Entry != 0 {
			continue
		}
		why := "it cannot be read"
		if view, ok := v.stapleView(c, s).(*ocsp.View); ok {
			why = view.Unfit(c)
		}
		if why != "" {
			return check.Broken(s.Ref, "%s demands a staple (TLS feature 5), and this one does not do: %s. Firefox and GnuTLS end the connection.", leaf.Title(), why).And(e.Ref)
		}
		return check.Holds(s.Ref, "%s demands a staple (TLS feature 5), and this one serves.", leaf.Title()).And(e.Ref)
	}
	if !v.flightSeen() {
		return check.Skip()
	}
	if v.CH == nil {
		return check.Needs("client-hello", e.Ref, "%s demands a staple (TLS feature 5), and none came. That counts if the client asked for one, which its ClientHello tells.", leaf.Title())
	}
	if at, ok := v.asked(); !ok {
		return check.Note(e.Ref, "%s demands a staple (TLS feature 5), and none came; but a client that does not ask cannot demand one.", leaf.Title()).And(at)
	}
	return check.Broken(e.Ref, "%s demands a staple (TLS feature 5), the client asked for one, and none came. Firefox and GnuTLS end the connection.", leaf.Title()).And(v.Server.Message.Ref)
}
