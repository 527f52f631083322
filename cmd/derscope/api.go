package main

import (
	"context"
	"log"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"derscope/web/service"
	"derscope/web/service/relay"
)

// api is the service as this machine offers it: with bounds for each client and
// for all of them together.
func (s *serving) api(lines *log.Logger) http.Handler {
	body := int64(s.limit) << 20
	o := service.Options{
		Version: version(),
		Body:    body,
		Held:    max(8*body, 256<<20),
		Report:  64 << 20,
		Turn:    turns(2 * runtime.GOMAXPROCS(0)),
		Broken: func(route, what string, stack []byte) {
			lines.Printf("derscope: a mistake in this program, at /api/%s: %s\n%s", route, what, stack)
		},
	}
	if s.rate > 0 {
		o.Admit = newClients(s.rate).admit
	}
	if s.relay {
		o.Relay = &relay.Relay{Fetch: relay.NewClient(nil), Kept: relay.NewCache(keptAnswers, keptOctets)}
	}
	return service.New(o)
}

// How many answers of responders are kept until they are out of date.
const (
	keptAnswers = 1024
	keptOctets  = 4 << 20
)

// patience is how long a request waits for its turn.
const patience = 10 * time.Second

// turns lets n requests be judged at once: more would not be faster, and would
// need the memory of all of them.
func turns(n int) func(context.Context) (func(), error) {
	free := make(chan struct{}, n)
	leave := func() { <-free }
	return func(ctx context.Context) (func(), error) {
		select {
		case free <- struct{}{}:
			return leave, nil
		default:
		}
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		select {
		case free <- struct{}{}:
			return leave, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// clients bounds how often each of them asks. Those of this machine are not
// bounded: it is their own, or a proxy that all others come through.
type clients struct {
	rate  rate.Limit
	burst int

	mu     sync.Mutex
	known  map[netip.Prefix]*rate.Limiter
	others *rate.Limiter // of all that no more room is for
}

// mostClients is how many are remembered.
const mostClients = 1 << 14

func newClients(perSecond float64) *clients {
	c := &clients{rate: rate.Limit(perSecond), burst: max(int(2*perSecond), 1), known: map[netip.Prefix]*rate.Limiter{}}
	c.others = c.limiter()
	return c
}

func (c *clients) limiter() *rate.Limiter { return rate.NewLimiter(c.rate, c.burst) }

// admit says how long a client has to wait. Who has to wait has asked for nothing.
func (c *clients) admit(r *http.Request) time.Duration {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || from.Addr().Unmap().IsLoopback() {
		return 0
	}
	now := time.Now()
	turn := c.of(from.Addr().Unmap(), now).ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now)
	}
	return wait
}

// of gives the limiter of an address; of IPv6, that of its network, for a
// network has as many addresses as it likes.
func (c *clients) of(a netip.Addr, now time.Time) *rate.Limiter {
	bits := 32
	if a.Is6() {
		bits = 64
	}
	key, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return c.others
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.known[key]; l != nil {
		return l
	}
	if len(c.known) >= mostClients {
		for k, l := range c.known { // who has its whole burst again is as good as new
			if l.TokensAt(now) >= float64(c.burst) {
				delete(c.known, k)
			}
		}
	}
	if len(c.known) >= mostClients {
		return c.others
	}
	l := c.limiter()
	c.known[key] = l
	return l
}
