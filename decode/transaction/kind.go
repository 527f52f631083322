// Package transaction judges enrolments: the messages of one transaction of the
// Certificate Management Protocol, in their order, and what a client makes of them.
//
// Documents: RFC 9810, RFC 9483.
package transaction

import (
	"derscope/decode/check"
	"derscope/decode/cmpclient"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// Enrolments is the transaction of a certificate management.
var Enrolments = check.Conversation{
	Name: "cmp", Find: find, Judge: func(c *check.Context, v any) check.Finding { return judge(c, v.(*View)) },
	Rules: check.Catalogue(rules...),
}

// View is a transaction.
type View struct {
	*enrol.Transaction
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
var rules = [][]rule{}

// find makes a transaction of two messages and more.
func find(c *check.Context) (talks []check.Talk) {
	for _, t := range enrol.IndexOf(c).Transactions {
		if len(t.Messages) < 2 {
			continue
		}
		talk := check.Talk{Title: "CMP transaction", View: &View{t}}
		for _, v := range t.Messages {
			talk.Items = append(talk.Items, v.Item)
		}
		talks = append(talks, talk)
	}
	return talks
}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, rules...)
	return check.Finding{Checks: tree, Verdict: report.Verdict{Status: check.Sum(tree), Headline: "A CMP transaction"},
		Calls: cmpclient.Calls(c, v.Transaction)}
}
