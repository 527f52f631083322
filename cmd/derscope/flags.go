package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"derscope/decode/ask"
)

// inspectHelp has a line for each flag; a test holds it against define.
const inspectHelp = `derscope inspect [flags] [FILE ...]

Say what is in the files, whether to believe it, and why. A file is DER, PEM,
base64, hex, an HTTP message, JSON or the output of OpenSSL, and may hold several
things; without a FILE, or for -, it is read from standard input.

    derscope inspect staple.der -with chain.pem
    openssl s_client -connect HOST:443 -status </dev/null | derscope inspect

Evidence; each can be given several times:
  -with FILE        certificates, requests, other messages; what they are for is found
  -subject FILE     the certificate that is asked about
  -issuer FILE      its issuer
  -anchor FILE      trust anchor
  -responder FILE   responder trusted by local decision (RFC 6960 §4.2.2.2, case 1)
  -signer FILE      certificate of the signer of CMP messages, trusted as it is
  -old FILE         certificate that a CMP request updates or revokes
  -out-trusted FILE anchor that a new certificate must lead to for the CMP client
  -secret SRC       shared secret:  pass:TEXT, hex:DIGITS, file:PATH or env:NAME
  -ticket-key SRC   key of session tickets, given like a secret

Judging:
  -at TIME          at this time, such as 2026-11-20T09:12:00Z (RFC 3339); default: now
  -nonce HEX        the nonce that was sent
  -profile NAME     the checks of a profile, too; can be given several times:
                    br, mozilla, microsoft, rfc9919; for CMP lw, 3gpp, openssl
  -set NAME=VALUE   a switch of the simulated CMP client; can be given several times:
                    unprotectedErrors, disableConfirm, ignoreKeyUsage and
                    permitTAInExtraCertsForIR (yes or no), expectedSender (a name),
                    totalTimeout (seconds); and work, the most rounds of a key
                    derivation that are computed (1000000, at most 10000000)

Output:
  -text             text (the default): verdict, status tree, programs, fields
  -checks           of the text the verdict and the status tree, with all that passed
  -fields           of the text the fields
  -asn1             the ASN.1, element by element
  -protected        the octets that the protection of a CMP message is made over, in DER
  -json             everything in JSON; derscope schema describes it
  -all              long lists, long values and what is not read in full
  -reveal           secrets, too

Flags may stand before and behind files; what follows -- is a file.

Exit status: 0 if it could be read and nothing failed; 1 if a verdict is «fail», or
a check of a profile that was named; 2 for wrong usage, unreadable input, or nothing
that was recognised.
`

// flags are those of inspect, as they were given.
type flags struct {
	ask.Question

	json, text           bool
	fields, asn1, checks bool
	protected            bool

	err error // in the source of a secret
}

// define makes the flag set. What the flags are for is in inspectHelp.
func (f *flags) define(stdin io.Reader) *flag.FlagSet {
	set := flag.NewFlagSet("inspect", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	for _, name := range ask.Evidence {
		set.Func(name, "", func(value string) error {
			if _, hidden := ask.SecretKind(name); !hidden {
				in, err := load(value, stdin)
				f.Put(name, in.Name, in.Bytes)
				return err
			}
			// Returned from here, an error would be printed with the secret before it.
			b, err := secret(value)
			if err != nil && f.err == nil {
				f.err = fmt.Errorf("-%s: %w", name, err)
			}
			f.Put(name, "", b)
			return nil
		})
	}
	for _, name := range ask.Words {
		set.Func(name, "", func(value string) error { return f.Say(name, value) })
	}
	set.BoolVar(&f.json, "json", false, "")
	set.BoolVar(&f.text, "text", false, "")
	set.BoolVar(&f.fields, "fields", false, "")
	set.BoolVar(&f.asn1, "asn1", false, "")
	set.BoolVar(&f.checks, "checks", false, "")
	set.BoolVar(&f.protected, "protected", false, "")
	set.BoolVar(&f.All, "all", false, "")
	set.BoolVar(&f.Reveal, "reveal", false, "")
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
	case f.protected && (parts > 0 || f.json || f.text):
		return errors.New("-protected writes octets, and goes with no other form of output")
	case f.json && parts > 0:
		return errors.New("-fields, -asn1 and -checks are parts of the text: -json writes the whole report")
	}
	return nil
}

// secret reads the source of a secret. Its errors do not quote it.
func secret(src string) ([]byte, error) {
	if b, known, err := ask.Secret(src); known {
		return b, err
	}
	kind, rest, _ := strings.Cut(src, ":")
	switch kind {
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
