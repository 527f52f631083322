package connection

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

type rule = check.Rule[*View]

// The headings of the status tree, in the order in which they are shown. The
// headline goes by another order: see verdict.go.
var (
	groupReadable    = &check.Group{ID: "tls.readable", Title: "Readable"}
	groupNegotiation = &check.Group{ID: "tls.negotiation", Title: "Negotiation"}
	groupResumption  = &check.Group{ID: "tls.resumption", Title: "Resumption"}
	groupServer      = &check.Group{ID: "tls.server", Title: "Server certificate and staple"}
	groupClient      = &check.Group{ID: "tls.client", Title: "Client certificate"}
	groupIssued      = &check.Group{ID: "tls.issued", Title: "Tickets issued"}
	groupEnd         = &check.Group{ID: "tls.end", Title: "How it ended"}
	groupCallbacks   = &check.Group{ID: "tls.callbacks", Title: "Callbacks", Aside: true}
)

var groups = []*check.Group{groupReadable, groupNegotiation, groupResumption, groupServer, groupClient, groupIssued, groupEnd, groupCallbacks}

// rules are all that judge a handshake or a transaction, by topic:
//
//	Readable       tls.record. tls.message. tls.ext.body tls.ext.duplicate
//	Negotiation    tls.hello. the rest of tls.ext.
//	Resumption     tls.psk. tls.resume.
//	Server …       tls.certificate. tls.status. ocsp.staple.
//	Client …       tls.certreq. tls.candidate.
//	Tickets …      tls.nst.
//	How it ended   tls.flow. tls.alert. tls.finished.
//	Callbacks      tls.callback.
//
// Rules of one candidate are in candidateRules: they are judged for each.
var rules = [][]rule{
	recordRules, messageRules, helloRules, randomRules, extensionRules, extensionValueRules,
	pskRules, earlyRules, resumeRules,
	certificateRules, statusRules, stapleRules,
	requestRules,
	nstRules,
	flowRules, alertRules, finishedRules,
	callbackStatusRules, callbackTicketRules, callbackCertificateRules,
}

// ticketRules are those that judge a NewSessionTicket that is an item. They find
// it in View.NST and View.NSTs, and the connection around it in View.In.
var ticketRules = [][]rule{messageRules, extensionRules, nstRules}

// datagramRules are those that judge DTLS.
var datagramRules = [][]rule{messageRules, extensionRules}

var catalogue = append(check.Catalogue(rules...), check.Catalogue(candidateRules)...)

// tree judges a view.
func (v *View) tree(c *check.Context) []report.Check {
	switch {
	case v.NST != nil:
		return check.Judge(c, v, groups, ticketRules...)
	case v.H.Datagrams: // other numbers, other flows: only whether it can be read is judged
		return check.Judge(c, v, groups, datagramRules...)
	}
	tree := check.Judge(c, v, groups, rules...)
	tree = v.withCandidates(c, tree)
	for i := range tree {
		if tree[i].ID == groupCallbacks.ID {
			raise(&tree[i])
		}
	}
	return tree
}

// raise lets what failed count although its group is advice: nothing on the wire
// may contradict what OpenSSL does.
func raise(g *report.Check) {
	for i := range g.Children {
		if k := &g.Children[i]; k.Status == report.Fail {
			k.Advice, g.Advice = false, false
		}
	}
}
