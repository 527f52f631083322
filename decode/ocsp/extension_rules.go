package ocsp

import (
	"slices"
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// where is a place in which an extension can stand.
type where uint8

const (
	inRequest where = 1 << iota
	inAsked
	inResponse
	inEntry
)

// places tells where the extensions of OCSP may stand.
//
// RFC 6960, section 4.4; RFC 9162, section 7.1.1
var places = map[oid.ID]where{
	NonceID:                  inRequest | inResponse,
	CRLReferenceID:           inEntry,
	AcceptableID:             inRequest,
	ArchiveCutoffID:          inEntry,
	ServiceLocatorID:         inAsked,
	PreferredID:              inRequest,
	ExtendedRevokeID:         inResponse,
	cert.IDReasonCode:        inEntry,
	cert.IDHoldInstruction:   inEntry,
	cert.IDInvalidityDate:    inEntry,
	cert.IDCertificateIssuer: inEntry,
	cert.IDSCTListOCSP:       inEntry,
	TransparencyInfoID:       inEntry,
}

// recognised are those whose critical flag does not make a response unusable.
func recognised(id oid.ID, w where) bool { return places[id]&w != 0 }

// placed is an extension with the list it stands in; entry is -1 for the
// response's own list.
type placed struct {
	*cert.Extension
	in    where
	entry int
}

// extensions lists all extensions of the response.
func (v *View) extensions() []placed {
	if v.Basic == nil {
		return nil
	}
	var out []placed
	for i := range v.Basic.Data.Extensions {
		out = append(out, placed{&v.Basic.Data.Extensions[i], inResponse, -1})
	}
	for n, s := range v.Basic.Data.Singles {
		for i := range s.Extensions {
			out = append(out, placed{&s.Extensions[i], inEntry, n})
		}
	}
	return out
}

// matches says that an entry is one of Matching, which ascends.
func (v *View) matches(entry int) bool {
	_, found := slices.BinarySearch(v.Matching, entry)
	return found
}

// eachExtension judges every extension of the response; the worst answer speaks.
func eachExtension(judge func(*check.Context, *View, placed) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		o := check.Skip()
		for _, e := range v.extensions() {
			o = check.Worst(o, judge(c, v, e))
		}
		return o
	}
}

// eachOf judges every extension of one type.
func eachOf(id oid.ID, judge func(*check.Context, *View, placed) check.Outcome) func(*check.Context, *View) check.Outcome {
	return eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if e.ID != id {
			return check.Skip()
		}
		return judge(c, v, e)
	})
}

var extensionRules = []rule{{
	ID: "ocsp.ext.critical", Group: groupExtension, Level: check.Must, Refs: "RFC 6960 §4.1.2; RFC 5280 §4.2",
	Title:    "No unknown extension of the response is critical",
	Headline: "An unknown extension is critical",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if e.in != inResponse {
			return check.Skip()
		}
		if e.Critical && !recognised(e.ID, inResponse) {
			return check.Broken(e.Ref, "%s is critical and unknown: the response must not be used. OpenSSL and Go never look.", e.ID)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.critical-entry", Group: groupExtension, Level: check.Must, Refs: "RFC 6960 §4.1.2",
	Title:    "No unknown extension of the entry that counts is critical",
	Headline: "An unknown extension is critical",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		counts := e.in == inEntry && (v.matches(e.entry) || len(v.Matching) == 0 && len(v.singles()) == 1)
		if !counts {
			return check.Skip()
		}
		if e.Critical && !recognised(e.ID, inEntry) {
			return check.Broken(e.Ref, "%s is critical and unknown: the status may depend on it, so it must not be used. OpenSSL and GnuTLS never look.", e.ID)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.critical-elsewhere", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.1.2",
	Title: "No unknown extension of another entry is critical",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		if len(v.Matching) == 0 || len(v.Matching) == len(b.Data.Singles) {
			return check.Skip()
		}
		for _, e := range v.extensions() {
			if e.in != inEntry || v.matches(e.entry) || !e.Critical || recognised(e.ID, inEntry) {
				continue
			}
			return check.Doubtful(e.Ref, "%s in entry %d is critical and unknown. It is not the entry that counts, yet Chromium gives up on the whole response.", e.ID, e.entry)
		}
		return check.Holds(b.Data.Responses, "")
	}),
}, {
	ID: "ocsp.ext.critical-known", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.1.2",
	Title: "No known extension is critical",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if !recognised(e.ID, e.in) {
			return check.Skip()
		}
		if e.Critical {
			who := "Chromium and Firefox refuse the response"
			switch {
			case e.in == inEntry && e.ID == cert.IDSCTListOCSP:
				who = "Go refuses the response, Chromium and Firefox let it pass"
			case e.in == inEntry:
				who = "Go, Chromium and Firefox refuse the response"
			}
			return check.Doubtful(e.Ref, "%s is critical; none of OCSP's extensions should be. %s.", e.ID, who)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.duplicate", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 5280 §4.2",
	Title: "No extension stands in a list twice",
	Judge: func(c *check.Context, v *View) check.Outcome {
		type key struct {
			entry int
			id    oid.ID
		}
		seen, o := map[key]bool{}, check.Skip()
		for _, e := range v.extensions() {
			k := key{e.entry, e.ID}
			if seen[k] {
				return check.Broken(e.Ref, "%s stands in the same list twice. Chromium refuses the response.", e.ID)
			}
			seen[k] = true
			o = check.Holds(report.None, "")
		}
		return o
	},
}, {
	ID: "ocsp.ext.empty", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 5280 §4.1; RFC 5280 §4.1.2.9",
	Title: "A list of extensions is left out rather than empty",
	Judge: ofBasic(func(c *check.Context, v *View, b *Basic) check.Outcome {
		o := check.Skip()
		list := func(has bool, n int, ref report.Ref) {
			switch {
			case !has:
			case n == 0:
				o = check.Worst(o, check.Doubtful(ref, "The list of extensions is empty: it must hold one at least. Chromium refuses the response."))
			default:
				o = check.Worst(o, check.Holds(ref, ""))
			}
		}
		list(b.Data.HasExtensions, len(b.Data.Extensions), b.Data.ExtensionsRef)
		for _, s := range b.Data.Singles {
			list(s.HasExtensions, len(s.Extensions), s.ExtensionsRef)
		}
		return o
	}),
}, {
	ID: "ocsp.ext.value", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 6960 §4.4",
	Title: "The value of every known extension can be read",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if !e.Known {
			return check.Skip()
		}
		if !e.Decoded {
			return check.Broken(e.Ref, "%s is there, and its value cannot be read: %s.", e.ID, e.Fault)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.place", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 6960 §4.4",
	Title: "Every known extension stands where it belongs",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		allowed, known := places[e.ID]
		if !known || e.ID == NonceID || e.ID == ExtendedRevokeID {
			return check.Skip()
		}
		if allowed&e.in == 0 {
			return check.Doubtful(e.Ref, "%s stands in %s; it belongs in %s.", e.ID, e.in, allowed)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.extended-revoke", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 6960 §4.4.8",
	Title: "Extended revoke stands in the response and is not critical",
	Judge: eachOf(ExtendedRevokeID, func(c *check.Context, v *View, e placed) check.Outcome {
		switch {
		case e.in != inResponse:
			return check.Broken(e.Ref, "It stands in entry %d; it must stand in responseExtensions.", e.entry)
		case e.Critical:
			return check.Broken(e.Ref, "It is critical, and must not be.")
		}
		return check.Note(e.Ref, "The responder may say «revoked» of certificates that were never issued.")
	}),
}, {
	ID: "ocsp.ext.unknown", Group: groupExtension, Level: check.Advice, Aside: true, Refs: "RFC 6960 §4.1.2",
	Title: "Unknown extensions are ignored",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if e.Known || e.Critical || places[e.ID] != 0 {
			return check.Skip()
		}
		return check.Note(e.Ref, "%s is not critical: clients that do not know it pass over it.", e.ID)
	}),
}, {
	ID: "ocsp.ext.crl-reference", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 6960 §4.4.2",
	Title: "The CRL reference says which CRL",
	Judge: eachOf(CRLReferenceID, func(c *check.Context, v *View, e placed) check.Outcome {
		id, ok := e.Content.(*CRLReference)
		if !ok || !e.Decoded {
			return check.Broken(e.Ref, "It cannot be read: %s.", e.Fault)
		}
		if !id.URL.OK && !id.Number.OK && !id.Time.OK {
			return check.Doubtful(e.Ref, "It has neither URL, number nor time.")
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.invalidity", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 5280 §5.3.2",
	Title: "The invalidity date lies before the revocation",
	Judge: eachOf(cert.IDInvalidityDate, func(c *check.Context, v *View, e placed) check.Outcome {
		when, ok := moment(e.Extension)
		if !ok || e.entry < 0 {
			return check.Skip()
		}
		s := v.singles()[e.entry]
		switch {
		case s.Standing != Revoked:
			return check.Doubtful(e.Ref, "The status is %s, and an invalidity date is given.", s.Standing)
		case s.RevokedAt.OK && when.After(s.RevokedAt.Value.Time):
			return check.Doubtful(e.Ref, "Invalid since %s, revoked %s: normally it is the other way round.", report.Clock(when.Time), report.Clock(s.RevokedAt.Value.Time))
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.certificate-issuer", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 5280 §5.3.3",
	Title: "No entry names another certificate issuer",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if e.in != inEntry {
			return check.Skip()
		}
		if e.ID != cert.IDCertificateIssuer {
			return check.Holds(e.Ref, "")
		}
		return check.Doubtful(e.Ref, "certificateIssuer belongs to indirect CRLs and means nothing in OCSP.")
	}),
}, {
	ID: "ocsp.ext.hold-instruction", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 3280 §5.3.2",
	Title: "No entry has a hold instruction",
	Judge: eachExtension(func(c *check.Context, v *View, e placed) check.Outcome {
		if e.in != inEntry {
			return check.Skip()
		}
		if e.ID != cert.IDHoldInstruction {
			return check.Holds(e.Ref, "")
		}
		return check.Doubtful(e.Ref, "holdInstructionCode was dropped from the standard in 2008.")
	}),
}, {
	ID: "ocsp.ext.sct-list", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 6962 §3.3",
	Title: "The SCT list can be read",
	Judge: eachOf(cert.IDSCTListOCSP, func(c *check.Context, v *View, e placed) check.Outcome {
		if _, ok := e.Content.([]cert.SCT); !ok || !e.Decoded {
			return check.Broken(e.Ref, "It is a TLS vector inside an OCTET STRING inside an OCTET STRING; this one is not: %s.", e.Fault)
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.sct-empty", Group: groupExtension, Level: check.Must, Aside: true, Refs: "RFC 6962 §3.3",
	Title: "The SCT list holds a timestamp",
	Judge: eachOf(cert.IDSCTListOCSP, func(c *check.Context, v *View, e placed) check.Outcome {
		list, ok := e.Content.([]cert.SCT)
		switch {
		case len(e.Value) == 0:
			return check.Broken(e.Ref, "The list has no octets at all. Firefox drops the response for it.")
		case ok && len(list) == 0:
			return check.Broken(e.Ref, "The list holds no SCT: leave the extension out.")
		}
		return check.Holds(e.Ref, "")
	}),
}, {
	ID: "ocsp.ext.sct-time", Group: groupExtension, Level: check.Should, Aside: true, Refs: "RFC 6962 §3.2",
	Title: "Every SCT is older than the response",
	Judge: eachOf(cert.IDSCTListOCSP, func(c *check.Context, v *View, e placed) check.Outcome {
		list, _ := e.Content.([]cert.SCT)
		produced := v.Basic.Data.ProducedAt
		if len(list) == 0 || !produced.OK {
			return check.Skip()
		}
		for _, s := range list {
			if at := time.UnixMilli(int64(s.Timestamp)).UTC(); at.After(produced.Value.Time) {
				return check.Doubtful(s.Ref, "The log's timestamp is %s, the response was produced %s.", report.Clock(at), report.Clock(produced.Value.Time))
			}
		}
		return check.Holds(e.Ref, "")
	}),
}}

// UnknownCritical names a critical extension that is not recognised, of the
// response or of an entry for the subject; "" if there is none.
func (v *View) UnknownCritical() oid.ID {
	for _, e := range v.extensions() {
		if e.Critical && !recognised(e.ID, e.in) && (e.in == inResponse || v.matches(e.entry)) {
			return e.ID
		}
	}
	return ""
}

// identifiers names extensions for people.
func identifiers(list []cert.Extension) string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.ID.String()
	}
	return strings.Join(names, ", ")
}

// String names a set of places.
func (w where) String() string {
	names := []string{"requestExtensions", "singleRequestExtensions", "responseExtensions", "singleExtensions"}
	text := ""
	for i, n := range names {
		if w&(1<<i) == 0 {
			continue
		}
		if text != "" {
			text += " or "
		}
		text += n
	}
	return text
}
