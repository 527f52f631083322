// The browser program. In a page, where there is a document, it draws; in the
// page's Web Worker it decodes. Both are one program because the page links
// most of what the decoder needs anyway: a second one would cost the visitor
// half as much again.
package main

import "derscope/web"

// server answers the page's requests, one after the other.
type server struct{}

func (s *server) answer(r web.Request) web.Reply {
	return web.Reply{ID: r.ID, Error: "decoding is not linked"}
}
