package cert

import (
	"slices"

	"derscope/decode/check"
)

// feature gives the TLS feature extension if it names a number.
func (c *Certificate) feature(n int) *Extension {
	if list, ok := c.TLSFeatures(); ok && slices.Contains(list, n) {
		return c.Extension(IDTLSFeature)
	}
	return nil
}

// MustStaple says that the certificate demands a TLS extension of the server that
// shows it: 5 is status_request.
func (c *Certificate) MustStaple(extension int) bool { return c.feature(extension) != nil }

// The rules of this file are those of the catalogue of OCSP that speak of a
// certificate alone: what it asks of the server that shows it.
var stapleRules = []certificateRule{{
	ID: "ocsp.staple.must-form", Group: certStaple, Level: check.Must, Refs: "RFC 7633 §4",
	Title: "The TLS features are numbers, and not critical",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		e := v.Extension(IDTLSFeature)
		if e == nil {
			return check.Skip()
		}
		list, _ := v.TLSFeatures()
		switch {
		case !e.Decoded:
			return check.Broken(e.Ref, "The extension cannot be read: %s.", e.Fault)
		case len(list) == 0:
			return check.Broken(e.Ref, "The list of features is empty: Firefox refuses the certificate.")
		case slices.ContainsFunc(list, func(n int) bool { return n < 0 || n > 0xffff }):
			return check.Broken(e.Ref, "%s: a feature is the number of a TLS extension, 0 to 65535.", listed(list, feature))
		case e.Critical:
			return check.Doubtful(e.Ref, "The extension is critical: a client that does not know it must refuse the certificate.")
		}
		if slices.Contains(list, StatusRequest) && !v.IsCA() {
			return check.Note(e.Ref, "%s: the server has to staple. Firefox and GnuTLS end a connection without a staple.", listed(list, feature))
		}
		return check.Holds(e.Ref, "%s.", listed(list, feature))
	},
}, {
	ID: "ocsp.staple.must-no-url", Group: certStaple, Level: check.Must, Refs: "RFC 7633 §4.3.1",
	Title: "A certificate that must be stapled says where the staple can be had",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		e := v.feature(StatusRequest)
		switch {
		case e == nil || v.IsCA():
			return check.Skip()
		case len(v.OCSPURLs()) == 0:
			return check.Broken(e.Ref, "It must be stapled, and names no OCSP responder: a server cannot fulfil that.")
		}
		return check.Holds(e.Ref, "%s", v.OCSPURLs()[0]).And(v.Extension(IDAuthorityInfoAccess).Ref)
	},
}, {
	ID: "ocsp.staple.must-v2", Group: certStaple, Level: check.Should, Refs: "RFC 7633 §4.1; mozpkix TLSFeaturesSatisfiedInternal",
	Title: "It asks for no staple of version 2",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if e := v.feature(StatusRequestV2); e != nil {
			return check.Broken(e.Ref, "status_request_v2(17) is asked for: Firefox refuses every feature but status_request(5), and TLS 1.3 has no version 2.")
		}
		if e := v.feature(StatusRequest); e != nil {
			return check.Holds(e.Ref, "")
		}
		return check.Skip()
	},
}, {
	ID: "ocsp.staple.must-ca", Group: certStaple, Level: check.Must,
	Refs:  "RFC 7633 §4.2.2; mozpkix CheckTLSFeatures",
	Title: "It has every TLS feature that its issuer has",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if v.By == nil || v.Self {
			return check.Skip()
		}
		wanted, ok := v.By.TLSFeatures()
		if !ok {
			return check.Skip()
		}
		above := v.By.Extension(IDTLSFeature).Ref
		at := v.Ref
		if e := v.Extension(IDTLSFeature); e != nil {
			at = e.Ref
		}
		have, _ := v.TLSFeatures()
		for _, n := range wanted {
			if !slices.Contains(have, n) {
				return check.Broken(at, "The issuer has %s, this certificate lacks %s: Firefox refuses it.", listed(wanted, feature), feature(n)).And(above)
			}
		}
		return check.Holds(at, "").And(above)
	},
}, {
	ID: "ocsp.staple.possible", Group: certStaple, Level: check.Advice, Refs: "TLS BR §7.1.2.7.7",
	Title: "It names an OCSP responder, or may do without one",
	Judge: func(_ *check.Context, v *CertificateView) check.Outcome {
		if !v.OK || v.IsCA() || v.Self {
			return check.Skip()
		}
		if limited, server := v.HasEKU(PurposeServerAuth); limited && !server {
			return check.Skip() // it is no server's, so nobody staples to it
		}
		if urls := v.OCSPURLs(); len(urls) > 0 {
			return check.Holds(v.Extension(IDAuthorityInfoAccess).Ref, "%s", urls[0])
		}
		if v.feature(StatusRequest) != nil {
			return check.Skip() // here it is a fault, and must-no-url says so
		}
		at := v.Ref
		if e := v.Extension(IDAuthorityInfoAccess); e != nil {
			at = e.Ref
		}
		return check.Note(at, "It names no OCSP responder, so there is nothing to staple. OCSP has been optional for public CAs since March 2024: that is no fault.")
	},
}}
