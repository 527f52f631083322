package web

import (
	"strconv"

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
	return panel("clients", "What each client would do", v.S.outcomes("Client", it.Clients))
}

func (v *servers) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Servers) == 0 {
		return nothing()
	}
	return panel("servers", "What a server does with this staple", v.S.outcomes("Server", it.Servers))
}

// programs are the names that people know them by.
var programs = map[string]string{
	"openssl": "OpenSSL", "go": "Go", "chromium": "Chromium", "firefox": "Firefox", "gnutls": "GnuTLS",
	"haproxy": "HAProxy", "nginx": "nginx", "httpd": "Apache httpd", "ats": "Apache Traffic Server", "caddy": "Caddy",
	"envoy": "Envoy", "h2o": "H2O", "hitch": "Hitch", "s_server": "openssl s_server",
}

// outcomes is the table of what programs do; a button of a row shows how to see
// it happen.
func (s *state) outcomes(who string, all []report.Outcome) app.UI {
	var rows []app.UI
	for i := range all {
		again := i > 0 && all[i-1].Client == all[i].Client && all[i-1].Version == all[i].Version
		rows = append(rows, s.outcome(who, &all[i], again)...)
	}
	return app.Div().Class("wide-table").Body(app.Table().Class("cl").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text(who), app.Th().Scope("col").Text("Outcome"), app.Th().Scope("col").Text("Because"),
		)),
		app.TBody().Body(rows...),
	))
}

// outcome draws a row, and the command below it if it is open. A server that
// has several ways to come by a staple is named once.
func (s *state) outcome(who string, o *report.Outcome, again bool) []app.UI {
	name := programs[o.Client]
	if name == "" {
		name = o.Client
	}
	key := "how " + o.Client + o.Version + o.Way
	open, how := s.isOpen(key, false), "How to see it"
	if who == "Server" {
		how = "Setting"
	}
	row := app.Tr()
	if again {
		row = row.Class("again")
	}
	rows := []app.UI{row.Body(
		app.Th().Scope("row").Body(
			app.If(again, app.Span().Class("unseen").Text(name)).
				Else(app.Span().Text(name), app.Span().Class("hint").Text(o.Version)),
			app.If(o.Way != "", app.Span().Class("way").Text(o.Way)),
		),
		app.Td().Class("outcome", statusClass(outcomeStatus(o.Outcome))).Body(
			app.Span().Aria("hidden", "true").Text(statusGlyph(outcomeStatus(o.Outcome))+" "),
			app.Text(outcomeWord(o.Outcome)),
		),
		app.Td().Body(
			app.If(o.Reason != "", app.Code().Class("said").Text(o.Reason)),
			app.If(o.Why != "", app.P().Class("sub").Text(sentence(o.Why))),
			app.If(o.Show != "", do("toggle", key, how).Class("link", "how").
				Aria("expanded", strconv.FormatBool(open)).Aria("label", how+": "+name+" "+o.Way)),
		),
	)}
	if open {
		rows = append(rows, app.Tr().Class("again").Body(app.Td().ColSpan(3).Body(command(o.Show))))
	}
	return rows
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
