package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	return panel("clients", "What each "+manner(it).one+" would do", v.S.programs(it, it.Clients, "Try it yourself")...)
}

func (v *servers) Render() app.UI {
	it := v.S.current()
	if it == nil || len(it.Servers) == 0 {
		return nothing()
	}
	return panel("servers", "What a server does with this staple", v.S.programs(it, it.Servers, "Setting")...)
}

// manners say who takes an item, and what is missing to those who go on without
// it. A ticket is taken by servers, a session by both sides.
var manners = map[string]struct{ one, without string }{
	"session-ticket": {"server", "ticket"}, "new-session-ticket": {"client", "ticket"}, "tls-session": {"program", "session"},
}

func manner(it *report.Item) struct{ one, without string } {
	if m, ok := manners[it.Kind]; ok {
		return m
	}
	return struct{ one, without string }{"client", "response"}
}

// programNames are those that people know them by.
var programNames = map[string]string{
	"openssl": "OpenSSL", "go": "Go", "chromium": "Chromium", "firefox": "Firefox", "gnutls": "GnuTLS",
	"haproxy": "HAProxy", "nginx": "nginx", "httpd": "Apache httpd", "ats": "Apache Traffic Server", "caddy": "Caddy",
	"envoy": "Envoy", "h2o": "H2O", "hitch": "Hitch", "s_server": "openssl s_server",
}

func programName(o *report.Outcome) string {
	if name := programNames[o.Client]; name != "" {
		return name
	}
	return o.Client
}

// act is what a program does, whichever of some ways the staple comes by.
type act struct {
	*report.Outcome
	ways, shows []string
}

// programs lists what programs do, each once: by the worst that it does, and
// below that why.
func (s *state) programs(it *report.Item, all []report.Outcome, how string) []app.UI {
	parts := []app.UI{par("sub total", outcomeSum(it, all))}
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Client == all[0].Client && all[n].Version == all[0].Version {
			n++
		}
		parts = append(parts, s.program(it, all[:n], how))
		all = all[n:]
	}
	return parts
}

// program draws one program, which may come by a staple in several ways. It is
// closed where there is little to say: a client that does as the verdict, a
// server that does not refuse.
func (s *state) program(it *report.Item, ways []report.Outcome, how string) app.UI {
	o := &ways[0]
	worst, n := o.Outcome, 0
	for i := range ways {
		if outcomeStatus(ways[i].Outcome) > outcomeStatus(worst) {
			worst = ways[i].Outcome
		}
	}
	for i := range ways {
		if ways[i].Outcome == worst {
			n++
		}
	}
	word := outcomeWord(worst)
	if n < len(ways) {
		word = fmt.Sprintf("%s in %d of %d ways", word, n, len(ways))
	}
	status := outcomeStatus(worst)
	key := "program " + o.Client + o.Version
	open := s.isOpen(key, status == report.Fail || o.Way == "" && (status != report.Pass || it.Verdict.Status == report.Fail))
	return div("grp prog",
		disclosure(key, open,
			signed(status),
			spanOf("t", app.Text(programName(o)+" "), span("hint", o.Version)),
			app.Span().Class("n", statusClass(status)).Text(word),
		),
		app.If(open, div("acts-of",
			app.Range(merged(ways)).Slice(func(i int) app.UI { return s.deed(merged(ways)[i], n < len(ways), how) }),
		)),
	)
}

// merged joins the ways that end alike.
func merged(ways []report.Outcome) []act {
	var acts []act
	for i := range ways {
		o := &ways[i]
		at := slices.IndexFunc(acts, func(a act) bool {
			return a.Outcome.Outcome == o.Outcome && a.Reason == o.Reason && a.Why == o.Why
		})
		if at < 0 {
			at, acts = len(acts), append(acts, act{Outcome: o})
		}
		a := &acts[at]
		if o.Way != "" {
			a.ways = append(a.ways, o.Way)
		}
		if o.Show != "" && !slices.Contains(a.shows, o.Show) {
			a.shows = append(a.shows, o.Show)
		}
	}
	return acts
}

// deed draws why a program does what it does, in its own words and in ours, and
// how to see it happen.
func (s *state) deed(a act, mixed bool, how string) app.UI {
	ways := strings.Join(a.ways, "; ")
	key := "how " + a.Client + a.Version + ways
	open := s.isOpen(key, false)
	return div("act",
		app.If(ways != "", parOf("way", app.Text(ways), app.If(mixed, app.Text(": "),
			app.B().Class(statusClass(outcomeStatus(a.Outcome.Outcome))).Text(outcomeWord(a.Outcome.Outcome))))),
		app.If(a.Reason != "", app.Code().Class("said").Text(a.Reason)),
		app.If(a.Why != "", parOf("sub", spoken(sentence(a.Why))...)),
		app.If(len(a.shows) > 0, do("toggle", key, how).Class("link", "how").
			Aria("expanded", strconv.FormatBool(open)).Aria("label", how+": "+programName(a.Outcome)+" "+ways)),
		app.If(open, app.Range(a.shows).Slice(func(i int) app.UI { return command(a.shows[i]) })),
	)
}

// outcomes are what programs may do, in the words of the report and of the
// page, the worst first.
var outcomes = []struct {
	name, one, many string
	status          report.Status
}{
	{"reject", "rejects it", "reject it", report.Fail},
	{"refused", "refuses it", "refuse it", report.Fail},
	{"soft-fail", "soft-fails", "soft-fail", report.Warn},
	{"served anyway", "serves it anyway", "serve it anyway", report.Warn},
	{"open", "is undecided", "are undecided", report.Open},
	{"accept", "accepts it", "accept it", report.Pass},
	{"loads", "loads it", "load it", report.Pass},
}

// outcomeSum counts the outcomes: "Of 18 ways to staple it 9 refuse it, …".
func outcomeSum(it *report.Item, all []report.Outcome) string {
	var parts []string
	for _, o := range outcomes {
		n := 0
		for i := range all {
			if all[i].Outcome == o.name {
				n++
			}
		}
		word := o.many
		if n == 1 {
			word = o.one
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	of := manner(it).one + "s"
	if all[0].Way != "" {
		of = "ways to staple it"
	}
	text := fmt.Sprintf("Of %d %s %s.", len(all), of, strings.Join(parts, ", "))
	if len(parts) == 1 {
		_, word, _ := strings.Cut(parts[0], " ")
		text = fmt.Sprintf("All %d %s %s.", len(all), of, word)
	}
	if slices.ContainsFunc(all, func(o report.Outcome) bool { return o.Outcome == "soft-fail" }) {
		text += " Who soft-fails goes on as if there were no " + manner(it).without + "."
	}
	return text
}

// outcomeStatus colours an outcome.
func outcomeStatus(outcome string) report.Status {
	for _, o := range outcomes {
		if o.name == outcome {
			return o.status
		}
	}
	return report.Open
}

func outcomeWord(outcome string) string {
	for _, o := range outcomes {
		if o.name == outcome {
			return o.one
		}
	}
	return outcome
}

// foreign is how the reason begins where one library meets what another wrote:
// that is no fault of a good ticket or session.
var foreign = [...]string{"the layout is not that of", "the state is one of", "it is no state of Go",
	"text that was printed is no session file"}

// minding tells at a glance which clients mind, and leads to why.
func (s *state) minding(it *report.Item, all []report.Outcome) app.UI {
	all = slices.DeleteFunc(slices.Clone(all), func(o report.Outcome) bool {
		return slices.ContainsFunc(foreign[:], func(why string) bool { return strings.HasPrefix(o.Why, why) })
	})
	if len(all) == 0 {
		return nil
	}
	return do("clients", "", "").Class("minding").Body(
		span("hint", capital(manner(it).one)+"s:"),
		app.Range(all).Slice(func(i int) app.UI {
			o := &all[i]
			name := programName(o)
			if i > 0 && all[i-1].Client == o.Client || i+1 < len(all) && all[i+1].Client == o.Client {
				name += " " + o.Version
			}
			return app.Span().Body(signed(outcomeStatus(o.Outcome)), app.Text(name),
				span("unseen", " "+outcomeWord(o.Outcome)+". "))
		}),
	)
}
