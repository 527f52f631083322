package connection

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// hostOf is the host at which a ticket was given: the name in its state, or in
// the ClientHello of the connection that gave it.
func (x *index) hostOf(o offer) string {
	if o.s != nil && o.s.Host.OK && o.s.Host.Value != "" {
		return o.s.Host.Value
	}
	if ch := x.giver(o.Known); ch != nil && ch.CH != nil {
		return ch.CH.ServerName()
	}
	return ""
}

// giver is the connection that gave a ticket, or nil.
func (x *index) giver(k Known) *Other {
	if k.From == nil {
		return nil
	}
	for i := range x.hellos {
		if h := &x.hellos[i]; h.Item == k.FromItem || k.FromItem >= 0 && x.exhibits[k.FromItem].Carrier == h.Item {
			return h
		}
	}
	return nil
}

// certificate gives the certificate at hand with these octets.
func (x *index) certificate(der []byte) (*cert.Certificate, bool) {
	for _, f := range x.certs {
		if sameOctets(f.Is.Raw, der) {
			return f.Is, true
		}
	}
	return nil, false
}

// oldCertificate is the server's certificate under which a ticket was given.
func (x *index) oldCertificate(o offer) *cert.Certificate {
	if o.s != nil && o.s == o.File && len(o.s.Peer) > 0 {
		if k, ok := x.certificate(o.s.Peer[0].Value); ok {
			return k
		}
	}
	if g := x.giver(o.Known); g != nil {
		if m := g.H.Certificate(handshake.Server); m != nil && len(m.Entries) > 0 {
			if k, ok := x.certificate(m.Entries[0].DER.Value); ok {
				return k
			}
		}
	}
	return nil
}

func (v *View) judgeHost() check.Outcome {
	host := v.Host()
	if host == "" {
		return check.Skip()
	}
	at := v.CH.Extensions.Get(handshake.ExtServerName).Ref
	if v.Mode == Resumed && v.Old() {
		if x := v.SH.Extensions.Get(handshake.ExtServerName); x != nil {
			return check.Broken(x.Ref, "The ServerHello repeats server_name in a resumed session, which it must not: the name of the session counts.").And(at)
		}
	}
	o := check.Skip()
	list := v.resumable()
	for _, t := range v.Offered {
		if t.From != nil && len(t.sessions()) == 0 {
			list = append(list, offer{t, nil}) // the connection that gave it is at hand
		}
	}
	for _, t := range list {
		was := v.all.hostOf(t)
		if was == "" {
			continue
		}
		old := v.all.oldCertificate(t)
		switch {
		case strings.EqualFold(was, host):
			o = check.Worst(o, check.Holds(at, "%s.", host).And(t.Ref))
		case old != nil && !old.For(host):
			o = check.Worst(o, check.Broken(at, "The ticket is from %s, whose certificate names %s: it does not speak for %s, where the ticket is shown.", was, hosts(old), host).And(t.Ref))
		case v.Mode == Resumed && v.Old():
			o = check.Worst(o, check.Broken(at, "The session was made with %s, and is resumed with %s: before TLS 1.3 a server must not do that.", was, host).And(t.Ref))
		case old == nil:
			o = check.Worst(o, check.Needs("certificate", at, "The ticket is from %s, and is shown to %s: that is allowed where the certificate of the first connection names both. Add it.", was, host).And(t.Ref))
		default:
			o = check.Worst(o, check.Doubtful(at, "The ticket is from %s, and is shown to %s. The certificate of then names both; but only servers that share their ticket keys can take it, and identities get mixed up.", was, host).And(t.Ref))
		}
	}
	return o
}

// hosts lists the names of a certificate, a few of them.
func hosts(k *cert.Certificate) string {
	const most = 4
	list := k.Hosts()
	switch {
	case len(list) == 0:
		return "no host"
	case len(list) > most:
		list = append(list[:most:most], report.Plural(len(list)-most, "other", "others"))
	}
	return report.Enumerate(list)
}
