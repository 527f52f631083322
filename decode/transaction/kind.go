// Package transaction judges enrolments: the messages of one transaction of the
// Certificate Management Protocol, in their order, and what a client makes of them.
//
// Which messages belong together says package enrol. How the states follow each
// other stands in walk.go, the rules by topic in the other files, the answer in
// one sentence in verdict.go, the picture in sequence.go.
//
// Documents: RFC 9810, RFC 9483.
package transaction

import (
	"slices"
	"time"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/cmpclient"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// Enrolments is the transaction of a certificate management.
var Enrolments = check.Conversation{
	Name: "cmp", Find: find, Judge: func(c *check.Context, v any) check.Finding { return judge(c, v.(*View)) },
	Rules: check.Catalogue(rules...),
}

// View is a transaction with what does not depend on the time.
type View struct {
	*enrol.Transaction
	steps   []step // beside Messages
	linked  []link
	first   *enrol.View // the first request
	answer  *enrol.View // the final answer
	last    *enrol.View // the last message that counts
	origin  cmp.Type    // what the client asked for first; -1: not at hand
	ask     cmp.Type    // what it asked last
	end     state
	grants  []*grant
	several bool        // there are others
	later   *enrol.View // the first message of the same client's next transaction; nil: there is none
}

type rule = check.Rule[*View]

// The headings of the status tree.
var (
	groupPairing    = &check.Group{ID: "cmp.pairing", Title: "Each message has its place"}
	groupContinuity = &check.Group{ID: "cmp.continuity", Title: "One conversation"}
	groupProtection = &check.Group{ID: "cmp.protection", Title: "Protection of all messages"}
	groupOutcome    = &check.Group{ID: "cmp.outcome", Title: "Outcome"}
)

var groups = []*check.Group{groupPairing, groupContinuity, groupProtection, groupOutcome}

// rules are all that judge a transaction, by topic.
var rules = [][]rule{pairingRules, referenceRules, pollRules, nonceRules, partyRules, protectionRules, kemRules, outcomeRules,
	certificateRules, templateRules, confirmRules}

// find makes a transaction of two messages and more.
func find(c *check.Context) (talks []check.Talk) {
	clients := map[string][]*View{}
	for _, t := range enrol.IndexOf(c).Transactions {
		if len(t.Messages) < 2 {
			continue
		}
		v := viewOf(t)
		talk := check.Talk{Title: v.title(), View: v}
		for _, m := range t.Messages {
			talk.Items = append(talk.Items, m.Item)
		}
		if n := len(talks); n > 0 {
			v.several, talks[0].View.(*View).several = true, true
		}
		if m := v.first; m != nil && !enrol.Null(m.Header.Sender) && len(m.Header.Sender.Name.Raw) > 0 {
			who := string(m.Header.Sender.Name.Raw) + string(m.Header.SenderKID.Value)
			clients[who] = append(clients[who], v)
		}
		talks = append(talks, talk)
	}
	for _, list := range clients {
		slices.SortStableFunc(list, func(a, b *View) int { return a.began().Compare(b.began()) })
		for i, v := range list[:len(list)-1] {
			v.later = list[i+1].first
		}
	}
	return talks
}

// began is when the first request was made; zero if it does not say.
func (v *View) began() time.Time { return v.first.Header.MessageTime.Value.Time }

func viewOf(t *enrol.Transaction) *View {
	v := &View{Transaction: t}
	v.walk()
	v.grant()
	return v
}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, rules...)
	tree = rollUp(tree, v.each(c))
	return check.Finding{Title: v.title(), Checks: tree, Verdict: v.verdict(c, tree), Windows: v.windows(),
		Wants: wants(tree), Pictures: []report.Picture{v.sequence(tree)}, Calls: cmpclient.Calls(c, v.Transaction)}
}
