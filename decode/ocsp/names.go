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
