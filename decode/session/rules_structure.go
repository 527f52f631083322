package session

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/suite"
)

var structureRules = []rule{{
	ID: "session.structure", Group: readableGroup, Level: check.Must, Refs: "ssl/ssl_asn1.c; RFC 5077 §4",
	Title: "Every part can be read, and stands where it belongs",
	Judge: func(c *check.Context, v *View) check.Outcome {
		for _, f := range c.Faults {
			if f.Kind <= field.Trailing || f.Kind == field.Value {
				return check.Broken(f.Ref, "%s. A program that loads the session refuses it.", sentence(f.Message))
			}
		}
		switch {
		case len(v.order) > 0:
			return check.Broken(v.order[0], "The numbered parts do not stand in rising order, or one stands there twice: OpenSSL reads each once, in order, and refuses what is left over.")
		case v.Printed && !(v.Protocol.OK && v.Cipher.OK && v.Secret.OK):
			return check.Broken(v.Ref, "The text lacks %s. Paste the block from «SSL-Session:» to its end.", report.Enumerate(v.missing()))
		case len(v.strays) > 0:
			return check.Doubtful(v.strays[0], "%s not printed by OpenSSL in a session; what it holds is not shown.", report.Plural(len(v.strays), "line is", "lines are"))
		case len(v.zeros) > 0:
			return check.Doubtful(v.zeros[0], "A number that is zero stands there, and OpenSSL leaves such out: another program wrote this.")
		case len(c.Faults) > 0:
			return check.Doubtful(c.Faults[0].Ref, "%s: programs that want DER refuse it.", sentence(c.Faults[0].Message))
		}
		return check.Holds(v.Ref, "")
	},
}, {
	ID: "session.dialect", Group: readableGroup, Level: check.Must, Refs: "ssl/ssl_asn1.c; ssl/ssl_asn1.cc",
	Title: "One program's format fits",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case v.Format == "":
			return check.Broken(v.Ref, "%s.", sentence(v.Wrong))
		case v.Wrong != "" && v.Format == OpenSSL && len(c.Faults) > 0:
			return check.Skip() // session.structure says why
		case v.Wrong != "":
			return check.Broken(v.Ref, "It begins as a session of %s does, and the rest does not follow: %s.", programs[v.Format], v.Wrong)
		case len(v.Fits) > 0:
			names := []string{programs[v.Format]}
			for _, f := range v.Fits {
				names = append(names, programs[f])
			}
			return check.Needs("earlier", v.Ref, "%s write these parts alike, and nothing in it tells them apart. What it says is the same for all of them; another session of the same program may tell.", report.Enumerate(names))
		}
		return check.Holds(v.Ref, "%s.", v.written())
	},
}, {
	ID: "session.protocol", Group: readableGroup, Level: check.Must, Refs: "RFC 8996 §4; RFC 8996 §5",
	Title: "The protocol version is one that is in use",
	Judge: func(c *check.Context, v *View) check.Outcome {
		p := v.Protocol
		switch {
		case p.Ref == report.None && !p.OK:
			return check.Skip()
		case !p.OK || !known(p.Value):
			return check.Broken(p.Ref, "%s is no version of TLS: no connection can be resumed in it.", suite.Version(p.Value))
		case p.Value < 0x0303 || p.Value == 0xfeff:
			return check.Doubtful(p.Ref, "%s is no longer to be used; a session can only be resumed in the version in which it was made. Make a new one with TLS 1.2 or later.", suite.Version(p.Value))
		}
		return check.Holds(p.Ref, "%s.", suite.Version(p.Value))
	},
}, {
	ID: "session.cipher", Group: readableGroup, Level: check.Must, Refs: "RFC 9846 §B.4; RFC 9325 §4.1",
	Title: "The cipher suite is one of the protocol, and is strong",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch {
		case !v.Cipher.OK && (v.Format == GnuTLS || v.Wrong != ""):
			return check.Skip() // it may name the hash alone
		case !v.Cipher.OK:
			return check.Broken(v.Cipher.Ref, "The cipher suite is not a number of two octets.")
		case !v.SuiteOK:
			return check.Broken(v.Cipher.Ref, "0x%04x is no registered cipher suite: a program that does not know it refuses the session.", v.Cipher.Value)
		case v.Protocol.OK && v.Suite.TLS13 != v.TLS13():
			return check.Broken(v.Cipher.Ref, "%s is not a suite of %s: the session cannot be resumed.", v.Suite.Name, suite.Version(v.Protocol.Value))
		case v.Suite.Weak != "":
			return check.Doubtful(v.Cipher.Ref, "%s must not be used any more: %s. Whoever resumes this session uses it again.", v.Suite.Name, v.Suite.Weak)
		case !v.Suite.TLS13 && !v.Suite.ForwardSecret:
			return check.Doubtful(v.Cipher.Ref, "%s has no forward secrecy: the server's key alone opens the connection.", v.Suite.Name)
		}
		return check.Holds(v.Cipher.Ref, "%s.", v.Suite.Name)
	},
}}

// missing lists the main parts that printed text lacks.
func (s *Session) missing() (list []string) {
	for _, p := range [...]struct {
		there bool
		name  string
	}{{s.Protocol.OK, "the protocol"}, {s.Cipher.OK, "the cipher suite"}, {s.Secret.OK, "the secret"}} {
		if !p.there {
			list = append(list, p.name)
		}
	}
	return list
}

// written says which releases write such a session.
func (s *Session) written() string {
	name := programs[s.Format]
	number := func(release string) string { return release[strings.LastIndexByte(release, ' ')+1:] }
	switch {
	case s.Oldest != "" && s.Oldest == s.Newest:
		return "Written by " + name + " " + number(s.Oldest)
	case s.Oldest != "" && s.Newest != "":
		return "Written by " + name + " " + number(s.Oldest) + " to " + number(s.Newest)
	case s.Oldest != "":
		return "Written by " + name + " " + number(s.Oldest) + " or later"
	case s.Newest != "":
		return "Written by " + name + " " + number(s.Newest) + " or earlier"
	}
	return "Written by " + name
}

// sentence begins a text with a capital letter.
func sentence(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
