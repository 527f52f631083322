package enrol

import (
	"derscope/decode/cmp"
	"derscope/decode/report"
)

// meant is what a bit of PKIFailureInfo says, and what whoever gets it does about it.
type meant struct{ says, do string }

// meanings are those of the bits of RFC 9810, section 5.2.3.
var meanings = [...]meant{
	{"the algorithm is not known or not supported", "Try another type of key or another hash, or ask the CA for its list (genm with signKeyPairTypes or certReqTemplate)."},
	{"the MAC or signature did not verify", "The secret or the reference is wrong, the secret has a blank or a line end too many, or the message was changed on its way."},
	{"the operation is not permitted or not supported", "The operation is not offered at this address, or the message comes out of turn. OpenSSL's server says badRequest whatever the cause: read its text."},
	{"messageTime is too far from the server's clock", "Set the clock of the sender."},
	{"no certificate matches", "oldCertID, the certificate to be revoked or the hash in certConf is not known to the CA: compare it with the certificate."},
	{"the data has the wrong form", "Look at the rows of the encoding, and pick the profile lw: often the transactionID is missing."},
	{"the request is for another authority", "Recipient, issuer or address belong to another CA."},
	{"the requester's data is wrong", "A server does not know whom the request is for; OpenSSL's client says so of a certificate that it did not ask for."},
	{"a time is missing that the policy wants", "Send messageTime."},
	{"the proof of possession failed", "Look at the rows on possession in the request: the signature must be made with the key that is to be certified; an RA that changes the template has to say raVerified, and must be allowed to."},
	{"the certificate is revoked already", "Nothing is left to do; to have another one, ask anew."},
	{"the certificate is confirmed already", "Nothing is left to do: the first certConf has arrived."},
	{"the protection is of the wrong kind", "The server wants a signature in place of a MAC, or the reverse."},
	{"recipNonce is missing or wrong", "The answer belongs to another message: look for a proxy that replays or mixes messages."},
	{"no time is at hand (meant for time stamping)", "Ask whoever runs the server what it means by that."},
	{"the policy is not accepted (meant for time stamping)", "Ask whoever runs the server what it means by that."},
	{"the extension is not accepted (meant for time stamping)", "Ask whoever runs the server what it means by that."},
	{"the further information is not at hand", "Leave out the question that is too much, or ask the CA what it answers."},
	{"senderNonce is missing or too short", "Send 16 fresh random octets in each message."},
	{"the template is not acceptable", "Names, extensions or the key are not allowed by the CA's profile: ask for its certReqTemplate."},
	{"the signer is not known or not trusted", "Send the signer's chain in extraCerts; the server has to have its root."},
	{"the transactionID is in use", "Begin again with a new transactionID."},
	{"the version is not supported", "Send pvno 2."},
	{"the sender may not do this", "Another sender has to ask, or the CA has to give this one the right to that name or operation."},
	{"the system is not available", "Try again later."},
	{"the system failed", "Try again later."},
	{"there is such a certificate already", "Renew it with a kur, or ask for another name or key."},
}

const badRequest = 2 // bit of PKIFailureInfo

// Advice is what to do about a bit of failInfo; "" for one that is not defined.
func Advice(bit int) string {
	if bit < 0 || bit >= len(meanings) {
		return ""
	}
	return meanings[bit].do
}

// Meaning is what a bit of failInfo says, in plain words: «the proof of
// possession failed»; "" for one that is not defined.
func Meaning(bit int) string {
	if bit < 0 || bit >= len(meanings) {
		return ""
	}
	return meanings[bit].says
}

// Cause is why something was refused, for a headline: badPOP; the text of the
// other side where it sets no bit; "" if it says nothing.
func Cause(s *cmp.PKIStatusInfo) string {
	t := s.Text.String()
	switch bits := s.Bits(); {
	case len(bits) > 3:
		return cmp.FailureName(bits[0]) + ", " + cmp.FailureName(bits[1]) + " and " + report.Count(len(bits)-2) + " more"
	// Some servers say badRequest of everything, and mean their text.
	case len(bits) == 1 && bits[0] == badRequest && t != "" && len(t) < 60:
		return reasons(s) + " «" + clip(t) + "»"
	case len(bits) > 0:
		return reasons(s)
	case t != "":
		return "«" + clip(t) + "»"
	}
	return ""
}

// because tells why something was refused: each bit in words with what to do,
// and the text of the other side.
func because(s *cmp.PKIStatusInfo) string {
	var out string
	put := func(sentence string) {
		if out != "" {
			out += " "
		}
		out += sentence
	}
	if t := s.Text.String(); t != "" {
		put("It says «" + clip(t) + "».")
	}
	for i, bit := range s.Bits() {
		if i == 3 || Meaning(bit) == "" {
			break
		}
		put(cmp.FailureName(bit) + ": " + Meaning(bit) + ". " + Advice(bit))
	}
	if out == "" {
		return "It gives no reason: only its log tells why."
	}
	return out
}
