package carrier

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/report"
)

var group = &check.Group{ID: "cmp.carrier", Title: "The way fits the message"}

type rule = check.Rule[*Carried]

var rules = []rule{
	{
		ID: "cmp.tcp.header", Group: group, Level: check.Should, Refs: "RFC 2510 §5.2; RFC 6712 §1",
		Title:    "Length and type of each TCP frame fit its content",
		Headline: "A TCP frame does not fit its content",
		Judge: func(_ *check.Context, k *Carried) check.Outcome {
			if k.Form != TCP && k.Form != TCP10 {
				return check.Skip()
			}
			for _, f := range k.Frames {
				if !f.Fits {
					return check.Doubtful(f.Ref, "The length is %d, and the type is %s: what stands behind them is not one CMP message of that length. Compare the sender's framing with RFC 2510.",
						f.Length.Value, frameTypes[int(f.Type.Value)])
				}
			}
			return check.Note(k.Ref, "The frame is an old way to send CMP: today messages go over HTTP, without a frame.")
		},
	},
	{
		ID: "cmp.coap.path", Group: group, Level: check.Should, Refs: "RFC 9483 §6.2; RFC 9482 §2.1",
		Title:    "The CoAP path names an operation that fits the message",
		Headline: "The CoAP path names another operation than the message",
		Judge:    coapPath,
	},
}

// operations are the labels of CoAP paths, with the messages that begin them.
//
// RFC 9483, section 6.2
var operations = map[string]cmp.Type{"ir": cmp.IR, "cr": cmp.CR, "kur": cmp.KUR, "p10": cmp.P10CR, "rr": cmp.RR,
	"crts": cmp.GenM, "rcu": cmp.GenM, "att": cmp.GenM, "crls": cmp.GenM, "nest": cmp.Nested}

func coapPath(_ *check.Context, k *Carried) check.Outcome {
	if k.Form != CoAP || k.Code.Value != 2 || len(k.Types) == 0 {
		return check.Skip()
	}
	path := "/" + strings.Join(k.Path, "/")
	rest, ok := strings.CutPrefix(path, "/.well-known/cmp")
	if !ok {
		return check.Note(k.at(), "The path is «%s»: RFC 9482 has CMP below «/.well-known/cmp».", path)
	}
	labels := strings.Split(strings.Trim(rest, "/"), "/")
	if len(labels) >= 2 && labels[0] == "p" {
		labels = labels[2:]
	}
	if len(labels) == 0 || labels[0] == "" {
		return check.Holds(k.at(), "The path is «%s», without an operation.", path)
	}
	want, known := operations[labels[0]]
	body := k.Types[0]
	switch {
	case !known || len(labels) > 1:
		return check.Doubtful(k.at(), "The path is «%s»: «%s» is no operation of RFC 9483. Its labels are ir, cr, kur, p10, rr, crts, rcu, att, crls and nest.", path, strings.Join(labels, "/"))
	case want != body && body != cmp.CertConf && body != cmp.PollReq && body != cmp.Error:
		return check.Doubtful(k.at(), "The path ends with «%s», and the body is %s: send it to the path of its own operation.", labels[0], body)
	}
	return check.Holds(k.at(), "The path ends with «%s», and the body is %s.", labels[0], body)
}

// at is the place of the path.
func (k *Carried) at() report.Ref {
	if k.PathAt != report.None {
		return k.PathAt
	}
	return k.Ref
}

// judge gives the finding of what carries messages.
func judge(c *check.Context, k *Carried) check.Finding {
	tree := check.Judge(c, k, []*check.Group{group}, rules)
	f := check.Finding{Title: titles[k.Form], Checks: tree, Verdict: report.Verdict{Status: check.Sum(tree)}}
	if f.Verdict.Status == report.NoStatus {
		f.Verdict.Status = report.Pass
	}
	var names []string
	for _, t := range k.Types {
		names = append(names, t.String())
	}
	f.Summary = []report.Member{{Key: "readable", Value: report.Pass.String()}, {Key: "messages", Value: len(names)}}
	list := strings.Join(names[:min(len(names), 6)], ", ")
	if len(names) > 6 {
		list += ", …"
	}
	f.Verdict.Headline = "It carries " + report.Plural(len(names), "CMP message", "CMP messages") + ": " + list
	if k.Form == Around {
		f.Verdict.Detail = report.Plural(k.Offset, "octet stands", "octets stand") + " before the first message: cut there to get the message alone."
	}
	if row, ok := check.First(tree, report.Warn); ok {
		f.Verdict.Headline, f.Verdict.Detail = headline(row), row.Why
	}
	return f
}

// headline is what the verdict says when a rule does not hold.
func headline(row report.Check) string {
	for i := range rules {
		if rules[i].ID == row.ID {
			return rules[i].Headline
		}
	}
	for i := range answerRules {
		if answerRules[i].ID == row.ID {
			return answerRules[i].Headline
		}
	}
	return row.Title
}
