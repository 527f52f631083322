package main

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"derscope/web/service/relay"
)

// exchange is what passes between the relay and the host that fetches for it.
// The relay is called twice with the same request: first it says what to ask,
// then, given what came, it answers.
type exchange struct {
	came *came // what the host brings; nil the first time

	ask   *relay.Call // what the host is to fetch; nil if there is an answer already
	until time.Time   // until when the host may keep what it brought; zero: not at all
}

type exchangeKey struct{}

// came is an answer of a responder.
type came struct {
	head string // its status, then its fields; of one that was kept, until when it may be
	body received
	kept bool // it was kept from an earlier time
}

// relaying is the relay of a host that fetches itself.
type relaying struct{ now func() time.Time }

func (h relaying) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, problem := relay.NewCall(r)
	if problem != nil {
		problem.Write(w, r)
		return
	}
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	if x == nil { // a host that cannot fetch does not come here
		panic("nobody fetches for the relay")
	}
	if x.came == nil {
		x.ask = call
		return
	}
	a, problem := x.came.judge(call, h.now)
	if problem != nil {
		problem.Write(w, r)
		return
	}
	note := "fwd=miss"
	if x.came.kept {
		note = "hit"
	} else {
		x.until = a.Until
	}
	call.Write(w, a, h.now(), note)
}

// judge says what of the answer may go to the caller.
func (c *came) judge(call *relay.Call, now func() time.Time) (*relay.Answer, *relay.Problem) {
	lines := strings.Split(c.head, "\n")
	n, _ := strconv.ParseInt(lines[0], 10, 64)
	if c.kept {
		return &relay.Answer{Body: c.body.octets, Until: time.Unix(n, 0)}, nil
	}
	var err error
	if n == 0 { // nothing came
		err = errors.New("no connection to it can be made, or it is cut before an answer comes")
		if c.body.failure == "late" {
			err = context.DeadlineExceeded
		}
	}
	return call.Hear(context.Background(), int(n), fields(lines[1:]), c.body.reader(), err, now)
}

// plan is the head of what the host is to send.
func plan(c *relay.Call) string {
	var b strings.Builder
	b.WriteString(c.Method)
	b.WriteByte('\n')
	b.WriteString(c.URL)
	appendFields(&b, relay.Header(c.Method))
	return b.String()
}

// key names an answer in the host's cache.
func key(c *relay.Call) string {
	sum := c.Key()
	return hex.EncodeToString(sum[:])
}
