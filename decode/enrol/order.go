package enrol

import (
	"container/heap"

	"derscope/decode/cmp"
)

// sort puts the messages in the order of their nonces, each behind the one whose
// senderNonce it repeats, where the order of the input is another one. Where no
// nonces tell, that of the messageTimes is taken if a reply stands first.
func (t *Transaction) sort() {
	ms := t.Messages
	places := map[string]int{}
	for i, v := range ms {
		v.Place = i
		if n := string(v.Header.SenderNonce.Value); v.Again == nil && n != "" {
			if _, ok := places[n]; ok {
				i = -1 // it tells nothing
			}
			places[n] = i
		}
	}
	behind := make([][]int, len(ms)) // the messages that follow each one
	waits := make([]int, len(ms))
	wrong, linked := false, false
	for i, v := range ms {
		from := -1
		if w := v.Again; w != nil {
			if w.Place < len(ms) && ms[w.Place] == w {
				behind[w.Place] = append(behind[w.Place], i)
				waits[i]++
			}
			continue
		}
		if at, ok := places[string(v.Header.RecipNonce.Value)]; ok && at >= 0 && at != i {
			from, linked = at, true
		}
		if from >= 0 {
			behind[from] = append(behind[from], i)
			waits[i]++
			wrong = wrong || from > i
		}
	}
	switch {
	case wrong:
		t.reorder(behind, waits)
	case !linked:
		t.byTime()
	}
}

// reorder takes messages by their times, or in the order of the input where one
// has none, but none before the one that it follows, and a final answer that
// repeats the nonce of the first request behind what was said while it waited.
func (t *Transaction) reorder(behind [][]int, waits []int) {
	q := &queue{}
	timed := true
	for _, v := range t.Messages {
		timed = timed && v.Header.MessageTime.OK
	}
	late := func(i int) bool {
		v := t.Messages[i]
		return v.Body.Type != cmp.PollRep && v.From == cmp.Server && !v.Waiting()
	}
	for i, n := range waits {
		if n == 0 {
			q.put(i, false, t.second(i, timed))
		}
	}
	out := make([]*View, 0, len(t.Messages))
	taken := make([]bool, len(t.Messages))
	for q.Len() > 0 {
		i := heap.Pop(q).(place).i
		out, taken[i] = append(out, t.Messages[i]), true
		several := len(behind[i]) > 1
		for _, k := range behind[i] {
			if waits[k]--; waits[k] == 0 {
				q.put(k, several && late(k), t.second(k, timed))
			}
		}
	}
	for i, v := range t.Messages { // those that follow each other in a circle
		if !taken[i] {
			out = append(out, v)
		}
	}
	t.Messages, t.Sorted = out, true
}

// second is the time of a message; 0 where they have no times that tell.
func (t *Transaction) second(i int, timed bool) int64 {
	if !timed {
		return 0
	}
	return t.Messages[i].Header.MessageTime.Value.Unix()
}

// place is a message that may be taken next.
type place struct {
	i    int
	late bool
	at   int64
}

// queue is a heap of them.
type queue struct{ list []place }

func (q *queue) Len() int { return len(q.list) }

func (q *queue) Less(a, b int) bool {
	if q.list[a].late != q.list[b].late {
		return q.list[b].late
	}
	if q.list[a].at != q.list[b].at {
		return q.list[a].at < q.list[b].at
	}
	return q.list[a].i < q.list[b].i
}

func (q *queue) Swap(a, b int) { q.list[a], q.list[b] = q.list[b], q.list[a] }
func (q *queue) Push(p any)    { q.list = append(q.list, p.(place)) }
func (q *queue) Pop() any {
	p := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return p
}

func (q *queue) put(i int, late bool, at int64) { heap.Push(q, place{i, late, at}) }

// byTime turns messages without nonces round, where they came with the latest
// first: as lists of files and logs have them.
func (t *Transaction) byTime() {
	n := len(t.Messages)
	if n < 2 || t.Messages[0].From != cmp.Server || t.Messages[0].Body.Type.Announces() {
		return
	}
	for i, v := range t.Messages {
		if !v.Header.MessageTime.OK || i > 0 && t.Messages[i-1].Header.MessageTime.Value.Before(v.Header.MessageTime.Value.Time) {
			return
		}
	}
	if !t.Messages[n-1].Body.Type.First() {
		return
	}
	for i, k := 0, n-1; i < k; i, k = i+1, k-1 {
		t.Messages[i], t.Messages[k] = t.Messages[k], t.Messages[i]
	}
	t.Sorted = true
}

// split parts conversations that use one transactionID: a request that begins
// one and follows nothing is the first of the next. A message stays with the one
// whose senderNonce it repeats, where it is the first to do so.
func (t *Transaction) split() []*Transaction {
	var out []*Transaction
	of := map[string]int{} // the part with the message of a senderNonce
	followed := map[string]bool{}
	now, begun := -1, false
	for _, v := range t.Messages {
		n := string(v.Header.RecipNonce.Value)
		to, follows := of[n]
		first := v.Again == nil && v.Core().Body.Type.First()
		if now < 0 || first && begun && !follows {
			out = append(out, &Transaction{ID: t.ID, Sorted: t.Sorted})
			now++
		}
		begun = begun || first
		if !follows || v.Again != nil || followed[n] {
			to = now
		} else {
			followed[n] = true
		}
		out[to].Messages = append(out[to].Messages, v)
		if n := string(v.Header.SenderNonce.Value); n != "" && v.Again == nil {
			of[n] = to
		}
	}
	return out
}

// Waiting says that the message tells the client to ask again later: a status
// waiting, or a pollRep.
func (v *View) Waiting() bool {
	b := &v.Body
	switch {
	case b.Type == cmp.PollRep:
		return true
	case b.Reply != nil:
		for _, r := range b.Reply.Responses {
			if r.Status.Value() == cmp.Waiting {
				return true
			}
		}
	case b.Error != nil && b.Error.Status != nil:
		return b.Error.Status.Value() == cmp.Waiting
	case b.Recovery != nil && b.Recovery.Status != nil:
		return b.Recovery.Status.Value() == cmp.Waiting
	case b.Revoked != nil:
		for _, s := range b.Revoked.Statuses {
			if s.Value() == cmp.Waiting {
				return true
			}
		}
	}
	return false
}
