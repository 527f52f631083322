// Package ask turns what people say into what the decoder is asked, and its
// answer into the octets that they get. The command says it by flags and the
// service by a query and a form; what a word means, and what is written for it,
// stands here, so that both answer alike.
//
//	var q ask.Question
//	q.Inputs = append(q.Inputs, decode.Input{Name: "staple.der", Bytes: b})
//	err := q.Say("profile", "br")
//	c, r := q.Answer(time.Now())
//	os.Stdout.Write(q.JSON(c, r))
//
// It reads no file, no environment and no clock: where the octets of an input
// and the time come from is the caller's matter.
package ask

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

// Question is what is to be looked at, and how.
type Question struct {
	Inputs  []decode.Input // what it is about
	Beside  []decode.Input // with what it is judged: certificates, secrets
	Options decode.Options
	Timed   bool     // the time was said; else it is that of the answer
	All     bool     // long lists, long values and what is not read in full
	Reveal  bool     // secrets, too
	Most    int      // octets of the answer; 0: no bound
	Room    []byte   // see report.JSONOptions
	Idle    []string // what was said that has no effect, and why
}

// The names that «profile» and «set» take.
var (
	profiles = []string{"br", "mozilla", "microsoft", "rfc9919", "lw", "3gpp", "openssl"}
	switches = []string{"unprotectedErrors", "disableConfirm", "implicitConfirm", "totalTimeout", "expectedSender", "ignoreKeyUsage", "permitTAInExtraCertsForIR", "work"}
)

// Evidence are the words for what stands beside, in the order of the help.
var Evidence = []string{"with", "subject", "issuer", "anchor", "responder", "signer", "old", "out-trusted", "secret", "ticket-key"}

// SecretKind is the kind of what a word of Evidence stands for, if that is a
// secret.
func SecretKind(word string) (kind string, secret bool) {
	switch word {
	case "secret":
		return "shared-secret", true
	case "ticket-key":
		return "ticket-key", true
	}
	return "", false
}

// Put adds octets under a word of Evidence. Those of a secret have its word for
// a name: that of a file may tell too much.
func (q *Question) Put(word, name string, octets []byte) {
	in := decode.Input{Name: name, Bytes: octets}
	if kind, secret := SecretKind(word); secret {
		in.Name, in.Kind, in.Secret = word, kind, true
	} else if word == "out-trusted" {
		in.Role = "outTrusted"
	} else if word != "with" {
		in.Role = word
	}
	q.Beside = append(q.Beside, in)
}

// Words are those that Say knows.
var Words = []string{"at", "nonce", "profile", "set"}

// Say takes one thing that is said of how to judge. Its errors do not quote the value.
func (q *Question) Say(word, value string) (err error) {
	switch word {
	case "at":
		q.Timed = true
		if q.Options.At, err = time.Parse(time.RFC3339, value); err != nil {
			return errors.New("not a time of RFC 3339, such as 2026-11-20T09:12:00Z")
		}
	case "nonce":
		// As people have it: 0x6a7f, 6A:7F, 6a 7f.
		plain := strings.NewReplacer(":", "", " ", "").Replace(strings.TrimPrefix(strings.ToLower(value), "0x"))
		if q.Options.Nonce, err = hex.DecodeString(plain); err != nil || len(q.Options.Nonce) == 0 {
			return errors.New("not hexadecimal, or empty")
		}
	case "profile":
		if !slices.Contains(profiles, value) {
			return errors.New("no such profile; there are " + strings.Join(profiles, ", "))
		}
		q.Options.Profiles = append(q.Options.Profiles, value)
	case "set":
		return q.turn(value)
	default:
		return errors.New("no such word")
	}
	return nil
}

// turn takes a switch, NAME=VALUE.
func (q *Question) turn(s string) error {
	name, value, ok := strings.Cut(s, "=")
	switch {
	case !ok:
		return errors.New("want NAME=VALUE")
	case !slices.Contains(switches, name):
		return errors.New("no such switch; there are " + strings.Join(switches, ", "))
	}
	if name == "implicitConfirm" {
		q.Idle = append(q.Idle, "-set implicitConfirm: it changes nothing, for the client goes by the answer, asked for or not")
		return nil
	}
	if q.Options.Set == nil {
		q.Options.Set = map[string]string{}
	}
	q.Options.Set[name] = value
	return nil
}

// Secret gives the octets of pass:TEXT and hex:DIGITS. Other sources it does
// not know, and says so; its errors do not quote what they are about.
func Secret(src string) (b []byte, known bool, err error) {
	kind, rest, _ := strings.Cut(src, ":")
	switch kind {
	case "pass":
		return []byte(rest), true, nil
	case "hex":
		if b, err = hex.DecodeString(rest); err != nil {
			return nil, true, errors.New("hex: is not followed by hexadecimal")
		}
		return b, true, nil
	}
	return nil, false, nil
}

// Answer reads and judges, at a time that counts if none was said.
func (q *Question) Answer(now time.Time) (*decode.Case, *report.Report) {
	o := q.Options
	if !q.Timed {
		o.At = now
	}
	c := decode.Load(slices.Concat(q.Inputs, q.Beside), decode.Limits{})
	return c, c.Report(o)
}

// open gives the elements of long lists, where all of them are wanted.
func (q *Question) open(c *decode.Case) func(report.Ref, int, int) []report.Node {
	if !q.All {
		return nil
	}
	return c.Open
}

// JSON is the report in JSON, or nil if it were longer than Most.
func (q *Question) JSON(c *decode.Case, r *report.Report) []byte {
	return r.JSON(report.JSONOptions{Reveal: q.Reveal, Open: q.open(c), Most: q.Most, Room: q.Room})
}

// Text is the report for people, or a part of it, or nil as of JSON.
func (q *Question) Text(c *decode.Case, r *report.Report, o report.TextOptions) []byte {
	o.Reveal, o.Open, o.Beside, o.Most = q.Reveal, q.open(c), q.All, q.Most
	o.Passed = o.Passed || q.All
	return r.Text(o)
}

// Markdown is what was found of each thing, for a ticket.
func (q *Question) Markdown(r *report.Report) []byte {
	var b []byte
	for i := range r.Items {
		if r.Items[i].Beside != report.BesideNothing && !q.All {
			continue
		}
		if len(b) > 0 {
			b = append(b, '\n')
		}
		b = append(b, r.Markdown(i)...)
	}
	return b
}
