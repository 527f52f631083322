package web

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// pictures are what an item is drawn as: the parts of a ticket, or who sent what
// when. They are drawn by the script pictures.js, each into an element that is
// left empty here, and again whenever the report changes.
type pictures struct {
	app.Compo
	S    *state
	Turn int
}

func (v *pictures) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Pictures) == 0 {
		return nothing()
	}
	v.S.after(v.S.drawPictures)
	return div("stack", app.Range(it.Pictures).Slice(func(i int) app.UI {
		p := &it.Pictures[i]
		return panel("picture-"+strconv.Itoa(i), p.Title, div("drawn"), pictureButtons(p.Name))
	}))
}

// drawPictures has the script draw those of the item in view.
func (s *state) drawPictures() {
	it := s.current()
	if it == nil || app.IsServer {
		return
	}
	for i := range it.Pictures {
		p := &it.Pictures[i]
		shapes := make([]any, 0, 12*len(p.Shapes))
		for k := range p.Shapes {
			f := &p.Shapes[k]
			do, arg, opens := "", -1, ""
			switch {
			case f.At != report.None:
				do, arg = "show", int(f.At)
			case f.Item >= 0 && f.Item < len(s.report.Items):
				do, arg, opens = "item", f.Item, s.numbered(f.Item)
			}
			shapes = append(shapes, int(f.Form), int(f.Tone), f.Dashed, f.X, f.Y, f.W, f.H, f.Text, f.Hint, do, arg, opens)
		}
		site().Call("draw", "#picture-"+strconv.Itoa(i)+" .drawn", p.Name, p.Title, p.W, p.H, shapes)
	}
}
