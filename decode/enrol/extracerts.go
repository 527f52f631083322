package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// manyCerts is the number from which OpenSSL warns.
const manyCerts = 10

// ofExtra is a rule about messages with extraCerts.
func ofExtra(f func(*check.Context, *View, []*cert.Certificate) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if !v.ExtraCerts.Present() || len(v.ExtraCerts.List) == 0 {
			return check.Skip()
		}
		return f(c, v, v.ExtraCerts.List)
	}
}

// eachExtra makes one outcome of those of the certificates that can be read.
func (v *View) eachExtra(f func(i int, k *cert.Certificate) check.Outcome) check.Outcome {
	o := check.Skip()
	for i, k := range v.ExtraCerts.List {
		if k != nil && k.OK {
			o = check.Worst(o, f(i, k))
		}
	}
	return o
}

var extraCertsRules = []rule{{
	ID: "cmp.certs.first", Group: groupCertificates, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.3",
	Title:    "The signer's certificate comes first",
	Headline: "The first certificate is not the signer's: %s",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		if !v.Signed() {
			return check.Skip()
		}
		best, first := v.Signing(c).Maker(), v.ExtraCerts.Refs[0]
		switch {
		case list[0] == nil || !list[0].OK:
			return check.Doubtful(first, "The first element is no certificate that can be read.")
		case best != nil && bytes.Equal(best.Certificate.Raw, list[0].Raw):
			return check.Holds(first, "")
		case best != nil && best.Proved():
			return check.Doubtful(first, "The first certificate is that of %s, and %s signed: a receiver that takes the first verifies with the wrong key. Put the signer's in front.", title(list[0]), title(best.Certificate))
		case v.Signing(c).means(list[0]):
			return check.Holds(first, "")
		}
		return check.Doubtful(first, "The first certificate is that of %s, and the header names another signer: %s.", title(list[0]), v.meant()).And(v.Header.Sender.Ref)
	}),
}, {
	ID: "cmp.certs.order", Group: groupCertificates, Level: check.Advice, Refs: "RFC 9483 §3.3",
	Title: "Each certificate certifies the one before it",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		if len(list) < 2 {
			return check.Skip()
		}
		for i, k := range list[1:] {
			below := list[i]
			if k == nil || !k.OK || below == nil || !below.OK {
				continue
			}
			if _, named := k.Subject.Equal(below.Issuer); !named {
				return check.Note(k.Ref, "extraCerts[%d] is %s, and extraCerts[%d] was issued by %s. Any order must be accepted.", i+1, title(k), i, report.Clean(below.Issuer.String())).And(below.Ref)
			}
		}
		return check.Holds(v.ExtraCerts.Ref, "")
	}),
}, {
	ID: "cmp.certs.present", Group: groupCertificates, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.3",
	Title:    "The first signed message brings the signer's certificate",
	Headline: "The first signed message brings no certificates: %s",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case !v.Signed() || !v.first():
			return check.Skip()
		case len(v.ExtraCerts.List) == 0:
			return check.Doubtful(v.Header.Sender.Ref, "extraCerts is absent in the first message of this side: a receiver that does not have the signer's certificate cannot verify the signature. OpenSSL leaves self-signed ones out.")
		}
		return check.Holds(v.ExtraCerts.Ref, "")
	},
}, {
	ID: "cmp.certs.complete", Group: groupCertificates, Level: check.Should, Refs: "RFC 9483 §3.3",
	Title: "The certificates reach up to below the root",
	Judge: ofExtra(completeChain),
}, {
	ID: "cmp.certs.self-signed", Group: groupCertificates, Level: check.Advice, Refs: "RFC 9483 §3.3",
	Title: "No self-signed certificate is sent along",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		o := v.eachExtra(func(i int, k *cert.Certificate) check.Outcome {
			if k.SelfIssued() && k.SignedBy(k).Outcome == sig.Valid {
				return check.Note(k.Ref, "extraCerts[%d] is %s, signed with its own key: it is trusted by those who have it already, and must not be by others.", i, title(k))
			}
			return check.Skip()
		})
		if o.Applies() {
			return o
		}
		return check.Holds(v.ExtraCerts.Ref, "")
	}),
}, {
	ID: "cmp.certs.once", Group: groupCertificates, Level: check.Advice, Refs: "RFC 9483 §3.3",
	Title: "No certificate is sent twice",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		seen := map[string]int{}
		o := v.eachExtra(func(i int, k *cert.Certificate) check.Outcome {
			if j, twice := seen[string(k.Raw)]; twice {
				return check.Note(k.Ref, "extraCerts[%d] is the same as extraCerts[%d], %s.", i, j, title(k)).And(v.ExtraCerts.Refs[j])
			}
			seen[string(k.Raw)] = i
			return check.Skip()
		})
		if o.Applies() {
			return o
		}
		return check.Holds(v.ExtraCerts.Ref, "")
	}),
}, {
	ID: "cmp.certs.many", Group: groupCertificates, Level: check.Should, Refs: "RFC 9483 §3.3; crypto/cmp/cmp_vfy.c",
	Title: "No more than ten certificates are sent along",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		if n := len(list); n > manyCerts {
			return check.Doubtful(v.ExtraCerts.Ref, "There are %d certificates; OpenSSL warns from %d on. Send the signer's and those above it.", n, manyCerts+1)
		}
		return check.Holds(v.ExtraCerts.Ref, "%s.", report.Plural(len(list), "certificate", "certificates"))
	}),
}, {
	ID: "cmp.certs.mac", Group: groupCertificates, Level: check.Advice, Refs: "RFC 9483 §4.1.5",
	Title: "Under a MAC no certificates are needed for the protection",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		if !v.ByMAC() {
			return check.Skip()
		}
		return check.Note(v.ExtraCerts.Ref, "The message is protected by a MAC: of its certificates none is the signer's, and the MAC does not cover them. They may serve to verify a new certificate.")
	}),
}, {
	ID: "cmp.certs.decode", Group: groupCertificates, Level: check.Should, Refs: "RFC 9810 §5.1",
	Title: "Each of extraCerts is an X.509 certificate",
	Judge: ofExtra(func(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
		for i, k := range list {
			switch {
			case k == nil:
				return check.Doubtful(v.ExtraCerts.Refs[i], "extraCerts[%d] is no SEQUENCE, and so no X.509 certificate.", i)
			case !k.OK:
				return check.Doubtful(v.ExtraCerts.Refs[i], "extraCerts[%d] cannot be read as an X.509 certificate to its end.", i)
			}
		}
		return check.Holds(v.ExtraCerts.Ref, "")
	}),
}}

// completeChain follows the signer's certificate upwards over extraCerts alone.
// What is above the last one may only be a root, which the receiver has.
func completeChain(c *check.Context, v *View, list []*cert.Certificate) check.Outcome {
	if !v.Signed() || !v.first() {
		return check.Skip()
	}
	k := v.Signing(c).Maker()
	if k == nil || !k.Proved() {
		return check.Skip()
	}
	last, left := k.Certificate, mostSignatures
	for range list {
		if last.SelfIssued() {
			break
		}
		up := above(last, list, &left)
		if up == nil {
			break
		}
		last = up
	}
	if last.SelfIssued() {
		return check.Holds(v.ExtraCerts.Ref, "They reach up to %s, which is self-issued.", title(last))
	}
	up := v.x.issuerOf(last)
	switch {
	case up == nil:
		return check.Note(v.ExtraCerts.Ref, "The last one upwards is %s, issued by %s, which is not at hand: if that is a root, nothing is missing.", title(last), report.Clean(last.Issuer.String()))
	case up.SelfIssued():
		return check.Holds(v.ExtraCerts.Ref, "They reach up to %s, below the root %s.", title(last), title(up))
	}
	return check.Doubtful(v.ExtraCerts.Ref, "They end at %s; the certificate of %s above it, which is no root, is missing: who trusts only the root cannot get there.", title(last), title(up))
}

// above is the certificate of a list that issued k, or nil; left is how many
// signatures may still be verified.
func above(k *cert.Certificate, list []*cert.Certificate, left *int) *cert.Certificate {
	for _, up := range list {
		if up == nil || !up.OK {
			continue
		}
		if _, named := up.Subject.Equal(k.Issuer); !named || *left == 0 {
			continue
		}
		if *left--; k.SignedBy(up).Outcome == sig.Valid {
			return up
		}
	}
	return nil
}
