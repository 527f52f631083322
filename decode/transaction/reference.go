package transaction

import (
	"slices"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

var referenceRules = []rule{{
	ID: "cmp.txn.count", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3.4; RFC 9810 §5.3.10",
	Title: "There are as many answers as requests", Headline: "The number of answers is not that of the requests",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Request()
			if m.From != cmp.Server || q == nil || m.Again != nil {
				continue
			}
			a, b := &q.Core().Body, &m.Core().Body
			asked, got := 0, 0
			switch {
			case b.Reply != nil && (a.Type.Requests() || a.Type == cmp.P10CR):
				asked, got = len(a.Requests), len(b.Reply.Responses)
				if a.Type == cmp.P10CR {
					asked = 1
				}
			case b.Revoked != nil && a.Type == cmp.RR:
				asked, got = len(a.Revocations), len(b.Revoked.Statuses)
			default:
				continue
			}
			at := b.Ref
			switch {
			case got == asked:
				worst = check.Worst(worst, check.Holds(at, ""))
			case got > asked:
				worst = check.Worst(worst, check.Broken(at, "%s holds %s, %s %s.", named(m), report.Plural(got, "answer", "answers"), number(q), report.Plural(asked, "request", "requests")).And(a.Ref))
			default:
				worst = check.Worst(worst, check.Doubtful(at, "%s holds %s, %s %s: some were not answered.", named(m), report.Plural(got, "answer", "answers"), number(q), report.Plural(asked, "request", "requests")).And(a.Ref))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.req-id", Group: groupPairing, Level: check.Must, Refs: "RFC 9810 §5.3.4; RFC 9810 §5.3.22",
	Title: "Each certReqId is that of a request", Headline: "A certReqId belongs to no request",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Request()
			if q == nil || m.Again != nil {
				continue
			}
			asked := &q.Core().Body
			ids := map[string]bool{}
			for _, r := range asked.Requests {
				if r.Request != nil {
					ids[key(r.Request.ID)] = true
				}
			}
			if asked.Type == cmp.P10CR { // it has no number: −1 since RFC 9480, 0 before
				ids["-1"], ids["0"] = true, true
			}
			named := named(m)
			for _, f := range references(&m.Core().Body, ids) {
				if ids[key(f)] || !f.OK {
					worst = check.Worst(worst, check.Holds(f.Ref, ""))
					continue
				}
				worst = check.Worst(worst, check.Broken(f.Ref, "%s names certReqId %s; %s (%s) has %s. OpenSSL's client says CERTRESPONSE_NOT_FOUND.", named, whole(f), number(q), q.Body.Name(), listed(ids)).And(asked.Ref))
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.revoke-target", Group: groupOutcome, Level: check.Must, Refs: "RFC 9810 §5.3.10",
	Title: "What was revoked is what was asked for", Headline: "The answer speaks of another certificate",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Request()
			if m.Core().Body.Revoked == nil || q == nil || m.Again != nil {
				continue
			}
			asked, got := q.Core().Body.Revocations, m.Core().Body.Revoked.Certs
			for i, id := range got {
				if i >= len(asked) || asked[i].Template == nil || id == nil {
					break
				}
				t := asked[i].Template
				if !t.Serial.OK || t.Issuer == nil {
					continue // named by its key
				}
				switch {
				case key(t.Serial) != key(id.Serial):
					worst = check.Worst(worst, check.Broken(id.Serial.Ref, "%s says that serial number %s is revoked; %s asked for %s. OpenSSL says WRONG_SERIAL_IN_RP.", named(m), id.Serial.Value.Text(), number(q), t.Serial.Value.Text()).And(t.Serial.Ref))
				case id.Issuer.Choice != cert.DirectoryName || !enrol.Compare(id.Issuer.Name, *t.Issuer).Equal():
					worst = check.Worst(worst, check.Broken(id.Issuer.Ref, "%s says that a certificate of %s is revoked; %s asked for one of %s. OpenSSL says WRONG_CERTID_IN_RP.", named(m), person(id.Issuer), number(q), t.Issuer).And(t.Issuer.Ref))
				default:
					worst = check.Worst(worst, check.Holds(id.Ref, ""))
				}
			}
		}
		return worst
	},
}, {
	ID: "cmp.txn.info-type", Group: groupOutcome, Level: check.Should, Refs: "RFC 9483 §4.3",
	Title: "The answer holds the information that was asked for", Headline: "The answer holds other information than was asked for",
	Judge: func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			q := m.Request()
			if m.Core().Body.Type != cmp.GenP || q == nil || q.Core().Body.Type != cmp.GenM || m.Again != nil {
				continue
			}
			worst = check.Worst(worst, informed(m, q))
		}
		return worst
	},
}}

// references are the certReqIds of a body. Those of a whole message, −1, are left out
// where they may stand: in polls.
func references(b *cmp.Body, ids map[string]bool) (list []field.Field[field.Int]) {
	if b.Reply != nil {
		for _, r := range b.Reply.Responses {
			list = append(list, r.ID)
		}
	}
	for i := range b.Confirmed {
		list = append(list, b.Confirmed[i].ID)
	}
	poll := func(f field.Field[field.Int]) {
		if ids[key(f)] || key(f) != "-1" {
			list = append(list, f)
		}
	}
	if len(ids) == 0 { // a request that has no numbers: its polls name the whole
		return list
	}
	for _, f := range b.Polls {
		poll(f)
	}
	for i := range b.Waits {
		poll(b.Waits[i].ID)
	}
	return list
}

// replies are the types of information that are answered with another one.
var replies = map[oid.ID]oid.ID{cmp.IDKeyPairParamReq: cmp.IDKeyPairParamRep, cmp.IDRootCACert: cmp.IDRootCAKeyUpdate, cmp.IDCRLStatusList: cmp.IDCRLs}

// informed compares what a genp holds with what its genm asked for.
func informed(m, q *enrol.View) check.Outcome {
	asked, got := q.Core().Body.Infos.List, m.Core().Body.Infos.List
	want := map[oid.ID]bool{}
	for _, i := range asked {
		id := i.ID
		if r, ok := replies[id]; ok {
			id = r
		}
		want[id] = true
	}
	has := map[oid.ID]bool{}
	extra := ""
	at := report.None
	for _, i := range got {
		has[i.ID] = true
		if !want[i.ID] && i.ID != cmp.IDUnsupportedOIDs && extra == "" {
			extra, at = infoName(i.ID), i.Ref
		}
	}
	for _, i := range asked {
		id := i.ID
		if r, ok := replies[id]; ok {
			id = r
		}
		if !has[id] && !(has[cmp.IDUnsupportedOIDs] && names(m, i.ID)) {
			if extra != "" {
				return check.Broken(at, "%s asks for %s, and %s holds %s in its place. OpenSSL says INVALID_GENP.", named(q), infoName(i.ID), number(m), extra).And(i.Ref)
			}
			return check.Broken(m.Core().Body.Ref, "%s asks for %s, and %s does not hold %s. OpenSSL says INVALID_GENP.", named(q), infoName(i.ID), number(m), infoName(id)).And(i.Ref)
		}
	}
	if extra != "" && len(asked) > 0 {
		return check.Note(at, "%s holds %s, too, which was not asked for.", named(m), extra)
	}
	return check.Holds(m.Core().Body.Ref, "")
}

// names says that the message says of an identifier that it is not supported.
func names(m *enrol.View, id oid.ID) bool {
	i := m.Core().Body.Infos.Find(cmp.IDUnsupportedOIDs)
	if i == nil {
		return false
	}
	list, _ := i.Value.([]oid.ID)
	return slices.Contains(list, id)
}
