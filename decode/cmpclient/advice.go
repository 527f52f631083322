package cmpclient

import (
	"slices"
	"strings"

	"derscope/decode/cmp"
	"derscope/decode/enrol"
)

// advice is what to do about a reason.
type advice struct {
	reasons []string // CMP_R_ without the prefix
	words   string
}

// advices are looked through in order: the first that fits speaks.
var advices = []advice{
	{[]string{"UNEXPECTED_SENDER"}, "The answer comes from another sender than the one expected: compare the name, or expect this one (-expect_sender, -srvcert)."},
	{[]string{"TRANSACTIONID_UNMATCHED"}, "The answer belongs to another transaction: look for a proxy or a server that mixes up or repeats answers."},
	{[]string{"RECIPNONCE_UNMATCHED"}, "The answer does not repeat the senderNonce of the request: it is old, replayed, or the server does not copy the nonce."},
	{[]string{"WRONG_PBM_VALUE"}, "The secret or the reference value is wrong (blanks and line ends count), or the message was changed on its way."},
	{[]string{"BAD_PBM_ITERATIONCOUNT"}, "The server must use between 100 and 100,000 iterations."},
	{[]string{"MISSING_SECRET"}, "The answer is protected with a shared secret: give the client one (-secret)."},
	{[]string{"MISSING_TRUST_ANCHOR"}, "The answer is signed: give the client the root of the server's certificate (-trusted), or the certificate itself (-srvcert)."},
	{[]string{"FAILED_EXTRACTING_PUBKEY"}, "This release does not know the key that signs: ML-DSA and SLH-DSA came with 3.5."},
	{[]string{"MISSING_KEY_USAGE_DIGITALSIGNATURE"}, "The signer's certificate lacks the keyUsage digitalSignature: the server needs another one; until then -ignore_keyusage."},
	{[]string{"POTENTIALLY_INVALID_CERTIFICATE"}, "The signer's certificate leads to no anchor of the client: add the root (-trusted), or the CA certificates between (-untrusted)."},
	{[]string{"SRVCERT_DOES_NOT_VALIDATE_MSG"}, "The pinned certificate did not sign this: the server has a new one, or another server answered."},
	{[]string{"NO_SUITABLE_SENDER_CERT"}, "No certificate at hand fits sender and senderKID, is valid and verifies the signature: add the server's certificate or its root. If both are there, sender or senderKID is not what the certificate says."},
	{[]string{"UNSUPPORTED_PROTECTION_ALG_DHBASEDMAC"}, "This client knows no protection by Diffie-Hellman: have the server sign, or use a password."},
	{[]string{"UNEXPECTED_PVNO"}, "The version of the answer is not known to this release: repeat with pvno 2, or take a newer release."},
	{[]string{"SENDER_GENERALNAME_TYPE_NOT_SUPPORTED"}, "The server must name itself with a directoryName."},
	{[]string{"TOTAL_TIMEOUT"}, "The time for all was used up: raise it (-total_timeout), and ask later."},
	{[]string{"TRANSFER_ERROR"}, "What came back is no CMP message: an HTML or JSON page, a message cut short, more than 100 KiB, or a closed connection."},
	{[]string{"CHECKAFTER_OUT_OF_RANGE", "BAD_CHECKAFTER_IN_POLLREP"}, "The server gives a time to wait that cannot be waited; the application may ask again itself."},
	{[]string{"CERTRESPONSE_NOT_FOUND", "BAD_REQUEST_ID"}, "The answer has no element with the certReqId of the request: 0, or -1 where a PKCS #10 or a whole message is meant."},
	{[]string{"MULTIPLE_RESPONSES_NOT_SUPPORTED"}, "This client takes one response a message: have the server answer each request by itself."},
	{[]string{"ENCOUNTERED_KEYUPDATEWARNING"}, "The certificate was updated before: ask the CA for the one that it issued, or start with a cr."},
	{[]string{"CERTIFICATE_NOT_ACCEPTED"}, "The client refuses the new certificate: compare its key with the requested one, and its path with the anchors for new certificates (-out_trusted)."},
	{[]string{"UNEXPECTED_CENTRAL_GEN_KEY", "MISSING_CENTRAL_GEN_KEY"}, "Client and server do not agree on who makes the key: leave the publicKey of the template empty for the CA to make it."},
	{[]string{"CERTIFICATE_NOT_FOUND", "UNKNOWN_CERT_TYPE"}, "The server says yes and sends no certificate that can be read."},
	{[]string{"WRONG_CERTID_IN_RP", "WRONG_SERIAL_IN_RP", "WRONG_RP_COMPONENT_COUNT"}, "The answer is about another certificate, or about more than one: ask the CA what it revoked."},
}

// generally are those where neither a particular reason nor a bit of failInfo says more.
var generally = []advice{
	{[]string{"MISSING_PROTECTION"}, "The answer is not protected. A server leaves an error unprotected if it has no secret or key for the sender: -unprotected_errors takes errors and rejections all the same."},
	{[]string{"REQUEST_REJECTED_BY_SERVER", "RECEIVED_ERROR"}, "The server says no; its text tells why."},
	{[]string{"UNEXPECTED_PKIBODY", "UNEXPECTED_PKISTATUS"}, "The server answers something else than what was asked: look at the order of the messages."},
}

// next is what to do, or what the client does, when a call has returned.
func (c *client) next(o *Outcome) string {
	if c.open != "" {
		return ""
	}
	if len(o.Errors) == 0 {
		return c.done(o)
	}
	if s := c.put(); s != "" {
		return s
	}
	if len(c.errors) > 0 && (c.errors[0].Name == "CMP_R_RECEIVED_ERROR" || c.errors[0].Name == "CMP_R_REQUEST_REJECTED_BY_SERVER") {
		if s := explained(c.texts); s != "" {
			return s
		}
	}
	if s := about(o.Errors, advices); s != "" {
		return s + c.told(o) + c.unheard(o)
	}
	if c.status == int(cmp.Rejection) || c.status == int(cmp.Waiting) {
		for _, bit := range o.Bits {
			if s := enrol.Advice(bit); s != "" {
				return s
			}
		}
	}
	if s := about(o.Errors, generally); s != "" {
		return s + c.told(o) + c.unheard(o)
	}
	return ""
}

// about is the first piece of advice for one of the reasons; "" if there is none.
func about(reasons []Reason, list []advice) string {
	for _, a := range list {
		for _, r := range reasons {
			if _, name, _ := strings.Cut(r.Name, "_R_"); slices.Contains(a.reasons, name) {
				return a.words
			}
		}
	}
	return ""
}

// put says what to do where the server wants the client to wait, and the client
// does not understand it.
func (c *client) put() string {
	switch m := c.last; {
	case m == nil:
	case c.version < m.Readable:
		return "The answer holds an EnvelopedData, which releases before 3.5 cannot decode: take a newer release."
	case m.Again != nil && !c.version.remembers():
		return "The signer is the same as before, but releases before 3.5.7 build its path once more with each message: send the root in extraCerts of every answer."
	case m.delayed() && !c.version.delays():
		return "The server asks to wait with an error message, which this release does not know: since 3.3 the client polls."
	case c.version.strictly() && c.polls && (m.delayed() || m.waiting(-1)):
		return "The server says «waiting» where the client polls already: it must answer a pollReq with a pollRep. Releases before 3.3 poll on."
	}
	return ""
}

// unheard tells what an error message says that the client does not listen to.
func (c *client) unheard(o *Outcome) string {
	m := c.last
	if m == nil || m.Body != cmp.Error || len(m.Status.Texts) == 0 {
		return ""
	}
	if last := o.Errors[len(o.Errors)-1].Name; last != "CMP_R_MISSING_PROTECTION" && last != "CMP_R_ERROR_VALIDATING_PROTECTION" {
		return ""
	}
	if s := explained(m.Status.Texts); s != "" {
		return " " + s
	}
	return " The message says «" + strings.Join(m.Status.Texts, ", ") + "»."
}

// told says what the server was told of a refusal.
func (c *client) told(o *Outcome) string {
	switch {
	case c.refuses == "":
		return ""
	case slices.Contains(o.Sent, cmp.CertConf.String()):
		return " It has sent a certConf with rejection and incorrectData."
	}
	return " The server is not told."
}

// done says what is left to do after a success.
func (c *client) done(o *Outcome) string {
	switch {
	case (o.Returns == "0" || o.Returns == "NULL") && c.got != "":
		return "It has the certificate and fails without a reason: it cannot confirm a certReqId other than 0 and -1."
	case o.Returns == "0" || o.Returns == "NULL":
		return "It fails without a reason: releases before 3.3 do so where the sender is not the expected one."
	case c.got == "":
		return ""
	case slices.Contains(o.Sent, cmp.CertConf.String()):
		return "The certificate is there and confirmed."
	case c.options.DisableConfirm:
		return "The certificate is there; no certConf is sent, as the application wants it."
	}
	return "The certificate is there; the server waits for no certConf."
}
