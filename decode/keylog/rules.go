package keylog

import (
	"bytes"
	"fmt"
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// The headings of the status tree, in rank order.
var (
	groupLines   = &check.Group{ID: "keylog.line", Title: "Lines"}
	groupMatches = &check.Group{ID: "keylog.match", Title: "Matches"}

	groups = []*check.Group{groupLines, groupMatches}
)

// headline is what the verdict says for the row that speaks.
func (v *View) headline(row report.Check) string {
	switch row.ID {
	case "keylog.line":
		for _, k := range v.Lines {
			if k.Faulty != "" {
				return fmt.Sprintf("Line %d is damaged", k.Number)
			}
		}
		for _, k := range v.Lines {
			if k.Unusual != "" {
				return fmt.Sprintf("Line %d is unusual", k.Number)
			}
		}
		return "The file begins with a byte order mark"
	case "keylog.conflict":
		return "Two secrets for the same thing: files were mixed"
	case "keylog.opens":
		return "The client random fits, the secret does not"
	case "keylog.match":
		if row.Status == report.Open {
			switch {
			case v.Hellos == 0 && v.connections() == 0:
				return "No secret of a connection that is here"
			case v.Hellos == 0:
				return "Secrets of " + report.Plural(v.connections(), "connection", "connections") + "; give the recording"
			}
			return "None of these lines belongs to what is here"
		}
		return "Lines of another protocol version than the connection"
	case "keylog.complete":
		return "Secrets are missing: not all of it can be read"
	}
	return row.Title
}

var lineRules = []check.Rule[*View]{{
	ID: "keylog.line", Group: groupLines, Level: check.Must, Refs: "RFC 9850 §2; RFC 9850 §2.1; RFC 9850 §2.2; RFC 9850 §2.3",
	Title: "Each line is a label, a client random and a secret",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var faulty, odd, first, strange = 0, 0, -1, -1
		for i, k := range v.Lines {
			switch {
			case k.Faulty != "":
				if faulty++; first < 0 {
					first = i
				}
			case k.Unusual != "" && !(k.Older && c.Exhibits[c.Self].Carrier >= 0):
				if odd++; strange < 0 {
					strange = i
				}
			}
		}
		switch {
		case len(v.Lines) == 0:
			return check.Broken(v.Ref, "No line holds a secret: there are comments and empty lines only.")
		case faulty > 0:
			k := v.Lines[first]
			return check.Broken(k.Ref, "Line %d: %s. %s of %s cannot be used.", k.Number, k.Faulty,
				report.Plural(faulty, "line", "lines"), report.Plural(len(v.Lines), "line", "lines"))
		case odd > 0:
			k := v.Lines[strange]
			return check.Doubtful(k.Ref, "Line %d: %s.", k.Number, k.Unusual)
		case v.BOM:
			return check.Doubtful(v.Ref, "A byte order mark (ef bb bf) stands in front of the first line; programs may not find its label behind it.")
		}
		return check.Holds(v.Lines[0].Ref, "%s, all of them in form.", report.Plural(len(v.Lines), "line", "lines"))
	},
}, {
	ID: "keylog.conflict", Group: groupLines, Level: check.Must, Refs: "RFC 9850 §2",
	Title: "No two lines give different secrets for the same thing",
	Judge: func(c *check.Context, v *View) check.Outcome {
		first, repeats, again := map[string]int{}, 0, -1
		for i, k := range v.Lines {
			if k.Random == nil || k.Secret == nil {
				continue
			}
			key := k.Label + " " + string(k.Random)
			was, ok := first[key]
			switch {
			case !ok:
				first[key] = i
			case !bytes.Equal(v.Lines[was].Secret, k.Secret):
				return check.Broken(k.Ref, "Lines %d and %d have the label %s and the same client random, and two different secrets: one of them is of another run.",
					v.Lines[was].Number, k.Number, k.Label).And(v.Lines[was].Ref)
			default:
				if repeats++; again < 0 {
					again = i
				}
			}
		}
		if repeats > 0 {
			return check.Note(v.Lines[again].Ref, "%s what another line says, such as line %d. That does no harm.",
				map[bool]string{true: "One line repeats", false: fmt.Sprintf("%d lines repeat", repeats)}[repeats == 1], v.Lines[again].Number)
		}
		return check.Holds(v.Ref, "")
	},
}, {
	ID: "keylog.live", Group: groupLines, Level: check.Advice, Refs: "RFC 9850 §1.1; RFC 9850 §3",
	Title: "The file is as secret as what was said in its connections",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if n := v.connections(); n == 0 && v.usable() {
			return check.Note(v.Ref, "Whoever has this secret reads the connections of its session. It stays in this browser, and is not shown unless you reveal it.")
		} else if n > 0 {
			return check.Note(v.Ref, "Whoever has this file and a recording reads %s. It stays in this browser, and the secrets are not shown unless you reveal them.",
				report.Plural(n, "connection", "connections"))
		}
		return check.Holds(v.Ref, "No line holds a secret that could be used.")
	},
}}

var matchRules = []check.Rule[*View]{{
	ID: "keylog.match", Group: groupMatches, Level: check.Should, Refs: "RFC 9850 §2; RFC 9850 §2.1",
	Title: "The lines belong to the connections that are here",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.Matched) == 0 {
			ech := ""
			for _, k := range v.Lines {
				if strings.HasPrefix(k.Label, "ECH_") {
					ech = " With Encrypted ClientHello the lines carry the client random of the inner hello, which cannot be seen from outside."
				}
			}
			if v.Hellos == 0 {
				return check.Needs("capture", v.Ref, "There is no ClientHello here to compare the client randoms with. Add the recording.%s", ech)
			}
			return check.Needs("capture", v.Ref, "%s here, and no line has the client random of one. Recording and log are of different runs.%s",
				map[bool]string{true: "One ClientHello is", false: fmt.Sprintf("%d ClientHellos are", v.Hellos)}[v.Hellos == 1], ech)
		}
		lines := 0
		for _, m := range v.Matched {
			lines += len(m.Lines)
			if m.Other != "" {
				return check.Doubtful(v.Lines[m.Lines[0]].Ref, "The label %s is not of %s, which the connection with this client random speaks.", m.Other, suite.Version(m.Version))
			}
		}
		return check.Holds(v.Lines[v.Matched[0].Lines[0]].Ref, "%s %s %s.", report.Plural(lines, "line", "lines"),
			map[bool]string{true: "fits", false: "fit"}[lines == 1], report.Plural(len(v.Matched), "connection", "connections"))
	},
}, {
	ID: "keylog.complete", Group: groupMatches, Level: check.May, Refs: "RFC 9850 §2.1; RFC 9846 §7.2",
	Title: "The log has the secrets of everything that is to be read",
	Judge: func(c *check.Context, v *View) check.Outcome {
		for _, m := range v.Matched {
			if len(m.Missing) > 0 {
				return check.Needs("key-log", v.Lines[m.Lines[0]].Ref, "A connection of %s has no line with the label %s: that part of it stays closed.",
					suite.Version(m.Version), strings.Join(m.Missing, ", "))
			}
		}
		if len(v.Matched) == 0 {
			return check.Skip()
		}
		return check.Holds(v.Lines[v.Matched[0].Lines[0]].Ref, "Secrets after a KeyUpdate follow from those with number 0.")
	},
}, {
	ID: "keylog.opens", Group: groupMatches, Level: check.Must, Refs: "RFC 9846 §4.5.3; RFC 9846 §5.2",
	Title: "The secrets open what they belong to",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var worst, best check.Outcome
		for _, m := range v.Matched {
			at := v.Lines[m.Lines[0]].Ref
			switch {
			case m.Failed > 0:
				worst = check.Broken(at, "The Finished message of a connection with this client random is not what the secret makes it. The line is of the right connection, and its secret is not.")
			case m.Opened || m.Proved > 0:
				best = check.Holds(at, "%s.", opened(m))
			case m.Closed && len(m.Missing) == 0:
				worst = check.Broken(at, "No record of the connection with this client random opens: the tags do not fit. The line is of the right connection, and its secret is not.")
			}
		}
		if worst.Applies() {
			return worst
		}
		return best
	},
}, {
	ID: "keylog.session", Group: groupMatches, Level: check.Advice, Refs: "RFC 9850 §2.2",
	Title: "The log holds the main secret of the saved session",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.Sessions) == 0 {
			return check.Skip()
		}
		k := v.Lines[v.Sessions[0].Line]
		if v.Sessions[0].Ticket {
			return check.Note(k.Ref, "The secret in line %d is the main secret of the session. Its ticket cannot be opened with it, but the connections that it is resumed in can be read.", k.Number)
		}
		return check.Holds(k.Ref, "The secret in line %d is the main secret of the session: both open the same connections.", k.Number)
	},
}}

// usable says that a line holds a secret.
func (l *Log) usable() bool {
	for _, k := range l.Lines {
		if k.Secret != nil {
			return true
		}
	}
	return false
}

// opened says what was opened or proved.
func opened(m Belongs) string {
	switch {
	case m.Opened && m.Proved > 0:
		return "Records open with them, and " + report.Plural(m.Proved, "Finished message verifies", "Finished messages verify")
	case m.Opened:
		return "Records open with them"
	}
	return report.Plural(m.Proved, "Finished message verifies", "Finished messages verify") + " with them"
}
