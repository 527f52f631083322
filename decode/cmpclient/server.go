package cmpclient

import (
	"slices"
	"strings"

	"derscope/decode/cmp"
)

// OpenSSL's server says badRequest whatever the cause, and writes the first entry
// of its own stack of errors into statusString: so its text counts, not the bit.

// says are what the server's reasons mean, by name.
var says = []struct {
	names []string
	words string
}{
	{[]string{"NO_SUITABLE_SENDER_CERT", "POTENTIALLY_INVALID_CERTIFICATE", "ERROR_VALIDATING_SIGNATURE"}, "it finds no certificate that proves the request: send the whole chain in extraCerts, or have it trust your root (-srv_trusted)"},
	{[]string{"MISSING_TRUST_ANCHOR"}, "it has a secret and no root: it takes requests under a password, not signed ones"},
	{[]string{"MISSING_SECRET", "MISSING_PBM_SECRET"}, "it has no secret for this sender: ask for one, or sign the request"},
	{[]string{"WRONG_PBM_VALUE"}, "its secret is another one than the client's; blanks and line ends count"},
	{[]string{"ERROR_VALIDATING_PROTECTION"}, "the protection of the request does not hold for it"},
	{[]string{"MISSING_PROTECTION"}, "it takes no request without protection"},
	{[]string{"MISSING_KEY_USAGE_DIGITALSIGNATURE"}, "the certificate that signs the request lacks the keyUsage digitalSignature"},
	{[]string{"SENDER_GENERALNAME_TYPE_NOT_SUPPORTED"}, "the sender of the request must be a directoryName"},
	{[]string{"UNEXPECTED_SENDER"}, "it expects another sender"},
	{[]string{"UNEXPECTED_PVNO"}, "it does not know this pvno: repeat with 2"},
	{[]string{"TRANSACTIONID_UNMATCHED", "RECIPNONCE_UNMATCHED"}, "the request does not go on with the transaction that it has open: look for lost or repeated messages"},
	{[]string{"EXPECTED_POLLREQ"}, "it waits for a pollReq, and got another request"},
	{[]string{"UNEXPECTED_POLLREQ", "UNEXPECTED_PKIBODY"}, "it has no transaction open in which this message has a place: a certConf or pollReq came too late, or to another server"},
	{[]string{"UNSUPPORTED_PKIBODY"}, "it has no handler for this body"},
	{[]string{"MULTIPLE_REQUESTS_NOT_SUPPORTED"}, "it takes one request a message"},
	{[]string{"CERTREQMSG_NOT_FOUND", "BAD_REQUEST_ID"}, "it wants the certReqId 0"},
	{[]string{"POPO_MISSING", "POPO_RAVERIFIED_NOT_ACCEPTED", "POPO_MISSING_SUBJECT", "POPO_MISSING_PUBLIC_KEY", "POPO_INCONSISTENT_PUBLIC_KEY", "UNSUPPORTED_POPO_METHOD"},
		"the proof of possession is not one that it takes: sign the request with the new key, and put subject and key into the template"},
	{[]string{"REQUEST_NOT_ACCEPTED"}, "it does not take the request: the certificate is not known to it, or the signature of a PKCS #10 does not hold"},
	{[]string{"WRONG_CERTID", "CERTID_NOT_FOUND"}, "oldCertID names another certificate than the one that it would update"},
	{[]string{"ERROR_UNEXPECTED_CERTCONF"}, "it waits for no certConf: it has granted implicitConfirm, or forgotten the transaction"},
	{[]string{"CERTHASH_UNMATCHED"}, "the hash of the certConf is that of another certificate, or made with another algorithm"},
	{[]string{"ERROR_PROCESSING_MESSAGE"}, "its application failed, without a further reason"},
}

// explained says what a server that is OpenSSL's means with the text of a status;
// "" if the text is none of its reasons.
func explained(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	name := strings.ToUpper(strings.ReplaceAll(texts[0], " ", "_"))
	r, ok := cmp.ReasonNamed("CMP", name)
	if !ok {
		if r, ok = cmp.ReasonNamed("CRMF", name); !ok {
			return ""
		}
	}
	s := "«" + r.Words() + "» is what OpenSSL's server says (" + r.Symbol() + ")"
	for _, k := range says {
		if slices.Contains(k.names, r.Name) {
			return s + ": " + k.words + "."
		}
	}
	return s + "."
}
