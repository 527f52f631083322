package connection

import (
	"slices"
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// candidateRules judge one candidate before one request; withCandidates runs
// them for each.
var candidateRules = []check.Rule[answering]{{
	ID: "tls.candidate.issuer", Group: groupCandidate, Level: check.Should, Refs: "RFC 9846 §4.5.1.2; RFC 5246 §7.4.6",
	Title:    "Its issuer, or one further up, is in the list of the request",
	Headline: "The issuer of the client certificate is not in the list of the server",
	Judge: func(_ *check.Context, a answering) check.Outcome {
		if len(a.q.names) == 0 {
			return check.Skip()
		}
		how, entry, step := a.issuer(a.q)
		if how == other {
			top := a.Chain[len(a.Chain)-1]
			return check.Broken(a.Is.Issuer.Ref, "The list has %s, and none is the issuer of a certificate in its chain; the last issuer is %s. OpenSSL sends it all the same, and the server judges by the roots that it trusts; Go sends none.",
				report.Plural(len(a.q.names), "name", "names"), top.Issuer).And(a.q.Authorities.Ref)
		}
		which := "Its issuer"
		if step > 0 {
			which = "The issuer of " + a.Chain[step].Title() + ", " + report.Plural(step, "step", "steps") + " up,"
		}
		of := a.q.names[entry]
		if how == folded {
			return check.Doubtful(a.Chain[step].Issuer.Ref, "%s is entry %d of the list (%s) for OpenSSL, which folds case, spaces and string types. The octets differ, so that Go does not find it.", which, entry, of.name).And(of.ref)
		}
		return check.Holds(a.Chain[step].Issuer.Ref, "%s is entry %d of the list, octet for octet.", which, entry).And(of.ref)
	},
}, {
	ID: "tls.candidate.algorithm", Group: groupCandidate, Level: check.Must,
	Refs:     "RFC 9846 §4.3.3; RFC 9846 §4.5.1.2; RFC 9846 §4.5.2; RFC 5246 §7.4.6",
	Title:    "Its key can make a signature that the server takes",
	Headline: "The key of the client certificate can make no signature that the server takes",
	Judge:    func(_ *check.Context, a answering) check.Outcome { return a.algorithm() },
}, {
	ID: "tls.candidate.chain-algorithm", Group: groupCandidate, Level: check.Must, Refs: "RFC 9846 §4.5.1.2; RFC 9846 §4.5.1.3",
	Title:    "The signatures in its chain are ones that the server takes",
	Headline: "The client's chain is signed with what the server does not take",
	Judge:    func(_ *check.Context, a answering) check.Outcome { return a.chainAlgorithm() },
}, {
	ID: "tls.candidate.usage", Group: groupCandidate, Level: check.Must, Refs: "RFC 9846 §4.5.1.2; RFC 5280 §4.2.1.3",
	Title:    "Its key may be used for signatures",
	Headline: "The key of the client certificate may not sign",
	Judge: func(_ *check.Context, a answering) check.Outcome {
		usage, ok := a.Is.KeyUsage()
		switch {
		case !ok:
			return check.Holds(a.Is.Ref, "It has no keyUsage, which allows everything.")
		case !usage.Has(cert.DigitalSignature):
			return check.Broken(usage.Ref, "keyUsage is %s, without digitalSignature: the key must not sign the handshake.", usage)
		}
		return check.Holds(usage.Ref, "")
	},
}, {
	ID: "tls.candidate.purpose", Group: groupCandidate, Level: check.Must, Refs: "RFC 5280 §4.2.1.12; RFC 9846 §4.3.5",
	Title:    "It is meant for clients, and has the extensions that the server asks for",
	Headline: "The client certificate is for another purpose",
	Judge:    func(_ *check.Context, a answering) check.Outcome { return a.purpose() },
}, {
	ID: "tls.candidate.validity", Group: groupCandidate, Level: check.Must, Refs: "RFC 5280 §4.1.2.5",
	Title:    "It is valid at the time",
	Headline: "The client certificate is not valid at the time",
	Judge: func(c *check.Context, a answering) check.Outcome {
		from, to := a.Is.NotBefore, a.Is.NotAfter
		switch {
		case !from.OK || !to.OK:
			return check.Skip() // the certificate's own checks say so
		case c.At.IsZero():
			return check.Needs("time", from.Ref, "It is valid from %s to %s.", report.Clock(from.Value.Time), report.Clock(to.Value.Time))
		case c.At.Before(from.Value.Time):
			return check.Broken(from.Ref, "It begins on %s, %s from now: servers answer bad_certificate (42).", report.Clock(from.Value.Time), span(from.Value.Sub(c.At)))
		case c.At.After(to.Value.Time):
			return check.Broken(to.Ref, "It ended on %s, %s ago: servers answer certificate_expired (45).", report.Clock(to.Value.Time), span(c.At.Sub(to.Value.Time)))
		}
		return check.Holds(to.Ref, "Until %s.", report.Clock(to.Value.Time))
	},
}, {
	ID: "tls.candidate.key", Group: groupCandidate, Level: check.Must, Refs: "RFC 9846 §4.5.2",
	Title:    "The private key at hand is its own",
	Headline: "The private key is not that of the client certificate",
	Judge: func(c *check.Context, a answering) check.Outcome {
		at := a.Is.PublicKey.Ref
		switch fit := a.key; {
		case fit.item >= 0:
			return check.Holds(at, "The private key that was given belongs to it.")
		case fit.wrong >= 0:
			return check.Broken(at, "The private key that was given is another one's: OpenSSL says «key values mismatch», takes it as no certificate, and sends an empty list.")
		case fit.unread >= 0:
			return check.Needs("private-key", at, "Whether the private key that was given belongs to it cannot be told: %s.", fit.problem)
		case a.sent && !fit.any:
			return check.Skip() // who sent it had to sign with the key
		}
		return check.Needs("private-key", at, "Without its private key nobody can answer with it. Add the key, which is compared and not shown.")
	},
}, {
	ID: "tls.candidate.chain", Group: groupCandidate, Level: check.Should, Refs: "RFC 9846 §4.5.1.2; SSL_CTX_set_client_cert_cb(3)",
	Title:    "The authority that the server names issued it directly",
	Headline: "The authority that the server names is more than one step up",
	Judge: func(_ *check.Context, a answering) check.Outcome {
		how, entry, step := a.issuer(a.q)
		switch {
		case how == other:
			return check.Skip()
		case step == 0:
			return check.Holds(a.Is.Issuer.Ref, "")
		}
		var between []string
		for _, k := range a.Chain[1 : step+1] {
			between = append(between, k.Title())
		}
		return check.Broken(a.Is.Issuer.Ref, "%s stands %s above it. OpenSSL's callback hands over one certificate: %s must come from the extra chain or the trust store, or a server that lacks it answers unknown_ca (48).",
			a.q.names[entry].name, report.Plural(step+1, "step", "steps"), report.Enumerate(between)).And(a.q.names[entry].ref)
	},
}}

// algorithm judges whether the key can sign the handshake.
func (a answering) algorithm() check.Outcome {
	key := a.Is.PublicKey
	q := a.q
	if key.Err != "" || key.Key.Family() == "" {
		return check.Broken(key.Ref, "The key, %s, can sign nothing that is known here.", key.Key.Name())
	}
	if q.Version != TLS13 && len(q.Types.List) > 0 {
		if t := certificateType(key.Key); t == 0 || !q.Types.Has(t) {
			return check.Broken(key.Ref, "The key is %s, which is type %s, and the request does not list that: OpenSSL sends an empty list instead.", key.Key.Name(), typeName(t)).And(q.Types.Ref)
		}
	}
	if q.Version < TLS12 {
		return check.Holds(key.Ref, "%s.", key.Key.Name()).And(q.Types.Ref)
	}
	why := ""
	for _, f := range q.Algorithms.List {
		s, ok := schemes[uint16(f.Value)]
		if !ok || !f.OK {
			continue
		}
		reason := s.able(key.Key, q.Version)
		if reason == "" {
			return check.Holds(key.Ref, "The key, %s, signs with %s.", key.Key.Name(), suite.Label(suite.Schemes, uint16(f.Value))).And(f.Ref)
		}
		if why == "" && s.family == key.Key.Family() {
			why = ": of " + suite.Label(suite.Schemes, uint16(f.Value)) + ", " + reason
		}
	}
	if len(q.Algorithms.List) == 0 {
		return check.Skip()
	}
	return check.Broken(key.Ref, "The key, %s, can make none of the signatures that the request lists (%s)%s. OpenSSL treats such a certificate as none.", key.Key.Name(), schemeNames(q.Algorithms), why).And(q.Algorithms.Ref)
}

func typeName(n uint16) string {
	if name := suite.CertificateTypes[int(n)]; name != "" {
		return name + " (" + strconv.Itoa(int(n)) + ")"
	}
	return "unknown"
}

// chainAlgorithm judges the signatures in the certificates of the chain. What a
// root signs itself with nobody checks.
func (a answering) chainAlgorithm() check.Outcome {
	offered := a.q.Algorithms
	if x := a.q.Extensions.Get(handshake.ExtSignatureAlgorithmsC); x != nil {
		if n, ok := x.Value.(*handshake.Numbers); ok {
			offered = *n
		}
	}
	o := check.Skip()
	for i, k := range a.Chain {
		if k.SelfIssued() {
			continue
		}
		var by *cert.Certificate
		if i+1 < len(a.Chain) {
			by = a.Chain[i+1]
		}
		algorithm := k.Algorithm
		at, made := algorithm.Ref, algorithm.Scheme()
		takes := slices.ContainsFunc(offered.List, func(f field.Field[uint64]) bool {
			s, ok := schemes[uint16(f.Value)]
			return ok && f.OK && s.madeBy(algorithm, by)
		})
		switch {
		case made.Hash == "MD5":
			o = check.Worst(o, check.Broken(at, "%s is signed with %s: such signatures have been forged, and no server takes them.", k.Title(), made.Name))
		case len(offered.List) == 0:
		case !takes:
			o = check.Worst(o, check.Doubtful(at, "%s is signed with %s, which the request does not list (%s): the server may be unable to check it.", k.Title(), made.Name, schemeNames(offered)).And(offered.Ref))
		default:
			o = check.Worst(o, check.Holds(at, ""))
		}
	}
	return o
}

// purpose judges the extended key usage, and the server's filters.
func (a answering) purpose() check.Outcome {
	limited, client := a.Is.HasEKU(cert.PurposeClientAuth)
	_, whatever := a.Is.HasEKU(cert.PurposeAny)
	at := a.Is.Ref
	if e := a.Is.Extension(cert.IDExtKeyUsage); e != nil {
		at = e.Ref
		if list, ok := e.Content.(cert.ExtKeyUsage); ok && limited && !client && !whatever {
			return check.Broken(at, "It is for %s, and not for clientAuth: servers answer unsupported_certificate (43).", list)
		}
	}
	for _, f := range a.q.filters() {
		if missing := f.missing(a.Is); missing != "" {
			return check.Broken(at, "The request asks for certificates that have %s, and this one lacks %s.", f, missing).And(f.Ref)
		}
	}
	if !limited {
		return check.Holds(at, "It has no extKeyUsage, which allows every purpose.")
	}
	return check.Holds(at, "")
}

// missing says what a certificate lacks of a filter; "" where it meets it, or
// the filter is one that clients leave out because they do not know it.
func (f filter) missing(k *cert.Certificate) string {
	if !f.id.Valid() || !f.read {
		return ""
	}
	e := k.Extension(f.id)
	switch {
	case e == nil:
		return "that extension"
	case f.id == cert.IDKeyUsage:
		have, _ := k.KeyUsage()
		for bit := range 9 {
			if f.usage.Bit(bit) && !have.Has(bit) {
				one := make([]byte, 2)
				one[bit/8] = 0x80 >> (bit % 8)
				return cert.KeyUsage{Bits: field.BitString{Bytes: one}}.String()
			}
		}
	case f.id == cert.IDExtKeyUsage:
		var lacks []string
		for _, p := range f.purposes {
			if _, has := k.HasEKU(p); !has {
				lacks = append(lacks, cert.ExtKeyUsage([]oid.ID{p}).String())
			}
		}
		return strings.Join(lacks, ", ")
	}
	return ""
}
