package decode

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// derivations bounds the values that octets are made of: that costs signatures.
const derivations = 16

// derive makes items of the octets that values stand for.
func (c *Case) derive() {
	left := derivations
	for i := range len(c.items) {
		it := &c.items[i]
		if it.kind == nil || it.kind.Derive == nil || left == 0 {
			continue
		}
		left--
		d := it.kind.Derive(c.context(check.Context{}, &world{exhibits: c.exhibits}, i), c.exhibits[i].Value)
		if d == nil {
			continue
		}
		place := c.items[i].Item
		source := &c.tree.Sources[place.Source]
		c.add(found{
			Candidate: check.Candidate{Bytes: d.Bytes, Hint: d.Hint},
			item:      report.Item{Input: place.Input, Off: place.Off, Len: place.Len, Armor: place.Armor, Carrier: i},
			source: report.Source{Name: source.Name, Bytes: d.Bytes, How: d.How, Secret: source.Secret,
				From: []report.Span{{Source: place.Source, Off: 0, Len: len(source.Bytes)}}},
			known: true, level: 1,
		})
	}
}
