package decode

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"testing"
	"time"

	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

func only(t *testing.T, r *report.Report) *report.Item {
	t.Helper()
	if len(r.Items) != 1 {
		t.Fatalf("%d things are found, want 1", len(r.Items))
	}
	return &r.Items[0]
}

func TestUnknown(t *testing.T) {
	for what, in := range map[string][]byte{
		"text": []byte("hello"), "octets": {0xff, 0xfe, 0x00}, "an element and more": {0x42, 1, 0, 0xff, 0xfe, 0xfd},
	} {
		it := only(t, Load([]Input{{Name: "paste", Bytes: in}}, Limits{}).Report(Options{}))
		if it.Kind != "unknown" || it.Verdict.Status != report.Open || it.Len != len(in) || it.End-it.Root != 1 {
			t.Errorf("%s: %+v", what, it)
		}
	}
}

func TestASN1OfNoKnownKind(t *testing.T) {
	in := []byte{0x30, 6, 2, 1, 5, 1, 1, 0xff}
	c := Load([]Input{{Name: "paste", Bytes: in}}, Limits{})
	r := c.Report(Options{})
	if it := only(t, r); it.Kind != "asn1" || r.Nodes[1].Value != "5" || r.Nodes[2].Value != "TRUE" {
		t.Errorf("%+v %+v", it, r.Nodes)
	}
}

func TestNothing(t *testing.T) {
	if r := Load(nil, Limits{}).Report(Options{}); len(r.Items) != 0 {
		t.Errorf("of no input: %+v", r.Items)
	}
	for title, in := range map[string]Input{
		"Empty input": {Name: "empty"}, "Nothing but white space": {Name: "blank", Bytes: []byte(" \n\t")},
	} {
		it := only(t, Load([]Input{in}, Limits{}).Report(Options{}))
		if it.Kind != "unknown" || it.Title != title || it.Input != in.Name || it.Verdict.Status != report.Open {
			t.Errorf("%q: %+v", in.Bytes, it)
		}
	}
}

// Each limit that is reached is a problem that names it.
func TestLimits(t *testing.T) {
	seq := func(b ...byte) []byte { return append([]byte{0x30, byte(len(b))}, b...) }
	numbers := seq(bytes.Repeat([]byte{2, 1, 5}, 40)...)
	deep := []byte{5, 0}
	for range 40 {
		deep = seq(deep...)
	}
	pem := "-----BEGIN X-----\nMAMCAQU=\n-----END X-----\n"
	for what, c := range map[string]struct {
		in     []byte
		limits Limits
		says   string
	}{
		"Bytes":  {numbers, Limits{Bytes: 100}, "limit Bytes"},
		"Nodes":  {seq(append(seq(2, 1, 5), seq(2, 1, 6)...)...), Limits{Nodes: 2}, "2 fields"},
		"Depth":  {deep, Limits{Depth: 10}, "10 deep"},
		"Pieces": {[]byte(strings.Repeat(pem, 9)), Limits{Pieces: 4}, "4 "},
	} {
		r := Load([]Input{{Name: "paste", Bytes: c.in}}, c.limits).Report(Options{})
		var all []string
		for i := range r.Items {
			for _, p := range r.Items[i].Problems {
				all = append(all, p.Message)
			}
		}
		if !strings.Contains(strings.Join(all, "\n"), c.says) {
			t.Errorf("limit %s: no problem names it: %q", what, all)
		}
	}
}

// A large input opens, within time and memory that it pays for.
func TestLargeInputOpens(t *testing.T) {
	if testing.Short() {
		t.Skip("60 MB take a while")
	}
	const size = 60 << 20
	in := make([]byte, 0, size+8)
	in = append(in, 0x30, 0x84, size>>24, size>>16&0xff, size>>8&0xff, size&0xff)
	in = append(in, bytes.Repeat([]byte{4, 2, 1, 2}, size/4)...)
	r := Load([]Input{{Name: "large", Bytes: in}}, Limits{}).Report(Options{})
	it := only(t, r)
	if it.Kind != "asn1" || len(r.Lists) != 1 || r.Lists[0].Count != size/4 {
		t.Errorf("%+v %+v", it, r.Lists)
	}
}

func TestSecretInputs(t *testing.T) {
	r := Load([]Input{{Name: "s", Bytes: []byte{4, 1, 0xaa}, Secret: true}}, Limits{}).Report(Options{})
	it := only(t, r)
	if it.SHA256 != "" || !r.Sources[it.Source].Secret {
		t.Errorf("a secret is exported: %+v", it)
	}
}

// A private key is not shown where a label calls it something else, nor where
// it stands inside something that is not known.
func TestPrivateKeysAreNotShown(t *testing.T) {
	seed := bytes.Repeat([]byte{0xa7}, 32)
	key := append([]byte{0x30, 46, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 34, 4, 32}, seed...)
	sum := sha256.Sum256(key)
	for what, in := range map[string][]byte{
		"a label":   pem.EncodeToMemory(&pem.Block{Type: "OCSP RESPONSE", Bytes: key}),
		"alone":     key,
		"buried":    append([]byte{0x30, 48}, key...),
		"in octets": append([]byte{4, 48}, key...),
	} {
		r := Load([]Input{{Name: "x", Bytes: in}}, Limits{}).Report(Options{})
		for form, out := range map[string][]byte{"JSON": r.JSON(report.JSONOptions{}), "text": r.Text(report.TextOptions{})} {
			for _, secret := range [][]byte{seed[:8], sum[:]} {
				if bytes.Contains(out, []byte(hex.EncodeToString(secret))) {
					t.Errorf("%s: the %s shows %x", what, form, secret)
				}
			}
		}
	}
}

// Property: whatever is pasted, nothing panics; the pieces of the report lie
// within their sources, and cover them; twice the same input gives the same
// report; and its binary form holds it. What costs more than reading does is
// tried on every eighth input, what programs do with it included.
//
// Inputs are long, and finding the shortest one that still is interesting takes
// a minute each: run it with -fuzzminimizetime=1x.
func FuzzLoad(f *testing.F) {
	for i, v := range vectors(f) {
		first, last := v.inputs[0].Bytes, v.inputs[len(v.inputs)-1].Bytes
		if i%8 == 0 {
			f.Add(first, last)
		}
		if p, _ := pem.Decode(first); p != nil && i%4 == 0 { // octets: a change in base64 seldom leaves any
			if q, _ := pem.Decode(last); q != nil {
				f.Add(p.Bytes, q.Bytes)
			}
		}
	}
	at := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		in := []Input{{Name: "a", Bytes: a}, {Name: "b", Bytes: b}}
		limits := Limits{Nodes: 20_000, Pieces: 64}
		options := Options{At: at, Profiles: []string{"br", "mozilla", "microsoft", "rfc9919"}}
		all := (len(a)+len(b))%8 == 0
		if !all {
			options.Clients = []string{}
		}
		c := Load(in, limits)
		r := c.Report(options)
		if err := tiling.Check(r.Sources, r.Nodes); err != nil {
			t.Fatal(err)
		}
		r.Text(report.TextOptions{})
		if !all {
			return
		}
		j := r.JSON(report.JSONOptions{Open: c.Open})
		if !bytes.Equal(j, Load(in, limits).Report(options).JSON(report.JSONOptions{Open: c.Open})) {
			t.Fatal("the same input gives two reports")
		}
		travels(t, r)
		looks(t, c, r)
	})
}

// looks tries what the page asks of a case besides reports, on the first and
// the last item. Nothing of it changes what was read.
func looks(t *testing.T, c *Case, r *report.Report) {
	if len(r.Items) == 0 {
		return
	}
	last := len(r.Items) - 1
	for _, pair := range [][2]int{{0, last}, {last, 0}, {0, 0}} {
		rows, left := c.Compare(pair[0], pair[1])
		again, _ := c.Compare(pair[0], pair[1])
		if len(rows) > mostRows || !slices.Equal(rows, again) {
			t.Fatalf("items %v compared: %d rows, and then %d", pair, len(rows), len(again))
		}
		for _, row := range rows {
			if pair[0] == pair[1] && row.Sign != Same || left > 0 && len(rows) == 0 {
				t.Fatalf("an item differs from itself: %+v", row)
			}
		}
	}
	for _, i := range []int{0, last} {
		for k, turn := range c.Turns(i, Options{}) {
			if k > 0 && turn.At.IsZero() {
				t.Fatalf("item %d turns at no time: %+v", i, turn)
			}
		}
	}
	if n := len(r.Nodes); n > 0 {
		of := r.Octets(r.Nodes[n/2].Span)
		for _, what := range []string{"0", "SEQUENCE", "1.3.6.1", r.Nodes[n/2].Label, hex.EncodeToString(of[:min(len(of), 9)])} {
			found := c.Find(what, 0, report.Ref(n), Start(), 100)
			for _, p := range found.Places {
				if p.Node < 0 || int(p.Node) >= n || c.hidden(&r.Nodes[p.Node]) {
					t.Fatalf("%q is found at %v of %d nodes, or in a secret", what, p, n)
				}
			}
		}
	}
	for _, l := range r.Lists {
		found, looked := c.Filter(l.Node, "0", l.Shown, 500)
		if looked > 500 || len(found) > looked || !slices.IsSorted(found) {
			t.Fatalf("%d of %d elements pass a filter", len(found), looked)
		}
		if k := c.At(l.Node, l.Rest.Off); k != l.Shown && l.Shown < l.Count {
			t.Fatalf("the first element that is no node is %d, want %d", k, l.Shown)
		}
	}
}
