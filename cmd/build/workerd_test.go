package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestUnpack(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range map[string]string{"package/README.md": "no", "package/bin/workerd": "yes"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644}); err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(text))
	}
	w.Close()
	z.Close()
	got, err := unpack(b.Bytes(), "package/bin/workerd")
	if err != nil || string(got) != "yes" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := unpack(b.Bytes(), "package/bin/other"); err == nil || !strings.Contains(err.Error(), "bin/other") {
		t.Errorf("what is not there: %v", err)
	}
	if _, err := unpack(b.Bytes()[:20], "package/bin/workerd"); err == nil {
		t.Error("half a package is unpacked")
	}

	file := filepath.Join(t.TempDir(), "workerd")
	for range 2 {
		if err := replace(file, got); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := os.Stat(file); err != nil || s.Mode().Perm() != 0o755 || s.Size() != 3 {
		t.Errorf("%v, %v", s, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}
