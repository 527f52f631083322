package connection

import (
	"bytes"
	"strconv"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/private"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// answer is a certificate that a client can answer a request with, or has: one
// that was pasted, or that it sent.
type answer struct {
	*Candidate
	sent bool // it travelled in this connection
	key  keyFit
}

// keyFit says which private key at hand is a certificate's.
type keyFit struct {
	item    int  // exhibit of the key that fits, or -1
	wrong   int  // of one that does not, given beside the certificate; -1: none
	unread  int  // of one that cannot be compared here; -1: none
	any     bool // there are keys at hand
	problem string
}

// manyCandidates bounds the certificates that are judged: each has a group of
// its own in the tree.
const manyCandidates = 16

// answers lists them, once for a view.
func (v *View) answers() []answer {
	if v.fit == nil && len(v.CRs) > 0 {
		v.fit = []answer{}
		keys := v.all.privateKeys()
		add := func(k *Candidate, sent bool) {
			for i := range v.fit {
				if bytes.Equal(v.fit[i].Is.Raw, k.Is.Raw) {
					v.fit[i].sent = v.fit[i].sent || sent
					return
				}
			}
			if len(v.fit) < manyCandidates && k.Is.OK {
				v.fit = append(v.fit, answer{k, sent, fitKey(k, keys)})
			}
		}
		for i := range v.Candidates {
			add(&v.Candidates[i], false)
		}
		if leaf := v.Client.Leaf(); leaf != nil {
			add(&Candidate{Item: v.Client.Items[0], Is: leaf, Key: -1, Chain: v.all.upwards(leaf)}, true)
		}
	}
	return v.fit
}

// issuer says how well a certificate of the chain fits the list of a request,
// which entry it is, and which certificate it issued.
func (k *answer) issuer(q *request) (how likeness, entry, step int) {
	entry, step = -1, -1
	for i, one := range k.Chain {
		if is, at := listed(q.names, one.Issuer); is > how {
			how, entry, step = is, at, i
		}
	}
	return how, entry, step
}

// called names the candidate for people.
func (k *answer) called() string {
	name := k.Is.Subject.Short()
	if name == "" {
		name = "serial number " + k.Is.Serial.Value.Text()
	}
	return name
}

// groupCandidate stands for the groups of the candidates, one for each.
var groupCandidate = &check.Group{ID: "tls.candidate", Title: "A certificate that answers the request"}

// answering is a candidate before a request.
type answering struct {
	*View
	*answer
	q *request
}

// withCandidates adds a group for each candidate to the tree, behind that of the
// request. They count for the verdict where none of them would do.
func (v *View) withCandidates(c *check.Context, tree []report.Check) []report.Check {
	requests := v.requests()
	var made []report.Check
	fits := false
	for i := range requests {
		for k := range v.answers() {
			a := answering{v, &v.fit[k], &requests[i]}
			for _, g := range check.Judge(c, a, []*check.Group{groupCandidate}, candidateRules) {
				g.Title = "«" + a.called() + "» answers the request"
				if a.sent {
					g.Title += ", and was sent"
				}
				if i > 0 {
					g.Title += " (request " + strconv.Itoa(i+1) + ")"
				}
				fits = fits || g.Status == report.Pass || g.Status == report.Open
				made = append(made, g)
			}
		}
	}
	if made == nil {
		return tree
	}
	for i := range made {
		if made[i].Advice = fits; fits {
			for k := range made[i].Children {
				made[i].Children[k].Advice = true
			}
		}
	}
	at := len(tree)
	for i := range tree {
		if tree[i].ID == groupClient.ID {
			at = i + 1
		}
	}
	return append(tree[:at:at], append(made, tree[at:]...)...)
}

// privateKey is one at hand with the public key that belongs to it.
type privateKey struct {
	item   int
	input  string
	public *sig.Key // nil: it is not opened here
	why    string
}

// manyKeys bounds the private keys that are opened: of RSA each costs a while.
const manyKeys = 8

// privateKeys opens what keys there are, once.
func (x *index) privateKeys() []privateKey {
	if x.private == nil {
		x.private = []privateKey{}
		for _, f := range x.secrets {
			if len(x.private) == manyKeys {
				break
			}
			k := privateKey{item: f.Item, input: f.Name}
			k.public, k.why = publicOf(f.Is, f.Source)
			x.private = append(x.private, k)
		}
	}
	return x.private
}

// publicOf gives the public key that belongs to a private one.
func publicOf(k *cert.PrivateKey, b []byte) (*sig.Key, string) {
	if k.Encrypted {
		return nil, "it is encrypted"
	}
	p, why := private.Parse(k.Form, b)
	if p == nil {
		return nil, why
	}
	public, err := sig.ParseKey(p.Public)
	if err != nil {
		return nil, "its public key cannot be read"
	}
	return &public, ""
}

// fitKey looks for the private key of a certificate: by its public half, which
// settles it, wherever the key was pasted.
func fitKey(k *Candidate, keys []privateKey) keyFit {
	fit := keyFit{item: -1, wrong: -1, unread: -1, any: len(keys) > 0}
	of := k.Is.PublicKey.Key
	for i := range keys {
		switch p := &keys[i]; {
		case p.public == nil:
			fit.unread, fit.problem = p.item, p.why
		case p.public.Family() == of.Family() && bytes.Equal(p.public.Bits, of.Bits):
			fit.item = p.item
			return fit
		case p.item == k.Key || len(keys) == 1:
			fit.wrong = p.item
		}
	}
	return fit
}
