package connection

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// CandidateView is a certificate that the client could send, beside the
// connection that asks for one.
type CandidateView struct {
	*View
	Candidate
}

// candidateRules judge each certificate that the client could send, against the
// CertificateRequest.
var candidateRules = []check.Rule[*CandidateView]{}

// mostCandidates bounds those that are judged.
const mostCandidates = 16

// withCandidates adds a group for each candidate to the group of the client's
// certificate.
func (v *View) withCandidates(c *check.Context, tree []report.Check) []report.Check {
	var all []report.Check
	for i := range v.Candidates[:min(len(v.Candidates), mostCandidates)] {
		k := v.Candidates[i]
		rows := check.Judge(c, &CandidateView{v, k}, []*check.Group{groupClient}, candidateRules)
		if len(rows) == 0 {
			continue
		}
		g := rows[0]
		g.ID, g.Title = "tls.candidate", k.Is.Title()
		all = append(all, g)
	}
	return addTo(tree, groupClient, all)
}

// addTo puts rows behind those of a group, at its place if it is not there yet.
func addTo(tree []report.Check, g *check.Group, rows []report.Check) []report.Check {
	if len(rows) == 0 {
		return tree
	}
	at := 0
	for _, o := range groups {
		if at < len(tree) && tree[at].ID == o.ID {
			if o == g {
				k := &tree[at]
				k.Children = append(k.Children, rows...)
				k.Status = worst(k.Children)
				return tree
			}
			at++
			continue
		}
		if o == g {
			break
		}
	}
	k := report.Check{ID: g.ID, Title: g.Title, Advice: g.Aside, Status: worst(rows), Children: rows}
	tree = append(tree, report.Check{})
	copy(tree[at+1:], tree[at:])
	tree[at] = k
	return tree
}

// worst is the worst status of rows, as a group shows it.
func worst(rows []report.Check) report.Status {
	s := report.NoStatus
	order := [...]int{report.NoStatus: 0, report.Pass: 1, report.Open: 2, report.Warn: 3, report.Fail: 4}
	for _, k := range rows {
		if order[k.Status] > order[s] {
			s = k.Status
		}
	}
	return s
}
