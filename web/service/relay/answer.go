package relay

import (
	"encoding/hex"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/report"
)

// Answer is what a responder said.
type Answer struct {
	Body  []byte    // an OCSP response, whatever is wrong inside
	Until time.Time // it may be kept so long; zero: not at all
}

// Judge says whether what came is an OCSP response, and how long it may be
// kept. Of a body that is longer than [MaxResponse] one octet more is enough.
// It waits for nothing.
func (c *Call) Judge(status int, h http.Header, body []byte, at time.Time) (*Answer, *Problem) {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		media = strings.TrimSpace(h.Get("Content-Type"))
	}
	coding := strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding")))
	switch {
	case status/100 == 3 && h.Get("Location") != "":
		return nil, problem(http.StatusBadGateway, "The responder answers %d and points to «%s». Redirects are not followed: ask there, if you trust where it points.", status, report.Clean(longer(h.Get("Location"))))
	case status != http.StatusOK:
		return nil, problem(http.StatusBadGateway, "The responder answers %s, with %s that %s. OCSP travels in 200 (RFC 6960, appendix A.2), so this is a web server's own answer.", named(status), typed(media), begins(body))
	case media != responseType:
		return nil, problem(http.StatusBadGateway, "The responder answers with %s, not %s, and it %s.", typed(media), responseType, begins(body))
	case coding != "" && coding != "identity":
		return nil, problem(http.StatusBadGateway, "The responder answers in the coding «%s», which nobody asked for; it %s.", brief(coding), begins(body))
	case len(body) > MaxResponse:
		return nil, tooLong("more than " + report.Plural(MaxResponse, "octet", "octets"))
	case len(body) == 0:
		return nil, problem(http.StatusBadGateway, "The responder answers with no octet, labelled %s.", responseType)
	}
	p := read(body)
	if !p.Status.OK {
		return nil, problem(http.StatusBadGateway, "The responder answers with what is labelled %s and is none: it %s.", responseType, begins(body))
	}
	return &Answer{body, until(p, h, at)}, nil
}

func tooLong(size string) *Problem {
	return problem(http.StatusBadGateway, "The responder answers with %s, and at most %s are relayed. Responses have one or two thousand.", size, report.Plural(MaxResponse, "octet", "octets"))
}

// read takes a response apart. What is wrong inside it is for the report.
func read(b []byte) *ocsp.Response {
	t := field.NewTree(field.Limits{})
	return ocsp.Read(t.Reader(t.Add(report.Source{Name: "response", Bytes: b})))
}

// until says how long a response may be kept: to the first nextUpdate in it,
// and no longer than the responder's HTTP says. One with a nonce was made for
// one asker; one without nextUpdate says that there is always a newer one
// (RFC 6960, section 2.4).
func until(p *ocsp.Response, h http.Header, at time.Time) time.Time {
	if p.Status.Value != 0 || p.Basic == nil || len(p.Basic.Data.Singles) == 0 {
		return time.Time{}
	}
	for _, e := range p.Basic.Data.Extensions {
		if e.ID == ocsp.NonceID {
			return time.Time{}
		}
	}
	var end time.Time
	for _, s := range p.Basic.Data.Singles {
		if !s.NextUpdate.OK {
			return time.Time{}
		}
		if t := s.NextUpdate.Value.Time; end.IsZero() || t.Before(end) {
			end = t
		}
	}
	for _, never := range []string{"no-store", "no-cache", "private"} {
		if directive(h, never) {
			return time.Time{}
		}
	}
	if life, ok := lifetime(h); ok && at.Add(life).Before(end) {
		end = at.Add(life)
	}
	if !end.After(at) {
		return time.Time{}
	}
	return end
}

// lifetime is what HTTP gives a response from now on: s-maxage or max-age, less
// the time that it was on its way (RFC 9111, sections 4.2.1 and 5.1).
func lifetime(h http.Header) (time.Duration, bool) {
	for _, name := range []string{"s-maxage", "max-age"} {
		text, ok := value(h, name)
		if !ok {
			continue
		}
		life, err := strconv.ParseUint(text, 10, 31)
		if err != nil { // what cannot be read is stale (RFC 9111, section 4.2.1)
			return 0, true
		}
		age, _ := strconv.ParseUint(h.Get("Age"), 10, 31)
		return time.Duration(int64(life)-int64(age)) * time.Second, true
	}
	return 0, false
}

// directive says whether a Cache-Control names something.
func directive(h http.Header, name string) bool {
	_, ok := value(h, name)
	return ok
}

// value is that of a directive of Cache-Control.
func value(h http.Header, name string) (string, bool) {
	for part := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		n, v, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(n), name) {
			return strings.Trim(strings.TrimSpace(v), `"`), true
		}
	}
	return "", false
}

func named(status int) string {
	if text := http.StatusText(status); text != "" {
		return strconv.Itoa(status) + " " + text
	}
	return strconv.Itoa(status)
}

func typed(media string) string {
	if media == "" {
		return "a body of no named type"
	}
	return report.Clean(brief(media))
}

// begins shows the start of a body, as text if it is some.
func begins(b []byte) string {
	if len(b) == 0 {
		return "is empty"
	}
	const most = 60
	start := b[:min(len(b), most)]
	for i := 0; len(start) < len(b) && len(start) > 0 && i < utf8.UTFMax-1 && !utf8.Valid(start); i++ {
		start = start[:len(start)-1]
	}
	readable := utf8.Valid(start)
	for _, c := range start {
		readable = readable && (c >= ' ' || c == '\n' || c == '\r' || c == '\t') && c != 0x7f
	}
	if !readable {
		return "begins with the octets " + hex.EncodeToString(b[:min(len(b), 16)])
	}
	return "begins with «" + strings.Join(strings.Fields(string(start)), " ") + "»"
}

// longer cuts what may be quoted at length.
func longer(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
