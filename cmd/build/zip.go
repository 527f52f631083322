package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// zipped is the date of all files in the zip: the first that the format knows.
var zipped = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zip packs the site into one file, in a folder of its own: what is unpacked
// anywhere below the root of any file server works there. Two builds give the
// same octets.
func (s *site) zip() ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(to, flate.BestCompression)
	})
	for _, p := range slices.Sorted(maps.Keys(s.files)) {
		h := &zip.FileHeader{Name: "derscope/" + p, Method: zip.Deflate, Modified: zipped}
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
func (s *site) pack(file string) error {
	b, err := s.zip()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}
