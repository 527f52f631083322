package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// tools are programs that tests need, by what they are called on this and that
// system, and the Debian package that brings them.
var tools = map[string]struct {
	names    []string
	packaged string
}{
	"chromium": {[]string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}, "chromium"},
	"firefox":  {[]string{"firefox-esr", "firefox"}, "firefox-esr"},
	"node":     {[]string{"node", "nodejs"}, "nodejs"},
}

// tool gives the path of a program and installs it if there is none.
func tool(name string) (string, error) {
	switch name {
	case "axe":
		return axeScript()
	case "workerd":
		return edgeRunner()
	case "wrangler":
		return wrangler()
	}
	t, ok := tools[name]
	if !ok {
		return "", fmt.Errorf("no tool is called %q", name)
	}
	look := func() string {
		for _, n := range t.names {
			if p, err := exec.LookPath(n); err == nil {
				return p
			}
		}
		return ""
	}
	if p := look(); p != "" {
		return p, nil
	}
	if err := install(t.packaged); err != nil {
		return "", fmt.Errorf("the tests need %s, and it could not be installed: %w", name, err)
	}
	if p := look(); p != "" {
		return p, nil
	}
	return "", fmt.Errorf("the package %s brought no %s", t.packaged, name)
}

func install(packaged string) error {
	var as []string
	if os.Geteuid() != 0 {
		as = []string{"sudo", "-n"}
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("there is no apt-get; install %s by hand", packaged)
	}
	for _, args := range [][]string{
		{"apt-get", "update", "-q"},
		{"apt-get", "install", "-q", "-y", "--no-install-recommends", packaged},
	} {
		args = append(as, args...)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr // what is asked for goes to standard output
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(args, " "), err)
		}
	}
	return nil
}

// fuzz runs each fuzz target of the module for a while. The go command takes
// one target of one package at a time.
func fuzz(each time.Duration) error {
	list := exec.Command("go", "list", "./...")
	list.Stderr = os.Stderr
	packages, err := list.Output()
	if err != nil {
		return err
	}
	for _, p := range strings.Fields(string(packages)) {
		names, err := exec.Command("go", "test", "-list", "^Fuzz", p).Output()
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		for line := range bytes.Lines(names) {
			name := strings.TrimSpace(string(line))
			if !strings.HasPrefix(name, "Fuzz") {
				continue
			}
			cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", each.String(), "-fuzzminimizetime", "1x", p)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Run(); err != nil {
				return fmt.Errorf("%s %s: %w", p, name, err)
			}
		}
	}
	return nil
}
