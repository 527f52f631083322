package cmp

import (
	"derscope/decode/cert"
	"derscope/decode/crmf"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// RevDetails asks to revoke one certificate.
//
//	RevDetails ::= SEQUENCE {
//		certDetails      CertTemplate,
//		crlEntryDetails  Extensions OPTIONAL }
//
// RFC 9810, section 5.3.9
type RevDetails struct {
	Ref        report.Ref
	Template   *crmf.CertTemplate // certDetails
	Extended   report.Ref         // crlEntryDetails; None: absent
	Extensions []cert.Extension
}

func readRevDetails(r *field.Reader, label string) RevDetails {
	d := RevDetails{Template: crmf.NoTemplate(), Extended: report.None}
	d.Ref = r.Seq(label, func(r *field.Reader) {
		d.Template = crmf.ReadCertTemplate(r, "certDetails")
		if r.Peek(der.Sequence) {
			d.Extended, d.Extensions = cert.ListExtensions(r, "crlEntryDetails")
		}
	})
	return d
}

// RevRepContent answers a request for revocation. Its lists run in parallel, in
// the order of the request.
//
//	RevRepContent ::= SEQUENCE {
//		status    SEQUENCE SIZE (1..MAX) OF PKIStatusInfo,
//		revCerts  [0] SEQUENCE SIZE (1..MAX) OF CertId OPTIONAL,
//		crls      [1] SEQUENCE SIZE (1..MAX) OF CertificateList OPTIONAL }
//
// RFC 9810, section 5.3.10
type RevRepContent struct {
	Ref      report.Ref
	Statuses []*PKIStatusInfo
	CertsRef report.Ref // revCerts; None: absent
	Certs    []*crmf.CertID
	CRLsRef  report.Ref // crls; None: absent
	CRLs     []Inner
}

func readRevRep(r *field.Reader, label string) *RevRepContent {
	p := &RevRepContent{CertsRef: report.None, CRLsRef: report.None}
	p.Ref = r.Seq(label, func(r *field.Reader) {
		r.Seq("status", func(r *field.Reader) {
			some(r, "status")
			p.Statuses = field.List(r, "status", ReadStatusInfo)
		})
		wraps(r, 0, "revCerts", "{{c", func(r *field.Reader) {
			p.CertsRef = r.Seq("revCerts", func(r *field.Reader) {
				// OpenSSL's server sends an empty list for a request by PKCS #10.
				some(r, "revCerts")
				p.Certs = field.List(r, "revCerts", crmf.ReadCertID)
			})
		})
		wraps(r, 1, "crls", lists, func(r *field.Reader) { p.CRLsRef, p.CRLs = readCRLs(r, "crls") })
	})
	return p
}

// RevAnnContent tells of a revocation.
//
//	RevAnnContent ::= SEQUENCE {
//		status           PKIStatus,
//		certId           CertId,
//		willBeRevokedAt  GeneralizedTime,
//		badSinceDate     GeneralizedTime,
//		crlDetails       Extensions OPTIONAL }
//
// RFC 9810, section 5.3.15
type RevAnnContent struct {
	Ref        report.Ref
	Status     field.Field[field.Int]
	CertID     *crmf.CertID
	WillBeAt   field.Field[field.Moment] // willBeRevokedAt
	BadSince   field.Field[field.Moment] // badSinceDate
	Extensions []cert.Extension
}

func readRevAnn(r *field.Reader, label string) *RevAnnContent {
	a := &RevAnnContent{CertID: &crmf.CertID{Ref: report.None, Issuer: cert.GeneralName{Ref: report.None, Choice: -1}}}
	a.CertID.Serial.Ref, a.Status.Ref, a.WillBeAt.Ref, a.BadSince.Ref = report.None, report.None, report.None, report.None
	a.Ref = r.Seq(label, func(r *field.Reader) {
		a.Status = readStatus(r, "status")
		a.CertID = crmf.ReadCertID(r, "certId")
		a.WillBeAt = r.Time("willBeRevokedAt")
		a.BadSince = r.Time("badSinceDate")
		if r.Peek(der.Sequence) {
			a.Extensions = cert.ReadExtensions(r, "crlDetails")
		}
	})
	return a
}
