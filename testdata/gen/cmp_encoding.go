package main

import "bytes"

// saying makes a vector of one message with a MAC, of the side that sends its
// kind. change comes before it is protected and may be nil.
func saying(kind byte, content func(t *cmpTalk) der, change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		m := t.say(sentByClient[kind], kind, nil)
		m.extra = nil
		if content != nil {
			m.content = content(t)
		}
		if change != nil {
			change(t, m)
		}
	})
}

// sentByClient are the kinds of messages that clients send.
var sentByClient = map[byte]bool{cmpIR: true, cmpCR: true, cmpP10CR: true, cmpPopDecR: true, cmpKUR: true, cmpKRR: true, cmpRR: true, cmpCCR: true,
	cmpNested: true, cmpGenM: true, cmpCertConf: true, cmpPollReq: true}

// always makes a content that does not depend on the cast.
func always(content der) func(*cmpTalk) der { return func(*cmpTalk) der { return content } }

// instead changes octets inside an element that holds elements.
func instead(in, from, to der) der {
	content := body(in)
	if !bytes.Contains(content, from) {
		panic("gen: what is to be replaced is not there")
	}
	return tlv(in[0], bytes.Replace(content, from, to, 1))
}

// question asks for the certificates of the CAs.
var question = always(seq(infoValue(itCACerts)))

// privateType is information of nobody's type.
const privateType = "1.3.6.1.4.1.32473.1"

// deep is n SEQUENCEs inside each other.
func deep(n int) der {
	d := null()
	for range n {
		d = seq(d)
	}
	return d
}

// refused is an error message.
func refused(status der, code int64, details ...string) func(*cmpTalk) der {
	return always(errorMsg(status, code, details...))
}

// cmpEncoding is about octets: cmp.der.*.
var cmpEncoding = []vector{
	{name: "der-fifth-part", about: "Behind the protection stands an element with the tag [2].", pair: "genm",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) {
			m.asWhole = func(b der) der { return seq(body(b), explicit(2, null())) }
		})},
	{name: "der-cut", about: "The message is cut short in its body.",
		make: saying(cmpGenM, always(seq(infoValue(privateType, octets(random("private", 64)...)))), func(_ *cmpTalk, m *cmpMessage) {
			m.asWhole = func(b der) der { return b[:len(b)-90] }
		})},
	{name: "der-missing", about: "A CertStatus lacks its certReqId.",
		make: saying(cmpCertConf, always(seq(seq(octets(random("hash", 32)...)))), nil)},
	{name: "der-wrong-type", about: "certReqId is an OCTET STRING.",
		make: saying(cmpPollReq, always(seq(seq(octets(0)))), nil)},
	{name: "der-extra", about: "An error message has a fourth part.",
		make: saying(cmpError, always(seq(statusInfo(rejection, "no", 2), integer(1), freeText("no more"), null())), nil)},
	{name: "der-order", about: "recipNonce stands before senderNonce in the header.",
		make: saying(cmpGenP, question, func(t *cmpTalk, m *cmpMessage) {
			m.recipNonce = random("asked", 16)
			m.asHeader = func(h der) der {
				s, r := explicit(5, octets(m.senderNonce...)), explicit(6, octets(m.recipNonce...))
				return instead(h, join(s, r), join(r, s))
			}
		})},
	{name: "der-other-format", about: "extraCerts holds a certificate in another format than X.509.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.extra = []der{explicit(1, octets(1, 2, 3, 4))} })},
	{name: "der-empty", about: "freeText is an empty list.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.freeText = []string{} })},
	{name: "der-empty-revcerts", about: "revCerts is an empty list, as OpenSSL's server sends it.",
		make: saying(cmpRP, always(revRep([]der{statusInfo(accepted, "")}, []der{}, nil)), nil)},
	{name: "der-tag-octets", about: "The tag of senderKID replaces that of the OCTET STRING.",
		make: saying(cmpGenM, question, func(t *cmpTalk, m *cmpMessage) {
			m.asHeader = func(h der) der {
				return instead(h, explicit(2, octets(m.senderKID...)), implicit(2, m.senderKID...))
			}
		})},
	{name: "der-tag-algorithm", about: "The tag of protectionAlg replaces that of the SEQUENCE.",
		make: saying(cmpGenM, question, func(t *cmpTalk, m *cmpMessage) {
			m.asHeader = func(h der) der {
				return instead(h, explicit(1, m.by.algorithm()), tlv(0xa1, body(m.by.algorithm())))
			}
		})},
	{name: "der-tag-body", about: "The tag of the body replaces that of the SEQUENCE.", pair: "ir-pbm",
		make: oneMessage(cmpIR, 0, func(_ *cmpTalk, m *cmpMessage) { m.asBody = func(b der) der { return tlv(b[0], body(body(b))) } })},
	{name: "der-tag-certs", about: "The tag of extraCerts replaces that of the SEQUENCE.",
		make: saying(cmpGenM, question, func(t *cmpTalk, m *cmpMessage) {
			m.extra = []der{t.ca.der}
			m.asWhole = func(b der) der { return instead(b, explicit(1, seq(t.ca.der)), explicit(1, t.ca.der)) }
		})},
	{name: "der-tag-template", about: "The tag of publicKey in the template wraps the SEQUENCE.", pair: "ir-pbm",
		make: oneMessage(cmpIR, 0, func(t *cmpTalk, m *cmpMessage) {
			m.requests[0].template.publicKey, m.requests[0].template.more = nil, explicit(6, t.key.spki)
		})},
	{name: "der-deep", about: "A private value is nested 70 deep.",
		make: saying(cmpGenM, always(seq(infoValue(privateType, deep(70)))), nil)},
	{name: "der-long-length", about: "The length of the body takes more octets than needed.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.asBody = func(b der) der { return longLength(b, 4) } })},
	{name: "der-indefinite", about: "The header has an indefinite length.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.asHeader = indefinite })},
	{name: "der-indefinite-lw", about: "The header has an indefinite length, in the lightweight profile.", pair: "der-indefinite",
		make: saying(cmpGenM, question, func(t *cmpTalk, m *cmpMessage) { m.asHeader = indefinite; t.option("profile lw") })},
	{name: "der-time-fraction", about: "messageTime has a fraction of a second.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.time = generalizedText("20261120091100.5Z") })},
	{name: "der-time-date", about: "messageTime is the 31st of November.",
		make: saying(cmpGenM, question, func(_ *cmpTalk, m *cmpMessage) { m.time = generalizedText("20261131091100Z") })},
	{name: "der-text-bidi", about: "statusString holds a character that turns the direction of writing around.",
		make: saying(cmpError, refused(statusInfo(rejection, "see \u202egnp.exe", 2), 0), nil)},
	{name: "der-text-latin", about: "statusString is not UTF-8.",
		make: saying(cmpError, refused(statusInfo(rejection, "nicht erf\xfcllt", 2), 0), nil)},
	{name: "der-integer", about: "checkAfter is larger than programs take.",
		make: saying(cmpPollRep, always(pollRep(0, 1<<40)), nil)},
	{name: "der-integer-negative", about: "certReqId is -2.",
		make: saying(cmpPollReq, always(pollReq(-2)), nil)},
	{name: "der-bits-trailing", about: "failInfo ends in bits that are zero.",
		make: saying(cmpError, refused(seq(integer(rejection), namedBits(0, 0x20, 0)), 0), nil)},
	{name: "der-bits-unused", about: "failInfo counts nine unused bits.",
		make: saying(cmpError, refused(seq(integer(rejection), namedBits(9, 0x20)), 0), nil)},
}
