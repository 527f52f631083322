package edit

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"derscope/decode/der"
)

// place is an element, found by walking the octets, with the levels around it.
type place struct {
	der.Element
	around []Level // its own included
}

// walk lists the elements of b, those that fill strings of octets or bits
// included.
func walk(b []byte, off, end int, around []Level) []place {
	var all []place
	for off < end {
		e, err := der.Next(b, off, end)
		if err != nil {
			return all
		}
		levels := append(around[:len(around):len(around)], Level{Off: e.Off, Header: e.Header})
		all = append(all, place{e, levels})
		from := e.Content()
		if e.Tag == der.BitString {
			from++
		}
		if _, err := der.Count(b, from, e.Close()); len(around) < 30 && e.Len > 0 &&
			(e.Constructed || (e.Tag == der.OctetString || e.Tag == der.BitString && b[e.Content()] == 0) && err == nil) {
			all = append(all, walk(b, from, e.Close(), levels)...)
		}
		off = e.End()
	}
	return all
}

func octets(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestApply(t *testing.T) {
	for _, c := range []struct{ what, in, contents, with, want string }{
		{"a number grows", "30 03 02 01 05", "02 01 05", "0105", "30 04 02 02 01 05"},
		{"through a string of octets", "30 05 04 03 02 01 05", "02 01 05", "0105", "30 06 04 04 02 02 01 05"},
		{"through a string of bits", "03 04 00 02 01 05", "02 01 05", "0105", "03 05 00 02 02 01 05"},
		{"an indefinite length stays", "30 80 02 01 05 00 00", "02 01 05", "0105", "30 80 02 02 01 05 00 00"},
		{"a long length stays long", "30 82 00 03 02 01 05", "02 01 05", "0105", "30 82 00 04 02 02 01 05"},
		{"nothing is left", "30 03 02 01 05", "02 01 05", "", "30 02 02 00"},
		{"a tag of two octets", "3f 22 03 02 01 05", "02 01 05", "0105", "3f 22 04 02 02 01 05"},
	} {
		b, el := octets(t, c.in), octets(t, c.contents)
		for _, p := range walk(b, 0, len(b), nil) {
			if bytes.Equal(b[p.Off:p.End()], el) {
				got := Apply(b, []Change{{From: p.Content(), To: p.Close(), With: octets(t, c.with), Around: p.around}})
				if !bytes.Equal(got, octets(t, c.want)) {
					t.Errorf("%s: %x becomes %x, want %s", c.what, b, got, c.want)
				}
			}
		}
	}
	// 123 octets of contents grow beyond the short form of a length, twice.
	b := append(octets(t, "30 7f 30 7d 04 7b"), make([]byte, 123)...)
	got := Apply(b, []Change{{From: 6, To: 6, With: make([]byte, 10), Around: []Level{{Off: 0, Header: 2}, {Off: 2, Header: 2}, {Off: 4, Header: 2}}}})
	if want := octets(t, "30 81 8b 30 81 88 04 81 85"); !bytes.HasPrefix(got, want) {
		t.Errorf("longer lengths make %x, want %x", got[:9], want)
	}
	// A vector of TLS keeps the width of its length.
	got = Apply(octets(t, "04 05 00 03 61 62 63"), []Change{{From: 4, To: 7, With: []byte("abcdef"), Around: []Level{{Off: 0, Header: 2}, {2, 2, true}}}})
	if want := octets(t, "04 08 00 06 61 62 63 64 65 66"); !bytes.Equal(got, want) {
		t.Errorf("a vector becomes %x, want %x", got, want)
	}
}

// Changes are undone in any order, and meet where they touch the same place.
func TestMerge(t *testing.T) {
	b := octets(t, "30 0b 02 01 05 80 00 30 04 02 02 01 02")
	at := func(now []byte, el string) place {
		for _, p := range walk(now, 0, len(now), nil) {
			if bytes.Equal(now[p.Off:p.End()], octets(t, el)) {
				return p
			}
		}
		t.Fatalf("%x holds no %s", now, el)
		return place{}
	}
	var have []Change
	contents := func(el, with string) {
		now := Apply(b, have)
		p := at(now, el)
		have = Merge(b, have, Change{From: p.Content(), To: p.Close(), With: octets(t, with), Around: p.around, Path: fmt.Sprint(p.Off), Was: el, Is: with})
	}
	contents("02 01 05", "010203")
	contents("80 00", "ffff")
	contents("02 02 01 02", "09")
	if got := Apply(b, have); !bytes.Equal(got, octets(t, "30 0e 02 03 01 02 03 80 02 ff ff 30 03 02 01 09")) || len(have) != 3 {
		t.Fatalf("%d changes make %x", len(have), got)
	}
	undone := append(append([]Change{}, have[:1]...), have[2])
	if got := Apply(b, undone); !bytes.Equal(got, octets(t, "30 0c 02 03 01 02 03 80 00 30 03 02 01 09")) {
		t.Errorf("without the second: %x", got)
	}
	contents("80 02 ff ff", "") // as it was
	if len(have) != 2 {
		t.Errorf("what was restored leaves %d changes, want 2", len(have))
	}
	// A change around another takes it in.
	now := Apply(b, have)
	p := at(now, "30 03 02 01 09")
	have = Merge(b, have, Change{From: p.Off, To: p.End(), With: octets(t, "05 00"), Around: p.around[:1]})
	if got := Apply(b, have); !bytes.Equal(got, octets(t, "30 09 02 03 01 02 03 80 00 05 00")) || len(have) != 2 {
		t.Errorf("%d changes make %x", len(have), got)
	}
	if have[1].From != 7 || have[1].To != 13 {
		t.Errorf("the change takes octets %d to %d of the original, want 7 to 13", have[1].From, have[1].To)
	}
	// Deleted, and put back.
	contents("02 03 01 02 03", "")
	have = Merge(b, have, Change{From: 0, To: 11 - 3, With: b})
	if len(have) != 0 {
		t.Errorf("the whole as it was is %d changes", len(have))
	}
}

func FuzzApply(f *testing.F) {
	f.Add([]byte{0x30, 3, 2, 1, 5}, uint16(1), []byte{1, 2})
	f.Add([]byte{0x30, 0x80, 4, 5, 0x30, 3, 2, 1, 5, 0, 0}, uint16(3), make([]byte, 300))
	f.Add([]byte{0x30, 0x82, 0, 6, 3, 4, 0, 2, 1, 5}, uint16(2), []byte{})
	f.Fuzz(func(t *testing.T, b []byte, k uint16, with []byte) {
		if len(b) > 512 || len(with) > 512 {
			return
		}
		all := walk(b, 0, len(b), nil)
		if len(all) == 0 {
			return
		}
		p := all[int(k)%len(all)]
		same := Change{From: p.Content(), To: p.Close(), With: b[p.Content():p.Close()], Around: p.around}
		if got := Apply(b, []Change{same}); !bytes.Equal(got, b) {
			t.Fatalf("the same contents make %x of %x", got, b)
		}
		if have := Merge(b, nil, same); len(have) != 0 {
			t.Fatalf("the same contents are %d changes", len(have))
		}
		// In the place of the element stands a NULL of any contents.
		el := append([]byte{5, 0x82, byte(len(with) >> 8), byte(len(with))}, with...)
		around := p.around[:len(p.around)-1]
		changes := Merge(b, nil, Change{From: p.Off, To: p.End(), With: el, Around: around})
		got := Apply(b, changes)
		now, err := der.Next(got, p.Off+len(got)-len(b)-(len(el)-(p.End()-p.Off)), len(got))
		if err != nil || now.Tag != der.Null || now.Len != len(with) {
			t.Fatalf("the new element is read as %v (%v) in %x", now, err, got)
		}
		// Before it and around it everything is as it was.
		before, after := walk(b, 0, len(b), nil), walk(got, 0, len(got), nil)
		for i, q := range before {
			if q.Off >= p.Off {
				break
			}
			inside := len(q.around) <= len(around) && q.Off == around[len(q.around)-1].Off
			if !inside && i < len(after) && (after[i].Tag != q.Tag || after[i].Len != q.Len) {
				t.Fatalf("element %d was %v and is %v", i, q.Element, after[i].Element)
			}
			if i < len(after) && (after[i].Tag != q.Tag || after[i].Indefinite != q.Indefinite || len(after[i].around) != len(q.around)) {
				t.Fatalf("element %d was %v and is %v", i, q.Element, after[i].Element)
			}
		}
		// Back again.
		back := Merge(b, changes, Change{From: now.Off, To: now.Off + len(el), With: b[p.Off:p.End()], Around: mapped(after, now.Off)})
		if len(changes) > 0 && len(back) != 0 && bytes.Equal(Apply(b, back), b) {
			t.Fatalf("what was restored is %d changes", len(back))
		}
	})
}

func mapped(all []place, off int) []Level {
	for _, p := range all {
		if p.Off == off {
			return p.around[:len(p.around)-1]
		}
	}
	return nil
}
