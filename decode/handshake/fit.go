package handshake

// The functions of this file say whether octets add up in a form, and make no
// nodes: where a version is not known, both forms are tried.

// choose picks the form of TLS 1.3 or an older one. leaning decides where the
// octets read in neither: true for the older one.
func choose(version uint16, newer, older, leaning bool) (uint16, Fit) {
	form := func(new bool) uint16 {
		if new {
			return 0x0304
		}
		return 0x0303
	}
	switch {
	case version == 0 && newer && older:
		return 0x0304, Both
	case version == 0 && (newer || older):
		return form(newer), Only
	case version == 0:
		return form(!leaning), Broken
	}
	is13 := version == 0x0304
	switch {
	case is13 && newer || !is13 && older:
		return form(is13), Told
	case newer || older:
		return form(newer), Wrong
	}
	return form(is13), Broken
}

// walk is a cursor that remembers whether everything fitted so far.
type walk struct {
	b   []byte
	bad bool
}

// skip passes n octets.
func (w *walk) skip(n int) {
	if n > len(w.b) {
		w.b, w.bad = nil, true
		return
	}
	w.b = w.b[n:]
}

// vector takes the contents behind a length of width octets.
func (w *walk) vector(width int) *walk {
	if width > len(w.b) {
		w.b, w.bad = nil, true
		return &walk{}
	}
	n := 0
	for _, c := range w.b[:width] {
		n = n<<8 | int(c)
	}
	w.b = w.b[width:]
	if n > len(w.b) {
		w.b, w.bad = nil, true
		return &walk{}
	}
	in := &walk{b: w.b[:n]}
	w.b = w.b[n:]
	return in
}

// end says that everything fitted and nothing is left.
func (w *walk) end() bool { return !w.bad && len(w.b) == 0 }

// more says that there is something left to look at.
func (w *walk) more() bool { return !w.bad && len(w.b) > 0 }

// block says whether a block of extensions stands here, and passes it.
func (w *walk) block() bool {
	in := w.vector(2)
	for in.more() {
		in.skip(2)
		in.vector(2)
	}
	return in.end() && !w.bad
}

func fitsCertificate13(b []byte) bool {
	w := &walk{b: b}
	w.vector(1)
	list := w.vector(3)
	for list.more() {
		list.vector(3)
		if !list.block() {
			return false
		}
	}
	return list.end() && w.end()
}

func fitsCertificate12(b []byte) bool {
	w := &walk{b: b}
	list := w.vector(3)
	for list.more() {
		list.vector(3)
	}
	return list.end() && w.end()
}

func fitsRequest13(b []byte) bool {
	w := &walk{b: b}
	w.vector(1)
	return w.block() && w.end()
}

func fitsRequest12(b []byte) bool {
	w := &walk{b: b}
	types, algorithms := w.vector(1), w.vector(2)
	return len(types.b) > 0 && len(algorithms.b) > 0 && len(algorithms.b)%2 == 0 && w.names() && w.end()
}

func fitsRequest10(b []byte) bool {
	w := &walk{b: b}
	types := w.vector(1)
	return len(types.b) > 0 && w.names() && w.end()
}

// names says whether a list of names stands here, and passes it.
func (w *walk) names() bool {
	list := w.vector(2)
	for list.more() {
		list.vector(2)
	}
	return list.end() && !w.bad
}

func fitsTicket13(b []byte) bool {
	w := &walk{b: b}
	w.skip(8)
	w.vector(1)
	w.vector(2)
	return w.block() && w.end()
}

func fitsTicket12(b []byte) bool {
	w := &walk{b: b}
	w.skip(4)
	w.vector(2)
	return w.end()
}
