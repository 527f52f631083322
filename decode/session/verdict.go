package session

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// speaking are the ids that can make the headline, in their order: the first
// that fails, else the first of waiting that is open, else the first that warns.
var speaking = []string{
	"session.structure", "session.dialect", "session.secret", "session.cipher", "session.protocol", "session.from-nst",
	"session.from-handshake", "session.lifetime", "session.resumable", "session.peer", "session.host", "session.id-hash",
	"session.extended-main-secret", "session.context", "tls.status.stored",
}

// waiting are the ids that speak while they are open.
var waiting = []string{"session.dialect"}

func judge(c *check.Context, v *View) check.Finding {
	tree := check.Judge(c, v, groups, structureRules, secretRules, timeRules, useRules, peerRules, belongRules)
	f := check.Finding{Title: v.title(), Format: v.Format, Checks: tree, Verdict: v.verdict(c, tree), Summary: v.summary(tree)}
	if v.Printed {
		f.Format = "openssl-text"
	}
	if end, _ := v.end(); v.Created.OK {
		w := report.Window{Label: "Session", Text: "from " + report.Clock(v.Created.Value), From: v.Created.Value, At: v.Created.Ref, Main: true}
		if !end.IsZero() {
			w.Text, w.To = "created → no longer resumable", end
		}
		f.Windows = append(f.Windows, w)
	}
	if v.Leaf != nil && v.Leaf.NotBefore.OK && v.Leaf.NotAfter.OK {
		f.Windows = append(f.Windows, report.Window{Label: "Certificate", Text: "its validity", From: v.Leaf.NotBefore.Value.Time, To: v.Leaf.NotAfter.Value.Time, At: v.Peer[0].Ref})
	}
	if v.LeafItem >= 0 && v.ClientSide != Unknown {
		f.Roles = append(f.Roles, check.Link{Item: v.LeafItem, Role: v.PeerIs()})
	}
	if row, ok := check.Find(tree, "session.from-handshake"); ok && row.Status == report.Open {
		f.Wants = append(f.Wants, report.Want{Need: "key-log", Text: "the key log of the connection", How: "openssl s_client -keylogfile keys.txt -connect HOST:443 -servername HOST"})
	}
	return f
}

// title is the session for people: «TLS 1.3 session with www.example.org».
func (v *View) title() string {
	t := v.versionName() + " session"
	if host := v.host(); host != "" {
		t += " with " + host
	}
	if v.Printed {
		t += ", printed"
	}
	return t
}

func (v *View) verdict(c *check.Context, tree []report.Check) report.Verdict {
	for _, step := range [...]struct {
		status report.Status
		ids    []string
	}{{report.Fail, speaking}, {report.Open, waiting}, {report.Warn, speaking}} {
		for i, id := range step.ids {
			if row, ok := check.Find(tree, id); ok && row.Status == step.status {
				return report.Verdict{Status: step.status, Headline: v.says(c, row), Detail: detail(tree, row, step.ids[i+1:])}
			}
		}
	}
	return report.Verdict{Status: report.Pass, Headline: v.claim()}
}

// detail is why, and which others speak as well.
func detail(tree []report.Check, row report.Check, ids []string) string {
	var also []string
	for _, id := range ids {
		if k, ok := check.Find(tree, id); ok && k.Status == row.Status && len(also) < 2 {
			also = append(also, id)
		}
	}
	if len(also) == 0 {
		return row.Why
	}
	return row.Why + " See also " + report.Enumerate(also) + "."
}

// claim is the headline while nothing is wrong.
func (v *View) claim() string {
	if end, _ := v.end(); !end.IsZero() {
		return v.title() + ", resumable until " + report.Clock(end)
	}
	return v.title()
}

// says is the headline of a check that fails, is open, or warns.
func (v *View) says(c *check.Context, row report.Check) string {
	fails := row.Status == report.Fail
	switch row.ID {
	case "session.structure":
		if fails {
			return "The session cannot be read to its end"
		}
		return v.claim() + ", in an odd form"
	case "session.dialect":
		if fails {
			if v.unkept {
				return "Not a session: BoringSSL's words for one that must not be resumed"
			}
			return "No program's session"
		}
		return v.claim()
	case "session.secret":
		return "Its secret cannot be right"
	case "session.cipher":
		if fails {
			return "Cannot be resumed: its cipher suite is not one of " + v.versionName()
		}
		return v.title() + " with a weak cipher suite"
	case "session.protocol":
		if fails {
			return "Cannot be resumed: no known version of TLS"
		}
		return "Of " + v.versionName() + ", which is no longer to be used"
	case "session.from-nst":
		return "Does not agree with the NewSessionTicket that its ticket came in"
	case "session.from-handshake":
		if fails {
			return "Does not come from the connection beside it"
		}
		return v.claim()
	case "session.lifetime":
		end, _ := v.end()
		switch {
		case fails && !end.IsZero() && c.At.After(end):
			return "Expired " + report.Distance(end, c.At)
		case fails:
			return "Was made after the time of evaluation"
		}
		return v.claim()
	case "session.resumable":
		if fails {
			return "Cannot be resumed: " + decapital(firstClause(row.Why))
		}
	case "session.peer":
		if fails {
			return "The certificate in it is not valid any more"
		}
		if v.VerifyResult.OK && v.VerifyResult.Value != 0 {
			return v.title() + ", whose certificate was not verified"
		}
	case "session.host":
		if fails {
			return "Certificate is not for " + v.Host.Value
		}
	case "session.id-hash":
		if fails {
			return "Cannot be resumed: its session id is too long"
		}
	case "session.extended-main-secret":
		return v.title() + ", without extended main secret"
	case "tls.status.stored":
		return v.title() + ", with an OCSP response that is too old"
	}
	return v.claim()
}

// firstClause is a sentence up to its first colon or full stop.
func firstClause(s string) string {
	for _, end := range [...]string{": ", ". "} {
		s, _, _ = strings.Cut(s, end)
	}
	return strings.TrimSuffix(s, ".")
}

// decapital makes a clause of a sentence, unless it begins with a name.
func decapital(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' && !strings.HasPrefix(s, "Botan") && !strings.HasPrefix(s, "Go ") && !strings.HasPrefix(s, "Mbed") {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func (v *View) summary(tree []report.Check) []report.Member {
	f := v.Format
	if v.Printed {
		f = "openssl-text"
	}
	all := []report.Member{{Key: "readable", Value: check.Part(tree, "session.structure", "session.dialect").String()}, {Key: "format", Value: f}}
	add := func(there bool, key string, value any) {
		if there {
			all = append(all, report.Member{Key: key, Value: value})
		}
	}
	add(v.Protocol.OK, "protocol", suite.Version(v.Protocol.Value))
	add(v.Cipher.OK, "cipher", suite.Name(v.Cipher.Value))
	add(len(v.Ticket.Value) > 0, "ticket", len(v.Ticket.Value))
	part := func(key string, ids ...string) {
		s := check.Part(tree, ids...)
		add(s != report.NoStatus, key, s.String())
	}
	part("resumable", "session.resumable")
	part("fresh", "session.lifetime")
	add(v.Host.OK, "host", v.Host.Value)
	add(v.ALPN.OK, "alpn", strings.ToValidUTF8(v.ALPN.Value, "\ufffd"))
	add(v.ExtendedMainSecret != Unknown && !v.TLS13(), "extendedMainSecret", v.ExtendedMainSecret == Yes)
	part("belongs", "session.from-nst", "session.from-handshake")
	end, _ := v.end()
	add(!end.IsZero(), "expires", end.UTC().Format("2006-01-02T15:04:05Z"))
	return all
}
