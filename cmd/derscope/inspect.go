package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

func inspect(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f := &flags{}
	set := f.define(stdin)
	files, err := parse(set, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, inspectHelp)
		return fine
	}
	if err == nil {
		err = f.agree()
	}
	if err != nil {
		return complain(stderr, "%v", err)
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	code := fine
	for _, name := range files {
		in, err := load(name, stdin)
		if err != nil {
			code = complain(stderr, "%v", err)
			continue
		}
		f.Inputs = append(f.Inputs, in)
	}
	if len(f.Inputs) == 0 {
		return code
	}
	for _, what := range f.Idle {
		fmt.Fprintf(stderr, "derscope: %s\n", what)
	}
	c, r := f.Answer(time.Now())
	if f.protected {
		return max(code, protected(c, r, stdout, stderr))
	}
	f.write(c, r, stdout)
	return max(code, status(r, f.Options.Profiles, stderr))
}

// load reads a file, or standard input for "-".
func load(name string, stdin io.Reader) (decode.Input, error) {
	if name == "-" {
		b, err := io.ReadAll(stdin)
		if err != nil {
			return decode.Input{}, fmt.Errorf("standard input: %v, at byte %d", err, len(b))
		}
		return decode.Input{Name: "paste", Bytes: b}, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return decode.Input{}, fmt.Errorf("%s: %v, at byte %d", name, cause(err), len(b))
	}
	return decode.Input{Name: name, Bytes: b}, nil
}

// cause is the error without the name of the file, which the message has.
func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (f *flags) write(c *decode.Case, r *report.Report, stdout io.Writer) {
	if f.json {
		stdout.Write(f.JSON(c, r))
		return
	}
	o := report.TextOptions{Passed: f.checks}
	o.Colour, o.Width = terminal(stdout)
	switch {
	case f.asn1:
		for i := range r.Items {
			if f.All || r.Items[i].Beside == report.BesideNothing {
				elements(stdout, r, i, f.Reveal)
			}
		}
		return
	case f.fields:
		o.Part = report.FieldsOnly
	case f.checks:
		o.Part = report.ChecksOnly
	}
	stdout.Write(f.Text(c, r, o))
}

// protected writes the octets that the protection of the one message is made over.
func protected(c *decode.Case, r *report.Report, stdout, stderr io.Writer) int {
	var found [][]byte
	for i := range r.Items {
		if b := c.Protected(i); b != nil && r.Items[i].Carrier < 0 {
			found = append(found, b)
		}
	}
	if len(found) != 1 {
		return complain(stderr, "-protected wants one CMP message, and there are %d", len(found))
	}
	stdout.Write(found[0])
	return fine
}

// terminal says whether colours are wanted, and how wide the lines may be.
func terminal(w io.Writer) (colour bool, width int) {
	file, ok := w.(*os.File)
	if !ok {
		return false, 0
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false, 0
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n >= 60 && n <= 200 {
		width = n
	}
	// https://no-color.org: set and not empty, whatever its value.
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", width
}

// status is the exit code, with a line for input in which nothing is recognised.
func status(r *report.Report, chosen []string, stderr io.Writer) int {
	known := false
	failed := false
	for i := range r.Items {
		it := &r.Items[i]
		known = known || it.Kind != "unknown"
		failed = failed || it.Verdict.Status == report.Fail || profileFailed(it.Checks, chosen)
	}
	switch {
	case !known:
		name := "paste"
		if len(r.Items) > 0 {
			name = r.Items[0].Input
		}
		return complain(stderr, "%s: nothing was recognised, at byte 0", name)
	case failed:
		return failing
	}
	return fine
}

// profileFailed looks for a failed check of a chosen profile. Other profiles
// are shown and decide nothing.
func profileFailed(rows []report.Check, chosen []string) bool {
	for i := range rows {
		k := &rows[i]
		if slices.Contains(chosen, k.Profile) && k.Status == report.Fail || profileFailed(k.Children, chosen) {
			return true
		}
	}
	return false
}
