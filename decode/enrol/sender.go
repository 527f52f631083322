package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
)

var senderRules = []rule{{
	ID: "cmp.header.sender-type", Group: groupHeader, Level: check.Should, Refs: "RFC 9810 §5.1.1; RFC 9483 §3.1",
	Title: "The sender is an X.500 name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch g := v.Header.Sender; {
		case g.Choice < 0:
			return check.Skip()
		case g.Choice != cert.DirectoryName:
			return check.Doubtful(g.Ref, "The sender is %s, not a directoryName: OpenSSL up to 3.2 refuses such a message, later versions if they expect a certain sender.", g)
		default:
			return check.Holds(g.Ref, "")
		}
	},
}, {
	ID: "cmp.header.sender-null", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1",
	Title: "A sender without a name gives a reference number", Headline: "The sender says in no way who it is",
	Judge: func(c *check.Context, v *View) check.Outcome {
		g, kid := v.Header.Sender, v.Header.SenderKID
		switch {
		case !Null(g):
			return check.Skip()
		case v.ByMAC() && !kid.OK:
			return check.Broken(g.Ref, "The sender is an empty name, and there is no senderKID: the receiver cannot tell which shared secret to take. Give a reference number (OpenSSL: -ref).")
		case v.ByMAC():
			return check.Holds(g.Ref, "").And(kid.Ref)
		case v.Header.Algorithm != nil:
			return check.Doubtful(g.Ref, "The sender is an empty name, but the message is signed: the certificate of the signer has a name to put here.")
		}
		return check.Note(g.Ref, "The sender is an empty name, and nothing protects the message: it says in no way who sent it.")
	},
}, {
	ID: "cmp.header.sender-cert", Group: groupHeader, Level: check.Must, Refs: "RFC 9483 §3.1; RFC 9483 §3.5",
	Title: "The sender is the subject of the certificate that signed", Headline: "The sender is not the one whose certificate signed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		g := v.Header.Sender
		if !v.BySignature() || g.Choice != cert.DirectoryName || len(g.Name.RDNs) == 0 {
			return check.Skip()
		}
		k := v.signer(c)
		if k == nil {
			return check.Needs("signer", g.Ref, "The sender is «%s»: whether that is the subject of the signer's certificate needs the certificate.", g.Name)
		}
		switch Compare(g.Name, k.Subject) {
		case Same:
			return check.Holds(g.Ref, "")
		case Folded:
			return check.Note(g.Ref, "The sender «%s» equals the subject only when case, white space and string types do not count: «%s». Programs that compare octets refuse it.", g.Name, k.Subject)
		case Reordered:
			return check.Broken(g.Ref, "The sender is «%s», the certificate's subject «%s»: the same parts in another order. Copy the subject as it is; some libraries turn a name round when they write it as text.", g.Name, k.Subject)
		}
		return check.Broken(g.Ref, "The sender is «%s»; the certificate has the subject «%s». A receiver answers badMessageCheck: put the certificate's subject into the header.", g.Name, k.Subject)
	},
}, {
	ID: "cmp.header.sender-mac", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.1.5",
	Title: "With a shared secret the sender has a commonName", Headline: "The sender has no commonName to find the secret by",
	Judge: func(c *check.Context, v *View) check.Outcome {
		g := v.Header.Sender
		if !v.ByMAC() || g.Choice != cert.DirectoryName {
			return check.Skip()
		}
		if _, ok := CommonName(g.Name); ok {
			return check.Holds(g.Ref, "")
		}
		return check.Doubtful(g.Ref, "The sender is %s, without a commonName: the lightweight profile has the server find the shared secret by it. Put the reference number there, too.", called(g.Name))
	},
}, {
	ID: "cmp.header.sender-kid", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1",
	Title: "senderKID names the key that signed", Headline: "No senderKID names the key that signed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		kid := v.Header.SenderKID
		if !v.BySignature() {
			return check.Skip()
		}
		if kid.OK {
			return check.Holds(kid.Ref, "")
		}
		k := v.signer(c)
		if k != nil && k.SKI() == nil {
			return check.Holds(v.Header.Ref, "The signer's certificate has no subjectKeyIdentifier.")
		}
		if k == nil {
			return check.Doubtful(v.Header.Ref, "There is no senderKID: of several certificates with the sender's name the receiver cannot tell the right one.")
		}
		return check.Doubtful(v.Header.Ref, "There is no senderKID; the signer's certificate has the subjectKeyIdentifier %s to put there.", field.Colons(k.SKI()))
	},
}, {
	ID: "cmp.header.sender-kid-cert", Group: groupHeader, Level: check.Must, Refs: "RFC 9483 §3.5",
	Title: "senderKID is the subjectKeyIdentifier of the certificate that signed", Headline: "senderKID names another key than the one that signed",
	Judge: func(c *check.Context, v *View) check.Outcome {
		kid := v.Header.SenderKID
		if !v.BySignature() || !kid.OK {
			return check.Skip()
		}
		k := v.signer(c)
		switch {
		case k == nil:
			return check.Needs("signer", kid.Ref, "senderKID is %s: whether that is the signer's key needs its certificate.", quoted(kid.Value))
		case k.SKI() == nil:
			return check.Broken(kid.Ref, "senderKID is %s, and the certificate of %s has no subjectKeyIdentifier to compare it with: OpenSSL refuses the certificate. Leave senderKID out.", quoted(kid.Value), k.Title())
		case !bytes.Equal(kid.Value, k.SKI()):
			return check.Broken(kid.Ref, "senderKID is %s; the certificate of %s has the subjectKeyIdentifier %s. Copy that into the header, or sign with the other key.", quoted(kid.Value), k.Title(), field.Colons(k.SKI()))
		}
		return check.Holds(kid.Ref, "")
	},
}, {
	ID: "cmp.header.sender-kid-mac", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9483 §4.1.5",
	Title: "With a shared secret senderKID repeats the commonName", Headline: "senderKID is not the commonName of the sender",
	Judge: func(c *check.Context, v *View) check.Outcome {
		h := &v.Header
		if !v.ByMAC() {
			return check.Skip()
		}
		name, named := CommonName(h.Sender.Name)
		switch {
		case !h.SenderKID.OK:
			return check.Doubtful(h.Ref, "There is no senderKID: most servers find the shared secret by it. Send the reference number (OpenSSL: -ref).")
		case !named:
			return check.Doubtful(h.SenderKID.Ref, "senderKID is %s, and the sender has no commonName to equal it: servers that go by the name find no secret.", quoted(h.SenderKID.Value))
		case name != string(h.SenderKID.Value):
			return check.Doubtful(h.SenderKID.Ref, "senderKID is %s, the sender's commonName «%s»: servers look the secret up by one or the other. Make them equal.", quoted(h.SenderKID.Value), name)
		}
		return check.Holds(h.SenderKID.Ref, "").And(h.Sender.Ref)
	},
}}

// signer is the certificate that the message is judged by: the one that made the
// signature, or where none did the one that came for it.
func (v *View) signer(c *check.Context) *cert.Certificate {
	b := v.Signing(c).Maker()
	if b == nil || b.Bare {
		return nil
	}
	// What merely lies beside, and neither signed nor is meant, says nothing of the sender.
	if b.Proved() || b.Where == InExtra || b.Where == Pinned || b.KeyID == report.Pass {
		return b.Certificate
	}
	return nil
}
