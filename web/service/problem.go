package service

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"derscope/decode/report"
)

// Problem answers with problem details, RFC 9457: what the status means for
// this request, in a sentence that says what to do. The detail must not quote a
// secret.
func Problem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	b := []byte("{\n  \"type\": \"about:blank\",\n  \"title\": ")
	b = report.AppendQuoted(b, title(status))
	b = append(b, ",\n  \"status\": "...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(b, ",\n  \"detail\": "...)
	b = report.AppendQuoted(b, detail)
	b = append(b, "\n}\n"...)
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(b)
	}
}

// title is the phrase of RFC 9110, which renamed some that net/http keeps.
func title(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	}
	return http.StatusText(status)
}

// refusal is an error with the status that it is answered with.
type refusal struct {
	status int
	detail string
	fields [2]string // a header field that goes with it
}

func (e *refusal) Error() string { return e.detail }

func refuse(status int, format string, a ...any) error {
	return &refusal{status: status, detail: fmt.Sprintf(format, a...)}
}

// octets says how many, in the unit that fits.
func octets(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return report.Plural(int(n), "octet", "octets")
}

// list joins words for a sentence: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
