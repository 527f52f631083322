package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Page stands here until the page's own file takes its place.
type Page struct{ app.Compo }

func (p *Page) Render() app.UI {
	return app.Div().Class("app").Body(app.H1().Text("derscope"), app.Textarea().ID("input"))
}
