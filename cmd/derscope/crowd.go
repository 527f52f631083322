package main

import (
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"derscope/decode/report"
	"derscope/web/service"
)

// crowd bounds how many are there at once: in all, and of each client.
type crowd struct {
	most, each int // 0: as many as like

	mu  sync.Mutex
	all int
	of  map[netip.Prefix]int
}

func newCrowd(most, each int) *crowd {
	return &crowd{most: most, each: each, of: map[netip.Prefix]int{}}
}

// enter counts one in, until it leaves. Without a leave there is no room: its
// own bound is reached, or that of all.
func (c *crowd) enter(from netip.Addr) (leave func(), own bool) {
	key, bounded := network(from)
	c.mu.Lock()
	defer c.mu.Unlock()
	if bounded && c.each > 0 && c.of[key] >= c.each {
		return nil, true
	}
	if c.most > 0 && c.all >= c.most {
		return nil, false
	}
	c.all++
	if bounded {
		c.of[key]++
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.all--
		if bounded {
			if c.of[key]--; c.of[key] == 0 {
				delete(c.of, key)
			}
		}
	}, false
}

func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
}

// network is what counts as one client: an address, or with IPv6 its network,
// for that has as many addresses as it likes. Those of this machine are not
// bounded: it is their own, or a proxy that all others come through.
func network(a netip.Addr) (netip.Prefix, bool) {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || a.IsLoopback() {
		return netip.Prefix{}, false
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	return p, err == nil
}

// from is the address that a request or connection comes from. Of what has none
// it is the zero one, which is not bounded.
func from(address string) netip.Addr {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}

// relayed lets so many requests at once on to responders, which may be slow.
func (c *crowd) relayed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, own := c.enter(from(r.RemoteAddr))
		switch {
		case leave != nil:
			defer leave()
			h.ServeHTTP(w, r)
		case own:
			service.Wait(w, r, http.StatusTooManyRequests, 5*time.Second, "For this address "+report.Plural(c.each, "responder is", "responders are")+" being asked, as many as for one client at once.")
		default:
			service.Wait(w, r, http.StatusServiceUnavailable, 5*time.Second, report.Plural(c.most, "responder is", "responders are")+" being asked for others, as many as at once.")
		}
	})
}

// bounded is a listener that lets so many connections be open at once; further
// ones it closes. What is behind them stays a TCP connection: net/http ends
// that in two steps, so that a client that still sends can read why.
type bounded struct {
	*net.TCPListener
	*crowd
	free func(netip.Addr) bool // whose connections are not its own
}

func (l *bounded) Accept() (net.Conn, error) {
	for {
		c, err := l.AcceptTCP()
		if err != nil {
			return nil, err
		}
		a := from(c.RemoteAddr().String())
		if l.free(a) {
			a = netip.Addr{}
		}
		if leave, _ := l.enter(a); leave != nil {
			return &counted{TCPConn: c, leave: leave}, nil
		}
		c.Close()
	}
}

// counted is a connection that says when it ends.
type counted struct {
	*net.TCPConn
	leave func()
	gone  atomic.Bool
}

func (c *counted) Close() error {
	if !c.gone.Swap(true) {
		c.leave()
	}
	return c.TCPConn.Close()
}
