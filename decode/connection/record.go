package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// The most octets of a fragment, and what protection may add.
const (
	mostPlain = 1 << 14
	addedNew  = 256
	addedOld  = 2048
)

// recordRules judge records.
var recordRules = []rule{{
	ID: "tls.record.form", Group: groupReadable, Level: check.Must, Refs: "RFC 9846 §5.1; RFC 9846 §5.2; RFC 9846 §E.5; RFC 5246 §6.2",
	Title:    "Every record has a known type, a version of TLS and an allowed length",
	Headline: "A record is not in order: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.recordForm() },
}}

func (v *View) recordForm() check.Outcome {
	if len(v.H.Records) == 0 || v.H.Datagrams {
		return check.Skip()
	}
	w := check.Skip()
	for _, f := range v.Faults {
		if f.Event == nil {
			w = check.Worst(w, check.Broken(f.Ref, "%s", f.Why()))
		}
	}
	for i := range v.H.Records {
		w = check.Worst(w, v.oneRecord(&v.H.Records[i]))
		if w.Bad() {
			return w
		}
	}
	if w.Applies() {
		return w
	}
	return check.Holds(v.H.Records[0].Ref, "%s.", report.Plural(len(v.H.Records)+v.H.More, "record", "records"))
}

func (v *View) oneRecord(r *handshake.Record) check.Outcome {
	most, added := mostPlain, 0
	if r.Closed {
		if added = addedNew; v.Old() {
			added = addedOld
		}
	}
	kind := suite.ContentTypes[int(r.Type)]
	switch {
	case r.Type < handshake.RecordCipherSpec || r.Type > handshake.RecordHeartbeat:
		return check.Broken(r.Ref, "The content type is %d; TLS has 20 to 24.", r.Type)
	case r.Version < SSL30:
		return check.Broken(r.Ref, "The version of the record is %s, below 0x0300.", suite.Hex16(r.Version))
	case r.Cut > 0:
		return check.Broken(r.Ref, "The record announces %s, %d of them are not here: it was cut off.", report.Plural(r.Length, "octet", "octets"), r.Cut)
	case r.Length > most+added && added > 0:
		return check.Broken(r.Ref, "The protected record has %s; %s and %d for the protection are the most.",
			report.Plural(r.Length, "octet", "octets"), report.Count(most), added)
	case r.Length > most+added:
		return check.Broken(r.Ref, "The record has %s; %s are the most.", report.Plural(r.Length, "octet", "octets"), report.Count(most))
	case r.Type == handshake.RecordHandshake && r.Length == 0:
		return check.Broken(r.Ref, "A handshake record is empty: one octet is the least.")
	case r.Type == handshake.RecordAlert && !r.Closed && r.Length != 2 && (v.TLS13() || r.Length%2 == 1):
		return check.Broken(r.Ref, "A record with an alert has %s: an alert has two, and may not be split.", report.Plural(r.Length, "octet", "octets"))
	case r.Inside && v.TLS13() && !r.Closed:
		return check.Broken(r.Ref, "A record of %s stands between two parts of one handshake message.", kind)
	case r.Version > TLS12:
		return check.Doubtful(r.Ref, "The version of the record is %s, above 0x0303, where it stays since TLS 1.2.", versionName(r.Version))
	}
	return check.Skip()
}
