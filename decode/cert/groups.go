package cert

import (
	"fmt"
	"slices"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
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

// breaking are the faults that leave a value unread, or that OpenSSL and Go
// both refuse; others are forms that some programs read.
func breaking(k field.Kind) bool {
	switch k {
	case field.ObjectID, field.TimeCalendar, field.Boolean, field.Integer:
		return true
	}
	return k <= field.Trailing
}

// readable judges the encoding by the faults that the reader met. What leaves
// the value of an extension unread is judged with the extensions: elsewhere
// says which those are.
func readable(c *check.Context, elsewhere ...func(report.Ref) bool) check.Outcome {
	var odd *field.Fault
	broken, bent := 0, 0
	for i := range c.Faults {
		f := &c.Faults[i]
		if breaking(f.Kind) {
			if slices.ContainsFunc(elsewhere, func(in func(report.Ref) bool) bool { return in(f.Ref) }) {
				continue
			}
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
		return check.Doubtful(odd.Ref, "At octet %d: %s%s. Strict programs refuse this.", odd.Off, odd.Message, more(bent))
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
	if k.Key.Family() == "" && k.Key.Name() == k.Key.Algorithm.ID.String() {
		return check.Doubtful(k.Ref, "The algorithm of the key, %s, is not known here: nothing can be said of its strength.", k.Key.Name())
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
	if len(list) == 0 {
		return check.Skip()
	}
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

// unreadValue looks for an extension whose value cannot be read. Those of RFC
// 5280 steer the validation of paths; others matter to whom looks at them.
func unreadValue(list []Extension, at report.Ref) check.Outcome {
	w, read := check.Skip(), 0
	for i := range list {
		switch e := &list[i]; {
		case !e.Known:
		case e.Decoded:
			read++
		case knownExtensions[e.ID].spec.Doc == "RFC 5280":
			w = check.Worst(w, check.Broken(e.ValueRef, "%s cannot be read: %s.", e.Name(), e.Fault))
		default:
			w = check.Worst(w, check.Doubtful(e.ValueRef, "%s cannot be read: %s. Programs that look into it refuse it, others pass it over.", e.Name(), e.Fault))
		}
	}
	if read == 0 || w.Applies() {
		return w
	}
	return check.Holds(at, "%s.", count(read, "value", "values"))
}

// insideValues tells the nodes inside the values of extensions that cannot be
// read; end is the first node after all of them.
func insideValues(list []Extension, end report.Ref) func(report.Ref) bool {
	return func(at report.Ref) bool {
		for i := range list {
			to := end
			if i+1 < len(list) {
				to = list[i+1].Ref
			}
			if e := &list[i]; e.Known && !e.Decoded && e.ValueRef != report.None && e.ValueRef <= at && at < to {
				return true
			}
		}
		return false
	}
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
