package web

// Forms in which a report leaves the page.
const (
	FormJSON     = "json"     // the octets that derscope inspect -json prints
	FormText     = "text"     // what derscope inspect prints
	FormMarkdown = "markdown" // a ticket about the item that is judged
)

// written has the report written out, as it is judged now.
func (s *state) written(form string, done func(text string, err error)) {
	s.decoder.Do(Request{Op: "export", Text: form, N: s.item, Ask: s.ask()}, func(u *unpacker, err error) {
		text := u.text()
		if err == nil {
			err = u.fault
		}
		s.draw(func() { done(text, err) })
	})
}
