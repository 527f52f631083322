package service

import (
	"strconv"
	"strings"
)

// The forms of a report, in the order of preference where the client has none.
const (
	asJSON     = "application/json"
	asText     = "text/plain"
	asMarkdown = "text/markdown"
)

var forms = []string{asJSON, asText, asMarkdown}

// negotiate chooses the form that an Accept wants most, or "" if it wants none.
// RFC 9110, section 12.5.1.
func negotiate(fields []string) string {
	header := strings.Join(fields, ",")
	if strings.TrimSpace(header) == "" {
		return asJSON
	}
	best, most := "", 0.0
	for _, form := range forms {
		if q := wish(header, form); q > most {
			best, most = form, q
		}
	}
	return best
}

// wish is the weight of a form: that of the range that fits it most closely.
func wish(header, form string) float64 {
	kind, _, _ := strings.Cut(form, "/")
	q, close := 0.0, 0
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		n := 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case form:
			n = 3
		case kind + "/*":
			n = 2
		case "*/*":
			n = 1
		}
		if n > close {
			q, close = Weight(parameters), n
		}
	}
	return q
}

// Weight is the q among the parameters of a range in a header field such as
// Accept; 1 where there is none, 0 where it is no number. RFC 9110, section 12.4.2.
func Weight(parameters string) float64 {
	for p := range strings.SplitSeq(parameters, ";") {
		name, value, ok := strings.Cut(p, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
