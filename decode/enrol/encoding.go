package enrol

import (
	"slices"

	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

var encodingRules = []rule{{
	ID: "cmp.der.outer", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §5.1; RFC 9483 §3.5",
	Title: "The message is header and body, and what protects them", Headline: "This is no whole PKIMessage",
	Judge: outer,
}, {
	ID: "cmp.der.missing", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §F; RFC 4211 §B",
	Title: "Every required part is there and of its type", Headline: "A required part of the message is missing",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.Missing, field.Unexpected, field.BadElement, field.Truncated, field.ObjectID)
		list = slices.DeleteFunc(list, func(f field.Fault) bool { return f.Kind == field.Truncated && v.Raw == nil || v.inInfo(f.Off) })
		if len(list) == 0 {
			return check.Holds(v.Ref, "")
		}
		return faulty(list, check.Broken, "What comes after it in the same structure is shown as plain ASN.1: compare it with the specification there.")
	},
}, {
	ID: "cmp.der.extra", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §F",
	Title: "There is nothing that the specification does not name", Headline: "The message has a part that the specification does not name",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.Trailing)
		list = slices.DeleteFunc(list, func(f field.Fault) bool { return v.Raw != nil && f.Off >= len(v.Raw) }) // behind the message
		if len(list) > 0 {
			return faulty(list, check.Broken, "Optional fields also end up here when their order is not that of their tags.")
		}
		if at := v.otherFormat(); at != report.None {
			return check.Doubtful(at, "This certificate is in another format than X.509. The specification leaves room for such, and programs skip it or refuse the message.")
		}
		return check.Holds(v.Ref, "")
	},
}, {
	ID: "cmp.der.empty", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §F; RFC 9810 §5.3.10",
	Title: "Lists that must not be empty are not", Headline: "A list is empty where it must be left out",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.Empty)
		switch {
		case len(list) == 0:
			return check.Holds(v.Ref, "")
		case len(list) == 1 && v.Body.Revoked != nil && v.Body.Revoked.CertsRef == list[0].Ref:
			return check.Doubtful(list[0].Ref, "revCerts is an empty list (A0 02 30 00). OpenSSL's server sends it for a revocation by PKCS #10 request; it is to be left out.")
		}
		return faulty(list, check.Broken, "")
	},
}, {
	ID: "cmp.der.tagging", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §F; RFC 4211 §B",
	Title: "Tags wrap values in CMP and replace their tags in CRMF", Headline: "EXPLICIT and IMPLICIT tags are mixed up",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.Tagging)
		if len(list) == 0 {
			return check.Holds(v.Ref, "")
		}
		return faulty(list, check.Broken, "Other programs cannot read the message, or read something else: repair the encoder of the sender.")
	},
}, {
	ID: "cmp.der.depth", Group: groupEncoding, Level: check.Should, Refs: "RFC 9810 §5.1",
	Title: "All of the message is shown",
	Judge: func(c *check.Context, v *View) check.Outcome {
		list := v.faults(c, field.Depth, field.TooMany)
		if len(list) == 0 {
			return check.Holds(v.Ref, "")
		}
		return faulty(list, check.Doubtful, "Cut that part out and paste it alone to see it.")
	},
}}

// trailingRules stand last of the rows on encoding.
var trailingRules = []rule{{
	ID: "cmp.der.trailing", Group: groupEncoding, Level: check.Should, Refs: "RFC 9483 §6.4.1",
	Title:    "Nothing stands behind the message",
	Headline: "Octets stand behind the message",
	Judge: func(c *check.Context, v *View) check.Outcome {
		n := len(c.Source) - len(v.Raw)
		if len(v.Raw) == 0 {
			return check.Skip() // it has no end: cmp.der.outer says so
		}
		for _, f := range c.Faults {
			if f.Kind == field.Trailing && n > 0 && f.Off >= len(v.Raw) {
				return check.Doubtful(f.Ref, "The message has %d octets, and %d more stand behind it that begin no other message. OpenSSL 3.0 reads over them, others refuse the file: cut it there.", len(v.Raw), n)
			}
		}
		if !v.OK {
			return check.Skip()
		}
		return check.Holds(v.Ref, "The message ends with the input.")
	},
}}

// outer judges the outermost structure.
func outer(c *check.Context, v *View) check.Outcome {
	list, err := v.tops(c)
	switch {
	case err != nil && len(list) == 0:
		return check.Broken(v.Ref, "The message cannot be read as one SEQUENCE: %v. A copy that was cut short looks like this.", err)
	case err != nil:
		return check.Broken(v.Ref, "Behind its first %s the message cannot be read: %v. A copy that was cut short looks like this.", report.Plural(len(list), "part", "parts"), err)
	case len(list) < 2:
		return check.Broken(v.Ref, "The message has %s; header and body are two.", report.Plural(len(list), "part", "parts"))
	case list[0].Tag != der.Sequence:
		return check.Broken(v.Ref, "The first part is %s; the header is a SEQUENCE.", list[0].Tag)
	case list[1].Tag.Class != der.Context:
		return check.Broken(v.Body.Ref, "The second part is %s; the body has a context tag from [0] to [26].", list[1].Tag)
	case list[1].Tag.Number > 26:
		return check.Holds(v.Ref, "") // cmp.body.known says which
	}
	least := uint32(0)
	for _, e := range list[2:] {
		if e.Tag.Class != der.Context || e.Tag.Number < least || e.Tag.Number > 1 {
			return check.Broken(v.Ref, "Behind the body stands %s; only [0] protection may, and then [1] extraCerts.", e.Tag)
		}
		least = e.Tag.Number + 1
	}
	return check.Holds(v.Ref, "")
}

// otherFormat is a certificate of the message that is no X.509 one, or None.
func (v *View) otherFormat() report.Ref {
	for i, k := range v.ExtraCerts.List {
		if k == nil && i < parsedCertificates {
			return v.ExtraCerts.Refs[i]
		}
	}
	if p := v.Body.Reply; p != nil {
		for i, k := range p.CAPubs.List {
			if k == nil && i < parsedCertificates {
				return p.CAPubs.Refs[i]
			}
		}
	}
	for _, p := range v.Body.Pairs() {
		if p.Certificate == nil && p.CertRef != report.None {
			return p.CertRef
		}
	}
	return report.None
}

// parsedCertificates is how many of a list are opened.
const parsedCertificates = 100
