package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"derscope/web"
)

const (
	title       = "derscope"
	description = "Paste an OCSP response, a certificate, a TLS ticket or handshake, or a CMP enrolment and see what it is, whether to believe it, and why. Nothing leaves your browser."
)

// policy lets the page run its own script and its own program, and reach its
// own origin. The page needs no style or script of its own in the markup. Its
// images may be blobs, which it makes itself: it draws an SVG so when the user
// saves it as PNG, for which browsers know no other way, and an SVG that is
// drawn as an image fetches and runs nothing.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
	"require-trusted-types-for 'script'; trusted-types derscope"

// page draws the page as it is before the program runs.
func (s *site) page() error {
	web.Routes()
	h := &app.Handler{Name: title, Title: title, Description: description, Version: "0", Lang: "en"}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "https://site.invalid/", nil))
	if rec.Code != http.StatusOK {
		return fmt.Errorf("go-app answers %d for the page", rec.Code)
	}
	doc, err := html.Parse(rec.Body)
	if err != nil {
		return err
	}
	if err := repair(doc); err != nil {
		return err
	}
	s.head(find(doc, atom.Head))
	s.body(find(doc, atom.Body))
	var out bytes.Buffer
	if err := html.Render(&out, doc); err != nil {
		return err
	}
	s.files["index.html"] = out.Bytes()
	s.named["page"] = "index.html"
	s.firstVisit("page")
	s.files["_headers"] = headers()
	return s.manifest()
}

// repair undoes what go-app v9.8.0 does to attributes when it prints a page:
// it quotes as Go does, not as HTML does, leaves out the value "true", prints
// false booleans, and has no order. It also puts a line break between any two
// children, which shows as a space inside a word.
func repair(n *html.Node) error {
	if n.Type == html.TextNode {
		n.Data = strings.Trim(n.Data, "\n")
	}
	if n.Type == html.ElementNode {
		for i, a := range n.Attr {
			val, err := strconv.Unquote(`"` + a.Val + `"`)
			if err != nil || strings.ContainsAny(a.Key, `"\<>&`) {
				return fmt.Errorf("<%s>: go-app misprints an attribute with a quotation mark, near %s=%q", n.Data, a.Key, a.Val)
			}
			n.Attr[i].Val = val
			if a.Key == "style" {
				return fmt.Errorf("<%s>: the policy forbids a style attribute", n.Data)
			}
			if a.Val == "" && strings.HasPrefix(a.Key, "aria-") {
				n.Attr[i].Val = "true"
			}
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
			return a.Val == "false" && slices.Contains(booleans, a.Key)
		})
		slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.TextNode {
			if c.Data = strings.TrimSuffix(strings.TrimPrefix(c.Data, "\n"), "\n"); c.Data == "" {
				n.RemoveChild(c)
			}
		}
		if err := repair(c); err != nil {
			return err
		}
		c = next
	}
	return nil
}

var booleans = []string{"autofocus", "checked", "disabled", "hidden", "multiple", "open", "readonly", "required", "selected"}

// head replaces go-app's head, which reaches for other origins and forbids
// zooming. The policy comes first: it holds for what follows it.
func (s *site) head(head *html.Node) {
	for head.FirstChild != nil {
		head.RemoveChild(head.FirstChild)
	}
	put := func(tag atom.Atom, text string, attrs ...string) {
		head.AppendChild(&html.Node{Type: html.TextNode, Data: "\n"})
		head.AppendChild(element(tag, text, attrs...))
	}
	put(atom.Meta, "", "charset", "utf-8")
	put(atom.Meta, "", "http-equiv", "Content-Security-Policy", "content", policy)
	put(atom.Meta, "", "name", "viewport", "content", "width=device-width, initial-scale=1")
	put(atom.Meta, "", "name", "color-scheme", "content", "light dark")
	put(atom.Meta, "", "name", "referrer", "content", "no-referrer")
	put(atom.Meta, "", "name", "description", "content", description)
	put(atom.Title, title)
	put(atom.Link, "", "rel", "stylesheet", "href", s.named["styles"])
	put(atom.Script, "", "defer", "", "src", s.named["script"])
	put(atom.Link, "", "rel", "preload", "as", "fetch", "crossorigin", "", "type", "application/wasm", "href", s.named["program"])
	put(atom.Link, "", "rel", "icon", "type", "image/svg+xml", "href", s.named["icon"])
	put(atom.Link, "", "rel", "apple-touch-icon", "href", s.named["icon-180"])
	put(atom.Meta, "", "name", "theme-color", "content", themeLight, "media", "(prefers-color-scheme: light)")
	put(atom.Meta, "", "name", "theme-color", "content", themeDark, "media", "(prefers-color-scheme: dark)")
	put(atom.Link, "", "rel", "manifest", "href", "manifest.webmanifest")
}

// body drops go-app's curtain and adds what is said when the program cannot
// be. The page's own element stays first: the program takes that one over.
func (s *site) body(body *html.Node) {
	for c := body.FirstChild; c != nil; {
		next := c.NextSibling
		if c.DataAtom == atom.Aside {
			body.RemoveChild(c)
		}
		c = next
	}
	body.AppendChild(s.states())
	body.AppendChild(with(element(atom.Noscript, ""), element(atom.P, "This page decodes in your browser, with WebAssembly, and needs scripts for it: "+
		"allow them for this site and reload. They ask nobody else for anything, and send nothing.")))
}

func element(tag atom.Atom, text string, attrs ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: tag.String(), DataAtom: tag}
	for i := 0; i < len(attrs); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attrs[i], Val: attrs[i+1]})
	}
	if text != "" {
		n.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	}
	return n
}

func find(n *html.Node, tag atom.Atom) *html.Node {
	if n.DataAtom == tag {
		return n
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if got := find(c, tag); got != nil {
			return got
		}
	}
	return nil
}
