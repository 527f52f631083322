package decode

import (
	"slices"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Cleared is an input, and why it must not leave the machine; "" if it may.
type Cleared struct {
	Input, Why string
}

// Cleared lists the inputs that were looked through, in the order they were
// given. An input with a secret inside stays as a whole: what stands around a
// secret may give it away. An input that is not listed was not looked at.
func (c *Case) Cleared() []Cleared {
	var all []Cleared
	for i := range c.items {
		it := &c.items[i]
		at := slices.IndexFunc(all, func(l Cleared) bool { return l.Input == it.Input })
		if at < 0 {
			at = len(all)
			all = append(all, Cleared{Input: it.Input})
		}
		if all[at].Why == "" {
			all[at].Why = c.secret(it)
		}
	}
	for at := range all { // text around pieces, such as Master-Key lines
		if all[at].Why == "" && slices.ContainsFunc(c.tree.Sources, func(s report.Source) bool { return s.Secret && s.Name == all[at].Input }) {
			all[at].Why = "it holds a secret"
		}
	}
	return all
}

// Shown gives the octets of a source, with zeros for those of secrets: what is
// looked for is not found there.
func (c *Case) Shown(source int) []byte {
	src := &c.tree.Sources[source]
	if src.Secret {
		return nil
	}
	b := src.Bytes
	for i, hidden := range report.Secrets(c.tree.Nodes, source) {
		if i == 0 {
			b = slices.Clone(b)
		}
		clear(b[hidden.Off:hidden.End()])
	}
	return b
}

// secret says what of an item must not be shown, or that some of it was not
// looked at.
func (c *Case) secret(it *item) string {
	source := &c.tree.Sources[it.Source]
	if source.Secret {
		return "it holds a secret: " + it.Title
	}
	for n := it.Root; n < it.End; n++ {
		if node := &c.tree.Nodes[n]; node.Flags&report.Secret != 0 || c.tree.Sources[node.Span.Source].Secret {
			return "it holds a secret: " + node.Label
		}
	}
	if cert.HoldsPrivateKey(source.Bytes) {
		return "it holds a private key"
	}
	for _, p := range it.Problems {
		if strings.Contains(p.Message, "limit ") {
			return "it is too large to be looked through for secrets"
		}
	}
	return ""
}

// secretAt says whether octets inside an item are secret: those of a secret
// source, but for what its nodes leave unmarked.
func (c *Case) secretAt(s report.Span) bool {
	switch source := &c.tree.Sources[s.Source]; {
	case source.Hides():
		return true
	case !source.Marked:
		return source.Secret
	}
	return slices.ContainsFunc(report.Secrets(c.tree.Nodes, s.Source), func(h report.Span) bool {
		return h.Off < s.End() && s.Off < h.End()
	})
}

// veil marks as secret what stands behind the first octets of an item that could
// not be read as what belongs there: they could be one of its secrets.
func (c *Case) veil(it *item, faults int) {
	first := report.Ref(len(c.tree.Nodes))
	for _, q := range c.tree.Faults[faults:] {
		if (q.Kind == field.BadElement || q.Kind == field.Unexpected || q.Kind == field.Trailing) && q.Ref != report.None {
			first = min(first, q.Ref)
		}
	}
	for n := it.Root; int(n) < len(c.tree.Nodes); n++ {
		if c.tree.Nodes[n].Flags&report.Raw != 0 || n >= first {
			first = min(first, n)
			c.tree.Nodes[n].Flags |= report.Secret
		}
	}
}

// veilUnopened marks as secret what was not opened for want of room: the key log
// in a recording, or what was said in a connection, could lie in it.
func (c *Case) veilUnopened(it *item) {
	for n := it.Root; int(n) < len(c.tree.Nodes); n++ {
		if c.tree.Nodes[n].Flags&report.Raw != 0 {
			c.tree.Nodes[n].Flags |= report.Secret
		}
	}
}
