package enrol

import (
	"mime"
	"strings"

	"derscope/decode/armor"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
)

// mediaType is the type that an HTTP message gives its content; "" if none.
func mediaType(h *armor.HTTP) string {
	v := header(h, "Content-Type")
	if t, _, err := mime.ParseMediaType(v); err == nil {
		return t
	}
	return strings.ToLower(strings.TrimSpace(v))
}

func header(h *armor.HTTP, name string) string {
	for _, f := range h.Headers {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// sharing are the messages of one HTTP message, this one included.
func sharing(c *check.Context) []*cmp.Message {
	type key struct{}
	all, _ := c.Once(key{}, func() any {
		all := map[*armor.HTTP][]*cmp.Message{}
		for _, e := range c.Exhibits {
			if m, ok := e.Value.(*cmp.Message); ok && e.HTTP != nil && e.Carrier < 0 {
				all[e.HTTP] = append(all[e.HTTP], m)
			}
		}
		return all
	}).(map[*armor.HTTP][]*cmp.Message)
	return all[c.HTTP]
}

var transportRules = []rule{
	{
		ID: "cmp.http.method", Group: groupTransport, Level: check.Should, Refs: "RFC 9811 §3.1",
		Title:    "The request is sent with POST",
		Headline: "The request is sent with another method than POST",
		Judge: func(c *check.Context, v *View) check.Outcome {
			switch h := c.HTTP; {
			case h == nil || !h.Request:
				return check.Skip()
			case h.Method != "POST":
				return check.Doubtful(v.Ref, "The method is %s: CMP over HTTP uses POST alone, and servers answer others with 405.", h.Method)
			}
			return check.Holds(v.Ref, "The method is POST.")
		},
	},
	{
		ID: "cmp.http.type", Group: groupTransport, Level: check.Must, Refs: "RFC 9811 §3.2; RFC 9811 §4",
		Title:    "The media type is application/pkixcmp",
		Headline: "The media type is not application/pkixcmp",
		Judge: func(c *check.Context, v *View) check.Outcome {
			if c.HTTP == nil {
				return check.Skip()
			}
			switch t := mediaType(c.HTTP); t {
			case "application/pkixcmp":
				return check.Holds(v.Ref, "Content-Type is «%s».", t)
			case "application/x-pkixcmp", "application/pkixcmp-poll":
				return check.Doubtful(v.Ref, "Content-Type is «%s», a name of old drafts; RFC 9811 has «application/pkixcmp», and OpenSSL refuses other names.", t)
			case "":
				return check.Broken(v.Ref, "There is no Content-Type: it is to be «application/pkixcmp».")
			default:
				return check.Broken(v.Ref, "Content-Type is «%s», and the content is a CMP message: it is to be «application/pkixcmp», or clients refuse it without a look.", t)
			}
		},
	},
	{
		ID: "cmp.http.status", Group: groupTransport, Level: check.Should, Refs: "RFC 9811 §3.1; RFC 9811 §3.5; RFC 6712 §3.3",
		Title:    "The HTTP status is 200",
		Headline: "The HTTP status is not 200",
		Judge: func(c *check.Context, v *View) check.Outcome {
			h := c.HTTP
			if h == nil || h.Request {
				return check.Skip()
			}
			switch {
			case h.Status == 200:
				return check.Holds(v.Ref, "The status is 200.")
			case h.Status >= 400:
				return check.Note(v.Ref, "The status is %d, and the content is a CMP message all the same: clients of RFC 9811 read it, older ones report the status alone.", h.Status)
			}
			return check.Doubtful(v.Ref, "The status is %d: an answer that brings a CMP message has 200, whatever the message says.", h.Status)
		},
	},
	{
		ID: "cmp.http.length", Group: groupTransport, Level: check.Should, Refs: "RFC 9112 §6; RFC 9811 §3.1",
		Title:    "The HTTP content is as long as the message",
		Headline: "The HTTP content has another length than the message",
		Judge:    httpLength,
	},
	{
		ID: "cmp.http.path", Group: groupTransport, Level: check.Should, Refs: "RFC 9483 §6.1; RFC 9811 §3.4",
		Title:    "The path names an operation that fits the message",
		Headline: "The path names another operation than the message",
		Judge:    httpPath,
	},
	{
		ID: "cmp.http.one", Group: groupTransport, Level: check.Should, Refs: "RFC 9811 §3.1",
		Title:    "The HTTP message carries one CMP message",
		Headline: "One HTTP message carries several CMP messages",
		Judge: func(c *check.Context, v *View) check.Outcome {
			if c.HTTP == nil {
				return check.Skip()
			}
			if n := len(sharing(c)); n > 1 {
				return check.Doubtful(v.Ref, "%d CMP messages stand in one content: the other side reads the first of them alone. Send each by itself, or as one nested message.", n)
			}
			return check.Holds(v.Ref, "It is the only one.")
		},
	},
	{
		ID: "cmp.file.one", Group: groupTransport, Level: check.Should, Refs: "RFC 9483 §6.4.1",
		Title:    "The file holds one message",
		Headline: "One file holds several messages",
		Judge: func(c *check.Context, v *View) check.Outcome {
			name, own := "", &c.Exhibits[v.Item]
			if own.Carrier < 0 && own.HTTP == nil {
				name = own.Name
			}
			if !strings.HasSuffix(strings.ToLower(name), ".pki") {
				return check.Skip()
			}
			n := 0
			for _, e := range c.Exhibits {
				if _, ok := e.Value.(*cmp.Message); ok && e.Name == name && e.Carrier < 0 {
					n++
				}
			}
			if n > 1 {
				return check.Doubtful(v.Ref, "«%s» holds %d messages: a file of this name has one message and nothing else. Cut it into one file for each.", name, n)
			}
			return check.Holds(v.Ref, "«%s» holds this message alone.", name)
		},
	},
}

// httpLength compares what the head promises with the messages that are there.
func httpLength(c *check.Context, v *View) check.Outcome {
	h := c.HTTP
	if h == nil || header(h, "Content-Encoding") != "" {
		return check.Skip()
	}
	all := 0
	for _, m := range sharing(c) {
		all += len(m.Raw)
	}
	outer, _ := der.Next(c.Source, 0, len(c.Source))
	wanted := outer.Close() // whether they are here or not
	switch {
	case wanted > len(c.Source) && h.DeclaredLength == len(c.Source):
		return check.Doubtful(v.Ref, "Content-Length is %d, and the message says that it has %d octets: who sent it counted wrongly, or something cut the content.", h.DeclaredLength, wanted)
	case wanted > len(c.Source):
		return check.Doubtful(v.Ref, "The message says that it has %d octets, and the content breaks off after %d: the rest was lost on the way.", wanted, len(c.Source))
	case len(c.Source) > len(v.Raw):
		return check.Doubtful(v.Ref, "The content goes on for %d octets behind the message: the length belongs to something else.", len(c.Source)-len(v.Raw))
	case h.DeclaredLength >= 0 && h.DeclaredLength != all:
		return check.Doubtful(v.Ref, "Content-Length is %d, and the message has %d octets: the other side waits for the rest, or takes it for the next message.", h.DeclaredLength, all)
	case h.DeclaredLength < 0:
		return check.Holds(v.Ref, "The message fills the content, without a Content-Length.")
	}
	return check.Holds(v.Ref, "Content-Length is %d, as long as the message.", h.DeclaredLength)
}

// httpOperations are the labels of HTTP paths, with the messages that begin them.
//
// RFC 9483, section 6.1
var httpOperations = map[string]cmp.Type{"initialization": cmp.IR, "certification": cmp.CR, "keyupdate": cmp.KUR, "pkcs10": cmp.P10CR,
	"revocation": cmp.RR, "getcacerts": cmp.GenM, "getrootupdate": cmp.GenM, "getcertreqtemplate": cmp.GenM, "getcrls": cmp.GenM, "nested": cmp.Nested}

func httpPath(c *check.Context, v *View) check.Outcome {
	h := c.HTTP
	if h == nil || !h.Request {
		return check.Skip()
	}
	path := h.Target
	if _, rest, ok := strings.Cut(path, "://"); ok { // a URL: what stands behind the host
		_, path, _ = strings.Cut(rest, "/")
		path = "/" + path
	}
	path, _, _ = strings.Cut(path, "?")
	rest, ok := strings.CutPrefix(path, "/.well-known/cmp")
	if !ok || rest != "" && rest[0] != '/' {
		return check.Note(v.Ref, "The path is «%s»; that of RFC 9811 is «/.well-known/cmp». Any path is fine that both sides agree on.", path)
	}
	labels := strings.Split(strings.Trim(rest, "/"), "/")
	if len(labels) >= 2 && labels[0] == "p" {
		labels = labels[2:]
	}
	if len(labels) == 0 || labels[0] == "" {
		return check.Holds(v.Ref, "The path is «%s», without an operation.", path)
	}
	want, known := httpOperations[labels[0]]
	body := v.Body.Type
	if first := v.opening(); first != nil { // what follows goes to the path of the first message
		body = first.Body.Type
	}
	switch {
	case !known || len(labels) > 1:
		return check.Doubtful(v.Ref, "The path ends with «%s», which is no operation of RFC 9483: servers of the lightweight profile answer 404.", strings.Join(labels, "/"))
	case want != body && !follows(body):
		return check.Doubtful(v.Ref, "The path ends with «%s», and the body is %s: send it to the path of its own operation.", labels[0], body)
	}
	return check.Holds(v.Ref, "The path ends with «%s», and the body is %s.", labels[0], v.Body.Type)
}

// opening is the message that begins the transaction, if it is at hand.
func (v *View) opening() *View {
	if v.In != nil && len(v.In.Messages) > 0 && v.In.Messages[0].Body.Type.First() {
		return v.In.Messages[0]
	}
	return nil
}

// follows says that a message of this type continues an operation of any kind.
func follows(t cmp.Type) bool { return t == cmp.CertConf || t == cmp.PollReq || t == cmp.Error }
