package cert

import (
	"fmt"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/spec"
)

// The headings of the status trees, in rank order: of several failures the
// first one here makes the headline.
var (
	certReadable  = &check.Group{ID: "cert.readable", Title: "Readable"}
	certIssuer    = &check.Group{ID: "cert.issuer", Title: "Issued by the CA that it names"}
	certRevoked   = &check.Group{ID: "cert.revoked", Title: "Not revoked"}
	certTime      = &check.Group{ID: "cert.time", Title: "Valid at the time"}
	certExtension = &check.Group{ID: "cert.ext", Title: "Extensions are understood"}
	certKey       = &check.Group{ID: "cert.key", Title: "Key and signature are strong"}
	certForm      = &check.Group{ID: "cert.form", Title: "In the form of RFC 5280"}
	certStaple    = &check.Group{ID: "ocsp.staple", Title: "Stapling", Aside: true}

	certificateGroups = []*check.Group{
		certReadable, certIssuer, certRevoked, certTime, certExtension, certKey, certForm, certStaple,
	}

	crlReadable  = &check.Group{ID: "crl.readable", Title: "Readable"}
	crlIssuer    = &check.Group{ID: "crl.issuer", Title: "Issued by the CA that it names"}
	crlFresh     = &check.Group{ID: "crl.fresh", Title: "Freshness"}
	crlExtension = &check.Group{ID: "crl.ext", Title: "Extensions are understood"}
	crlSignature = &check.Group{ID: "crl.signature", Title: "The signature is strong"}
	crlForm      = &check.Group{ID: "crl.form", Title: "In the form of RFC 5280"}

	crlGroups = []*check.Group{crlReadable, crlIssuer, crlFresh, crlExtension, crlSignature, crlForm}

	csrReadable  = &check.Group{ID: "csr.readable", Title: "Readable"}
	csrSignature = &check.Group{ID: "csr.signature", Title: "The requester has the private key"}
	csrKey       = &check.Group{ID: "csr.key", Title: "Key and signature are strong"}
	csrForm      = &check.Group{ID: "csr.form", Title: "In the form of RFC 2986"}

	requestGroups = []*check.Group{csrReadable, csrSignature, csrKey, csrForm}

	keyGroup   = &check.Group{ID: "key", Title: "Key"}
	otherGroup = &check.Group{ID: "readable", Title: "Readable"}
)

func refs(list ...spec.Ref) []spec.Ref { return list }

// breaking are the faults that leave a value unread; others are forms that some
// programs read.
func breaking(k field.Kind) bool {
	switch k {
	case field.ObjectID, field.TimeCalendar, field.Boolean:
		return true
	}
	return k <= field.Trailing
}

// readable judges the encoding by the faults that the reader met.
func readable(c *check.Context) check.Outcome {
	var odd *field.Fault
	broken, bent := 0, 0
	for i := range c.Faults {
		f := &c.Faults[i]
		if breaking(f.Kind) {
			if broken == 0 {
				odd = f
			}
			broken++
			continue
		}
		if odd == nil {
			odd = f
		}
		bent++
	}
	switch {
	case broken > 0:
		return check.Broken(odd.Ref, "At octet %d: %s%s.", odd.Off, odd.Message, more(broken))
	case bent > 0:
		return check.Doubtful(odd.Ref, "At octet %d: %s%s. Not every program reads this.", odd.Off, odd.Message, more(bent))
	}
	return check.Holds(c.Root, "")
}

// more says that there is more of what was said.
func more(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (and %s)", count(n-1, "further place", "further places"))
}

// strongKey judges a public key by itself.
func strongKey(k PublicKey) check.Outcome {
	if k.Err != "" {
		return check.Broken(k.Ref, "The key cannot be used: %s.", k.Err)
	}
	size := k.Key.Size()
	switch family := k.Key.Family(); family {
	case "RSA", "DSA":
		if size < 1024 {
			return check.Broken(k.Ref, "The %s key has %d bits: keys of fewer than 1024 have been broken.", family, size)
		}
		if size < 2048 {
			return check.Doubtful(k.Ref, "The %s key has %d bits; 2048 are the least that is now in use.", family, size)
		}
	case "EC":
		if size > 0 && size < 224 {
			return check.Doubtful(k.Ref, "The curve has %d bits; 256 are the least that is now in use.", size)
		}
	}
	if e := k.Key.Exponent; e != nil && (e.Sign() <= 0 || e.BitLen() < 2 || e.Bit(0) == 0) {
		return check.Broken(k.Ref, "The public exponent is %s: it is to be odd, and greater than 1.", e)
	}
	return check.Holds(k.Ref, "%s.", k.Key.Name())
}

// strongSignature judges the algorithm of a signature.
func strongSignature(a Algorithm, harmless bool) check.Outcome {
	s := a.Scheme()
	switch {
	case a.ID == "":
		return check.Skip()
	case s.Fault != "":
		return check.Doubtful(a.Ref, "The parameters of %s cannot be read: %s.", a.Name(), s.Fault)
	case s.Weak != sig.Strong && harmless:
		return check.Note(a.Ref, "%s is weak, but nobody relies on the signature by which a root signs itself.", a.Name())
	case s.Weak == sig.Broken:
		return check.Broken(a.Ref, "%s: two texts with one hash can be made, so a signature for one can be moved to the other.", a.Name())
	case s.Weak != sig.Strong:
		return check.Doubtful(a.Ref, "%s is no longer to be used: most programs refuse it.", a.Name())
	}
	return check.Holds(a.Ref, "%s.", a.Name())
}

// sameAlgorithm compares the algorithm inside what is signed with the one outside.
func sameAlgorithm(inner, outer Algorithm) check.Outcome {
	switch {
	case inner.Raw == nil || outer.Raw == nil:
		return check.Skip()
	case string(inner.Raw) == string(outer.Raw):
		return check.Holds(inner.Ref, "").And(outer.Ref)
	case inner.ID == outer.ID:
		return check.Broken(outer.Ref, "Both are %s, but the parameters differ in their octets.", inner.Name()).And(inner.Ref)
	}
	return check.Broken(outer.Ref, "Inside stands %s, outside %s. Only what is inside is signed.", inner.Name(), outer.Name()).And(inner.Ref)
}

// criticalKnown looks for a critical extension that is not known here.
func criticalKnown(list []Extension, at report.Ref) check.Outcome {
	critical := 0
	for i := range list {
		e := &list[i]
		switch {
		case !e.Critical:
		case !e.Known:
			return check.Broken(e.Ref, "%s is critical and not known: a program that does not know it either must refuse the whole.", e.Name())
		case !e.Decoded:
			return check.Broken(e.Ref, "%s is critical and cannot be read: %s.", e.Name(), e.Fault)
		default:
			critical++
		}
	}
	return check.Holds(at, "%s.", count(critical, "critical extension", "critical extensions"))
}

// once looks for an extension that stands there twice.
func once(list []Extension, at report.Ref) check.Outcome {
	seen := map[string]report.Ref{}
	for i := range list {
		e := &list[i]
		if first, twice := seen[string(e.ID)]; twice && e.ID != "" {
			return check.Broken(e.Ref, "%s stands there twice: programs take the first, the last, or refuse.", e.Name()).And(first)
		}
		seen[string(e.ID)] = e.Ref
	}
	return check.Holds(at, "")
}
