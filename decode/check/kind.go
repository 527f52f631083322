package check

import (
	"derscope/decode/armor"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Candidate is a run of octets whose kind is looked for.
type Candidate struct {
	Bytes []byte
	Label string // PEM label or media type; "" if none
	Hint  string // the kind that the message around it says it is; "" if none
	Text  bool   // printed text rather than octets
	Given any    // see field.Reader.Given
	// Beside are the kinds of the other things that were found, where these
	// octets were not recognised without them.
	Beside []string
}

// Match says how well a candidate fits a kind.
type Match struct {
	Score int    // 0: not at all; 100: certain
	Why   string // for people: "SEQUENCE starting with ENUMERATED 0 and [0]"
}

// Finding is what judging an item gives.
type Finding struct {
	Title, Format string
	Checks        []report.Check
	Verdict       report.Verdict
	Summary       []report.Member
	Roles         []Link
	Windows       []report.Window
	Wants         []report.Want
	Pictures      []report.Picture
	Calls         []report.Call // of a conversation
}

// Link says that an item plays a role for the one being judged.
type Link struct {
	Item  int
	Role  string
	Entry int // see report.Role
}

// Info is what the catalogue tells of a rule.
type Info struct {
	ID, Title, Group, Profile string
	Refs                      spec.Refs
	Level                     Level
	Strict                    string // see Rule
}

// Kind is a sort of thing that can be found in the input.
type Kind struct {
	Name  string // of the report's contract: ocsp-response
	Title string // for people: OCSP response
	Spec  spec.Ref
	// Secret: its octets are never exported.
	Secret bool
	// Marks: of a secret kind, its reader marks the nodes that hold secrets, and
	// the values of the others are shown.
	Marks bool
	// Whole: an input that is said to be of this kind is not looked through for
	// armor; the kind's reader knows the forms that it is written in.
	Whole bool
	Match func(Candidate) Match
	// Most is the highest score that Match gives, where finding it out is work: it
	// is not asked where another kind fits better. 0: always ask.
	Most int
	// Read reads a whole source and answers with the typed value.
	Read func(*field.Reader) any
	// View is what can be said of the value with the other exhibits at hand but
	// without a time; it is made once for a set of exhibits.
	View func(*Context, any) any
	// Judge judges a view at a time.
	Judge func(*Context, any) Finding
	// Derive makes the octets that a value stands for, with the other exhibits
	// at hand: those behind printed text, inside a ticket that a key opens, in
	// the streams of a capture. They become items of their own, carried by this
	// one, and may be derived from in turn. Nil where a kind makes none.
	Derive func(*Context, any) []Derived
	// Last: its Derive comes behind that of other kinds, for what they make may
	// open it: a ticket the state that has the secret of a capture's connection.
	Last  bool
	Rules []Info
}

// Derived are octets that were made of a value.
type Derived struct {
	Bytes  []byte
	Hint   string      // the kind that they are
	Name   string      // of the source; "" for that of what they were made of
	How    string      // what they were made of: «printed text, rebuilt and proved by its signature»
	Secret bool        // never exported, as those of a secret source are not either
	Given  any         // see field.Reader.Given
	HTTP   *armor.HTTP // the message that carried them, or nil
	// From are the spans of the item's octets that they came from; nil: all.
	// Source is set by whoever takes them.
	From []report.Span
}

// Conversation is a sort of transaction that items are parts of: the messages
// of one connection, or of one enrolment.
type Conversation struct {
	Name string // of the report's contract: tls, cmp
	// Find tells the conversations apart, with the exhibits at hand but without a time.
	Find func(*Context) []Talk
	// Judge judges a view that Find gave at a time.
	Judge func(*Context, any) Finding
	Rules []Info
}

// Talk is one conversation that was found.
type Talk struct {
	Title string // for people: «TLS connection to www.example.org»
	Items []int  // in order
	View  any
}

// Of makes a kind of typed functions: match, read, view and judge need agree
// on T, the value, and V, its view.
func Of[T, V any](k Kind, read func(*field.Reader) T, view func(*Context, T) V, judge func(*Context, V) Finding) Kind {
	k.Read = func(r *field.Reader) any { return read(r) }
	k.View = func(c *Context, v any) any { return view(c, v.(T)) }
	k.Judge = func(c *Context, v any) Finding { return judge(c, v.(V)) }
	return k
}

// Catalogue lists rules for people and tests.
func Catalogue[V any](sets ...[]Rule[V]) []Info {
	var out []Info
	for _, set := range sets {
		for _, r := range set {
			out = append(out, Info{r.ID, r.Title, r.Group.ID, r.Profile, r.Refs, r.Level, r.Strict})
		}
	}
	return out
}
