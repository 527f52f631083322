package cmpclient

import "derscope/decode/cmp"

// Revoked is the content of an rp, beside what was asked.
type Revoked struct {
	Statuses []Status
	Certs    int  // revCerts
	Issuer   bool // the first one's issuer is the one of the request
	Serial   bool // so is its number
	CRLs     int  // -1: absent
}

// revoke is OSSL_CMP_exec_RR_ses.
func (c *client) revoke() bool {
	c.status = transferred
	var m *Message
	if c.version.delays() {
		m = c.also(cmp.RR, cmp.RP)
	} else {
		m = c.receive(cmp.RR, cmp.RP)
	}
	if m == nil {
		return false
	}
	r := &m.Revoked
	if len(r.Statuses) != 1 {
		c.raise("CMP_R_WRONG_RP_COMPONENT_COUNT", "")
		return false
	}
	if !c.save(r.Statuses[0]) {
		return false
	}
	reason := ""
	switch r.Statuses[0].Value {
	case cmp.Accepted, cmp.GrantedWithMods, cmp.RevocationWarning, cmp.RevocationNotification:
	case cmp.Rejection:
		reason = "CMP_R_REQUEST_REJECTED_BY_SERVER"
	case cmp.Waiting, cmp.KeyUpdateWarning:
		reason = "CMP_R_UNEXPECTED_PKISTATUS"
	default:
		reason = "CMP_R_UNKNOWN_PKISTATUS"
	}
	// The lists are looked at behind the status, and turn a good one round.
	switch {
	case reason != "":
	case r.Certs > 1:
		reason = "CMP_R_WRONG_RP_COMPONENT_COUNT"
	case r.Certs == 1 && !r.Issuer:
		reason = "CMP_R_WRONG_CERTID_IN_RP"
	case r.Certs == 1 && !r.Serial:
		reason = "CMP_R_WRONG_SERIAL_IN_RP"
	case r.CRLs >= 0 && r.CRLs != 1:
		reason = "CMP_R_WRONG_RP_COMPONENT_COUNT"
	}
	if reason != "" {
		c.raise(reason, "")
		c.addStatus()
		return false
	}
	return true
}
