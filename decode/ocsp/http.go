package ocsp

import (
	"bytes"
	"fmt"
	"math"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"derscope/decode/armor"
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// The rules of this file judge the HTTP message that carried a response or a
// request. Headers are not signed (RFC 9919, section 8.5), so none of this
// touches the verdict.

// header gives the value of a header field, and whether it is there.
func header(h *armor.HTTP, name string) (string, bool) {
	for _, f := range h.Headers {
		if textproto.CanonicalMIMEHeaderKey(f.Name) == name {
			return strings.TrimSpace(f.Value), true
		}
	}
	return "", false
}

func transport[V any](id, title string, level check.Level, section string, number int, judge func(*check.Context, V, *armor.HTTP) check.Outcome) check.Rule[V] {
	return check.Rule[V]{ID: "ocsp.http." + id, Group: groupHTTP, Level: level, Refs: spec.Join(spec.RFC(number, section)), Title: title,
		Judge: func(c *check.Context, v V) check.Outcome {
			if c.HTTP == nil {
				return check.Skip()
			}
			return judge(c, v, c.HTTP)
		}}
}

// mediaType judges the Content-Type of a message.
func mediaType(h *armor.HTTP, want string) check.Outcome {
	have, ok := header(h, "Content-Type")
	why := "A login page or a proxy's answer shows here."
	if h.Request {
		why = "A responder may refuse it."
	}
	switch {
	case !ok && h.Request && h.Method == "GET":
		return check.Skip()
	case !ok:
		return check.Doubtful(report.None, "There is no Content-Type; it has to be %s.", want)
	case !strings.EqualFold(strings.TrimSpace(strings.Split(have, ";")[0]), want):
		return check.Doubtful(report.None, "Content-Type is «%s»; it has to be %s. %s", have, want, why)
	}
	return check.Holds(report.None, "")
}

// life gives the directives of Cache-Control, in lower case.
func life(h *armor.HTTP) map[string]string {
	out := map[string]string{}
	for _, f := range h.Headers {
		if textproto.CanonicalMIMEHeaderKey(f.Name) != "Cache-Control" {
			continue
		}
		for _, d := range strings.Split(f.Value, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
			out[strings.ToLower(name)] = strings.Trim(value, `"`)
		}
	}
	return out
}

// nextUpdate gives the earliest nextUpdate of the entries that count.
func (v *View) nextUpdate() (next time.Time, at report.Ref) {
	at = report.None
	for _, i := range v.counted() {
		if n := v.singles()[i].NextUpdate; n.OK && (at == report.None || n.Value.Before(next)) {
			next, at = n.Value.Time, n.Ref
		}
	}
	return next, at
}

// date reads a header field that holds a date.
func date(h *armor.HTTP, name string) (time.Time, string, bool) {
	text, ok := header(h, name)
	if !ok {
		return time.Time{}, "", false
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, text); err == nil {
			return t.UTC(), text, true
		}
	}
	return time.Time{}, text, false
}

// dateForms are the three forms of an HTTP-date (RFC 9110, section 5.6.7).
var dateForms = []string{"Mon, 02 Jan 2006 15:04:05 GMT", time.RFC850, time.ANSIC}

var httpResponseRules = []rule{
	transport("status", "The HTTP status is 200", check.Must, "A.2", 6960, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		if h.Request {
			return check.Skip()
		}
		if h.Status != 200 {
			return check.Broken(report.None, "It is %d %s. Errors of OCSP travel in 200: this one is the web server's.", h.Status, h.Reason)
		}
		return check.Holds(report.None, "")
	}),
	transport("type", "Content-Type is application/ocsp-response", check.Should, "A.2", 6960, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		return mediaType(h, "application/ocsp-response")
	}),
	transport("length", "Content-Length is that of the body", check.Should, "A.2", 6960, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		_, encoded := header(h, "Content-Encoding")
		_, chunked := header(h, "Transfer-Encoding")
		if h.DeclaredLength < 0 || h.Request || encoded || chunked {
			return check.Skip()
		}
		if have := len(c.Source); h.DeclaredLength != have {
			return check.Doubtful(report.None, "Content-Length says %d octets, %d are here: it is cut off, or was changed in copying.", h.DeclaredLength, have)
		}
		return check.Holds(report.None, "")
	}),
	transport("no-cache", "A successful response may be cached", check.Should, "7.2", 9919, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		if h.Request || !v.Status.OK || v.Status.Value != 0 {
			return check.Skip()
		}
		directives := life(h)
		for _, d := range []string{"no-cache", "no-store"} {
			if _, ok := directives[d]; ok {
				return check.Doubtful(report.None, "Cache-Control says %s; signed answers must be cacheable.", d)
			}
		}
		if p, ok := header(h, "Pragma"); ok && strings.EqualFold(p, "no-cache") {
			return check.Doubtful(report.None, "Pragma says no-cache; signed answers must be cacheable.")
		}
		return check.Holds(report.None, "")
	}),
	transport("max-age", "max-age ends before nextUpdate", check.Should, "7.2", 9919, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		seconds, err := strconv.Atoi(life(h)["max-age"])
		next, at := v.nextUpdate()
		if h.Request || err != nil || at == report.None {
			return check.Skip()
		}
		from, _, ok := date(h, "Date")
		if !ok {
			from = c.At
		}
		if from.IsZero() {
			return check.Needs("time", at, "Give a reference time, for there is no Date.")
		}
		if end := from.Add(time.Duration(min(seconds, math.MaxInt32)) * time.Second); end.After(next) {
			return check.Doubtful(at, "max-age=%d reaches to %s, past nextUpdate %s: caches would serve it expired.", seconds, report.Clock(end), report.Clock(next))
		}
		return check.Holds(at, "")
	}),
	transport("expires", "Expires is nextUpdate", check.Should, "7.2", 9919, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		t, text, ok := date(h, "Expires")
		next, at := v.nextUpdate()
		switch {
		case h.Request || text == "" || at == report.None:
			return check.Skip()
		case !ok:
			return check.Doubtful(at, "Expires is «%s», which is no date.", text)
		case !t.Equal(next):
			return check.Doubtful(at, "Expires is %s, nextUpdate %s.", report.Clock(t), report.Clock(next))
		}
		return check.Holds(at, "")
	}),
	transport("last-modified", "Last-Modified is thisUpdate or producedAt", check.Should, "7.2", 9919, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		t, text, ok := date(h, "Last-Modified")
		switch {
		case h.Request || text == "" || v.Basic == nil:
			return check.Skip()
		case !ok:
			return check.Doubtful(report.None, "Last-Modified is «%s», which is no date.", text)
		}
		if p := v.Basic.Data.ProducedAt; p.OK && p.Value.Equal(t) {
			return check.Holds(p.Ref, "It is producedAt.")
		}
		for _, i := range v.counted() {
			if s := v.singles()[i]; s.ThisUpdate.OK && s.ThisUpdate.Value.Equal(t) {
				return check.Holds(s.ThisUpdate.Ref, "It is thisUpdate.")
			}
		}
		return check.Doubtful(v.Basic.Data.ProducedAt.Ref, "Last-Modified is %s, neither producedAt nor thisUpdate.", report.Clock(t))
	}),
	transport("etag", "With an ETag, caches ask again cheaply", check.Advice, "7.2", 9919, func(c *check.Context, v *View, h *armor.HTTP) check.Outcome {
		if h.Request || v.Basic == nil {
			return check.Skip()
		}
		if tag, ok := header(h, "Etag"); ok {
			return check.Note(report.None, "ETag is %s. Recommended is the hash of the response: hex of SHA-256.", tag)
		}
		return check.Note(report.None, "There is no ETag. Recommended is the hash of the response: hex of SHA-256.")
	}),
}

var httpRequestRules = []check.Rule[*Asking]{
	transport("type", "Content-Type is application/ocsp-request", check.Should, "A.1", 6960, func(c *check.Context, q *Asking, h *armor.HTTP) check.Outcome {
		return mediaType(h, "application/ocsp-request")
	}),
	transport("get-form", "The request in the URL is written as the RFC says", check.Should, "A.1", 6960, func(c *check.Context, q *Asking, h *armor.HTTP) check.Outcome {
		if !h.Request || h.Method != "GET" {
			return check.Skip()
		}
		if why := getForm(h.Target, q.Raw); why != "" {
			return check.Doubtful(q.Ref, "%s.", why)
		}
		return check.Holds(q.Ref, "")
	}),
}

// getForm says what is wrong with the encoding of a request in a URL, or "".
//
// RFC 6960, appendix A.1; RFC 9919, section 6
func getForm(target string, raw []byte) string {
	want := escaped(raw)
	if strings.HasSuffix(target, "/"+want) {
		if strings.HasSuffix(target, "//"+want) {
			return "There are two slashes before the request: some responders take them for part of it"
		}
		return ""
	}
	path := target
	if _, after, ok := strings.Cut(target, "://"); ok {
		_, path, _ = strings.Cut(after, "/")
	}
	last := path
	plain := strings.NewReplacer("%2B", "+", "%2F", "/", "%3D", "=").Replace(want)
	switch {
	case strings.ContainsAny(last, "\r\n") || strings.Contains(last, "%0A") || strings.Contains(last, "%0D"):
		return "There are line breaks in the base64"
	case strings.Contains(last, " ") || strings.Contains(last, "%20"):
		return "There is a space where a + was: a + that is not escaped becomes one"
	case strings.ContainsAny(last, "-_") && !strings.Contains(plain, "-"):
		return "It is base64url; the RFC asks for base64"
	case strings.HasSuffix(path, strings.TrimRight(plain, "=")) && strings.HasSuffix(plain, "="),
		strings.HasSuffix(path, strings.TrimSuffix(strings.TrimSuffix(want, "%3D"), "%3D")) && strings.HasSuffix(want, "%3D"):
		return "The padding = is missing"
	case strings.HasSuffix(path, plain):
		return "The characters + / = are not escaped: a lone + becomes a space, // becomes /"
	}
	return "It is not the percent-encoded base64 of the request"
}

// escaped is the form of a request in a URL: base64, percent-encoded.
func escaped(raw []byte) string {
	var out bytes.Buffer
	for _, c := range []byte(base64Of(raw)) {
		switch c {
		case '+', '/', '=':
			fmt.Fprintf(&out, "%%%02X", c)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
