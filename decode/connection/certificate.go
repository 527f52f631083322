package connection

// certificateRules judge Certificate and CertificateVerify.
var certificateRules = []rule{}
