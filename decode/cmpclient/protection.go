package cmpclient

import "derscope/decode/cmp"

// protected says that the protection holds, or that the client overlooks it.
func (c *client) protected(m *Message) bool {
	faults := m.Protection
	unknown := c.version < m.Since
	if unknown {
		faults = m.Older
	}
	if !unknown && m.Again != nil && !c.version.remembers() {
		faults = m.Again
	}
	if m.Algorithm && len(faults) == 0 {
		if m.Unproved != "" {
			c.assumed = m.Unproved
		}
		return true
	}
	c.errors = append(c.errors, faults...)
	if c.options.UnprotectedErrors && m.negative() {
		return true
	}
	if m.Algorithm {
		c.raise("CMP_R_ERROR_VALIDATING_PROTECTION", "")
	} else {
		c.raise("CMP_R_MISSING_PROTECTION", "")
	}
	return false
}

// remembers says that the path of a signer that was found in an earlier message
// is not checked again.
func (v Version) remembers() bool { return v >= V357 }

// negative says that the message is one of those that are taken without
// protection where the application wants that: what it says is no.
func (m *Message) negative() bool {
	switch {
	case m.Body == cmp.Error || m.Body == cmp.PKIConf:
		return true
	case m.Body == cmp.RP:
		return len(m.Revoked.Statuses) > 0 && m.Revoked.Statuses[0].Value == cmp.Rejection
	case m.replies():
		return len(m.Responses) == 1 && m.Responses[0].Status.Value == cmp.Rejection
	}
	return false
}
