package capture

import (
	"runtime"
	"strconv"
	"testing"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/testdata/pcapfile"
	"derscope/testdata/talk"
)

// large makes a capture of about so many octets: one TLS connection whose
// server sends them, n to a segment, and whose records nothing opens.
func large(octets, segment int) []byte {
	hello := talk.Wishes{Host: "a.example", Chain: [][]byte{make([]byte, 800)}, Sign: func(b []byte) []byte { return make([]byte, 70) }}.Run()
	r := &pcapfile.Recording{Segment: segment}
	c := r.Dial("192.0.2.1:40000", "192.0.2.2:443")
	for _, s := range hello.Sent {
		c.Send(int(s.From)-1, s.Record)
	}
	record := append([]byte{23, 3, 3, 0x40, 0x11}, make([]byte, 0x4011)...)
	for sent := 0; sent < octets*segment/(segment+70); sent += len(record) {
		c.Send(pcapfile.Server, record)
	}
	return r.PCAP()
}

// many is a capture of so many connections of TLS 1.2, and the key log of others.
func many(connections int) (pcap, log []byte) {
	r := &pcapfile.Recording{}
	for i := range connections {
		w := talk.Wishes{Version: 0x0303, Seed: strconv.Itoa(i), Host: "a.example", Chain: [][]byte{make([]byte, 300)}, Sign: func(b []byte) []byte { return make([]byte, 70) }}
		c := r.Dial("10.0."+strconv.Itoa(i>>8)+"."+strconv.Itoa(i&255)+":40000", "192.0.2.2:443")
		for _, s := range w.Run().Sent {
			c.Send(int(s.From)-1, s.Record)
		}
		w.Seed += " elsewhere"
		log = append(log, w.Run().KeyLog...)
	}
	return r.PCAP(), log
}

// The time of many connections grows with their number, also where a key log
// of as many lines opens none of them.
func BenchmarkConnections(b *testing.B) {
	for _, n := range []int{1000, 4000} {
		in, log := many(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				tree := field.NewTree(field.Limits{})
				k := Read(tree.Reader(tree.Add(report.Source{Bytes: in})))
				l := keylog.Read(tree.Reader(tree.Add(report.Source{Bytes: log})))
				made := derive(&check.Context{Self: -1, Exhibits: []check.Exhibit{{Value: l, Carrier: -1}}}, k)
				if len(made) != n {
					b.Fatalf("%d connections were found", len(made))
				}
			}
		})
	}
}

// The time and the memory of a capture grow with its size. The extra metric is
// how many octets are held for each octet of the file.
func BenchmarkRead(b *testing.B) {
	for _, c := range []struct{ size, segment int }{{10 << 20, 1400}, {25 << 20, 1400}, {100 << 20, 1400}, {25 << 20, 64}} {
		in := large(c.size, c.segment)
		b.Run(strconv.Itoa(len(in)>>20)+"MB/"+strconv.Itoa(c.segment), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var made []check.Derived
			for b.Loop() {
				tree := field.NewTree(field.Limits{})
				k := Read(tree.Reader(tree.Add(report.Source{Bytes: in})))
				made = derive(&check.Context{}, k)
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(tree)
			}
			if len(made) != 1 {
				b.Fatal("no connection was found")
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc+uint64(len(in)))/float64(len(in)), "held/octet")
		})
	}
}
