package web

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// request makes an OCSP request from a certificate and its issuer.
type request struct {
	app.Compo
	S    *state
	Turn int
}

// builder is what the request is made by, and what came of it.
type builder struct {
	open   bool
	sha256 bool
	nonce  []byte
	asked  int
	made   Built
	fault  string
}

func (v *request) Render() app.UI {
	s := v.S
	subject, issuer := s.pair()
	if s.report == nil || subject < 0 && issuer < 0 {
		return nothing()
	}
	b := &s.builder
	word := "Show"
	if b.open {
		word = "Hide"
	}
	return panel("request", "Ask the responder yourself",
		div("pad",
			par("sub", v.about(subject, issuer)),
			do("builder", "", word+" the OCSP request").Disabled(subject < 0 || issuer < 0),
		),
		app.If(b.open && subject >= 0 && issuer >= 0, div("pad built",
			div("row flat",
				app.Label().Class("field").Body(
					app.Span().Text("Hash by which the certificate is named"),
					app.Select().DataSet("change", "hash").Body(
						app.Option().Value("").Text("SHA-1 (RFC 5019)").Selected(!b.sha256),
						app.Option().Value("SHA-256").Text("SHA-256").Selected(b.sha256),
					),
				),
				checkbox("with-nonce", "", b.nonce != nil, app.Text("with a nonce of 32 octets (RFC 9654)")),
			),
			app.If(b.fault != "", par("notice", sentence(b.fault))),
			app.If(b.fault == "" && b.made.DER != nil, v.forms(b)),
		)),
	)
}

func (v *request) about(subject, issuer int) string {
	s := v.S
	switch {
	case subject < 0:
		return "Add the certificate to make an OCSP request for it."
	case issuer < 0:
		return "Add the issuer of " + inSentence(&s.report.Items[subject]) + " to make an OCSP request for it."
	}
	return "An OCSP request for " + inSentence(&s.report.Items[subject]) + ", with " + inSentence(&s.report.Items[issuer]) + " as its issuer" +
		". This page does not send it."
}

func (v *request) forms(b *builder) app.UI {
	form := func(title, text string) app.UI {
		return app.If(text != "", div("form", app.H3().Text(title), command(text)))
	}
	return app.Div().Body(
		form("openssl", b.made.OpenSSL),
		form("curl", b.made.Curl),
		form("URL, to ask by GET", b.made.URL),
		form("The request in base64", b.made.Base64),
		form("The nonce: enter it under Profiles when you have the answer", hex.EncodeToString(b.nonce)),
		form("The request in hexadecimal", hex.EncodeToString(b.made.DER)),
	)
}

// pair finds the certificate that the judged item speaks of, and its issuer;
// -1 where there is none.
func (s *state) pair() (subject, issuer int) {
	subject, issuer = -1, -1
	it := s.current()
	if it == nil {
		return
	}
	if it.Kind == "certificate" {
		subject = s.item
	} else {
		subject = s.serving("subject", s.item)
	}
	for _, of := range []int{subject, s.item} {
		if issuer < 0 && of >= 0 {
			issuer = s.serving("issuer", of)
		}
	}
	if it.Kind == "certificate" && issuer < 0 {
		subject = -1 // a lone certificate is no reason to speak of requests
	}
	return
}

// serving finds the certificate that has a role for item i.
func (s *state) serving(role string, i int) int {
	for j := range s.report.Items {
		it := &s.report.Items[j]
		for _, r := range it.Roles {
			if r.Name == role && r.Of == i && it.Kind == "certificate" && j != i {
				return j
			}
		}
	}
	return -1
}

// build has the request made.
func (s *state) build() {
	s.turn.builder++
	subject, issuer := s.pair()
	if subject < 0 || issuer < 0 || s.decoder == nil {
		return
	}
	b := &s.builder
	b.asked++
	n := b.asked
	o := BuildOptions{Nonce: b.nonce}
	if b.sha256 {
		o.Hash = "SHA-256"
	}
	octets := func(i int) []byte { return s.report.Sources[s.report.Items[i].Source].Bytes }
	s.decoder.Build(octets(subject), octets(issuer), o, func(made Built, err error) {
		s.draw(func() {
			if s.builder.asked != n {
				return
			}
			s.turn.builder++
			s.builder.made, s.builder.fault = made, ""
			if err != nil {
				s.builder.fault = err.Error()
			}
		})
	})
}

// newNonce makes as many random octets as RFC 9654, section 2.1 tells clients
// to send.
func newNonce() []byte {
	b := make([]byte, 32)
	rand.Read(b)
	return b
}
