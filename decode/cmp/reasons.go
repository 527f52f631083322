package cmp

import (
	"slices"
	"strconv"
	"strings"
)

// Reason is an error of OpenSSL. Its error numbers hold a library and a reason,
// and its server puts such a number into errorCode.
type Reason struct {
	Library string // CMP
	Number  int
	Name    string // ERROR_PROCESSING_MESSAGE; "" where the library's names are not listed
}

// String writes the reason as people find it in a header file.
func (r Reason) String() string {
	if r.Name == "" {
		return "OpenSSL's library " + r.Library + ", reason " + strconv.Itoa(r.Number)
	}
	return r.Symbol() + " (" + strconv.Itoa(r.Number) + "): " + r.Words()
}

// Symbol is the name in OpenSSL's headers: CMP_R_MISSING_PROTECTION.
func (r Reason) Symbol() string { return r.Library + "_R_" + r.Name }

// Words are how OpenSSL prints it: missing protection.
func (r Reason) Words() string { return strings.ReplaceAll(strings.ToLower(r.Name), "_", " ") }

// libraries are the numbers of OpenSSL's libraries that errors of CMP come from.
var libraries = map[int64]string{11: "X509", 13: "ASN1", 56: "CRMF", 58: "CMP", 61: "HTTP"}

// ReasonOf takes a number apart that OpenSSL packed: library << 23 | reason.
// False: it is none of a library that errors of CMP come from.
func ReasonOf(code int64) (Reason, bool) {
	if code < 0 || code >= 1<<31 { // with bit 31 it is an error of the operating system
		return Reason{}, false
	}
	library, number := libraries[code>>23], int(code&(1<<23-1))
	if library == "" || number == 0 {
		return Reason{}, false
	}
	r := Reason{Library: library, Number: number}
	if names := reasons[library]; number >= firstReason && number-firstReason < len(names) {
		r.Name = names[number-firstReason]
	}
	return r, true
}

// ReasonNamed finds a reason of CMP or CRMF by its name: MISSING_PROTECTION.
func ReasonNamed(library, name string) (Reason, bool) {
	i := slices.Index(reasons[library], name)
	return Reason{library, firstReason + i, name}, i >= 0
}

// firstReason is the number of the first name of each list.
const firstReason = 100

// reasons are the names of OpenSSL 4.1, by library. Earlier versions lack some of
// the later ones and have the others under the same numbers.
var reasons = map[string][]string{"CMP": {
	"INVALID_ARGS", "UNSUPPORTED_PKIBODY", "MULTIPLE_SAN_SOURCES", "NULL_ARGUMENT", "EXPECTED_POLLREQ", "UNEXPECTED_POLLREQ",
	"UNEXPECTED_SENDER", "ERROR_PARSING_PKISTATUS", "BAD_REQUEST_ID", "CERTID_NOT_FOUND", "FAILURE_OBTAINING_RANDOM",
	"MISSING_SENDER_IDENTIFICATION", "CERTIFICATE_NOT_FOUND", "CERTRESPONSE_NOT_FOUND", "CERT_AND_KEY_DO_NOT_MATCH",
	"ERROR_CALCULATING_PROTECTION", "ERROR_CREATING_CERTCONF", "ERROR_CREATING_CERTREP", "ERROR_CREATING_ERROR", "ERROR_CREATING_GENM",
	"ERROR_CREATING_GENP", "MISSING_P10CSR", "ERROR_CREATING_PKICONF", "ERROR_CREATING_POLLREP", "ERROR_CREATING_POLLREQ",
	"ERROR_CREATING_RP", "ERROR_CREATING_RR", "ERROR_PROTECTING_MESSAGE", "ERROR_SETTING_CERTHASH", "FAIL_INFO_OUT_OF_RANGE",
	"MISSING_KEY_INPUT_FOR_CREATING_PROTECTION", "MISSING_PRIVATE_KEY", "PKISTATUSINFO_NOT_FOUND", "UNEXPECTED_PKIBODY",
	"UNKNOWN_ALGORITHM_ID", "UNKNOWN_CERT_TYPE", "UNSUPPORTED_ALGORITHM", "UNSUPPORTED_KEY_TYPE", "WRONG_ALGORITHM_OID",
	"ALGORITHM_NOT_SUPPORTED", "ERROR_VALIDATING_PROTECTION", "FAILED_EXTRACTING_PUBKEY", "MISSING_KEY_USAGE_DIGITALSIGNATURE",
	"MISSING_PROTECTION", "MISSING_TRUST_STORE", "NO_SUITABLE_SENDER_CERT", "PKIBODY_ERROR", "POTENTIALLY_INVALID_CERTIFICATE",
	"RECIPNONCE_UNMATCHED", "REQUEST_NOT_ACCEPTED", "SENDER_GENERALNAME_TYPE_NOT_SUPPORTED", "SRVCERT_DOES_NOT_VALIDATE_MSG",
	"TRANSACTIONID_UNMATCHED", "UNEXPECTED_PVNO", "UNSUPPORTED_PROTECTION_ALG_DHBASEDMAC", "WRONG_PBM_VALUE", "CERTHASH_UNMATCHED",
	"CERTREQMSG_NOT_FOUND", "ERROR_PROCESSING_MESSAGE", "TRANSFER_ERROR", "ERROR_UNEXPECTED_CERTCONF", "MULTIPLE_REQUESTS_NOT_SUPPORTED",
	"ENCOUNTERED_WAITING", "ERROR_CREATING_CERTREQ", "FAILED_BUILDING_OWN_CHAIN", "MISSING_CERTID", "MISSING_PBM_SECRET",
	"BAD_CHECKAFTER_IN_POLLREP", "MISSING_REFERENCE_CERT", "CERTIFICATE_NOT_ACCEPTED", "MULTIPLE_RESPONSES_NOT_SUPPORTED",
	"ERROR_VALIDATING_SIGNATURE", "POLLING_FAILED", "WRONG_SERIAL_IN_RP", "INVALID_OPTION", "VALUE_TOO_LARGE",
	"ENCOUNTERED_KEYUPDATEWARNING", "VALUE_TOO_SMALL", "MISSING_SECRET", "MISSING_TRUST_ANCHOR", "RECEIVED_ERROR",
	"CHECKAFTER_OUT_OF_RANGE", "REQUEST_REJECTED_BY_SERVER", "MISSING_PUBLIC_KEY", "TOTAL_TIMEOUT", "UNEXPECTED_PKISTATUS",
	"UNKNOWN_PKISTATUS", "WRONG_CERTID_IN_RP", "WRONG_RP_COMPONENT_COUNT", "WRONG_CERTID", "MISSING_PRIVATE_KEY_FOR_POPO", "UNCLEAN_CTX",
	"GETTING_GENP", "INVALID_GENP", "NO_STDIO", "INVALID_ROOTCAKEYUPDATE", "UNEXPECTED_CERTPROFILE", "GENERATE_CERTREQTEMPLATE",
	"GENERATE_CRLSTATUS", "GET_ITAV", "UNKNOWN_CRL_ISSUER", "UNEXPECTED_CRLSTATUSLIST", "INVALID_KEYSPEC",
	"FAILED_EXTRACTING_CENTRAL_GEN_KEY", "MISSING_CENTRAL_GEN_KEY", "UNEXPECTED_CENTRAL_GEN_KEY",
}, "CRMF": {
	"BAD_PBM_ITERATIONCOUNT", "MALFORMED_IV", "CRMFERROR", "ERROR", "ERROR_DECODING_CERTIFICATE", "ERROR_DECRYPTING_CERTIFICATE",
	"ERROR_DECRYPTING_SYMMETRIC_KEY", "FAILURE_OBTAINING_RANDOM", "ITERATIONCOUNT_BELOW_100", "NULL_ARGUMENT", "SETTING_MAC_ALGOR_FAILURE",
	"SETTING_OWF_ALGOR_FAILURE", "UNSUPPORTED_ALGORITHM", "POPOSKINPUT_NOT_SUPPORTED", "UNSUPPORTED_CIPHER",
	"UNSUPPORTED_METHOD_FOR_CREATING_POPO", "UNSUPPORTED_POPO_METHOD", "POPO_INCONSISTENT_PUBLIC_KEY", "POPO_MISSING_PUBLIC_KEY",
	"POPO_MISSING_SUBJECT", "POPO_RAVERIFIED_NOT_ACCEPTED", "POPO_MISSING", "CMS_NOT_SUPPORTED", "ERROR_DECODING_ENCRYPTEDKEY",
	"ERROR_DECRYPTING_ENCRYPTEDKEY", "ERROR_DECRYPTING_ENCRYPTEDVALUE", "ERROR_SETTING_PURPOSE", "ERROR_VERIFYING_ENCRYPTEDKEY",
	"POPO_INCONSISTENT_CENTRAL_KEYGEN", "ERROR_SIGNING_POPO",
}}
