package ocsp

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

// ofBasic makes a rule that applies where there is a BasicOCSPResponse.
func ofBasic(judge func(*check.Context, *View, *Basic) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Basic == nil {
			return check.Skip()
		}
		return judge(c, v, v.Basic)
	}
}

var contentRules = []rule{{
	ID: "ocsp.data.version", Group: groupContent, Level: check.Must, Refs: "RFC 6960 §4.2.2.3",
	Title:    "The version is v1",
	Headline: "Of a version that does not exist",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		version := b.Data.Version
		if n, ok := version.Value.Int64(); version.OK && (!ok || n != 0) {
			return check.Broken(version.Ref, "The version is written as %s; only v1, written as 0, is defined. OpenSSL and Go do not look.", version.Value.Big())
		}
		return check.Holds(version.Ref, "")
	}),
}, {
	ID: "ocsp.data.responder-id", Group: groupContent, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "The response says who signed it",
	Headline: "It does not say who signed it",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if id := b.Data.Responder; !id.OK {
			switch {
			case id.ByName:
				return check.Broken(id.Ref, "responderID is a name, and the name cannot be read.")
			case v.framing(c, field.Truncated) != nil:
				return check.Skip() // it was perhaps cut off
			}
			return check.Broken(id.Ref, "responderID is neither a name [1] nor a key hash [2].")
		}
		return check.Holds(b.Data.Responder.Ref, "")
	}),
}, {
	ID: "ocsp.data.key-hash-length", Group: groupContent, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "A responderID by key is a SHA-1 hash",
	Headline: "The responder's key hash has the wrong length",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		id := b.Data.Responder
		if !id.OK || id.ByName {
			return check.Skip()
		}
		if len(id.Key) != 20 {
			return check.Broken(id.Ref, "The key hash has %d octets; it is always the SHA-1 of the key, 20 octets, whatever hash the CertIDs use.", len(id.Key))
		}
		return check.Holds(id.Ref, "")
	}),
}, {
	ID: "ocsp.data.name-empty", Group: groupContent, Level: check.Should, Refs: "RFC 5280 §4.1.2.4; RFC 5280 §4.1.2.6",
	Title: "A responderID by name is not empty",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		id := b.Data.Responder
		if !id.OK || !id.ByName {
			return check.Skip()
		}
		if len(id.Name.RDNs) == 0 {
			return check.Doubtful(id.Ref, "The name is empty: it finds nobody.")
		}
		return check.Holds(id.Ref, "")
	}),
}, {
	ID: "ocsp.data.responses-present", Group: groupContent, Level: check.Must, Refs: "RFC 6960 §4.2.2.3",
	Title:    "There is at least one status",
	Headline: "Signed, and it says nothing: there is no status in it",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if b.Data.Responses == report.None {
			return check.Skip()
		}
		if len(b.Data.Singles) == 0 {
			if v.framing(c, field.Truncated, field.BadElement) != nil {
				return check.Skip() // what is not there was perhaps cut off
			}
			return check.Broken(b.Data.Responses, "The list of responses is empty: signed, and it says nothing.")
		}
		return check.Holds(b.Data.Responses, "")
	}),
}, {
	ID: "ocsp.data.responses-extra", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.2.3; RFC 9919 §3.2.1",
	Title: "There is no status more than needed",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		n := len(b.Data.Singles)
		if n < 2 {
			return check.Skip()
		}
		if v.Request != nil && n > len(v.Request.List) {
			return check.Doubtful(b.Data.Responses, "The request asks for %d, the response holds %d. Allowed for answers made in advance.", len(v.Request.List), n)
		}
		if k := serials(b.Data.Singles); k > 1 {
			return check.Doubtful(b.Data.Responses, "It holds %d statuses of %d certificates. A staple needs one; Go's ParseResponse and HAProxy refuse several.", n, k)
		}
		return check.Holds(b.Data.Responses, "One certificate, named in %d ways.", n)
	}),
}, {
	ID: "ocsp.data.responses-duplicate", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.2.3",
	Title: "No certificate is named twice in the same way",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(b.Data.Singles) < 2 {
			return check.Skip()
		}
		if i, j := pair(b.Data.Singles, func(a, b Single) bool { return a.ID.Same(b.ID) }); i >= 0 {
			return check.Doubtful(b.Data.Singles[j].ID.Ref, "Entries %d and %d have the same CertID. Clients read the first, the last or the strictest.", i, j).And(b.Data.Singles[i].ID.Ref)
		}
		return check.Holds(b.Data.Responses, "")
	}),
}, {
	ID: "ocsp.data.responses-conflict", Group: groupContent, Level: check.Must, Aside: true, Refs: "RFC 6960 §4.2.2.3",
	Title: "No certificate has two statuses",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(b.Data.Singles) < 2 {
			return check.Skip()
		}
		i, j := pair(b.Data.Singles, func(a, b Single) bool { return a.ID.Same(b.ID) && a.Standing != b.Standing })
		if i < 0 {
			i, j = v.conflict()
		}
		if i >= 0 {
			a, z := b.Data.Singles[i], b.Data.Singles[j]
			return check.Broken(z.StatusRef, "Entry %d says %s, entry %d says %s of the same certificate: clients disagree on which counts.", i, a.Standing, j, z.Standing).And(a.StatusRef)
		}
		return check.Holds(b.Data.Responses, "")
	}),
}, {
	ID: "ocsp.data.responses-issuers", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.2.3",
	Title: "All statuses are of one issuer's certificates",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(b.Data.Singles) < 2 {
			return check.Skip()
		}
		i, j := pair(b.Data.Singles, func(a, b Single) bool { return a.ID.Hash.ID == b.ID.Hash.ID && !a.ID.SameIssuer(b.ID) })
		if i >= 0 {
			return check.Doubtful(b.Data.Singles[j].ID.Ref, "Entries %d and %d name different issuers. OpenSSL can authorise such a response only by explicit trust.", i, j).And(b.Data.Singles[i].ID.Ref)
		}
		return check.Holds(b.Data.Responses, "")
	}),
}, {
	ID: "ocsp.data.certs-empty", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.1",
	Title: "certs is left out rather than empty",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(b.Certs) == 0 {
			return check.Doubtful(b.CertsRef, "certs is there and holds nothing: it should be left out.")
		}
		return check.Holds(b.CertsRef, "")
	}),
}, {
	ID: "ocsp.data.certs-readable", Group: groupContent, Level: check.Must, Aside: true, Refs: "RFC 6960 §4.2.1",
	Title: "Every certificate in certs can be read",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		for i, k := range b.Certs {
			if !k.OK || !k.Signature.OK || k.PublicKey.Raw == nil {
				return check.Broken(k.Ref, "Certificate %d cannot be read to its end. OpenSSL, Go and Firefox drop the response for it, Chromium walks past it.", i)
			}
		}
		return check.Holds(b.CertsRef, "")
	}),
}, {
	ID: "ocsp.data.certs-first", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.2.3",
	Title: "The signer's certificate is the first of certs",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if v.Signer.Place != Embedded || v.Signer.IsIssuer {
			return check.Skip()
		}
		if v.Signer.Index != 0 {
			return check.Doubtful(v.Signer.Cert.Ref, "It is number %d of %d. Go and Bouncy Castle look at the first only.", v.Signer.Index+1, len(b.Certs))
		}
		return check.Holds(v.Signer.Cert.Ref, "")
	}),
}, {
	ID: "ocsp.data.certs-issuer", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.2.2",
	Title: "A CA that signs by itself leaves its certificate out",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !v.Signer.IsIssuer {
			return check.Skip()
		}
		for _, k := range b.Certs {
			if bytes.Equal(k.PublicKey.Raw, v.Issuer.PublicKey.Raw) {
				return check.Doubtful(k.Ref, "certs holds the issuer %s itself. Go then wants it to be signed by its own key, and an intermediate is not.", k.Title())
			}
		}
		return check.Holds(b.CertsRef, "")
	}),
}, {
	ID: "ocsp.data.certs-needless", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.1",
	Title: "certs holds nothing but what leads to the signer",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		s := v.Signer.Cert
		if s == nil || len(b.Certs) == 0 {
			return check.Skip()
		}
		some := b.Certs[:min(len(b.Certs), compared)]
		for i, k := range some {
			switch {
			case bytes.Equal(k.Raw, s.Raw), k.PublicKey.Raw == nil: // certs-readable speaks of the latter
			case v.Subject != nil && bytes.Equal(k.Raw, v.Subject.Raw):
				return check.Doubtful(k.Ref, "Certificate %d is the one asked about: it travels with every handshake anyway.", i)
			case k.SelfIssued():
				return check.Doubtful(k.Ref, "Certificate %d, %s, is a root: a client trusts its own copy or none.", i, k.Title())
			case !leads(k, some):
				return check.Doubtful(k.Ref, "Certificate %d, %s, issued none of the others. Every octet travels with every handshake.", i, k.Title())
			}
		}
		return check.Holds(b.CertsRef, "")
	}),
}, {
	ID: "ocsp.data.certs-duplicate", Group: groupContent, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.2.1",
	Title: "No certificate stands in certs twice",
	Judge: ofCerts(func(c *check.Context, v *View, b *Basic) check.Outcome {
		seen := map[string]int{}
		for i, k := range b.Certs {
			if first, twice := seen[string(k.Raw)]; twice && len(k.Raw) > 0 {
				return check.Doubtful(k.Ref, "Certificates %d and %d are the same: dead weight.", first, i)
			}
			seen[string(k.Raw)] = i
		}
		return check.Holds(b.CertsRef, "")
	}),
}}

// ofCerts makes a rule that applies where certs is sent.
func ofCerts(judge func(*check.Context, *View, *Basic) check.Outcome) func(*check.Context, *View) check.Outcome {
	return ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if !b.HasCerts {
			return check.Skip()
		}
		return judge(c, v, b)
	})
}

// leads says whether a certificate is the issuer of another one in the list.
func leads(k *cert.Certificate, list []*cert.Certificate) bool {
	for _, other := range list {
		if _, folded := other.Issuer.Equal(k.Subject); folded && other != k {
			return true
		}
	}
	return false
}

// serials counts the different serial numbers.
func serials(list []Single) int {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s.ID.Serial.Value.Text()] = true
	}
	return len(seen)
}

// compared bounds how many entries, or certificates, are compared with each other.
const compared = 256

// pair gives the first two entries for which same holds, or -1.
func pair(list []Single, same func(a, b Single) bool) (int, int) {
	n := min(len(list), compared)
	for j := 1; j < n; j++ {
		for i := range j {
			if same(list[i], list[j]) {
				return i, j
			}
		}
	}
	return -1, -1
}

// conflict gives two entries that name the subject in different hashes and
// differ in status, or -1.
func (v *View) conflict() (int, int) {
	singles := v.singles()
	for _, j := range v.Matching {
		if i := v.Matching[0]; singles[i].Standing != singles[j].Standing {
			return i, j
		}
	}
	return -1, -1
}
