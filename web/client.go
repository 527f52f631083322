package web

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"derscope/decode/report"
)

// Decoder is the page's end of the Web Worker that decodes. Its callbacks are
// called one after the other, from the browser's event loop and never from
// inside the call that asked; a component wraps them in Context.Dispatch.
//
// One request is with the worker at a time. A later Load makes an earlier one,
// and the requests about it, stale: their callbacks are never called. Of the
// Reports that wait only the last is sent, so a slider may ask as often as it
// moves.
//
// A worker that takes too long, or dies, is ended and another one started. It
// is given the evidence again, unless reading it is what went wrong.
//
// The first worker may not know all kinds. One that does is started beside it
// later and takes its place between two requests; it is given the evidence, too.
type Decoder struct {
	events func(Event)
	worker worker
	state  string // Starting, Ready, Failed
	id     int    // of the last request
	flight *call  // with the worker
	queue  []*call
	futile int // workers ended in a row without having answered

	whole bool // the worker knows all kinds,
	fresh bool // and nobody was told yet
	waits bool // one that does is ready to take over

	evidence []Evidence // to give to the next worker; nil: none
	ask      Ask
	number   int            // of the case that the worker holds
	held     *report.Report // what loading it gave
}

// limit is how long one request may take; pace is how many octets, and flock how
// many inputs, a second more of it are given for. Whoever made the input chose its iteration counts;
// whoever looks at it waits no longer.
const (
	limit = 10 * time.Second
	pace  = 4 << 20
	flock = 30
)

// patience is how long a request may take.
func (r *Request) patience() time.Duration {
	size := 0
	for _, in := range r.Inputs {
		size += len(in.Bytes)
	}
	return limit + time.Duration(size/pace+len(r.Inputs)/flock)*time.Second
}

// attempts is how many workers in a row may end without an answer before no
// further one is started.
const attempts = 3

var (
	errNothing = errors.New("nothing is loaded")
	errFailed  = errors.New("the decoder does not start")
)

// worker is a place that requests are answered at: the Web Worker, or in
// tests a stand-in.
type worker interface {
	start(ready func(whole bool), reply func(Reply), died func(why string))
	post(Request)
	further()                     // has the whole decoder fetched, if it is not on its way
	hear(func(what, text string)) // how that goes: "far", "lost", "here"
	swap()                        // to the worker that is here
	kill()                        // after it neither reply nor died is called until the next start
	after(time.Duration, func()) (stop func())
}

type call struct {
	Request
	done func(Reply, error)
	stop func() // of its time limit

	stale bool // nobody waits for it any more
}

func newDecoder(events func(Event), w worker) *Decoder {
	d := &Decoder{events: events, worker: w, state: Starting}
	w.hear(d.further)
	d.start()
	return d
}

// Load hands evidence to the decoder, in place of what it had, and judges it.
func (d *Decoder) Load(in []Evidence, a Ask, done func(*report.Report, error)) {
	d.queue = nil
	if c := d.flight; c != nil {
		c.stale = true
	}
	d.evidence, d.ask, d.number, d.held = in, a, 0, nil
	d.send(d.load(done))
}

func (d *Decoder) load(done func(*report.Report, error)) *call {
	inputs := Octets(d.evidence)
	return &call{
		Request: Request{Op: "load", Inputs: d.evidence, Ask: d.ask},
		done: func(r Reply, err error) {
			got := new(report.Report)
			if err == nil {
				err = got.UnmarshalBeside(inputs, r.Wire)
			}
			if err != nil {
				got = nil
			} else {
				d.number, d.held = r.Case, got
			}
			done(got, err)
			d.tellWhole(got)
		},
	}
}

// Report judges the loaded evidence again: at another time, or by other
// profiles.
func (d *Decoder) Report(a Ask, done func(*report.Report, error)) {
	d.ask = a
	d.queue = slices.DeleteFunc(d.queue, func(c *call) bool { return c.Op == "report" })
	d.about(&call{
		Request: Request{Op: "report", Ask: a},
		done: func(r Reply, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			got := *d.held // nodes and octets do not change with the time
			if err := got.UnmarshalResults(r.Wire); err != nil {
				done(nil, err)
				return
			}
			done(&got, nil)
		},
	})
}

// Open makes nodes of elements of a long list.
func (d *Decoder) Open(list report.Ref, elements []int, done func([]report.Node, error)) {
	d.about(&call{
		Request: Request{Op: "open", List: list, Octets: packNumbers(elements)},
		done: func(r Reply, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			var got report.Report
			err = got.UnmarshalBinary(r.Wire)
			done(got.Nodes, err)
		},
	})
}

// Do asks something else about the loaded evidence: see Request. What the
// worker packed into its answer is for done to take apart; without an answer
// the unpacker has a fault from the start.
func (d *Decoder) Do(r Request, done func(*unpacker)) {
	d.about(&call{
		Request: r,
		done:    func(r Reply, err error) { done(&unpacker{rest: r.Pack, fault: err}) },
	})
}

// Revive starts workers again after the decoder has been given up.
func (d *Decoder) Revive() {
	if d.state == Failed {
		d.futile = 0
		d.start()
	}
}

// Further has the whole decoder fetched, if it is not here or on its way.
func (d *Decoder) Further() { d.worker.further() }

// further takes in how the whole decoder comes.
func (d *Decoder) further(what, text string) {
	if d.waits = what == "here"; d.waits {
		d.next()
	} else {
		d.tell(what, text)
	}
}

// swap goes over to the whole decoder.
func (d *Decoder) swap() {
	d.worker.swap()
	d.waits, d.whole, d.fresh, d.number = false, true, true, 0
	d.again()
}

// again has a worker that has nothing read the evidence.
func (d *Decoder) again() {
	switch {
	case d.evidence == nil:
		d.tellWhole(nil)
	case !slices.ContainsFunc(d.queue, func(c *call) bool { return c.Op == "load" }):
		d.queue = append([]*call{d.load(func(*report.Report, error) {})}, d.queue...)
	}
}

// tellWhole says, once, that the whole decoder is at work.
func (d *Decoder) tellWhole(r *report.Report) {
	if d.fresh && d.events != nil {
		d.worker.after(0, func() { d.events(Event{Kind: Whole, Report: r}) })
	}
	d.fresh = false
}

// about sends a request that needs loaded evidence.
func (d *Decoder) about(c *call) {
	if d.evidence == nil {
		d.fail(c, errNothing)
		return
	}
	d.send(c)
}

func (d *Decoder) send(c *call) {
	if d.state == Failed {
		d.fail(c, errFailed)
		return
	}
	d.queue = append(d.queue, c)
	d.next()
}

func (d *Decoder) fail(c *call, err error) {
	d.worker.after(0, func() { c.done(Reply{}, err) })
}

// next hands the worker the first request that waits, if it is free.
func (d *Decoder) next() {
	if d.state != Ready || d.flight != nil {
		return
	}
	if d.waits {
		d.swap()
	}
	if len(d.queue) == 0 {
		return
	}
	c := d.queue[0]
	d.queue = d.queue[1:]
	d.id++
	c.ID, c.Case = d.id, d.number
	d.flight = c
	most := c.patience()
	c.stop = d.worker.after(most, func() {
		if d.flight == c {
			d.end(fmt.Sprintf("it took longer than %d s", int(most.Seconds())))
		}
	})
	d.worker.post(c.Request)
}

func (d *Decoder) start() {
	d.state = Starting
	d.tell(Starting, "")
	stop := d.worker.after(limit, func() {
		if d.state == Starting {
			d.end(fmt.Sprintf("it did not start within %d s", int(limit.Seconds())))
		}
	})
	d.worker.start(func(whole bool) {
		stop()
		d.state = Ready
		if whole && !d.whole {
			d.whole, d.fresh = true, true
		}
		if d.evidence == nil {
			d.tellWhole(nil)
		}
		d.tell(Ready, "")
		d.next()
	}, d.reply, d.end)
}

func (d *Decoder) reply(r Reply) {
	c := d.flight
	if c == nil || c.ID != r.ID {
		return
	}
	c.stop()
	d.flight, d.futile = nil, 0
	switch {
	case c.stale:
	case r.Error != "":
		c.done(r, errors.New(r.Error))
	default:
		c.done(r, nil)
	}
	d.next()
}

// end gives a worker up and starts the next one.
func (d *Decoder) end(why string) {
	d.worker.kill()
	c := d.flight
	d.flight, d.number, d.waits = nil, 0, false
	if c != nil {
		c.stop()
	}
	if c != nil && !c.stale {
		if c.Op == "load" {
			d.evidence = nil
		}
		d.fail(c, errors.New("the decoder was ended: "+why))
	}
	if d.futile++; d.futile > attempts {
		d.state = Failed
		for _, c := range d.queue {
			d.fail(c, errFailed)
		}
		d.queue = nil
		d.tell(Failed, why)
		return
	}
	d.tell(Restarted, why)
	if d.evidence != nil {
		d.again()
	}
	d.start()
}

func (d *Decoder) tell(kind, text string) {
	if d.events != nil {
		d.worker.after(0, func() { d.events(Event{Kind: kind, Text: text}) })
	}
}
