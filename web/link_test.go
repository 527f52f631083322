package web

import (
	"bytes"
	"crypto/sha256"
	"reflect"
	"testing"
	"time"

	"derscope/decode/report"
)

var links = map[string]*link{
	"nothing": {},
	"all": {
		Evidence: []linked{
			{Evidence{Name: "paste", Bytes: []byte("-----BEGIN…")}, true},
			{Evidence{Name: "issuer.pem", Role: "issuer", Bytes: []byte{0x30, 0, 0xff}}, false},
			{Evidence{Name: "a copy", Bytes: []byte{0}, Kind: "certificate", Instead: "00ff"}, false},
		},
		At:       time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC),
		Profiles: []string{"br", "mozilla"}, Set: []Setting{{"expectedSender", "CN=mock"}, {"work", "10000000"}},
		Nonce: []byte{0, 255},
		Roles: []Said{{"00ff", "anchor"}, {"11", ""}},
		Item:  piece{"00112233445566778899aabbccddeeff", 2}, Shown: piece{"ff", 0},
		Picked: true, Sel: 12, Element: 4000, Tab: tabASN1,
	},
	"in the year 10000": {At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Sel: 1},
}

func TestLinkKeepsEverything(t *testing.T) {
	for name, l := range links {
		got, err := unpackLink(l.pack())
		if err != nil || !reflect.DeepEqual(got, l) {
			t.Errorf("%s: %+v becomes %+v, %v", name, l, got, err)
		}
	}
}

// A new field of what is shared has to find its way into the link.
func TestLinkKnowsTheState(t *testing.T) {
	for _, c := range []struct {
		v    any
		want []string
	}{
		{Evidence{}, []string{"Name", "Bytes", "Role", "Secret", "Kind", "Instead"}},
		{Ask{}, []string{"At", "Profiles", "Nonce", "Roles", "Set", "Before"}},
	} {
		var names []string
		for f := range reflect.TypeOf(c.v).Fields() {
			names = append(names, f.Name)
		}
		if !reflect.DeepEqual(names, c.want) {
			t.Errorf("%T has the fields %v; links carry %v: see link.go and share.go", c.v, names, c.want)
		}
	}
}

func TestLinkDamaged(t *testing.T) {
	whole := links["all"].pack()
	for n := range whole {
		if _, err := unpackLink(whole[:n]); err == nil {
			t.Errorf("the first %d of %d octets pass for a whole link", n, len(whole))
		}
		bad := bytes.Clone(whole)
		bad[n] ^= 1
		if _, err := unpackLink(bad); err == nil {
			t.Errorf("a link whose octet %d was changed passes for a whole one", n)
		}
	}
}

// A link comes from anywhere: reading one takes no more room than it has, and
// what is read is what a page would have written.
func FuzzLink(f *testing.F) {
	for _, l := range links {
		f.Add(l.pack()[sumLength:])
	}
	f.Add([]byte{255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := sha256.Sum256(b)
		l, err := unpackLink(append(sum[:sumLength:sumLength], b...))
		if err != nil {
			return
		}
		if n := len(l.Evidence) + len(l.Profiles) + len(l.Roles); n > len(b) {
			t.Errorf("%d octets give %d things", len(b), n)
		}
		again, err := unpackLink(l.pack())
		if err != nil || !reflect.DeepEqual(again, l) {
			t.Errorf("%+v becomes %+v, %v", l, again, err)
		}
		r := &report.Report{Items: []report.Item{{SHA256: "00112233445566778899aabbccddeeff00"}, {}}}
		if i := l.Item.in(r); i < -1 || i >= len(r.Items) {
			t.Errorf("%+v is item %d of %d", l.Item, i, len(r.Items))
		}
	})
}

// An item is found again by its octets, also beside others that have them.
func TestPiece(t *testing.T) {
	a, b := "aa112233445566778899aabbccddeeff00", "bb112233445566778899aabbccddeeff00"
	r := &report.Report{Items: []report.Item{{SHA256: a}, {SHA256: b}, {}, {SHA256: a}}}
	for i, want := range []int{0, 1, -1, 3} {
		if got := pieceOf(r, i).in(r); got != want {
			t.Errorf("item %d is found at %d, want %d", i, got, want)
		}
	}
	fewer := &report.Report{Items: r.Items[1:]}
	if got := pieceOf(r, 3).in(fewer); got != -1 {
		t.Errorf("the second of two is found at %d where there is one", got)
	}
}
