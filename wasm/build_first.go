//go:build first

package main

import (
	"errors"

	"derscope/web"
)

// build is for the whole decoder, which the page has fetched before it asks.
func (s *server) build(web.Request) (web.Packer, error) {
	return nil, errors.New("the program of a first visit makes no requests")
}
