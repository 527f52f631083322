package cmp

import (
	"strconv"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Status is a PKIStatus.
type Status int

// The values of PKIStatus: RFC 9810, section 5.2.3.
const (
	Accepted Status = iota
	GrantedWithMods
	Rejection
	Waiting
	RevocationWarning
	RevocationNotification
	KeyUpdateWarning
)

var statusNames = map[int]string{0: "accepted", 1: "grantedWithMods", 2: "rejection", 3: "waiting",
	4: "revocationWarning", 5: "revocationNotification", 6: "keyUpdateWarning"}

// String is the name: accepted; "" of a value that is not defined.
func (s Status) String() string { return statusNames[int(s)] }

// PKIStatusInfo says how a request went.
//
//	PKIStatusInfo ::= SEQUENCE {
//		status        PKIStatus,
//		statusString  PKIFreeText OPTIONAL,
//		failInfo      PKIFailureInfo OPTIONAL }
//
// RFC 9810, section 5.2.3
type PKIStatusInfo struct {
	Ref      report.Ref // None: absent
	Status   field.Field[field.Int]
	Text     FreeText
	FailInfo field.Field[field.BitString]
}

// Value is the status; -1000 if it cannot be read or is larger than a status can be.
func (s *PKIStatusInfo) Value() Status {
	if n, ok := s.Status.Value.Int64(); s.Status.OK && ok && n > -1000 && n < 1000 {
		return Status(n)
	}
	return -1000
}

// Granted says that the request was granted, perhaps with changes.
func (s *PKIStatusInfo) Granted() bool { return s.Value() == Accepted || s.Value() == GrantedWithMods }

// Failures are the names of the bits of failInfo that are set.
func (s *PKIStatusInfo) Failures() []string { return s.Reasons().Names() }

// Bits are the numbers of the bits of failInfo that are set.
func (s *PKIStatusInfo) Bits() (set []int) {
	for i := range min(8*len(s.FailInfo.Value.Bytes), 1024) {
		if s.FailInfo.Value.Bit(i) {
			set = append(set, i)
		}
	}
	return set
}

// failures are the bits of PKIFailureInfo: RFC 9810, section 5.2.3.
var failures = [...]string{"badAlg", "badMessageCheck", "badRequest", "badTime", "badCertId", "badDataFormat", "wrongAuthority", "incorrectData",
	"missingTimeStamp", "badPOP", "certRevoked", "certConfirmed", "wrongIntegrity", "badRecipientNonce", "timeNotAvailable", "unacceptedPolicy",
	"unacceptedExtension", "addInfoNotAvailable", "badSenderNonce", "badCertTemplate", "signerNotTrusted", "transactionIdInUse",
	"unsupportedVersion", "notAuthorized", "systemUnavail", "systemFailure", "duplicateCertReq"}

// FailureName is the name of a bit of PKIFailureInfo.
func FailureName(bit int) string {
	if bit < len(failures) {
		return failures[bit]
	}
	return "bit " + strconv.Itoa(bit)
}

// ReadStatusInfo reads a PKIStatusInfo.
func ReadStatusInfo(r *field.Reader, label string) *PKIStatusInfo {
	defer r.Cite(r.Cite(rfc9810("5.2.3")))
	s := &PKIStatusInfo{Text: FreeText{Ref: report.None}, FailInfo: field.Field[field.BitString]{Ref: report.None}}
	s.Ref = r.Seq(label, func(r *field.Reader) {
		s.Status = readStatus(r, "status")
		if r.Peek(der.Sequence) {
			s.Text = readFreeText(r, "statusString")
		}
		if !r.Empty() {
			readFailInfo(r, s)
		}
	})
	r.Show(s.Ref, s.Value().String())
	return s
}

// readStatus reads a PKIStatus.
func readStatus(r *field.Reader, label string) field.Field[field.Int] {
	f := r.Integer(label)
	if n, ok := f.Value.Int64(); f.OK && ok && n >= 0 && n < 7 {
		r.Show(f.Ref, Status(n).String()+" ("+strconv.Itoa(int(n))+")")
	}
	return f
}
