package main

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// clients bounds how often each of them asks, and how many of its requests are
// answered at once.
type clients struct {
	rate  rate.Limit
	burst int
	here  *crowd

	mu     sync.Mutex
	known  map[netip.Prefix]*rate.Limiter
	others *rate.Limiter // of all that no more room is for
}

const (
	mostClients = 1 << 14 // are remembered
	eachAtOnce  = 16      // requests of one client
)

func newClients(perSecond float64) *clients {
	c := &clients{rate: rate.Limit(perSecond), burst: max(int(2*perSecond), 1), here: newCrowd(0, eachAtOnce), known: map[netip.Prefix]*rate.Limiter{}}
	c.others = c.limiter()
	return c
}

func (c *clients) limiter() *rate.Limiter { return rate.NewLimiter(c.rate, c.burst) }

// admit lets a client in, or says how long it has to wait. Who has to wait has
// asked for nothing.
func (c *clients) admit(r *http.Request) (leave func(), wait time.Duration) {
	a := from(r.RemoteAddr)
	if leave, _ = c.here.enter(a); leave == nil {
		return nil, time.Second
	}
	key, bounded := network(a)
	if !bounded {
		return leave, 0
	}
	now := time.Now()
	turn := c.of(key, now).ReserveN(now, 1)
	if wait = turn.DelayFrom(now); wait > 0 {
		turn.CancelAt(now)
		leave()
		return nil, wait
	}
	return leave, 0
}

// of gives the limiter of a client.
func (c *clients) of(key netip.Prefix, now time.Time) *rate.Limiter {
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

// proxies are the addresses of which X-Forwarded-For is believed. Anybody else
// can write into it what they like.
type proxies []netip.Prefix

// Set reads a list of addresses and networks, as flag.Value does.
func (p *proxies) Set(list string) error {
	*p = nil
	for s := range strings.SplitSeq(list, ",") {
		s = strings.TrimSpace(s)
		if a, err := netip.ParseAddr(s); err == nil {
			*p = append(*p, netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen()))
			continue
		}
		n, err := netip.ParsePrefix(s)
		if err != nil {
			return fmt.Errorf("%q is no address, as 192.0.2.1, and no network, as 192.0.2.0/24", s)
		}
		*p = append(*p, n)
	}
	return nil
}

func (p *proxies) String() string { return fmt.Sprint(*p) }

func (p proxies) hold(a netip.Addr) bool {
	for _, n := range p {
		if n.Contains(a.WithZone("")) {
			return true
		}
	}
	return false
}

// asker has a request come from whoever asked the proxy. Each proxy adds on the
// right whom it was asked by; what stands further left the client may have
// written itself.
func (p proxies) asker(h http.Handler) http.Handler {
	if len(p) == 0 {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		at := from(r.RemoteAddr)
		for i := len(list) - 1; i >= 0 && p.hold(at); i-- {
			a, err := netip.ParseAddr(strings.Trim(strings.TrimSpace(list[i]), "[]"))
			if err != nil {
				a = from(strings.TrimSpace(list[i])) // some add the port
			}
			if !a.IsValid() {
				break
			}
			at = a.Unmap()
			r.RemoteAddr = netip.AddrPortFrom(at, 0).String()
		}
		h.ServeHTTP(w, r)
	})
}
