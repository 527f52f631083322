package main

import "crypto"

// directory is a GeneralName that holds a Name.
func directory(name der) der { return explicit(4, name) }

// nullDN is the GeneralName of nobody known.
func nullDN() der { return directory(seq()) }

// freeText is a PKIFreeText.
func freeText(texts ...string) der {
	var all []der
	for _, t := range texts {
		all = append(all, utf8(t))
	}
	return seq(all...)
}

// Values of PKIStatus (RFC 9810, section 5.2.3).
const (
	accepted int64 = iota
	grantedWithMods
	rejection
	waiting
	revocationWarning
	revocationNotification
	keyUpdateWarning
)

// statusInfo is a PKIStatusInfo; text may be "". The bits of failInfo are those
// of RFC 9810, section 5.2.3: 9 is badPOP.
func statusInfo(status int64, text string, failures ...int) der {
	var t der
	if text != "" {
		t = freeText(text)
	}
	return seq(integer(status), t, bitList(failures...))
}

// bitList is a BIT STRING with a name for each bit; nil without bits.
func bitList(set ...int) der {
	if len(set) == 0 {
		return nil
	}
	last := 0
	for _, n := range set {
		last = max(last, n)
	}
	b := make([]byte, last/8+1)
	for _, n := range set {
		b[n/8] |= 0x80 >> (n % 8)
	}
	return tlv(0x03, der{byte(7 - last%8)}, b)
}

// certResponse is a CertResponse (RFC 9810, section 5.3.4).
type certResponse struct {
	id     int64
	status der          // PKIStatusInfo; nil: accepted
	cert   *certificate // nil: none is issued
	key    der          // privateKey: an EncryptedKey
	pair   der          // CertifiedKeyPair in place of cert and key
	info   []byte       // rspInfo
}

func (r *certResponse) der() der {
	status, pair := r.status, r.pair
	if status == nil {
		status = statusInfo(accepted, "")
	}
	if pair == nil && r.cert != nil {
		pair = seq(explicit(0, r.cert.der), wrap(0, r.key))
	}
	var info der
	if r.info != nil {
		info = octets(r.info...)
	}
	return seq(integer(r.id), status, pair, info)
}

func certRepMessage(caPubs []der, list []*certResponse) der {
	var pubs der
	if caPubs != nil {
		pubs = explicit(1, seq(caPubs...))
	}
	var all []der
	for _, r := range list {
		all = append(all, r.der())
	}
	return seq(pubs, seq(all...))
}

// certStatus is a CertStatus (RFC 9810, section 5.3.18).
type certStatus struct {
	of      *certResponse // whose certificate is meant
	hash    []byte        // in place of that of its certificate
	id      int64
	status  der // statusInfo
	hashAlg der
}

func (c *certStatus) der() der {
	hash := c.hash
	if hash == nil {
		hash = sum(crypto.SHA256, c.of.cert.der)
	}
	return seq(octets(hash...), integer(c.id), c.status, wrap(0, c.hashAlg))
}

func certConf(list ...*certStatus) der {
	var all []der
	for _, c := range list {
		all = append(all, c.der())
	}
	return seq(all...)
}

// idIT is the arc of information types (RFC 9810, section 5.3.19).
const idIT = "1.3.6.1.5.5.7.4."

const (
	itImplicitConfirm = idIT + "13"
	itConfirmWaitTime = idIT + "14"
	itOrigPKIMessage  = idIT + "15"
	itCACerts         = idIT + "17"
	itRootCAKeyUpdate = idIT + "18"
	itCertReqTemplate = idIT + "19"
	itRootCACert      = idIT + "20"
	itCertProfile     = idIT + "21"
	itCRLStatusList   = idIT + "22"
	itCRLs            = idIT + "23"
)

// infoValue is an InfoTypeAndValue; no value leaves infoValue out.
func infoValue(id string, value ...der) der { return seq(oid(id), join(value...)) }

// implicitConfirm asks for implicit confirmation, or grants it.
func implicitConfirm() der { return infoValue(itImplicitConfirm, null()) }

// errorMsg is an ErrorMsgContent. A code of 0 and no details leave those out.
func errorMsg(status der, code int64, details ...string) der {
	var c, d der
	if code != 0 {
		c = integer(code)
	}
	if details != nil {
		d = freeText(details...)
	}
	return seq(status, c, d)
}

// pollReq and pollRep are about certReqIds: RFC 9810, section 5.3.22.
func pollReq(ids ...int64) der {
	var all []der
	for _, id := range ids {
		all = append(all, seq(integer(id)))
	}
	return seq(all...)
}

func pollRep(id, after int64, reason ...string) der {
	var text der
	if reason != nil {
		text = freeText(reason...)
	}
	return seq(seq(integer(id), integer(after), text))
}

// revDetails is a RevDetails of a certificate and extensions of its CRL entry.
func revDetails(c *certificate, list ...extension) der {
	var ext der
	if list != nil {
		ext = extensions(list)
	}
	return seq(certTemplate{serial: c.serial, issuer: c.issuer}.der(), ext)
}

// revRep is a RevRepContent. nil leaves revCerts and crls out.
func revRep(statuses []der, ids []der, lists []der) der {
	var i, l der
	if ids != nil {
		i = explicit(0, seq(ids...))
	}
	if lists != nil {
		l = explicit(1, seq(lists...))
	}
	return seq(seq(statuses...), i, l)
}

// reasonCode is the entry extension of RFC 5280, section 5.3.1.
func reasonCode(n byte) extension { return extension{idReason, false, enumerated(n)} }

// pkiMessages is what a nested message holds, and origPKIMessage.
func pkiMessages(list ...*cmpMessage) der {
	var all []der
	for _, m := range list {
		all = append(all, m.der())
	}
	return seq(all...)
}
