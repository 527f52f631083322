package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// Types of information: arc id-it.
const (
	IDCAProtEncCert        oid.ID = "1.3.6.1.5.5.7.4.1"
	IDSignKeyPairTypes     oid.ID = "1.3.6.1.5.5.7.4.2"
	IDEncKeyPairTypes      oid.ID = "1.3.6.1.5.5.7.4.3"
	IDPreferredSymmAlg     oid.ID = "1.3.6.1.5.5.7.4.4"
	IDCAKeyUpdateInfo      oid.ID = "1.3.6.1.5.5.7.4.5"
	IDCurrentCRL           oid.ID = "1.3.6.1.5.5.7.4.6"
	IDUnsupportedOIDs      oid.ID = "1.3.6.1.5.5.7.4.7"
	IDSubscriptionRequest  oid.ID = "1.3.6.1.5.5.7.4.8"
	IDSubscriptionResponse oid.ID = "1.3.6.1.5.5.7.4.9"
	IDKeyPairParamReq      oid.ID = "1.3.6.1.5.5.7.4.10"
	IDKeyPairParamRep      oid.ID = "1.3.6.1.5.5.7.4.11"
	IDRevPassphrase        oid.ID = "1.3.6.1.5.5.7.4.12"
	IDImplicitConfirm      oid.ID = "1.3.6.1.5.5.7.4.13"
	IDConfirmWaitTime      oid.ID = "1.3.6.1.5.5.7.4.14"
	IDOrigPKIMessage       oid.ID = "1.3.6.1.5.5.7.4.15"
	IDSuppLangTags         oid.ID = "1.3.6.1.5.5.7.4.16"
	IDCACerts              oid.ID = "1.3.6.1.5.5.7.4.17"
	IDRootCAKeyUpdate      oid.ID = "1.3.6.1.5.5.7.4.18"
	IDCertReqTemplate      oid.ID = "1.3.6.1.5.5.7.4.19"
	IDRootCACert           oid.ID = "1.3.6.1.5.5.7.4.20"
	IDCertProfile          oid.ID = "1.3.6.1.5.5.7.4.21"
	IDCRLStatusList        oid.ID = "1.3.6.1.5.5.7.4.22"
	IDCRLs                 oid.ID = "1.3.6.1.5.5.7.4.23"
	IDKemCiphertextInfo    oid.ID = "1.3.6.1.5.5.7.4.24"
)

// Has says whether information has a value in a place.
type Has int8

const (
	Misplaced Has = iota // it does not belong there
	WithValue
	Without
	WithOrWithout
)

// InfoType is what RFC 9810 says of a type of information.
type InfoType struct {
	name    string
	section string
	Header  bool // it belongs into generalInfo, and has a value there
	GenM    Has
	GenP    Has
	read    func(r *field.Reader, label string, m *Message) (any, report.Ref)
}

// In says whether it has a value where it stands.
func (t InfoType) In(place string) Has {
	switch {
	case place == InGenM:
		return t.GenM
	case place == InGenP:
		return t.GenP
	case t.Header:
		return WithValue
	}
	return Misplaced
}

// infoTypes are the types that are read, with the type of Info.Value.
//
// RFC 9810, sections 5.1.1 and 5.3.19
var infoTypes = map[oid.ID]InfoType{
	IDCAProtEncCert:        {"caProtEncCert", "5.3.19.1", false, Without, WithOrWithout, certificateValue},       // *cert.Certificate
	IDSignKeyPairTypes:     {"signKeyPairTypes", "5.3.19.2", false, Without, WithValue, algorithmsValue},         // []cert.Algorithm
	IDEncKeyPairTypes:      {"encKeyPairTypes", "5.3.19.3", false, Without, WithValue, algorithmsValue},          // []cert.Algorithm
	IDPreferredSymmAlg:     {"preferredSymmAlg", "5.3.19.4", false, Without, WithValue, algorithmValue},          // cert.Algorithm
	IDCAKeyUpdateInfo:      {"caKeyUpdateInfo", "5.3.19.5", false, WithValue, WithValue, keyUpdateValue},         // *KeyUpdate
	IDCurrentCRL:           {"currentCRL", "5.3.19.6", false, Without, WithValue, crlValue},                      // Inner
	IDUnsupportedOIDs:      {"unsupportedOIDs", "5.3.19.7", false, Misplaced, WithValue, oidsValue},              // []oid.ID
	IDSubscriptionRequest:  {"subscriptionRequest", "", false, WithOrWithout, WithOrWithout, nil},                // nil
	IDSubscriptionResponse: {"subscriptionResponse", "", false, WithOrWithout, WithOrWithout, nil},               // nil
	IDKeyPairParamReq:      {"keyPairParamReq", "5.3.19.8", false, WithValue, Misplaced, oidValue},               // oid.ID
	IDKeyPairParamRep:      {"keyPairParamRep", "5.3.19.8", false, Misplaced, WithOrWithout, algorithmValue},     // cert.Algorithm
	IDRevPassphrase:        {"revPassphrase", "5.3.19.9", false, WithValue, Without, encryptedValue},             // *crmf.EncryptedKey
	IDImplicitConfirm:      {"implicitConfirm", "5.1.1.1", true, Misplaced, Misplaced, nullValue},                // Null
	IDConfirmWaitTime:      {"confirmWaitTime", "5.1.1.2", true, Misplaced, Misplaced, timeValue},                // field.Moment
	IDOrigPKIMessage:       {"origPKIMessage", "5.1.1.3", true, Misplaced, Misplaced, messagesValue},             // []Inner
	IDSuppLangTags:         {"suppLangTags", "5.3.19.13", false, WithValue, WithValue, textsValue},               // Texts
	IDCACerts:              {"caCerts", "5.3.19.14", false, Without, WithOrWithout, certificatesValue},           // Certificates
	IDRootCAKeyUpdate:      {"rootCaKeyUpdate", "5.3.19.15", false, WithValue, WithOrWithout, rootUpdateValue},   // *KeyUpdate
	IDCertReqTemplate:      {"certReqTemplate", "5.3.19.16", false, Without, WithOrWithout, templateValue},       // *CertReqTemplateContent
	IDRootCACert:           {"rootCaCert", "5.3.19.15", false, WithOrWithout, Misplaced, certificateValue},       // *cert.Certificate
	IDCertProfile:          {"certProfile", "5.1.1.4", true, Misplaced, Misplaced, textsValue},                   // Texts
	IDCRLStatusList:        {"crlStatusList", "5.3.19.17", false, WithValue, Misplaced, crlStatusesValue},        // []CRLStatus
	IDCRLs:                 {"crls", "5.3.19.17", false, Misplaced, WithOrWithout, crlsValue},                    // []Inner
	IDKemCiphertextInfo:    {"KemCiphertextInfo", "5.3.19.18", true, Without, WithValue, kemCiphertextInfoValue}, // *KemCiphertextInfo
}

// Null is the value of a flag.
type Null struct{}

// Texts is a SEQUENCE SIZE (1..MAX) OF UTF8String.
type Texts struct {
	List []field.Field[string]
	Bare bool // the string stands alone, where a list belongs
}

// KemCiphertextInfo carries the shared secret of a KEM.
//
//	KemCiphertextInfo ::= SEQUENCE {
//		kem  AlgorithmIdentifier,
//		ct   OCTET STRING }
//
// RFC 9810, section 5.1.1.5
type KemCiphertextInfo struct {
	KEM        cert.Algorithm
	Ciphertext field.Field[[]byte]
}

// CertReqTemplateContent says what a request must have.
//
//	CertReqTemplateContent ::= SEQUENCE {
//		certTemplate  CertTemplate,
//		keySpec       Controls OPTIONAL }
//
// RFC 9810, section 5.3.19.16
type CertReqTemplateContent struct {
	Ref        report.Ref
	Template   *crmf.CertTemplate
	KeySpecRef report.Ref // None: absent
	KeySpec    []*crmf.Control
}

// CRLStatus names a CRL and the copy at hand.
//
//	CRLStatus ::= SEQUENCE {
//		source      CRLSource,
//		thisUpdate  Time OPTIONAL }
//
//	CRLSource ::= CHOICE {
//		dpn     [0] DistributionPointName,
//		issuer  [1] GeneralNames }
//
// RFC 9810, section 5.3.19.17
type CRLStatus struct {
	Ref        report.Ref
	Source     report.Ref
	Point      cert.GeneralNames // dpn: fullName
	Relative   bool              // dpn: nameRelativeToCRLIssuer
	Issuer     cert.GeneralNames
	ThisUpdate field.Field[field.Moment]
}
