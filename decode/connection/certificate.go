package connection

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/sig"
	"derscope/decode/suite"
)

// certificateRules judge Certificate and CertificateVerify of both sides.
var certificateRules = []rule{{
	ID: "tls.certificate.verify", Group: groupServer, Level: check.Must, Refs: "RFC 9846 §4.5.2; RFC 5246 §7.4.8",
	Title:    "The sender of a certificate proves that it has the key",
	Headline: "The key of the certificate is not proved: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.certificateVerify() },
}, {
	ID: "tls.certificate.list", Group: groupServer, Level: check.Must, Refs: "RFC 9846 §4.5.1; RFC 9846 §4.5.1.3; RFC 5246 §7.4.2; RFC 5246 §7.4.6",
	Title:    "Each certificate certifies the one before it",
	Headline: "The list of certificates is not in order: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.certificateList() },
}, {
	ID: "tls.certificate.compressed", Group: groupServer, Level: check.Must, Refs: "RFC 8879 §4; RFC 8879 §5",
	Title:    "A compressed certificate message unpacks to what it announces",
	Headline: "The compressed certificate does not unpack: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.certificateCompressed() },
}, {
	ID: "tls.certificate.host", Group: groupServer, Level: check.Must, Refs: "RFC 9525 §6; RFC 9325 §3.7",
	Title:    "The server's certificate is for the name that was asked for",
	Headline: "The certificate is for another name: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.certificateHost() },
}}

func (v *View) certificateList() check.Outcome {
	w := check.Skip()
	for _, side := range []handshake.Side{handshake.Server, handshake.Client} {
		c := v.Side(side)
		if c.Message == nil {
			continue
		}
		w = check.Worst(w, c.inOrder(side))
	}
	return w
}

// inOrder judges one list.
func (c Chain) inOrder(side handshake.Side) check.Outcome {
	n := len(c.Message.Entries)
	switch {
	case n == 0 && side == handshake.Server:
		return check.Broken(c.Message.Ref, "The server's list is empty: a server sends one certificate at the least (decode_error 50).")
	case n == 0:
		return check.Note(c.Message.Ref, "The client's list is empty: it has no certificate to show.")
	}
	w := check.Skip()
	for i, k := range c.Certificates {
		at := c.Message.Entries[i].Ref
		if k == nil || !k.OK {
			w = check.Worst(w, open(at, "Certificate "+itoa(i+1)+" of the "+side.String()+" cannot be read: what it certifies cannot be said."))
			continue
		}
		for j := range i {
			if o := c.Certificates[j]; o != nil && bytes.Equal(o.Raw, k.Raw) {
				w = check.Worst(w, check.Doubtful(at, "Certificate %d of the %s is the same as certificate %d.", i+1, side, j+1).And(c.Message.Entries[j].Ref))
			}
		}
		if i == 0 {
			continue
		}
		below := c.Certificates[i-1]
		if below == nil || !below.OK {
			continue
		}
		if _, named := k.Subject.Equal(below.Issuer); !named {
			w = check.Worst(w, check.Doubtful(at, "Certificate %d is %s; certificate %d was issued by %s. Most receivers sort the list, some do not.",
				i+1, k.Title(), i, below.Issuer.String()).And(c.Message.Entries[i-1].Ref))
		} else if r := below.SignedBy(k); r.Outcome == sig.Wrong || r.Outcome == sig.Mismatch {
			w = check.Worst(w, check.Doubtful(at, "Certificate %d has the name of the issuer of certificate %d, and another key: %s.", i+1, i, r.Why).And(c.Message.Entries[i-1].Ref))
		}
		if k.SelfIssued() {
			w = check.Worst(w, check.Note(at, "Certificate %d is the root %s: whoever trusts it has it, so it is sent in vain.", i+1, k.Title()))
		}
	}
	if w.Applies() {
		return w
	}
	return check.Holds(c.Message.Ref, "%s of the %s, the leaf first.", report.Plural(n, "certificate", "certificates"), side)
}

func (v *View) certificateCompressed() check.Outcome {
	w := check.Skip()
	for _, e := range v.H.Of(handshake.TypeCompressedCertificate) {
		b, ok := e.Body.(*handshake.CompressedCertificate)
		if !ok || !b.Algorithm.OK || !b.Message.OK {
			continue // tls.message.form says why
		}
		n := uint16(b.Algorithm.Value)
		name := suite.Label(suite.CertificateCompression, n)
		asked, who := v.compressions(e.From)
		switch {
		case asked != nil && !asked.Has(n):
			return check.Broken(b.Algorithm.Ref, "The message is compressed with %s, which the %s does not offer (illegal_parameter 47).", name, who).And(asked.Ref)
		case n != 1:
			w = check.Worst(w, open(b.Message.Ref, "The message is compressed with "+name+", which is not unpacked here: only zlib is."))
		case b.Inside == nil || e.Faults:
			why := "the octets do not unpack"
			for _, f := range v.Faults {
				if f.Event == e {
					why = strings.TrimSuffix(f.Message, ".")
					break
				}
			}
			return check.Broken(b.Message.Ref, "%s (bad_certificate 42).", upperFirst(why))
		case b.Length.Value > 1<<20:
			w = check.Worst(w, check.Doubtful(b.Length.Ref, "It announces %s: more than 1 MiB, so receivers may refuse it.", report.Plural(int(b.Length.Value), "octet", "octets")))
		default:
			w = check.Worst(w, check.Holds(b.Message.Ref, "%s unpack to %s.", report.Plural(len(b.Message.Value), "octet", "octets"), report.Plural(int(b.Length.Value), "octet", "octets")))
		}
	}
	return w
}

// compressions are the algorithms that the other side takes, and where it says so.
func (v *View) compressions(from handshake.Side) (*handshake.Numbers, string) {
	var x *handshake.Extension
	who := "ClientHello"
	switch {
	case from == handshake.Client && v.CR != nil:
		x, who = v.CR.Extensions.Get(handshake.ExtCompressCertificate), "CertificateRequest"
	case from != handshake.Client && v.CH != nil:
		x = v.CH.Extensions.Get(handshake.ExtCompressCertificate)
	default:
		return nil, who
	}
	if x == nil {
		return &handshake.Numbers{Ref: report.None}, who
	}
	n, _ := x.Value.(*handshake.Numbers)
	return n, who
}

func (v *View) certificateHost() check.Outcome {
	leaf := v.Server.Leaf()
	if v.Server.Message == nil || len(v.Server.Message.Entries) == 0 {
		return check.Skip()
	}
	at := v.Server.Message.Entries[0].Ref
	switch {
	case leaf == nil || !leaf.OK:
		return open(at, "The server's certificate cannot be read.")
	case v.CH == nil:
		return check.Needs("client-hello", at, "The certificate is for %s. Which name was asked for is in the ClientHello: add that.", hosts(leaf))
	}
	host := v.Host()
	if host == "" {
		return check.Note(at, "The client names no host; the certificate is for %s.", hosts(leaf))
	}
	if !leaf.For(host) {
		return check.Broken(at, "The client asks for %s; the certificate is for %s.", report.Clean(host), hosts(leaf)).And(v.CH.Extensions.Get(handshake.ExtServerName).Ref)
	}
	return check.Holds(at, "It is for %s.", host).And(v.CH.Extensions.Get(handshake.ExtServerName).Ref)
}
