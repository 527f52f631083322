package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// alertRules judge alerts.
var alertRules = []rule{{
	ID: "tls.alert.meaning", Group: groupEnd, Level: check.Must, Refs: "RFC 9846 §6.1; RFC 9846 §6.2; RFC 5246 §7.2",
	Title: "No side ends the handshake with an alert",
	Judge: func(_ *check.Context, v *View) check.Outcome { return v.alertMeaning() },
}, {
	ID: "tls.alert.fits", Group: groupEnd, Level: check.Should, Refs: "RFC 9846 §6; RFC 9846 §6.2",
	Title:    "The alert is the one that is due for what is wrong",
	Headline: "Another alert was due: %s",
	Judge:    func(c *check.Context, v *View) check.Outcome { return v.alertFits(c) },
}, {
	ID: "tls.alert.hidden", Group: groupEnd, Level: check.May, Refs: "RFC 9846 §5.2; RFC 9846 §6",
	Title: "No encrypted record at the end is as long as an alert",
	Judge: func(_ *check.Context, v *View) check.Outcome { return v.alertHidden() },
}}

// meanings say what an alert means, for people.
var meanings = map[uint64]string{
	0: "the sender is done, and closes", 10: "a message came that may not come there", 20: "a record did not open: the keys differ, or it was altered",
	22: "a record is too long", 30: "what was compressed does not unpack", 40: "no set of parameters suits both sides",
	41: "no certificate (SSL 3.0)", 42: "the certificate is damaged, or refused for a reason that has no alert of its own",
	43: "the certificate is of a type or for a purpose that does not serve", 44: "the certificate is revoked", 45: "the certificate has expired, or is not valid yet",
	46: "the certificate cannot be judged", 47: "a field has a value that does not fit the others", 48: "the issuer of the certificate is not known or not trusted",
	49: "the certificate is good, and its owner may not", 50: "a message cannot be read: its lengths do not add up", 51: "a signature, a Finished or a binder does not verify",
	60: "an export restriction", 70: "the version is not supported", 71: "the suites that were offered are not strong enough", 80: "something inside failed that has nothing to do with the peer, or a callback said no",
	86: "the client came back with an older version although a newer one would do", 90: "the user gave up", 100: "no renegotiation is wanted",
	109: "an extension is missing that must be there", 110: "an extension came that nobody asked for", 112: "no server of this name is known here",
	113: "the OCSP response is not accepted", 115: "the PSK identity is not known", 116: "a client certificate is required, and none came",
	117: "an error that no other alert names", 120: "no application protocol is common to both", 121: "encrypted ClientHello is required",
}

// lastError is the error alert that ended the handshake, or nil.
func (v *View) lastError() *handshake.Event {
	e := v.lastAlert()
	if e == nil {
		return nil
	}
	if n := e.Body.(*handshake.AlertBody).Description.Value; n == closeNotify || n == userCanceled || n == 100 {
		return nil
	}
	return e
}

func (v *View) alertMeaning() check.Outcome {
	w := check.Skip()
	for _, e := range v.H.Alerts() {
		b, ok := e.Body.(*handshake.AlertBody)
		if !ok {
			continue
		}
		if !b.Description.OK {
			w = check.Worst(w, v.unread(b.Ref, "The alert"))
			continue
		}
		n := b.Description.Value
		what := upperFirst(sideName(e.From)) + " sends " + alertName(n)
		if after := v.before(e); after != "" {
			what += " after " + after
		}
		meaning := meanings[n]
		var now check.Outcome
		switch {
		case suite.Alerts[int(n)] == "":
			now = check.Doubtful(b.Description.Ref, "%s, a number that is not defined.", what)
		case n == closeNotify || n == userCanceled || n == 100:
			now = check.Note(b.Description.Ref, "%s: %s.", what, meaning)
		case b.Level.Value == 1 && !v.TLS13():
			now = check.Doubtful(b.Level.Ref, "%s at level warning: %s. Most receivers go on.", what, meaning).And(b.Description.Ref)
		default:
			now = check.Broken(b.Description.Ref, "%s: %s.", what, meaningOr(meaning))
		}
		w = check.Worst(w, now)
	}
	return w
}

func meaningOr(s string) string {
	if s == "" {
		return "an error"
	}
	return s
}

// due lists, for an alert, the checks whose failure it is due for; an id that
// ends in "." stands for all that begin with it.
var due = map[uint64][]string{
	10:  {"tls.flow.order", "tls.flow.renegotiation", "tls.hello.retry", "tls.nst.promised", "tls.nst.place", "tls.status.order", "tls.message.form"},
	22:  {"tls.record.form"},
	40:  {"tls.hello.suite", "tls.ext.signature-algorithms", "tls.resume.extended-main-secret", "tls.hello.renegotiation", "tls.hello.version"},
	42:  {"tls.certificate.", "tls.candidate.", "ocsp.staple."}, // of a staple GnuTLS says so
	43:  {"tls.candidate.purpose", "tls.candidate.usage", "tls.candidate.algorithm"},
	44:  {"tls.candidate."},
	45:  {"tls.candidate.validity"},
	46:  {"tls.candidate.", "tls.certificate."},
	47:  {"tls.hello.", "tls.ext.", "tls.psk.", "tls.message.form", "tls.certreq.", "tls.nst."},
	48:  {"tls.candidate.chain", "tls.candidate.issuer", "tls.certificate.list"},
	50:  {"tls.message.form", "tls.message.version", "tls.ext.", "tls.record.form", "tls.nst.empty", "tls.psk.form", "ocsp.staple.", "tls.certificate.list"},
	51:  {"tls.psk.binder", "tls.certificate.verify", "tls.finished.verify", "tls.candidate.key"},
	70:  {"tls.hello.version", "tls.hello.fields"},
	71:  {"tls.hello.suite"},
	80:  {"tls.callback.ticket.return"},
	86:  {"tls.hello.downgrade"},
	109: {"tls.ext.signature-algorithms", "tls.certreq.algorithms", "tls.psk.modes", "tls.ext.key-share"},
	110: {"tls.ext.unasked", "tls.ext.place", "ocsp.staple."},
	112: {"tls.certificate.host", "tls.ext.server-name"},
	113: {"ocsp.staple.", "tls.status.", "tls.callback.status.resumed"},
	120: {"tls.ext.alpn"},
}

// explaining are the rules whose failure can be the reason of an alert: all but
// those of alerts themselves and of callbacks.
var explaining = [][]rule{recordRules, messageRules, helloRules, extensionRules, extensionValueRules, pskRules, earlyRules, resumeRules,
	certificateRules, statusRules, stapleRules, requestRules, nstRules, flowRules, finishedRules}

// reason is the check that explains an alert: of those that its number is due
// for, one that fails, else one that warns.
func reason(tree []report.Check, n uint64) (report.Check, bool) {
	for _, s := range []report.Status{report.Fail, report.Warn} {
		for _, id := range due[n] {
			if k, ok := failed(tree, id, s); ok {
				return k, true
			}
		}
	}
	return report.Check{}, false
}

// failed finds the first row with a status, by an id or the beginning of one.
func failed(tree []report.Check, id string, s report.Status) (report.Check, bool) {
	for _, k := range tree {
		if k.Children != nil {
			if row, ok := failed(k.Children, id, s); ok {
				return row, true
			}
		} else if k.Status == s && begins(k.ID, id) {
			return k, true
		}
	}
	return report.Check{}, false
}

// begins says that an id is the one named, or one of those that it stands for.
func begins(id, named string) bool {
	return id == named || named[len(named)-1] == '.' && len(id) > len(named) && id[:len(named)] == named
}

func (v *View) alertFits(c *check.Context) check.Outcome {
	e := v.lastError()
	if e == nil {
		return check.Skip()
	}
	b := e.Body.(*handshake.AlertBody)
	n := b.Description.Value
	tree := v.withCandidates(c, check.Judge(c, v, groups, explaining...))
	if k, ok := reason(tree, n); ok {
		return check.Holds(b.Description.Ref, "%s is the alert for what is wrong: «%s» does not hold (%s).", alertName(n), k.Title, k.ID).And(k.At...)
	}
	for _, other := range dueOrder {
		for _, id := range due[other] {
			// A wide id is no reason to expect a certain alert.
			if id[len(id)-1] == '.' {
				continue
			}
			if k, ok := failed(tree, id, report.Fail); ok && other != n {
				return check.Broken(b.Description.Ref, "%s was due, for «%s» does not hold (%s); %s came.", alertName(other), k.Title, k.ID, alertName(n)).And(k.At...)
			}
		}
	}
	if causes := v.causes(); causes != "" {
		return check.Note(b.Description.Ref, "Nothing on the wire is wrong. With OpenSSL it means: %s.", causes)
	}
	return check.Note(b.Description.Ref, "Nothing that can be seen here explains it: the reason lies with the one who sent it.")
}

// dueOrder is the order in which the alerts of due are looked at.
var dueOrder = []uint64{50, 47, 10, 51, 70, 109, 110, 120, 40, 113, 45, 43, 112, 86, 71, 22}

// causes are what package callback knows of an alert.
func (v *View) causes() string {
	w := v.Wire()
	all := w.Causes()
	text := ""
	for i, k := range all {
		if i == 2 {
			break
		}
		if i > 0 {
			text += "; or "
		}
		text += k.Text
	}
	return text
}

// alertHidden looks for an encrypted record at the end of what a side sent that
// is as long as an alert.
func (v *View) alertHidden() check.Outcome {
	if v.SH == nil || v.lastAlert() != nil {
		return check.Skip()
	}
	if len(v.H.Events) == 0 {
		return check.Skip()
	}
	e := &v.H.Events[len(v.H.Events)-1]
	n := len(e.Raw)
	switch {
	case e.Kind != handshake.ClosedRecord && e.Kind != handshake.ApplicationData || e.Protected || n == 0 || e.Count > 1:
		return check.Skip()
	case v.TLS13() && v.SuiteOK && n == 2+1+v.Suite.TagLen:
		return check.Needs("key-log", e.Ref, "The last record, of the %s, has %d octets: as long as an alert, which has two, with its type and a tag of %d. Add the key log to read it.", e.From, n, v.Suite.TagLen)
	case v.Old() && e.Type == handshake.RecordAlert:
		return check.Needs("key-log", e.Ref, "The last record, of the %s, is an encrypted alert of %d octets: close_notify, or an error. Add the key log to read it.", e.From, n)
	}
	return check.Holds(e.Ref, "The last record has %d octets.", n)
}
