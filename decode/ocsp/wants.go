package ocsp

import (
	"derscope/decode/cert"
	"derscope/decode/report"
)

// wants lists what would settle the open checks, each once, with how to get it.
// subject and issuer may be nil; again says that it helps to ask once more.
func wants(tree []report.Check, subject, issuer *cert.Certificate, again bool) []report.Want {
	var out []report.Want
	seen := map[string]bool{}
	var walk func([]report.Check)
	walk = func(rows []report.Check) {
		for _, k := range rows {
			walk(k.Children)
			for _, need := range k.Needs {
				if !seen[need] {
					seen[need] = true
					if w, ok := want(need, subject, issuer, again); ok {
						out = append(out, w)
					}
				}
			}
		}
	}
	walk(tree)
	return out
}

func want(need string, subject, issuer *cert.Certificate, again bool) (report.Want, bool) {
	w := report.Want{Need: need}
	switch need {
	case "subject":
		w.Text = "The certificate that the response should be about"
		w.How = "openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -out leaf.pem"
	case "issuer":
		w.Text = "The certificate of the CA that issued it"
		w.How = "openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null"
		if subject != nil {
			w.Text = "The certificate of " + subject.Issuer.Short() + ", which issued " + subject.Title()
			for _, u := range subject.CAIssuers() {
				if url, ok := cert.ShellURL(u); ok {
					w.How = "curl -sS -o issuer.der " + url
					break
				}
			}
		}
	case "signer":
		w.Text = "The responder's certificate: the one that responderID names"
		w.How = "openssl ocsp -issuer issuer.pem -cert leaf.pem -url URL -resp_text"
	case "sender":
		w.Text = "The certificate of the one who signed the request"
	case "anchor":
		w.Text = "The certificate of a root that you trust: add it from a store of your own, and give it the role anchor"
		w.How = "openssl storeutl -certs /etc/ssl/certs/ca-certificates.crt"
		if issuer != nil {
			if name, ok := cert.ShellName(issuer.Issuer); ok {
				w.How = "openssl storeutl -certs -subject " + name + " /etc/ssl/certs"
			}
		}
	case "nonce":
		w.Text = "The request, or the nonce that was sent"
		w.How = "openssl ocsp -issuer issuer.pem -cert leaf.pem -reqout request.der"
	case "time":
		w.Text = "A reference time"
	case "answer":
		if !again {
			return w, false
		}
		w.Text = "A successful response: ask again"
		w.How = "openssl ocsp -issuer issuer.pem -cert leaf.pem -url URL -respout response.der"
	default:
		return w, false
	}
	return w, true
}
