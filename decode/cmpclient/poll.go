package cmpclient

import (
	"strconv"

	"derscope/decode/cmp"
)

// poll asks again until the answer is there: 1 with it, 0 if that fails, -1 where
// it does not sleep and is told to wait.
func (c *client) poll(id int64, sleep bool, wait *int64) (*Message, int) {
	for {
		was := c.status
		if c.version.states() {
			c.status = requesting
		}
		m := c.receive(cmp.PollReq, cmp.PollRep)
		if m == nil {
			c.delayed = nil
			return nil, 0
		}
		c.status = was
		if m.Body != cmp.PollRep {
			c.delayed = nil
			return c.final(m, id)
		}
		after, ok := c.checkAfter(m, id, sleep)
		if !ok {
			c.delayed = nil
			return nil, 0
		}
		if !sleep {
			if wait != nil {
				*wait = after
			}
			return nil, -1
		}
		c.slept(after)
	}
}

// slept lets time pass. Where the record tells the time, it counts.
func (c *client) slept(after int64) {
	if len(c.script) == 0 || c.script[0].At == 0 {
		c.now += min(after, 1<<31)
	}
}

// final is what comes instead of a pollRep.
func (c *client) final(m *Message, id int64) (*Message, int) {
	if c.version.strictly() && (m.waiting(id) || m.delayed()) {
		errors, last := c.errors, c.last
		c.exchangeError()
		c.open, c.other, c.errors, c.last, c.polls = "", -1, errors, last, true
		c.raise("CMP_R_UNEXPECTED_PKISTATUS", "")
		return nil, 0
	}
	return m, 1
}

// exchangeError sends an error message.
func (c *client) exchangeError() bool {
	if c.version.states() {
		c.status = requesting
	}
	m := c.also(cmp.Error, cmp.PKIConf)
	if c.version.states() {
		c.status = byClient
	}
	return m != nil
}

// checkAfter reads the time to wait from a pollRep.
func (c *client) checkAfter(m *Message, id int64, sleep bool) (int64, bool) {
	if len(m.Waits) > 1 {
		c.raise("CMP_R_MULTIPLE_RESPONSES_NOT_SUPPORTED", "")
		return 0, false
	}
	if len(m.Waits) == 0 || id != -1 && m.Waits[0].ID != id {
		if len(m.Waits) > 0 {
			c.badID(m.Waits[0].ID)
		}
		c.raise("CMP_R_CERTRESPONSE_NOT_FOUND", "expected certReqId = "+strconv.FormatInt(id, 10))
		return 0, false
	}
	w := m.Waits[0]
	if w.Wide {
		c.raise("ASN1_R_TOO_LARGE", "")
		c.raise("CMP_R_BAD_CHECKAFTER_IN_POLLREP", "")
		return 0, false
	}
	most := int64(1<<31 - 1)
	if sleep { // ULONG_MAX/1000 where long has 64 bits
		most = 18446744073709551
	}
	if w.CheckAfter < 0 || w.CheckAfter > most {
		c.raise("CMP_R_CHECKAFTER_OUT_OF_RANGE", "value = "+strconv.FormatInt(w.CheckAfter, 10))
		return 0, false
	}
	after := w.CheckAfter
	if c.options.TotalTimeout > 0 && c.end > 0 {
		left := c.end - c.version.reserve() - c.now
		if left <= 0 {
			c.raise("CMP_R_TOTAL_TIMEOUT", "")
			if c.version.states() {
				c.status = transferred
			}
			return 0, false
		}
		after = min(after, left)
	}
	return after, true
}
