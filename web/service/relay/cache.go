package relay

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"
)

// Cache keeps answers while they are good: the ones that were asked for last,
// bounded in number and octets. A nil Cache keeps nothing.
type Cache struct {
	most, octets int

	mu    sync.Mutex
	held  int // octets
	byKey map[[sha256.Size]byte]*list.Element
	order *list.List // of *kept, the one that was asked for last in front
}

type kept struct {
	key    [sha256.Size]byte
	answer *Answer
}

// NewCache makes a cache of at most so many answers, and octets of them.
func NewCache(most, octets int) *Cache {
	return &Cache{most: most, octets: octets, byKey: map[[sha256.Size]byte]*list.Element{}, order: list.New()}
}

// get gives an answer that is still good.
func (c *Cache) get(key [sha256.Size]byte, now time.Time) (*Answer, bool) {
	if c == nil {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	k := e.Value.(*kept)
	if !now.Before(k.answer.Until) {
		c.drop(e)
		return nil, false
	}
	c.order.MoveToFront(e)
	return k.answer, true
}

// put keeps an answer that may be kept. One that may not be takes the place of
// an older one all the same: it is what the responder says now.
func (c *Cache) put(key [sha256.Size]byte, a *Answer, now time.Time) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.drop(e)
	}
	if !now.Before(a.Until) || len(a.Body) > c.octets {
		return
	}
	c.byKey[key] = c.order.PushFront(&kept{key, a})
	c.held += len(a.Body)
	for c.order.Len() > c.most || c.held > c.octets {
		c.drop(c.order.Back())
	}
}

func (c *Cache) drop(e *list.Element) {
	k := e.Value.(*kept)
	c.order.Remove(e)
	delete(c.byKey, k.key)
	c.held -= len(k.answer.Body)
}
