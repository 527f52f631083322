package main

import (
	"errors"
	"fmt"

	"derscope/decode/report"
	"derscope/web"
)

// export gives the report in a form that leaves the page: as derscope inspect
// prints it, in lines of From columns where that is not 0, or as a ticket about
// item N; or what the protection of item N is made over. Secrets stay out unless it is asked for them; of a ticket always.
func (s *server) export(r web.Request) (p web.Packer, err error) {
	if r.Text == web.FormProtected {
		b := s.held.Protected(r.N)
		if b == nil {
			return nil, errors.New("header or body cannot be read")
		}
		p.Text(string(b))
		return p, nil
	}
	got := s.held.Report(options(r.Ask))
	var b []byte
	switch r.Text {
	case web.FormJSON:
		b = got.JSON(report.JSONOptions{Reveal: r.Reveal})
	case web.FormText:
		b = got.Text(report.TextOptions{Width: r.From, Reveal: r.Reveal})
	case web.FormMarkdown:
		b = got.Markdown(r.N)
	default:
		return nil, fmt.Errorf("no form of a report is called %q", r.Text)
	}
	p.Text(string(b))
	return p, nil
}

// cleared lists the inputs that may leave the machine.
func (s *server) cleared() (p web.Packer) {
	all := s.held.Cleared()
	p.Int(len(all))
	for _, c := range all {
		p.Text(c.Input)
		p.Text(c.Why)
	}
	return p
}
