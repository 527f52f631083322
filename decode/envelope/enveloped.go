// Package envelope reads what CMP encrypts, and opens it with a private key or a
// password: EnvelopedData with the SignedData and the key package inside, and
// the older EncryptedValue. Whom an envelope ought to be for it does not judge.
//
//	o := envelope.ReadEnvelopedData(r, "encryptedKey", 0).Open(openers)
//	if o.Content == nil { fmt.Println(o.Fault) }
//
// Documents: RFC 5652, RFC 9483, section 4.1.6, for their use in CMP; RFC 5753,
// RFC 8418 and RFC 9629 for the ways in which keys are agreed on; RFC 5958.
package envelope

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/spec"
)

func rfc5652(section string) spec.Ref { return spec.RFC(5652, section) }

// EnvelopedData is encrypted content with a key for each of its recipients.
//
//	EnvelopedData ::= SEQUENCE {
//		version               CMSVersion,
//		originatorInfo        [0] IMPLICIT OriginatorInfo OPTIONAL,
//		recipientInfos        SET SIZE (1..MAX) OF RecipientInfo,
//		encryptedContentInfo  EncryptedContentInfo,
//		unprotectedAttrs      [1] IMPLICIT UnprotectedAttributes OPTIONAL }
//
//	EncryptedContentInfo ::= SEQUENCE {
//		contentType                 ContentType,
//		contentEncryptionAlgorithm  ContentEncryptionAlgorithmIdentifier,
//		encryptedContent            [0] IMPLICIT OCTET STRING OPTIONAL }
//
// RFC 5652, section 6.1
type EnvelopedData struct {
	Ref        report.Ref
	OK         bool // it could be read to its end
	Version    field.Field[field.Int]
	RecipsRef  report.Ref // recipientInfos
	Recipients []*Recipient
	Type       field.Field[oid.ID] // contentType
	Cipher     cert.Algorithm      // contentEncryptionAlgorithm
	Content    field.Field[[]byte] // encryptedContent
}

// Kind is the alternative of RecipientInfo.
type Kind int

// The alternatives of RecipientInfo: RFC 5652, section 6.2.
const (
	KTRI  Kind = iota // key transport: RSA
	KARI              // key agreement: ECDH
	KEKRI             // a symmetric key that both have
	PWRI              // a password
	ORI               // other: a KEM
)

var kindNames = [...]string{"ktri", "kari", "kekri", "pwri", "ori"}

// String is the name in RecipientInfo: ktri.
func (k Kind) String() string { return kindNames[k] }

// Recipient is a RecipientInfo. Which members are set depends on Kind.
type Recipient struct {
	Ref       report.Ref
	Kind      Kind
	Version   field.Field[field.Int]
	For       []*For         // whom the key is for, and the key for each; pwri: one without a name
	Algorithm cert.Algorithm // keyEncryptionAlgorithm; ori: wrap

	Originator *For            // kari, by reference
	Sender     *cert.PublicKey // kari: the key of its own that the originator made
	UKM        field.Field[[]byte]
	Derivation *cert.Algorithm // pwri: keyDerivationAlgorithm; ori: kdf

	// Of ori with a KEM.
	Type       oid.ID
	KEM        cert.Algorithm
	Ciphertext field.Field[[]byte]
	KEKLength  field.Field[field.Int]
}

// For names a recipient, and holds the key encrypted for it.
type For struct {
	Ref    report.Ref
	Issuer *cert.Name // with Serial
	Serial field.Field[field.Int]
	SKI    field.Field[[]byte]
	Key    field.Field[[]byte] // encryptedKey
}

// Types of content.
const (
	IDData           oid.ID = "1.2.840.113549.1.7.1"
	IDSignedData     oid.ID = "1.2.840.113549.1.7.2"
	IDEncKeyWithID   oid.ID = "1.2.840.113549.1.9.16.1.21"
	idKEMRecipient   oid.ID = "1.2.840.113549.1.9.16.13.3"
	idMessageDigest  oid.ID = "1.2.840.113549.1.9.4"
	idContentTypeAtt oid.ID = "1.2.840.113549.1.9.3"
)

// ReadEnvelopedData reads an EnvelopedData that has the tag [n] in place of that
// of its SEQUENCE; with n < 0 it has its own.
func ReadEnvelopedData(r *field.Reader, label string, n int) *EnvelopedData {
	defer r.Cite(r.Cite(rfc5652("6.1")))
	e := &EnvelopedData{RecipsRef: report.None}
	before, _ := r.Breaks()
	if n >= 0 {
		r.Retag(n, der.Sequence)
	}
	e.Ref = r.Seq(label, func(r *field.Reader) {
		e.Version = r.Integer("version")
		if r.Peek(der.Ctx(0)) {
			r.Any("originatorInfo")
		}
		e.RecipsRef = r.Set("recipientInfos", func(r *field.Reader) {
			e.Recipients = field.List(r, "recipientInfos", readRecipient)
		})
		r.Seq("encryptedContentInfo", func(r *field.Reader) {
			e.Type = r.OID("contentType")
			e.Cipher = cert.ReadAlgorithm(r, "contentEncryptionAlgorithm")
			if !r.Empty() {
				e.Content = r.OctetsAs("encryptedContent", der.Ctx(0))
			}
		})
		if r.Peek(der.Ctx(1)) {
			r.Any("unprotectedAttrs")
		}
	})
	after, _ := r.Breaks()
	e.OK = after == before
	if len(e.Recipients) == 1 {
		r.Show(e.Ref, "encrypted with "+e.Cipher.Name()+", key by "+e.Recipients[0].Kind.String())
	}
	return e
}

// readRecipient reads a RecipientInfo.
//
//	RecipientInfo ::= CHOICE {
//		ktri      KeyTransRecipientInfo,
//		kari  [1] KeyAgreeRecipientInfo,
//		kekri [2] KEKRecipientInfo,
//		pwri  [3] PasswordRecipientinfo,
//		ori   [4] OtherRecipientInfo }
//
// RFC 5652, section 6.2
func readRecipient(r *field.Reader, label string) *Recipient {
	e, _ := r.Next()
	p := &Recipient{UKM: field.Field[[]byte]{Ref: report.None}}
	switch {
	case e.Tag == der.Sequence:
		defer r.Cite(r.Cite(rfc5652("6.2.1")))
		p.Ref = r.Seq(label, p.transport)
	case e.Tag == der.Ctx(1):
		defer r.Cite(r.Cite(rfc5652("6.2.2")))
		p.Kind = KARI
		p.Ref = r.Implicit(1, label, "KeyAgreeRecipientInfo", p.agreement)
	case e.Tag == der.Ctx(3):
		defer r.Cite(r.Cite(rfc5652("6.2.4")))
		p.Kind = PWRI
		p.Ref = r.Implicit(3, label, "PasswordRecipientInfo", p.password)
	case e.Tag == der.Ctx(4):
		defer r.Cite(r.Cite(rfc5652("6.2.5")))
		p.Kind = ORI
		p.Ref = r.Implicit(4, label, "OtherRecipientInfo", p.other)
	default:
		p.Kind = KEKRI
		if e.Tag != der.Ctx(2) {
			p.Ref = r.Stop(label, "%s: want a RecipientInfo, found %s", label, e.Tag)
			return p
		}
		p.Ref = r.Any(label)
	}
	r.Show(p.Ref, p.Kind.String())
	return p
}

// transport reads a KeyTransRecipientInfo.
func (p *Recipient) transport(r *field.Reader) {
	p.Version = r.Integer("version")
	f := readIdentifier(r, "rid")
	p.Algorithm = cert.ReadAlgorithm(r, "keyEncryptionAlgorithm")
	f.Key = r.Octets("encryptedKey")
	p.For = []*For{f}
}

// agreement reads a KeyAgreeRecipientInfo.
func (p *Recipient) agreement(r *field.Reader) {
	p.Version = r.Integer("version")
	r.Explicit(0, "originator", func(r *field.Reader) {
		if r.Peek(der.Ctx(1)) {
			r.Retag(1, der.Sequence)
			k := cert.ReadPublicKey(r, "originatorKey")
			p.Sender = &k
			return
		}
		p.Originator = readIdentifier(r, "originator")
	})
	r.Explicit(1, "ukm", func(r *field.Reader) { p.UKM = r.Octets("ukm") })
	p.Algorithm = cert.ReadAlgorithm(r, "keyEncryptionAlgorithm")
	r.Seq("recipientEncryptedKeys", func(r *field.Reader) {
		p.For = field.List(r, "recipientEncryptedKeys", func(r *field.Reader, label string) (f *For) {
			f = &For{}
			at := r.Seq(label, func(r *field.Reader) {
				if r.Peek(der.Ctx(0)) { // rKeyId
					r.Implicit(0, "rid", "RecipientKeyIdentifier", func(r *field.Reader) {
						f.SKI = r.Octets("subjectKeyIdentifier")
						if !r.Empty() {
							r.Rest("more")
						}
					})
				} else {
					f = readIdentifier(r, "rid")
				}
				f.Key = r.Octets("encryptedKey")
			})
			f.Ref = at
			return f
		})
	})
}

// password reads a PasswordRecipientInfo.
func (p *Recipient) password(r *field.Reader) {
	p.Version = r.Integer("version")
	if r.Retag(0, der.Sequence) {
		a := cert.ReadAlgorithm(r, "keyDerivationAlgorithm")
		p.Derivation = &a
	}
	p.Algorithm = cert.ReadAlgorithm(r, "keyEncryptionAlgorithm")
	p.For = []*For{{Ref: r.At(), Key: r.Octets("encryptedKey")}}
}

// other reads an OtherRecipientInfo, and opens that of a KEM.
//
//	KEMRecipientInfo ::= SEQUENCE {
//		version       CMSVersion,
//		rid           RecipientIdentifier,
//		kem           KEMAlgorithmIdentifier,
//		kemct         OCTET STRING,
//		kdf           KeyDerivationAlgorithmIdentifier,
//		kekLength     INTEGER (1..65535),
//		ukm       [0] EXPLICIT UserKeyingMaterial OPTIONAL,
//		wrap          KeyEncryptionAlgorithmIdentifier,
//		encryptedKey  EncryptedKey }
//
// RFC 9629, section 3
func (p *Recipient) other(r *field.Reader) {
	p.Type = r.OID("oriType").Value
	if p.Type != idKEMRecipient || !r.Peek(der.Sequence) {
		r.Any("oriValue")
		return
	}
	r.Cite(spec.RFC(9629, "3"))
	r.Seq("oriValue", func(r *field.Reader) {
		p.Version = r.Integer("version")
		f := readIdentifier(r, "rid")
		p.KEM = cert.ReadAlgorithm(r, "kem")
		p.Ciphertext = r.Octets("kemct")
		a := cert.ReadAlgorithm(r, "kdf")
		p.Derivation = &a
		p.KEKLength = r.Integer("kekLength")
		r.Explicit(0, "ukm", func(r *field.Reader) { p.UKM = r.Octets("ukm") })
		p.Algorithm = cert.ReadAlgorithm(r, "wrap")
		f.Key = r.Octets("encryptedKey")
		p.For = []*For{f}
	})
}

// readIdentifier reads a RecipientIdentifier, a SignerIdentifier or what else
// names a certificate by its issuer and serial number, or by a key identifier.
func readIdentifier(r *field.Reader, label string) *For {
	f := &For{}
	if r.Peek(der.Ctx(0)) {
		f.SKI = r.OctetsAs(label, der.Ctx(0))
		f.Ref = f.SKI.Ref
		return f
	}
	f.Ref = r.Seq(label, func(r *field.Reader) {
		n := cert.ReadName(r, "issuer")
		f.Issuer = &n
		f.Serial = r.Integer("serialNumber")
	})
	return f
}

// Names says that a certificate is meant.
func (f *For) Names(k *cert.Certificate) bool {
	if f.SKI.OK {
		return len(f.SKI.Value) > 0 && string(k.SKI()) == string(f.SKI.Value)
	}
	if f.Issuer == nil {
		return false
	}
	octets, folded := f.Issuer.Equal(k.Issuer)
	return (octets || folded) && string(f.Serial.Value) == string(k.Serial.Value)
}

// String says in words who is meant.
func (f *For) String() string {
	switch {
	case f.SKI.OK:
		return "subjectKeyIdentifier " + field.Colons(f.SKI.Value)
	case f.Issuer != nil:
		return "serial " + f.Serial.Value.Text() + " of " + f.Issuer.String()
	}
	return "whoever has the password"
}
