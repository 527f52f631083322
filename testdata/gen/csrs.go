package main

// requested is a PKCS #10 request (RFC 2986, section 4.1) of a key, with
// attributes.
func requested(keyName string, sch *scheme, attributes der, value func([]byte) der) func(s *scene) {
	return showing(func(s *scene) []file {
		k := s.key(keyName)
		use := k.usual
		if sch != nil {
			use = *sch
		}
		info := seq(integer(0), s.leaf.subject, k.spki, attributes)
		octets := k.sign(use, info)
		signature := bits(octets...)
		if value != nil {
			signature = value(octets)
		}
		return []file{armored("request.pem", "CERTIFICATE REQUEST", seq(info, use.id, signature))}
	})
}

// attribute is one Attribute of a request.
func attribute(id string, values ...der) der { return seq(oid(id), set(values...)) }

// wanted is the attribute extensionRequest (RFC 2985, section 5.4.2).
func wanted(list ...extension) der {
	return explicit(0, attribute("1.2.840.113549.1.9.14", extensions(list)))
}

// csrs is about PKCS #10 requests: csr.*.
var csrs = []vector{
	{name: "csr", about: "A request on P-256 for a host name.",
		make: requested("leaf", nil, wanted(hosts("www.example.org")), nil)},
	{name: "csr-badsig", about: "One bit of the signature is turned over.", pair: "csr",
		make: requested("leaf", nil, wanted(hosts("www.example.org")), flipped)},
	{name: "csr-rsa1024", about: "The key is RSA with 1024 bits.", make: requested("rsa1024", nil, wanted(hosts("www.example.org")), nil)},
	{name: "csr-sha1", about: "Signed with SHA-1.", make: requested("responder", &rsaSHA1, explicit(0), nil)},
	{name: "csr-pss", about: "Signed by RSASSA-PSS.", make: requested("responder", &pssSHA256, explicit(0), nil)},
	{name: "csr-mldsa65", about: "The key is ML-DSA-65.", make: requested("mldsa65", nil, explicit(0), nil)},
	{name: "csr-ed448", about: "The key is Ed448.", make: requested("ed448", nil, explicit(0), nil)},
	{name: "csr-no-attributes", about: "The attributes are missing, though they may only be empty.",
		make: requested("leaf", nil, nil, nil)},
	{name: "csr-challenge", about: "There is a challenge password, and must-staple is asked for.",
		make: requested("leaf", nil, explicit(0,
			attribute("1.2.840.113549.1.9.7", printable("not a secret")),
			attribute("1.2.840.113549.1.9.14", extensions([]extension{hosts("www.example.org"), features(5)}))), nil)},
	{name: "csr-critical-unknown", about: "An unknown critical extension is asked for.",
		make: requested("leaf", nil, wanted(critical(strange())), nil)},
}
