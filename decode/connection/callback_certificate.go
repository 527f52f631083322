package connection

// callbackCertificateRules say what OpenSSL's client certificate callback met.
var callbackCertificateRules = []rule{}
