package web

import (
	"reflect"
	"testing"
	"time"
)

// A link puts the same evidence where it was: in the box, among the files, as
// an edited copy. What was on the page before is gone.
func TestRestore(t *testing.T) {
	from, to := newState(), newState()
	from.typed = "30 03 0a 01 03"
	from.files = []Evidence{{Name: "issuer.pem", Bytes: []byte("x"), Role: "issuer"}, {Name: "paste (2)", Bytes: []byte("y")}}
	from.edits.copies = []copied{{Evidence: Evidence{Name: "issuer.pem, edited", Bytes: []byte("z"), Kind: "certificate", Instead: "00ff"}}}
	at := time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)
	l, err := unpackLink((&link{Evidence: from.linked(nil), At: at, Profiles: []string{"br", "of another version"},
		Nonce: []byte{1}, Roles: []Said{{"00ff", "anchor"}}}).pack())
	if err != nil {
		t.Fatal(err)
	}
	to.typed, to.edits.copies = "before", []copied{{Evidence: Evidence{Name: "an old copy"}}}
	to.files, to.roles.said, to.sample = []Evidence{{Name: "old"}}, []Said{{"11", "issuer"}}, true
	to.restore(l)
	if !reflect.DeepEqual(to.evidence(), from.evidence()) || to.typed != from.typed || len(to.edits.copies) != 1 {
		t.Errorf("%+v became %+v", from.evidence(), to.evidence())
	}
	want := Ask{At: at, Profiles: []string{"br"}, Nonce: []byte{1}, Roles: l.Roles}
	if got := to.ask(); !reflect.DeepEqual(got, want) || !to.pinned || to.sample {
		t.Errorf("judged by %+v, want %+v", got, want)
	}
	l.At = time.Time{}
	if to.restore(l); to.pinned {
		t.Error("a link without a time pins one")
	}
}

// The user's own is told from what a link brought.
func TestArriveAsks(t *testing.T) {
	s := newState()
	one := func(name string) *link {
		return &link{Evidence: []linked{{Evidence: Evidence{Name: name, Bytes: []byte(name)}}}}
	}
	s.arrive(one("a"))
	s.arrive(one("b"))
	if s.arrived.asks != nil || len(s.files) != 1 || s.files[0].Name != "b" {
		t.Fatalf("links one after the other give %+v, and ask %v", s.files, s.arrived.asks)
	}
	s.files = append(s.files, Evidence{Name: "mine", Bytes: []byte("c")})
	s.arrive(one("a"))
	if s.arrived.asks == nil || len(s.files) != 2 {
		t.Errorf("a link took away what the user added: %+v", s.files)
	}
	s.answerLink("open")
	if s.arrived.asks != nil || len(s.files) != 1 || s.files[0].Name != "a" {
		t.Errorf("after a yes there is %+v", s.files)
	}
}
