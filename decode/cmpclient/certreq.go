package cmpclient

import (
	"strconv"

	"derscope/decode/cmp"
)

// Certificate is what a CertResponse delivers.
type Certificate struct {
	Form Form
	// Subject is its subject's name, Other says that its key is another than the
	// one that was asked for: what is raised is in Keys.
	Subject string
	Other   bool
	Keys    []Reason
	// Path says whether it leads to an anchor that new certificates must lead to:
	// Unasked where the client was given none.
	Path Path
	// PrivateKey says that the CA's key for it comes along, Central that none was asked
	// for in the request, so that it must.
	// KeyClosed says that the CA's key cannot be opened with what is at hand.
	PrivateKey, Central, KeyClosed bool
	Broken                         []Reason // why the certificate or the key cannot be had
}

// Form is how a certificate is delivered.
type Form int

const (
	Absent Form = iota
	Plain
	Unknown // neither X.509 nor encrypted
	Encrypted
	Closed // encrypted, and no key at hand that opens it
)

// Path is what is known of the path of a new certificate.
type Path int

const (
	Unasked Path = iota
	Leads
	Fails
)

// expects is the body that answers a request for a certificate.
func expects(request cmp.Type) cmp.Type {
	if request == cmp.P10CR {
		return cmp.CP
	}
	return request + 1
}

// requestID is the certReqId of a request: that of a PKCS #10 has none.
func requestID(request cmp.Type) int64 {
	if request == cmp.P10CR {
		return -1
	}
	return 0
}

// execute is OSSL_CMP_exec_certreq. It says whether there is a certificate.
func (c *client) execute(request cmp.Type) bool {
	m := c.initial(request)
	return m != nil && c.certResponse(m, request, requestID(request), true, nil) > 0
}

// initial sends the request.
func (c *client) initial(request cmp.Type) *Message {
	c.status = requesting
	m := c.request(request, expects(request))
	if m != nil && (m.delayed() || m.waiting(requestID(request))) {
		c.delayed = c.senderNonce
	}
	return m
}

// request sends the first message of a transaction.
func (c *client) request(sent, expected cmp.Type) *Message {
	c.status = transferred
	return c.receive(sent, expected)
}

// waiting says that the message has a response for a request, and that its
// status is waiting.
func (m *Message) waiting(id int64) bool {
	if !m.replies() {
		return false
	}
	for i := range m.Responses {
		if id == -1 || m.Responses[i].ID == id {
			return m.Responses[i].Status.Value == cmp.Waiting
		}
	}
	return false
}

// replies says that the message is what the client takes for a CertRepMessage.
func (m *Message) replies() bool { return m.Body.Replies() && m.Body != cmp.CCP }

// response looks for the response to a request.
func (c *client) response(m *Message, id int64) *Response {
	for i := range m.Responses {
		r := &m.Responses[i]
		switch {
		case id == -1 || r.ID == id:
			return r
		}
		c.badID(r.ID)
	}
	c.raise("CMP_R_CERTRESPONSE_NOT_FOUND", "expected certReqId = "+strconv.FormatInt(id, 10))
	return nil
}

// badID adds a reason to a certReqId that no request can have. Older versions
// take -1 for that which stands for a value without room, newer ones -2.
func (c *client) badID(id int64) {
	if wide := id < -1<<31 || id > 1<<31-1; wide || !c.version.strictly() && id == -1 || c.version.strictly() && id < -1 {
		c.raise("CMP_R_BAD_REQUEST_ID", "")
	}
}

// certResponse makes of an answer what the call returns: 1, 0, or -1 where it
// does not sleep and the server asks to wait.
func (c *client) certResponse(m *Message, request cmp.Type, id int64, sleep bool, wait *int64) int {
	var r *Response
	for {
		var status Status
		switch {
		case m.replies():
			if len(m.Responses) > 1 {
				c.raise("CMP_R_MULTIPLE_RESPONSES_NOT_SUPPORTED", "")
				return 0
			}
			if r = c.response(m, id); r == nil {
				return 0
			}
			status = r.Status
			if id == -1 { // what is asked with a PKCS #10 has the number that the answer gives
				if id = r.ID; id < -1 || id > 1<<31-1 {
					c.raise("CMP_R_BAD_REQUEST_ID", "")
					return 0
				}
			}
		case m.Body == cmp.Error:
			status = m.Status
		default:
			c.raise("CMP_R_UNEXPECTED_PKIBODY", "")
			return 0
		}
		if !c.save(status) {
			return 0
		}
		if status.Value != cmp.Waiting {
			break
		}
		next, got := c.poll(id, sleep, wait)
		switch {
		case got < 0:
			return got
		case got == 0:
			c.raise("CMP_R_POLLING_FAILED", "")
			return 0
		}
		m = next
	}
	if m.Body == cmp.Error {
		c.raise("CMP_R_RECEIVED_ERROR", "")
		return 0
	}
	if c.version.strictly() && m.Body != expects(request) {
		c.raise("CMP_R_UNEXPECTED_PKIBODY", "")
		return 0
	}
	if !c.extract(r) {
		c.add("; cannot extract certificate from response")
		return 0
	}
	return c.confirm(m, r, id)
}

// extract takes the certificate from a response.
func (c *client) extract(r *Response) bool {
	switch s := r.Status.Value; s {
	case cmp.Accepted, cmp.GrantedWithMods, cmp.RevocationWarning, cmp.RevocationNotification:
	case cmp.Rejection:
		c.raise("CMP_R_REQUEST_REJECTED_BY_SERVER", "")
		c.addStatus()
		return false
	case cmp.KeyUpdateWarning:
		// Meant to be right for a kup, but it is the answer's body that is compared
		// with kur, and an answer never is one.
		c.raise("CMP_R_ENCOUNTERED_KEYUPDATEWARNING", "")
		c.addStatus()
		return false
	default:
		c.raise("CMP_R_UNKNOWN_PKISTATUS", "")
		c.addStatus()
		return false
	}
	if r.Form == Plain && c.version.generates() {
		switch {
		case r.PrivateKey && !r.Central:
			c.raise("CMP_R_UNEXPECTED_CENTRAL_GEN_KEY", "")
			c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
			return false
		case r.Central && !r.PrivateKey:
			c.raise("CMP_R_MISSING_CENTRAL_GEN_KEY", "")
			c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
			return false
		}
	}
	if r.KeyClosed && c.version.generates() {
		c.assumed = "The private key that the CA made is encrypted, and nothing at hand opens it: it is taken that the client can."
	}
	switch {
	case r.Form == Closed:
		c.assumed = "The certificate is encrypted, and no key that opens it is at hand: it is taken that the client has it."
	case r.Form == Unknown:
		c.raise("CMP_R_UNKNOWN_CERT_TYPE", "")
		c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
		return false
	case r.Form == Absent:
		c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
		c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
		return false
	case len(r.Broken) > 0:
		c.errors = append(c.errors, r.Broken...)
		c.raise("CMP_R_CERTIFICATE_NOT_FOUND", "")
		return false
	}
	return true
}

// confirm decides about a certificate, and tells the server.
func (c *client) confirm(m *Message, r *Response, id int64) int {
	c.got = r.Subject
	text := ""
	switch {
	case r.Other:
		text = "public key in new certificate does not match our enrollment key"
		c.errors = append(c.errors, r.Keys...)
	case r.Path == Fails:
		text = "CMP client did not accept it"
	}
	c.refuses = text
	done := 1
	if !c.options.DisableConfirm && !m.Implicit && !c.certConf(id) {
		done = 0
	}
	if c.open != "" {
		return 0
	}
	if text != "" {
		c.raise("CMP_R_CERTIFICATE_NOT_ACCEPTED", "rejecting newly enrolled cert with subject: "+r.Subject+"; "+text)
		c.status = int(cmp.Rejection)
		if c.version.states() {
			c.status = byClient
		}
		return 0
	}
	return done
}

// certConf confirms or refuses the certificate. The status is that of the answer
// before it, unless a newer version fails here.
func (c *client) certConf(id int64) bool {
	was := c.status
	if c.version.states() {
		c.status = requesting
	}
	if id > 0 { // it makes no certConf for such a number, and says nothing
		return false
	}
	if c.also(cmp.CertConf, cmp.PKIConf) == nil {
		return false
	}
	c.status = was
	return true
}

// also sends a message whose answer may come later, and waits for it.
func (c *client) also(sent, expected cmp.Type) *Message {
	m := c.receive(sent, expected)
	if m == nil {
		return nil
	}
	if m.delayed() { // older versions have refused it already
		c.delayed = c.senderNonce
		if expected != cmp.PKIConf && !c.save(m.Status) {
			return nil
		}
		var got int
		if m, got = c.poll(-1, true, nil); got <= 0 {
			c.raise("CMP_R_POLLING_FAILED", "")
			return nil
		}
	}
	if m.Body != expected {
		c.raise("CMP_R_UNEXPECTED_PKIBODY", "")
		return nil
	}
	return m
}
