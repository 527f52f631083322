package main

import (
	"os"
	"path/filepath"
)

// docs publishes what is to be read, or taken along, by whoever runs the
// service: the files of web/docs, under their own names.
func (s *site) docs(root string) error {
	dir := filepath.Join(root, "web", "docs")
	found, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range found {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		s.files["docs/"+e.Name()] = b
	}
	return nil
}
