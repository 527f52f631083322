package cmpclient

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/sig"
)

// info says whether general information is of use to the call that asks for it.
func (f *facts) info(i *cmp.Info, m *Message) Info {
	out := Info{Type: i.ID.String(), Empty: !i.Present(), Refused: i.Fault != ""}
	switch v := i.Value.(type) {
	case cmp.Certificates:
		for _, k := range v.List {
			if i.ID == cmp.IDCACerts && (k == nil || !k.IsCA() || !f.c.At.IsZero() && !k.ValidAt(f.c.At)) {
				out.Refused = true
			}
		}
	case *cmp.KeyUpdate:
		if i.ID == cmp.IDRootCAKeyUpdate && v.NewWithNew != nil && !f.succeeds(v, m) {
			out.Broken = []Reason{{Name: "CMP_R_INVALID_ROOTCAKEYUPDATE"}}
		}
	}
	return out
}

// succeeds says that the old root vouches for the new one, and where a certificate
// for that is there, the new one for the old one.
func (f *facts) succeeds(u *cmp.KeyUpdate, m *Message) bool {
	if u.NewWithOld == nil || !bytes.Equal(u.NewWithOld.PublicKey.Raw, u.NewWithNew.PublicKey.Raw) {
		return false
	}
	old := f.oldRoot()
	if old == nil {
		if len(f.around.anchors) == 0 {
			m.Unproved = "The old root is not at hand: it is taken that it vouches for the new one."
			return true
		}
		return f.leads(u.NewWithOld, f.around.anchors)
	}
	if u.NewWithOld.SignedBy(old).Outcome != sig.Valid {
		return false
	}
	return u.OldWithNew == nil || bytes.Equal(u.OldWithNew.PublicKey.Raw, old.PublicKey.Raw) && u.OldWithNew.SignedBy(u.NewWithNew).Outcome == sig.Valid
}

// oldRoot is the root that the request named.
func (f *facts) oldRoot() *cert.Certificate {
	if f.at == nil {
		return nil
	}
	if i := f.at.Body.Infos.Find(cmp.IDRootCACert); i != nil {
		k, _ := i.Value.(*cert.Certificate)
		return k
	}
	return nil
}
