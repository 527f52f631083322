package main

import (
	"crypto"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// header is one line of an HTTP message.
type header struct{ name, value string }

// served has the response come in an HTTP message whose headers suit it, but
// for those given: they replace the usual one, or remove it if empty.
func served(status string, changes ...header) func(s *scene) {
	return func(s *scene) {
		b := s.response.der()
		next := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
		lines := []header{
			{"Date", clock.Format(http.TimeFormat)},
			{"Content-Type", "application/ocsp-response"},
			{"Content-Length", fmt.Sprint(len(b))},
			{"Last-Modified", time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC).Format(http.TimeFormat)},
			{"Expires", next.Format(http.TimeFormat)},
			{"ETag", fmt.Sprintf("\"%x\"", sum(crypto.SHA256, b))},
			{"Cache-Control", "max-age=300000, public, no-transform, must-revalidate"},
		}
		var text strings.Builder
		fmt.Fprintf(&text, "HTTP/1.1 %s\r\n", status)
		for _, l := range append(lines, changes...) {
			for _, c := range changes {
				if strings.EqualFold(c.name, l.name) && l != c {
					l.value = ""
				}
			}
			if l.value != "" {
				fmt.Fprintf(&text, "%s: %s\r\n", l.name, l.value)
			}
		}
		message := append([]byte(text.String()+"\r\n"), b...)
		s.instead = []file{hexFile("response.hex", message), certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
	}
}

// carriers is about HTTP around a response or a request: ocsp.http.*. The
// messages are hex, because their bodies are not text.
var carriers = []vector{
	{name: "http-good", about: "An HTTP response whose headers suit the answer in it.", make: served("200 OK")},
	{name: "http-404", about: "The HTTP status is 404.", pair: "http-good", make: served("404 Not Found")},
	{name: "http-type", about: "The media type is text/html.", pair: "http-good",
		make: served("200 OK", header{"Content-Type", "text/html"})},
	{name: "http-length", about: "Content-Length is ten octets more than there are.", pair: "http-good",
		make: func(s *scene) { served("200 OK", header{"Content-Length", fmt.Sprint(len(s.response.der()) + 10)})(s) }},
	{name: "http-no-store", about: "Cache-Control says no-store.", pair: "http-good",
		make: served("200 OK", header{"Cache-Control", "no-store"})},
	{name: "http-max-age", about: "max-age reaches past nextUpdate.", pair: "http-good",
		make: served("200 OK", header{"Cache-Control", "max-age=604800, public"})},
	{name: "http-expires", about: "Expires is a day before nextUpdate.", pair: "http-good",
		make: served("200 OK", header{"Expires", "Mon, 23 Nov 2026 06:00:00 GMT"})},
	{name: "http-last-modified", about: "Last-Modified is neither thisUpdate nor producedAt.", pair: "http-good",
		make: served("200 OK", header{"Last-Modified", "Thu, 19 Nov 2026 06:00:00 GMT"})},
	{name: "http-no-etag", about: "There is no ETag.", pair: "http-good", make: served("200 OK", header{"ETag", ""})},
	{name: "http-post", about: "A POST request, which would have fitted into a GET.",
		make: func(s *scene) {
			r := request{ids: []certID{s.first().id}}.der()
			head := "POST /r3 HTTP/1.1\r\nHost: ocsp.example.org\r\nContent-Type: application/ocsp-request\r\n" +
				fmt.Sprintf("Content-Length: %d\r\n\r\n", len(r))
			s.instead = []file{hexFile("request.hex", append([]byte(head), r...)),
				certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
			s.option("profile rfc9919")
		}},
	{name: "http-post-type", about: "A POST request of the media type application/octet-stream.", pair: "http-post",
		make: func(s *scene) {
			r := request{ids: []certID{s.first().id}}.der()
			head := "POST /r3 HTTP/1.1\r\nHost: ocsp.example.org\r\nContent-Type: application/octet-stream\r\n" +
				fmt.Sprintf("Content-Length: %d\r\n\r\n", len(r))
			s.instead = []file{hexFile("request.hex", append([]byte(head), r...)),
				certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuer)}
		}},
}
