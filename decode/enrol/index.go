package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/secret"
)

// View is a message with what was found beside it.
type View struct {
	*cmp.Message
	Item    int // among the exhibits
	Carrier int // the message that it was carried in, or -1
	From    cmp.Side
	In      *Transaction
	Place   int   // in In.Messages
	Answers *View // the message that it answers; nil: not at hand, or it answers none
	Reply   *View // the message that answers it; nil: not at hand

	x *Index
}

// Transaction is messages that belong together, in the order in which they were sent.
type Transaction struct {
	ID       []byte // transactionID; nil: the messages have none
	Messages []*View
}

// Index is what all messages look things up in.
type Index struct {
	Messages     []*View // in order of the exhibits
	Transactions []*Transaction
	Certificates []check.Found[*cert.Certificate]
	Secrets      []check.Found[*secret.Shared]
	Keys         []check.Found[*cert.PrivateKey]

	byItem map[int]*View
}

// IndexOf makes the index of the exhibits, once. It depends on no time and no option.
func IndexOf(c *check.Context) *Index {
	type key struct{}
	x, _ := c.Once(key{}, func() any { return newIndex(c) }).(*Index)
	return x
}

// ViewOf is the view of the message that is exhibit i.
func ViewOf(c *check.Context, i int) *View { return IndexOf(c).byItem[i] }

func newIndex(c *check.Context) *Index {
	all := check.Context{Exhibits: c.Exhibits, Self: -1} // nobody is special
	x := &Index{byItem: map[int]*View{}, Certificates: check.All[*cert.Certificate](&all), Secrets: check.All[*secret.Shared](&all), Keys: check.All[*cert.PrivateKey](&all)}
	for i, e := range c.Exhibits {
		if m, ok := e.Value.(*cmp.Message); ok {
			v := &View{Message: m, Item: i, Carrier: e.Carrier, From: m.Body.Type.From(), x: x}
			x.Messages, x.byItem[i] = append(x.Messages, v), v
		}
	}
	x.group()
	x.pair()
	return x
}

// group puts messages with the same transactionID together.
func (x *Index) group() {
	by := map[string]*Transaction{}
	for _, v := range x.Messages {
		if v.Given != nil { // inside another: it has its own numbers
			continue
		}
		id := v.Header.TransactionID.Value
		t := by[string(id)]
		if t == nil {
			t = &Transaction{ID: id}
			by[string(id)] = t
			x.Transactions = append(x.Transactions, t)
		}
		v.In, v.Place = t, len(t.Messages)
		t.Messages = append(t.Messages, v)
	}
}

// pair finds the message that each one answers.
func (x *Index) pair() {}
