package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// The icon: lines of a tree in a rounded square of 32 units, as a drawing and
// as pictures for the systems that take nothing else.
const (
	iconSide   = 32
	iconCorner = 6
	iconLine   = 3 // thick, with round ends
	iconColour = "#1d4ed8"
)

// iconLines are level: from X to X+Width at Y.
var iconLines = []struct{ x, y, width float64 }{{7, 8, 18}, {11, 14, 14}, {15, 20, 10}, {15, 26, 6}}

func (s *site) icons() error {
	s.asset("icon", "icon.svg", iconSVG())
	for _, i := range []struct {
		name string
		side int
		full bool
	}{{"icon-192", 192, false}, {"icon-512", 512, false}, {"icon-192-full", 192, true}, {"icon-512-full", 512, true}, {"icon-180", 180, true}} {
		b, err := iconPNG(i.side, i.full)
		if err != nil {
			return err
		}
		s.asset(i.name, i.name+".png", b)
	}
	return nil
}

func iconSVG() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %[1]d"><rect width="%[1]d" height="%[1]d" rx="%d" fill="%s"/><path d="`,
		iconSide, iconCorner, iconColour)
	for _, l := range iconLines {
		fmt.Fprintf(&b, "M%g %gh%g", l.x, l.y, l.width)
	}
	fmt.Fprintf(&b, `" stroke="#fff" stroke-width="%d" stroke-linecap="round"/></svg>`, iconLine)
	return b.Bytes()
}

// iconPNG draws the icon. A full one fills the square and leaves a margin, for
// systems that cut icons to a shape of their own: what lies within four fifths
// of the square's width is safe there.
func iconPNG(side int, full bool) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	scale, unit := float64(iconSide)/float64(side), 1.0
	if full {
		unit = 1.3
	}
	var blue [3]uint8
	fmt.Sscanf(iconColour, "#%02x%02x%02x", &blue[0], &blue[1], &blue[2])
	for py := range side {
		for px := range side {
			// The middle of the pixel, from the middle of the icon.
			x, y := (float64(px)+.5)*scale-iconSide/2, (float64(py)+.5)*scale-iconSide/2
			ground := 1.0
			if !full {
				ground = cover(square(x, y), scale)
			}
			white := 0.0
			for _, l := range iconLines {
				white = max(white, cover(line(x*unit, y*unit, l.x-iconSide/2, l.y-iconSide/2, l.width), scale*unit))
			}
			mix := func(c uint8) uint8 { return uint8(math.Round(float64(c) + (255-float64(c))*white)) }
			img.SetNRGBA(px, py, color.NRGBA{mix(blue[0]), mix(blue[1]), mix(blue[2]), uint8(math.Round(255 * ground))})
		}
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, img)
	return b.Bytes(), err
}

// square and line are distances from a shape's edge, negative inside.
func square(x, y float64) float64 {
	const straight = iconSide/2 - iconCorner
	dx, dy := max(math.Abs(x)-straight, 0), max(math.Abs(y)-straight, 0)
	return math.Hypot(dx, dy) - iconCorner
}

func line(x, y, from, level, width float64) float64 {
	return math.Hypot(x-min(max(x, from), from+width), y-level) - iconLine/2.0
}

// cover is how much of a pixel lies inside, by the distance of its middle.
func cover(distance, pixel float64) float64 { return min(max(.5-distance/pixel, 0), 1) }
