package connection

// requestRules judge what a CertificateRequest asks for.
var requestRules = []rule{}
