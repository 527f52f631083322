// Package enrol judges messages of the Certificate Management Protocol: each by
// itself, and with what was found beside it: the messages of its transaction,
// shared secrets, certificates, keys.
//
// Which messages belong together stands in index.go, group.go, order.go and
// pair.go; what was found of a message's protection in mac.go and signing.go, of
// what it holds encrypted in sealed.go. Whole transactions are judged in package
// transaction.
//
// # Where is a rule?
//
//	cmp.der.                        encoding, spelling; of what is protected, protection
//	cmp.header.                     header, sender, nonce, generalinfo
//	cmp.body.                       body
//	cmp.req. template. p10.         request, template, template_holder, pkcs10
//	cmp.control. reginfo.           control
//	cmp.pop.                        possession, possession_input
//	cmp.kur. krr. ccr.              update, krr_ccr
//	cmp.status. rep. krp.           status, answer; of the new certificate, newcert
//	cmp.rr. rp.                     revoke
//	cmp.conf. pkiconf. poll.        confirm, poll
//	cmp.genm. genp. announce.       general, rootupdate, announce
//	cmp.error. nested. challenge.   errors, nested, challenge
//	cmp.prot.                       protection, mac_rules, signer_rules, trust
//	cmp.certs.                      extracerts
//	cmp.env.                        sealed_rules
//	cmp.http. file.                 transport
//
// What a message is said to be stands in says.go, the answer in one sentence in
// verdict.go, and how names and octets are written in sentences in words.go.
//
// Documents: RFC 9810, RFC 9483 for the profile lw, RFC 4211.
package enrol

import (
	"slices"
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Messages is the kind of PKIMessages.
var Messages = check.Of(check.Kind{
	Name: "cmp-message", Title: "CMP message", Spec: spec.RFC(9810, "5.1"), Match: cmp.Match, Marks: true,
	Rules:  check.Catalogue(rules...),
	Derive: func(c *check.Context, v any) []check.Derived { return derive(c, v.(*cmp.Message)) },
}, func(r *field.Reader) *cmp.Message { return cmp.Read(r) }, func(c *check.Context, m *cmp.Message) *View { return ViewOf(c, c.Self) }, judge)

type rule = check.Rule[*View]

// The headings of the status tree.
var (
	groupEncoding     = &check.Group{ID: "cmp.der", Title: "Encoding"}
	groupHeader       = &check.Group{ID: "cmp.header", Title: "Header"}
	groupBody         = &check.Group{ID: "cmp.body", Title: "Body"}
	groupProtection   = &check.Group{ID: "cmp.prot", Title: "Protection"}
	groupCertificates = &check.Group{ID: "cmp.certs", Title: "Certificates beside the message"}
	groupTransport    = &check.Group{ID: "cmp.http", Title: "Transport", Aside: true}
)

var groups = []*check.Group{groupEncoding, groupHeader, groupBody, groupProtection, groupCertificates, groupTransport}

// rules are all that judge a message, by topic.
var rules = [][]rule{
	encodingRules,
	spellingRules,
	headerRules,
	senderRules,
	nonceRules,
	generalInfoRules,
	bodyRules,
	statusRules,
	answerRules,
	newCertificateRules,
	revokeRules,
	confirmRules,
	pollRules,
	generalRules,
	rootUpdateRules,
	errorRules,
	nestedRules,
	challengeRules,
	announceRules,
	protectionRules,
	macRules,
	signerRules,
	requestRules,
	templateRules,
	wantedRules,
	controlRules,
	regInfoRules,
	possessionRules,
	signedInputRules,
	pkcs10Rules,
	updateRules,
	crossRules,
	trustRules,
	extraCertsRules,
	sealedRules,
	trailingRules,
	transportRules,
}

// Tree judges a message, be c of the message itself or of what it is a part of.
// A message is judged as an item, as a part of its transaction, and as a part of
// what it is nested in: the tree of the last time and options is remembered, and
// is not to be changed.
func (v *View) Tree(c *check.Context) []report.Check {
	options := options(c)
	if v.last.tree != nil && v.last.at.Equal(c.At) && v.last.options == options {
		return v.last.tree
	}
	v.x.judged = (*View).judged // for rules that judge the messages inside: they cannot name what names them
	own, e := *c, &c.Exhibits[v.Item]
	own.Self, own.Root, own.Source, own.Size, own.Faults, own.HTTP = v.Item, v.Ref, e.Source, len(e.Source), e.Faults, e.HTTP
	tree := check.Judge(&own, v, groups, rules...)
	v.settle(&own, tree)
	v.last = lastTree{c.At, options, tree}
	return tree
}

// lastTree is a status tree with what it depends on beside the exhibits.
type lastTree struct {
	at      time.Time
	options string
	tree    []report.Check
}

// options are the profiles and switches of a context, to be compared.
func options(c *check.Context) string {
	var all []string
	for p, on := range c.Profiles {
		if on {
			all = append(all, p)
		}
	}
	for name, s := range c.Set {
		all = append(all, name+"="+s)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// judged judges a message, with the answer in one sentence.
func (v *View) judged(c *check.Context) ([]report.Check, report.Verdict) {
	tree := v.Tree(c)
	return tree, v.verdict(c, tree)
}

// judge gives the finding of a message that is an item. Its rows are its own.
func judge(c *check.Context, v *View) check.Finding {
	tree := slices.Clone(v.Tree(c))
	for i := range tree {
		tree[i].Children = slices.Clone(tree[i].Children)
	}
	return check.Finding{Title: v.Title(), Checks: tree, Verdict: v.verdict(c, tree), Summary: v.summary(tree), Wants: v.wants(c, tree), Roles: v.roles(c)}
}
