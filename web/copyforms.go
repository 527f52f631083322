package web

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/der"
	"derscope/decode/report"
)

// copyForm is a form in which the selected field can be taken away.
type copyForm struct {
	name, label string
	hint        string // what is special about it here
	refused     bool   // hint says why
}

// menuCopy is the name of the menu.
const menuCopy = "copy"

// deeds are what can be done with the selected field.
func deeds(s *state) app.UI {
	open := s.menu == menuCopy
	forms := s.copyForms()
	return div("deeds",
		div("menu",
			small("menu", menuCopy, "Copy").Aria("haspopup", "menu").Aria("expanded", strconv.FormatBool(open)),
			app.Div().Class("drop", "right", "forms").Role("menu").Aria("label", "Copy the selected field").Hidden(!open).Body(
				app.Range(forms).Slice(func(i int) app.UI {
					f := forms[i]
					b := app.Button().Type("button").Role("menuitem").TabIndex(-1).DataSet("do", "take").DataSet("arg", f.name).
						Body(app.Span().Text(f.label), span("hint", f.hint))
					if f.refused {
						b = b.Aria("disabled", "true")
					}
					return b
				}),
			),
		),
		small("part", "", "Inspect this part"),
		small("edit", "", "Edit").Aria("label", "Edit this field in a copy"),
	)
}

// copyForms are the forms of the selected field.
func (s *state) copyForms() []copyForm {
	forms := []copyForm{
		{name: "value", label: "Value"},
		{name: "path", label: "Path", hint: "its name and those around it"},
		{name: "hex", label: "Hex"},
		{name: "contents", label: "Hex of the contents", hint: "without tag and length"},
		{name: "base64", label: "Base64"},
		{name: "pem", label: "PEM"},
		{name: "der", label: "Save the octets"},
	}
	if s.sel == report.None {
		return forms
	}
	n := &s.report.Nodes[s.sel]
	b, why := s.octetsOf(s.sel)
	for i := range forms {
		f := &forms[i]
		switch {
		case f.name == "path", f.name == "value" && n.Value != "" && !s.veiled(n):
		case why != "":
			f.hint, f.refused = why, true
		case f.name == "value" && n.Value == "":
			f.hint, f.refused = "it has none of its own", true
		case f.name == "contents" && n.Header == 0:
			f.hint, f.refused = "it has no tag and length", true
		case f.name == "pem" && !element(b):
			f.hint, f.refused = "it is no whole DER element", true
		case f.name == "pem":
			f.hint = s.pemLabel(s.sel, b)
		case f.name == "der":
			f.hint = fileName(n.Label, b)
		}
	}
	return forms
}

// octetsOf gives the octets of a node, or says why they stay on the page.
func (s *state) octetsOf(n report.Ref) (b []byte, why string) {
	span := s.report.Nodes[n].Span
	if s.keeps(span) {
		return nil, "it holds a secret"
	}
	if b = s.report.Octets(span); len(b) == 0 {
		return nil, "it has no octets"
	}
	return b, ""
}

// keeps says whether octets stay on the page: a secret lies in them, and was not
// revealed.
func (s *state) keeps(span report.Span) bool {
	return !s.revealed && (s.report.Sources[span.Source].Hides() || s.secretIn(span))
}

// secretIn says whether a secret lies in a run of octets.
func (s *state) secretIn(span report.Span) bool {
	for i := range s.report.Nodes {
		n := &s.report.Nodes[i]
		if n.Flags&report.Secret != 0 && n.Span.Source == span.Source && n.Span.Off < span.End() && span.Off < n.Span.End() {
			return true
		}
	}
	return false
}

// element says whether octets are one whole element.
func element(b []byte) bool {
	e, err := der.Next(b, 0, len(b))
	return err == nil && e.End() == len(b)
}

// untagged takes the tags off that stand around an element as part of a node's
// header.
func untagged(b []byte, header int) []byte {
	for {
		e, err := der.Next(b, 0, len(b))
		if err != nil || !e.Constructed || e.Header >= header || e.Tag.Class != der.Context {
			return b
		}
		header -= e.Header
		b = b[e.Content():e.Close()]
	}
}

// pemLabels are those of RFC 7468, and those that OpenSSL uses.
var pemLabels = map[string]string{
	"certificate": "CERTIFICATE", "crl": "X509 CRL", "certificate-request": "CERTIFICATE REQUEST", "public-key": "PUBLIC KEY",
	"cms": "CMS", "ocsp-request": "OCSP REQUEST", "ocsp-response": "OCSP RESPONSE",
	"tls-session":          "SSL SESSION PARAMETERS",
	"subjectPublicKeyInfo": "PUBLIC KEY", // a field
}

// pemAny is the label of an element that has none of its own.
const pemAny = "ASN.1"

// pemLabel is the label of a node: that of the item that it is the top of, or
// that was found in it.
func (s *state) pemLabel(n report.Ref, b []byte) string {
	node := &s.report.Nodes[n]
	kind, _, _ := strings.Cut(node.Label, "[")
	for i := range s.report.Items {
		it := &s.report.Items[i]
		from := s.report.Sources[it.Source].From
		if it.Root == n || len(from) == 1 && s.report.Sources[it.Source].How == "" && node.Span.Source == from[0].Source && node.Span.End() == from[0].End() &&
			len(untagged(b, node.Header)) == from[0].Len {
			kind = it.Kind
		}
	}
	if label := pemLabels[kind]; label != "" {
		return label
	}
	return pemAny
}

// pemText wraps octets as RFC 7468 has it.
func pemText(label string, b []byte) string {
	var s strings.Builder
	s.WriteString("-----BEGIN " + label + "-----\n")
	for text := base64.StdEncoding.EncodeToString(b); text != ""; {
		n := min(64, len(text))
		s.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	s.WriteString("-----END " + label + "-----\n")
	return s.String()
}

// fileName makes the name of a file of a field's.
func fileName(label string, b []byte) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			return r
		}
		return '-'
	}, label), "-.")
	if name == "" {
		name = "field"
	}
	if element(b) {
		return name + ".der"
	}
	return name + ".bin"
}

// takeAway copies or saves the selected field in a form.
func (s *state) takeAway(form string) {
	if s.sel == report.None {
		return
	}
	n := &s.report.Nodes[s.sel]
	for _, f := range s.copyForms() {
		if f.name == form && f.refused {
			s.tell(n.Label + " is not copied as " + f.label + ": " + f.hint + ".")
			return
		}
	}
	b, _ := s.octetsOf(s.sel)
	text, what := "", ""
	switch form {
	case "value":
		text, what = n.Value, "The value of "+n.Label
	case "path":
		text, what = s.report.Path(s.sel), "The path of "+n.Label
	case "hex":
		text, what = hex.EncodeToString(b), octetCount(len(b))+" of "+n.Label
	case "contents":
		text, what = hex.EncodeToString(b[n.Header:]), octetCount(len(b)-n.Header)+" of "+n.Label
	case "base64":
		text, what = base64.StdEncoding.EncodeToString(b), octetCount(len(b))+" of "+n.Label
	case "pem":
		label := s.pemLabel(s.sel, b)
		if label != pemAny {
			b = untagged(b, n.Header)
		}
		text, what = pemText(label, b), n.Label+" as "+label
	case "der":
		name := fileName(n.Label, b)
		saveFile(name, "application/octet-stream", b)
		s.tell(octetCount(len(b)) + " of " + n.Label + " are saved as " + name + ".")
		return
	}
	s.copy(text, what+": copied.")
}

// copyShortcut is Ctrl+C where something of ours is selected, and the keys that
// open the menu of a row. Text that was selected with the pointer is the
// browser's to copy.
func (s *state) copyShortcut(e app.Event, id, key string) bool {
	ctrl := e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool()
	tree := id == s.fields.id || id == s.asn1.id
	switch {
	case tree && s.sel != report.None && (key == "ContextMenu" || key == "F10" && e.Get("shiftKey").Bool()):
		s.openMenu(menuCopy)
	case !ctrl || key != "c" || app.Window().Call("getSelection").Call("toString").String() != "":
		return false
	case tree:
		s.takeAway("value")
	case id == s.hex.id:
		s.copyOctets()
	default:
		return false
	}
	e.PreventDefault()
	return true
}
