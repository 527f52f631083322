package ticket

import (
	"strconv"

	"derscope/decode/report"
)

// The measures of the map, in units of the drawing.
const (
	mapWidth = 640
	boxTop   = 8
	boxHigh  = 30
	letter   = 7 // wide
)

var tones = [...]report.Tone{Other: report.Plain, KeyName: report.Name, Salt: report.Fresh, Nonce: report.Fresh, Length: report.Size,
	Ciphertext: report.Sealed, MAC: report.Proof, State: report.Bad, ID: report.Name}

// picture is the map of the ticket: a box for each part, wide enough for its
// name; the ciphertext takes what is left. Below it stand the offsets.
func (v *View) picture() (p report.Picture, ok bool) {
	parts := v.parts()
	if len(parts) == 0 {
		return p, false
	}
	p = report.Picture{Name: "ticket-map", Title: "Where the parts of the ticket lie", W: mapWidth, H: 76}
	words, wide, left := make([]string, len(parts)), make([]int, len(parts)), mapWidth
	large := 0
	for i, part := range parts {
		words[i] = v.boxWords(part)
		wide[i] = max(36, letter*len([]rune(words[i]))+14)
		left -= wide[i]
		if part.Len > parts[large].Len {
			large = i
		}
	}
	wide[large] += left
	if wide[large] < 60 { // as in s2n's, with seven parts
		p.W += 60 - wide[large]
		wide[large] = 60
	}
	x := 0
	for i, part := range parts {
		tone := tones[part.Role]
		if part.Role == MAC && v.Status == WrongMAC {
			tone = report.Bad
		}
		p.Shapes = append(p.Shapes, report.Shape{Form: report.Box, Tone: tone, Dashed: !v.Proved() && !v.Strong(), X: x, Y: boxTop, W: wide[i], H: boxHigh,
			Text: words[i], Hint: part.Role.String() + ", " + report.Plural(part.Len, "octet", "octets") + " from " + strconv.Itoa(part.Off),
			At: v.node(part), Item: v.opens(part)})
		p.Shapes = append(p.Shapes, caption(x, 54, strconv.Itoa(part.Off)))
		x += wide[i]
	}
	end := caption(x-36, 54, strconv.Itoa(parts[len(parts)-1].End()))
	if len(parts) > 0 && wide[len(parts)-1] > 60 {
		p.Shapes = append(p.Shapes, end)
	}
	p.Shapes = append(p.Shapes, caption(0, 71, v.captions()))
	return p, true
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
	also := v.also()
	if v.Proved() {
		if also == "" {
			return "The MAC proved this layout."
		}
		return shorten("The MAC decided. By its length it also fits " + also + ".")
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
	const most = 100
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
