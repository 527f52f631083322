package web

// toTop moves the lists of the structure to their first rows.
func (s *state) toTop() {
	for _, v := range []*scroller{&s.fields, &s.asn1, &s.hex} {
		v.top, v.pos = 0, 0
	}
}

// toResult shows the verdict, wherever its column had been scrolled to.
func toResult() {
	if el, ok := byID("result"); ok {
		el.Set("scrollTop", 0)
	}
}

// settle moves the lists to where the state has them, once they are drawn, and
// gives the lines of octets their length.
func (s *state) settle() {
	s.after(func() {
		s.fields.apply(s.here())
		s.asn1.apply(s.lines.find(s.mark))
		s.hex.apply(s.mark.Off / s.perLine)
		s.paper.list.apply(-1)
		s.refit()
		s.fetch()
		s.writeFilter()
		s.writeSlide()
		if el, ok := byID("validity"); ok {
			if wide := el.Get("clientWidth").Int() - 28; wide > 0 && wide != s.wide {
				s.draw(func() {
					s.wide, s.course.tall = wide, 0
					s.turn.verdict++
				})
			}
		}
		el, ok := byID(s.hex.id)
		if !ok {
			return
		}
		if per := perLine(el.Get("clientWidth").Int()); per != s.perLine {
			s.draw(func() {
				s.perLine = per
				s.turn.structure++
				s.revealAll()
				s.settle()
			})
		}
	})
}
