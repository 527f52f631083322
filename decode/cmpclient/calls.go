package cmpclient

import (
	"slices"
	"strconv"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// Outcome is what a call returned.
type Outcome struct {
	Call    string // OSSL_CMP_exec_IR_ses
	Number  int    // of a call that is made several times, from 1; else 0
	Returns string // certificate, NULL, 1, 0, -1 (checkAfter 7), open, …
	Status  int    // of the context
	Bits    []int  // failInfo
	Errors  []Reason
	Sent    []string // the bodies that it sent
	Waits   string   // what it still waits for, where the record ends; else ""
	Instead string   // of that, the record goes on with this message of its own
	Assumed string   // what was taken to hold without proof; "" if nothing
	Next    string
}

// same says that two versions say the same.
func (o *Outcome) same(p *Outcome) bool {
	return o.Call == p.Call && o.Number == p.Number && o.Returns == p.Returns && o.Status == p.Status && slices.Equal(o.Bits, p.Bits) &&
		slices.Equal(o.Errors, p.Errors) && slices.Equal(o.Sent, p.Sent) && o.Waits == p.Waits && o.Instead == p.Instead && o.Assumed == p.Assumed && o.Next == p.Next
}

// Calls says what the calls of OpenSSL's client return for a transaction. Versions
// that say the same are one entry. It is nil for what this client has no call for.
func Calls(c *check.Context, t *enrol.Transaction) (all []report.Call) {
	script, request := record(c, t)
	if request < 0 || len(script) == 0 {
		return nil
	}
	o := options(c)
	var runs [][]Outcome // by version
	for _, v := range Versions {
		runs = append(runs, Run(script, request, v, o))
	}
	return merge(runs)
}

// merge makes one entry of what neighbouring versions say alike, in order of
// calls, then of versions.
func merge(runs [][]Outcome) (all []report.Call) {
	find := func(run []Outcome, o *Outcome) *Outcome {
		for i := range run {
			if run[i].Call == o.Call && run[i].Number == o.Number {
				return &run[i]
			}
		}
		return nil
	}
	var keys []*Outcome
	for _, run := range runs {
		for i := range run {
			if !slices.ContainsFunc(keys, func(k *Outcome) bool { return k.Call == run[i].Call && k.Number == run[i].Number }) {
				keys = append(keys, &run[i])
			}
		}
	}
	slices.SortStableFunc(keys, func(a, b *Outcome) int { return a.Number - b.Number })
	for _, k := range keys {
		for i := 0; i < len(runs); {
			o := find(runs[i], k)
			last := i
			for last+1 < len(runs) && o != nil {
				next := find(runs[last+1], k)
				if next == nil || !o.same(next) {
					break
				}
				last++
			}
			if o != nil {
				all = append(all, o.call(Version(i), Version(last)))
			}
			i = last + 1
		}
	}
	return all
}

// call writes an outcome for a report.
func (o *Outcome) call(from, to Version) report.Call {
	k := report.Call{Call: o.Call, Version: span(from, to), Returns: o.Returns, Next: o.Next, Reason: o.Assumed}
	if o.Number > 0 {
		k.Call += ", call " + strconv.Itoa(o.Number)
	}
	if o.Waits != "" {
		k.Reason = "The messages end here: the client waits for " + o.Waits + "."
		if o.Instead != "" {
			k.Reason = "The client waits for " + o.Waits + "; the messages here go on with a message of its own that it does not send: " + o.Instead + "."
		}
		if o.Assumed != "" {
			k.Reason += " " + o.Assumed
		}
	}
	for _, r := range o.Errors {
		k.Errors = append(k.Errors, r.String())
	}
	if o.Waits == "" {
		k.Members = []report.Member{{Key: "status", Value: o.Status}}
	}
	if len(o.Bits) > 0 {
		var names []string
		for _, b := range o.Bits {
			names = append(names, cmp.FailureName(b))
		}
		k.Members = append(k.Members, report.Member{Key: "failInfo", Value: names})
	}
	return k
}

// Run feeds a client of a version with recorded messages, and says what each of
// its calls for the request returns.
func Run(script []Message, request cmp.Type, v Version, o Options) []Outcome {
	fresh := func() *client { return &client{version: v, options: o, script: script, status: unspecified, other: -1} }
	switch request {
	case cmp.RR:
		c := fresh()
		return []Outcome{c.outcome("OSSL_CMP_exec_RR_ses", truth(c.revoke()))}
	case cmp.GenM:
		return ask(fresh, script)
	}
	c := fresh()
	returns := "NULL"
	if c.execute(request) {
		returns = "certificate"
	}
	all := []Outcome{c.outcome(macros[request], returns)}
	c = fresh()
	for n := 1; n <= len(script)+1; n++ {
		c.errors, c.sends, c.assumed = nil, nil, ""
		asked := request
		if n > 1 {
			more, aborts := c.again()
			if !more {
				break
			}
			if aborts {
				asked = abort
			}
		}
		got, wait := c.try(asked)
		returns := strconv.Itoa(got)
		if got < 0 {
			returns += " (checkAfter " + strconv.FormatInt(wait, 10) + ")"
		}
		out := c.outcome("OSSL_CMP_try_certreq", returns)
		out.Number = n
		if out.Next == all[0].Next { // it was said of the call that does all at once
			out.Next = ""
		}
		if out.Assumed == all[0].Assumed {
			out.Assumed = ""
		}
		if got < 0 {
			out.Next = "Call it again after " + seconds(wait) + ": it then sends a pollReq."
		}
		if n > most { // those between the first ones and the last are all alike
			all = all[:most]
		}
		all = append(all, out)
		if c.open != "" || got > 0 {
			break
		}
	}
	return all
}

// most bounds the calls that are told of.
const most = 20

// ask runs the calls for general messages.
func ask(fresh func() *client, script []Message) []Outcome {
	c := fresh()
	returns := "NULL"
	if m := c.general(); m != nil {
		returns = "list of " + strconv.Itoa(len(m.Infos))
	}
	all := []Outcome{c.outcome("OSSL_CMP_exec_GENM_ses", returns)}
	if !script[0].Sent {
		return all
	}
	w := wished(script[0].Asked)
	if w == nil || c.version < w.since {
		return all
	}
	c = fresh()
	done, got := c.grant(w)
	returns = truth(done)
	if done && !got {
		returns = "1 (nothing)"
	}
	return append(all, c.outcome(w.call, returns))
}

// macros are the calls that an application asks for certificates with.
var macros = map[cmp.Type]string{cmp.IR: "OSSL_CMP_exec_IR_ses", cmp.CR: "OSSL_CMP_exec_CR_ses", cmp.P10CR: "OSSL_CMP_exec_P10CR_ses", cmp.KUR: "OSSL_CMP_exec_KUR_ses"}

func truth(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// outcome notes what a call returned.
func (c *client) outcome(call, returns string) Outcome {
	o := Outcome{Call: call, Returns: returns, Status: c.status, Bits: c.bits, Errors: slices.Clone(c.errors), Sent: slices.Clone(c.sends), Waits: c.open, Assumed: c.assumed}
	if c.open != "" { // nothing is decided: what stack and status hold is made up
		o.Returns, o.Errors, o.Status, o.Bits = "open", nil, 0, nil
		if c.other >= 0 {
			o.Instead = c.other.String()
		}
	}
	switch returns {
	case "NULL", "0":
	default: // what the stack still holds was overlooked
		o.Errors = nil
	}
	o.Next = c.next(&o)
	return o
}
