//go:build !js

package main

import "os"

func main() {
	os.Stderr.WriteString("This program runs in a browser: «make serve» builds the page around it.\n")
	os.Exit(2)
}
