package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// axe is the program that looks for what shuts people out; only tests run it.
const axe = "axe-core@4.14.1"

// axeScript gives the path of its script, fetched once by npm, or "" where
// there is no npm.
func axeScript() (string, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return "", nil
	}
	mod, err := goEnv("GOMOD")
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(mod), "build", "tools")
	path := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	npm := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", axe)
	npm.Stdout, npm.Stderr = os.Stderr, os.Stderr // what is asked for goes to standard output
	if err := npm.Run(); err != nil {
		return "", fmt.Errorf("npm does not bring %s: %w", axe, err)
	}
	return path, nil
}
