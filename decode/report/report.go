// Package report is what derscope finds: the data that the page draws, the
// command prints and the goldens hold. It judges nothing and reads nothing.
//
//	os.Stdout.Write(r.Text(report.TextOptions{}))
//
// A [Report] is a list of [Item], one for each thing found in what was pasted,
// and one flat table of [Node], in pre-order: the fields of all items, each
// with the octets it was read from. An item's status tree is a list of
// [Check]; checks point at nodes by [Ref].
//
// # Why a flat table
//
// The page shows a window of rows, selects one, and looks for the row of an
// octet: all of these are index work on a slice, and the table crosses from
// the Web Worker to the page as a few kilobytes (wire.go). People get the
// nested form with names and paths (json.go, text.go). Words that several
// packages need, for times, lengths and numbers of things, are in words.go.
package report

import (
	"strings"
	"time"

	"derscope/decode/spec"
)

// Ref is an index into Report.Nodes, or None.
type Ref int32

// None points at no node.
const None Ref = -1

// Span is a run of octets of a source.
type Span struct {
	Source   int // index into Report.Sources
	Off, Len int // octets
}

// End is the offset of the first octet after the span.
func (s Span) End() int { return s.Off + s.Len }

// Source is a run of octets that nodes point into.
type Source struct {
	Name   string // "response.pem", "paste", "ticket, opened"
	Bytes  []byte
	From   []Span // where the octets came from; nil for what was pasted
	How    string // "base64", "joined segments"; "" for what was pasted
	Secret bool   // never exported
	// Marked: its nodes mark what is secret in it. The octets stay as they are kept,
	// and the values of its other nodes are shown.
	Marked bool
}

// Hides says that no value of the source may be shown.
func (s *Source) Hides() bool { return s.Secret && !s.Marked }

// Flags say what sort of node it is.
type Flags uint8

const (
	Leaf    Flags = 1 << iota // its contents hold no further nodes
	Faulty                    // a fault stands here; Note says which
	Raw                       // octets that could not be read as what belongs here
	Secret                    // never shown unless revealed
	Default                   // the value is the DEFAULT of the ASN.1, and was sent
	Long                      // a list of which only the first elements are nodes; see Report.Lists
	Wrapper                   // it only carries what is inside: paths leave its name out
	More                      // stands for the elements of a Long list that are no nodes
)

// Node is one field: an element, or a part of one.
type Node struct {
	Label  string // the RFC's name: thisUpdate
	Type   string // ASN.1 or TLS presentation type: GeneralizedTime
	Value  string // for people: 2026-11-15 12:00:00 UTC
	Note   string // what is odd about it
	Spec   spec.Ref
	Parent Ref
	Span   Span // the whole element, tag and length included
	Header int  // octets of tag and length
	Flags  Flags
}

// Content is the span of the node's contents. Of an indefinite length it
// includes the end-of-contents octets.
func (n *Node) Content() Span {
	return Span{n.Span.Source, n.Span.Off + n.Header, n.Span.Len - n.Header}
}

// List is a node of flag Long: of Count elements Shown are nodes, and the
// others lie in Rest.
type List struct {
	Node         Ref
	Count, Shown int
	Rest         Span
}

// Status is the outcome of a check. The order is that of the fold of a
// verdict: pass < warn < open < fail.
type Status uint8

const (
	NoStatus Status = iota // does not apply
	Pass
	Warn
	Open // cannot be decided with what was given
	Fail
)

var statusNames = [...]string{"", "pass", "warn", "open", "fail"}

func (s Status) String() string { return statusNames[s] }

// Check is one row of the status tree: a check, or a group of them.
type Check struct {
	ID, Title string
	Status    Status
	Note      bool   // a pass with a remark
	Why       string // of this instance, with both values
	Refs      spec.Refs
	At        []Ref    // the fields it looked at, the most telling first
	Needs     []string // what would settle it, if Status is Open
	Advice    bool     // does not count for the verdict
	Profile   string   // the profile it belongs to, "" for always
	Children  []Check  // of a group
}

// Verdict is the answer in one sentence.
type Verdict struct {
	Status   Status
	Headline string
	Detail   string
}

// Role is what one item is to another.
type Role struct {
	Name string // subject, issuer, responder, anchor, request, signer
	Of   int    // index of the item that it serves
	// Entry is the place in that item, such as that of the certificate that a staple
	// stands beside, counted from 1; 0: it has none.
	Entry int
}

// Outcome is what one program does with an item. Servers have the same shape,
// with the server in Client.
type Outcome struct {
	Client, Version string
	Way             string // of a server: "file", "fetched", "pushed"
	Outcome         string // accept, reject, soft-fail, open; of a server: loads, refused, served anyway, open
	Reason          string // in the program's own words
	Why             string // the cause behind it, in ours
	Rules           []string
	Show            string // a command or call that shows it
}

// Callback is what an application's callback meets and decides.
type Callback struct {
	Callback, Side, Protocol string
	Called                   bool
	Sees                     string
	Returns                  []Return
	Why                      string
}

// Return is one value that a callback can return, and what comes of it.
type Return struct {
	Status           string // what the callback is told when this holds: NO_DECRYPT; "" for whatever it is told
	Value, Outcome   string
	Default, Advised bool
	Seen             bool // what was found fits this
}

// Problem is what stopped or bent decoding.
type Problem struct {
	At      Ref // node, or None if it lies outside any
	Offset  int // octets into the item's source
	Message string
}

// Member is one word of an item's summary: a key with a string, bool or int, a
// list of strings, further members, or a list of such.
type Member struct {
	Key   string
	Value any // string, bool, int, []string, []Member or [][]Member
}

// Window is a line in the picture of validities. A moment has From == To; a
// zero To is open-ended.
type Window struct {
	Label    string
	Text     string // written on the line
	From, To time.Time
	At       Ref
	Main     bool // the item's own status, drawn first and in colour
}

// Beside says what an item is that is not read and stands beside others that
// are: they are many where a conversation was pasted for one message of it.
type Beside uint8

const (
	BesideNothing Beside = iota // it is one of the things in question
	BesideText
	BesideOctets
	BesideTLS
	BesidePrinted
)

// Item is one thing found in what was pasted.
type Item struct {
	Kind, Format, Title string
	Why                 string // why it was taken for this kind
	Beside              Beside
	Source              int    // index into Report.Sources: its own octets
	SHA256              string // hex; "" of secrets
	Input               string // name of the input it was in
	Off, Len            int    // where it lay in that input, octets of the outermost form
	Armor               []string
	Carrier             int // item that it was carried in, or -1
	Root, End           Ref // its nodes are Nodes[Root:End]
	Roles               []Role
	Verdict             Verdict
	Checks              []Check // groups, in rank order
	Clients, Servers    []Outcome
	Callbacks           []Callback
	Summary             []Member
	Problems            []Problem
	Windows             []Window
	Wants               []Want
	Pictures            []Picture
	// Members are the items that a transaction consists of, in order. An item
	// with members was not found but put together: it has no octets and no
	// nodes, and stands behind all that were found.
	Members []int
	Calls   []Call // what an application's calls give for a transaction
}

// Call is what a program's call answers when its peer behaves as a transaction
// shows: SSL_connect, OSSL_CMP_exec_certreq.
type Call struct {
	Call, Version, Returns string
	Reason                 string   // in the program's own words
	Next                   string   // what to do now
	Errors                 []string // by name, innermost first
	Members                []Member // further words of the report's contract
	Callbacks              []Answer // of an application, on the way
}

// Answer is what a callback was told in a transaction, and must have returned.
type Answer struct {
	Callback, Side string   // session_ticket, status, client_cert; client, server
	Called         Status   // Pass: it was; Fail: it was not; Open: it cannot be seen
	Status         string   // SUCCESS_RENEW, octets:471, -1
	Returns        []string // all that fit
	Rows           []string // what was measured and fits
}

// Want is evidence that would settle an open check.
type Want struct {
	Need string // issuer, subject, nonce: the words of the report's contract
	Text string // what it is, for people: "the certificate of CN=R3"
	How  string // how to get it: a command
}

// Report is everything that was found, at one moment.
type Report struct {
	At      time.Time // UTC, whole seconds
	Items   []Item
	Sources []Source
	Nodes   []Node
	Lists   []List
}

// ItemOf gives the index of the item that a node belongs to, or -1.
func (r *Report) ItemOf(n Ref) int {
	for i := range r.Items {
		if it := &r.Items[i]; n >= it.Root && n < it.End {
			return i
		}
	}
	return -1
}

// Path is the names from the top of the item joined by "/", without those of
// wrappers: basicResponse/tbsResponseData/producedAt.
func (r *Report) Path(n Ref) string {
	var room [256]byte
	return string(r.appendPath(room[:0], n))
}

func (r *Report) appendPath(b []byte, n Ref) []byte {
	node := &r.Nodes[n]
	for up := node.Parent; up != None; up = r.Nodes[up].Parent {
		if r.Nodes[up].Flags&Wrapper == 0 {
			b = append(r.appendPath(b, up), '/')
			break
		}
	}
	return append(b, node.Label...)
}

// TextKey says which text explains a field: that of the longest end of its path
// which has one, without the places in lists and the tags of wrappers, or that of
// its type. Of a/b[2]/c the ends are a/b/c, b/c and c; a type's key is "type INTEGER", and that of a
// tag without a name "type [n]", whatever its number. A field that no text
// explains has no key.
func TextKey(path, typ string, has func(key string) bool) string {
	var b strings.Builder
	for rest, more := path, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, "[")
		b.WriteString(strings.TrimSuffix(part, " "))
		_, rest, _ = strings.Cut(rest, "]")
	}
	for end, more := b.String(), true; more; _, end, more = strings.Cut(end, "/") {
		if has(end) {
			return end
		}
	}
	if tag, form, ok := strings.Cut(typ, "]"); ok && strings.HasPrefix(tag, "[") {
		typ = "[n]" + form
	}
	if key := "type " + typ; has(key) {
		return key
	}
	return ""
}

// Secrets are the octets of a source that nodes hold and keep secret.
func Secrets(nodes []Node, source int) []Span {
	var all []Span
	for i := range nodes {
		if n := &nodes[i]; n.Flags&Secret != 0 && n.Span.Source == source {
			all = append(all, n.Content())
		}
	}
	return all
}

// Octets are the octets of a span.
func (r *Report) Octets(s Span) []byte {
	return r.Sources[s.Source].Bytes[s.Off:s.End()]
}
