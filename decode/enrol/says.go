package enrol

import (
	"fmt"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

// Title names the message for people: its body, and whom it is about.
func (v *View) Title() string {
	name := v.Body.Name()
	if v.Body.Type < 0 {
		return "CMP message without a body"
	}
	if who := v.About(); who != "" {
		return name + " for " + who
	}
	return "CMP " + name
}

// About names the certificate that the message is about, by its subject; "" if
// there is none in it.
func (v *View) About() string {
	b := &v.Body
	switch {
	case b.PKCS10 != nil:
		return who(b.PKCS10.Subject)
	case len(b.Requests) > 0 && b.Requests[0].Request != nil && b.Requests[0].Request.Template != nil:
		if n := b.Requests[0].Request.Template.Subject; n != nil {
			return who(*n)
		}
	case b.Reply != nil:
		if list := v.granted(); len(list) > 0 {
			return whose(list[0])
		}
	case b.Certificate != nil:
		return whose(b.Certificate)
	case len(b.Revocations) > 0 && b.Revocations[0].Template != nil:
		if t := b.Revocations[0].Template; t.Serial.OK {
			return "serial number " + t.Serial.Value.Text()
		} else if t.Subject != nil {
			return who(*t.Subject)
		}
	}
	return ""
}

// who is what to call a name by.
func who(n cert.Name) string {
	if cn, ok := CommonName(n); ok && cn != "" {
		return "CN=" + report.Clean(cn)
	}
	if len(n.RDNs) == 0 {
		return "an empty name"
	}
	return report.Clean(n.Short())
}

// whose is what to call a certificate by.
func whose(k *cert.Certificate) string {
	if len(k.Subject.RDNs) == 0 {
		return report.Clean(k.Title())
	}
	return who(k.Subject)
}

// says tells what the message says, in one line that stands for itself, and
// what follows from it.
func (v *View) says() (headline, detail string) {
	b := &v.Body
	switch t := b.Type; {
	case t < 0:
		return "A CMP message without a body", ""
	case !t.Known():
		return fmt.Sprintf("A CMP message whose body [%d] is not known", int(t)), ""
	case b.Reply != nil:
		return v.saysReply()
	case t == cmp.IR, t == cmp.CR:
		return t.String() + ": asks for " + v.wanted("a certificate", "certificates"), ""
	case t == cmp.P10CR:
		return "p10cr: asks for " + v.wanted("a certificate", "certificates") + " with a PKCS #10 request", ""
	case t == cmp.KUR:
		return "kur: asks to renew " + v.wanted("the certificate", "certificates"), ""
	case t == cmp.KRR:
		return "krr: asks for lost keys back", ""
	case t == cmp.CCR:
		return "ccr: asks for " + v.wanted("a cross-certificate", "cross-certificates"), ""
	case t == cmp.KRP && b.Recovery != nil && b.Recovery.Status != nil:
		return v.saysStatus(b.Recovery.Status, "krp: brings keys back")
	case t == cmp.RR:
		return v.saysRevocation(), ""
	case t == cmp.RP && b.Revoked != nil && len(b.Revoked.Statuses) > 0:
		return v.saysRevoked(b.Revoked.Statuses)
	case t == cmp.Error && b.Error != nil && b.Error.Status != nil:
		return v.saysError(b.Error)
	case t == cmp.CertConf:
		return v.saysConfirmed()
	case t == cmp.PKIConf:
		if v.Answers != nil && v.Answers.Body.Type == cmp.Error {
			return "pkiconf: the error was taken note of", ""
		}
		return "pkiconf: the confirmation has arrived", ""
	case t == cmp.PollReq:
		return "pollReq: asks whether there is an answer yet", ""
	case t == cmp.PollRep && len(b.Waits) > 0:
		return v.saysWait(b.Waits[0])
	case t == cmp.GenM, t == cmp.GenP:
		return v.saysInfos(), ""
	case t == cmp.Nested:
		return "nested: carries " + report.Plural(len(b.Messages), "message", "messages") + v.inside(), ""
	case t == cmp.POPDecC:
		return "popdecc: a riddle that only the private key solves", ""
	case t == cmp.POPDecR:
		return "popdecr: the solution of the riddle", ""
	case t == cmp.CKUAnn:
		return "ckuann: the CA announces a new key of its own", ""
	case t == cmp.CAnn:
		if b.Certificate != nil {
			return "cann: the CA announces the certificate of " + whose(b.Certificate), ""
		}
	case t == cmp.RAnn:
		return "rann: the CA announces a revocation", ""
	case t == cmp.CRLAnn:
		return "crlann: the CA announces " + report.Plural(len(b.CRLs), "CRL", "CRLs"), ""
	}
	return "A CMP message: " + b.Name(), ""
}

// wanted names what is asked for.
func (v *View) wanted(one, many string) string {
	n := len(v.Body.Requests)
	if n > 1 {
		return report.Count(n) + " " + many
	}
	about := v.About()
	if about == "" {
		about = "an unnamed subject"
	}
	link := " for "
	if v.Body.Type == cmp.KUR {
		link = " of "
	}
	s := one + link + about
	if n == 1 && v.Body.Type != cmp.KRR {
		if t := v.Body.Requests[0].Request; t != nil && t.Template != nil && t.Template.Central() {
			s += ", with a key that the CA makes"
		}
	}
	return s
}

// saysReply tells an ip, cp, kup or ccp.
func (v *View) saysReply() (headline, detail string) {
	name, list := v.Body.Name(), v.Body.Reply.Responses
	if len(list) == 0 {
		return name + ": answers no request", ""
	}
	if len(list) > 1 {
		granted := 0
		for _, r := range list {
			if r.Status.Granted() {
				granted++
			}
		}
		return fmt.Sprintf("%s: %d answers, %d of them granted", name, len(list), granted), ""
	}
	r, brings := list[0], ""
	switch p := r.Pair; {
	case p == nil:
		brings = name + ": granted"
	case p.EncryptedCert != nil:
		brings = name + ": brings a certificate that only its key can open"
	case p.Certificate == nil || !p.Certificate.OK:
		brings = name + ": brings a certificate that cannot be read"
	default:
		brings = name + ": brings the certificate of " + whose(p.Certificate)
	}
	if r.Pair != nil && r.Pair.PrivateKey != nil {
		brings += ", and its private key"
	}
	return v.saysStatus(r.Status, brings)
}

// saysStatus tells a status, good being what is said where it is granted.
func (v *View) saysStatus(s *cmp.PKIStatusInfo, good string) (headline, detail string) {
	switch s.Value() {
	case cmp.Accepted:
		return good, ""
	case cmp.GrantedWithMods:
		return good + ", changed from what was asked", "Compare it with the request before it is used."
	case cmp.Rejection:
		return refused("The CA refuses", s), because(s)
	case cmp.Waiting:
		return "Waiting: the CA has not decided yet", "The client asks again with a pollReq."
	case cmp.KeyUpdateWarning:
		return v.Body.Name() + ": the update was already done", "keyUpdateWarning: the CA has answered a kur for this certificate before."
	case cmp.RevocationWarning:
		return v.Body.Name() + ": the certificate will be revoked soon", "revocationWarning: ask for a new one in time."
	case cmp.RevocationNotification:
		return v.Body.Name() + ": the certificate is revoked", "revocationNotification."
	default:
		return v.Body.Name() + ": answers with the status " + statusName(s), ""
	}
}

// refused is a headline for a rejection.
func refused(by string, s *cmp.PKIStatusInfo) string {
	if c := Cause(s); c != "" {
		return by + ": " + c
	}
	return by + ", and does not say why"
}

// saysRevocation tells an rr.
func (v *View) saysRevocation() string {
	list := v.Body.Revocations
	if len(list) != 1 || list[0].Template == nil {
		return fmt.Sprintf("rr: asks to revoke %s", report.Plural(len(list), "certificate", "certificates"))
	}
	s := "rr: asks to revoke " + target(list[0].Template)
	if e := cert.Find(list[0].Extensions, cert.IDReasonCode); e != nil && e.Decoded {
		if n, ok := e.Content.(cert.Reason); ok {
			s += fmt.Sprintf(", %s", n)
		}
	}
	return s
}

// target names the certificate that a template stands for.
func target(t *crmf.CertTemplate) string {
	switch {
	case t.Serial.OK && t.Issuer != nil:
		return "serial number " + t.Serial.Value.Text() + " of " + who(*t.Issuer)
	case t.Serial.OK:
		return "serial number " + t.Serial.Value.Text()
	case t.Subject != nil:
		return "the certificate of " + who(*t.Subject)
	}
	return "a certificate that it does not name"
}

// saysRevoked tells an rp.
func (v *View) saysRevoked(list []*cmp.PKIStatusInfo) (headline, detail string) {
	if len(list) > 1 {
		done := 0
		for _, s := range list {
			if s.Granted() {
				done++
			}
		}
		return fmt.Sprintf("rp: %d answers, %d of them revoked", len(list), done), ""
	}
	switch s := list[0]; s.Value() {
	case cmp.Accepted, cmp.GrantedWithMods, cmp.RevocationNotification:
		return "rp: the certificate is revoked", ""
	case cmp.Rejection:
		return refused("The CA refuses to revoke", s), because(s)
	default:
		return v.saysStatus(s, "")
	}
}

// saysError tells an error message.
func (v *View) saysError(e *cmp.ErrorMsgContent) (headline, detail string) {
	by := "The CA refuses"
	if v.From == cmp.Client {
		by = "The client gives up"
	}
	if e.Status.Value() == cmp.Waiting {
		return "Waiting: the CA has not decided yet", "The client asks again with a pollReq of certReqId -1."
	}
	headline, detail = refused(by, e.Status), because(e.Status)
	if t := e.Details.String(); t != "" && t != e.Status.Text.String() {
		detail += " errorDetails: «" + clip(t) + "»."
	}
	return headline, detail
}

// saysConfirmed tells a certConf.
func (v *View) saysConfirmed() (headline, detail string) {
	list := v.Body.Confirmed
	if len(list) == 0 {
		return "certConf: the client refuses every certificate", ""
	}
	for _, s := range list {
		if s.Status == nil || s.Status.Granted() {
			continue
		}
		if s.Status.Value() == cmp.Rejection {
			return refused("certConf: the client refuses the certificate", s.Status), because(s.Status)
		}
		return "certConf: says " + statusName(s.Status) + " of the certificate", ""
	}
	if len(list) == 1 {
		return "certConf: the client takes the certificate", ""
	}
	return fmt.Sprintf("certConf: the client takes %d certificates", len(list)), ""
}

// saysWait tells a pollRep.
func (v *View) saysWait(w cmp.PollRepEntry) (headline, detail string) {
	n, small := w.CheckAfter.Value.Int64()
	if !w.CheckAfter.OK || !small || n < 0 {
		return "Waiting: ask again later", ""
	}
	if t := w.Reason.String(); t != "" {
		detail = "It says «" + clip(t) + "»."
	}
	headline = "Waiting: ask again in " + report.Plural(int(n), "second", "seconds")
	if n >= 120 {
		headline += " (" + seconds(n) + ")"
	}
	return headline, detail
}

// saysInfos tells a genm or genp.
func (v *View) saysInfos() string {
	verb := v.Body.Name() + ": asks for "
	if v.Body.Type == cmp.GenP {
		verb = "genp: answers with "
	}
	var names []string
	for i, info := range v.Body.Infos.List {
		if i == 3 {
			names = append(names, "more")
			break
		}
		names = append(names, plainType(info))
	}
	if names == nil {
		return verb + "nothing"
	}
	if v.Body.Type == cmp.GenP && len(v.Body.Infos.List) == 1 && v.Body.Infos.List[0].Raw == nil {
		return "genp: has no " + names[0] + " to give"
	}
	return verb + report.Enumerate(names)
}

// plainType is the name of a type of information, without the arc's.
func plainType(i *cmp.Info) string { return strings.TrimPrefix(i.ID.String(), "id-it-") }

// inside names the messages within a nested one.
func (v *View) inside() string {
	if len(v.Inner) == 1 {
		return ", " + v.Inner[0].Body.Name()
	}
	return ""
}
