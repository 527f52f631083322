package web

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// profiles are the rule sets that can be picked, by their names in the command,
// beside a check and in full; begin is the text in front of a group of them.
type profile struct{ name, short, label, begin string }

var profiles = []profile{
	{"br", "Baseline Requirements", "CA/Browser Forum Baseline Requirements", "OCSP: these add checks, and do not change the verdict."},
	{"mozilla", "Mozilla", "Mozilla Root Store Policy", ""},
	{"microsoft", "Microsoft", "Microsoft Trusted Root Program", ""},
	{"rfc9919", "RFC 9919", "RFC 9919, the high-volume profile", ""},
	{"lw", "Lightweight CMP", "RFC 9483, Lightweight CMP", "CMP: what these forbid fails."},
	{"3gpp", "3GPP", "3GPP TS 33.310, base stations", ""},
	{"openssl", "OpenSSL", "What OpenSSL's client refuses", ""},
}

// profileName is the name of a profile beside a check.
func profileName(name string) string {
	for _, p := range profiles {
		if p.name == name {
			return p.short
		}
	}
	return name
}

func (b *bar) profiles(s *state) app.UI {
	label := "Profiles"
	if n := len(s.profiles); n > 0 {
		label += " (" + strconv.Itoa(n) + ")"
	}
	open := s.menu == "profiles"
	return div("menu",
		do("menu", "profiles", label).Aria("expanded", strconv.FormatBool(open)),
		app.FieldSet().Class("drop", "right").Hidden(!open).Body(
			app.Legend().Text("Judge by these as well."),
			app.Range(profiles).Slice(func(i int) app.UI {
				p := profiles[i]
				return app.Div().Body(
					app.If(p.begin != "", par("sub", p.begin)),
					checkbox("profile", p.name, slices.Contains(s.profiles, p.name), app.Text(p.label)),
				)
			}),
			app.Label().Class("field").Body(
				app.Span().Text("Nonce that was sent, in hexadecimal"),
				lineField("text", "nonce").Class("mono").DataSet("change", "nonce"),
			),
		),
	)
}

// setProfiles picks profiles, and ticks their boxes.
func (s *state) setProfiles(names []string) {
	s.profiles = names
	boxes := app.Window().Get("document").Call("querySelectorAll", "[data-change=profile]")
	for i := range boxes.Length() {
		boxes.Index(i).Set("checked", slices.Contains(names, data(boxes.Index(i), "arg")))
	}
}

// setNonce takes a nonce for the one that was sent.
func (s *state) setNonce(nonce []byte) {
	if len(nonce) == 0 {
		nonce = nil // not known, which is not the same as empty
	}
	s.nonce = nonce
	write("nonce", hex.EncodeToString(nonce))
}

// hexDigit drops what people put between octets.
func hexDigit(r rune) rune {
	if strings.ContainsRune(" :-\t\n", r) {
		return -1
	}
	return r
}
