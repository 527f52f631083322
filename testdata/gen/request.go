package main

// request is an OCSPRequest (RFC 6960, section 4.1.1) before encoding.
type request struct {
	version, name der
	ids           []certID
	entry         []extension // of the first entry
	extensions    []extension
	signer        *key
	certs         []der
	value         func(signature []byte) der
}

func (r request) der() der {
	var list, ext, signature der
	for i, id := range r.ids {
		var e der
		if i == 0 && r.entry != nil {
			e = explicit(0, extensions(r.entry))
		}
		list = append(list, seq(id.der(), e)...)
	}
	if r.extensions != nil {
		ext = explicit(2, extensions(r.extensions))
	}
	tbs := seq(r.version, r.name, seq(list), ext)
	if r.signer != nil {
		octets := r.signer.sign(r.signer.usual, tbs)
		value := bits(octets...)
		if r.value != nil {
			value = r.value(octets)
		}
		var certs der
		if r.certs != nil {
			certs = explicit(0, seq(r.certs...))
		}
		signature = explicit(0, seq(r.signer.usual.id, value, certs))
	}
	return seq(tbs, signature)
}
