package main

const (
	idRegCtrl   = "1.3.6.1.5.5.7.5.1." // and the number of the control
	idRegInfo   = "1.3.6.1.5.5.7.5.2."
	idOldCertID = idRegCtrl + "5"
)

// certReqMsg is a CertReqMsg (RFC 4211, section 3) before encoding.
type certReqMsg struct {
	id       int64
	template certTemplate
	controls []der                 // see attributeValue
	pop      func(request der) der // ProofOfPossession of a CertRequest; nil: absent
	regInfo  []der

	asRequest func(request der) der // encodes CertRequest otherwise, before it is signed
}

// certTemplate is a CertTemplate (RFC 4211, section 5): its fields as they are
// without the tags of the template. nil leaves a field out.
type certTemplate struct {
	version, serial, signingAlg, issuer der
	notBefore, notAfter                 der // Time
	subject, publicKey                  der
	issuerUID, subjectUID               der // BIT STRING
	extensions                          []extension
	validity                            der // the content of OptionalValidity, in place of the two times
	more                                der // behind the other fields, with its tag
}

// retag has a context tag replace the tag of an element.
func retag(n byte, element der) der {
	if element == nil {
		return nil
	}
	return tlv(0x80|n|element[0]&0x20, body(element))
}

// wrap has a context tag around an element, if there is one.
func wrap(n byte, element der) der {
	if element == nil {
		return nil
	}
	return explicit(n, element)
}

func (t certTemplate) der() der {
	validity := t.validity
	if validity == nil {
		validity = join(wrap(0, t.notBefore), wrap(1, t.notAfter))
	}
	if validity != nil {
		validity = tlv(0xa4, validity)
	}
	var ext der
	if t.extensions != nil {
		ext = retag(9, extensions(t.extensions))
	}
	return seq(retag(0, t.version), retag(1, t.serial), retag(2, t.signingAlg), wrap(3, t.issuer), validity, wrap(5, t.subject),
		retag(6, t.publicKey), retag(7, t.issuerUID), retag(8, t.subjectUID), ext, t.more)
}

// request is the CertRequest, which proofs of possession sign.
func (m *certReqMsg) request() der {
	var controls der
	if m.controls != nil {
		controls = seq(m.controls...)
	}
	r := seq(integer(m.id), m.template.der(), controls)
	if m.asRequest != nil {
		r = m.asRequest(r)
	}
	return r
}

func (m *certReqMsg) der() der {
	r := m.request()
	var pop, info der
	if m.pop != nil {
		pop = m.pop(r)
	}
	if m.regInfo != nil {
		info = seq(m.regInfo...)
	}
	return seq(r, pop, info)
}

func certReqMessages(list ...*certReqMsg) der {
	var all []der
	for _, m := range list {
		all = append(all, m.der())
	}
	return seq(all...)
}

// attributeValue is an AttributeTypeAndValue of controls and regInfo.
func attributeValue(id string, value der) der { return seq(oid(id), value) }

// certIDOf is a CertId (RFC 4211, section 6.5).
func certIDOf(c *certificate) der { return seq(directory(c.issuer), c.serial) }

// possession signs a CertRequest with the key that is asked to be certified.
func possession(k *key) func(request der) der {
	return func(request der) der {
		return tlv(0xa1, k.usual.id, bits(k.sign(k.usual, request)...))
	}
}

// possessionOf signs a POPOSigningKeyInput of a sender and the key in place of
// the CertRequest (RFC 4211, section 4.1). sender is authInfo with its tag.
func possessionOf(k *key, sender der) func(der) der {
	return func(der) der {
		input := join(sender, k.spki)
		return tlv(0xa1, explicit(0, input), k.usual.id, bits(k.sign(k.usual, seq(input))...))
	}
}

// raVerified is the proof of possession that an RA vouches for.
func raVerified(der) der { return implicit(0) }

// subsequent asks for an encrypted certificate (0) or a challenge (1) for a key
// of encipherment (2) or agreement (3).
func subsequent(form byte, message byte) func(der) der {
	return func(der) der { return explicit(form, implicit(1, message)) }
}
