package enrol

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/oid"
	"derscope/decode/path"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// What the CA appoints the holder of a certificate to, in extKeyUsage.
//
// RFC 9810, section 4.5
const (
	idCMCCA oid.ID = "1.3.6.1.5.5.7.3.27"
	idCMCRA oid.ID = "1.3.6.1.5.5.7.3.28"
	idCMKGA oid.ID = "1.3.6.1.5.5.7.3.32"
)

var trustRules = []rule{{
	ID: "cmp.prot.self-signed", Group: groupProtection, Level: check.Should, Refs: "RFC 9483 §3.3",
	Title:    "A self-signed certificate of the signer is trusted for a reason",
	Headline: "The signer's certificate is self-signed, and trusted by nobody: %s",
	Judge: ofSigner(func(c *check.Context, v *View, k *Candidate) check.Outcome {
		if !k.Certificate.SelfIssued() || k.Certificate.SignedBy(k.Certificate).Outcome != sig.Valid {
			return check.Skip()
		}
		at := v.certAt(k, k.Certificate.Ref)
		switch {
		case k.Where == Pinned:
			return check.Holds(at, "You gave it as the signer's.")
		case v.x.paths().IsAnchor(k.Certificate):
			return check.Holds(at, "You gave it as a trust anchor.")
		}
		return check.Doubtful(at, "%s signed itself: anybody can make such a certificate. If you know it from elsewhere, give it the role «signer».", title(k.Certificate))
	}),
}, {
	ID: "cmp.prot.role", Group: groupProtection, Level: check.Advice, Refs: "RFC 9810 §4.5; RFC 9483 §3.4",
	Title: "The signer's certificate says what it may do for the PKI",
	Judge: ofSigner(func(c *check.Context, v *View, k *Candidate) check.Outcome {
		if v.From != cmp.Server {
			return check.Skip()
		}
		at := v.certAt(k, k.Certificate.Ref)
		if e := k.Certificate.Extension(cert.IDExtKeyUsage); e != nil {
			at = v.certAt(k, e.Ref)
		}
		var marks []string
		for _, p := range []struct {
			id   oid.ID
			name string
		}{{idCMCCA, "cmcCA: it speaks for the CA"}, {idCMCRA, "cmcRA: it is a registration authority"}, {idCMKGA, "cmKGA: it makes keys for others"}} {
			if _, has := k.Certificate.HasEKU(p.id); has {
				marks = append(marks, p.name)
			}
		}
		switch {
		case len(marks) > 0:
			return check.Note(at, "extKeyUsage has %s.", strings.Join(marks, "; "))
		case k.Certificate.IsCA():
			return check.Note(at, "It is a CA itself.")
		}
		return check.Note(at, "%s is neither a CA, nor has it the purpose cmcCA, cmcRA or cmKGA: who answers for the PKI is decided by name or by what you trust.", title(k.Certificate))
	}),
}, {
	ID: "cmp.prot.revocation", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.5",
	Title:    "The signer's certificate is not revoked",
	Headline: "The signer's certificate is revoked: %s",
	Judge:    ofSigner(signerRevoked),
}, {
	ID: "cmp.prot.expected-sender", Group: groupProtection, Level: check.Must, Refs: "RFC 9810 §5.1.1; crypto/cmp/cmp_vfy.c",
	Title:    "The sender is the one that you expect",
	Headline: "Another sender than expected: %s",
	Judge:    expectedSender,
}, {
	ID: "cmp.prot.anchor-3gpp", Group: groupProtection, Level: check.Must, Refs: "RFC 9483 §3.3; crypto/cmp/cmp_vfy.c",
	Title:    "A self-issued certificate in extraCerts vouches for signer and new certificate",
	Headline: "No self-issued certificate in extraCerts vouches for signer and new certificate: %s",
	Judge: ofSigner(func(c *check.Context, v *View, k *Candidate) check.Outcome {
		if !telecom(c) || v.Body.Type != cmp.IP || k.Path == report.Pass {
			return check.Skip()
		}
		at, t := v.ExtraCerts.Ref, v.telecom(c, k)
		switch {
		case len(t.anchors) == 0:
			return check.Broken(v.Header.Ref, "There is no self-issued certificate in extraCerts that could serve as anchor.")
		case !t.signer.Holds():
			return check.Broken(at, "The signer: %s", t.signer.Why())
		case t.made == nil:
			return check.Broken(at, "The message has no new certificate that the anchor could vouch for.")
		case !t.issued.Holds():
			return check.Broken(at, "The new certificate: %s", t.issued.Why()).And(t.made.Ref)
		}
		return check.Note(at, "Signer: %s New certificate: %s Nothing but this message vouches for that anchor.", t.signer.Why(), t.issued.Why()).And(t.made.Ref)
	}),
}}

// telecom says that self-issued certificates of an ip may be anchors, as mobile
// networks want it.
func telecom(c *check.Context) bool {
	return c.Profiles["3gpp"] || c.On("permitTAInExtraCertsForIR")
}

// telecomPaths are the paths to self-issued certificates of extraCerts.
type telecomPaths struct {
	anchors        []*cert.Certificate
	made           *cert.Certificate
	signer, issued *path.Path
}

// telecom looks for the paths as OpenSSL does: check_cert_path_3gpp in
// crypto/cmp/cmp_vfy.c.
func (v *View) telecom(c *check.Context, k *Candidate) telecomPaths {
	var t telecomPaths
	for _, e := range v.ExtraCerts.List {
		if e != nil && e.OK && e.SelfIssued() {
			t.anchors = append(t.anchors, e)
		}
	}
	if len(t.anchors) == 0 {
		return t
	}
	others := append([]*cert.Certificate(nil), v.ExtraCerts.List...)
	for _, f := range v.x.Certificates {
		others = append(others, f.Is)
	}
	pool := path.NewPool(t.anchors, others)
	t.signer = pool.Find(k.Certificate, path.Options{At: c.At})
	if made := v.granted(); len(made) > 0 {
		t.made = made[0]
		t.issued = pool.Find(t.made, path.Options{At: c.At})
	}
	return t
}

// byTelecom says that the signer is trusted for the sake of extraCerts alone.
func (v *View) byTelecom(c *check.Context, k *Candidate) bool {
	if !telecom(c) || v.Body.Type != cmp.IP || k.Path == report.Pass {
		return false
	}
	t := v.telecom(c, k)
	return t.signer != nil && t.issued != nil && t.signer.Holds() && t.issued.Holds()
}

// expectedSender compares the sender with the one that the user expects, or with
// the certificate that the user gave as the signer's, as OpenSSL does.
func expectedSender(c *check.Context, v *View) check.Outcome {
	if v.From == cmp.Client || v.Body.Type.Announces() {
		return check.Skip()
	}
	at, sender := v.Header.Sender.Ref, v.Header.Sender
	want := c.Set["expectedSender"]
	if want != "" {
		if sender.Choice != cert.DirectoryName {
			return check.Broken(at, "sender is %s, and «%s» is expected. OpenSSL reports SENDER_GENERALNAME_TYPE_NOT_SUPPORTED.", calls(sender), report.Clean(want))
		}
		if !Spelt(sender.Name, want) {
			return check.Broken(at, "sender is %s, and «%s» is expected. OpenSSL reports UNEXPECTED_SENDER.", calls(sender), report.Clean(want))
		}
		return check.Holds(at, "It is %s.", report.Clean(sender.Name.String()))
	}
	var first *cert.Certificate
	for _, f := range v.x.Certificates {
		if f.Said != "signer" {
			continue
		}
		if Compare(sender.Name, f.Is.Subject).Equal() {
			return check.Holds(at, "It is the subject of the certificate that you gave as the signer's.")
		}
		if first == nil {
			first = f.Is
		}
	}
	if first == nil || v.From != cmp.Server {
		return check.Skip()
	}
	return check.Broken(at, "sender is %s, and the certificate that you gave as the signer's is for %s. OpenSSL reports UNEXPECTED_SENDER.", calls(sender), report.Clean(first.Subject.String()))
}

// Spelt says that a text is a name: /O=Example/CN=server, or O=Example, CN=server
// in this order or, as RFC 4514 has it, the other way round.
func Spelt(n cert.Name, text string) bool {
	sep := ","
	if strings.HasPrefix(text, "/") {
		sep, text = "/", text[1:]
	}
	var parts, rev []string
	for _, p := range strings.Split(text, sep) {
		if p = normal(p); p == "=" {
			continue // a separator too many
		}
		parts, rev = append(parts, p), append([]string{p}, rev...)
		if len(parts) > 64 {
			return false
		}
	}
	same := func(list []string) bool {
		if len(list) != len(n.RDNs) {
			return false
		}
		for i, rdn := range n.RDNs {
			var own []string
			for _, a := range rdn {
				name := a.Type.Short()
				if name == "" {
					name = a.Type.String()
				}
				own = append(own, normal(name+"="+a.Value))
			}
			if strings.Join(own, "+") != list[i] {
				return false
			}
		}
		return true
	}
	return same(parts) || sep == "," && same(rev)
}

// normal writes an attribute without regard to case and white space.
func normal(s string) string {
	name, value, _ := strings.Cut(s, "=")
	return strings.ToLower(strings.TrimSpace(name) + "=" + strings.Join(strings.Fields(value), " "))
}
