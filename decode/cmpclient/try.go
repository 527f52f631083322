package cmpclient

import "derscope/decode/cmp"

// abort is the type of request that ends polling: any that is negative.
const abort cmp.Type = -1

// try is one call of OSSL_CMP_try_certreq: 1, 0, or -1 with the time to wait.
// The first one sends the request and, told to wait, polls once already.
func (c *client) try(request cmp.Type) (returns int, wait int64) {
	id := requestID(request)
	if c.status != int(cmp.Waiting) {
		m := c.initial(request)
		if m == nil {
			return 0, 0
		}
		returns = c.certResponse(m, request, id, false, &wait)
		return returns, wait
	}
	if request < 0 {
		if c.exchangeError() {
			return 1, 0
		}
		return 0, 0
	}
	m, got := c.poll(id, false, &wait)
	if got <= 0 {
		return got, wait
	}
	returns = c.certResponse(m, request, id, false, &wait)
	return returns, wait
}

// again says that the record goes on with what a further call would send.
func (c *client) again() (request bool, aborts bool) {
	if len(c.script) == 0 || !c.script[0].Sent {
		return false, false
	}
	polls := c.status == int(cmp.Waiting)
	switch b := c.script[0].Body; {
	case polls && b == cmp.PollReq:
		return true, false
	case polls && b == cmp.Error:
		return true, true
	case !polls && b.Enrolls():
		return true, false
	}
	return false, false
}
