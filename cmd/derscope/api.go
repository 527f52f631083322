package main

import (
	"context"
	"log"
	"net/http"
	"runtime"
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
