package crmf

import (
	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/envelope"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/report"
)

// ProofOfPossession shows that whoever asks has the private key.
//
// RFC 4211, section 4
type ProofOfPossession struct {
	Ref  report.Ref
	Form Form
	// Of signature.
	Input     *SigningKeyInput // nil: absent
	Algorithm cert.Algorithm
	Signature field.Field[field.BitString]
	// Of keyEncipherment and keyAgreement.
	Method    Method
	Message   field.Field[field.Int]       // subsequentMessage
	Encrypted *EncryptedKey                // encryptedKey, and what thisMessage holds
	Bits      field.Field[field.BitString] // of thisMessage and dhMAC
	MAC       *MACValue                    // agreeMAC
}

// Form is the alternative of ProofOfPossession: the number of its tag.
type Form int

const (
	RAVerified Form = iota
	Signature
	KeyEncipherment
	KeyAgreement
)

var formNames = [...]string{"raVerified", "signature", "keyEncipherment", "keyAgreement"}

// Known says that the form is one of RFC 4211.
func (f Form) Known() bool { return f >= 0 && int(f) < len(formNames) }

// String is the name of the alternative.
func (f Form) String() string {
	if !f.Known() {
		return "an unknown form"
	}
	return formNames[f]
}

// Method is the alternative of POPOPrivKey: the number of its tag.
type Method int

const (
	ThisMessage Method = iota
	SubsequentMessage
	DHMAC
	AgreeMAC
	InEncryptedKey
)

var popMethods = [...]string{"thisMessage", "subsequentMessage", "dhMAC", "agreeMAC", "encryptedKey"}

// Known says that the method is one of RFC 4211.
func (m Method) Known() bool { return m >= 0 && int(m) < len(popMethods) }

// String is the name of the alternative.
func (m Method) String() string {
	if !m.Known() {
		return "an unknown method"
	}
	return popMethods[m]
}

// The values of SubsequentMessage.
const (
	EncrCert      = 0
	ChallengeResp = 1
)

// Subsequent is the value of subsequentMessage; -1 if there is none that is known.
func (p *ProofOfPossession) Subsequent() int {
	if n, ok := p.Message.Value.Int64(); p.Message.OK && ok && (n == EncrCert || n == ChallengeResp) {
		return int(n)
	}
	return -1
}

// SigningKeyInput is POPOSigningKeyInput: what is signed where the template
// lacks the name or the key.
type SigningKeyInput struct {
	Ref       report.Ref
	Raw       []byte // as received, tag and length included
	Sender    *cert.GeneralName
	MAC       *MACValue // publicKeyMAC
	PublicKey cert.PublicKey
}

// Signed are the octets that may have been signed, in the order in which they
// are tried: with the tag of a SEQUENCE, which is what OpenSSL signs; as
// received; without tag and length.
func (i *SigningKeyInput) Signed() [][]byte {
	e, err := der.Next(i.Raw, 0, len(i.Raw))
	if err != nil {
		return nil
	}
	contents := i.Raw[e.Content():e.Close()]
	return [][]byte{der.Wrap(der.Sequence, contents), i.Raw, contents}
}

// MACValue is PKMACValue.
//
//	PKMACValue ::= SEQUENCE { algId AlgorithmIdentifier, value BIT STRING }
//
// RFC 4211, section 4.1
type MACValue struct {
	Ref       report.Ref
	Algorithm *mac.Algorithm
	Value     field.Field[field.BitString]
}

// readPOP reads a ProofOfPossession.
//
//	ProofOfPossession ::= CHOICE {
//		raVerified       [0] NULL,
//		signature        [1] POPOSigningKey,
//		keyEncipherment  [2] POPOPrivKey,
//		keyAgreement     [3] POPOPrivKey }
//
// The last two are EXPLICIT, for POPOPrivKey is a CHOICE.
func readPOP(r *field.Reader, label string) *ProofOfPossession {
	e, _ := r.Next()
	p := &ProofOfPossession{Ref: r.At(), Form: -1}
	p.Signature.Ref, p.Message.Ref, p.Bits.Ref = report.None, report.None, report.None
	if e.Tag.Number < 32 {
		p.Form = Form(e.Tag.Number)
	}
	switch p.Form {
	case RAVerified:
		r.Replacing(0, der.Null, label, func(r *field.Reader) report.Ref {
			p.Ref = r.Null(label)
			return p.Ref
		})
	case Signature:
		r.Replacing(1, der.Sequence, label, func(r *field.Reader) report.Ref {
			p.signature(r, label)
			return p.Ref
		}, der.Sequence, der.Ctx(0))
	case KeyEncipherment, KeyAgreement:
		r.Cite(rfc4211(map[Form]string{KeyEncipherment: "4.2", KeyAgreement: "4.3"}[p.Form]))
		if !e.Constructed && e.Len == 1 { // the tag of POPOPrivKey is lost: only a number is that short
			r.Retag(int(p.Form), der.Integer)
			p.Method = SubsequentMessage
			p.readMessage(r, label)
			p.Ref = p.Message.Ref
			r.Fault(field.Tagging, p.Ref, "%s: tag [%d] replaces that of a POPOPrivKey, and is to wrap it: tags on a CHOICE are EXPLICIT", p.Form, p.Form)
			return p
		}
		p.Ref = r.Implicit(int(p.Form), label, "["+string('0'+byte(p.Form))+"] EXPLICIT", p.privateKey)
	default:
		p.Form = -1
		p.Ref = r.Stop(label, "%s: want [0] raVerified, [1] signature, [2] keyEncipherment or [3] keyAgreement, found %s", label, e.Tag)
		return p
	}
	r.Show(p.Ref, p.Form.String())
	return p
}

//	POPOSigningKey ::= SEQUENCE {
//		poposkInput          [0] POPOSigningKeyInput OPTIONAL,
//		algorithmIdentifier  AlgorithmIdentifier,
//		signature            BIT STRING }
//
// RFC 4211, section 4.1
func (p *ProofOfPossession) signature(r *field.Reader, label string) {
	r.Cite(rfc4211("4.1"))
	p.Ref = r.Seq(label, func(r *field.Reader) {
		raw := r.Element()
		r.Replacing(0, der.Sequence, "poposkInput", func(r *field.Reader) report.Ref {
			p.Input = readSigningInput(r, "poposkInput")
			p.Input.Raw = raw
			return p.Input.Ref
		}, der.Sequence, der.Ctx(0))
		p.Algorithm = cert.ReadAlgorithm(r, "algorithmIdentifier")
		p.Signature = cert.ReadSignature(r, "signature", p.Algorithm)
	})
}

//	POPOSigningKeyInput ::= SEQUENCE {
//		authInfo   CHOICE {
//			sender        [0] GeneralName,
//			publicKeyMAC  PKMACValue },
//		publicKey  SubjectPublicKeyInfo }
func readSigningInput(r *field.Reader, label string) *SigningKeyInput {
	i := &SigningKeyInput{}
	i.Ref = r.Seq(label, func(r *field.Reader) {
		switch e, _ := r.Next(); {
		case e.Tag == der.Sequence:
			i.MAC = readMACValue(r, "publicKeyMAC")
		case e.Tag == der.Ctx(0):
			r.Explicit(0, "sender", func(r *field.Reader) {
				n := cert.ReadGeneralName(r, "sender")
				i.Sender = &n
			})
		case e.Tag.Class == der.Context && e.Tag.Number <= 8:
			n := cert.ReadGeneralName(r, "sender")
			i.Sender = &n
			r.Fault(field.Tagging, n.Ref, "sender: the GeneralName stands without its tag [0], which is to wrap it")
		default:
			r.Stop("authInfo", "authInfo: want [0] sender or a SEQUENCE publicKeyMAC, found %s", e.Tag)
		}
		i.PublicKey = cert.ReadPublicKey(r, "publicKey")
	})
	return i
}

func readMACValue(r *field.Reader, label string) *MACValue {
	m := &MACValue{}
	m.Ref = r.Seq(label, func(r *field.Reader) {
		m.Algorithm = mac.ReadAlgorithm(r, "algId")
		m.Value = r.Bits("value")
	})
	return m
}

//	POPOPrivKey ::= CHOICE {
//		thisMessage        [0] BIT STRING,
//		subsequentMessage  [1] SubsequentMessage,
//		dhMAC              [2] BIT STRING,
//		agreeMAC           [3] PKMACValue,
//		encryptedKey       [4] EnvelopedData }
//
// RFC 4211, section 4
func (p *ProofOfPossession) privateKey(r *field.Reader) {
	e, ok := r.Next()
	p.Method = -1
	if ok && e.Tag.Class == der.Context && e.Tag.Number <= uint32(InEncryptedKey) {
		p.Method = Method(e.Tag.Number)
	}
	label := p.Method.String()
	bits := func(r *field.Reader) report.Ref {
		p.Bits = r.Bits(label)
		if p.Method == ThisMessage && p.Bits.OK {
			p.openMessage(r, label)
		}
		return p.Bits.Ref
	}
	switch p.Method {
	case ThisMessage, DHMAC:
		r.Replacing(int(p.Method), der.BitString, label, bits)
	case SubsequentMessage:
		r.Replacing(1, der.Integer, label, func(r *field.Reader) report.Ref {
			return p.readMessage(r, label)
		})
	case AgreeMAC:
		r.Replacing(3, der.Sequence, label, func(r *field.Reader) report.Ref {
			p.MAC = readMACValue(r, label)
			return p.MAC.Ref
		}, der.Sequence)
	case InEncryptedKey:
		p.Encrypted = &EncryptedKey{Enveloped: true, Raw: r.Element()}
		r.Replacing(4, der.Sequence, label, p.Encrypted.envelopedData(label), der.Integer)
	default:
		r.Stop("POPOPrivKey", "POPOPrivKey: want a tag from [0] to [4], found %s", e.Tag)
	}
}

// openMessage reads what thisMessage holds, an EncryptedValue, if it is one.
//
// RFC 4211, section 4.2.1
func (p *ProofOfPossession) openMessage(r *field.Reader, label string) {
	b := p.Bits.Value.Bytes
	trial := envelope.ReadEncryptedValue(field.Trial(b), label)
	if !trial.OK {
		return
	}
	p.Encrypted = &EncryptedKey{Ref: p.Bits.Ref, Raw: b, Value: trial}
	r.Within(p.Bits.Ref, 1, func(r *field.Reader) {
		p.Encrypted.Value = envelope.ReadEncryptedValue(r, "EncryptedValue")
		p.Encrypted.Ref = p.Encrypted.Value.Ref
	})
}

// SubsequentMessage ::= INTEGER { encrCert (0), challengeResp (1) }
func (p *ProofOfPossession) readMessage(r *field.Reader, label string) report.Ref {
	p.Message = r.Integer(label)
	if n := p.Subsequent(); n >= 0 {
		r.Show(p.Message.Ref, [...]string{"encrCert (0)", "challengeResp (1)"}[n])
	}
	return p.Message.Ref
}
