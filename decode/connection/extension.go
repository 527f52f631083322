package connection

import (
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// extensionRules judge extensions whatever their type.
var extensionRules = []rule{{
	ID: "tls.ext.body", Group: groupReadable, Level: check.Must, Refs: "RFC 9846 §4.3; RFC 9846 §6.2; RFC 6066 §3",
	Title:    "The bodies of known extensions have their form",
	Headline: "An extension cannot be read: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.extensionBodies() },
}, {
	ID: "tls.ext.duplicate", Group: groupReadable, Level: check.Must, Refs: "RFC 9846 §4.3; RFC 5246 §7.4.1.4",
	Title:    "No extension stands there twice",
	Headline: "An extension stands there twice: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.extensionTwice() },
}, {
	ID: "tls.ext.place", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.3",
	Title:    "Extensions stand in the messages of TLS 1.3 that they belong to",
	Headline: "An extension in the wrong message: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.extensionPlace() },
}, {
	ID: "tls.ext.unasked", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.3; RFC 5246 §7.4.1.4",
	Title:    "Extensions answer what the other side asked",
	Headline: "An answer to what nobody asked: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.extensionUnasked() },
}, {
	ID: "tls.ext.unknown", Group: groupNegotiation, Level: check.Advice, Refs: "RFC 9846 §4.3; RFC 8701 §3",
	Title: "All extensions are known here",
	Judge: func(_ *check.Context, v *View) check.Outcome { return v.extensionUnknown() },
}}

func (v *View) extensionBodies() check.Outcome {
	w, n := check.Skip(), 0
	first := report.None
	for _, b := range v.blocks() {
		for i := range b.List {
			x := &b.List[i]
			if !x.Known {
				continue
			}
			if n++; n == 1 {
				first = x.Ref
			}
			if !x.Faults {
				continue
			}
			why := "its octets do not have the form of this type"
			at := x.Ref
			if f, ok := v.FaultIn(b.Event, x); ok {
				why, at = lowerFirst(strings.TrimSuffix(f.Message, ".")), f.Ref
			}
			w = check.Worst(w, check.Broken(at, "%s in %s: %s.", extensionName(x.Type), b.name(), why))
		}
	}
	switch {
	case w.Applies():
		return w
	case n == 0:
		return check.Skip()
	}
	return check.Holds(first, "%s.", report.Plural(n, "extension", "extensions"))
}

func (v *View) extensionTwice() check.Outcome {
	first := report.None
	for _, b := range v.blocks() {
		if b.In == Nowhere {
			continue // of what s_client prints, both sides' extensions stand in one list
		}
		seen := map[uint16]report.Ref{}
		for i := range b.List {
			x := &b.List[i]
			if first == report.None {
				first = x.Ref
			}
			if before, twice := seen[x.Type]; twice {
				return check.Broken(x.Ref, "%s stands twice in %s.", extensionName(x.Type), b.name()).And(before)
			}
			seen[x.Type] = x.Ref
		}
	}
	if first == report.None {
		return check.Skip()
	}
	return check.Holds(first, "")
}

// places says where extensions belong in TLS 1.3: the table of RFC 9846, section
// 4.3. Those of older versions alone belong in the ClientHello only.
var places = map[uint16]Where{
	0: InCH | InEE, 1: InCH | InEE, 5: InCH | InCR | InCT, 10: InCH | InEE, 13: InCH | InCR, 14: InCH | InEE, 15: InCH | InEE, 16: InCH | InEE,
	18: InCH | InCR | InCT, 19: InCH | InEE, 20: InCH | InEE, 21: InCH, 27: InCH | InCR, 28: InCH | InEE, 34: InCH | InCR | InCT,
	39: InCH | InEE, 41: InCH | InSH, 42: InCH | InEE | InNST, 43: InCH | InSH | InHRR, 44: InCH | InHRR, 45: InCH, 47: InCH | InCR, 48: InCR,
	49: InCH, 50: InCH | InCR, 51: InCH | InSH | InHRR, 57: InCH | InEE, 58: InCH | InEE, 0xfe0d: InCH | InEE | InHRR, 0xfd00: InCH,
	11: InCH, 17: InCH, 22: InCH, 23: InCH, 35: InCH, 0xff01: InCH, 13172: InCH,
}

// wheres names the places for people.
func wheres(w Where) string {
	var words []string
	for i, name := range []string{"the ClientHello", "the ServerHello", "the HelloRetryRequest", "the EncryptedExtensions", "the Certificate", "the CertificateRequest", "the NewSessionTicket"} {
		if w&(1<<i) != 0 {
			words = append(words, name)
		}
	}
	return report.Enumerate(words)
}

func (v *View) extensionPlace() check.Outcome {
	first, n := report.None, 0
	for _, b := range v.blocks() {
		if !b.New || b.In == Nowhere {
			continue
		}
		for i := range b.List {
			x := &b.List[i]
			may, known := places[x.Type]
			if !known {
				continue
			}
			if n++; n == 1 {
				first = x.Ref
			}
			if may&b.In == 0 {
				return check.Broken(x.Ref, "%s stands in %s; in TLS 1.3 it belongs in %s (illegal_parameter 47).", extensionName(x.Type), b.name(), wheres(may))
			}
		}
	}
	if n == 0 {
		return check.Skip()
	}
	return check.Holds(first, "")
}

func (v *View) extensionUnasked() check.Outcome {
	w := check.Skip()
	for _, b := range v.blocks() {
		var asked *handshake.Extensions
		word, who := "client-hello", "the ClientHello"
		switch {
		case len(b.List) == 0:
			continue
		case b.In == InCT && b.Event.From == handshake.Client:
			word, who = "certificate-request", "the CertificateRequest"
			if v.CR != nil {
				asked = &v.CR.Extensions
			}
		case b.In == InSH, b.In == InEE, b.In == InHRR, b.In == InCT:
			hello := v.CH
			if b.In == InHRR && v.CH1 != nil {
				hello = v.CH1
			}
			if hello != nil {
				asked = &hello.Extensions
			}
		default:
			continue
		}
		if asked == nil {
			w = check.Worst(w, check.Needs(word, b.Ref, "Whether %s answers what was asked is in %s: add that.", b.name(), who))
			continue
		}
		for i := range b.List {
			x := &b.List[i]
			switch {
			case asked.Has(x.Type), b.In == InHRR && x.Type == handshake.ExtCookie:
			case x.Type == handshake.ExtRenegotiationInfo && v.CH != nil && v.CH.Suites.Has(0x00ff):
			default:
				return check.Broken(x.Ref, "%s in %s answers what %s does not ask (unsupported_extension 110).", extensionName(x.Type), b.name(), who)
			}
		}
		w = check.Worst(w, check.Holds(b.Ref, "").And(asked.Ref))
	}
	return w
}

func (v *View) extensionUnknown() check.Outcome {
	var words []string
	first, n := report.None, 0
	var any report.Ref = report.None
	seen := map[uint16]bool{}
	for _, b := range v.blocks() {
		for i := range b.List {
			x := &b.List[i]
			if any == report.None {
				any = x.Ref
			}
			if suite.Extensions[int(x.Type)] != "" || seen[x.Type] {
				continue
			}
			seen[x.Type] = true
			if n++; n == 1 {
				first = x.Ref
			}
			if n <= 6 {
				words = append(words, suite.Label(nil, x.Type))
			}
		}
	}
	switch {
	case any == report.None:
		return check.Skip()
	case n == 0:
		return check.Holds(any, "")
	case n > 6:
		words = append(words, "others")
	}
	grease := ""
	for t := range seen {
		if suite.GREASE(t) {
			grease = " GREASE values are sent only to see that they are ignored."
		}
	}
	return check.Note(first, "Not known here: %s. A receiver passes over what it does not know.%s", report.Enumerate(words), grease)
}
