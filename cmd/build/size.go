package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

// The most that a visitor may have to wait for, in octets of brotli form: the
// first program, all of the first visit, and the whole decoder after it.
const (
	programBudget = 2_000_000
	visitBudget   = 2_200_000
	decoderBudget = 2_650_000
)

// largest is what Cloudflare takes as one file, of those that hosts of static
// pages take the least.
const largest = 25 << 20

// compress puts the brotli and gzip forms beside each file that they shorten.
// The program takes some seconds, so forms are kept by the hash of the file.
func (s *site) compress() error {
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		octets := s.files[p]
		if strings.HasPrefix(path.Base(p), "_") {
			continue // read by the server, not sent
		}
		for ext, form := range map[string]func([]byte) ([]byte, error){".br": toBrotli, ".gz": toGzip} {
			short, err := s.cached(octets, ext, form)
			if err != nil {
				return fmt.Errorf("%s%s: %w", p, ext, err)
			}
			if len(short) < len(octets) {
				s.files[p+ext] = short
			}
		}
	}
	return nil
}

func (s *site) cached(octets []byte, ext string, form func([]byte) ([]byte, error)) ([]byte, error) {
	sum := sha256.Sum256(octets)
	file := filepath.Join(s.cache, hex.EncodeToString(sum[:])+ext)
	if short, err := os.ReadFile(file); err == nil {
		return short, nil
	}
	short, err := form(octets)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.cache, 0o755); err != nil {
		return nil, err
	}
	// Renamed into place: an interrupted build leaves no half of a file.
	if err := os.WriteFile(file+".new", short, 0o644); err != nil {
		return nil, err
	}
	return short, os.Rename(file+".new", file)
}

func toBrotli(octets []byte) ([]byte, error) {
	var b bytes.Buffer
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: 11, LGWin: 24})
	return squeeze(&b, w, octets)
}

func toGzip(octets []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	return squeeze(&b, w, octets)
}

func squeeze(b *bytes.Buffer, w io.WriteCloser, octets []byte) ([]byte, error) {
	if _, err := w.Write(octets); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// sent is how much of a file crosses the wire.
func (s *site) sent(p string) int {
	if short, ok := s.files[p+".br"]; ok {
		return len(short)
	}
	return len(s.files[p])
}

// budget fails when a first visit, the program in it, or the decoder that
// follows is too large, and when a file is too large for a host.
func (s *site) budget(w io.Writer, list bool) error {
	visit := 0
	for _, name := range s.first {
		p := s.named[name]
		visit += s.sent(p)
		if list {
			fmt.Fprintf(w, "%10d %10d  %s\n", len(s.files[p]), s.sent(p), p)
		}
	}
	program, decoder := s.sent(s.named["program"]), s.sent(s.named["decoder"])
	fmt.Fprintf(w, "program %d of %d octets, first visit %d of %d, decoder %d of %d (brotli)\n",
		program, programBudget, visit, visitBudget, decoder, decoderBudget)
	if program > programBudget || visit > visitBudget || decoder > decoderBudget {
		return fmt.Errorf("over the size budget")
	}
	for p, octets := range s.files {
		if len(octets) > largest {
			return fmt.Errorf("%s has %d octets; some hosts take no file of more than %d", p, len(octets), largest)
		}
	}
	return nil
}
