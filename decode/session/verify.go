package session

import "strconv"

// verifyCodes are results of a verification by OpenSSL that are common in saved
// sessions, in the words of openssl verify.
//
// Source: include/openssl/x509_vfy.h, crypto/x509/x509_txt.c.
var verifyCodes = map[int64]string{
	0: "ok", 1: "unspecified certificate verification error", 2: "unable to get issuer certificate", 3: "unable to get certificate CRL",
	7: "certificate signature failure", 9: "certificate is not yet valid", 10: "certificate has expired", 12: "CRL has expired",
	18: "self-signed certificate", 19: "self-signed certificate in certificate chain", 20: "unable to get local issuer certificate",
	21: "unable to verify the first certificate", 22: "certificate chain too long", 23: "certificate revoked", 24: "invalid CA certificate",
	26: "unsuitable certificate purpose", 27: "certificate not trusted", 28: "certificate rejected",
	50: "application verification failure", 62: "hostname mismatch", 63: "email address mismatch", 64: "IP address mismatch",
	66: "EE certificate key too weak", 67: "CA certificate key too weak", 68: "CA signature digest algorithm too weak",
}

// verifyResult names a result.
func verifyResult(n int64) string {
	if name := verifyCodes[n]; name != "" {
		return name
	}
	return "error " + strconv.FormatInt(n, 10)
}
