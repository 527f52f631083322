package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// wrangler gives the path of the program that deploys to Cloudflare Workers.
// npm fetches it once, and all that it needs, by the hashes of
// wrangler/package-lock.json; it is the oldest that make test-wrangler is to
// pass with, and works with node 20.
func wrangler() (string, error) {
	mod, err := goEnv("GOMOD")
	if err != nil {
		return "", err
	}
	root := filepath.Dir(mod)
	dir := filepath.Join(root, "build", "tools", "wrangler")
	path := filepath.Join(dir, "node_modules", ".bin", "wrangler")
	fresh := true
	for _, name := range []string{"package.json", "package-lock.json"} {
		wanted, err := os.ReadFile(filepath.Join(root, "cmd", "build", "wrangler", name))
		if err != nil {
			return "", err
		}
		file := filepath.Join(dir, name)
		if have, err := os.ReadFile(file); err == nil && bytes.Equal(have, wanted) {
			continue
		}
		fresh = false
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, wanted, 0o644); err != nil {
			return "", err
		}
	}
	if _, err := os.Stat(path); err == nil && fresh {
		return path, nil
	}
	npm := exec.Command("npm", "ci", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")
	npm.Stdout, npm.Stderr = os.Stderr, os.Stderr // what is asked for goes to standard output
	if err := npm.Run(); err != nil {
		return "", fmt.Errorf("npm does not bring wrangler: %w", err)
	}
	return path, nil
}
