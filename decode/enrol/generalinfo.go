package enrol

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// arc is that of the information types of RFC 9810.
const arc = "1.3.6.1.5.5.7.4."

var generalInfoRules = []rule{{
	ID: "cmp.header.info-known", Group: groupHeader, Level: check.Advice, Refs: "RFC 9483 §3.5; RFC 9810 §5.1.1",
	Title: "The information in the header is of known types",
	Judge: eachInfo(func(v *View, i *cmp.Info) check.Outcome {
		if !strings.HasPrefix(string(i.ID), arc) || i.ID.Name() == "" {
			return check.Note(i.Ref, "%s is no type of RFC 9810: who does not know it ignores it.", i.ID)
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.info-once", Group: groupHeader, Level: check.Should, Refs: "RFC 9810 §5.1.1",
	Title: "Each type of information is there once",
	Judge: func(c *check.Context, v *View) check.Outcome {
		l := v.Header.GeneralInfo
		if l.Ref == report.None || len(l.List) == 0 {
			return check.Skip()
		}
		first := map[oid.ID]*cmp.Info{}
		for _, i := range l.List {
			if f := first[i.ID]; f != nil {
				return check.Doubtful(i.Ref, "%s is there twice: which of the two counts is not defined.", i.ID).And(f.Ref)
			}
			first[i.ID] = i
		}
		return check.Holds(l.Ref, "")
	},
}, {
	ID: "cmp.header.info-place", Group: groupHeader, Level: check.Should, Refs: "RFC 9810 §5.1.1",
	Title: "The information belongs into a header",
	Judge: eachInfo(func(v *View, i *cmp.Info) check.Outcome {
		switch i.ID {
		case cmp.IDImplicitConfirm, cmp.IDConfirmWaitTime, cmp.IDOrigPKIMessage, cmp.IDCertProfile, cmp.IDKemCiphertextInfo:
			return check.Holds(i.Ref, "")
		}
		if strings.HasPrefix(string(i.ID), arc) {
			return check.Doubtful(i.Ref, "%s belongs into the body of a genm or genp: in a header nobody looks for it.", i.ID)
		}
		return check.Skip()
	}),
}, {
	ID: "cmp.header.implicit-value", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.1.1.1",
	Title: "The value of implicitConfirm is NULL", Headline: "The value of implicitConfirm is not NULL",
	Judge: infos(cmp.IDImplicitConfirm, func(v *View, i *cmp.Info) check.Outcome {
		if !bytes.Equal(i.Raw, []byte{5, 0}) {
			return check.Doubtful(i.Ref, "The value of implicitConfirm is %s; it is a flag, whose value is NULL (05:00).", orAbsent(i.Raw)).And(i.ValueRef)
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.implicit-place", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1.1",
	Title: "implicitConfirm stands in a request for a certificate or its answer", Headline: "implicitConfirm stands where nothing is to be confirmed",
	Judge: infos(cmp.IDImplicitConfirm, func(v *View, i *cmp.Info) check.Outcome {
		if t := v.Body.Type; !t.Enrolls() && t != cmp.IP && t != cmp.CP && t != cmp.KUP {
			return check.Doubtful(i.Ref, "implicitConfirm stands in %s: no certificate is asked for or granted here, so there is nothing to confirm.", article(v.Body.Name()))
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.wait-value", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.1.1.2; RFC 9483 §3.1",
	Title: "confirmWaitTime is a time to come", Headline: "confirmWaitTime is no time to come",
	Judge: infos(cmp.IDConfirmWaitTime, func(v *View, i *cmp.Info) check.Outcome {
		t, ok := waitTime(i)
		if !ok {
			return check.Doubtful(i.Ref, "The value of confirmWaitTime is %s; a GeneralizedTime belongs here.", orAbsent(i.Raw)).And(i.ValueRef)
		}
		if m := v.Header.MessageTime; m.OK && t.Before(m.Value.Time) {
			return check.Doubtful(i.Ref, "The certificate is to be confirmed until %s, %s before the message was sent (%s): nobody can be in time.",
				report.Clock(t.Time), report.Length(m.Value.Sub(t.Time)), report.Clock(m.Value.Time)).And(m.Ref)
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.wait-place", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1.2",
	Title: "confirmWaitTime stands where a confirmation is awaited", Headline: "confirmWaitTime stands where no confirmation is awaited",
	Judge: infos(cmp.IDConfirmWaitTime, func(v *View, i *cmp.Info) check.Outcome {
		switch t := v.Body.Type; {
		case t != cmp.IP && t != cmp.CP && t != cmp.KUP:
			return check.Doubtful(i.Ref, "confirmWaitTime stands in %s: only an answer with a certificate waits to be confirmed.", article(v.Body.Name()))
		case v.Header.GeneralInfo.Find(cmp.IDImplicitConfirm) != nil:
			return check.Doubtful(i.Ref, "confirmWaitTime stands beside implicitConfirm: one sets a date for the confirmation, the other does without.").And(v.Header.GeneralInfo.Find(cmp.IDImplicitConfirm).Ref)
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.message-time-needed", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1",
	Title: "A deadline comes with the sender's time", Headline: "A deadline comes without the sender's time",
	Judge: infos(cmp.IDConfirmWaitTime, func(v *View, i *cmp.Info) check.Outcome {
		if v.Header.MessageTime.Ref == report.None {
			return check.Doubtful(i.Ref, "There is a confirmWaitTime and no messageTime: a client whose clock is off cannot tell how long it has.")
		}
		return check.Holds(i.Ref, "").And(v.Header.MessageTime.Ref)
	}),
}, {
	ID: "cmp.header.profile-value", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9810 §5.1.1.4; RFC 9483 §3.1",
	Title: "certProfile is a list of one name", Headline: "certProfile is not a list of one name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		i := v.Header.GeneralInfo.Find(cmp.IDCertProfile)
		if i == nil {
			return check.Skip()
		}
		names, ok := i.Value.(cmp.Texts)
		switch {
		case names.Bare: // as Siemens' messages of 2022 have it
			return check.Doubtful(i.Ref, "certProfile is the text «%s» itself: it is a list of names, with one entry too (SEQUENCE OF UTF8String).", clip(names.List[0].Value)).And(i.ValueRef)
		case !ok:
			return check.Doubtful(i.Ref, "The value of certProfile is %s; a SEQUENCE OF UTF8String belongs here.", orAbsent(i.Raw)).And(i.ValueRef)
		case len(names.List) != 1 && c.Profiles["lw"]:
			return check.Broken(i.Ref, "certProfile has %s; the lightweight profile wants one.", report.Plural(len(names.List), "name", "names")).And(i.ValueRef)
		}
		return check.Holds(i.Ref, "")
	},
}, {
	ID: "cmp.header.profile-count", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1.4",
	Title: "There is not more than one profile name for each request", Headline: "There are more profile names than requests",
	Judge: infos(cmp.IDCertProfile, func(v *View, i *cmp.Info) check.Outcome {
		names, ok := i.Value.(cmp.Texts)
		if !ok {
			return check.Skip()
		}
		most, of := 0, ""
		switch t := v.Body.Type; {
		case t.Requests():
			most, of = len(v.Body.Requests), "request"
		case t == cmp.P10CR:
			most, of = 1, "request"
		case t == cmp.GenM:
			most, of = len(v.Body.Infos.List), "question"
		default:
			return check.Skip()
		}
		if n := len(names.List); n > most {
			return check.Broken(i.Ref, "certProfile has %s for %s: names belong to the requests in the same order, and this one has no partner.",
				report.Plural(n, "name", "names"), report.Plural(most, of, of+"s")).And(v.Body.Ref)
		}
		return check.Holds(i.Ref, "")
	}),
}, {
	ID: "cmp.header.profile-place", Group: groupHeader, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §3.1; RFC 9810 §5.1.1.4",
	Title: "certProfile stands in a request", Headline: "certProfile stands outside a request",
	Judge: infos(cmp.IDCertProfile, func(v *View, i *cmp.Info) check.Outcome {
		switch t := v.Body.Type; {
		case t.Enrolls(), t == cmp.GenM && v.Body.Infos.Find(cmp.IDCertReqTemplate) != nil:
			return check.Holds(i.Ref, "")
		case t == cmp.GenM:
			return check.Doubtful(i.Ref, "certProfile stands in a genm that does not ask for a certReqTemplate: it has no meaning there.")
		}
		return check.Doubtful(i.Ref, "certProfile stands in %s: it says what kind of certificate a request asks for.", article(v.Body.Name()))
	}),
}, {
	ID: "cmp.header.orig-message", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1.3",
	Title: "origPKIMessage holds the message that the RA received", Headline: "origPKIMessage holds no message",
	Judge: infos(cmp.IDOrigPKIMessage, func(v *View, i *cmp.Info) check.Outcome {
		n, ok := members(i.Raw, der.Sequence)
		switch {
		case !ok || n == 0 || i.Fault != "":
			return check.Broken(i.Ref, "The value of origPKIMessage is %s; a list of PKIMessages belongs here.", orAbsent(i.Raw)).And(i.ValueRef)
		case n > 1 && v.Body.Type != cmp.Nested:
			return check.Doubtful(i.Ref, "origPKIMessage holds %d messages; outside a nested one it is the single message that was changed.", n).And(i.ValueRef)
		}
		return check.Holds(i.Ref, "").And(i.ValueRef)
	}),
}, {
	ID: "cmp.header.kem-info", Group: groupHeader, Level: check.Must, Refs: "RFC 9810 §5.1.1; RFC 9810 §5.1.1.5",
	Title: "The KEM ciphertext fits its algorithm and names its transaction", Headline: "The KEM ciphertext belongs to no transaction",
	Judge: infos(cmp.IDKemCiphertextInfo, func(v *View, i *cmp.Info) check.Outcome {
		if v.Header.TransactionID.Ref == report.None {
			return check.Broken(i.Ref, "There is a KEM ciphertext and no transactionID: the key that both sides derive depends on it.")
		}
		return kemLength(i)
	}),
}}

// kems are how long the ciphertexts of KEMs are. RFC 9936, section 3; FIPS 203, table 3.
var kems = map[oid.ID]int{"2.16.840.1.101.3.4.4.1": 768, "2.16.840.1.101.3.4.4.2": 1088, "2.16.840.1.101.3.4.4.3": 1568}

// rsaKEMs are those whose ciphertext is as long as the modulus.
var rsaKEMs = map[oid.ID]bool{"1.2.840.113549.1.9.16.3.14": true, "1.0.18033.2.2.4": true}

// kemLength judges the value of KemCiphertextInfo.
func kemLength(i *cmp.Info) check.Outcome {
	if i.Raw == nil {
		return check.Skip() // which asks for one
	}
	k, ok := i.Value.(*cmp.KemCiphertextInfo)
	if !ok || k.KEM.ID == "" || !k.Ciphertext.OK {
		return check.Doubtful(i.Ref, "The value of KemCiphertextInfo is %s; an algorithm and the ciphertext belong here.", orAbsent(i.Raw)).And(i.ValueRef)
	}
	id, n := k.KEM.ID, len(k.Ciphertext.Value)
	want, known := kems[id]
	switch {
	case rsaKEMs[id]:
		return check.Holds(i.Ref, "")
	case !known:
		return check.Doubtful(i.Ref, "The KEM is %s, which is not known here: whether its ciphertext of %s fits cannot be told.", id, report.Plural(n, "octet", "octets"))
	case n != want:
		return check.Doubtful(i.Ref, "The ciphertext has %s; one of %s has %s: it cannot be opened.", report.Plural(n, "octet", "octets"), id, report.Count(want)).And(i.ValueRef)
	}
	return check.Holds(i.Ref, "")
}

// infos makes a rule for the first information of a type in the header.
func infos(id oid.ID, judge func(*View, *cmp.Info) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		if i := v.Header.GeneralInfo.Find(id); i != nil {
			return judge(v, i)
		}
		return check.Skip()
	}
}

// eachInfo makes a rule for all information in the header.
func eachInfo(judge func(*View, *cmp.Info) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		var all []check.Outcome
		for _, i := range v.Header.GeneralInfo.List {
			all = append(all, judge(v, i))
		}
		return check.Worst(all...)
	}
}

// waitTime is the value of a confirmWaitTime; false if it is no GeneralizedTime.
func waitTime(i *cmp.Info) (field.Moment, bool) {
	e, err := der.Next(i.Raw, 0, len(i.Raw))
	if err != nil || e.Tag != der.GeneralizedTime || e.Close() > len(i.Raw) {
		return field.Moment{}, false
	}
	return field.ParseTime(i.Raw[e.Content():e.Close()], false)
}

// members counts the elements of a list, which all have to have a tag.
func members(b []byte, tag der.Tag) (n int, ok bool) {
	e, err := der.Next(b, 0, len(b))
	if err != nil || b == nil || e.Tag != der.Sequence || e.Close() > len(b) {
		return 0, false
	}
	for at := e.Content(); at < e.Close(); n++ {
		m, err := der.Next(b, at, e.Close())
		if err != nil || m.Tag != tag {
			return n, false
		}
		at = m.End()
	}
	return n, true
}
