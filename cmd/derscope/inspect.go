package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"derscope/decode"
	"derscope/decode/report"
)

// flags are those of inspect, as they were given.
type flags struct {
	inputs  []decode.Input // context, in the order of the flags
	options decode.Options

	json, text             bool
	fields, asn1, checks   bool
	all, reveal, timeGiven bool

	err error // in the source of a secret
}

// profiles are the names that -profile takes.
var profiles = []string{"br", "mozilla", "microsoft", "rfc9919", "lw", "3gpp", "openssl"}

func inspect(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	f := &flags{options: decode.Options{Set: map[string]string{}}}
	set := f.define(stdin)
	files, err := parse(set, args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, "derscope inspect [flags] [FILE ...]\n\n")
		set.SetOutput(stdout)
		set.PrintDefaults()
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
	var inputs []decode.Input
	for _, name := range files {
		in, err := load(name, stdin)
		if err != nil {
			code = complain(stderr, "%v", err)
			continue
		}
		inputs = append(inputs, in)
	}
	if len(inputs) == 0 {
		return code
	}
	if !f.timeGiven {
		f.options.At = time.Now()
	}
	c := decode.Load(append(inputs, f.inputs...), decode.Limits{})
	r := c.Report(f.options)
	f.write(c, r, stdout)
	return max(code, status(r, f.options.Profiles, stderr))
}

// define makes the flag set. Flags may stand before and behind files.
func (f *flags) define(stdin io.Reader) *flag.FlagSet {
	set := flag.NewFlagSet("inspect", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	evidence := func(name, role, help string) {
		set.Func(name, help, func(file string) error {
			in, err := load(file, stdin)
			in.Role = role
			f.inputs = append(f.inputs, in)
			return err
		})
	}
	evidence("with", "", "`FILE` with context: certificates, keys, other messages; roles are found (repeatable)")
	evidence("issuer", "issuer", "`FILE` with issuers (repeatable)")
	evidence("subject", "subject", "`FILE` with certificates that are asked about (repeatable)")
	evidence("anchor", "anchor", "`FILE` with trust anchors (repeatable)")
	evidence("responder", "responder", "`FILE` with responders trusted by local decision, RFC 6960 §4.2.2.2 (1) (repeatable)")
	for _, name := range []string{"secret", "ticket-key"} {
		kind := map[string]string{"secret": "shared-secret", "ticket-key": "ticket-key"}[name]
		set.Func(name, "`SRC` of a "+strings.ReplaceAll(kind, "-", " ")+": pass:TEXT, hex:…, file:PATH or env:NAME", func(src string) error {
			// Returned from here, an error would be printed with the secret before it.
			b, err := secret(src)
			if err != nil && f.err == nil {
				f.err = fmt.Errorf("-%s: %w", name, err)
			}
			f.inputs = append(f.inputs, decode.Input{Name: name, Bytes: b, Kind: kind, Secret: true})
			return nil
		})
	}
	set.BoolVar(&f.reveal, "reveal", false, "write secrets out")
	set.Func("nonce", "the nonce that the caller sent, in `HEX`", func(s string) (err error) {
		// As people have it: 0x6a7f, 6A:7F, 6a 7f.
		plain := strings.NewReplacer(":", "", " ", "").Replace(strings.TrimPrefix(strings.ToLower(s), "0x"))
		f.options.Nonce, err = hex.DecodeString(plain)
		if err != nil || len(f.options.Nonce) == 0 {
			return errors.New("not hexadecimal, or empty")
		}
		return nil
	})
	set.Func("at", "evaluation `TIME`, RFC 3339 (default now)", func(s string) (err error) {
		f.timeGiven = true
		f.options.At, err = time.Parse(time.RFC3339, s)
		if err != nil {
			return errors.New("not a time of RFC 3339, such as 2026-11-20T09:12:00Z")
		}
		return nil
	})
	set.Func("profile", "checks of a profile too: `NAME` is one of "+strings.Join(profiles, ", ")+" (repeatable)", func(s string) error {
		for _, p := range profiles {
			if p == s {
				f.options.Profiles = append(f.options.Profiles, s)
				return nil
			}
		}
		return errors.New("no such profile; there are " + strings.Join(profiles, ", "))
	})
	set.Func("set", "a switch of the client simulation, `NAME=VALUE` (repeatable)", func(s string) error {
		name, value, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("want NAME=VALUE")
		}
		f.options.Set[name] = value
		return nil
	})
	set.BoolVar(&f.json, "json", false, "write JSON")
	set.BoolVar(&f.text, "text", false, "write text (default)")
	set.BoolVar(&f.fields, "fields", false, "only the fields, in text")
	set.BoolVar(&f.asn1, "asn1", false, "only the ASN.1, in text")
	set.BoolVar(&f.checks, "checks", false, "only the status tree, in text, with all that passed")
	set.BoolVar(&f.all, "all", false, "long lists, values and the status tree in full")
	return set
}

// parse takes flags and files in any order; behind -- all are files.
func parse(set *flag.FlagSet, args []string) (files []string, err error) {
	for {
		if err := set.Parse(args); err != nil {
			return nil, err
		}
		rest := set.Args()
		if len(rest) == 0 {
			return files, nil
		}
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(files, rest...), nil
		}
		files = append(files, rest[0])
		args = rest[1:]
	}
}

// agree refuses flags that contradict each other.
func (f *flags) agree() error {
	parts := 0
	for _, b := range []bool{f.fields, f.asn1, f.checks} {
		if b {
			parts++
		}
	}
	switch {
	case f.err != nil:
		return f.err
	case f.json && f.text:
		return errors.New("-json and -text exclude each other")
	case parts > 1:
		return errors.New("of -fields, -asn1 and -checks only one can be given")
	case f.json && parts > 0:
		return errors.New("-fields, -asn1 and -checks are parts of the text: -json writes the whole report")
	}
	return nil
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

// secret reads the source of a secret. Its errors do not quote it.
func secret(src string) ([]byte, error) {
	kind, rest, _ := strings.Cut(src, ":")
	switch kind {
	case "pass":
		return []byte(rest), nil
	case "hex":
		b, err := hex.DecodeString(rest)
		if err != nil {
			return nil, errors.New("hex: is not followed by hexadecimal")
		}
		return b, nil
	case "file":
		b, err := os.ReadFile(rest)
		if err != nil {
			return nil, fmt.Errorf("%s: %v", rest, cause(err))
		}
		return b, nil
	case "env":
		s, ok := os.LookupEnv(rest)
		if !ok {
			return nil, fmt.Errorf("no variable %s in the environment", rest)
		}
		return []byte(s), nil
	}
	return nil, errors.New("want pass:TEXT, hex:…, file:PATH or env:NAME")
}

func (f *flags) write(c *decode.Case, r *report.Report, stdout io.Writer) {
	var open func(report.Ref, int, int) []report.Node
	if f.all {
		open = c.Open
	}
	if f.json {
		stdout.Write(r.JSON(report.JSONOptions{Reveal: f.reveal, Open: open}))
		return
	}
	o := report.TextOptions{Reveal: f.reveal, Open: open, Passed: f.all || f.checks, Beside: f.all}
	o.Colour, o.Width = terminal(stdout)
	switch {
	case f.asn1:
		for i := range r.Items {
			elements(stdout, r, i, f.reveal)
		}
		return
	case f.fields:
		o.Part = report.FieldsOnly
	case f.checks:
		o.Part = report.ChecksOnly
	}
	stdout.Write(r.Text(o))
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
