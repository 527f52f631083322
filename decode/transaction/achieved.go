package transaction

import (
	"strconv"
	"strings"

	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// who is the subject that the transaction is about: CN=device-17; "" if none is named.
func (v *View) who() string {
	if v.first != nil {
		b := &v.first.Core().Body
		for _, q := range b.Requests {
			if q.Request != nil && q.Request.Template != nil {
				if s := subject(q.Request.Template.Subject); s != "" {
					return s
				}
			}
		}
		if b.PKCS10 != nil {
			if s := subject(&b.PKCS10.Subject); s != "" {
				return s
			}
		}
	}
	for _, g := range v.grants {
		if g.cert != nil {
			if s := subject(&g.cert.Subject); s != "" {
				return s
			}
		}
	}
	return ""
}

// revoked names the certificate that is to be revoked.
func (v *View) revoked() string {
	if v.first == nil {
		return ""
	}
	for _, d := range v.first.Core().Body.Revocations {
		if t := d.Template; t != nil {
			switch {
			case t.Subject != nil && subject(t.Subject) != "":
				return subject(t.Subject)
			case t.Serial.OK && v.named(t) != "":
				return v.named(t)
			case t.Serial.OK && t.Issuer != nil:
				return "serial number " + short(t.Serial.Value.Text(), 40) + " of " + subject(t.Issuer)
			case t.Serial.OK:
				return "serial number " + short(t.Serial.Value.Text(), 40)
			}
		}
	}
	return ""
}

// named is the subject of the certificate that a template names by issuer and
// serial number, where the client sends it along.
func (v *View) named(t *crmf.CertTemplate) string {
	for _, k := range v.first.ExtraCerts.List {
		if k != nil && t.Issuer != nil && key(k.Serial) == key(t.Serial) && enrol.Compare(k.Issuer, *t.Issuer) != enrol.Different {
			return subject(&k.Subject)
		}
	}
	return ""
}

// information names what a genm asks for.
func (v *View) information() string {
	if v.first == nil {
		return ""
	}
	s := ""
	for i, info := range v.first.Core().Body.Infos.List {
		switch {
		case i == 3:
			return s + ", …"
		case i > 0:
			s += ", "
		}
		s += infoName(info.ID)
	}
	return s
}

// given says what a genp holds.
func given(list []*cmp.Info) string {
	var has, lacks []string
	for i, info := range list {
		switch {
		case i == 4:
			has = append(has, "more")
		case i > 4:
		case info.Raw == nil:
			lacks = append(lacks, infoName(info.ID))
		default:
			has = append(has, infoName(info.ID))
		}
	}
	switch {
	case len(has) > 0:
		return "Information given: " + report.Enumerate(has)
	case len(lacks) > 0:
		return "The CA has nothing to give for " + report.Enumerate(lacks)
	}
	return "The CA answers the general message"
}

// title names the transaction: Enrolment of CN=device-17 (ir).
func (v *View) title() string {
	with := func(what, of string) string {
		if of == "" {
			return what + " (" + v.origin.String() + ")"
		}
		return what + " of " + of + " (" + v.origin.String() + ")"
	}
	switch v.origin {
	case cmp.IR, cmp.CR, cmp.P10CR:
		return with("Enrolment", v.who())
	case cmp.KUR:
		return with("Key update", v.who())
	case cmp.KRR:
		return with("Key recovery", v.who())
	case cmp.CCR:
		return with("Cross-certification", v.who())
	case cmp.RR:
		return with("Revocation", v.revoked())
	case cmp.GenM:
		if s := v.information(); s != "" {
			return "Information on " + s + " (genm)"
		}
		return "General message (genm)"
	}
	if n, _ := v.batch(); n > 0 {
		return "Nested messages"
	}
	if len(v.granted()) > 0 {
		if who := v.who(); who != "" {
			return "Enrolment of " + who
		}
	}
	return "CMP transaction"
}

// what names the matter of a transaction, with its article.
func (v *View) what() string {
	switch v.origin {
	case cmp.IR, cmp.CR, cmp.P10CR, cmp.CCR:
		if who := v.who(); who != "" {
			return "a certificate for " + who
		}
		return "a certificate"
	case cmp.KUR:
		if who := v.who(); who != "" {
			return "the key update of " + who
		}
		return "the key update"
	case cmp.KRR:
		return "to give back keys"
	case cmp.RR:
		if s := v.revoked(); s != "" {
			return "to revoke " + s
		}
		return "the revocation"
	case cmp.GenM:
		return "to give information"
	}
	return "the request"
}

// good is the headline of what was achieved.
func (v *View) good(s report.Status) report.Verdict {
	out := report.Verdict{Status: s, Headline: v.achieved()}
	if missing := v.missing(); missing != "" {
		out.Detail = upper(missing) + "."
		if at := v.told(); at != "" {
			out.Detail = upper(missing) + " after " + at + "."
		}
		return out
	}
	for _, k := range v.confirms() {
		if !k.accepts() {
			out.Detail = strings.TrimSpace("The certConf says rejection" + because(k.s.Status) + ". The certificate must not be used.")
			return out
		}
	}
	if g := v.granted(); len(g) > 0 {
		k := g[0].cert
		out.Detail = "Serial number " + short(k.Serial.Value.Text(), 40) + ", from " + k.Issuer.String() + ", until " + report.Clock(k.NotAfter.Value.Time) + "."
	}
	return out
}

// batch counts the messages inside nested ones, of the client and of the server.
func (v *View) batch() (requests, answers int) {
	for _, m := range v.Messages {
		switch {
		case m.Core().Body.Type != cmp.Nested || m.Again != nil:
		case m.From == cmp.Client:
			requests += len(m.Inner)
		default:
			answers += len(m.Inner)
		}
	}
	return requests, answers
}

// only says that all bodies are of a sort.
func (v *View) only(sort func(cmp.Type) bool) bool {
	for _, m := range v.Messages {
		if !sort(m.Body.Type) {
			return false
		}
	}
	return true
}

// told is how long the client was told to wait at last.
func (v *View) told() string {
	if v.end == polling && v.last != nil && v.last.Body.Type == cmp.PollRep {
		if d, at := checkAfter(v.last); at != report.None {
			return report.Length(d)
		}
	}
	return ""
}

// achieved says how far the transaction came.
func (v *View) achieved() string {
	grants := v.granted()
	switch {
	case len(grants) > 0:
		s := "Certificate"
		if who := subject(&grants[0].cert.Subject); who != "" {
			s += " for " + who
		}
		if n := len(grants); n > 1 {
			s = strconv.Itoa(n) + " certificates"
		}
		s += " issued"
		switch status := grants[0].resp.Status.Value(); {
		case status == cmp.GrantedWithMods:
			s += " with changes"
		case status != cmp.Accepted && status.String() != "":
			s += " with the status " + status.String()
		}
		return s + v.confirmed()
	case v.end == polling:
		return "The client is told to wait for " + v.waitsForWhat()
	case v.end == sent && v.last != nil:
		return named(v.last) + " has no answer here"
	case v.end == challenged:
		return "The client is to prove that it has the private key"
	case v.answer == nil:
		switch n, m := v.batch(); {
		case n > 0 && m > 0:
			return "A batch of " + report.Plural(n, "request", "requests") + " is answered with " + report.Plural(m, "message", "messages")
		case n > 0:
			return "A batch of " + report.Plural(n, "request", "requests") + " has no answer here"
		case v.only(cmp.Type.Announces):
			return "Announcements of the CA"
		}
		return "A part of a CMP transaction"
	}
	b := &v.answer.Core().Body
	switch {
	case b.Revoked != nil:
		return v.revocation(b)
	case b.Type == cmp.GenP:
		return given(b.Infos.List)
	case b.Recovery != nil:
		return "Keys recovered"
	case b.Reply != nil && len(b.Reply.Responses) > 0 && b.Reply.Responses[0].Pair != nil && b.Reply.Responses[0].Pair.EncryptedCert != nil:
		return "Certificate issued, encrypted for its owner" + v.confirmed()
	}
	return "The CA answers with " + v.answer.Body.Name()
}

// confirmed is the end of the headline of an issued certificate.
func (v *View) confirmed() string {
	for _, k := range v.confirms() {
		if !k.accepts() {
			return ", and refused by the client"
		}
	}
	switch {
	case v.end == done && implicit(v.answer) == nil && len(v.confirms()) == 0:
		return "; the client did not confirm it"
	case v.end == failed:
		return ", then ended with an error"
	case v.answer != nil && implicit(v.answer) != nil:
		return "; no confirmation is needed"
	case v.end == answered:
		return ", not confirmed yet"
	case v.end == sent && v.ask == cmp.CertConf:
		return "; the CA has not taken note of the confirmation"
	case v.end == done:
		return " and confirmed"
	}
	return ""
}

func (v *View) waitsForWhat() string {
	if v.origin == cmp.RR {
		return "the revocation"
	}
	if v.origin == cmp.GenM || v.origin < 0 {
		return "the answer"
	}
	return "its certificate"
}

// revocation says what an rp says.
func (v *View) revocation(b *cmp.Body) string {
	what := "The certificate"
	if s := v.revoked(); s != "" {
		what = "The certificate " + s
	}
	if len(b.Revoked.Statuses) == 0 {
		return "The CA answers the revocation"
	}
	switch b.Revoked.Statuses[0].Value() {
	case cmp.RevocationWarning:
		return what + " will be revoked soon"
	case cmp.RevocationNotification, cmp.Accepted:
		return what + " is revoked"
	case cmp.GrantedWithMods:
		return what + " is revoked, with changes"
	case cmp.KeyUpdateWarning:
		return "The CA answers the revocation with keyUpdateWarning"
	}
	return "The CA answers the revocation with a status that is not defined"
}

// upper begins a sentence.
func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
