package printed

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Responses is the kind of OCSP responses as OpenSSL prints them.
var Responses = check.Of(check.Kind{
	Name: "ocsp-response", Title: "OCSP response, printed", Spec: spec.RFC(6960, "4.2.1"),
	Match: matchText, Derive: derive, Rules: check.Catalogue(textRules),
}, readText, lookText, judgeText)

// View is a text with what was rebuilt from it.
type View struct {
	*Text
	Rebuilt *ocsp.Response // nil: nothing was
}

func matchText(k check.Candidate) check.Match {
	if !k.Text {
		return check.Match{}
	}
	switch k.Label {
	case "OCSP Response Data":
		return check.Match{Score: 100, Why: "text below the heading OCSP Response Data"}
	case "OCSP response":
		return check.Match{Score: 100, Why: "the line of openssl s_client -status"}
	case "openssl ocsp":
		return check.Match{Score: 100, Why: "the result of openssl ocsp"}
	}
	return check.Match{}
}

// derive rebuilds the octets.
func derive(c *check.Context, v any) []check.Derived {
	t := v.(*Text)
	var hand []*cert.Certificate
	for _, k := range check.All[*cert.Certificate](c) {
		hand = append(hand, k.Is)
	}
	b := t.Rebuild(printedCertificates(c), hand)
	switch {
	case b == nil:
		return nil
	case !t.Basic:
		return []check.Derived{{Bytes: b, Hint: "ocsp-response", How: "printed text: an error has one encoding"}}
	}
	return []check.Derived{{Bytes: b, Hint: "ocsp-response", How: "printed text, rebuilt and proved by its signature"}}
}

// printedCertificates are those of the response itself. OpenSSL prints each
// behind the response, as text and then as PEM; s_client prints others later,
// without the text.
func printedCertificates(c *check.Context) (list []*cert.Certificate) {
	described := false
	for _, e := range c.Exhibits[c.Self+1:] {
		k, ok := e.Value.(*cert.Certificate)
		switch {
		case e.Carrier >= 0:
		case e.Name != c.Exhibits[c.Self].Name:
			return list
		case ok && described:
			list = append(list, k)
			described = false
		case !described && bytes.HasPrefix(e.Source, []byte("Certificate:")):
			described = true
		default:
			return list
		}
	}
	return list
}

func lookText(c *check.Context, t *Text) *View {
	v := &View{Text: t}
	for _, k := range check.All[*ocsp.Response](c) {
		if k.Carrier == c.Self {
			v.Rebuilt = k.Is
		}
	}
	return v
}

func judgeText(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, []*check.Group{groupText}, textRules)
	f := check.Finding{Title: "OCSP response, printed by OpenSSL", Format: "openssl-text", Checks: tree,
		Verdict: report.Verdict{Status: check.Sum(tree), Headline: v.claim(c)}, Windows: v.windows(), Wants: v.wants(tree)}
	if v.Sort == Notice {
		f.Title = "Line of openssl s_client -status"
	} else if v.Sort == Result {
		f.Title = "Result of openssl ocsp"
	}
	for _, s := range []report.Status{report.Fail, report.Open, report.Warn} {
		if row, ok := check.First(tree, s); ok {
			f.Verdict.Detail = row.Why
			break
		}
	}
	if f.Verdict.Status == report.Pass && v.Rebuilt != nil {
		f.Verdict.Detail = "The octets are rebuilt, and judged as a response of their own."
	}
	f.Summary = []report.Member{{Key: "readable", Value: check.Part(tree, "ocsp.text.readable").String()}}
	if v.Status.OK {
		f.Summary = append(f.Summary, report.Member{Key: "responseStatus", Value: ocsp.StatusName(v.Status.Value)})
	}
	standing := "none"
	if s, ok := v.standing(); ok {
		standing = s.String()
	}
	f.Summary = append(f.Summary, report.Member{Key: "certStatus", Value: standing})
	return f
}

// standing is the status that all entries agree on.
func (t *Text) standing() (s ocsp.Standing, ok bool) {
	for i, e := range t.Entries {
		if i > 0 && e.Standing != s {
			return s, false
		}
		s = e.Standing
	}
	return s, len(t.Entries) > 0 && s != ocsp.Unreadable
}

// claim is the headline: what the text says, whoever wrote it.
func (v *View) claim(c *check.Context) string {
	switch {
	case v.TooLong:
		return "Too long to be read"
	case v.Sort == Notice && v.Sent < 0:
		return "The server sent something that is no OCSP response"
	case v.Sort == Notice && v.Sent == 0:
		return "The server sent no OCSP response"
	case v.Sort == Notice:
		return "The server sent " + report.Plural(v.Sent, "OCSP response", "OCSP responses")
	case v.Sort == Whole && v.Status.OK && v.Status.Value != 0:
		return fmt.Sprintf("The text says that the responder answers with an error: %s (%d)", ocsp.StatusName(v.Status.Value), v.Status.Value)
	case v.Verified.OK && !v.Verified.Value:
		return "openssl ocsp could not verify the response"
	case len(v.Entries) == 0:
		return "The text says nothing of any certificate"
	}
	s, same := v.standing()
	about := "the certificate with serial number " + excerpt(v.Entries[0].Serial.Value.Text())
	for _, k := range check.All[*cert.Certificate](c) {
		if k.Is.Serial.OK && bytes.Equal(k.Is.Serial.Value, v.Entries[0].Serial.Value) {
			about = k.Is.Title()
			break
		}
	}
	if v.Sort == Result {
		about = excerpt(v.Entries[0].File)
	}
	switch {
	case len(v.Entries) == 1:
		return fmt.Sprintf("The text says %s of %s%s", v.Entries[0].Standing, about, v.past(c))
	case same:
		return fmt.Sprintf("The text says %s of %d certificates", s, len(v.Entries))
	}
	return fmt.Sprintf("The text says different things of %d certificates", len(v.Entries))
}

// past adds that what the text says is too old, which needs no signature to be
// seen; "" if it is not, or the time is not known.
func (v *View) past(c *check.Context) string {
	next := v.Entries[0].NextUpdate
	if !next.OK || c.At.IsZero() || !c.At.After(next.Value.Time) {
		return ""
	}
	return ", and expired " + report.Distance(next.Value.Time, c.At)
}

func (v *View) windows() []report.Window {
	var out []report.Window
	for i, e := range v.Entries {
		if i == 8 || !e.ThisUpdate.OK {
			break
		}
		w := report.Window{Label: "Status", Text: "thisUpdate, no nextUpdate", From: e.ThisUpdate.Value.Time, At: e.ThisUpdate.Ref, Main: true}
		if e.NextUpdate.OK {
			w.Text, w.To = "thisUpdate → nextUpdate", e.NextUpdate.Value.Time
		}
		out = append(out, w)
	}
	return out
}

// wants say how to get what the text lacks.
func (v *View) wants(tree []report.Check) []report.Want {
	row, _ := check.Find(tree, "ocsp.text.octets")
	if came, ok := check.Find(tree, "ocsp.text.response"); ok && came.Status != report.Pass {
		row = came
	}
	var out []report.Want
	for _, need := range row.Needs {
		if need == "signer" {
			out = append(out, report.Want{Need: need, Text: "The responder's certificate, or that of the CA if it signs itself",
				How: "openssl s_client -connect HOST:443 -servername HOST -showcerts </dev/null"})
		}
		if v.Sort == Notice {
			out = append(out, report.Want{Need: "answer", Text: "What the server staples, if it staples at all",
				How: "openssl s_client -connect HOST:443 -servername HOST -status -msg </dev/null"})
			continue
		}
		out = append(out, report.Want{Need: "answer", Text: "The response in DER: text has no signed octets",
			How: "openssl ocsp -issuer issuer.pem -cert leaf.pem -url URL -respout response.der"})
	}
	return out
}

var groupText = &check.Group{ID: "ocsp.text", Title: "Printed by OpenSSL"}

// noOctets is why printed text alone proves nothing.
const noOctets = "Text has no signed octets; add -msg, or fetch with openssl ocsp -respout."

var textRules = []check.Rule[*View]{{
	ID: "ocsp.text.readable", Group: groupText, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title: "The text is complete, and every line is understood",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch missing := v.missing(); {
		case v.TooLong:
			return check.Broken(v.Ref, "The text has %d octets; no more than %d are read.", c.Size, longest)
		case v.Sort == Whole && missing != "":
			return check.Broken(v.Ref, "The text lacks %s.", missing)
		case len(v.Unread) > 0:
			return check.Doubtful(v.Unread[0], "OpenSSL prints no such lines in a response, in %s.", spots(len(v.Unread)))
		}
		return check.Holds(v.Ref, "")
	},
}, {
	ID: "ocsp.text.response", Group: groupText, Level: check.Must, Refs: "RFC 6066 §8",
	Title: "The server sent an OCSP response",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case v.Sort != Notice:
			return check.Skip()
		case v.Sent < 0:
			return check.Broken(v.Ref, "The client asked for a staple, and OpenSSL cannot read what came as a response.")
		case v.Sent == 0:
			return check.Needs("answer", v.Ref, "The client asked for a staple, and none came. A server need not staple.")
		}
		return check.Holds(v.Ref, "%s came.", report.Plural(v.Sent, "response", "responses"))
	},
}, {
	ID: "ocsp.text.verified", Group: groupText, Level: check.Must, Refs: "RFC 6960 §3.2",
	Title: "openssl ocsp verified the response",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case !v.Verified.OK:
			return check.Skip()
		case !v.Verified.Value:
			return check.Broken(v.Verified.Ref, "It printed «Response Verify Failure»: the statuses below are worth nothing.")
		}
		return check.Holds(v.Verified.Ref, "It printed «Response verify OK».")
	},
}, {
	ID: "ocsp.text.octets", Group: groupText, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title: "The octets that were printed are known",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case v.Sort == Notice:
			return check.Skip()
		case v.Sort == Result && len(v.Entries) == 0:
			return check.Skip()
		case v.Sort == Result:
			return check.Needs("answer", v.Ref, "The result has statuses and times only. %s", noOctets)
		case v.Rebuilt != nil && !v.Basic:
			return check.Holds(v.Ref, "An error is its responseStatus alone: it has one encoding in DER.")
		case v.Rebuilt != nil && v.Rebuilt.Basic != nil && len(v.Rebuilt.Basic.Certs) > 0:
			return check.Holds(v.Ref, "Rebuilt from the text: the printed signature holds over what is signed. The certificates lie outside it: those printed behind it are taken, in their order.")
		case v.Rebuilt != nil:
			return check.Holds(v.Ref, "Rebuilt from the text: the printed signature holds over what is signed.")
		case v.needsSigner():
			return check.Needs("signer", v.Ref, "%s %s", v.Unproved, noOctets)
		}
		why := v.Unproved
		if why == "" {
			why = "Only the first texts are encoded again, and this is a later one."
		}
		return check.Needs("answer", v.Ref, "%s %s", why, noOctets)
	},
}}

func spots(n int) string {
	if n == 1 {
		return "one place"
	}
	return fmt.Sprintf("%d places", n)
}

// needsSigner says that the responder's certificate may prove the octets.
func (t *Text) needsSigner() bool { return t.Basic && t.Unproved != "" && !t.Named && t.gap() == "" }
