package ocsp

import (
	"derscope/decode/check"
	"derscope/decode/spec"
)

// The headings of the status tree of a response, in rank order: of several
// failures the first one here makes the headline.
var (
	groupEncoding  = &check.Group{ID: "ocsp.der", Title: "Readable"}
	groupOutcome   = &check.Group{ID: "ocsp.status", Title: "The responder gives an answer"}
	groupContent   = &check.Group{ID: "ocsp.data", Title: "The answer is complete"}
	groupMatch     = &check.Group{ID: "ocsp.match", Title: "Answers for this certificate"}
	groupCertID    = &check.Group{ID: "ocsp.certid", Title: "The CertIDs are well formed", Aside: true}
	groupSigner    = &check.Group{ID: "ocsp.signer", Title: "Signer is authorised"}
	groupSignature = &check.Group{ID: "ocsp.signature", Title: "Signature covers the response"}
	groupExtension = &check.Group{ID: "ocsp.ext", Title: "Extensions are understood"}
	groupStanding  = &check.Group{ID: "ocsp.cert", Title: "Status of the certificate"}
	groupFresh     = &check.Group{ID: "ocsp.fresh", Title: "Freshness"}
	groupNonce     = &check.Group{ID: "ocsp.nonce", Title: "Nonce"}
	groupStaple    = &check.Group{ID: "ocsp.staple", Title: "Stapling", Aside: true}
	groupChain     = &check.Group{ID: "ocsp.chain", Title: "Chain to a trust anchor", Aside: true}
	groupBR        = &check.Group{ID: "ocsp.br", Title: "Baseline Requirements", Aside: true}
	groupMozilla   = &check.Group{ID: "ocsp.mozilla", Title: "Mozilla Root Store Policy", Aside: true}
	groupMicrosoft = &check.Group{ID: "ocsp.microsoft", Title: "Microsoft Program Requirements", Aside: true}
	groupVolume    = &check.Group{ID: "ocsp.rfc9919", Title: "High-volume profile (RFC 9919)", Aside: true}
	groupHTTP      = &check.Group{ID: "ocsp.http", Title: "Transport", Aside: true}
)

var responseGroups = []*check.Group{
	groupEncoding, groupOutcome, groupContent, groupMatch, groupSigner, groupSignature, groupExtension,
	groupStanding, groupFresh, groupNonce, groupCertID, groupStaple, groupChain, groupBR, groupMozilla, groupMicrosoft, groupVolume, groupHTTP,
}

var responseRules = [][]check.Rule[*View]{
	encodingRules, outcomeRules, contentRules, certIDRules, matchRules, signerRules, delegateRules, signatureRules,
	extensionRules, standingRules, timeRules, freshRules, nonceRules, stapleRules, chainRules,
	baselineRules, baselineResponderRules, mozillaRules, microsoftRules, volumeRules, httpResponseRules,
}

var (
	tlsBR       = func(section string) spec.Ref { return spec.Doc("TLS BR", section) }
	mozillaRSP  = func(section string) spec.Ref { return spec.Doc("Mozilla RSP", section) }
	microsoftPR = func(section string) spec.Ref { return spec.Doc("Microsoft", section) }
)
