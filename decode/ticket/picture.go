package ticket

import (
	"strconv"
	"strings"

	"derscope/decode/report"
)

// The measures of the map, in units of the drawing: about a pixel of the column
// that it stands in, so that its letters are as large as those around it.
const (
	mapWidth = 468
	boxHigh  = 30
	rowHigh  = 58
	lineHigh = 17
)

var tones = [...]report.Tone{Other: report.Plain, KeyName: report.Name, Salt: report.Fresh, Nonce: report.Fresh, Length: report.Size,
	Ciphertext: report.Sealed, MAC: report.Proof, State: report.Bad, ID: report.Name}

// picture is the map of the ticket: a box for each part, wide enough for its
// name, in as many rows as they take; the largest part of a row takes what is
// left of it. Below each row stand the offsets.
func (v *View) picture() (p report.Picture, ok bool) {
	parts := v.parts()
	if len(parts) == 0 {
		return p, false
	}
	p = report.Picture{Name: "ticket-map", Title: "Where the parts of the ticket lie", W: mapWidth}
	wide := make([]int, len(parts))
	for i, part := range parts {
		wide[i] = min(max(38, width(v.boxWords(part))+10), mapWidth)
	}
	y := 6
	for from := 0; from < len(parts); y += rowHigh {
		to, left, large := from, mapWidth, from
		for to < len(parts) && wide[to] <= left {
			left -= wide[to]
			if parts[to].Len > parts[large].Len {
				large = to
			}
			to++
		}
		wide[large] += left
		x := 0
		for i := from; i < to; i++ {
			v.box(&p, parts[i], x, y, wide[i])
			x += wide[i]
		}
		if end := strconv.Itoa(parts[to-1].End()); to == len(parts) && wide[to-1] > 70 {
			p.Shapes = append(p.Shapes, caption(mapWidth-8*len(end)-2, y+46, end))
		}
		from = to
	}
	p.H = y + 10
	for _, line := range lines(v.captions()) {
		p.Shapes = append(p.Shapes, caption(0, p.H, line))
		p.H += lineHigh
	}
	p.H -= lineHigh - 6
	return p, true
}

// box draws a part, and below it where it begins.
func (v *View) box(p *report.Picture, part Part, x, y, wide int) {
	tone := tones[part.Role]
	if part.Role == MAC && v.Status == WrongMAC {
		tone = report.Bad
	}
	p.Shapes = append(p.Shapes, report.Shape{Form: report.Box, Tone: tone, Dashed: !v.named(), X: x, Y: y, W: wide, H: boxHigh,
		Text: v.boxWords(part), Hint: part.Role.String() + ", " + report.Plural(part.Len, "octet", "octets") + " from " + strconv.Itoa(part.Off),
		At: v.node(part), Item: v.opens(part)}, caption(x, y+46, strconv.Itoa(part.Off)))
}

// width is about how wide a text is drawn: no font is at hand to measure it.
func width(s string) (w int) {
	for _, r := range s {
		switch {
		case strings.ContainsRune(" ·-iljtfr", r):
			w += 5
		case r == 'm' || r == 'w':
			w += 12
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r > 0x7f:
			w += 9
		default:
			w += 8
		}
	}
	return w
}

// lines breaks a text where the picture ends.
func lines(s string) (all []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && width(line+" "+word) > mapWidth {
			all, line = append(all, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(all, line)
}

// opens is the item behind the ciphertext, or -1.
func (v *View) opens(part Part) int {
	if part.Role == Ciphertext {
		return v.Inside
	}
	return -1
}

func caption(x, y int, text string) report.Shape {
	return report.Shape{Form: report.Words, Tone: report.Quiet, X: x, Y: y, Text: text, At: report.None, Item: -1}
}

// boxWords name a part in its box.
func (v *View) boxWords(p Part) string {
	words := p.Role.String()
	l := v.layout()
	switch {
	case p.Role == Ciphertext && v.Proved():
		return "encrypted state · " + v.Opening.Cipher
	case p.Role == Ciphertext:
		return "encrypted state"
	case p.Role == MAC && l != nil && !hasPiece(l, "mac"):
		words = "tag"
	case p.Role == MAC && v.Proved():
		words = v.Opening.MAC
	case p.Role == Other && l != nil:
		for i, q := range v.parts() {
			if q.Off == p.Off && i < len(l.pieces) {
				words = l.pieces[i].label
			}
		}
	}
	if p.Role == MAC && v.Proved() {
		words += " ✓"
	}
	return words
}

func hasPiece(l *Layout, label string) bool {
	for _, p := range l.pieces {
		if p.label == label {
			return true
		}
	}
	return false
}

// captions say how sure the map is.
func (v *View) captions() string {
	if v.Proved() {
		return "The MAC proved this layout."
	}
	if len(v.Candidates) > 1 {
		return shorten("A guess from the length. It also fits " + titles(v.Candidates, 1) + ".")
	}
	if l := v.Best(); l != nil {
		return shorten(l.Title + " layout: " + v.Candidates[0].Why + ".")
	}
	return "The parts do not add up."
}

// shorten keeps a caption inside the picture.
func shorten(s string) string {
	const most = 180
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
