package ocsp

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/report"
)

// stapleRules judge what the certificate demands of a staple. What a handshake
// shows of it belongs to the kinds that carry handshakes.
var stapleRules = []rule{{
	ID: "ocsp.staple.must", Group: groupStaple, Level: check.Must, Refs: "RFC 7633 §4.2.3.1; RFC 7633 §4.3.3",
	Title: "A certificate that demands a staple gets a good one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Subject == nil {
			return check.Skip()
		}
		features, _ := v.Subject.TLSFeatures()
		demands := false
		for _, f := range features {
			demands = demands || f == cert.StatusRequest
		}
		if !demands {
			return check.Skip()
		}
		if why := v.Unfit(c); why != "" {
			return check.Broken(report.None, "%s demands a staple (TLS feature 5), and this one would not do: %s. Firefox and GnuTLS end the connection without a staple.", v.Subject.Title(), why)
		}
		return check.Holds(report.None, "%s demands a staple (TLS feature 5), and this one serves.", v.Subject.Title())
	},
}}

// Unfit says why the response does not serve as a staple, or "".
func (v *View) Unfit(c *check.Context) string {
	k := v.Conclude(c.At)
	switch {
	case !v.Status.OK || v.Status.Value != 0 || v.Basic == nil:
		return "it carries no answer"
	case len(v.Matching) == 0:
		return "it is not for this certificate"
	case !v.Signer.Proven():
		return "its signature does not count"
	case k.Standing != Good:
		return "it says " + k.Standing.String()
	case k.Stale && !c.At.IsZero():
		return "it is not fresh"
	}
	return ""
}
