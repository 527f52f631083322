package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/path"
	"derscope/decode/report"
)

// wants lists what would settle the open checks, each once, with how to get it.
func (v *View) wants(c *check.Context, tree []report.Check) []report.Want {
	var out []report.Want
	seen := map[string]bool{}
	var walk func([]report.Check)
	walk = func(rows []report.Check) {
		for _, k := range rows {
			walk(k.Children)
			for _, need := range k.Needs {
				if !seen[need] {
					seen[need] = true
					if w, ok := v.want(c, need); ok {
						out = append(out, w)
					}
				}
			}
		}
	}
	walk(tree)
	return out
}

// want says what a word of the catalogue means for this message.
func (v *View) want(c *check.Context, need string) (report.Want, bool) {
	w := report.Want{Need: need}
	signer := v.signer(c)
	switch need {
	case "secret":
		w.Text = "The shared secret" + v.reference() + ": it is used here alone, and never stored"
		w.How = "derscope inspect -secret pass:SECRET message.der"
	case "work":
		w.Text = "Leave to compute the key of the MAC: it costs " + rounds(v.Header.Algorithm)
		w.How = "derscope inspect -set work=10000000 -secret pass:SECRET message.der"
	case "anchor":
		w.Text = "The certificate of a root that you trust, with the role anchor"
		w.How = "derscope inspect -anchor root.pem message.der"
		if signer != nil {
			end := signer
			if p := v.x.paths().Find(signer, path.Options{At: c.At}); len(p.Steps) > 0 {
				end = p.End()
			}
			if end.SelfIssued() {
				w.Text = "A root that you trust: " + report.Clean(end.Title()) + " is at hand; if you trust it, give it the role anchor"
			} else {
				w.Text = "The certificate of " + report.Clean(end.Issuer.Short()) + ", which issued " + report.Clean(end.Title()) + ", or of a root above it that you trust, with the role anchor"
				if name, ok := cert.ShellName(end.Issuer); ok {
					w.How = "openssl storeutl -certs -subject " + name + " /etc/ssl/certs"
				}
			}
		}
	case "signer":
		w.Text = "The certificate of the signer"
		if g := v.Header.Sender; g.Choice == cert.DirectoryName && len(g.Name.RDNs) > 0 {
			w.Text += ", «" + report.Clean(g.Name.String()) + "»"
		}
		if kid := v.Header.SenderKID; kid.OK {
			w.Text += ", with the subjectKeyIdentifier " + octets(kid.Value)
		}
	case "request":
		w.Text = "The message that this one answers"
		w.How = "openssl cmp … -reqout request.der"
	case "answer":
		w.Text = "The message that answers this one"
		w.How = "openssl cmp … -rspout response.der"
	case "old":
		w.Text = "The certificate that is to be replaced"
		if v.Body.Type == cmp.GenP || v.Body.Type == cmp.CKUAnn {
			w.Text = "The certificate of the old root"
		}
	case "key":
		w.Text = "The private key of the receiver, or the shared secret of the key agreement"
		w.How = "derscope inspect -with key.pem message.der"
	case "revocation":
		w.Text = "A CRL or an OCSP response for the signer's certificate"
		if signer != nil {
			for _, u := range signer.CRLURLs() {
				if url, ok := cert.ShellURL(u); ok {
					w.How = "curl -sS -o signer.crl " + url
					break
				}
			}
		}
	case "sender":
		w.Text = "The name of the sender that you expect"
		w.How = "derscope inspect -set expectedSender=/CN=NAME message.der"
	case "time":
		w.Text = "A reference time"
	default:
		return w, false
	}
	return w, true
}

// reference names the reference number of a secret, for a sentence.
func (v *View) reference() string {
	if kid := v.Header.SenderKID; kid.OK {
		return " with the reference " + quoted(kid.Value)
	}
	if cn, ok := CommonName(v.Header.Sender.Name); ok {
		return " of «" + report.Clean(cn) + "»"
	}
	return ""
}
