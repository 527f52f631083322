package web

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
	"derscope/decode/spec"
)

// statusWord says a status to people, who may not see its colour.
func statusWord(s report.Status) string {
	switch s {
	case report.Pass:
		return "Holds"
	case report.Warn:
		return "Doubtful"
	case report.Open:
		return "Undecided"
	case report.Fail:
		return "Fails"
	}
	return "Not judged"
}

func statusGlyph(s report.Status) string {
	switch s {
	case report.Pass:
		return "✓"
	case report.Warn:
		return "!"
	case report.Open:
		return "?"
	case report.Fail:
		return "✕"
	}
	return "·"
}

func statusClass(s report.Status) string {
	if s == report.NoStatus {
		return "none"
	}
	return s.String()
}

// icon is a status as a shape with a sign in it, and a word for those who do
// not see it.
func icon(s report.Status) app.UI {
	return app.Span().Class("ico", statusClass(s)).Body(
		app.Span().Aria("hidden", "true").Text(statusGlyph(s)),
		app.Span().Class("unseen").Text(statusWord(s)+": "),
	)
}

// signed is an icon beside words that say the same.
func signed(s report.Status) app.UI {
	return app.Span().Class("ico", statusClass(s)).Aria("hidden", "true").Text(statusGlyph(s))
}

// kindWords spell kinds for people.
var kindWords = map[string]string{
	"ocsp-response": "OCSP response", "ocsp-request": "OCSP request", "certificate": "Certificate",
	"certificate-request": "Certificate request", "crl": "CRL", "public-key": "Public key", "name": "Name",
	"cms": "CMS message", "asn1": "ASN.1", "private-key": "Private key", "unknown": "Not recognised",
	"tls-session": "TLS session", "session-ticket": "Session ticket", "cmp-message": "CMP message",
}

func kindWord(kind string) string {
	if w := kindWords[kind]; w != "" {
		return w
	}
	return kind
}

// inSentence is the title of an item inside a sentence: "Certificate of X"
// becomes "the certificate of X".
func inSentence(it *report.Item) string {
	title := itemTitle(it)
	if kind := kindWord(it.Kind); strings.HasPrefix(title, kind) {
		if first, _ := utf8.DecodeRuneInString(kind[1:]); unicode.IsLower(first) {
			title = strings.ToLower(kind[:1]) + title[1:]
		}
		return "the " + title
	}
	return title
}

// count writes a number with its thousands apart.
func count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func octetCount(n int) string { return plural(n, "octet") }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return count(n) + " " + word + "s"
}

// cite is a citation, and a link where its document can be read.
func cite(r spec.Ref) app.UI {
	url := r.URL()
	if url == "" {
		return app.Span().Class("ref").Text(r.String())
	}
	return outside(url, r.String()).Class("ref")
}

// outside is a link to another site, which learns nothing of this page.
func outside(url, text string) app.HTMLA {
	return app.A().Href(url).Target("_blank").Rel("noopener noreferrer").Text(text)
}

func cites(refs []spec.Ref) app.UI {
	if len(refs) == 0 {
		return nil
	}
	return app.Span().Class("refs").Body(app.Range(refs).Slice(func(i int) app.UI { return cite(refs[i]) }))
}

// do is a button that the page's click handler knows by name and argument.
func do(name string, arg any, label string) app.HTMLButton {
	return app.Button().Type("button").DataSet("do", name).DataSet("arg", arg).Text(label)
}

// command is a command line, or other text to be taken away.
func command(text string) app.UI {
	if text == "" {
		return nil
	}
	return app.Div().Class("cmd").Body(
		app.Code().TabIndex(0).Text(text),
		do("copy", "", "Copy").Class("small"),
	)
}

// disclosure is a button that shows or hides what follows it.
func disclosure(key string, open bool, body ...app.UI) app.UI {
	return app.Button().Type("button").Class("fold").DataSet("do", "toggle").DataSet("arg", key).
		Aria("expanded", strconv.FormatBool(open)).Body(body...)
}

// panel is a titled part of a column.
func panel(id, title string, body ...app.UI) app.UI {
	return app.Section().Class("panel").ID(id).Aria("labelledby", id+"-title").
		Body(append([]app.UI{app.H2().ID(id + "-title").Text(title)}, body...)...)
}

// spoken draws a sentence, with what stands between backquotes as code.
func spoken(text string) []app.UI {
	var parts []app.UI
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			parts = append(parts, app.Code().Text(part))
		} else {
			parts = append(parts, app.Text(part))
		}
	}
	return parts
}

// place says in which form an item came, and where it lay in its input.
func place(it *report.Item, among bool) []string {
	var where []string
	if len(it.Armor) > 0 {
		where = append(where, armorWord(strings.Join(it.Armor, ", ")))
	}
	switch {
	case it.Carrier >= 0:
	case it.Off > 0 || among:
		where = append(where, fmt.Sprintf("%s at offset %s", octetCount(it.Len), count(it.Off)))
	case it.Input != "paste":
		where = append(where, it.Input)
	}
	return where
}

// armorWord spells the forms of input for people.
func armorWord(s string) string {
	return strings.NewReplacer("pem", "PEM", "http", "HTTP", "json", "JSON", "url", "URL", "base64url", "base64url",
		"openssl-text", "OpenSSL's text", "openssl-msg", "openssl -msg").Replace(s)
}

// nothing is drawn in the place of a part that has no content, so that what
// follows it keeps its position: go-app compares by position.
func nothing() app.UI { return app.Div().Class("nothing").Attr("hidden", true) }
