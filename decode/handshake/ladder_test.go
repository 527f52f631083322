package handshake_test

import (
	"strings"
	"testing"

	"derscope/decode/handshake"
	"derscope/decode/report"
)

// TestLadder: every message of a conversation has its arrow, in order, from the
// side that sent it, inside the picture.
func TestLadder(t *testing.T) {
	for name, s := range spoken() {
		for _, opened := range []bool{false, true} {
			b, x := given(s, opened)
			h, _ := read(t, b, x)
			p := handshake.Ladder(h, nil)
			var arrows []report.Shape
			for _, k := range p.Shapes {
				if k.Form == report.Arrow {
					arrows = append(arrows, k)
				}
				if k.Y+k.H > p.H || k.X < 0 || k.X+max(k.W, 0) > p.W || k.Form != report.Arrow && k.W < 0 {
					t.Errorf("%s: %q at %d,%d with %d,%d lies outside of %d,%d", name, k.Text, k.X, k.Y, k.W, k.H, p.W, p.H)
				}
			}
			if !opened {
				continue
			}
			if len(arrows) != len(h.Events) {
				t.Errorf("%s: %d arrows for %d events", name, len(arrows), len(h.Events))
				continue
			}
			for i, e := range h.Events {
				if a := arrows[i]; !strings.HasPrefix(a.Text, e.Name()) || a.W > 0 != (e.From == handshake.Client) || a.At != e.Ref || e.Protected && e.Kind == handshake.Message && a.Tone != report.Sealed {
					t.Errorf("%s: arrow %d is %+v", name, i, a)
				}
			}
		}
	}
}
