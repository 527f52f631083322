package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// messageRules judge the form of messages.
var messageRules = []rule{{
	ID: "tls.message.form", Group: groupReadable, Level: check.Must, Refs: "RFC 9846 §4; RFC 9846 §6.2; RFC 5246 §7.4",
	Title:    "Every message has a known type, and its lengths add up",
	Headline: "A message cannot be read: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.messageForm() },
}, {
	ID: "tls.message.version", Group: groupReadable, Level: check.Must, Refs: "RFC 9846 §4.5.1; RFC 9846 §4.4.2; RFC 9846 §4.7.1; RFC 5246 §7.4.2",
	Title:    "Messages that differ between TLS 1.2 and 1.3 have the form of the version agreed",
	Headline: "A message of another version: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.messageVersion() },
}}

func (v *View) messageForm() check.Outcome {
	w, n := check.Skip(), 0
	for i := range v.H.Events {
		e := &v.H.Events[i]
		if e.Kind != handshake.Message {
			continue
		}
		n++
		w = check.Worst(w, v.oneMessage(e))
		if w.Bad() {
			return w
		}
	}
	for _, f := range v.Faults {
		if f.Event != nil && f.Event.Kind != handshake.Message && f.Extension == nil || f.Event == nil && len(v.H.Records) == 0 {
			w = check.Worst(w, check.Broken(f.Ref, "%s", f.Why()))
		}
	}
	switch {
	case w.Applies():
		return w
	case n == 0:
		return check.Skip()
	}
	return check.Holds(v.H.Ref, "%s.", report.Plural(n, "message", "messages"))
}

// onlyNew and onlyOld are the types that one of the versions does not have.
var (
	onlyNew = map[uint8]bool{handshake.TypeEndOfEarlyData: true, handshake.TypeEncryptedExtensions: true, handshake.TypeKeyUpdate: true,
		handshake.TypeCompressedCertificate: true}
	onlyOld = map[uint8]bool{handshake.TypeHelloRequest: true, handshake.TypeServerKeyExchange: true, handshake.TypeServerHelloDone: true,
		handshake.TypeClientKeyExchange: true, handshake.TypeCertificateStatus: true, handshake.TypeCertificateURL: true,
		handshake.TypeSupplementalData: true, handshake.TypeHelloVerifyRequest: true}
)

// oneMessage judges one message. What depends on no other message the reader
// has said; here comes what depends on the version and the suite.
func (v *View) oneMessage(e *handshake.Event) check.Outcome {
	name := eventName(e)
	switch {
	case suite.HandshakeTypes[int(e.Type)] == "" && !v.H.Datagrams:
		return check.Broken(e.Ref, "The message type is %d, which no version of TLS defines.", e.Type)
	case v.TLS13() && onlyOld[e.Type]:
		return check.Broken(e.Ref, "%s does not exist in TLS 1.3, which %s selects.", name, v.VersionFrom)
	case v.Old() && onlyNew[e.Type]:
		return check.Broken(e.Ref, "%s exists in TLS 1.3 alone; %s selects %s.", name, v.VersionFrom, versionName(v.Version))
	}
	if f, bad := v.FaultIn(e, nil); bad {
		return check.Broken(f.Ref, "%s: %s", name, lowerFirst(f.Why()))
	}
	switch b := e.Body.(type) {
	case *handshake.Finished:
		want, known := v.finishedLength()
		if got := len(b.Data.Value); known && got != want {
			return check.Broken(b.Ref, "The Finished has %s; with %s it has %d.", report.Plural(got, "octet", "octets"), v.agreed(), want)
		}
	case *handshake.KeyUpdate:
		if b.Request.OK && b.Request.Value > 1 {
			return check.Broken(b.Request.Ref, "request_update is %d; 0 and 1 are defined (illegal_parameter 47).", b.Request.Value)
		}
	case *handshake.ServerHello:
		if b.Retry && !b.Extensions.Has(handshake.ExtSupportedVersions) {
			return check.Broken(b.Ref, "The HelloRetryRequest has no supported_versions: it must name the version it selects.")
		}
	}
	return check.Skip()
}

// agreed names version and suite.
func (v *View) agreed() string {
	if v.SuiteOK {
		return suite.Version(v.Version) + " and " + v.Suite.Name
	}
	return suite.Version(v.Version)
}

// finishedLength is how long a Finished is with what was agreed.
func (v *View) finishedLength() (int, bool) {
	switch {
	case v.TLS13() && v.SuiteOK && v.Suite.TLS13 && v.Suite.Hash.Size() > 0:
		return v.Suite.Hash.Size(), true
	case v.Old() && v.Version > SSL30:
		return 12, true
	}
	return 0, false
}

func (v *View) messageVersion() check.Outcome {
	w := check.Skip()
	for i := range v.H.Events {
		e := &v.H.Events[i]
		var fit handshake.Fit
		var form uint16
		switch b := e.Body.(type) {
		case *handshake.Certificate:
			fit, form = b.Fit, b.Version
		case *handshake.CertificateRequest:
			fit, form = b.Fit, b.Version
		case *handshake.NewSessionTicket:
			fit, form = b.Fit, b.Version
		default:
			continue
		}
		name, now := eventName(e), check.Skip()
		switch fit {
		case handshake.Told:
			now = check.Holds(e.Ref, "%s has the form of %s.", name, suite.Version(v.Version))
		case handshake.Only:
			if v.Version != 0 && (form == TLS13) != v.TLS13() {
				now = check.Broken(e.Ref, "%s has the form of %s, and %s selects %s.", name, suite.Version(form), v.VersionFrom, versionName(v.Version))
				break
			}
			now = check.Holds(e.Ref, "%s reads in the form of %s and in no other.", name, suite.Version(form))
		case handshake.Wrong:
			now = check.Broken(e.Ref, "%s reads in the form of %s only, and %s selects %s.", name, suite.Version(form), v.VersionFrom, versionName(v.Version))
		case handshake.Both:
			if v.Version != 0 {
				now = check.Holds(e.Ref, "%s reads in both forms; the connection is %s.", name, suite.Version(v.Version))
				break
			}
			now = check.Needs("server-hello", e.Ref, "%s reads in the form of TLS 1.2 and in that of TLS 1.3, and nothing here says which version was agreed. Add the ServerHello.", name)
		}
		w = check.Worst(w, now)
	}
	return w
}
