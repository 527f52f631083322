package service

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"derscope/decode"
	"derscope/decode/ask"
	"derscope/decode/report"
)

// answer is a report, written.
type answer struct {
	kind string
	body []byte
}

// answer answers POST /api/inspect.
func (h *handler) answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	a, err := h.inspect(r)
	var no *refusal
	switch {
	case errors.As(err, &no):
		if no.fields[0] != "" {
			w.Header().Set(no.fields[0], no.fields[1])
		}
		Problem(w, r, no.status, no.detail)
	case err != nil:
		Problem(w, r, http.StatusInternalServerError, "The request could not be answered.")
	case !h.room(cap(a.body)):
		w.Header().Set("Retry-After", "1")
		Problem(w, r, http.StatusServiceUnavailable, "Others are taking long reports, and there is room for no more of them. Ask again in a moment, without «all», or send fewer things at once.")
	default:
		defer h.sent.Add(-int64(cap(a.body)))
		write(w, r, a.kind, a.body)
		if room := a.body; cap(room) <= roomiest {
			h.rooms.Put(&room)
		}
	}
}

// roomiest is how long the room of a report may be that the next one is written
// over. To make it anew each time would be a third of all memory that is made.
const roomiest = 1 << 20

// room counts a report among those that clients are taking, who may be slow on
// purpose. Long ones leave half of the room to others.
func (h *handler) room(n int) bool {
	all := h.sent.Add(int64(n))
	if h.Held > 0 && (all > h.Held || n > roomiest && all > h.Held/2) {
		h.sent.Add(-int64(n))
		return false
	}
	return true
}

// judge reads a request, judges what it holds and writes the report.
func (h *handler) judge(r *http.Request) (a answer, err error) {
	form := negotiate(r.Header.Values("Accept"))
	if form == "" {
		return a, refuse(http.StatusNotAcceptable, "The report can be had as %s; the header Accept wants none of them.", list(forms))
	}
	b := &body{h: h, r: r}
	defer b.release()
	q, err := b.question()
	if err != nil {
		return a, err
	}
	if h.Turn != nil {
		done, err := h.Turn(r, b.held)
		if err != nil {
			return a, busy("Too much is being judged at the moment.")
		}
		defer done()
	}
	c, found := q.Answer(h.Now())
	a = h.write(form, q, c, found)
	if len(a.body) == 0 {
		return a, refuse(http.StatusUnprocessableEntity,
			"The report would be longer than %s, which is as much as this service writes. Leave out «all», send fewer things at once, or use derscope inspect on a machine of yours.", octets(int64(h.Report)))
	}
	return a, nil
}

// write writes a report in a form. Of one that is too long nothing is left: a
// report is made before it is sent, and may be two hundred times the input.
func (h *handler) write(form string, q *ask.Question, c *decode.Case, r *report.Report) answer {
	q.Most = h.Report
	if room, ok := h.rooms.Get().(*[]byte); ok {
		q.Room = *room
	}
	switch form {
	case asText:
		return answer{asText + "; charset=utf-8", q.Text(c, r, report.TextOptions{})}
	case asMarkdown:
		b := q.Markdown(r)
		if len(b) > h.Report {
			b = nil
		}
		return answer{asMarkdown + "; charset=utf-8", b}
	}
	return answer{asJSON, q.JSON(c, r)}
}

// body reads the body of a request, and counts what it holds.
type body struct {
	h    *handler
	r    *http.Request
	held int64
}

// Read counts what is read before anybody else may hold as much. What a client
// announces costs nothing; what it sends does.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.r.Body.Read(p)
	b.held += int64(n)
	all := b.h.held.Add(int64(n))
	switch {
	case b.held > b.h.Body:
		return n, b.tooLarge()
	case b.h.Held > 0 && (all > b.h.Held || b.held > small && all > b.h.Held/2):
		return n, busy("Too much is being read at the moment.")
	}
	return n, err
}

// small is a body that there is room for when large ones, which may come slowly,
// have taken theirs: half of all.
const small = 64 << 10

// release gives back what was held.
func (b *body) release() { b.h.held.Add(-b.held) }

func (b *body) tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "The body may have %s at the most. Send fewer things at once, or use derscope inspect on a machine of yours.", octets(b.h.Body))
}

func busy(what string) error {
	return &refusal{http.StatusServiceUnavailable, what + " Ask again in a moment.", [2]string{"Retry-After", "1"}}
}

// question makes a question of the query and the body.
func (b *body) question() (*ask.Question, error) {
	q := &ask.Question{}
	if err := b.query(q); err != nil {
		return nil, err
	}
	if coding := strings.Join(b.r.Header.Values("Content-Encoding"), ","); coding != "" && !strings.EqualFold(coding, "identity") {
		return nil, &refusal{http.StatusUnsupportedMediaType, "The body is compressed, and this service unpacks nothing: send it as it is, without Content-Encoding.", [2]string{"Accept-Encoding", "identity"}}
	}
	if b.r.ContentLength > b.h.Body {
		return nil, b.tooLarge()
	}
	if b.r.Body == nil { // as a worker has it for none
		b.r.Body = http.NoBody
	}
	var err error
	switch kind, parameters, bad := mime.ParseMediaType(b.r.Header.Get("Content-Type")); {
	case kind == "multipart/form-data":
		err = b.form(q, parameters["boundary"], bad)
	case strings.HasPrefix(kind, "multipart/"):
		return nil, refuse(http.StatusUnsupportedMediaType, "Of the types with parts only multipart/form-data is read; anything else is sent as it is, whatever its type.")
	default: // curl says that it is a form of another sort whatever it sends
		err = b.raw(q)
	}
	if err != nil {
		return nil, b.blame(err)
	}
	return q, nil
}

// raw takes the whole body for what is to be inspected.
func (b *body) raw(q *ask.Question) error {
	octets := make([]byte, 0, max(min(b.r.ContentLength, 64<<10)+1, 512)) // with room to see the end
	for {
		n, err := b.Read(octets[len(octets):cap(octets)])
		octets = octets[:len(octets)+n]
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(octets) == cap(octets) {
			octets = append(octets, 0)[:len(octets)]
		}
	}
	if len(octets) == 0 {
		return refuse(http.StatusBadRequest, "The body is empty: send what is to be inspected, as curl --data-binary @FILE does.")
	}
	q.Inputs = append(q.Inputs, decode.Input{Name: "paste", Bytes: octets})
	return nil
}

// blame makes an answer of what kept the body from being read.
func (b *body) blame(err error) error {
	var no *refusal
	var slow interface{ Timeout() bool }
	switch {
	case errors.As(err, &no):
		return no
	case errors.As(err, &slow) && slow.Timeout():
		return refuse(http.StatusRequestTimeout, "The body did not arrive in time: %s of it did.", octets(b.held))
	case errors.As(err, new(*http.MaxBytesError)):
		return b.tooLarge()
	}
	return refuse(http.StatusBadRequest, "The body ends too early, or is not of the form that its header announces: %s of it were read.", octets(b.held))
}

// words are those of the query, and of the parts of a form without a file.
var words = append([]string{"all"}, ask.Words...)

// longest is how long a value or the name of a file may be: reports repeat them
// with each thing that is found.
const longest = 1024

// query takes what the address says of how to judge.
func (b *body) query(q *ask.Question) error {
	for pair := range strings.SplitSeq(b.r.URL.RawQuery, "&") {
		if pair == "" {
			continue
		}
		name, value, err := unescape(pair)
		if err != nil {
			return refuse(http.StatusBadRequest, "The query is not encoded as addresses are: a %% is followed by two hexadecimal digits.")
		}
		if _, secret := ask.SecretKind(name); secret {
			return refuse(http.StatusBadRequest, "A secret in an address is written to logs on the way, and should now be thought of as known. Send it as a part of a form: curl -F %s=pass:…", name)
		}
		if err := b.say(q, name, value, "parameter of the query"); err != nil {
			return err
		}
	}
	return nil
}

// say takes one word and its value.
func (b *body) say(q *ask.Question, name, value, where string) error {
	if len(value) > longest {
		return refuse(http.StatusBadRequest, "The value of %s is longer than %d octets.", brief(name), longest)
	}
	var err error
	switch known := slices.Contains(words, name); {
	case !known:
		return refuse(http.StatusBadRequest, "There is no %s %s; there are %s.", where, brief(name), list(words))
	case name == "all":
		switch value {
		case "", "1", "true", "yes":
			q.All = true
		case "0", "false", "no":
			q.All = false
		default:
			err = errors.New("say all=1 or leave it out")
		}
	default:
		err = q.Say(name, value)
	}
	if err != nil {
		return refuse(http.StatusBadRequest, "%s: %v.", name, err)
	}
	if work := q.Options.Set["work"]; work != "" {
		if n, err := strconv.ParseInt(work, 10, 64); err == nil && n > b.h.Work {
			return refuse(http.StatusUnprocessableEntity, "set: work is no more than %d on this service; derscope inspect on a machine of yours takes more.", b.h.Work)
		}
	}
	return nil
}

// brief is a name of the client's, fit for a sentence.
func brief(name string) string {
	const most = 40
	if len(name) > most {
		name = name[:most] + "…"
	}
	return fmt.Sprintf("«%s»", report.Clean(name))
}
