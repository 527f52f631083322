package enrol

import (
	"cmp"
	"slices"

	pki "derscope/decode/cmp"
)

// group puts the messages into transactions: those with one transactionID, those
// without one by their nonces and then by the order of the input. Messages
// inside others have numbers of their own: they are never mixed with those outside.
func (x *Index) group() {
	levels := map[int][]*View{}
	for _, v := range x.Messages {
		if v.original() { // it is a copy of what came before the message around it
			x.Transactions = append(x.Transactions, &Transaction{ID: v.Header.TransactionID.Value, Messages: []*View{v}})
			continue
		}
		levels[v.level()] = append(levels[v.level()], v)
	}
	for _, list := range levels {
		x.Transactions = append(x.Transactions, together(list)...)
	}
	slices.SortStableFunc(x.Transactions, func(a, b *Transaction) int { return cmp.Compare(a.lowest(), b.lowest()) })
	last := map[string]*Transaction{}
	for _, t := range x.Transactions {
		if m := t.Messages[0]; t.ID != nil && !m.original() {
			key := string(rune(m.level())) + string(t.ID)
			t.Before, last[key] = last[key], t
		}
		t.pair()
	}
}

// lowest is the first of its items.
func (t *Transaction) lowest() int {
	least := t.Messages[0].Item
	for _, v := range t.Messages {
		least = min(least, v.Item)
	}
	return least
}

// sets joins messages of one level, by their places in a list.
type sets struct {
	list   []*View
	up     []int
	size   []int
	begins []bool // the set holds a message that begins a transaction
	asks   []bool // it holds one of a client
}

func newSets(list []*View) *sets {
	s := &sets{list: list, up: make([]int, len(list)), size: make([]int, len(list)), begins: make([]bool, len(list)), asks: make([]bool, len(list))}
	for i, v := range list {
		s.up[i], s.size[i] = i, 1
		s.begins[i], s.asks[i] = v.Core().Body.Type.First(), v.Core().From == pki.Client
	}
	return s
}

func (s *sets) of(i int) int {
	for s.up[i] != i {
		s.up[i] = s.up[s.up[i]]
		i = s.up[i]
	}
	return i
}

func (s *sets) join(i, j int) {
	i, j = s.of(i), s.of(j)
	if i == j {
		return
	}
	if s.size[i] < s.size[j] {
		i, j = j, i
	}
	s.up[j] = i
	s.size[i] += s.size[j]
	s.begins[i], s.asks[i] = s.begins[i] || s.begins[j], s.asks[i] || s.asks[j]
}

// together makes transactions of messages in the order of the input.
func together(list []*View) []*Transaction {
	s := newSets(list)
	ids := map[string]int{}
	for i, v := range list {
		if id := string(v.Header.TransactionID.Value); id != "" {
			if at, ok := ids[id]; ok {
				s.join(at, i)
			} else {
				ids[id] = i
			}
		}
	}
	s.byNonce()
	s.byOrder()
	sets := make(map[int]int, len(list))
	var out []*Transaction
	for i, v := range list {
		root := s.of(i)
		at, ok := sets[root]
		if !ok {
			at = len(out)
			sets[root], out = at, append(out, &Transaction{})
		}
		t := out[at]
		t.Messages = append(t.Messages, v)
		if id := v.Header.TransactionID.Value; t.ID == nil && len(id) > 0 {
			t.ID = id
		}
	}
	var parts []*Transaction
	for _, t := range out {
		t.sort()
		parts = append(parts, t.split()...)
	}
	return parts
}

// byNonce joins a message that has no transactionID, or one that no request of
// the input has, with the message whose senderNonce it repeats.
func (s *sets) byNonce() {
	nonces := map[string]int{}
	for i, v := range s.list {
		n := v.Header.SenderNonce.Value
		if v.Again != nil || len(n) < telling {
			continue
		}
		if _, twice := nonces[string(n)]; twice {
			i = -1
		}
		nonces[string(n)] = i
	}
	for i, v := range s.list {
		at, ok := nonces[string(v.Header.RecipNonce.Value)]
		if !ok || at < 0 || at == i {
			continue
		}
		with := s.list[at]
		if len(v.Header.TransactionID.Value) == 0 || len(with.Header.TransactionID.Value) == 0 || !s.begins[s.of(i)] {
			s.join(at, i)
		}
	}
}

// telling is the length from which on a nonce tells a message from others.
const telling = 4

// byOrder joins what is left with the message before it: all that have no
// transactionID and do not begin anything, and an answer with a transactionID
// that no request has, where the message before it waits for such an answer.
func (s *sets) byOrder() {
	answered := map[string]bool{}
	for _, v := range s.list {
		answered[string(v.Header.RecipNonce.Value)] = true
	}
	for i := 1; i < len(s.list); i++ {
		v, before := s.list[i], s.list[i-1]
		alone := s.size[s.of(i)] == 1 && !s.begins[s.of(i)] && v.Again == nil
		switch {
		case len(v.Header.TransactionID.Value) == 0:
			if alone && !v.Body.Type.Announces() || s.turned(i) {
				s.join(i-1, i)
			}
		case v.level() > 0, s.begins[s.of(i)], s.asks[s.of(i)], s.of(i) == s.of(i-1):
		case Fits(before.Core().Body.Type, v.Core().Body.Type) && !answered[string(before.Header.SenderNonce.Value)]:
			if first(s, i) {
				s.join(i-1, i)
			}
		}
	}
}

// turned says that the message before a request, both without numbers, is its answer:
// so they stand where the latest comes first.
func (s *sets) turned(i int) bool {
	q, a := s.list[i], s.list[i-1]
	asked, told := q.Header.MessageTime, a.Header.MessageTime
	return s.size[s.of(i)] == 1 && s.size[s.of(i-1)] == 1 && len(a.Header.TransactionID.Value) == 0 && q.Again == nil &&
		Fits(q.Core().Body.Type, a.Core().Body.Type) && asked.OK && told.OK && told.Value.After(asked.Value.Time)
}

// first says that no message of the set of i stands before it.
func first(s *sets, i int) bool {
	id := string(s.list[i].Header.TransactionID.Value)
	for j := i - 1; j >= 0 && j >= i-near; j-- {
		if string(s.list[j].Header.TransactionID.Value) == id {
			return false
		}
	}
	return true
}

// near is how far back an earlier message of the same transactionID is looked for.
const near = 16

// Fits says that a body can be the answer to another: ip to ir; an error to all.
//
// RFC 9810, section 5.3
func Fits(request, answer pki.Type) bool {
	if answer == pki.Error && request.From() != pki.Server {
		return true
	}
	switch request {
	case pki.IR:
		return answer == pki.IP || answer == pki.POPDecC
	case pki.CR:
		return answer == pki.CP || answer == pki.POPDecC
	case pki.P10CR:
		return answer == pki.CP
	case pki.KUR:
		return answer == pki.KUP || answer == pki.POPDecC
	case pki.KRR:
		return answer == pki.KRP || answer == pki.POPDecC
	case pki.RR:
		return answer == pki.RP
	case pki.CCR:
		return answer == pki.CCP
	case pki.GenM:
		return answer == pki.GenP
	case pki.CertConf, pki.Error:
		return answer == pki.PKIConf
	case pki.PollReq:
		return answer == pki.PollRep || Final(answer)
	case pki.POPDecR:
		return Final(answer)
	case pki.Nested:
		return answer == pki.Nested || Final(answer)
	}
	return false
}

// Final says that a body can be the last answer to what was asked.
func Final(t pki.Type) bool { return t.Replies() || t == pki.KRP || t == pki.RP || t == pki.GenP }
