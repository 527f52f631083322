package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// request asks a responder about a certificate: the worker makes the request
// from it and its issuer, and relay.js shows and sends it.
type request struct {
	app.Compo
	S    *state
	Turn int
}

// builder is what the request is made for.
type builder struct {
	open  bool
	asked int
	pair  [2]string // SHA-256 of certificate and issuer
}

func (v *request) Render() app.UI {
	s := v.S
	subject, issuer := s.pair()
	if s.report == nil || subject < 0 && issuer < 0 {
		return nothing()
	}
	none := subject < 0 || issuer < 0
	word := "Show"
	if s.builder.open {
		word = "Hide"
	}
	return panel("request", "Ask the responder now",
		div("pad",
			par("sub", v.about(subject, issuer)),
			do("builder", "", word+" the OCSP request").Disabled(none).Aria("expanded", strconv.FormatBool(s.builder.open)),
		),
		div("pad built").ID("relay").Hidden(none || !s.builder.open),
	)
}

func (v *request) about(subject, issuer int) string {
	s := v.S
	if subject < 0 {
		return "Add the certificate to make an OCSP request for it."
	}
	about := inSentence(&s.report.Items[subject])
	if issuer < 0 {
		return "Add the issuer of " + about + " to make an OCSP request for it."
	}
	return "An OCSP request for " + about + ", with " + inSentence(&s.report.Items[issuer]) + " as its issuer. It is sent when you say so."
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

// asker is a button that leads to the panel, where there is somebody to ask.
func (s *state) asker() app.UI {
	if s.pairSums() == unpaired {
		return nil
	}
	return do("asker", "", "Ask the responder now").Class("link")
}

// build has the request made as it is chosen to be in the panel, where relay.js
// shows it. What was chosen for other certificates is forgotten. The whole
// decoder makes it, and is fetched if it is not here.
func (s *state) build() {
	b := &s.builder
	pair := s.pairSums()
	if b.asked++; pair == unpaired || s.decoder == nil {
		return
	}
	if !s.coming.here {
		s.coming.fault = ""
		s.decoder.Further()
		s.buildLater()
		return
	}
	b.pair = pair
	n := b.asked
	subject, issuer := s.pair()
	s.inquire(Request{Op: "build", N: subject, From: issuer, Text: site().Call("asks", pair[0]+pair[1]).String()}, func(u *unpacker) {
		if b.asked != n {
			return
		}
		text, why := u.text(), ""
		if u.fault != nil {
			why = sentence(u.fault.Error())
		}
		site().Call("asking", text, why)
	})
}

// buildLater has the panel say that it waits, or why in vain.
func (s *state) buildLater() { site().Call("later", s.coming.fault) }

// rebuild has it made anew where it is shown and about other certificates.
// Where there are none the panel closes, and may be gone.
func (s *state) rebuild() {
	b := &s.builder
	switch pair := s.pairSums(); {
	case pair == unpaired:
		b.open, b.pair = false, unpaired
	case b.open && b.pair != pair:
		s.build()
	}
}

// unpaired is when there is nobody to ask, or nothing.
var unpaired [2]string

// pairSums are the SHA-256 of a certificate to ask about, and of its issuer.
func (s *state) pairSums() [2]string {
	if subject, issuer := s.pair(); subject >= 0 && issuer >= 0 {
		return [2]string{s.report.Items[subject].SHA256, s.report.Items[issuer].SHA256}
	}
	return unpaired
}

// sendRequest has the request sent, and takes the answer in. A request with a
// nonce stands beside it, to be compared: the next one needs another.
func (s *state) sendRequest() {
	read := s.read
	site().Call("send", s.handed(func(got app.Value, host string) {
		if host == "" {
			return // nothing was sent
		}
		s.sent++
		s.turn.bar++
		if !got.Truthy() || read != s.read {
			return // there is no answer, or the evidence is not that for which it was asked
		}
		s.sample = false // it is the user's own now
		if q := got.Get("request"); q.Truthy() {
			s.keep([]Evidence{{Name: "request to " + host, Bytes: octetsFrom(q)}})
			s.builder.pair = unpaired
		}
		s.keep([]Evidence{{Name: "answer of " + host, Bytes: octetsFrom(got.Get("answer"))}})
		name := s.files[len(s.files)-1].Name
		s.part = part{input: name, said: "The " + name + " is evidence now."}
		s.load()
		focus("#result")
	}))
}
