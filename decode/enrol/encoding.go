package enrol

import (
	"derscope/decode/check"
)

var encodingRules = []rule{{
	ID: "cmp.der.outer", Group: groupEncoding, Level: check.Must, Refs: "RFC 9810 §5.1; RFC 9483 §3.5",
	Title: "The message is header and body, and what protects them",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if !v.OK {
			return check.Broken(v.Ref, "It cannot be read to its end.")
		}
		return check.Holds(v.Ref, "")
	},
}}
