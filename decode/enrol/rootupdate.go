package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var rootUpdateRules = []rule{{
	ID: "cmp.genp.root-new", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §4.4.1; RFC 9810 §5.3.19.15",
	Title: "The new root certifies itself", Headline: "The new root does not certify itself",
	Judge: updates(func(c *check.Context, v *View, u *cmp.KeyUpdate) check.Outcome { return update{u}.selfSigned() }),
}, {
	ID: "cmp.genp.root-link", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §4.4.1; RFC 9483 §4.3.2",
	Title: "The old root introduces the new one", Headline: "The certificates do not lead from the old root to the new one",
	Judge: updates(func(c *check.Context, v *View, u *cmp.KeyUpdate) check.Outcome { return update{u}.linked(c, v) }),
}, {
	ID: "cmp.genp.root-dates", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §4.4.1",
	Title: "The certificates between the roots cover the change-over",
	Judge: updates(func(c *check.Context, v *View, u *cmp.KeyUpdate) check.Outcome { return update{u}.dates(v) }),
}}

// updates makes a rule of the new root in a genp.
func updates(judge func(*check.Context, *View, *cmp.KeyUpdate) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.GenP {
			return check.Skip()
		}
		for _, i := range v.Body.Infos.List {
			if u, ok := i.Value.(*cmp.KeyUpdate); ok {
				return judge(c, v, u)
			}
		}
		return check.Skip()
	}
}

// update judges a new key of a CA, wherever it is told of.
type update struct{ *cmp.KeyUpdate }

// selfSigned judges newWithNew.
func (u update) selfSigned() check.Outcome {
	k, at := u.NewWithNew, u.NewWithNewRef
	switch {
	case at == report.None:
		return check.Skip() // cmp.der.missing says so
	case k == nil || !k.OK:
		return check.Broken(at, "newWithNew cannot be read as an X.509 certificate.")
	case !k.SelfIssued():
		return check.Broken(at, "newWithNew is issued by %s for %s; a new root has its own name for issuer.", called(k.Issuer), called(k.Subject))
	}
	switch res := k.SignedBy(k); res.Outcome {
	case sig.Valid:
		return check.Holds(at, "")
	case sig.Unknown:
		return undecided(at, "newWithNew is signed with %s: %s.", k.Algorithm.Name(), res.Why)
	default:
		return check.Broken(at, "The key of newWithNew did not make its signature: %s.", res.Why)
	}
}

// linked judges newWithOld and oldWithNew.
func (u update) linked(c *check.Context, v *View) check.Outcome {
	n, old := u.NewWithNew, u.oldKey(v)
	if n == nil {
		return check.Skip()
	}
	var all []check.Outcome
	if k := u.OldWithNew; k != nil {
		if res := k.SignedBy(n); res.Outcome != sig.Valid && res.Outcome != sig.Unknown {
			all = append(all, check.Broken(u.OldWithNewRef, "oldWithNew is not signed with the new key: %s.", res.Why).And(u.NewWithNewRef))
		}
	}
	if root := u.oldRoot(v); root != nil && u.OldWithNew != nil && !sameKey(root, u.OldWithNew) {
		all = append(all, check.Broken(u.OldWithNewRef, "The key in oldWithNew is not that of the old root, %s.", called(root.Subject)))
	}
	switch k := u.NewWithOld; {
	case u.NewWithOldRef == report.None && c.Profiles["lw"]:
		all = append(all, check.Doubtful(u.Ref, "There is no newWithOld: who trusts the old root has no way to the new one. The lightweight profile wants it."))
	case u.NewWithOldRef == report.None:
		all = append(all, check.Note(u.Ref, "There is no newWithOld: who trusts the old root has to learn of the new one in another way."))
	case k == nil:
		all = append(all, check.Broken(u.NewWithOldRef, "newWithOld cannot be read as an X.509 certificate."))
	case !sameKey(k, n):
		all = append(all, check.Broken(u.NewWithOldRef, "The key in newWithOld is not that of newWithNew: it introduces another root.").And(u.NewWithNewRef))
	case old == nil:
		all = append(all, check.Needs("old", u.NewWithOldRef, "Whether the old key signed newWithOld is seen beside the old root, %s: add its certificate.", called(k.Issuer)))
	default:
		switch res := k.SignedBy(old); res.Outcome {
		case sig.Valid:
			all = append(all, check.Holds(u.NewWithOldRef, ""))
		case sig.Unknown:
			all = append(all, undecided(u.NewWithOldRef, "newWithOld is signed with %s: %s.", k.Algorithm.Name(), res.Why))
		default:
			all = append(all, check.Broken(u.NewWithOldRef, "newWithOld is not signed with the old key: %s.", res.Why))
		}
	}
	return check.Worst(all...)
}

// dates judges the validity of the certificates between the roots.
//
// RFC 9810, section 4.4.1
func (u update) dates(v *View) check.Outcome {
	n := u.NewWithNew
	if n == nil || !n.NotBefore.OK {
		return check.Skip()
	}
	o := check.Skip()
	root := u.oldRoot(v)
	if k := u.NewWithOld; k != nil && k.NotBefore.OK && k.NotAfter.OK {
		switch {
		case !k.NotBefore.Value.Equal(n.NotBefore.Value.Time):
			return check.Doubtful(k.NotBefore.Ref, "newWithOld is valid from %s, newWithNew from %s: both begin when the new key was made.", report.Clock(k.NotBefore.Value.Time), report.Clock(n.NotBefore.Value.Time)).And(n.NotBefore.Ref)
		case root != nil && root.NotAfter.OK && k.NotAfter.Value.After(root.NotAfter.Value.Time):
			return check.Doubtful(k.NotAfter.Ref, "newWithOld is valid until %s, the old root until %s: who holds the old root trusts nothing of it after that.", report.Clock(k.NotAfter.Value.Time), report.Clock(root.NotAfter.Value.Time))
		}
		o = check.Holds(u.NewWithOldRef, "")
	}
	if k := u.OldWithNew; k != nil && root != nil && k.NotBefore.OK && k.NotAfter.OK && root.NotBefore.OK && root.NotAfter.OK {
		if !k.NotBefore.Value.Equal(root.NotBefore.Value.Time) || !k.NotAfter.Value.Equal(root.NotAfter.Value.Time) {
			return check.Doubtful(k.NotBefore.Ref, "oldWithNew is valid from %s to %s, the old root from %s to %s: certificates under the old root are to stand as long.",
				report.Clock(k.NotBefore.Value.Time), report.Clock(k.NotAfter.Value.Time), report.Clock(root.NotBefore.Value.Time), report.Clock(root.NotAfter.Value.Time)).And(k.NotAfter.Ref)
		}
		o = check.Holds(u.OldWithNewRef, "")
	}
	return o
}

// oldKey is a certificate with the old key: oldWithNew, or that of the old root.
func (u update) oldKey(v *View) *cert.Certificate {
	if root := u.oldRoot(v); root != nil {
		return root
	}
	return u.OldWithNew
}

// oldRoot is the certificate of the old root: the one that the client named, or
// one beside the message of the name that issued newWithOld, with another key
// than the new one.
func (u update) oldRoot(v *View) *cert.Certificate {
	if q := v.Request(); q != nil && q != v {
		if i := q.Body.Infos.Find(cmp.IDRootCACert); i != nil {
			if k, ok := i.Value.(*cert.Certificate); ok && k != nil {
				return k
			}
		}
	}
	name := cert.Name{}
	switch {
	case u.NewWithOld != nil:
		name = u.NewWithOld.Issuer
	case u.OldWithNew != nil:
		name = u.OldWithNew.Subject
	default:
		return nil
	}
	for _, f := range v.x.Certificates {
		k := f.Is
		octets, folded := k.Subject.Equal(name)
		if (octets || folded) && k.SelfIssued() && k.SignedBy(k).Outcome == sig.Valid && (u.NewWithNew == nil || !sameKey(k, u.NewWithNew)) {
			return k
		}
	}
	return nil
}

// sameKey says that two certificates are for the same key.
func sameKey(a, b *cert.Certificate) bool {
	return len(a.PublicKey.Bits) > 0 && bytes.Equal(a.PublicKey.Bits, b.PublicKey.Bits)
}
