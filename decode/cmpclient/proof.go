package cmpclient

import (
	"bytes"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// around is what the client was given to prove messages with.
type around struct {
	secret  bool // a shared secret
	anchors []*cert.Certificate
	pinned  *cert.Certificate   // the server's certificate; nil: none was said to be it
	out     []*cert.Certificate // the anchors of new certificates; nil: none
}

// look finds it among the exhibits. Which certificate is a root that the client
// trusts, people have to say.
func look(c *check.Context) around {
	all := check.Context{Exhibits: c.Exhibits, Self: -1}
	a := around{secret: len(enrol.IndexOf(c).Secrets) > 0}
	for _, k := range check.All[*cert.Certificate](&all) {
		switch k.Said {
		case "anchor":
			a.anchors = append(a.anchors, k.Is)
		case "signer":
			a.pinned = k.Is
		case "outTrusted":
			a.out = append(a.out, k.Is)
		}
	}
	return a
}

// protection says what the client finds of the protection of a message.
func (f *facts) protection(v *enrol.View, m *Message) {
	a := v.Header.Algorithm
	switch {
	case a == nil:
		return
	case !v.Protected():
		m.Protection = []Reason{{Name: "CMP_R_MISSING_PROTECTION"}}
	case a.Method == mac.PBM || a.ID == mac.IDPasswordBasedMac:
		f.password(v, m)
	case a.ID == mac.IDDHBasedMac:
		m.Protection = []Reason{{Name: "CMP_R_UNSUPPORTED_PROTECTION_ALG_DHBASEDMAC"}}
	case f.around.pinned != nil:
		f.pin(v, m)
	case len(f.around.anchors) == 0 && f.around.secret:
		m.Protection = []Reason{{Name: "CMP_R_MISSING_TRUST_ANCHOR"}}
	case !m.Directory:
		m.Protection = []Reason{{Name: "CMP_R_SENDER_GENERALNAME_TYPE_NOT_SUPPORTED"}}
	default:
		f.signature(v, m)
	}
}

// password is the MAC of a password, in the bounds that the client sets.
func (f *facts) password(v *enrol.View, m *Message) {
	if !f.around.secret {
		m.Unproved = "The shared secret is not at hand: it is taken that it makes the MAC of every message."
		if len(f.around.anchors) > 0 || f.around.pinned != nil {
			m.Protection, m.Unproved = []Reason{{Name: "CMP_R_MISSING_SECRET"}}, ""
		}
		return
	}
	if p := v.Header.Algorithm.PBM; p != nil {
		if n := number(p.Iterations); n < 100 || n > 100_000 {
			m.Protection = []Reason{{Name: "CRMF_R_BAD_PBM_ITERATIONCOUNT", Data: strings.Replace(p.MAC.ID.String(), "SHA1", "sha1", 1)}} // as OpenSSL spells hmac-sha1
			return
		}
	}
	switch k := v.MAC(f.c); {
	case k.Status == report.Fail || k.Deviation != "":
		m.Protection = []Reason{{Name: "CMP_R_WRONG_PBM_VALUE"}}
	case k.Status != report.Pass:
		m.Unproved = "Whether a secret at hand makes the MAC is not known: it is taken that it does."
		if k.Why != "" {
			m.Unproved = k.Why + " It is taken that the MAC is right."
		}
	}
}

// pin is the signature of a pinned certificate, of which nothing else is asked.
func (f *facts) pin(v *enrol.View, m *Message) {
	for _, k := range v.Signing(f.c).Candidates {
		if k.Where != "pinned" && k.Certificate != f.around.pinned {
			continue
		}
		if faults := f.signed(&k); faults != nil {
			m.Protection = append(faults, Reason{Name: "CMP_R_SRVCERT_DOES_NOT_VALIDATE_MSG"})
		}
		return
	}
	m.Unproved = "The signature was not compared with the pinned certificate: it is taken that it is right."
}

// signed says why a certificate's key does not verify the message; nil if it does.
func (f *facts) signed(k *enrol.Candidate) []Reason {
	switch {
	case k.Usage == report.Fail && !said(f.c, "ignoreKeyUsage"):
		return []Reason{{Name: "CMP_R_MISSING_KEY_USAGE_DIGITALSIGNATURE"}, {Name: "CMP_R_ERROR_VALIDATING_SIGNATURE"}}
	case k.Signature == report.Fail:
		return []Reason{{Name: "CMP_R_ERROR_VALIDATING_SIGNATURE"}}
	}
	return nil
}

// signature tries the certificates at hand, as the client does: validity, name,
// senderKID, signature, path. The first that passes is remembered.
func (f *facts) signature(v *enrol.View, m *Message) {
	var faults []Reason
	remembered := false
	for _, k := range v.Signing(f.c).Candidates {
		if k.Valid == report.Fail || k.Subject == report.Fail || k.KeyID == report.Fail {
			continue
		}
		if k.Signature == report.Open {
			m.Unproved = "The signature cannot be verified here: it is taken that it is right."
			return
		}
		if why := f.signed(&k); why != nil {
			faults = append(faults, why...)
			continue
		}
		switch {
		case len(f.around.anchors) == 0:
			m.Unproved = "No trust anchor is at hand: it is taken that the path of «" + k.Certificate.Subject.String() + "» leads to one that the client trusts."
			return
		case k.Path == report.Pass, f.mobile(v, &k):
			f.signer = k.Certificate
			return
		case k.Path != report.Fail:
			m.Unproved = "Whether the path of «" + k.Certificate.Subject.String() + "» leads to an anchor is not known: it is taken that it does."
			return
		}
		remembered = remembered || f.signer != nil && bytes.Equal(f.signer.Raw, k.Certificate.Raw)
		faults = append(faults, Reason{Name: "CMP_R_POTENTIALLY_INVALID_CERTIFICATE"})
	}
	data := "for msg sender name = " + m.Sender
	if kid := present(v.Header.SenderKID); kid != nil {
		data += " and for msg senderKID = " + octets(kid)
	}
	m.Protection = append(faults, Reason{Name: "CMP_R_NO_SUITABLE_SENDER_CERT", Data: data})
	if remembered {
		m.Again, m.Protection = m.Protection, nil
	}
}

// mobile says that the switch for 3GPP TS 33.310 is on, and the message one that
// brings its own root.
func (f *facts) mobile(v *enrol.View, k *enrol.Candidate) bool {
	return said(f.c, "permitTAInExtraCertsForIR") && v.Body.Type == cmp.IP && f.leads(k.Certificate, v.ExtraCerts.List, nil)
}

// path says whether a new certificate leads to an anchor that was given for it.
func (f *facts) path(v *enrol.View, k *cert.Certificate) Path {
	if f.around.out == nil {
		return Unasked
	}
	others := v.ExtraCerts.List
	for _, o := range enrol.IndexOf(f.c).Certificates {
		others = append(others[:len(others):len(others)], o.Is)
	}
	if f.leads(k, f.around.out, others) {
		return Leads
	}
	return Fails
}

// leads says that a certificate leads to one of the anchors by way of others.
func (f *facts) leads(k *cert.Certificate, anchors, others []*cert.Certificate) bool {
	for range 10 {
		if k == nil {
			return false
		}
		var next *cert.Certificate
		for _, a := range anchors {
			if a != nil && a.SelfIssued() && enrol.Compare(a.Subject, k.Issuer) >= enrol.Folded && k.SignedBy(a).Outcome == sig.Valid {
				return true
			}
		}
		for _, o := range others {
			if o != nil && o != k && enrol.Compare(o.Subject, k.Issuer) >= enrol.Folded && k.SignedBy(o).Outcome == sig.Valid {
				next = o
				break
			}
		}
		k = next
	}
	return false
}
