package enrol

import (
	"bytes"
	"slices"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/path"
	"derscope/decode/report"
	"derscope/decode/secret"
)

// View is a message with what was found beside it.
type View struct {
	*cmp.Message
	Item    int // among the exhibits
	Carrier int // the message that it was carried in, or -1
	From    cmp.Side
	In      *Transaction
	Place   int     // in In.Messages
	Answers *View   // the message that it answers; nil: not at hand, or it answers none
	Linked  bool    // Answers was found by its senderNonce, else by the order
	Reply   *View   // the message that answers it; nil: not at hand
	Again   *View   // the message before it that has the same octets; nil: there is none
	Inner   []*View // the messages of a nested one

	x       *Index
	signing signing
	request *View // see Request
	looked  bool  // for it
	last    lastTree
}

// Transaction is messages that belong together, in the order in which they were sent.
type Transaction struct {
	ID       []byte // transactionID; nil: the messages have none
	Messages []*View
	Sorted   bool         // they were put in the order of their nonces, which is not that of the input
	Before   *Transaction // an earlier one with the same transactionID

	needs3 *bool // see cmp2021; nil: not looked for yet
}

// Index is what all messages look things up in.
type Index struct {
	Messages     []*View // in order of the exhibits
	Transactions []*Transaction
	Certificates []check.Found[*cert.Certificate]
	Secrets      []check.Found[*secret.Shared]
	Keys         []check.Found[*cert.PrivateKey]

	judged func(*View, *check.Context) ([]report.Check, report.Verdict)
	byItem map[int]*View
	keys   []check.Found[*cert.PublicKey] // given as the signer's
	byCert map[string]int                 // exhibits of certificates, by octets
	pool   *path.Pool                     // nil: not made yet
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
	for _, k := range check.All[*cert.PublicKey](&all) {
		if k.Said == "signer" {
			x.keys = append(x.keys, k)
		}
	}
	if !slices.ContainsFunc(c.Exhibits, func(e check.Exhibit) bool { _, is := e.Value.(*cmp.Message); return is }) {
		return x
	}
	read := map[string]*cert.Certificate{} // as items of their own
	for _, k := range x.Certificates {
		read[string(k.Is.Raw)] = k.Is
	}
	same := map[string][]*View{} // by header, which is short
	for i, e := range c.Exhibits {
		m, ok := e.Value.(*cmp.Message)
		if !ok {
			continue
		}
		v := &View{Message: m, Item: i, Carrier: e.Carrier, From: m.Body.Type.From(), x: x}
		x.Messages, x.byItem[i] = append(x.Messages, v), v
		if e.HTTP != nil && v.From == cmp.Either {
			v.From = cmp.Server
			if e.HTTP.Request {
				v.From = cmp.Client
			}
		}
		if outer := x.byItem[e.Carrier]; outer != nil && m.Given != nil && !m.Given.Orig {
			outer.Inner = append(outer.Inner, v)
		}
		v.seen(same)
		for _, k := range v.inClear() {
			if o := read[string(k.Raw)]; o != nil {
				k.Share(o)
			}
		}
	}
	x.group()
	return x
}

// inClear lists the certificates that a message brings unencrypted.
func (v *View) inClear() []*cert.Certificate {
	all := v.carried()
	if r := v.Body.Reply; r != nil {
		for _, p := range r.Responses {
			if p.Pair != nil && p.Pair.Certificate != nil {
				all = append(all, p.Pair.Certificate)
			}
		}
	}
	return all
}

// seen looks for a message with the same octets. What is inside another is sent
// once more on purpose, and compared with its like alone.
func (v *View) seen(same map[string][]*View) {
	if v.original() || len(v.Header.Raw) == 0 {
		return
	}
	list := same[string(v.Header.Raw)]
	for _, w := range list {
		if w.level() == v.level() && bytes.Equal(w.Raw, v.Raw) {
			v.Again = w
			return
		}
	}
	if len(list) < alike {
		same[string(v.Header.Raw)] = append(list, v)
	}
}

// alike bounds the messages with the same header that a message is compared with.
const alike = 8

// level is how many messages are around it.
func (v *View) level() int {
	if v.Given == nil {
		return 0
	}
	return max(v.Given.Level, 1)
}

// original says that it is kept in the header of a message that was made of it.
func (v *View) original() bool { return v.Given != nil && v.Given.Orig }

// Core is the message that counts in a transaction: the one inside, where a nested
// message does no more than protect it once more.
//
// RFC 9483, section 5.2.2.1
func (v *View) Core() *View {
	for range maxNested {
		if v.Body.Type != cmp.Nested || len(v.Inner) != 1 {
			break
		}
		v = v.Inner[0]
	}
	return v
}

const maxNested = 8

// Number is the place of the message in its transaction, from 1.
func (v *View) Number() int { return v.Place + 1 }

// Request is the message with which the client asked for what this one is about:
// ir, cr, p10cr, kur, krr, ccr, rr or genm, out of what was wrapped around it;
// nil: it is not at hand. It may be the message itself. It is looked for once,
// when the messages have their places.
func (v *View) Request() *View {
	if v.In != nil && !v.looked {
		v.request, v.looked = v.asks(), true
	}
	return v.request
}

// asks looks for it: along the answers, and where these do not lead to it among
// the messages before.
func (v *View) asks() *View {
	for w, n := v, 0; w != nil && n <= len(v.In.Messages); w, n = w.Answers, n+1 {
		if q := w.Core(); q.Body.Type.First() {
			return q
		}
	}
	for i := min(v.Place, len(v.In.Messages)-1); i >= 0; i-- {
		if w := v.In.Messages[i]; w.Again == nil && w.Core().Body.Type.First() {
			return w.Core()
		}
	}
	return nil
}
