package decode

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/ocsp"
	"derscope/decode/printed"
)

// kinds are the kinds of things that can be found. Of two that fit equally
// well the earlier one wins. The program that a first visit waits for knows
// only some of them: see kinds_first.go and kinds_later.go.
var kinds = append([]check.Kind{
	ocsp.Responses, ocsp.Requests, printed.Responses,
	cert.Certificates, cert.Revocations, cert.Requests, cert.CMS, cert.PKCS12, cert.PrivateKeys, cert.PublicKeys, cert.Names,
}, later...)

// Catalogue lists the rules of all kinds, in the order in which they are
// judged. Rules that several kinds share stand there once.
func Catalogue() []check.Info {
	var all []check.Info
	seen := map[string]bool{}
	list := func(rules []check.Info) {
		for _, rule := range rules {
			if !seen[rule.ID] {
				seen[rule.ID] = true
				all = append(all, rule)
			}
		}
	}
	for _, k := range kinds {
		list(k.Rules)
	}
	for _, k := range conversations {
		list(k.Rules)
	}
	return all
}

// labelled gives the kind that a PEM label stands for, or nil.
func labelled(label string) *check.Kind {
	for i := range kinds {
		if kinds[i].Match(check.Candidate{Label: label}).Score > 0 {
			return &kinds[i]
		}
	}
	return nil
}

// entire says that inputs of a kind are not looked through for armor.
func entire(name string) bool {
	for i := range kinds {
		if kinds[i].Name == name {
			return kinds[i].Whole
		}
	}
	return false
}

// certain is the score from which on no further kind is asked.
const certain = 100

// identify gives the kind that fits best, or nil.
func identify(c check.Candidate, wanted string) (*check.Kind, string) {
	var best *check.Kind
	var found check.Match
	for i := range kinds {
		k := &kinds[i]
		if k.Most > 0 && k.Most <= found.Score && k.Name != wanted {
			continue
		}
		m := k.Match(c)
		if k.Name == wanted {
			m.Score, m.Why = m.Score+2*certain, "as you said"
		}
		if m.Score > found.Score {
			best, found = k, m
		}
		if found.Score >= certain && wanted == "" {
			break
		}
	}
	return best, found.Why
}
