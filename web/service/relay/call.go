package relay

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"derscope/decode"
	"derscope/decode/ask"
	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/report"
	"derscope/web/service"
)

// Call is one question to one responder: allowed, and as it is sent.
type Call struct {
	Method string // by which the responder is asked
	URL    string // with the request in it, of a GET
	Body   []byte // nil of a GET

	Request []byte         // in DER
	Beside  []decode.Input // what the report takes into account
	Report  bool           // the caller wants the report
	Fresh   bool           // the caller wants no answer that was kept
}

// Key is what an answer is kept under.
func (c *Call) Key() [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(c.URL), 0), c.Body...))
}

// NewCall reads what a caller wants. It waits for nothing but the body.
func NewCall(r *http.Request) (*Call, *Problem) {
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return nil, problem(http.StatusMethodNotAllowed, "The relay takes POST with an OCSP request as the body, and GET with one in the path.")
	}
	// Other sites have no business here, and a form of theirs needs no leave.
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return nil, problem(http.StatusForbidden, "The relay serves the pages beside it and programs, and no pages of other sites.")
	}
	to, p := target(r)
	if p != nil {
		return nil, p
	}
	c := &Call{Method: r.Method, URL: to, Report: wantsReport(r.Header.Values("Accept"))}
	c.Fresh = directive(r.Header, "no-cache") || directive(r.Header, "no-store")
	if r.Method == http.MethodGet {
		c.Request, p = inPath(r.URL.EscapedPath())
	} else {
		p = c.body(r)
	}
	if p == nil {
		p = wellFormed(c.Request)
	}
	if p == nil && r.Method == http.MethodGet {
		p = c.get()
	}
	if p != nil {
		return nil, p
	}
	if r.Method == http.MethodPost {
		c.Body = c.Request
	}
	return c, nil
}

// target is where the query points.
func target(r *http.Request) (string, *Problem) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "", problem(http.StatusBadRequest, "The query cannot be read: %v. Escape the URL of the responder, as in ?url=http%%3A%%2F%%2Focsp.example.net%%2F.", err)
	}
	for name := range q {
		if name != "url" {
			return "", problem(http.StatusBadRequest, "The query has «%s», and the relay knows url alone. Escape & and + in the URL of the responder.", brief(name))
		}
	}
	if len(q["url"]) != 1 {
		return "", problem(http.StatusBadRequest, "The query has url %s, and one is wanted: the address of the responder, as in ?url=http%%3A%%2F%%2Focsp.example.net%%2F.", report.Plural(len(q["url"]), "time", "times"))
	}
	to, err := Guard(q.Get("url"))
	if err != nil {
		return "", problem(http.StatusForbidden, "%v", err)
	}
	if u, err := url.Parse(to); err == nil && strings.EqualFold(u.Host, r.Host) {
		return "", problem(http.StatusForbidden, "The URL points at this relay itself, which is no responder.")
	}
	return to, nil
}

// maxGET is the length of a URL up to which requests go by GET (RFC 9919, section 6).
const maxGET = 255

// get puts the request into the URL.
func (c *Call) get() *Problem {
	if strings.Contains(c.URL, "?") {
		return problem(http.StatusBadRequest, "The URL of the responder has a query, and GET appends the request to the path (RFC 6960, appendix A.1): send it by POST.")
	}
	c.URL = strings.TrimSuffix(c.URL, "/") + "/" + coded(c.Request)
	if n := len(c.URL); n > maxGET {
		return problem(http.StatusBadRequest, "The URL with the request in it has %d octets, and GET is for at most %d (RFC 9919, section 6): send it by POST.", n, maxGET)
	}
	return nil
}

// coded is a request as it stands in a URL.
func coded(b []byte) string {
	return strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D").Replace(base64.StdEncoding.EncodeToString(b))
}

// inPath takes the request out of the end of a path. Some clients have one
// slash more before it.
func inPath(p string) ([]byte, *Problem) {
	const wanted = "GET wants the request at the end of the path, in base64 with + / = escaped (RFC 6960, appendix A.1)"
	_, end, _ := strings.Cut(p, "/ocsp/")
	if end = strings.TrimLeft(end, "/"); end == "" {
		return nil, problem(http.StatusBadRequest, "%s, and there is none.", wanted)
	}
	text, err := url.PathUnescape(end)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "%s: %v.", wanted, err)
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, problem(http.StatusBadRequest, "%s: %v.", wanted, err)
	}
	return b, nil
}

// maxFile is how long the name of a file may be: the report repeats it with each
// thing that is found.
const maxFile = 1024

// body reads the request, and what comes beside it in a form.
func (c *Call) body(r *http.Request) *Problem {
	from := r.Body
	if from == nil {
		from = http.NoBody
	}
	media, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "multipart/form-data" {
		b, p := take(from, MaxRequest, "OCSP request")
		c.Request = b
		return p
	}
	if parameters["boundary"] == "" {
		return problem(http.StatusBadRequest, "The form cannot be read: its Content-Type has no boundary, by which the parts are told apart. Let the client that makes the form write that header.")
	}
	whole := &io.LimitedReader{R: from, N: MaxForm + 1}
	parts := multipart.NewReader(whole, parameters["boundary"])
	left := MaxBeside
	var beside ask.Question
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		var late interface{ Timeout() bool }
		switch {
		case err == nil:
		case whole.N == 0:
			return problem(http.StatusRequestEntityTooLarge, "The form is longer than %s, the most that the relay takes.", report.Plural(MaxForm, "octet", "octets"))
		case errors.As(err, &late) && late.Timeout():
			return problem(http.StatusRequestTimeout, "The form came too slowly: there were %s of it in time.", report.Plural(MaxForm+1-int(whole.N), "octet", "octets"))
		default:
			return problem(http.StatusBadRequest, "The form cannot be read: it ends too early, or its parts are not told apart by the boundary that its Content-Type has.")
		}
		name := part.FormName()
		if name == "request" && c.Request == nil {
			b, p := take(part, MaxRequest, "OCSP request")
			if p != nil {
				return p
			}
			c.Request = b
			continue
		}
		if _, secret := ask.SecretKind(name); secret || !slices.Contains(ask.Evidence, name) {
			return problem(http.StatusBadRequest, "The form has a part «%s». It takes one request, and certificates beside it as with, subject, issuer, anchor or responder.", brief(name))
		}
		if n := len(part.FileName()); n > maxFile {
			return problem(http.StatusBadRequest, "The name of a file has %d octets, and at most %d are taken.", n, maxFile)
		}
		b, p := take(part, left, "evidence beside the request")
		if p != nil {
			return p
		}
		left -= len(b)
		beside.Put(name, cmp.Or(part.FileName(), name), b)
	}
	c.Beside = beside.Beside
	if c.Request == nil {
		return problem(http.StatusBadRequest, "The form has no part named request: the OCSP request, in DER.")
	}
	return nil
}

// take reads what a caller sends, up to a number of octets.
func take(r io.Reader, most int, what string) ([]byte, *Problem) {
	b, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	var wide *http.MaxBytesError
	var late interface{ Timeout() bool }
	switch {
	case len(b) > most || errors.As(err, &wide):
		return nil, problem(http.StatusRequestEntityTooLarge, "The %s is longer than %s, the most that the relay takes.", what, report.Plural(most, "octet", "octets"))
	case errors.As(err, &late) && late.Timeout():
		return nil, problem(http.StatusRequestTimeout, "The %s came too slowly: there were %s of it in time.", what, report.Plural(len(b), "octet", "octets"))
	case err != nil:
		return nil, problem(http.StatusBadRequest, "The %s ends after %s: %v.", what, report.Plural(len(b), "octet", "octets"), err)
	}
	return b, nil
}

// structural are the faults with which octets are no OCSP request. Others, such
// as an INTEGER that is padded as the certificate has it, are sent as they are:
// what a responder makes of them may be the question.
var structural = map[field.Kind]bool{
	field.Truncated: true, field.BadElement: true, field.Unexpected: true, field.Missing: true, field.Trailing: true,
	field.ObjectID: true, field.Depth: true, field.TooMany: true, field.Empty: true,
}

// wellFormed says whether octets are one OCSP request.
func wellFormed(b []byte) *Problem {
	const hint = "The relay takes one OCSP request, in DER"
	if len(b) == 0 {
		return problem(http.StatusBadRequest, "%s, and nothing was sent.", hint)
	}
	if len(b) > MaxRequest {
		return problem(http.StatusRequestEntityTooLarge, "The OCSP request is longer than %s, the most that the relay takes.", report.Plural(MaxRequest, "octet", "octets"))
	}
	t := field.NewTree(field.Limits{})
	r := t.Reader(t.Add(report.Source{Name: "request", Bytes: b}))
	q := ocsp.ReadRequest(r)
	for _, f := range t.Faults {
		if structural[f.Kind] {
			return problem(http.StatusBadRequest, "%s: at octet %d %s.", hint, f.Off, strings.TrimSuffix(f.Message, "."))
		}
	}
	if n := len(r.Left()); n > 0 {
		return problem(http.StatusBadRequest, "%s: %s its end.", hint, report.Plural(n, "octet follows", "octets follow"))
	}
	if len(q.List) == 0 {
		return problem(http.StatusBadRequest, "%s, and this one asks for no certificate.", hint)
	}
	return nil
}

// wantsReport reads the Accept of a caller: the report comes where it is named,
// and the response is not preferred.
func wantsReport(accept []string) bool {
	var asked, raw float64
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		media, parameters, _ := strings.Cut(part, ";")
		q := service.Weight(parameters)
		switch strings.ToLower(strings.TrimSpace(media)) {
		case "application/json":
			asked = max(asked, q)
		case responseType:
			raw = max(raw, q)
		}
	}
	return asked > 0 && asked >= raw
}
