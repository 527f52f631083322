package ticket

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// exhibits reads a ticket and a key file as decode would.
func exhibits(ticket, keys []byte) (*field.Tree, *check.Context) {
	tree := field.NewTree(field.Limits{})
	rt := tree.Reader(tree.Add(report.Source{Bytes: ticket}))
	t := read(rt)
	rt.Rest("trailing")
	rk := tree.Reader(tree.Add(report.Source{Bytes: keys, Secret: true, Marked: true}))
	k := readKeys(rk)
	rk.Rest("trailing")
	return tree, &check.Context{Exhibits: []check.Exhibit{
		{Item: 0, Kind: "session-ticket", Value: t, Carrier: -1, Source: ticket},
		{Item: 1, Kind: "ticket-key", Value: k, Carrier: -1, Source: keys},
	}}
}

// Whatever the octets are, each is shown once, all rules have an answer, and
// nothing is called opened whose MAC does not hold: with one octet of it
// changed it stays closed. No secret is in the words.
func FuzzTicket(f *testing.F) {
	for _, s := range sealedTickets(f) {
		f.Add(s.ticket, s.file)
	}
	f.Add([]byte("NSS!"), []byte("- name: 00\n  cipher: AES-256-CBC\n  key: zz\n"))
	f.Add(noiseOf("x", 32), noiseOf("y", 144))
	f.Fuzz(func(t *testing.T, ticket, keys []byte) {
		if len(ticket) > 2048 || len(keys) > 2048 {
			return
		}
		tree, c := exhibits(ticket, keys)
		if len(ticket) > 0 && len(keys) > 0 {
			if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
				t.Fatal(err)
			}
		}
		v := look(c, c.Exhibits[0].Value.(*Ticket))
		found := judge(c, v)
		c.Self = 1
		file := judgeKeys(c, lookKeys(c, c.Exhibits[1].Value.(*KeyFile)))
		quiet(t, v, found, file)
		if !v.Proved() {
			return
		}
		mac, ok := partOf(v.Opening.Parts, MAC)
		if !ok || mac.End() > len(ticket) {
			t.Fatalf("opened without a MAC: %s", v.Opening.Layout.ID)
		}
		if o := Open(flipped(ticket, mac.Off), Keys(c)); o.Proved() && v.Key.File >= 0 {
			t.Errorf("%s opens with another MAC", o.Layout.ID)
		}
	})
}

// quiet holds the words that people see against the secrets behind them.
func quiet(t *testing.T, v *View, all ...check.Finding) {
	var secrets []string
	for _, b := range [][]byte{v.keyOf(false), v.keyOf(true), v.Plain} {
		if len(b) >= 16 && patternOf(b[:16]).Words == "" {
			secrets = append(secrets, string(b[:16]), hex.EncodeToString(b[:16]))
		}
	}
	var words strings.Builder
	var walk func(rows []report.Check)
	walk = func(rows []report.Check) {
		for _, k := range rows {
			words.WriteString(k.Why + "\n")
			walk(k.Children)
		}
	}
	for _, f := range all {
		walk(f.Checks)
		words.WriteString(f.Verdict.Headline + f.Verdict.Detail)
		for _, p := range f.Pictures {
			for _, s := range p.Shapes {
				words.WriteString(s.Text + s.Hint)
			}
		}
	}
	name := hex.EncodeToString(v.octets(KeyName))
	for _, s := range secrets {
		if strings.Contains(words.String(), s) && !strings.Contains(name, s) && !bytes.Contains(v.Bytes, []byte(s)) {
			t.Errorf("a secret is in the words: %x", s)
		}
	}
}

func (v *View) keyOf(mac bool) []byte {
	switch {
	case v.Key == nil:
		return nil
	case mac:
		return v.Key.MACKey
	}
	return v.Key.CipherKey
}
