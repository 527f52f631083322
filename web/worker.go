package web

import (
	"time"

	"derscope/decode/report"
)

// Evidence is one thing pasted or dropped.
type Evidence struct {
	Name   string
	Bytes  []byte
	Role   string // "" when it is found by itself
	Secret bool
	// Kind and Instead are those of an edited copy: what it goes on being, and
	// the SHA-256 of what it was made of.
	Kind, Instead string
}

// Octets are those of each piece of evidence, in order: what a report need
// not carry from the worker to the page.
func Octets(all []Evidence) [][]byte {
	var octets [][]byte
	for _, e := range all {
		octets = append(octets, e.Bytes)
	}
	return octets
}

// Ask is what the evidence is judged by. Rules about time stay open when At
// is zero.
type Ask struct {
	At       time.Time
	Profiles []string
	Nonce    []byte
	Roles    []Said
	Set      []Setting
	Before   bool // as if there were no edited copies
}

// Setting is the value of a switch by its name: see switches.go.
type Setting struct{ Name, Value string }

// Event tells the page how its decoder does.
type Event struct {
	Kind   string
	Text   string         // why, of Restarted, Failed and Lost; how far, of Coming
	Report *report.Report // of Whole: the evidence read anew, or nil
}

// The kinds of events.
const (
	Starting  = "starting"
	Ready     = "ready"
	Restarted = "restarted"
	Failed    = "failed"

	Coming = "far"   // the whole decoder is being fetched
	Lost   = "lost"  // it cannot be had
	Whole  = "whole" // it is what decodes from now on
)

// Request is what the page sends to its worker. What Text and Octets say
// depends on the operation.
type Request struct {
	ID, Case int
	Op       string // load, report, and those about a case: see package wasm
	Text     string
	Octets   []byte
	Inputs   []Evidence
	Ask      Ask
	List     report.Ref
	From, N  int
	Reveal   bool // secrets, in what is written
}

// Reply is what the worker answers.
type Reply struct {
	ID, Case int    // Case: what a load made, for the requests about it
	Wire     []byte // a report in binary form: see package report
	Pack     Packer // what an operation of its own answers
	Error    string
}

// NewDecoder starts the decoder; how it does is told to events.
func NewDecoder(events func(Event)) *Decoder {
	return newDecoder(events, newWorker())
}
