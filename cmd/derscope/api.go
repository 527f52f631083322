package main

import (
	"context"
	"hash/maphash"
	"log"
	"net/http"
	"runtime"
	"slices"
	"time"

	"derscope/web/service"
	"derscope/web/service/relay"
)

// api is the service as this machine offers it: with bounds for each client and
// for all of them together.
func (s *serving) api(lines *log.Logger, relays *crowd) http.Handler {
	body := int64(s.limit) << 20
	o := service.Options{
		Version: version(),
		Body:    body,
		Held:    max(8*body, 128<<20),
		Report:  32 << 20,
		Work:    2_000_000, // which take two seconds
		Turn:    turns(2 * runtime.GOMAXPROCS(0)),
		Broken: func(route, what string, stack []byte) {
			lines.Printf("derscope: a mistake in this program, at /api/%s: %s\n%s", route, what, stack)
		},
	}
	if s.rate > 0 {
		o.Admit = newClients(s.rate).admit
	}
	if s.relay {
		o.Relay = relays.relayed(&relay.Relay{Fetch: relay.NewClient(nil), Kept: relay.NewCache(keptAnswers, keptOctets)})
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

// heavy are the octets of a body beyond which one is judged at a time: a hostile
// one, of names of one letter, takes fifty times its length.
const heavy = 1 << 20

// turns lets n requests be judged at once: more would not be faster, and would
// need the memory of all of them. Of one client it lets half as many, so that
// what takes long does not keep everybody else waiting.
func turns(n int) func(*http.Request, int64) (func(), error) {
	all, large, seed := make(chan struct{}, n), make(chan struct{}, 1), maphash.MakeSeed()
	var lanes [64]chan struct{} // a client has one of them, some the same
	for i := range lanes {
		lanes[i] = make(chan struct{}, max(n/2, 1))
	}
	return func(r *http.Request, octets int64) (func(), error) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		queues := make([]chan struct{}, 0, 3) // in the same order for everybody
		if key, bounded := network(from(r.RemoteAddr)); bounded {
			queues = append(queues, lanes[maphash.Comparable(seed, key)%uint64(len(lanes))])
		}
		if octets > heavy {
			queues = append(queues, large)
		}
		var leave []func()
		done := func() {
			for _, f := range slices.Backward(leave) {
				f()
			}
		}
		for _, queue := range append(queues, all) {
			f, err := take(ctx, queue)
			if err != nil {
				done()
				return nil, err
			}
			leave = append(leave, f)
		}
		return done, nil
	}
}

// take waits for a place.
func take(ctx context.Context, places chan struct{}) (leave func(), err error) {
	leave = func() { <-places }
	select {
	case places <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case places <- struct{}{}:
		return leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
