package web

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"derscope/decode/report"
)

// needs asks for what a check lacks, where it lacks it.
func (s *state) needs(c *report.Check) app.UI {
	list := c.Needs
	if c.ID == "cmp.prot.mac" && c.Status == report.Fail {
		list = []string{"secret"} // another one
	}
	if len(list) == 0 {
		return nothing()
	}
	it := s.current()
	return div("needs", app.Range(list).Slice(func(i int) app.UI {
		return s.askFor(c.ID, wanted(it, list[i]))
	}))
}

// wanted is what the report says of a need.
func wanted(it *report.Item, need string) report.Want {
	for _, w := range it.Wants {
		if w.Need == need {
			return w
		}
	}
	return report.Want{Need: need}
}

// askFor is a button that opens a form for a need, and the form. place tells
// apart where it stands: the id of a check, or the evidence.
func (s *state) askFor(place string, w report.Want) app.UI {
	switch w.Need {
	case "time":
		return small("moment", "", "Say a time")
	case work:
		return small("work", "", "Compute it all the same")
	}
	key := place + " " + w.Need
	open := s.roles.form == key
	return div("ask",
		small("want", key, "Add "+needList([]string{w.Need})).Aria("expanded", strconv.FormatBool(open)),
		app.If(w.Need == "answer", s.asker()),
		app.If(open, s.form(w, place)),
	)
}

// form takes a missing piece in.
func (s *state) form(w report.Want, place string) app.UI {
	label := "Paste it here: PEM, base64, hexadecimal"
	if w.Need == "nonce" {
		label = "Paste the nonce in hexadecimal, or the request that was sent"
	}
	if w.Need == "sender" {
		label = "Type the name as it is shown beside a sender, such as CN=Example CA"
	}
	secret := secretNeeds[w.Need] != ""
	if secret {
		label = "Paste it here: hexadecimal, base64, PEM, or what is in its file. "
		if w.Need == "secret" {
			label = "Type it or paste it: the text itself, or octets in hexadecimal. "
		}
		label += "It stays in this page's memory, and goes into no link and no file."
	}
	hand := s.atHand(w.Need)
	box := app.Textarea().ID("adding").Rows(3).Spellcheck(false).Attr("autocomplete", "off")
	if secret && !s.isOpen("show secret", false) {
		box = box.Class("masked")
	}
	return div("adding",
		app.If(w.Text != "" && place != partEvidence, app.P().Text(sentence(w.Text))),
		app.Label().For("adding").Text(label),
		box,
		div("row flat",
			do("supply", "", "Add").Class("primary"),
			do("supply-file", "", "Open a file"),
			app.Input().Type("file").ID("adding-file").Class("unseen").TabIndex(-1).Aria("label", "File to add"),
			app.If(secret, do("toggle", "show secret", "Show").Aria("pressed", strconv.FormatBool(s.isOpen("show secret", false)))),
			do("want", s.roles.form, "Cancel"),
		),
		app.If(len(hand) > 0,
			app.P().Textf("Or say that it is one of these, which are at hand:"),
			div("row flat", app.Range(hand).Slice(func(i int) app.UI {
				return small("hand", hand[i], itemTitle(&s.report.Items[hand[i]]))
			})),
		),
		app.If(w.How != "", app.P().Text("A way to get it:"), command(w.How)),
	)
}

// atHand are the items that could be given the role of a need, a few.
func (s *state) atHand(need string) []int {
	var all []int
	seen := map[string]bool{}
	for i := range s.report.Items {
		it := &s.report.Items[i]
		if i == s.item || seen[it.SHA256] || len(all) == 6 || s.saidRole(it) == need || !slices.Contains(offered(it), need) {
			continue
		}
		seen[it.SHA256] = true
		all = append(all, i)
	}
	return all
}

// openForm opens the form of a place and a need, or closes it.
func (s *state) openForm(key string) {
	if s.roles.form == key {
		s.roles.form = ""
		s.after(func() { focus(`[data-do="want"][data-arg="` + key + `"]`) })
	} else {
		s.roles.form = key
		s.after(func() { focus("#adding") })
	}
	s.turn.evidence++
	s.turn.status++
}

// give gives an item that is at hand the role that the form asks for.
func (s *state) give(i int) {
	_, need, _ := strings.Cut(s.roles.form, " ")
	s.closeForm()
	s.assign(i, need)
}

// readForm takes in what was pasted into the form.
func (s *state) readForm() {
	box, ok := byID("adding")
	if !ok {
		return
	}
	text := box.Get("value").String()
	_, need, _ := strings.Cut(s.roles.form, " ")
	nonce, is := nonceFrom(text)
	switch {
	case strings.TrimSpace(text) == "":
		s.tell("There is nothing in the field yet. Paste what is missing, or open a file.")
		focus("#adding")
	case need == "sender":
		s.turnSwitch("expectedSender", strings.TrimSpace(text))
		s.closeForm()
		s.roles.tell = "Answers are expected from that sender."
		s.judge()
	case need == "nonce" && is:
		s.setNonce(nonce)
		s.closeForm()
		s.roles.tell = "The nonce is taken for the one that was sent."
		s.judge()
	default:
		s.provide([]Evidence{{Name: capital(strings.TrimPrefix(needList([]string{need}), "the ")) + ", pasted", Bytes: []byte(text)}})
	}
}

// nonceFrom reads a nonce in hexadecimal. What has the form of one DER element
// is rather a request.
func nonceFrom(text string) ([]byte, bool) {
	b, err := hex.DecodeString(strings.Map(hexDigit, strings.TrimSpace(text)))
	if err != nil || len(b) == 0 || len(b) > 128 || len(b) > 2 && b[0] == 0x30 && int(b[1]) == len(b)-2 {
		return nil, false
	}
	return b, true
}

// provide adds what a form asked for to the evidence, as what it was asked for.
func (s *state) provide(files []Evidence) {
	_, need, _ := strings.Cut(s.roles.form, " ")
	for i := range files {
		// Of several pieces in one input each finds its role; who adds roots
		// trusts all of them.
		if n := strings.Count(string(files[i].Bytes), "-----BEGIN"); n <= 1 || need == "anchor" {
			files[i].Role = needRole(need)
		}
		if kind := secretNeeds[need]; kind != "" {
			files[i].Secret, files[i].Kind = true, strings.TrimSpace(kind)
			if b := files[i].Bytes; need == "key" && !bytes.HasPrefix(b, []byte{0x30}) && !bytes.Contains(b, []byte("-----BEGIN")) {
				files[i].Kind = "shared-secret" // agreed on, and no private key
			}
		}
	}
	s.sample = false // it is the user's own now
	s.stay = true
	s.closeForm()
	s.keep(files)
	s.roles.input, s.roles.need = s.files[len(s.files)-1].Name, need
	s.load()
}

// secretNeeds are the needs that a secret settles, and the kind that it is: a
// space where it may come in other things.
var secretNeeds = map[string]string{"ticket-key": "ticket-key", "key-log": "key-log", "session": " ", "private-key": " ", "key": " ", "secret": "shared-secret"}

// needRole is the role of what a need is settled by.
func needRole(need string) string {
	for _, all := range kindRoles {
		if slices.Contains(all, need) {
			return need
		}
	}
	return ""
}

// supplied says what came of a piece that a form added.
func (s *state) supplied() {
	in, need := s.roles.input, s.roles.need
	if in == "" {
		return
	}
	s.roles.input = ""
	s.backToForm()
	known := ""
	for i := range s.report.Items {
		if it := &s.report.Items[i]; it.Input == in && it.Kind != "unknown" {
			known = capital(inSentence(it))
			break
		}
	}
	verdict := s.said
	if known == "" {
		s.tell("Nothing was recognised in what you added. It is in the list of evidence, and can be removed there.")
		return
	}
	text := known + " was added."
	if it := s.current(); slices.ContainsFunc(it.Wants, func(w report.Want) bool { return w.Need == need }) {
		text = fmt.Sprintf("%s was added, but what was asked for is still missing: %s.", known, needList([]string{need}))
	}
	s.tell(text)
	s.said += " " + verdict
}

// closeForm closes the form. When what it brought is judged, the focus goes to
// where the form was.
func (s *state) closeForm() {
	s.roles.back, _, _ = strings.Cut(s.roles.form, " ")
	s.roles.form, s.toggle["show secret"] = "", false
	s.turn.evidence++
	s.turn.status++
}

// backToForm moves the focus to the check that had the form, if it is still
// seen, or to what asks in the evidence.
func (s *state) backToForm() {
	place := s.roles.back
	s.roles.back = ""
	if place == "" {
		return
	}
	s.after(func() {
		if !focus(`[data-check="`+place+`"] .fold`) && !focus(`#`+place+` [data-do="want"]`) {
			focus("#result")
		}
	})
}

// needWords are the words of the report's contract, as parts of a sentence.
var needWords = map[string]string{
	"issuer": "the issuer", "subject": "the certificate", "anchor": "a root", "responder": "the responder's certificate",
	"request": "the request", "nonce": "the nonce that was sent", "time": "a time", "signer": "the signer", "answer": "the answer",
	"revocation": "revocation data", "ticket-key": "the ticket key", "key-log": "the key log", "session": "the session",
	"secret": "the shared secret", "ticket": "a ticket", "client-hello": "the ClientHello", "server-hello": "the ServerHello",
	"first-hello": "the first ClientHello", "certificate-request": "the CertificateRequest", "new-session-ticket": "the NewSessionTicket",
	"private-key": "the private key", "candidate": "a certificate of the client", "certificate": "the certificate",
	"capture": "the capture", "earlier": "an earlier connection", "key": "the key that opens it", "sender": "the name of the server", "old": "the certificate to update or revoke",
}

func needList(needs []string) string {
	words := make([]string, len(needs))
	for i, n := range needs {
		if words[i] = needWords[n]; words[i] == "" {
			words[i] = strings.ReplaceAll(n, "-", " ")
		}
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// needsPress answers for what asks for a missing piece.
func (s *state) needsPress(b press) bool {
	switch b.name {
	case "want":
		s.openForm(b.arg)
	case "supply":
		s.readForm()
	case "supply-file":
		app.Window().GetElementByID("adding-file").Call("click")
	case "hand":
		s.give(b.n)
	case "moment":
		focus("#at")
	case work:
		s.turnSwitch(work, mostWork)
		s.judge()
	default:
		return false
	}
	return true
}
