package report

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"derscope/decode/spec"
)

// Form is the number of the contract that JSON follows.
const Form = 1

// JSONOptions say how much of a report is written out.
type JSONOptions struct {
	// Reveal writes secrets out.
	Reveal bool
	// Open makes nodes of further elements of long lists, which are then
	// written in full; see decode.Case.Open. Nil: the first elements only.
	Open func(list Ref, from, n int) []Node
	// Most is how many octets the JSON may have; nested fields with long paths
	// make more than a hundred of one. 0: no bound.
	Most int
	// Room is where the JSON is written if it has the capacity: its octets are
	// overwritten.
	Room []byte
}

// JSON gives the report in the form that scripts read: keys in a fixed order,
// two spaces a level, one newline at the end. Of a report that is longer than
// its bound nothing is left: half of one is no JSON.
func (r *Report) JSON(o JSONOptions) []byte {
	w := &jsonWriter{r: r, o: o}
	// So much that most reports need no more; of the longest there may be no end.
	if n := min(960*len(r.Nodes), 4<<20); cap(o.Room) >= n {
		w.b = o.Room[:0]
	} else {
		w.b = make([]byte, 0, n)
	}
	w.open('{')
	w.key("schema")
	w.int(Form)
	w.key("at")
	if r.At.IsZero() {
		w.raw("null")
	} else {
		w.str(r.At.Format(time.RFC3339))
	}
	w.key("artifacts")
	w.open('[')
	found := r.found()
	for i := range found {
		w.artifact(i)
	}
	w.close(']')
	w.key("transactions")
	w.open('[')
	for i := range r.Items[found:] {
		w.transaction(found + i)
	}
	w.close(']')
	w.close('}')
	if w.full() {
		return nil
	}
	return append(w.b, '\n')
}

// jsonWriter writes JSON as json.Indent would lay it out. Reflection would do
// the same at ten times the time, which the page feels.
type jsonWriter struct {
	r     *Report
	o     JSONOptions
	b     []byte
	depth int
	empty bool // nothing stands yet in the innermost object or array
	keyed bool // a key was written: its value follows on the same line

	item  *Item
	path  []byte       // of the field that is written, escaped
	marks []Status     // of the item's fields, by the checks that name them first
	lists map[Ref]List // of the report; nil until it is needed
}

// full says that nothing more needs to be written, for it is too much already.
func (w *jsonWriter) full() bool { return w.o.Most > 0 && len(w.b) >= w.o.Most }

func (w *jsonWriter) raw(s string) {
	w.next()
	w.b = append(w.b, s...)
}

// next begins a value: behind its key, or on a line of its own in an array.
func (w *jsonWriter) next() {
	if w.keyed {
		w.keyed = false
		return
	}
	w.line()
}

func (w *jsonWriter) line() {
	switch {
	case w.depth == 0:
	case w.empty:
		w.empty = false
		w.indent(1)
	default:
		w.indent(0)
	}
}

// indent begins a line, behind a comma unless from is 1.
func (w *jsonWriter) indent(from int) {
	const line = ",\n                                                                                "
	n := 2 + 2*w.depth
	w.b = append(w.b, line[from:min(n, len(line))]...)
	for n -= len(line); n > 0; n-- {
		w.b = append(w.b, ' ')
	}
}

func (w *jsonWriter) open(c byte) {
	w.next()
	w.b = append(w.b, c)
	w.depth++
	w.empty = true
}

func (w *jsonWriter) close(c byte) {
	w.depth--
	if !w.empty {
		w.indent(1)
	}
	w.b = append(w.b, c)
	w.empty = false
}

func (w *jsonWriter) key(k string) {
	w.line()
	w.b = append(w.b, '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, "\": "...)
	w.keyed = true
}

func (w *jsonWriter) int(n int) { w.next(); w.b = strconv.AppendInt(w.b, int64(n), 10) }

func (w *jsonWriter) bool(v bool) { w.next(); w.b = strconv.AppendBool(w.b, v) }

// str writes one string, of several parts.
func (w *jsonWriter) str(parts ...string) {
	w.next()
	w.b = append(w.b, '"')
	for _, s := range parts {
		w.b = appendEscaped(w.b, s)
	}
	w.b = append(w.b, '"')
}

// AppendQuoted appends a string as JSON has it.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	b = appendEscaped(b, s)
	return append(b, '"')
}

// bare are the octets that stand in a JSON string as they are.
var bare = func() (is [256]bool) {
	for c := byte(0x20); c < 0x7f; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

func appendEscaped(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if bare[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			rune, n := utf8.DecodeRuneInString(s[i:])
			if rune == utf8.RuneError && n == 1 {
				b = append(b, s[start:i]...)
				b = append(b, "\ufffd"...)
				start = i + 1
			} else if !unicode.IsPrint(rune) { // JSON is read on terminals, too
				b = append(b, s[start:i]...)
				for _, u := range utf16.AppendRune(nil, rune) {
					b = append(b, '\\', 'u', digits[u>>12], digits[u>>8&15], digits[u>>4&15], digits[u&15])
				}
				start = i + n
			}
			i += n
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		default:
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
		i++
		start = i
	}
	return append(b, s[start:]...)
}

// cite writes a citation.
func (w *jsonWriter) cite(r spec.Ref) {
	doc, link, section := r.Parts()
	w.str(doc, link, section)
}

// text writes a member unless it is empty.
func (w *jsonWriter) text(key, s string) {
	if s != "" {
		w.key(key)
		w.str(s)
	}
}

// flag writes a member if it is true.
func (w *jsonWriter) flag(key string, v bool) {
	if v {
		w.key(key)
		w.bool(true)
	}
}

func (w *jsonWriter) number(key string, n int) {
	w.key(key)
	w.int(n)
}

// array writes a member that is always there, if only as [].
func array[T any](w *jsonWriter, key string, list []T, f func(*T)) {
	w.key(key)
	w.open('[')
	for i := range list {
		f(&list[i])
	}
	w.close(']')
}

// some writes a member unless the list is empty.
func some[T any](w *jsonWriter, key string, list []T, f func(*T)) {
	if len(list) > 0 {
		array(w, key, list, f)
	}
}

func (w *jsonWriter) one(s *string) { w.str(*s) }

// ID is the name of item i in the report, if it was found: a1, a2, …
func ID(i int) string { return "a" + strconv.Itoa(i+1) }

func (w *jsonWriter) artifact(i int) {
	it := &w.r.Items[i]
	w.item, w.marks = it, marks(it)
	source := &w.r.Sources[it.Source]
	w.open('{')
	w.key("id")
	w.str(ID(i))
	w.key("kind")
	w.str(it.Kind)
	w.text("format", it.Format)
	w.key("title")
	w.str(it.Title)
	w.number("size", len(source.Bytes))
	w.text("sha256", it.SHA256)
	w.key("source")
	w.open('{')
	w.key("name")
	w.str(it.Input)
	w.number("offset", it.Off)
	w.number("length", it.Len)
	array(w, "armor", it.Armor, w.one)
	if it.Carrier >= 0 {
		w.text("carrier", ID(it.Carrier))
	}
	w.close('}')
	array(w, "roles", it.Roles, func(p *Role) {
		w.open('{')
		w.key("role")
		w.str(p.Name)
		w.key("of")
		w.str(ID(p.Of))
		if p.Entry > 0 {
			w.number("entry", p.Entry-1)
		}
		w.close('}')
	})
	w.verdict(it)
	array(w, "checks", it.Checks, w.check)
	array(w, "clients", it.Clients, w.outcome)
	array(w, "servers", it.Servers, w.outcome)
	array(w, "callbacks", it.Callbacks, w.callback)
	w.key("summary")
	w.open('{')
	w.members(it.Summary)
	w.close('}')
	if it.Root < it.End {
		w.key("fields")
		w.fields(it)
	}
	array(w, "problems", it.Problems, func(p *Problem) {
		w.open('{')
		w.number("offset", p.Offset)
		if p.At != None {
			w.text("path", w.r.Path(p.At))
		}
		w.key("message")
		w.str(w.r.problem(it, p, w.o.Reveal))
		w.close('}')
	})
	w.close('}')
}

func (w *jsonWriter) verdict(it *Item) {
	w.key("verdict")
	w.open('{')
	w.key("status")
	w.str(it.Verdict.Status.String())
	w.key("headline")
	w.str(it.Verdict.Headline)
	w.text("detail", it.Verdict.Detail)
	w.close('}')
}

func (w *jsonWriter) members(list []Member) {
	for _, m := range list {
		w.key(m.Key)
		switch v := m.Value.(type) {
		case string:
			w.str(v)
		case bool:
			w.bool(v)
		case int:
			w.int(v)
		case []string:
			w.open('[')
			for i := range v {
				w.one(&v[i])
			}
			w.close(']')
		case []Member:
			w.object(v)
		case [][]Member:
			w.open('[')
			for _, one := range v {
				w.object(one)
			}
			w.close(']')
		}
	}
}

func (w *jsonWriter) object(list []Member) {
	w.open('{')
	w.members(list)
	w.close('}')
}

func (w *jsonWriter) check(k *Check) {
	w.open('{')
	w.key("id")
	w.str(k.ID)
	w.key("title")
	w.str(k.Title)
	w.key("status")
	w.str(k.Status.String())
	w.flag("note", k.Note)
	w.text("why", k.Why)
	if k.Refs != "" {
		w.key("refs")
		w.open('[')
		for rest := k.Refs; rest != ""; {
			var one spec.Ref
			one, rest = rest.Cut()
			w.cite(one)
		}
		w.close(']')
	}
	some(w, "fields", k.At, func(p *Ref) { w.str(w.r.Path(*p)) })
	some(w, "needs", k.Needs, w.one)
	w.flag("advice", k.Advice)
	w.text("profile", k.Profile)
	some(w, "children", k.Children, w.check)
	w.close('}')
}

func (w *jsonWriter) outcome(o *Outcome) {
	w.open('{')
	w.key("client")
	w.str(o.Client)
	w.key("version")
	w.str(o.Version)
	w.text("way", o.Way)
	w.key("outcome")
	w.str(o.Outcome)
	w.key("reason")
	w.str(o.Reason)
	w.text("why", o.Why)
	some(w, "rules", o.Rules, w.one)
	w.text("show", o.Show)
	w.close('}')
}

func (w *jsonWriter) callback(c *Callback) {
	w.open('{')
	w.key("callback")
	w.str(c.Callback)
	w.key("side")
	w.str(c.Side)
	w.key("protocol")
	w.str(c.Protocol)
	w.key("called")
	w.bool(c.Called)
	w.text("sees", c.Sees)
	array(w, "returns", c.Returns, func(v *Return) {
		w.open('{')
		w.text("status", v.Status)
		w.key("value")
		w.str(v.Value)
		w.key("outcome")
		w.str(v.Outcome)
		w.flag("default", v.Default)
		w.flag("advised", v.Advised)
		w.flag("seen", v.Seen)
		w.close('}')
	})
	w.text("why", c.Why)
	w.close('}')
}

// marks are the statuses of fields: the worst of the checks that name the field
// first, as a group folds them.
func marks(it *Item) []Status {
	m := make([]Status, max(it.End-it.Root, 0))
	rank := [...]int{NoStatus: 0, Pass: 1, Open: 2, Warn: 3, Fail: 4}
	var walk func([]Check)
	walk = func(rows []Check) {
		for i := range rows {
			k := &rows[i]
			walk(k.Children)
			if len(k.At) == 0 || k.At[0] < it.Root || k.At[0] >= it.End {
				continue
			}
			if m := &m[k.At[0]-it.Root]; rank[k.Status] > rank[*m] {
				*m = k.Status
			}
		}
	}
	walk(it.Checks)
	return m
}

// hidden says whether a node's value stays out of what is exported.
func (r *Report) hidden(n *Node) bool {
	return n.Flags&Secret != 0 || r.Sources[n.Span.Source].Hides()
}

// problem is a problem's message; of a secret item it may quote the secret.
func (r *Report) problem(it *Item, p *Problem, reveal bool) string {
	if !reveal && p.At != None && (r.Sources[it.Source].Hides() || r.hidden(&r.Nodes[p.At])) {
		return "something is wrong here: the words are shown with the secret"
	}
	return p.Message
}
