package cmp

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
)

// swapped is a list of elements with the tag of the one at index n replacing the
// tag of what is inside, where it wrapped it.
func swapped(t *testing.T, b []byte, n int) (list []byte, was der.Tag) {
	t.Helper()
	for i, off := 0, 0; off < len(b); i++ {
		e, err := der.Next(b, off, len(b))
		if err != nil {
			t.Fatal(err)
		}
		whole := b[off:e.End()]
		if i == n {
			in, err := der.Next(b, e.Content(), e.Close())
			if err != nil {
				t.Fatal(err)
			}
			was = in.Tag
			content := der.Wrap(der.OctetString, b[in.Content():in.Close()])
			content[0] = 0x80 | byte(e.Tag.Number)
			if in.Constructed {
				content[0] |= 0x20
			}
			whole = content
		}
		list = append(list, whole...)
		off = e.End()
	}
	return list, was
}

// tags are the places of the context tags in a list that are above a place.
func tags(b []byte, from int) (places []int) {
	for i, off := 0, 0; off < len(b); i++ {
		e, err := der.Next(b, off, len(b))
		if err != nil {
			return nil
		}
		if e.Tag.Class == der.Context && i >= from {
			places = append(places, i)
		}
		off = e.End()
	}
	return places
}

// In every message of the vectors that is in order, each tag of the header and of
// the message that wraps a value can replace that value's own tag: it is read as
// before, with one fault.
func TestTagging(t *testing.T) {
	done, of := 0, map[string]int{}
	for _, b := range vectors(t) {
		m, tree := read(t, b, field.Limits{})
		if !m.OK || len(tree.Faults) > 0 || slices.Contains(m.ExtraCerts.List, nil) {
			continue // of certificates in other formats nothing tells how they are tagged
		}
		outer, _ := der.Next(b, 0, len(b))
		header, _ := der.Next(b, outer.Content(), outer.Close())
		in, rest := b[header.Content():header.Close()], b[header.End():outer.Close()]
		try := func(what string, message []byte) {
			what = m.Body.Name() + "/" + what
			if of[what]++; of[what] > 8 {
				return
			}
			t.Run(fmt.Sprintf("%s/%d", what, done), func(t *testing.T) {
				n, tree := read(t, message, field.Limits{})
				found := 0
				for _, f := range tree.Faults {
					if f.Kind == field.Tagging {
						found++
					} else {
						t.Errorf("%s", f.Message)
					}
				}
				if found != 1 || !n.OK {
					t.Fatalf("%d faults of tags; read to its end: %v", found, n.OK)
				}
				same(t, m, n)
			})
			done++
		}
		for _, i := range tags(in, 3) {
			list, was := swapped(t, in, i)
			try("header "+was.String(), der.Wrap(der.Sequence, der.Wrap(der.Sequence, list), rest))
		}
		for _, i := range tags(rest, 0) {
			list, was := swapped(t, rest, i)
			if i == 0 && bodyShapes[m.Body.Type] == "" { // a CHOICE
				continue
			}
			if i == 0 && (was == der.Sequence && len(m.Body.Raw) < 8 || (was == der.Null) != (m.Body.Type == PKIConf)) {
				continue // an empty list has nothing to tell by, and what does not belong here neither
			}
			try(fmt.Sprintf("part %d", i), der.Wrap(der.Sequence, b[header.Off:header.End()], list))
		}
	}
	if done < 300 {
		t.Errorf("%d tags were tried: too few to show anything", done)
	}
}

// same compares what was read of two messages.
func same(t *testing.T, m, n *Message) {
	t.Helper()
	for _, f := range []struct {
		label string
		a, b  field.Field[[]byte]
	}{
		{"senderKID", m.Header.SenderKID, n.Header.SenderKID}, {"transactionID", m.Header.TransactionID, n.Header.TransactionID},
		{"senderNonce", m.Header.SenderNonce, n.Header.SenderNonce}, {"recipNonce", m.Header.RecipNonce, n.Header.RecipNonce},
	} {
		if f.a.OK != f.b.OK || !bytes.Equal(f.a.Value, f.b.Value) {
			t.Errorf("%s was %x and is %x", f.label, f.a.Value, f.b.Value)
		}
	}
	if !m.Header.MessageTime.Value.Equal(n.Header.MessageTime.Value.Time) {
		t.Errorf("messageTime was %v and is %v", m.Header.MessageTime.Value, n.Header.MessageTime.Value)
	}
	if a, b := m.Header.Algorithm, n.Header.Algorithm; (a == nil) != (b == nil) || a != nil && (a.ID != b.ID || a.Method != b.Method) {
		t.Error("protectionAlg differs")
	}
	if a, b := len(m.Header.GeneralInfo.List), len(n.Header.GeneralInfo.List); a != b {
		t.Errorf("generalInfo had %d and has %d", a, b)
	}
	if a, b := m.Header.FreeText.String(), n.Header.FreeText.String(); a != b {
		t.Errorf("freeText was %s and is %s", a, b)
	}
	if m.Body.Type != n.Body.Type || m.Body.OK != n.Body.OK {
		t.Errorf("the body was %s and is %s", m.Body.Name(), n.Body.Name())
	}
	a := []int{len(m.Body.Requests), len(m.Body.Statuses()), len(m.Body.Confirmed), len(m.Body.Polls), len(m.Body.Waits), len(m.Body.Infos.List), len(m.Body.CRLs), len(m.Body.Messages), len(m.Body.Challenges), len(m.Body.Answers)}
	b := []int{len(n.Body.Requests), len(n.Body.Statuses()), len(n.Body.Confirmed), len(n.Body.Polls), len(n.Body.Waits), len(n.Body.Infos.List), len(n.Body.CRLs), len(n.Body.Messages), len(n.Body.Challenges), len(n.Body.Answers)}
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("the lists of the body had %v and have %v elements", a, b)
	}
	if a, b := m.Protection.Value, n.Protection.Value; !bytes.Equal(a.Bytes, b.Bytes) || a.Unused != b.Unused {
		t.Errorf("protection was %x and is %x", a.Bytes, b.Bytes)
	}
	if a, b := len(m.ExtraCerts.List), len(n.ExtraCerts.List); a != b {
		t.Errorf("extraCerts had %d and has %d", a, b)
	}
}
