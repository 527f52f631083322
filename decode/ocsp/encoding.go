package ocsp

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

type rule = check.Rule[*View]

// fault gives the first fault of these kinds in the response itself: those of
// the certificates that it carries are theirs.
func (v *View) fault(c *check.Context, kinds ...field.Kind) *field.Fault {
	for i, f := range c.Faults {
		if slices.Contains(kinds, f.Kind) && (v.Basic == nil || !within(f, v.Basic.CertsSpan)) {
			return &c.Faults[i]
		}
	}
	return nil
}

// framing gives the first fault of these kinds outside the values that have
// checks of their own, too: extensions and the signature.
func (v *View) framing(c *check.Context, kinds ...field.Kind) *field.Fault {
	var own []report.Span
	if v.Basic != nil {
		own = append(own, v.Basic.CertsSpan, v.Basic.SignatureSpan, v.Basic.Data.ExtensionsSpan)
	}
	for _, s := range v.singles() {
		if s.ExtensionsSpan.Len > 0 { // of a long list, only the first entries have one
			own = append(own, s.ExtensionsSpan)
		}
	}
	for i, f := range c.Faults {
		if slices.Contains(kinds, f.Kind) && !slices.ContainsFunc(own, func(s report.Span) bool { return within(f, s) }) {
			return &c.Faults[i]
		}
	}
	return nil
}

// torn gives the fault of a length in certs that runs past the end of what holds
// it. Contents that stand for themselves, such as an extension's value, are not
// looked into: their faults stop nobody who does not read them.
func (v *View) torn(c *check.Context) *field.Fault {
	if v.Basic == nil {
		return nil
	}
	for i, f := range c.Faults {
		if f.Kind != field.Truncated || !within(f, v.Basic.CertsSpan) {
			continue
		}
		if _, whole := der.Canonical(v.Basic.Raw); !whole {
			return &c.Faults[i]
		}
		return nil
	}
	return nil
}

// mangled says that octets went through a conversion to UTF-8, which puts
// U+FFFD where they are no text. The signature of any response has such places.
func mangled(b []byte) bool {
	return utf8.Valid(b) && bytes.Count(b, []byte("\ufffd")) > 1
}

// within says whether a fault lies inside a span.
func within(f field.Fault, s report.Span) bool {
	return f.Source == s.Source && f.Off > s.Off && (f.Off < s.End() || f.Kind == field.Missing && f.Off == s.End())
}

var encodingRules = []rule{{
	ID: "ocsp.der.outer", Group: groupEncoding, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "It is a SEQUENCE that starts with an ENUMERATED",
	Headline: "Not an OCSP response, though it looks like one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if f := v.fault(c, field.TooMany, field.Depth); f != nil && !v.Status.OK {
			return check.Needs("answer", f.Ref, "It was not read: %s. Give it without the other files.", f.Message)
		}
		if !v.Status.OK {
			if mangled(c.Source) {
				return check.Broken(v.Ref, "The octets ef bf bd stand where others were: a program took binary data for UTF-8 text, which cannot be undone. Fetch the response again, as binary.")
			}
			e, err := der.Next(c.Source, 0, len(c.Source))
			if err == nil && e.Tag == der.Sequence && e.Len > 0 {
				if in, err := der.Next(c.Source, e.Content(), e.Close()); err == nil && in.Tag != der.Enumerated {
					return check.Broken(v.Ref, "An OCSPResponse is a SEQUENCE with an ENUMERATED first; here %s stands first.", in.Tag)
				}
			}
			return check.Broken(v.Ref, "An OCSPResponse is a SEQUENCE with an ENUMERATED first; these octets start with % x.", c.Source[:min(4, len(c.Source))])
		}
		return check.Holds(v.Status.Ref, "")
	},
}, {
	ID: "ocsp.der.structure", Group: groupEncoding, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "Every part is there, in its place and of its type",
	Headline: "A part is missing or of another type",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.Status.OK {
			return check.Skip()
		}
		if f := v.framing(c, field.Unexpected, field.Missing, field.BadElement, field.ObjectID); f != nil {
			return check.Broken(f.Ref, "At octet %d: %s.", f.Off, f.Message)
		}
		if c.Unlisted > 0 {
			return check.Broken(v.Ref, "%d faults in its encoding are more than are listed, so that it cannot be called whole.", c.Unlisted)
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "ocsp.der.truncated", Group: groupEncoding, Level: check.Must, Refs: "X.690 §8.1.3",
	Title:    "No length runs past the end",
	Headline: "Cut short: a length runs past the end",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if f := v.framing(c, field.Truncated); f != nil {
			return check.Broken(f.Ref, "At octet %d: %s. The response is cut short in copying, or ends at a record boundary: fetch it again.", f.Off, f.Message)
		}
		if f := v.torn(c); f != nil {
			return check.Broken(f.Ref, "At octet %d, in certs: %s. No client reads a response that is damaged there: fetch it again.", f.Off, f.Message)
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "ocsp.der.trailing", Group: groupEncoding, Level: check.Must, Refs: "X.690 §8.1",
	Title:    "Nothing follows the outer SEQUENCE",
	Headline: "Octets follow the response: most clients throw it away",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if n := len(c.Source) - len(v.Raw); v.Raw != nil && n > 0 {
			at := report.None
			for _, f := range c.Faults {
				if f.Kind == field.Trailing && f.Off >= len(v.Raw) {
					at = f.Ref
				}
			}
			return check.Broken(at, "The SEQUENCE ends at octet %d, and %d more follow. OpenSSL ignores them; Go, Chromium, Firefox and GnuTLS throw the response away.", len(v.Raw), n)
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "ocsp.der.trailing-basic", Group: groupEncoding, Level: check.Must, Refs: "RFC 6960 §4.2.1",
	Title:    "Nothing follows BasicOCSPResponse inside the OCTET STRING",
	Headline: "Octets follow the basic response: most clients throw it away",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Basic == nil || v.Basic.Raw == nil {
			return check.Skip()
		}
		if n := len(v.Content) - len(v.Basic.Raw); n > 0 {
			at := v.Basic.Ref
			if f := v.fault(c, field.Trailing); f != nil {
				at = f.Ref
			}
			return check.Broken(at, "BasicOCSPResponse is %d octets long; the OCTET STRING around it holds %d. OpenSSL ignores what follows; Go, Chromium, Firefox and GnuTLS throw the response away.", len(v.Basic.Raw), len(v.Content))
		}
		return check.Holds(v.Basic.Ref, "")
	},
}, {
	ID: "ocsp.der.lengths", Group: groupEncoding, Level: check.Must, Refs: "X.690 §10.1",
	Title:    "It is DER: lengths are definite and short, strings are whole",
	Headline: "BER, not DER: browsers and Go refuse it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if f := v.fault(c, field.LongLength, field.Indefinite, field.Segmented); f != nil {
			if f.Kind == field.LongLength {
				return check.Broken(f.Ref, "At octet %d: %s. OpenSSL and GnuTLS read this; Go, Chromium and Firefox do not.", f.Off, f.Message)
			}
			return check.Broken(f.Ref, "At octet %d: %s. OpenSSL reads this; Go, Chromium, Firefox and GnuTLS do not.", f.Off, f.Message)
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "ocsp.der.default-sent", Group: groupEncoding, Level: check.Should, Refs: "X.690 §11.5",
	Title: "The default version is left out",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Basic == nil || v.Basic.Data.Version.Ref == report.None {
			return check.Skip()
		}
		version := v.Basic.Data.Version
		if n, ok := version.Value.Int64(); ok && n == 0 {
			return check.Doubtful(version.Ref, "Version v1 is spelled out although it is the default, which DER leaves out. Clients take it all the same.")
		}
		return check.Holds(version.Ref, "")
	},
}, {
	ID: "ocsp.der.integers", Group: groupEncoding, Level: check.Must, Refs: "X.690 §8.3.2",
	Title:    "Every INTEGER is written in the fewest octets",
	Headline: "An INTEGER is badly written: most clients refuse it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if f := v.framing(c, field.Integer); f != nil {
			return check.Broken(f.Ref, "At octet %d: %s. Most parsers refuse it, so the answer reaches nobody.", f.Off, f.Message)
		}
		return check.Holds(report.None, "")
	},
}, {
	ID: "ocsp.der.null-content", Group: groupEncoding, Level: check.Must, Refs: "X.690 §8.8",
	Title:    "good and unknown are empty",
	Headline: "The status is not empty where it must be",
	Judge: func(c *check.Context, v *View) check.Outcome {
		faults := map[report.Ref]field.Fault{}
		for _, f := range c.Faults {
			if f.Kind == field.NullContent {
				faults[f.Ref] = f
			}
		}
		o := check.Skip()
		for _, s := range v.singles() {
			if s.Standing == Good || s.Standing == Unknown {
				if f, ok := faults[s.StatusRef]; ok {
					return check.Broken(f.Ref, "certStatus %s: %s. OpenSSL, Firefox and GnuTLS refuse the response; Go and Chromium overlook contents, but not the constructed form.", s.Standing, f.Message)
				}
				o = check.Worst(o, check.Holds(s.StatusRef, ""))
			}
		}
		return o
	},
}, {
	ID: "ocsp.der.set-order", Group: groupEncoding, Level: check.Should, Refs: "X.690 §11.6",
	Title: "The attributes of each relative name are sorted",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Basic == nil || !v.Basic.Data.Responder.ByName {
			return check.Skip()
		}
		id := v.Basic.Data.Responder
		if f := v.fault(c, field.SetOrder); f != nil {
			return check.Doubtful(f.Ref, "At octet %d: %s. It matters where names are compared octet by octet.", f.Off, f.Message)
		}
		return check.Holds(id.Ref, "")
	},
}, {
	ID: "ocsp.der.size", Group: groupEncoding, Level: check.Should, Refs: "mozilla::pkix §pkix/Input.h",
	Title: "It is at most 65,535 octets long",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if n := len(c.Source); n > 65535 {
			return check.Doubtful(v.Ref, "It is %s octets long. Firefox takes in at most 65,535, and every handshake carries it.", report.Count(n))
		}
		return check.Holds(v.Ref, "")
	},
}}
