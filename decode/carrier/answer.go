package carrier

import (
	"slices"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Answer is the content of an HTTP message that stands where a CMP message is
// awaited: the error page of a gateway, a text of the server.
type Answer struct {
	Ref  report.Ref
	Text string // how it begins
}

// Answers is the kind of such contents. They are told by the company they keep:
// a media type of another sort, beside CMP messages.
var Answers = check.Of(check.Kind{
	Name: "http-content", Title: "HTTP content that is no CMP message", Spec: spec.RFC(9811, "3.2"), Rules: check.Catalogue(answerRules),
	Match: func(c check.Candidate) (m check.Match) {
		if c.Hint == "http-content" {
			return check.Match{Score: 100, Why: "it came where CMP messages are exchanged"}
		}
		if strings.Contains(c.Label, "/") && !strings.Contains(c.Label, "pkixcmp") && slices.Contains(c.Beside, "cmp-message") {
			m = check.Match{Score: 30, Why: "HTTP announces " + c.Label + ", where CMP messages are exchanged"}
		}
		return m
	},
}, func(r *field.Reader) *Answer {
	a := &Answer{}
	b := r.Left()
	a.Text = strings.ToValidUTF8(string(b[:min(len(b), 400)]), "\ufffd")
	a.Ref = r.Rest("content")
	r.Show(a.Ref, a.Text)
	return a
}, func(_ *check.Context, a *Answer) *Answer { return a }, judgeAnswer)

var groupAnswer = &check.Group{ID: "cmp.http", Title: "Transport"}

var answerRules = []check.Rule[*Answer]{{
	ID: "cmp.http.type", Group: groupAnswer, Level: check.Must, Refs: "RFC 9811 §3.2; RFC 9811 §4",
	Title:    "The media type is application/pkixcmp",
	Headline: "No CMP message came, but something else",
	Judge: func(c *check.Context, a *Answer) check.Outcome {
		if c.HTTP == nil {
			return check.Skip()
		}
		kind := ""
		for _, f := range c.HTTP.Headers {
			if strings.EqualFold(f.Name, "Content-Type") {
				kind = f.Value
			}
		}
		who, what := "The server answers", ""
		if c.HTTP.Request {
			who = "The client sends"
		} else {
			what = " with status " + strings.TrimSpace(strconv.Itoa(c.HTTP.Status)+" "+c.HTTP.Reason)
		}
		text := a.words()
		if text != "" {
			text = " It says «" + text + "»."
		}
		return check.Broken(a.Ref, "%s%s, and the content is «%s», no CMP message.%s Clients say only that they cannot read it: often a gateway wrote it, or the path is wrong.", who, what, kind, text)
	},
}}

// words are the beginning of the text without the tags of HTML.
func (a *Answer) words() string {
	var b strings.Builder
	tag := false
	for _, r := range a.Text {
		switch {
		case r == '<':
			tag = true
			b.WriteByte(' ')
		case r == '>' && tag:
			tag = false
		case !tag:
			b.WriteRune(r)
		}
	}
	words := []rune(strings.Join(strings.Fields(b.String()), " "))
	if len(words) > 120 {
		words = append(words[:119], '…')
	}
	return report.Clean(string(words))
}

func judgeAnswer(c *check.Context, a *Answer) check.Finding {
	tree := check.Judge(c, a, []*check.Group{groupAnswer}, answerRules)
	f := check.Finding{Checks: tree, Summary: []report.Member{{Key: "readable", Value: report.Pass.String()}},
		Verdict: report.Verdict{Status: check.Sum(tree), Headline: "What HTTP brings here is no CMP message"}}
	if row, ok := check.First(tree, report.Fail); ok {
		f.Verdict.Headline, f.Verdict.Detail = headline(row), row.Why
	}
	return f
}
