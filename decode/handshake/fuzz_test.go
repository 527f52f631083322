package handshake_test

import (
	"testing"

	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
	"derscope/testdata/talk"
)

// FuzzRead: whatever the octets, and whatever is said of them, each is shown
// once, the nodes are bounded, messages are what stands in the source, and the
// lookups and the picture hold.
func FuzzRead(f *testing.F) {
	for _, s := range spoken() {
		f.Add(s.Records(), byte(0), byte(0))
		f.Add(s.Stream(talk.Server), byte(0), byte(7))
		f.Add(s.Messages(talk.Server), byte(1), byte(3))
		f.Add(talk.Split(s.Records(), 50), byte(2), byte(9))
		f.Add(s.Message("Certificate", 0), byte(4), byte(0))
		f.Add(s.Message("NewSessionTicket", 0), byte(5), byte(0))
	}
	f.Add([]byte{0x16, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 14, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, byte(0), byte(0))
	f.Fuzz(func(t *testing.T, b []byte, form, cut byte) {
		h, tree := bounded(t, b, parts(b, form, cut))
		h.Title()
		handshake.Ladder(h, nil)
		for i := range h.Events {
			e := &h.Events[i]
			if e.Ref < 0 || int(e.Ref) >= len(tree.Nodes) {
				t.Fatalf("event %d (%s) has the node %d of %d", i, e.Name(), e.Ref, len(tree.Nodes))
			}
		}
		if c := h.ClientHello(); c != nil {
			if o := c.Offer(); o != nil && o.Tail > len(h.EventOf(c).Raw) {
				t.Fatalf("the binders take %d octets of %d", o.Tail, len(h.EventOf(c).Raw))
			}
		}
		tree = field.NewTree(field.Limits{Nodes: 2000})
		r := tree.Reader(tree.Add(report.Source{Bytes: b}))
		handshake.ReadTicket(r)
		if !r.Empty() {
			r.Rest("trailing")
		}
		if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
			t.Fatal(err)
		}
	})
}

// parts says something of octets that depends on the numbers alone.
func parts(b []byte, form, cut byte) any {
	if form == 0 {
		return nil
	}
	x := &handshake.Transcript{Version: map[byte]uint16{1: 0x0304, 2: 0x0303, 3: 0x0301}[form%4]}
	size := 1 + 16*int(cut)
	for at := 0; at < len(b); at += size {
		i := len(x.Parts)
		x.Parts = append(x.Parts, handshake.Part{Off: at, Len: min(size, len(b)-at), From: handshake.Side(i % 3), Form: handshake.Form(form) % (handshake.Header + 1),
			Protected: i%5 == 1, Closed: i%7 == 2, Gap: i%6 == 3, Record: -1})
	}
	return x
}

func bounded(t *testing.T, b []byte, given any) (*handshake.Handshake, *field.Tree) {
	tree := field.NewTree(field.Limits{Nodes: 2000, List: 100})
	r := tree.ReaderWith(tree.Add(report.Source{Bytes: b}), given)
	h := handshake.Read(r)
	if !r.Empty() {
		r.Rest("trailing")
	}
	if err := tiling.Check(tree.Sources, tree.Nodes); err != nil {
		t.Fatal(err)
	}
	if n := len(tree.Nodes); n > 40_000+len(b) {
		t.Fatalf("%d nodes of %d octets", n, len(b))
	}
	for ref := range tree.Lists {
		l := tree.Lists[ref]
		for _, from := range []int{0, l.Shown, l.Count - 1} {
			if nodes := tree.Open(l.Node, from, 3); len(nodes) == 0 {
				t.Fatalf("element %d of %d cannot be opened", from, l.Count)
			}
		}
	}
	return h, tree
}

// BenchmarkRead reads a handshake with a staple, a client certificate and a ticket.
func BenchmarkRead(b *testing.B) {
	octets := spoken()["1.2 full"].Records()
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		tree := field.NewTree(field.Limits{})
		handshake.Read(tree.Reader(tree.Add(report.Source{Bytes: octets})))
	}
}

// BenchmarkLong reads 16 MB of records of application data.
func BenchmarkLong(b *testing.B) {
	octets := spoken()["1.2 full"].Records()
	one := append([]byte{23, 3, 3, 0x40, 0}, make([]byte, 0x4000)...)
	for range 1024 {
		octets = append(octets, one...)
	}
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		tree := field.NewTree(field.Limits{})
		handshake.Read(tree.Reader(tree.Add(report.Source{Bytes: octets})))
	}
}
