//go:build !js

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "edge is a program for Cloudflare Workers: go run ./cmd/build makes it. On a machine of your own, derscope serve is the same service.")
	os.Exit(2)
}
