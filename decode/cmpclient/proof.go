package cmpclient

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/enrol"
	"derscope/decode/mac"
	"derscope/decode/oid"
	"derscope/decode/path"
	"derscope/decode/report"
)

// around is what the client was given to prove messages with.
type around struct {
	secret  bool // a shared secret
	anchors []*cert.Certificate
	pinned  *cert.Certificate   // the server's certificate; nil: none was said to be it
	out     []*cert.Certificate // the anchors of new certificates; nil: none
	others  []*cert.Certificate // that may stand on a path
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
		default:
			a.others = append(a.others, k.Is)
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
	if modern(a.ID) && f.around.signers() {
		m.Since = V35
		m.Older = []Reason{{Name: "CMP_R_FAILED_EXTRACTING_PUBKEY"}, {Name: "CMP_R_ERROR_VALIDATING_SIGNATURE"}, noSigner(v, m)}
		if f.around.pinned != nil {
			m.Older[2] = Reason{Name: "CMP_R_SRVCERT_DOES_NOT_VALIDATE_MSG"}
		}
	}
}

// signers says that signatures are looked at: there is a root or a pinned
// certificate, or neither and no secret, where it is taken that there is one.
func (a *around) signers() bool { return len(a.anchors) > 0 || a.pinned != nil || !a.secret }

// modern says that a signature is ML-DSA or SLH-DSA, which OpenSSL has since 3.5.
func modern(id oid.ID) bool {
	arc, ok := strings.CutPrefix(string(id), "2.16.840.1.101.3.4.3.")
	n, err := strconv.Atoi(arc)
	return ok && err == nil && n >= 17 && n <= 46
}

// noSigner is the reason where no certificate fits.
func noSigner(v *enrol.View, m *Message) Reason {
	data := "for msg sender name = " + m.Sender
	if kid := present(v.Header.SenderKID); kid != nil {
		data += " and for msg senderKID = " + octets(kid)
	}
	return Reason{"CMP_R_NO_SUITABLE_SENDER_CERT", clip(data)}
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
	case k.Status == report.Fail || k.Deviation != "" || k.Status == report.Pass && rewritten(v, k.Form):
		m.Protection = []Reason{{Name: "CMP_R_WRONG_PBM_VALUE"}}
	case k.Status != report.Pass:
		m.Unproved = "Whether a secret at hand makes the MAC is not known: it is taken that it does."
		if k.Why != "" {
			m.Unproved = k.Why + " It is taken that the MAC is right."
		}
	}
}

// rewritten says that the client verifies other octets than the sender protected:
// it writes header and body anew, in DER.
func rewritten(v *enrol.View, form enrol.Form) bool {
	if form == enrol.Reencoded {
		return false
	}
	part := v.ProtectedPart()
	again, ok := der.Canonical(part)
	return ok && !bytes.Equal(again, part)
}

// pin is the signature of a pinned certificate, of which nothing else is asked.
func (f *facts) pin(v *enrol.View, m *Message) {
	for _, k := range v.Signing(f.c).Candidates {
		if k.Where != enrol.Pinned {
			continue
		}
		if faults := f.signed(v, &k); faults != nil {
			m.Protection = append(faults, Reason{Name: "CMP_R_SRVCERT_DOES_NOT_VALIDATE_MSG"})
		}
		return
	}
	m.Unproved = "The signature was not compared with the pinned certificate: it is taken that it is right."
}

// signed says why a certificate's key does not verify the message; nil if it does.
func (f *facts) signed(v *enrol.View, k *enrol.Candidate) []Reason {
	switch {
	case k.Usage == report.Fail && !f.c.On("ignoreKeyUsage"):
		return []Reason{{Name: "CMP_R_MISSING_KEY_USAGE_DIGITALSIGNATURE"}, {Name: "CMP_R_ERROR_VALIDATING_SIGNATURE"}}
	case k.Signature == report.Fail || k.Proved() && rewritten(v, k.Form):
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
		if k.Bare || f.later(v, &k) || k.Valid == report.Fail || k.Subject == report.Fail || k.KeyID == report.Fail {
			continue
		}
		if k.Signature == report.Open {
			m.Unproved = "The signature cannot be verified here: it is taken that it is right."
			return
		}
		if why := f.signed(v, &k); why != nil {
			faults = append(faults, why...)
			continue
		}
		if len(f.around.anchors) == 0 {
			m.Unproved = "No trust anchor is at hand: it is taken that the path of «" + k.Certificate.Subject.String() + "» leads to one that the client trusts."
			return
		}
		if f.leads(k.Certificate, f.trusted()) || f.mobile(v, &k) {
			f.signer = k.Certificate
			return
		}
		remembered = remembered || f.signer != nil && bytes.Equal(f.signer.Raw, k.Certificate.Raw)
		faults = append(faults, Reason{Name: "CMP_R_POTENTIALLY_INVALID_CERTIFICATE"})
	}
	m.Protection = append(faults, noSigner(v, m))
	if remembered {
		m.Again, m.Protection = m.Protection, nil
	}
}

// later says that a certificate came in an answer behind the message alone.
func (f *facts) later(v *enrol.View, k *enrol.Candidate) bool {
	if k.Where != enrol.Beside || k.Item < 0 {
		return false
	}
	o := enrol.ViewOf(f.c, f.c.Exhibits[k.Item].Carrier)
	return o != nil && o.From == cmp.Server && o.In == v.In && o.Place > v.Place
}

// mobile says that the switch for 3GPP TS 33.310 is on, and the message one that
// brings its own root: it must prove the new certificate, too.
func (f *facts) mobile(v *enrol.View, k *enrol.Candidate) bool {
	if !f.c.On("permitTAInExtraCertsForIR") || v.Body.Type != cmp.IP {
		return false
	}
	var roots []*cert.Certificate
	for _, e := range v.ExtraCerts.List {
		if e != nil && e.OK && e.SelfIssued() {
			roots = append(roots, e)
		}
	}
	r := v.Body.Reply
	return len(roots) > 0 && f.leads(k.Certificate, roots) &&
		r != nil && len(r.Responses) > 0 && r.Responses[0].Pair != nil && r.Responses[0].Pair.Certificate != nil && f.leads(r.Responses[0].Pair.Certificate, roots)
}

// path says whether a new certificate leads to an anchor that was given for it.
func (f *facts) path(k *cert.Certificate) Path {
	switch {
	case f.around.out == nil:
		return Unasked
	case f.leads(k, f.around.out):
		return Leads
	}
	return Fails
}

// trusted are the client's anchors: those that it was given, and if there are any,
// those that earlier answers under a MAC brought in caPubs.
func (f *facts) trusted() []*cert.Certificate {
	return append(slices.Clip(f.around.anchors), f.pubs...)
}

// leads says that a certificate leads to one of the anchors as OpenSSL builds paths.
func (f *facts) leads(k *cert.Certificate, anchors []*cert.Certificate) bool {
	if f.pool == nil || !slices.Equal(f.pooled, anchors) {
		f.pool, f.pooled = path.NewPool(anchors, f.around.others), anchors
	}
	return f.pool.Find(k, path.Options{At: f.c.At, OpenSSL: true}).Holds()
}
