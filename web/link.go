package web

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"time"

	"derscope/decode/report"
)

// link is what the fragment of an address carries: everything that decides
// what the page shows, and no more.
//
// Its form, before it is compressed: four octets of the SHA-256 of what
// follows, then the numbers and texts of Packer, in the order of the fields. A
// link outlives the program that made it: a change of the form is a new key of
// the fragment (see fragment.go), and the old one goes on being read.
type link struct {
	Evidence []linked
	At       time.Time // zero: when the link is opened
	Profiles []string
	Nonce    []byte
	Roles    []Said
	Item     piece // that is judged
	Shown    piece // whose structure is in view
	Picked   bool  // the user chose Item
	Sel      int   // the selected node, counted from the first of Shown; -1: none
	Element  int   // of the long list Sel; -1: the node itself
	Tab      string
}

// linked is a piece of evidence: a file, or the text of the paste box.
type linked struct {
	Evidence
	Box bool
}

// A piece is an item, found again by its octets: the n-th of those that have them.
type piece struct {
	Sum string // the first half of its SHA-256, hex; "" for none
	N   int
}

const (
	sumLength   = 4
	pieceLength = 32
	mostPieces  = 4096 // of evidence
)

func (l *link) pack() []byte {
	var p Packer
	p.Int(len(l.Evidence))
	for _, e := range l.Evidence {
		p.flag(e.Box)
		for _, text := range []string{e.Name, e.Role, e.Kind, e.Instead, string(e.Bytes)} {
			p.Text(text)
		}
	}
	at := ""
	if !l.At.IsZero() {
		at = strconv.FormatInt(l.At.Unix(), 10)
	}
	p.Text(at)
	p.Int(len(l.Profiles))
	for _, name := range l.Profiles {
		p.Text(name)
	}
	p.Text(string(l.Nonce))
	p.Int(len(l.Roles))
	for _, r := range l.Roles {
		p.Text(r.SHA256)
		p.Text(r.Role)
	}
	for _, i := range []piece{l.Item, l.Shown} {
		p.Text(i.Sum)
		p.Int(i.N)
	}
	p.flag(l.Picked)
	p.Int(l.Sel + 1)
	p.Int(l.Element + 1)
	p.Text(l.Tab)
	sum := sha256.Sum256(p)
	return append(sum[:sumLength:sumLength], p...)
}

func (p *Packer) flag(v bool) {
	n := 0
	if v {
		n = 1
	}
	p.Int(n)
}

// unpackLink reads what pack wrote. What it takes is bounded by the length of
// b, whatever that claims to hold.
func unpackLink(b []byte) (*link, error) {
	if len(b) < sumLength {
		return nil, errPack
	}
	sum := sha256.Sum256(b[sumLength:])
	if string(sum[:sumLength]) != string(b[:sumLength]) {
		return nil, errPack
	}
	u := &unpacker{rest: b[sumLength:]}
	l := &link{}
	n := u.count()
	if n > mostPieces {
		return nil, errPack
	}
	for range n {
		e := linked{Box: u.int() == 1}
		e.Name, e.Role, e.Kind, e.Instead, e.Bytes = u.text(), u.text(), u.text(), u.text(), []byte(u.text())
		l.Evidence = append(l.Evidence, e)
	}
	if at := u.text(); at != "" {
		n, err := strconv.ParseInt(at, 10, 64)
		if l.At = time.Unix(n, 0).UTC(); err != nil || l.At.IsZero() {
			return nil, errPack
		}
	}
	for range u.count() {
		l.Profiles = append(l.Profiles, u.text())
	}
	if nonce := u.text(); nonce != "" {
		l.Nonce = []byte(nonce)
	}
	for range u.count() {
		l.Roles = append(l.Roles, Said{u.text(), u.text()})
	}
	for _, i := range []*piece{&l.Item, &l.Shown} {
		i.Sum, i.N = u.text(), u.int()
	}
	l.Picked = u.int() == 1
	l.Sel, l.Element = u.int()-1, u.int()-1
	l.Tab = u.text()
	if u.fault != nil || len(u.rest) > 0 {
		return nil, errPack
	}
	return l, nil
}

// pieceOf is where item i is found again.
func pieceOf(r *report.Report, i int) piece {
	if r == nil || i < 0 || i >= len(r.Items) || len(r.Items[i].SHA256) < pieceLength {
		return piece{}
	}
	p := piece{Sum: r.Items[i].SHA256[:pieceLength]}
	for j := range i {
		if same := r.Items[j].SHA256; len(same) >= pieceLength && same[:pieceLength] == p.Sum {
			p.N++
		}
	}
	return p
}

// in is the item of r at a piece, or -1.
func (p piece) in(r *report.Report) int {
	if p.Sum == "" {
		return -1
	}
	return slices.IndexFunc(r.Items, func(it report.Item) bool {
		if len(it.SHA256) < pieceLength || it.SHA256[:pieceLength] != p.Sum {
			return false
		}
		p.N--
		return p.N < 0
	})
}
