package web

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// Routes says which component draws which address. There is one page, wherever
// the site lies.
func Routes() { app.RouteWithRegexp("^/", &Page{}) }

// Run draws the page and keeps it alive; outside a browser it does nothing.
func Run() {
	Routes()
	app.RunWhenOnBrowser()
}
