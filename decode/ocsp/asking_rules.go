package ocsp

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

type asking = check.Rule[*Asking]

func ask(id, title string, level check.Level, number int, section string, judge func(*check.Context, *Asking) check.Outcome) asking {
	return asking{ID: "ocsp.request." + id, Group: groupRequest, Level: level, Refs: spec.Join(spec.RFC(number, section)), Title: title, Judge: judge}
}

// eachAsked judges every CertID of the request; the worst answer speaks.
func eachAsked(judge func(CertID) check.Outcome) func(*check.Context, *Asking) check.Outcome {
	return func(c *check.Context, a *Asking) check.Outcome {
		o := check.Skip()
		for _, r := range a.List {
			o = check.Worst(o, judge(r.ID))
		}
		return o
	}
}

// signed makes a rule for signed requests.
func signed(judge func(*check.Context, *Asking) check.Outcome) func(*check.Context, *Asking) check.Outcome {
	return func(c *check.Context, a *Asking) check.Outcome {
		if !a.Signed {
			return check.Skip()
		}
		return judge(c, a)
	}
}

// allExtensions lists the request's extensions and those of its entries.
func (q *Request) allExtensions() []cert.Extension {
	out := append([]cert.Extension{}, q.Extensions...)
	for _, a := range q.List {
		out = append(out, a.Extensions...)
	}
	return out
}

var requestRules = []asking{
	ask("version", "The version is v1, and left out", check.Must, 6960, "4.1.1", func(c *check.Context, a *Asking) check.Outcome {
		if a.Version.Ref == report.None {
			return check.Holds(a.TBSRef, "")
		}
		if n, ok := a.Version.Value.Int64(); !a.Version.OK || !ok || n != 0 {
			return check.Broken(a.Version.Ref, "The version is written as %s; only v1, written as 0, is defined.", a.Version.Value.Big())
		}
		return check.Doubtful(a.Version.Ref, "The version v1 is spelled out although it is the default.")
	}),
	ask("list", "It asks for something", check.Must, 6960, "4.1.1", func(c *check.Context, a *Asking) check.Outcome {
		if len(a.List) == 0 {
			return check.Broken(a.ListRef, "requestList is empty: a responder answers malformedRequest.")
		}
		return check.Holds(a.ListRef, "")
	}),
	ask("one", "It asks for one certificate", check.Should, 9919, "3.1.1", func(c *check.Context, a *Asking) check.Outcome {
		if n := len(a.List); n > 1 {
			return check.Doubtful(a.ListRef, "It asks for %d: answers made in advance exist for one certificate only.", n)
		}
		return check.Holds(a.ListRef, "")
	}),
	ask("subject", "It asks for the certificate at hand", check.Must, 6960, "4.1.1", func(c *check.Context, a *Asking) check.Outcome {
		switch {
		case len(a.List) == 0:
			return check.Skip()
		case a.Subject == nil:
			return check.Needs("subject", a.List[0].ID.Ref, "Add the certificate that it should ask for.")
		case a.Issuer == nil:
			return check.Needs("issuer", a.List[0].ID.Ref, "Add the certificate of %s.", a.Subject.Issuer.Short())
		}
		for _, r := range a.List {
			if r.ID.Fit(a.Subject, a.Issuer).All() {
				return check.Holds(r.ID.Ref, "")
			}
		}
		if first := a.List[0].ID; first.Fit(a.Subject, a.Issuer).Serial {
			return check.Broken(first.Ref, "It asks for the serial number of %s, but of another CA: issuerNameHash is %s, the %s of the name %s is %s. That is a usual cause of «unauthorized».",
				a.Subject.Title(), digest(first.NameHash.Value), first.HashName(), a.Subject.Issuer.Short(), digest(first.hash(a.Subject.Issuer.Raw)))
		}
		return check.Broken(a.List[0].ID.Ref, "It asks for serial %s, which is not %s (serial %s of %s): the usual cause of «unauthorized».",
			a.List[0].ID.Serial.Value.Text(), a.Subject.Title(), a.Subject.Serial.Value.Text(), a.Issuer.Title())
	}),
	ask("hash", "Its hash is one that the responder knows", check.Should, 9919, "3.1.1", func(c *check.Context, a *Asking) check.Outcome {
		return eachAsked(func(id CertID) check.Outcome {
			switch name := id.HashName(); {
			case name == "SHA-1" && c.Profiles["rfc9919"]:
				return check.Doubtful(id.Hash.Ref, "The CertID is hashed with SHA-1; the profile asks for SHA-256.")
			case name == "SHA-1":
				return check.Holds(id.Hash.Ref, "")
			case name == "SHA-256" && c.Profiles["rfc9919"]:
				return check.Holds(id.Hash.Ref, "")
			default:
				return check.Doubtful(id.Hash.Ref, "The CertID is hashed with %s; many responders know SHA-1 only and answer «unauthorized».", name)
			}
		})(c, a)
	}),
	ask("nonce-length", "The nonce has 32 to 128 octets", check.Must, 9654, "2.1", func(c *check.Context, a *Asking) check.Outcome {
		n := nonceOf(a.Extensions)
		if n == nil {
			return check.Skip()
		}
		at := cert.Find(a.Extensions, NonceID).Ref
		switch k := len(n.Bytes); {
		case k == 0 || k > 128:
			return check.Broken(at, "The nonce has %d octets; 1 to 128 are allowed, and a responder answers malformedRequest.", k)
		case k < 32:
			return check.Doubtful(at, "The nonce has %s; a requester must send 32 at least. OpenSSL sends 16.", report.Plural(k, "octet", "octets"))
		}
		return check.Holds(at, "")
	}),
	ask("nonce-encoding", "The nonce stands in an OCTET STRING of its own", check.Should, 9654, "2.1", func(c *check.Context, a *Asking) check.Outcome {
		n := nonceOf(a.Extensions)
		if n == nil {
			return check.Skip()
		}
		if at := cert.Find(a.Extensions, NonceID).Ref; !n.Wrapped {
			return check.Doubtful(at, "The octets of the nonce stand bare in extnValue, as before 2013; an OCTET STRING belongs around them.")
		}
		return check.Holds(cert.Find(a.Extensions, NonceID).Ref, "")
	}),
	ask("extensions", "It has no extension but a nonce", check.Should, 9919, "3.1.1", func(c *check.Context, a *Asking) check.Outcome {
		for _, e := range a.Extensions {
			if e.ID != NonceID {
				return check.Doubtful(e.Ref, "It has %s: that keeps answers from being cached.", e.ID)
			}
		}
		return check.Holds(a.TBSRef, "")
	}),
	ask("entry-extensions", "Its entries have no extensions", check.Should, 9919, "3.1.1", func(c *check.Context, a *Asking) check.Outcome {
		for _, r := range a.List {
			if len(r.Extensions) > 0 {
				return check.Doubtful(r.Extensions[0].Ref, "An entry has %s. The profile forbids it; a service locator is fine in plain RFC 6960.", r.Extensions[0].ID)
			}
		}
		return check.Holds(a.ListRef, "")
	}),
	ask("critical", "No extension is critical", check.Should, 6960, "4.1.2", func(c *check.Context, a *Asking) check.Outcome {
		all := a.allExtensions()
		for _, e := range all {
			if e.Critical {
				return check.Doubtful(e.Ref, "%s is critical, and should never be.", e.ID)
			}
		}
		if len(all) == 0 {
			return check.Skip()
		}
		return check.Holds(all[0].Ref, "")
	}),
	ask("signed", "It is not signed", check.Should, 9919, "3.1.2", func(c *check.Context, a *Asking) check.Outcome {
		if a.Signed {
			return check.Doubtful(a.SignatureRef, "It is signed, which hardly any responder checks.")
		}
		return check.Holds(a.TBSRef, "")
	}),
	ask("signature", "The signature fits", check.Must, 6960, "4.1.2", signed(func(c *check.Context, a *Asking) check.Outcome {
		switch {
		case a.Signer == nil:
			return check.Needs("sender", a.SignatureRef, "Add the certificate of the one who signed it.")
		case a.Result.Outcome == sig.Valid:
			return check.Holds(a.SignatureRef, "It covers tbsRequest under the key of %s.", a.Signer.Title())
		case a.Result.Outcome == sig.Unknown || a.Result.Outcome == sig.TooLarge:
			return check.Needs("answer", a.SignatureRef, "It cannot be computed: %s.", a.Result.Why)
		}
		return check.Broken(a.SignatureRef, "It does not verify under the key of %s: %s.", a.Signer.Title(), a.Result.Why)
	})),
	ask("name", "Who signs says who it is", check.Must, 6960, "4.1.2", signed(func(c *check.Context, a *Asking) check.Outcome {
		if !a.HasName {
			return check.Broken(a.SignatureRef, "It is signed, and requestorName is absent.")
		}
		return check.Holds(a.NameRef, "")
	})),
	ask("name-unsigned", "Without a signature there is no name", check.Should, 9919, "3.1.2", func(c *check.Context, a *Asking) check.Outcome {
		if a.Signed {
			return check.Skip()
		}
		if !a.HasName {
			return check.Holds(a.TBSRef, "")
		}
		return check.Doubtful(a.NameRef, "requestorName is there without a signature: responders ignore it.")
	}),
	ask("name-type", "The name is a directoryName", check.Should, 6960, "4.1.2", func(c *check.Context, a *Asking) check.Outcome {
		if !a.HasName {
			return check.Skip()
		}
		if a.Name.Choice != cert.DirectoryName {
			return check.Doubtful(a.NameRef, "It is %s. OpenSSL verifies a directoryName only; Go refuses any.", a.Name)
		}
		return check.Holds(a.NameRef, "")
	}),
	ask("acceptable", "It accepts basic responses", check.Should, 6960, "4.4.3", func(c *check.Context, a *Asking) check.Outcome {
		e := cert.Find(a.Extensions, AcceptableID)
		if e == nil {
			return check.Skip()
		}
		var names []string
		for _, id := range acceptable(e) {
			if id == BasicType {
				return check.Holds(e.Ref, "")
			}
			names = append(names, id.String())
		}
		return check.Doubtful(e.Ref, "It accepts %s; id-pkix-ocsp-basic is missing, and nothing else exists.", strings.Join(append(names, "no other type")[:max(1, len(names))], ", "))
	}),
	ask("preferred", "It prefers algorithms that it would trust", check.Should, 6960, "4.4.7", func(c *check.Context, a *Asking) check.Outcome {
		e := cert.Find(a.Extensions, PreferredID)
		if e == nil {
			return check.Skip()
		}
		list, _ := e.Content.([]cert.Algorithm)
		var names []string
		for _, k := range list {
			s := k.Scheme()
			if s.Weak != sig.Strong {
				return check.Doubtful(k.Ref, "It asks for %s: one must not ask for what one would not trust.", s.Name)
			}
			names = append(names, s.Name)
		}
		return check.Note(e.Ref, "Best first: %s.", strings.Join(names, ", "))
	}),
	ask("get-size", "Short requests go by GET, long ones by POST", check.Should, 6960, "A.1", func(c *check.Context, a *Asking) check.Outcome {
		if c.HTTP == nil || !c.HTTP.Request {
			return check.Skip()
		}
		short := len(escaped(a.Raw))
		if host, ok := header(c.HTTP, "Host"); ok {
			short += len("http://") + len(host) + 1
		}
		switch n := len(c.HTTP.Target); {
		case c.HTTP.Method == "GET" && n > 255:
			return check.Doubtful(a.Ref, "The URL has %d octets; by GET it may have 255.", n)
		case c.HTTP.Method == "POST" && short <= 255 && c.Profiles["rfc9919"]:
			return check.Doubtful(a.Ref, "As a URL it would have about %d octets: short ones go by GET, so that caches work.", short)
		}
		return check.Holds(a.Ref, "")
	}),
}

var requestIDRules = []asking{
	{ID: "ocsp.certid.hash-known", Group: groupNamed, Level: check.May, Refs: "RFC 6960 §4.1.1", Title: "The hash of each CertID is one that can be computed", Judge: eachAsked(hashKnown)},
	{ID: "ocsp.certid.hash-lengths", Group: groupNamed, Level: check.Must, Refs: "RFC 6960 §4.1.1", Title: "The hashes in each CertID have the length of their algorithm", Judge: eachAsked(hashLengths)},
	{ID: "ocsp.certid.hash-weak", Group: groupNamed, Level: check.Must, Refs: "RFC 6960 §4.1.1", Title: "No CertID uses MD2, MD4 or MD5", Judge: eachAsked(hashWeak)},
	{ID: "ocsp.certid.hash-support", Group: groupNamed, Level: check.Should, Refs: "RFC 6960 §4.1.1", Title: "The hash of each CertID is one that browsers know", Judge: eachAsked(hashSupport)},
	{ID: "ocsp.certid.parameters", Group: groupNamed, Level: check.Should, Refs: "RFC 5754 §2", Title: "The parameters of each hash are NULL or absent", Judge: eachAsked(hashParameters)},
	{ID: "ocsp.certid.serial-positive", Group: groupNamed, Level: check.Should, Refs: "RFC 5280 §4.1.2.2", Title: "Every serial number is positive", Judge: eachAsked(serialPositive)},
	{ID: "ocsp.certid.serial-length", Group: groupNamed, Level: check.Should, Refs: "RFC 5280 §4.1.2.2", Title: "Every serial number has at most 20 octets", Judge: eachAsked(serialLength)},
}

// acceptable gives the response types that an extension names.
func acceptable(e *cert.Extension) []oid.ID {
	list, _ := e.Content.([]oid.ID)
	return list
}
