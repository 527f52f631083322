package ticket

import (
	"encoding/hex"
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// speaking are the checks that can make the headline, in their order: see
// check.Speaker.
var speaking = []string{
	"ticket.plaintext", "ticket.length-field", "ticket.layout", "ticket.mac", "ticket.state", "ticket.weak-key", "ticket.nonce-reuse",
	"ticket.entropy", "ticket.issued", "ticket.expired", "*ticket.mac", "*ticket.key-name", "ticket.key-order", "ticket.protection",
	"ticket.key-name-shared", "ticket.auth-age", "ticket.client-certificate", "ticket.key-name-age", "ticket.reused", "ticket.extra-length",
}

// speaks finds the check that makes the headline. also are the further ones of
// the same status that may speak, in their order.
func speaks(tree []report.Check, order []string) (row report.Check, also []report.Check) {
	row, ok := check.Speaker(tree, order)
	if !ok {
		return row, nil
	}
	for _, id := range order {
		id, open := strings.CutPrefix(id, "*")
		if k, ok := check.Find(tree, id); ok && k.Status == row.Status && k.ID != row.ID && open == (row.Status == report.Open) {
			also = append(also, k)
		}
	}
	return row, also
}

// headlineOf is the headline of a rule of the sets, or "".
func headlineOf[V any](sets [][]check.Rule[V], id string) string {
	for _, set := range sets {
		for i := range set {
			if set[i].ID == id {
				return set[i].Headline
			}
		}
	}
	return ""
}

// detail is why, and what else there is to say.
func detail(row report.Check, also []report.Check) string {
	words := row.Why
	for i, k := range also {
		if i == 2 {
			break
		}
		if i == 0 {
			words += " Also: "
		} else {
			words += "; "
		}
		words += strings.TrimSuffix(k.Why, ".")
		if i == len(also)-1 || i == 1 {
			words += "."
		}
	}
	return words
}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, rules...)
	f := check.Finding{Title: "Session ticket", Checks: tree, Verdict: v.verdict(c, tree), Summary: v.summary(c, tree), Windows: v.windows(c), Wants: wants(tree)}
	if l := v.layout(); l != nil {
		f.Format = l.ID
	}
	if v.Key != nil && v.Key.File >= 0 && v.Status >= WrongMAC {
		f.Roles = append(f.Roles, check.Link{Item: v.Key.File, Role: "ticket key"})
	}
	if p, ok := v.picture(); ok {
		f.Pictures = append(f.Pictures, p)
	}
	return f
}

// verdict says in one sentence how far the ticket opens, and what is inside.
func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	d := report.Verdict{Status: check.Sum(tree)}
	row, also := speaks(tree, speaking)
	switch {
	case row.ID == "":
		d.Headline, d.Detail = v.opened(c)
		return d
	case row.Status == report.Open:
		d.Headline, d.Detail = v.sealed(), row.Why
		if name, ok := check.Find(tree, "ticket.key-name"); ok && name.Status == report.Open && row.ID != name.ID {
			d.Detail = name.Why
		}
		return d
	}
	d.Headline, d.Detail = strings.TrimSpace(headlineOf(rules, row.ID)), detail(row, also)
	switch row.ID {
	case "ticket.expired":
		d.Headline = "Opened: little of its time is left"
		if until, _, ok := v.expires(); ok && row.Status == report.Fail {
			d.Headline = "Expired " + report.Length(c.At.Sub(until)) + " ago"
		}
	case "ticket.layout":
		switch {
		case len(v.Bytes) < 32:
			d.Headline = "Too short for a ticket: " + report.Plural(len(v.Bytes), "octet", "octets")
		case len(v.Bytes) > longest:
			d.Headline = "Larger than servers take: " + report.Plural(len(v.Bytes), "octet", "octets")
		}
	case "ticket.state", "ticket.mac", "ticket.plaintext", "ticket.length-field":
	default:
		if rest, ok := strings.CutPrefix(d.Headline, "Opened: "); ok && v.Status != Opened {
			d.Headline = strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return d
}

// sealed is the headline of what stays closed.
func (v *View) sealed() string {
	switch {
	case v.Best() == stateful:
		return "A key of the server's table: there is nothing inside"
	case v.Given:
		return "Sealed: none of the keys given opens it"
	}
	return "Sealed: give the ticket key to look inside"
}

// opened is the headline where nothing is to be said against the ticket.
func (v *View) opened(c *check.Context) (headline, detail string) {
	if v.Best() == stateful {
		return v.sealed(), "32 octets are the key under which the server keeps the session in a table of its own."
	}
	if v.Status != Opened || v.State == nil {
		return "Sealed", ""
	}
	words := "session"
	if v.State.Protocol.OK {
		words = suite.Version(v.State.Protocol.Value) + " session"
	}
	if v.host != "" {
		words += " for " + v.host
	}
	if until, _, ok := v.expires(); ok && !c.At.IsZero() && until.After(c.At) {
		words += ", usable for another " + report.Length(until.Sub(c.At))
	}
	detail = "The MAC holds with " + v.with() + "."
	if k := v.Key; k != nil && k.File >= 0 && k.scheme == block && !k.h2o && !k.Said && !k.Letters && !strings.Contains(k.Program, "nginx") {
		detail += " Where nginx is given the same file, it reads the parts in another order, and does not open this ticket."
	}
	if s := v.State; s.Created.OK && !c.At.IsZero() {
		detail += " Issued " + report.Distance(s.Created.Value, c.At) + "."
	}
	return "Opened: " + words, detail
}

// summary is the few words that scripts ask for.
func (v *View) summary(c *check.Context, tree []report.Check) []report.Member {
	out := []report.Member{{Key: "readable", Value: readable(tree, "ticket.length-field", "ticket.extra-length", "ticket.plaintext").String()}}
	if l := v.layout(); l != nil {
		out = append(out, report.Member{Key: "format", Value: l.ID})
	}
	part := func(key string, ids ...string) {
		if s := check.Part(tree, ids...); s != report.NoStatus {
			out = append(out, report.Member{Key: key, Value: s.String()})
		}
	}
	part("mac", "ticket.mac")
	out = append(out, report.Member{Key: "opened", Value: v.Status == Opened})
	if name := v.octets(KeyName); name != nil {
		out = append(out, report.Member{Key: "keyName", Value: hex.EncodeToString(name)})
	}
	part("keyKnown", "ticket.key-name")
	part("strong", "ticket.weak-key", "ticket.nonce-reuse", "ticket.entropy", "ticket.protection")
	part("fresh", "ticket.issued", "ticket.expired")
	if s := v.State; s != nil {
		if s.Protocol.OK {
			out = append(out, report.Member{Key: "protocol", Value: suite.Version(s.Protocol.Value)})
		}
		if w := s.SecretKind.String(); w != "" {
			out = append(out, report.Member{Key: "secret", Value: w})
		}
		out = append(out, report.Member{Key: "clientCertificate", Value: v.Client != nil})
		if until, _, ok := v.expires(); ok {
			out = append(out, report.Member{Key: "expires", Value: until.UTC().Format("2006-01-02T15:04:05Z")})
		}
	}
	return out
}

// readable is the status of the structure: pass unless one of the checks objects.
func readable(tree []report.Check, ids ...string) report.Status {
	return max(report.Pass, check.Part(tree, ids...))
}

// windows is the line of the session's life.
func (v *View) windows(c *check.Context) []report.Window {
	until, at, ok := v.expires()
	if !ok || !v.State.Created.OK {
		return nil
	}
	return []report.Window{{Label: "ticket", Text: "can be used", From: v.State.Created.Value, To: until, At: v.there(at), Main: true}}
}

// wants says what would settle the open checks, and how to get it.
func wants(tree []report.Check) []report.Want {
	return check.Wants(tree, func(_ *report.Check, need string) (report.Want, bool) {
		w, ok := wanted[need]
		return w, ok
	})
}

var wanted = map[string]report.Want{
	"ticket-key": {Need: "ticket-key",
		Text: "The server's ticket key: the file that nginx names with ssl_session_ticket_key, Apache with SSLSessionTicketKeyFile, HAProxy with tls-ticket-keys; in Go what the program hands to SetSessionTicketKeys. Without such a setting the key is random and only in the server's memory",
		How:  "openssl base64 -A -in /etc/nginx/ticket.key"},
	"ticket": {Need: "ticket", Text: "A ticket that the server issued, to try the key on",
		How: "openssl s_client -connect HOST:443 -servername HOST </dev/null"},
	"key": {Need: "key", Text: "The key under which the server wraps the secret once more; NSS keeps it in its own database"},
}
