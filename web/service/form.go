package service

import (
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"derscope/decode"
	"derscope/decode/ask"
)

// parts is how many parts a form may have.
const parts = 1024

// form reads multipart/form-data, RFC 7578. The name of a part says what it is
// for: file or paste is inspected, a word of ask.Evidence stands beside it as
// the flag of that name does, and a word of the query is one here, too.
func (b *body) form(q *ask.Question, boundary string, bad error) error {
	if bad != nil || boundary == "" {
		return refuse(http.StatusBadRequest, "The Content-Type has no boundary, without which the parts of the form cannot be told apart: let the client that makes the form write that header.")
	}
	reader := multipart.NewReader(b, boundary)
	for n := 0; ; n++ {
		p, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if n == parts {
			return refuse(http.StatusRequestEntityTooLarge, "A form may have %d parts at the most.", parts)
		}
		octets, err := io.ReadAll(p)
		if err != nil {
			return err
		}
		if err := b.part(q, p.FormName(), p.FileName(), octets); err != nil {
			return err
		}
	}
	if !slices.ContainsFunc(slices.Concat(q.Inputs, q.Beside), func(in decode.Input) bool { return len(in.Bytes) > 0 }) {
		return refuse(http.StatusBadRequest, "The form holds nothing that could be inspected: send it as a part named file, as curl -F file=@FILE does.")
	}
	return nil
}

// part takes one part of a form.
func (b *body) part(q *ask.Question, name, file string, octets []byte) error {
	if len(file) > longest {
		return refuse(http.StatusBadRequest, "The name of a file is longer than %d octets.", longest)
	}
	_, secret := ask.SecretKind(name)
	switch {
	case name == "file" || name == "paste":
		q.Inputs = append(q.Inputs, decode.Input{Name: called(file), Bytes: octets})
	case secret && file == "":
		given, known, err := ask.Secret(string(octets))
		switch {
		case !known:
			return refuse(http.StatusBadRequest, "%s: want pass:TEXT or hex:DIGITS, or a file of its octets, as curl -F %s=@FILE sends.", name, name)
		case err != nil:
			return refuse(http.StatusBadRequest, "%s: %v.", name, err)
		}
		q.Put(name, "", given)
	case slices.Contains(ask.Evidence, name):
		q.Put(name, called(file), octets)
	case slices.Contains(words, name) && file == "":
		return b.say(q, name, string(octets), "part")
	default:
		return refuse(http.StatusBadRequest, "There is no part %s; there are file and paste, %s beside them, and %s.", brief(name), list(ask.Evidence), list(words))
	}
	return nil
}

// called is the name of an input: that of its file, or what is pasted has.
func called(file string) string {
	if file == "" {
		return "paste"
	}
	return file
}

// unescape takes a pair of a query apart.
func unescape(pair string) (name, value string, err error) {
	name, value, _ = strings.Cut(pair, "=")
	if name, err = url.QueryUnescape(name); err != nil {
		return "", "", err
	}
	value, err = url.QueryUnescape(value)
	return name, value, err
}
