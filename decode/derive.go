package decode

import (
	"fmt"

	"derscope/decode/check"
	"derscope/decode/report"
)

// derivations bounds the items whose values octets are made of: that costs
// signatures, and deciphering.
const derivations = 512

// derive makes items of the octets that values stand for, and of what those
// stand for in turn: a capture's streams, the tickets in them, their insides.
// Kinds that are Last come when all others are done, with what these made.
func (c *Case) derive() {
	left := derivations
	var last []int
	from := 0
	for ; from < len(c.items); from++ {
		if k := c.items[from].kind; k != nil && k.Last {
			last = append(last, from)
			continue
		}
		left = c.deriveOf(from, left)
	}
	for _, i := range last {
		left = c.deriveOf(i, left)
	}
	for ; from < len(c.items); from++ {
		left = c.deriveOf(from, left)
	}
}

// deriveOf makes items of the octets that the value of item i stands for, and
// says how many more may be taken so.
func (c *Case) deriveOf(i, left int) int {
	it := &c.items[i]
	if it.kind == nil || it.kind.Derive == nil || it.derived >= inside {
		return left
	}
	if left == 0 {
		it.Problems = append(it.Problems, report.Problem{At: report.None, Message: fmt.Sprintf(
			"what is inside is not listed: that is done for %d things, and this one comes later (limit Derivations)", derivations)})
		return left
	}
	made := it.kind.Derive(c.context(check.Context{}, &world{exhibits: c.exhibits}, i), c.exhibits[i].Value)
	place, level := c.items[i].Item, c.items[i].derived+1
	for _, d := range made {
		c.add(c.found(d, place, i, level))
	}
	return left - 1
}

// found is what was made of the octets of item i on its way to become an item.
func (c *Case) found(d check.Derived, place report.Item, i, level int) found {
	source := &c.tree.Sources[place.Source]
	from := d.From
	for k := range from {
		from[k].Source = place.Source
	}
	if from == nil {
		from = []report.Span{{Source: place.Source, Off: 0, Len: len(source.Bytes)}}
	}
	name := d.Name
	if name == "" {
		name = source.Name
	}
	return found{
		Candidate: check.Candidate{Bytes: d.Bytes, Hint: d.Hint, Given: d.Given},
		item:      report.Item{Input: place.Input, Off: place.Off, Len: place.Len, Armor: place.Armor, Carrier: i},
		source:    report.Source{Name: name, Bytes: d.Bytes, How: d.How, Secret: d.Secret || source.Secret, From: from},
		known:     true, level: 1, derived: level, http: d.HTTP,
	}
}
