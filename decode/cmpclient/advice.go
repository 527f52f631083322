package cmpclient

import (
	"slices"
	"strings"

	"derscope/decode/cmp"
)

// advice is what to do about a reason or a bit of failInfo.
type advice struct {
	reasons []string // CMP_R_ without the prefix
	bits    []int
	words   string
}

// advices are looked through in order: the first that fits speaks.
var advices = []advice{
	{[]string{"UNEXPECTED_SENDER"}, nil, "The answer comes from another sender than the one expected: compare the name, or expect this one (-expect_sender, -srvcert)."},
	{[]string{"TRANSACTIONID_UNMATCHED"}, nil, "The answer belongs to another transaction: look for a proxy or a server that mixes up or repeats answers."},
	{[]string{"RECIPNONCE_UNMATCHED"}, nil, "The answer does not repeat the senderNonce of the request: it is old, replayed, or the server does not copy the nonce."},
	{[]string{"WRONG_PBM_VALUE"}, nil, "The secret or the reference value is wrong (blanks and line ends count), or the message was changed on its way."},
	{[]string{"BAD_PBM_ITERATIONCOUNT"}, nil, "The server must use between 100 and 100,000 iterations."},
	{[]string{"MISSING_SECRET"}, nil, "The answer is protected with a shared secret: give the client one (-secret)."},
	{[]string{"MISSING_TRUST_ANCHOR"}, nil, "The answer is signed: give the client the root of the server's certificate (-trusted), or the certificate itself (-srvcert)."},
	{[]string{"FAILED_EXTRACTING_PUBKEY"}, nil, "This release does not know the key that signs: ML-DSA and SLH-DSA came with 3.5."},
	{[]string{"MISSING_KEY_USAGE_DIGITALSIGNATURE"}, nil, "The signer's certificate lacks the keyUsage digitalSignature: the server needs another one; until then -ignore_keyusage."},
	{[]string{"POTENTIALLY_INVALID_CERTIFICATE"}, nil, "The signer's certificate leads to no anchor of the client: add the root (-trusted), or the CA certificates between (-untrusted)."},
	{[]string{"SRVCERT_DOES_NOT_VALIDATE_MSG"}, nil, "The pinned certificate did not sign this: the server has a new one, or another server answered."},
	{[]string{"NO_SUITABLE_SENDER_CERT"}, nil, "No certificate at hand fits sender and senderKID, is valid and verifies the signature: add the server's certificate or its root. If both are there, sender or senderKID is not what the certificate says."},
	{[]string{"UNSUPPORTED_PROTECTION_ALG_DHBASEDMAC"}, nil, "This client knows no protection by Diffie-Hellman: have the server sign, or use a password."},
	{[]string{"UNEXPECTED_PVNO"}, nil, "The version of the answer is not known to this release: repeat with pvno 2, or take a newer release."},
	{[]string{"SENDER_GENERALNAME_TYPE_NOT_SUPPORTED"}, nil, "The server must name itself with a directoryName."},
	{[]string{"TOTAL_TIMEOUT"}, nil, "The time for all was used up: raise it (-total_timeout), and ask later."},
	{[]string{"TRANSFER_ERROR"}, nil, "What came back is no CMP message: an HTML or JSON page, a message cut short, more than 100 KiB, or a closed connection."},
	{[]string{"CHECKAFTER_OUT_OF_RANGE", "BAD_CHECKAFTER_IN_POLLREP"}, nil, "The server gives a time to wait that cannot be waited; the application may ask again itself."},
	{[]string{"CERTRESPONSE_NOT_FOUND", "BAD_REQUEST_ID"}, nil, "The answer has no element with the certReqId of the request: 0, or -1 where a PKCS #10 or a whole message is meant."},
	{[]string{"MULTIPLE_RESPONSES_NOT_SUPPORTED"}, nil, "This client takes one response a message: have the server answer each request by itself."},
	{[]string{"ENCOUNTERED_KEYUPDATEWARNING"}, nil, "The certificate was updated before: ask the CA for the one that it issued, or start with a cr."},
	{[]string{"CERTIFICATE_NOT_ACCEPTED"}, nil, "The client refuses the new certificate: compare its key with the requested one, and its path with the anchors for new certificates (-out_trusted)."},
	{[]string{"UNEXPECTED_CENTRAL_GEN_KEY", "MISSING_CENTRAL_GEN_KEY"}, nil, "Client and server do not agree on who makes the key: leave the publicKey of the template empty for the CA to make it."},
	{[]string{"CERTIFICATE_NOT_FOUND", "UNKNOWN_CERT_TYPE"}, nil, "The server says yes and sends no certificate that can be read."},
	{[]string{"WRONG_CERTID_IN_RP", "WRONG_SERIAL_IN_RP", "WRONG_RP_COMPONENT_COUNT"}, nil, "The answer is about another certificate, or about more than one: ask the CA what it revoked."},
	{nil, []int{0}, "Try another key type or hash; ask for the CA's list of algorithms (genm with signKeyPairTypes or certReqTemplate)."},
	{nil, []int{1}, "The server cannot verify the request: the secret or the reference value is wrong (blanks and line ends count), or the message was changed."},
	{nil, []int{2}, "The server does not offer this at this address, or not at this point; the text says more."},
	{nil, []int{3}, "Set the clock: messageTime is too far from the server's."},
	{nil, []int{4}, "The CA does not know the certificate that is named: oldCertID, the one to revoke, or the hash of the certConf."},
	{nil, []int{5}, "The server cannot read the request: look at its encoding, and whether it has a transactionID; try the profile lw."},
	{nil, []int{6}, "The request names another authority: look at recipient, issuer and address."},
	{nil, []int{9}, "The proof of possession fails: look at its signature; a registration authority may have changed the template."},
	{nil, []int{12}, "The server wants the other kind of protection: a signature in place of a MAC, or the reverse."},
	{nil, []int{13, 18}, "The server does not take the nonces: look for a proxy that repeats messages, and for nonces of fewer than 16 octets."},
	{nil, []int{19}, "The profile does not allow the names, extensions or key of the template."},
	{nil, []int{20}, "The server does not trust the signer: send the chain in extraCerts, or have the server add your root."},
	{nil, []int{21}, "Repeat it with a new transactionID."},
	{nil, []int{22}, "Repeat it with pvno 2."},
	{nil, []int{23}, "The sender may not ask for this name or this operation."},
	{nil, []int{24, 25}, "Try again later."},
	{nil, []int{26}, "There is a certificate for this name or key: use a kur."},
	{[]string{"MISSING_PROTECTION"}, nil, "The answer is not protected. A server leaves an error unprotected if it has no secret or key for the sender: -unprotected_errors takes errors and rejections all the same."},
	{[]string{"REQUEST_REJECTED_BY_SERVER", "RECEIVED_ERROR"}, nil, "The server says no; its text tells why."},
	{[]string{"UNEXPECTED_PKIBODY", "UNEXPECTED_PKISTATUS"}, nil, "The server answers something else than what was asked: look at the order of the messages."},
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
	for _, a := range advices {
		for _, r := range o.Errors {
			_, name, _ := strings.Cut(r.Name, "_R_")
			if slices.Contains(a.reasons, name) {
				return a.words + c.told(o) + c.unheard(o)
			}
		}
		for _, b := range a.bits {
			if slices.Contains(o.Bits, b) && (c.status == int(cmp.Rejection) || c.status == int(cmp.Waiting)) {
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
