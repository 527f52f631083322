package connection

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// request is a CertificateRequest with what is said of it by the messages
// around.
type request struct {
	*handshake.CertificateRequest
	event *handshake.Event
	names []authority
	after bool // it came after the handshake
	place int  // among the requests of the connection
}

// requests are those of a connection, each read once. A server may ask again
// after the handshake, so that there may be many: the rest is left alone.
func (v *View) requests() []request {
	if v.asks != nil || len(v.CRs) == 0 {
		return v.asks
	}
	const most = 16
	all := []request{}
	for i := range v.H.Events {
		e := &v.H.Events[i]
		r, ok := e.Body.(*handshake.CertificateRequest)
		if !ok || r.Fit == handshake.Broken || len(all) == most {
			continue
		}
		q := request{CertificateRequest: r, event: e, place: len(all)}
		q.after = r.Version == TLS13 && (slices.ContainsFunc(v.H.Events[:i], isFinished) || v.H.Lone() != nil && len(r.Context.Value) > 0)
		q.names = authorities(r.Authorities)
		all = append(all, q)
	}
	v.asks = all
	return all
}

func isFinished(e handshake.Event) bool {
	return e.Kind == handshake.Message && e.Type == handshake.TypeFinished
}

// ofRequests makes a rule of what is judged of each request.
func ofRequests(judge func(*View, *request) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		all := v.requests()
		for i := range all {
			o = check.Worst(o, judge(v, &all[i]))
		}
		return o
	}
}

// offers says that the request takes signatures of this kind in the handshake.
func (q *request) offers(fits func(scheme) bool) bool {
	return slices.ContainsFunc(q.Algorithms.List, func(f field.Field[uint64]) bool {
		s, ok := schemes[uint16(f.Value)]
		return f.OK && ok && fits(s)
	})
}

// schemeNames writes the signature algorithms in the server's order.
func schemeNames(n handshake.Numbers) string {
	const most = 6
	var names []string
	for i, f := range n.List {
		if i == most {
			names = append(names, strconv.Itoa(len(n.List)-most)+" more")
			break
		}
		names = append(names, suite.Label(suite.Schemes, uint16(f.Value)))
	}
	return strings.Join(names, ", ")
}

var requestRules = []rule{{
	ID: "tls.certreq.context", Group: groupClient, Level: check.Must, Refs: "RFC 9846 §4.4.2; RFC 9846 §4.5.1",
	Title:    "The context of the certificate request is one that fits its moment",
	Headline: "The context of the certificate request does not fit",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		o := check.Skip()
		seen := map[string]bool{}
		all := v.requests()
		for _, q := range all {
			f := q.Context
			if q.Version != TLS13 || !f.OK {
				continue
			}
			n := len(f.Value)
			switch {
			case !q.after && n > 0:
				o = check.Worst(o, check.Broken(f.Ref, "The context has %s: in the handshake it is empty, because there is one request only.", octetCount(n)))
			case q.after && seen[string(f.Value)]:
				o = check.Worst(o, check.Broken(f.Ref, "The context %s stood in an earlier request of this connection: an answer could be taken for that to the other.", field.Colons(short(f.Value))))
			case q.after && n < 8:
				o = check.Worst(o, check.Doubtful(f.Ref, "The context has %s, and the request came after the handshake: 8 or more that nobody can guess keep answers from being made in advance. OpenSSL takes 32.", octetCount(n)))
			default:
				o = check.Worst(o, check.Holds(f.Ref, ""))
			}
			seen[string(f.Value)] = true
		}
		for i := range v.H.Events {
			m, ok := v.H.Events[i].Body.(*handshake.Certificate)
			if !ok || v.H.Events[i].From != handshake.Client || m.Version != TLS13 || !m.Context.OK || len(all) == 0 {
				continue
			}
			if !seen[string(m.Context.Value)] {
				o = check.Worst(o, check.Broken(m.Context.Ref, "The client's Certificate has the context %s, no request had it: servers answer decode_error (50) or illegal_parameter (47).", colons(m.Context.Value)).And(all[0].Context.Ref))
			}
		}
		return o
	},
}, {
	ID: "tls.certreq.allowed", Group: groupClient, Level: check.Must,
	Refs:     "RFC 9846 §4.4.2; RFC 9846 §4.7.2; RFC 5246 §7.4.4; RFC 9113 §9.2.3",
	Title:    "The server may ask for a certificate here",
	Headline: "The server must not ask for a certificate here",
	Judge: ofRequests(func(v *View, q *request) check.Outcome {
		switch {
		case q.Version == TLS13 && !q.after && v.SH != nil && v.SH.Extensions.Has(handshake.ExtPreSharedKey):
			return check.Broken(q.Ref, "The server took a PSK and asks for a certificate all the same: who resumes was identified before. Clients answer unexpected_message (10).").And(v.SH.Extensions.Get(handshake.ExtPreSharedKey).Ref)
		case q.Version != TLS13 && v.SuiteOK && strings.Contains(v.Suite.Name, "_anon_"):
			return check.Broken(q.Ref, "The suite is %s: a server that shows no certificate itself may ask for none (handshake_failure, 40).", v.Suite.Name).And(v.SH.Suite.Ref)
		case q.after && v.CH == nil:
			return check.Needs("client-hello", q.Ref, "The request came after the handshake: whether the client allowed that stands in its ClientHello.")
		case q.after && !v.CH.Extensions.Has(handshake.ExtPostHandshakeAuth):
			return check.Broken(q.Ref, "The request came after the handshake, and the ClientHello has no post_handshake_auth (49): the client answers unexpected_message (10).").And(v.CH.Extensions.Ref)
		case q.after && v.alpn() == "h2":
			return check.Broken(q.Ref, "The request came after the handshake of a connection that speaks HTTP/2, where many requests share it: it is a connection error of type PROTOCOL_ERROR.")
		case v.SH == nil && v.EE == nil && v.CH == nil:
			return check.Skip()
		}
		return check.Holds(q.Ref, "")
	}),
}, {
	ID: "tls.certreq.types", Group: groupClient, Level: check.Should, Refs: "RFC 5246 §7.4.4; RFC 8422 §5.5",
	Title:    "The types of certificates that the server takes are in use",
	Headline: "The server asks for types of certificates that clients do not have",
	Judge: ofRequests(func(v *View, q *request) check.Outcome {
		if q.Version == TLS13 || len(q.Types.List) == 0 {
			return check.Skip()
		}
		var names []string
		for _, f := range q.Types.List {
			name := suite.CertificateTypes[int(f.Value)]
			if name == "" {
				name = "type " + strconv.FormatUint(f.Value, 10)
			}
			names = append(names, name)
		}
		all := strings.Join(names, ", ")
		has := func(n uint16) bool { return q.Types.Has(n) }
		switch {
		case !has(1) && !has(64) && !has(67) && !has(68):
			return check.Broken(q.Types.Ref, "The server takes %s: fixed Diffie-Hellman, DSA and reserved types, which clients have no certificates for.", all)
		case q.Algorithms.OK && has(64) && !q.offers(func(s scheme) bool { return s.family == "EC" || s.family == "Ed25519" || s.family == "Ed448" }):
			return check.Broken(q.Types.Ref, "ecdsa_sign (64) is among the types, and no algorithm of ECDSA or EdDSA among the signatures (%s): such a certificate could not sign.", schemeNames(q.Algorithms)).And(q.Algorithms.Ref)
		case q.Algorithms.OK && has(1) && !q.offers(func(s scheme) bool { return s.family == "RSA" }):
			return check.Broken(q.Types.Ref, "rsa_sign (1) is among the types, and no algorithm of RSA among the signatures (%s): such a certificate could not sign.", schemeNames(q.Algorithms)).And(q.Algorithms.Ref)
		}
		return check.Note(q.Types.Ref, "The server takes %s.", all)
	}),
}, {
	ID: "tls.certreq.algorithms", Group: groupClient, Level: check.Must,
	Refs:     "RFC 9846 §4.4.2; RFC 9846 §4.3.3; RFC 5246 §7.4.4",
	Title:    "The request lists signatures that a client can make today",
	Headline: "The certificate request lacks signature algorithms that clients use",
	Judge: ofRequests(func(v *View, q *request) check.Outcome {
		rsa := func(s scheme) bool { return s.family == "RSA" }
		switch n := q.Algorithms; {
		case q.Version < TLS12:
			return check.Skip()
		case q.Version == TLS13 && !q.Extensions.Has(handshake.ExtSignatureAlgorithms):
			return check.Broken(q.Extensions.Ref, "The request has no signature_algorithms: clients answer missing_extension (109).")
		case len(n.List) == 0:
			return check.Skip() // its form is judged with the message
		case !q.offers(func(s scheme) bool { return s.hash != "SHA-1" && s.hash != "MD5" }):
			return check.Doubtful(n.Ref, "The server takes %s alone: signatures over SHA-1 or MD5 can be forged, and clients refuse to make them.", schemeNames(n))
		case q.Version == TLS13 && q.offers(rsa) && !q.offers(func(s scheme) bool { return rsa(s) && (s.pss != "" || s.legacy) }):
			return check.Doubtful(n.Ref, "Of RSA the server takes PKCS #1 alone (%s), which counts in TLS 1.3 for signatures in certificates only: no RSA key can answer.", schemeNames(n))
		default:
			return check.Holds(n.Ref, "%s.", schemeNames(n))
		}
	}),
}, {
	ID: "tls.certreq.ca-names", Group: groupClient, Level: check.Must,
	Refs:     "RFC 9846 §4.3.4; RFC 5246 §7.4.4; X.690 §11.6",
	Title:    "The names of authorities are well-formed, each once",
	Headline: "A name in the certificate request is malformed, or stands there twice",
	Judge:    ofRequests(judgeAuthorities),
}, {
	ID: "tls.certreq.ca-list", Group: groupClient, Level: check.Should, Refs: "RFC 9846 §4.3.4; RFC 5246 §7.4.4",
	Title:    "The list of authorities is a hint that clients can use",
	Headline: "The list of authorities is too long",
	Judge: ofRequests(func(v *View, q *request) check.Outcome {
		size := len(q.event.Raw)
		n := len(q.names)
		switch {
		case size > 1<<14:
			return check.Broken(q.Authorities.Ref, "The request has %s with %s: more than the 16,384 of one record, and some clients do not put it together again. Fewer names will do, for they are a hint only.", octetCount(size), report.Plural(n, "name", "names"))
		case n == 0 && q.Version == TLS13:
			return check.Note(q.Ref, "There is no certificate_authorities: a certificate of any CA will do. OpenSSL's callback gets NULL for the list.")
		case n == 0:
			return check.Note(q.Authorities.Ref, "The list is empty: a certificate of any CA will do. OpenSSL's callback gets an empty list.")
		}
		for _, k := range v.answers() {
			if how, _, _ := k.issuer(q); how != other {
				return check.Note(q.Authorities.Ref, "%s, in no order that means anything. They are a hint for choosing a certificate, not the roots that the server trusts.", report.Plural(n, "name", "names"))
			}
		}
		return check.Needs("candidate", q.Authorities.Ref, "The list has %s, and no certificate here is from a CA in it: %s. Add the certificates that the client has.", report.Plural(n, "name", "names"), authorityNames(q.names))
	}),
}, {
	ID: "tls.certreq.oid-filters", Group: groupClient, Level: check.Must, Refs: "RFC 9846 §4.3.5",
	Title:    "The filters for certificate extensions are ones that can be met",
	Headline: "The filters of the certificate request cannot be met",
	Judge: ofRequests(func(v *View, q *request) check.Outcome {
		list := q.filters()
		seen := map[oid.ID]bool{}
		var words []string
		for _, f := range list {
			switch {
			case seen[f.id]:
				return check.Broken(f.Ref, "There are two filters for %s: one is allowed.", f.id)
			case f.id == cert.IDExtKeyUsage && slices.Contains(f.purposes, cert.PurposeAny):
				return check.Broken(f.Ref, "The filter asks for anyExtendedKeyUsage, which a filter must not: clients answer illegal_parameter (47).")
			}
			seen[f.id] = true
			words = append(words, f.String())
		}
		if len(list) == 0 {
			return check.Skip()
		}
		return check.Note(list[0].Ref, "The certificate has to have %s. Clients leave out filters that they do not know.", strings.Join(words, "; "))
	}),
}}

func judgeAuthorities(_ *View, q *request) check.Outcome {
	if q.Version == TLS13 && q.Authorities.OK && len(q.Authorities.List) == 0 {
		return check.Broken(q.Authorities.Ref, "The extension certificate_authorities is there and has no name: for «any CA» it is left out.")
	}
	o := check.Skip()
	seen := map[string]report.Ref{}
	for i := range q.names {
		a := &q.names[i]
		was, twice := seen[a.canonical]
		switch {
		case a.fault != "":
			o = check.Worst(o, check.Broken(a.ref, "Entry %d is not one DER Name: %s. Clients that read the list end the handshake (decode_error, 50).", i, a.fault))
		case a.unsorted:
			o = check.Worst(o, check.Doubtful(a.ref, "In entry %d, %s, the attributes of a set are not in the order of their octets: whoever compares octets, as Go does, does not find the certificates of this CA.", i, a.name))
		case twice && a.canonical != "":
			o = check.Worst(o, check.Doubtful(a.ref, "Entry %d repeats %s.", i, a.name).And(was))
		default:
			o = check.Worst(o, check.Holds(a.ref, ""))
		}
		if !twice {
			seen[a.canonical] = a.ref
		}
	}
	return o
}

// authorityNames writes a few of the names.
func authorityNames(list []authority) string {
	const most = 3
	var names []string
	for i := range list {
		if i == most {
			names = append(names, strconv.Itoa(len(list)-most)+" more")
			break
		}
		if list[i].fault != "" {
			names = append(names, "one that cannot be read")
			continue
		}
		names = append(names, list[i].name.String())
	}
	return strings.Join(names, "; ")
}

// filter is one OID of oid_filters, explained.
type filter struct {
	handshake.Filter
	id       oid.ID
	usage    field.BitString
	purposes []oid.ID
	read     bool // the values are of a type that is known here
}

// filters are those of the request.
func (q *request) filters() (all []filter) {
	x := q.Extensions.Get(handshake.ExtOIDFilters)
	if x == nil {
		return nil
	}
	list, _ := x.Value.(*handshake.Filters)
	if list == nil {
		return nil
	}
	for _, f := range list.List {
		k := filter{Filter: f}
		if e, err := der.Next(f.OID.Value, 0, len(f.OID.Value)); err == nil && e.Tag == der.OID && e.End() == len(f.OID.Value) {
			k.id, _ = oid.Parse(f.OID.Value[e.Content():])
		}
		// The values are those of the certificate extension, and read as one.
		tree := field.NewTree(field.Limits{})
		r := tree.Reader(tree.Add(report.Source{Bytes: f.Values.Value}))
		switch {
		case len(f.Values.Value) == 0:
			k.read = k.id.Valid()
		case k.id == cert.IDKeyUsage:
			b := r.Bits("keyUsage")
			k.usage, k.read = b.Value, b.OK
		case k.id == cert.IDExtKeyUsage:
			r.Seq("extKeyUsage", func(r *field.Reader) {
				k.purposes = field.List(r, "purpose", func(r *field.Reader, label string) oid.ID { return r.OID(label).Value })
			})
			n, _ := r.Breaks()
			k.read = n == 0
		}
		all = append(all, k)
	}
	return all
}

// String writes what the filter asks for.
func (f filter) String() string {
	name := "an extension whose identifier cannot be read"
	if f.id.Valid() {
		name = f.id.String()
		if n := f.id.Name(); n != "" {
			name = n
		}
	}
	switch {
	case len(f.Values.Value) == 0:
		return name
	case f.id == cert.IDKeyUsage && f.read:
		return "keyUsage with " + cert.KeyUsage{Bits: f.usage}.String()
	case f.id == cert.IDExtKeyUsage && f.read:
		return "extKeyUsage with " + cert.ExtKeyUsage(f.purposes).String()
	}
	return name + " with " + octetCount(len(f.Values.Value)) + " of values"
}

// colons writes octets for people; where there are none it says so.
func colons(b []byte) string {
	if len(b) == 0 {
		return "(empty)"
	}
	return field.Colons(short(b))
}

// short is the front of octets that may be many.
func short(b []byte) []byte { return b[:min(len(b), 16)] }

func octetCount(n int) string { return report.Plural(n, "octet", "octets") }

// sameOctets says that both are there and equal.
func sameOctets(a, b []byte) bool { return len(a) > 0 && bytes.Equal(a, b) }
