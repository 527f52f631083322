package decode

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

// delegated is the response that measures are taken with: signed by a
// delegated responder with RSA-2048 whose certificate is inside, and the
// certificates of the leaf and of the CA beside it. All are octets: taking
// armour off is not measured.
func delegated(b *testing.B) ([]Input, Options) {
	b.Helper()
	v, err := readVector("../testdata/ocsp/good-del.txtar")
	if err != nil {
		b.Fatal(err)
	}
	for i, in := range v.inputs {
		block, _ := pem.Decode(in.Bytes)
		if block == nil {
			b.Fatalf("%s: %s is not PEM", v.file, in.Name)
		}
		v.inputs[i].Bytes = block.Bytes
	}
	return v.inputs, v.options
}

// BenchmarkOCSP measures Load and Report. With "checked" the issuer is at
// hand, so that the signatures of the response and of the responder's
// certificate are verified; "alone" is the response by itself.
func BenchmarkOCSP(b *testing.B) {
	inputs, o := delegated(b)
	none := o
	none.Clients = []string{}
	for _, c := range []struct {
		name   string
		inputs []Input
		o      Options
	}{{"checked", inputs, none}, {"checked,clients", inputs, o}, {"alone", inputs[:1], none}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Load(c.inputs, Limits{}).Report(c.o)
			}
		})
	}
	b.Run("again", func(b *testing.B) { // the time slider: judged, not read
		c := Load(inputs, Limits{})
		for b.Loop() {
			o.At = o.At.Add(time.Second)
			c.Report(o)
		}
	})
}

// BenchmarkCold measures the first Load and Report of a process: each time a
// new one is started, which takes the time itself.
func BenchmarkCold(b *testing.B) {
	if at := os.Getenv("DERSCOPE_COLD"); at != "" {
		inputs, o := delegated(b)
		start := time.Now()
		Load(inputs, Limits{}).Report(o)
		os.Stdout.WriteString("took " + time.Since(start).String() + "\n")
		os.Exit(0)
	}
	var total time.Duration
	for b.Loop() {
		c := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkCold$", "-test.benchtime=1x")
		c.Env = append(os.Environ(), "DERSCOPE_COLD=1")
		out, err := c.Output()
		_, took, ok := strings.Cut(string(out), "took ")
		d, parsed := time.ParseDuration(strings.TrimSpace(took))
		if err != nil || !ok || parsed != nil {
			b.Skipf("no process can be started here: %v %s", err, out)
		}
		total += d
	}
	b.ReportMetric(float64(total.Nanoseconds())/float64(b.N), "ns/first")
}

// BenchmarkCRL reads a CRL of 200,000 entries until its fields can be shown.
func BenchmarkCRL(b *testing.B) {
	crl := bigcrl.CRL(bigcrl.Entries)
	in := []Input{{Name: "large.crl", Bytes: crl}}
	b.SetBytes(int64(len(crl)))
	for b.Loop() {
		r := Load(in, Limits{}).Report(Options{})
		if len(r.Items) != 1 || r.Items[0].Kind != "crl" || len(r.Lists) == 0 {
			b.Fatalf("%d things, %d lists", len(r.Items), len(r.Lists))
		}
	}
	b.ReportMetric(float64(peak(in))/float64(len(crl)), "peak/input")
}

// peak is how many octets of heap reading takes at the most, the input
// included, collected as a program with little memory would.
func peak(in []Input) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most, done := before.HeapAlloc, make(chan bool)
	stopped := make(chan uint64)
	go func() {
		for {
			select {
			case <-done:
				stopped <- most
				return
			case <-time.After(time.Millisecond):
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
	}()
	r := Load(in, Limits{}).Report(Options{})
	close(done)
	most = <-stopped
	runtime.KeepAlive(r)
	return most - before.HeapAlloc + uint64(len(in[0].Bytes))
}

// BenchmarkForms writes the report of the delegated response as JSON and in
// binary form, and reads the latter: what the page waits for besides the work.
func BenchmarkForms(b *testing.B) {
	inputs, o := delegated(b)
	c := Load(inputs, Limits{})
	r := c.Report(o)
	b.Run("JSON", func(b *testing.B) {
		for b.Loop() {
			r.JSON(report.JSONOptions{})
		}
	})
	b.Run("wire", func(b *testing.B) {
		for b.Loop() {
			r.MarshalBinary()
		}
	})
	w, _ := r.MarshalBinary()
	b.Run("unwire", func(b *testing.B) {
		for b.Loop() {
			new(report.Report).UnmarshalBinary(bytes.Clone(w))
		}
	})
}

// BenchmarkFilter looks for a serial number in the 200,000 entries of that CRL,
// by the rules of Find.
func BenchmarkFilter(b *testing.B) {
	c := Load([]Input{{Name: "large.crl", Bytes: bigcrl.CRL(bigcrl.Entries)}}, Limits{})
	for b.Loop() {
		found, looked := c.Filter(c.tree.Lists[0].Node, "00112233", 0, bigcrl.Entries)
		if len(found) != 0 || looked != bigcrl.Entries {
			b.Fatalf("%d found among %d", len(found), looked)
		}
	}
}
