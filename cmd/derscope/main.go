// Command derscope reads what PKI and TLS people paste at each other, says
// what it is and whether to believe it, and why.
//
//	derscope inspect staple.der -with issuer.pem
//	derscope serve
//
// It is the same decoder as that of the page, on a terminal. It keeps nothing,
// and fetches nothing but what serve is asked to relay: serve hands out the
// page on a port of this machine, and answers for the API beside it.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"derscope/decode/report"
)

const usage = `derscope inspect [flags] [FILE ...]   say what is in the files; without one, or for -, in standard input
derscope schema                       print the JSON Schema of the report
derscope serve [flags]                serve the page, and the decoder over HTTP, on this machine
derscope version                      print the version

derscope inspect -h and derscope serve -h list their flags.
`

// The exit codes of the command.
const (
	fine    = 0 // decoded, and nothing failed
	failing = 1 // decoded, and a verdict or a check of a chosen profile failed
	useless = 2 // wrong usage, unreadable input, or nothing recognised
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return useless
	}
	switch args[0] {
	case "inspect":
		return inspect(args[1:], stdin, stdout, stderr)
	case "schema":
		if len(args) > 1 {
			return complain(stderr, "schema takes no arguments")
		}
		stdout.Write(report.Schema())
		return fine
	case "serve":
		return serve(args[1:], stdout, stderr)
	case "version":
		if len(args) > 1 {
			return complain(stderr, "version takes no arguments")
		}
		fmt.Fprintln(stdout, "derscope "+version())
		return fine
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return fine
	}
	return complain(stderr, "no such command: %s (inspect, schema, serve, version)", args[0])
}

// complain writes one line to standard error and answers with the exit code.
func complain(stderr io.Writer, format string, a ...any) int {
	fmt.Fprintln(stderr, "derscope: "+report.Clean(fmt.Sprintf(format, a...)))
	return useless
}

// version is that of the module, in which Go names the commit that it was built
// from unless it was told not to look; and the version of Go.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "(unknown)"
	}
	return cmp.Or(info.Main.Version, "(devel)") + " " + info.GoVersion
}
