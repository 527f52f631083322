package ocsp

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
)

// hints are what helps to find what is missing; all of it may be absent.
type hints struct {
	subject, issuer *cert.Certificate
	root            *cert.Certificate // at hand, but no anchor
	again           bool              // it helps to ask once more
}

// wants lists what would settle the open checks, each once, with how to get it.
func wants(tree []report.Check, h hints) []report.Want {
	return check.Wants(tree, func(_ *report.Check, need string) (report.Want, bool) { return want(need, h) })
}

func want(need string, h hints) (report.Want, bool) {
	w := report.Want{Need: need}
	url := "URL"
	if h.subject != nil {
		url = urlWord(responderOf(h.subject))
	}
	switch need {
	case "subject":
		w.Text = "The certificate that the response should be about"
		w.How = "openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -out leaf.pem"
	case "issuer":
		w.Text = "The certificate of the CA that issued it"
		w.How = "openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null"
		if h.subject != nil {
			w.Text = "The certificate of " + h.subject.Issuer.Short() + ", which issued " + h.subject.Title()
			for _, u := range h.subject.CAIssuers() {
				if url, ok := cert.ShellURL(u); ok {
					w.How = "curl -sS -o issuer.der " + url
					break
				}
			}
		}
	case "signer":
		w.Text = "The responder's certificate: the one that responderID names"
		w.How = plainly + " -url " + url + " -resp_text"
	case "sender":
		w.Text = "The certificate of the one who signed the request"
	case "anchor":
		if h.root != nil {
			w.Text = "A root that you trust: " + h.root.Title() + " is at hand; if you trust it, give it the role anchor"
			break
		}
		w.Text = "The certificate of a root that you trust: add it from a store of your own, and give it the role anchor"
		w.How = "openssl storeutl -certs /etc/ssl/certs/ca-certificates.crt"
		if h.issuer != nil {
			if name, ok := cert.ShellName(h.issuer.Issuer); ok {
				w.How = "openssl storeutl -certs -subject " + name + " /etc/ssl/certs"
			}
		}
	case "nonce":
		w.Text = "The request, or the nonce that was sent"
		w.How = plainly + " -reqout request.der"
	case "time":
		w.Text = "A reference time"
	case "answer":
		if !h.again {
			return w, false
		}
		w.Text = "A successful response: ask again"
		w.How = plainly + " -no_nonce" + sends(url)
	default:
		return w, false
	}
	return w, true
}
