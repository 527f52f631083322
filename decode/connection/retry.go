package connection

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/suite"
)

// mayChange are the extensions in which the second ClientHello may differ from
// the first. The outer hello of ECH carries another ciphertext.
var mayChange = map[uint16]bool{handshake.ExtKeyShare: true, handshake.ExtCookie: true, handshake.ExtPreSharedKey: true,
	handshake.ExtPadding: true, handshake.ExtEarlyData: true, handshake.ExtECH: true}

// shares are the shares of a key_share; a HelloRetryRequest has a group alone.
func shares(x *handshake.Extensions) (list []handshake.KeyShare, ok bool) {
	e := x.Get(handshake.ExtKeyShare)
	if e == nil {
		return nil, false
	}
	k, ok := e.Value.(*handshake.KeyShares)
	if !ok {
		return nil, false
	}
	return k.List, true
}

func (v *View) helloRetry() check.Outcome {
	if v.HRR == nil {
		return check.Skip()
	}
	hrr := v.HRR
	n := 0
	for i := range v.H.Events {
		if b, ok := v.H.Events[i].Body.(*handshake.ServerHello); ok && b.Retry {
			if n++; n == 2 {
				return check.Broken(b.Ref, "A second HelloRetryRequest: one connection has one at the most (unexpected_message 10).").And(hrr.Ref)
			}
		}
	}
	groups, wantsShare := shares(&hrr.Extensions)
	wantsShare = wantsShare && len(groups) > 0
	if !wantsShare && !hrr.Extensions.Has(handshake.ExtCookie) {
		return check.Broken(hrr.Ref, "The HelloRetryRequest asks for no key share and gives no cookie: the ClientHello would stay as it is (illegal_parameter 47).")
	}
	if wantsShare && v.CH1 != nil {
		first, _ := shares(&v.CH1.Extensions)
		for _, s := range first {
			if s.Group.Value == groups[0].Group.Value && !hrr.Extensions.Has(handshake.ExtCookie) {
				return check.Broken(groups[0].Ref, "The HelloRetryRequest asks for a share of %s, which the first ClientHello has (illegal_parameter 47).",
					suite.Label(suite.Groups, uint16(s.Group.Value))).And(s.Ref)
			}
		}
	}
	if v.CH1 != nil && v.CH != nil && v.CH != v.CH1 {
		if o := v.changed(groups, wantsShare); o.Bad() {
			return o
		}
	}
	if v.SH != nil {
		switch {
		case hrr.Suite.OK && v.SH.Suite.OK && hrr.Suite.Value != v.SH.Suite.Value:
			return check.Broken(v.SH.Suite.Ref, "The HelloRetryRequest names %s, the ServerHello %s: it may not change (illegal_parameter 47).",
				suiteName(uint16(hrr.Suite.Value)), suiteName(uint16(v.SH.Suite.Value))).And(hrr.Suite.Ref)
		case hrr.Negotiated != v.SH.Negotiated:
			return check.Broken(v.SH.Ref, "The HelloRetryRequest selects %s, the ServerHello %s: it may not change (illegal_parameter 47).",
				suite.Version(hrr.Negotiated), suite.Version(v.SH.Negotiated)).And(hrr.Ref)
		}
	}
	if v.CH != nil && v.CH != v.CH1 {
		if s, ok := suite.Lookup(uint16(hrr.Suite.Value)); ok && hrr.Suite.OK {
			for _, o := range v.Offered {
				if want := s.Hash.Size(); o.Binder.OK && want > 0 && len(o.Binder.Value) != want {
					return check.Doubtful(o.Ref, "The second ClientHello still offers a PSK with a binder of %d octets; %s has a hash of %d, so it cannot be taken.",
						len(o.Binder.Value), s.Name, want)
				}
			}
		}
	}
	what := "a cookie"
	if wantsShare {
		what = "a share of " + suite.Label(suite.Groups, uint16(groups[0].Group.Value))
	}
	return check.Holds(hrr.Ref, "The server asks for %s.", what)
}

// changed compares the two ClientHellos.
func (v *View) changed(groups []handshake.KeyShare, wantsShare bool) check.Outcome {
	a, b := v.CH1, v.CH
	differs := func(what string) check.Outcome {
		return check.Broken(b.Ref, "The second ClientHello differs from the first in %s, which may not change (illegal_parameter 47).", what).And(a.Ref)
	}
	switch {
	case a.Version.Value != b.Version.Value:
		return differs("legacy_version")
	case !bytes.Equal(a.Random.Value, b.Random.Value):
		return differs("random")
	case !bytes.Equal(a.SessionID.Value, b.SessionID.Value):
		return differs("legacy_session_id")
	case !sameNumbers(a.Suites, b.Suites):
		return differs("cipher_suites")
	case !sameNumbers(a.Compression, b.Compression):
		return differs("legacy_compression_methods")
	}
	first, second := fixed(&a.Extensions), fixed(&b.Extensions)
	for i := 0; i < max(len(first), len(second)); i++ {
		switch {
		case i >= len(first):
			return differs(extensionName(second[i].Type))
		case i >= len(second), first[i].Type != second[i].Type:
			return differs(extensionName(first[i].Type))
		case !bytes.Equal(first[i].Body, second[i].Body):
			return differs(extensionName(first[i].Type))
		}
	}
	if list, ok := shares(&b.Extensions); wantsShare && ok {
		if len(list) != 1 || list[0].Group.Value != groups[0].Group.Value {
			return check.Broken(b.Ref, "The second ClientHello has %d key shares; it has one, of %s, which was asked for.",
				len(list), suite.Label(suite.Groups, uint16(groups[0].Group.Value))).And(groups[0].Ref)
		}
	}
	return check.Skip()
}

// fixed are the extensions that may not change.
func fixed(x *handshake.Extensions) (list []*handshake.Extension) {
	for i := range x.List {
		if e := &x.List[i]; !mayChange[e.Type] {
			list = append(list, e)
		}
	}
	return list
}

func sameNumbers(a, b handshake.Numbers) bool {
	if len(a.List) != len(b.List) {
		return false
	}
	for i := range a.List {
		if a.List[i].Value != b.List[i].Value {
			return false
		}
	}
	return true
}
