package ocsp

import "strconv"

// statusNames are the values of OCSPResponseStatus.
//
// RFC 6960, section 4.2.1
var statusNames = map[int]string{
	0: "successful", 1: "malformedRequest", 2: "internalError", 3: "tryLater", 5: "sigRequired", 6: "unauthorized",
}

// StatusName names a responseStatus; one that is not defined is its number.
func StatusName(status int) string {
	if name, ok := statusNames[status]; ok {
		return name
	}
	return "status " + strconv.Itoa(status)
}

// reasonNames are the values of CRLReason.
//
// RFC 5280, section 5.3.1
var reasonNames = map[int]string{
	0: "unspecified", 1: "keyCompromise", 2: "cACompromise", 3: "affiliationChanged", 4: "superseded",
	5: "cessationOfOperation", 6: "certificateHold", 8: "removeFromCRL", 9: "privilegeWithdrawn", 10: "aACompromise",
}

// ReasonName names a CRLReason; one that is not defined is its number.
func ReasonName(reason int) string {
	if name, ok := reasonNames[reason]; ok {
		return name
	}
	return "reason " + strconv.Itoa(reason)
}
