package armor

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The benchmarks of this file split inputs of the size that they are named by,
// made in memory before the clock starts: MB/s are of input, and ms are those
// of the last round.

func BenchmarkDER60MB(b *testing.B) {
	in := seq(make([]byte, 1<<16-8)...)
	in = append([]byte{0x30, 0x84, 0x03, 0x93, 0x87, 0x00}, bytes.Repeat(in[:60000], 1000)...)
	bench(b, in)
}

func BenchmarkPEM10MB(b *testing.B) { bench(b, []byte(pemText("X", response(7500000)))) }

func BenchmarkPEM60MB(b *testing.B) { bench(b, []byte(pemText("X", response(45000000)))) }

func BenchmarkHex60MB(b *testing.B) {
	bench(b, []byte(wrap(fmt.Sprintf("%x", response(30000000)), 60, "", "")))
}

func BenchmarkProse60MB(b *testing.B) {
	bench(b, []byte(strings.Repeat("The quick brown fox jumps over the lazy dog, 12 times a day.\n", 1000000)))
}

func bench(b *testing.B, in []byte) {
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		if len(Split(in, Limits{})) == 0 {
			b.Fatal("no pieces")
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms")
	}
}
