package web

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// clients is what each program that verifies would do.
type clients struct {
	app.Compo
	S    *state
	Turn int
}

// servers is what programs that staple would do with it.
type servers struct {
	app.Compo
	S    *state
	Turn int
}

func (v *clients) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Clients) == 0 {
		return nothing()
	}
	return panel("clients", "What each client would do", outcomes("Client", it.Clients))
}

func (v *servers) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Servers) == 0 {
		return nothing()
	}
	return panel("servers", "What a server does with this staple", outcomes("Server", it.Servers))
}

// programs are the names that people know them by.
var programs = map[string]string{
	"openssl": "OpenSSL", "go": "Go", "chromium": "Chromium", "firefox": "Firefox", "gnutls": "GnuTLS",
	"haproxy": "HAProxy", "nginx": "nginx", "httpd": "Apache httpd", "ats": "Apache Traffic Server", "caddy": "Caddy",
	"envoy": "Envoy", "h2o": "H2O", "hitch": "Hitch", "s_server": "openssl s_server",
}

func outcomes(who string, all []report.Outcome) app.UI {
	return app.Div().Class("wide-table").Body(app.Table().Class("cl").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text(who), app.Th().Scope("col").Text("Outcome"), app.Th().Scope("col").Text("Because"),
		)),
		app.TBody().Body(app.Range(all).Slice(func(i int) app.UI {
			o := all[i]
			name := programs[o.Client]
			if name == "" {
				name = o.Client
			}
			return app.Tr().Body(
				app.Th().Scope("row").Body(
					app.Span().Text(name),
					app.Span().Class("hint").Text(o.Version),
					app.If(o.Way != "",
						app.Span().Class("hint").Text(o.Way),
						app.Code().Class("config").Text(o.Show)),
				),
				app.Td().Class("outcome", statusClass(outcomeStatus(o.Outcome))).Body(
					app.Span().Aria("hidden", "true").Text(statusGlyph(outcomeStatus(o.Outcome))+" "),
					app.Text(outcomeWord(o.Outcome)),
				),
				app.Td().Body(
					app.If(o.Reason != "", app.Code().Class("said").Text(o.Reason)),
					app.If(o.Why != "", app.P().Class("sub").Text(sentence(o.Why))),
					app.If(o.Way == "", command(o.Show)),
				),
			)
		})),
	))
}

// outcomeStatus colours an outcome.
func outcomeStatus(outcome string) report.Status {
	switch outcome {
	case "accept", "loads":
		return report.Pass
	case "soft-fail", "served anyway":
		return report.Warn
	case "reject", "refused":
		return report.Fail
	}
	return report.Open
}

func outcomeWord(outcome string) string {
	switch outcome {
	case "accept":
		return "accepts"
	case "reject":
		return "rejects"
	case "soft-fail":
		return "soft-fails"
	case "refused":
		return "refuses it"
	case "served anyway":
		return "serves it anyway"
	case "open":
		return "cannot be said"
	}
	return outcome
}
