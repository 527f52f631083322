package decode

import (
	"slices"
	"testing"
	"time"

	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

// during is what the turns say of a moment.
func during(turns []Turn, at time.Time) Turn {
	now := turns[0]
	for _, t := range turns[1:] {
		if !t.At.After(at) {
			now = t
		}
	}
	return now
}

// judgedAt is what a report says of it.
func judgedAt(c *Case, o Options, item int, at time.Time) Turn {
	o.At, o.Clients = at, []string{}
	v := c.Report(o).Items[item].Verdict
	return Turn{Status: v.Status, Headline: report.Timeless(v.Headline)}
}

func agree(t *testing.T, c *Case, o Options, item int, turns []Turn, at time.Time) bool {
	t.Helper()
	want, got := judgedAt(c, o, item, at), during(turns, at)
	if got.Status != want.Status || got.Headline != want.Headline {
		t.Errorf("item %d at %s: the turns say %s «%s», the report %s «%s»", item, at, got.Status, got.Headline, want.Status, want.Headline)
		return false
	}
	return true
}

// Every few minutes of three weeks, the verdict is what the turns say.
func TestTurnsMinutes(t *testing.T) {
	for _, name := range []string{"good-ca-byname", "good-del-byname", "nonext-fresh", "revoked", "future", "del-expired", "expired-2min",
		"conflict-expired-good-fresh-good", "chain-issuer-expired", "produced-future", "status-trylater"} {
		v, err := readVector("../testdata/ocsp/" + name + ".txtar")
		if err != nil {
			t.Error(err)
			continue
		}
		t.Run(name, func(t *testing.T) {
			c := Load(v.inputs, Limits{})
			turns := c.Turns(0, v.options)
			for at := v.options.At.Add(-10 * 24 * time.Hour); at.Before(v.options.At.Add(11 * 24 * time.Hour)); at = at.Add(7 * time.Minute) {
				if !agree(t, c, v.options, 0, turns, at) {
					return
				}
			}
		})
	}
}

// Each turn of each vector is one, to the second, and between two of them the
// verdict stays.
func TestTurns(t *testing.T) {
	for _, v := range vectors(t) {
		c := Load(v.inputs, Limits{})
		for item := range c.Report(v.options).Items {
			turns := c.Turns(item, v.options)
			if len(turns) == 0 {
				continue
			}
			last := time.Unix(-1<<33, 0).UTC()
			for i, turn := range turns {
				end := turn.At.Add(1000 * 24 * time.Hour)
				if i+1 < len(turns) {
					end = turns[i+1].At
				}
				if i > 0 {
					if !turn.At.After(last) {
						t.Errorf("%s: turn %d at %s, after one at %s", v.file, i, turn.At, last)
					}
					if before := judgedAt(c, v.options, item, turn.At.Add(-time.Second)); before.Status == turn.Status && before.Headline == turn.Headline {
						t.Errorf("%s: nothing turns at %s", v.file, turn.At)
					}
					for _, k := range []time.Duration{0, 1, 4, 11, 24} {
						agree(t, c, v.options, item, turns, turn.At.Add(end.Sub(turn.At)/30*k))
					}
					agree(t, c, v.options, item, turns, end.Add(-time.Second))
					last = turn.At
				}
			}
			if t.Failed() {
				t.Fatalf("%s, item %d", v.file, item)
			}
		}
	}
}

// A turn says which check made it.
func TestTurnsCause(t *testing.T) {
	v, err := readVector("../testdata/ocsp/good-ca-byname.txtar")
	if err != nil {
		t.Fatal(err)
	}
	turns := Load(v.inputs, Limits{}).Turns(0, v.options)
	i := slices.IndexFunc(turns, func(k Turn) bool { return k.Check == "nextUpdate lies ahead" && k.Is == report.Fail })
	if i < 1 || turns[i].Status != report.Fail || turns[i].Was == report.Fail {
		t.Errorf("no turn is the end of nextUpdate: %v", turns)
	}
}

// Of evidence with many times only so many are looked at.
func TestTurnsBounded(t *testing.T) {
	if got := Load(nil, Limits{}).Turns(0, Options{}); got != nil {
		t.Errorf("nothing turns: %v", got)
	}
	var in []Input
	for _, v := range vectors(t)[:100] {
		in = append(in, v.inputs...)
	}
	in = append(in, Input{Name: "large.crl", Bytes: bigcrl.CRL(5000)})
	c := Load(in, Limits{})
	last := slices.IndexFunc(c.items, func(it item) bool { return it.Input == "large.crl" })
	for _, item := range []int{0, last} {
		if n := len(c.moments(item, Options{})); n == 0 || n > momentsInAll {
			t.Errorf("item %d is judged by %d moments", item, n)
		}
	}
	if got := c.Turns(last, Options{}); len(got) != 3 {
		t.Errorf("the large CRL turns at its two times, not thus: %v", got)
	}
}

func BenchmarkTurns(b *testing.B) {
	inputs, o := delegated(b)
	large := []Input{{Name: "large.crl", Bytes: bigcrl.CRL(bigcrl.Entries)}}
	for _, v := range []struct {
		name   string
		inputs []Input
	}{{"response", inputs}, {"CRL", large}} {
		b.Run(v.name, func(b *testing.B) {
			c := Load(v.inputs, Limits{})
			turns := 0
			for b.Loop() {
				turns = len(c.Turns(0, o))
			}
			b.ReportMetric(float64(turns), "turns")
		})
	}
}

// What a handshake is said to be at a time is what its turns say: those of the
// certificates that could be sent count as well.
func TestTurnsOfHandshakes(t *testing.T) {
	for _, file := range []string{"tls/callback-request", "tls/candidate-chain", "tls/request-sha1", "tls/staple-13", "ticket/expired"} {
		v := must(t, file)
		o := v.options
		o.Clients = []string{}
		c := Load(v.inputs, Limits{})
		turns := c.Turns(0, o)
		for day := -40; day <= 40; day++ {
			o.At = v.options.At.Add(time.Duration(day) * 24 * time.Hour)
			want := turns[0].Status
			for _, turn := range turns[1:] {
				if !o.At.Before(turn.At) {
					want = turn.Status
				}
			}
			if got := c.Report(o).Items[0].Verdict.Status; got != want {
				t.Errorf("%s on %v: %v, and by its turns %v", file, o.At, got, want)
				break
			}
		}
	}
}
