package web

import (
	"crypto/sha256"
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
	At       time.Time // from the year 0 on; zero: when the link is opened
	Profiles []string
	Nonce    []byte
	Roles    []Said
	Item     piece // that is judged
	Shown    piece // whose structure is in view
	Picked   bool  // the user chose Item
	Sel      int   // the selected node, counted from the first of Shown; -1: none
	Element  int   // of the long list Sel; -1: the node itself
	Tab      string
	Set      []Setting // absent in links where nothing is set
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
	before1970  = 62_167_219_200 // seconds, from the year 0 on
	sumLength   = 4
	pieceLength = 32
	mostPieces  = 4096 // of evidence
)

// codec writes a link, or reads one: both walk through it by the same steps,
// so they cannot come to differ.
type codec struct {
	out     Packer
	in      unpacker
	reading bool
}

func (c *codec) number(n *int) {
	if c.reading {
		*n = c.in.int()
	} else {
		c.out.Int(*n)
	}
}

func (c *codec) flag(v *bool) {
	n := 0
	if *v {
		n = 1
	}
	c.number(&n)
	*v = n == 1
}

func (c *codec) text(s *string) {
	if c.reading {
		*s = c.in.text()
	} else {
		c.out.Text(*s)
	}
}

func (c *codec) octets(b *[]byte) {
	s := string(*b)
	if c.text(&s); c.reading && s != "" {
		*b = []byte(s)
	}
}

// list gives the list its length, and the length.
func list[T any](c *codec, l *[]T) int {
	if !c.reading {
		c.out.Int(len(*l))
	} else if n := c.in.count(); n > mostPieces {
		c.in.fail()
	} else if n > 0 {
		*l = make([]T, n)
	}
	return len(*l)
}

func (l *link) walk(c *codec) {
	for i := range list(c, &l.Evidence) {
		e := &l.Evidence[i]
		c.flag(&e.Box)
		for _, s := range []*string{&e.Name, &e.Role, &e.Kind, &e.Instead} {
			c.text(s)
		}
		c.octets(&e.Bytes)
	}
	timed, at := !l.At.IsZero(), int(max(0, l.At.Unix()+before1970))
	days, seconds := at/86400, at%86400
	c.flag(&timed)
	c.number(&days)
	c.number(&seconds)
	if timed {
		l.At = time.Unix(int64(days*86400+seconds-before1970), 0).UTC()
	}
	for i := range list(c, &l.Profiles) {
		c.text(&l.Profiles[i])
	}
	c.octets(&l.Nonce)
	for i := range list(c, &l.Roles) {
		c.text(&l.Roles[i].SHA256)
		c.text(&l.Roles[i].Role)
	}
	for _, p := range []*piece{&l.Item, &l.Shown} {
		c.text(&p.Sum)
		c.number(&p.N)
	}
	c.flag(&l.Picked)
	c.number(&l.Sel)
	c.number(&l.Element)
	c.text(&l.Tab)
	if c.reading && len(c.in.rest) > 0 || len(l.Set) > 0 {
		for i := range list(c, &l.Set) {
			c.text(&l.Set[i].Name)
			c.text(&l.Set[i].Value)
		}
	}
}

func (l *link) pack() []byte {
	c := &codec{}
	l.walk(c)
	sum := sha256.Sum256(c.out)
	return append(sum[:sumLength:sumLength], c.out...)
}

// unpackLink reads what pack wrote. What it takes is bounded by the length of
// b, whatever that claims to hold.
func unpackLink(b []byte) (*link, error) {
	if len(b) < sumLength {
		return nil, errPack
	}
	sum := sha256.Sum256(b[sumLength:])
	c := &codec{reading: true, in: unpacker{rest: b[sumLength:]}}
	l := &link{}
	l.walk(c)
	if string(sum[:sumLength]) != string(b[:sumLength]) || c.in.fault != nil || len(c.in.rest) > 0 {
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
	return itemWhere(r, func(it *report.Item) bool {
		if len(it.SHA256) < pieceLength || it.SHA256[:pieceLength] != p.Sum {
			return false
		}
		p.N--
		return p.N < 0
	})
}
