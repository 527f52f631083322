package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dated is the date of all files in the zip: that of the last commit, or the
// first that the format knows. Servers tell a file from its older version by
// date and length, and the pages of two versions are often of one length: with
// one date for both, browsers would be told that nothing has changed.
func dated(root string) time.Time {
	if out, err := exec.Command("git", "-C", root, "log", "-1", "--format=%ct").Output(); err == nil {
		if s, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64); err == nil {
			return time.Unix(s, 0).UTC()
		}
	}
	return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
}

// zip packs the site into one file, in a folder of its own: what is unpacked
// anywhere below the root of any file server works there. Two builds of a commit
// give the same octets.
func (s *site) zip(date time.Time) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestCompression)
	})
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		h := &zip.FileHeader{Name: "derscope/" + p, Method: zip.Deflate, Modified: date}
		h.SetMode(0o644)
		switch path.Ext(p) {
		case ".br", ".gz", ".png":
			h.Method = zip.Store
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(s.files[p]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

// pack writes the zip.
func (s *site) pack(file string, date time.Time) error {
	b, err := s.zip(date)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}
