package main

import "time"

// showing is a scene of these files alone.
func showing(files func(s *scene) []file) func(s *scene) {
	return func(s *scene) { s.instead = files(s) }
}

// hosted is a leaf, changed, with the issuing CA beside it.
func hosted(change func(c *certificate)) func(s *scene) {
	return showing(func(s *scene) []file {
		return []file{certFile("leaf.pem", s.host("www.example.org", s.issuing, change)), certFile("issuer.pem", s.issuing.certificate)}
	})
}

// hostedWith is a leaf with these extensions.
func hostedWith(list ...extension) func(s *scene) {
	return hosted(func(c *certificate) {
		for _, e := range list {
			c.with(e)
		}
	})
}

// hostedKey is a leaf with another key.
func hostedKey(name string) func(s *scene) {
	return func(s *scene) { hosted(func(c *certificate) { c.key = s.key(name) })(s) }
}

// validity spells both times out.
func validity(begin, end der) func(c *certificate) {
	return func(c *certificate) { c.validity = seq(begin, end) }
}

// subject is a leaf of another name.
func subject(name der) func(s *scene) {
	return hosted(func(c *certificate) { c.subject = name })
}

// whole is a leaf whose encoding is changed as a whole, shown as hex.
func whole(change func(b der) []byte) func(s *scene) {
	return showing(func(s *scene) []file {
		return []file{hexFile("leaf.hex", change(s.leaf.der)), certFile("issuer.pem", s.issuing.certificate)}
	})
}

// everyName is a subjectAltName with one of each GeneralName.
func everyName(c *certificate) extension {
	return extension{idSAN, false, seq(
		explicit(0, oid("1.3.6.1.4.1.311.20.2.3"), explicit(0, utf8("web@example.org"))),
		implicit(1, []byte("web@example.org")...),
		implicit(2, []byte("www.example.org")...),
		explicit(4, c.subject),
		explicit(5, explicit(0, utf8("Example")), explicit(1, utf8("Party"))),
		implicit(6, []byte("https://www.example.org/")...),
		implicit(7, 192, 0, 2, 7),
		implicit(7, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7),
		implicit(8, body(oid(idUnknown))...),
	)}
}

// everyExtension is all that the decoder shows by name, in one certificate.
func everyExtension(c *certificate) {
	notice := seq(oid("1.3.6.1.5.5.7.2.2"), seq(seq(utf8("Example"), seq(integer(1))), utf8("For tests only")))
	cps := seq(oid("1.3.6.1.5.5.7.2.1"), ia5("https://www.example.org/cps"))
	for _, e := range []extension{
		{idBC, true, seq(boolean(), integer(1))},
		keyUsage(digitalSignature | keyCertSign | cRLSign),
		purposes(idServerAuth, "1.3.6.1.5.5.7.3.2", idOCSPSigning, idUnknown),
		everyName(c),
		subjectKey(c.key.hash()),
		crlAt("http://crl.example.org/r3.crl"),
		features(5, 17),
		nocheck(),
		{idSCTList, false, octets(sct(at(-120 * day))...)},
		{idPolicies, false, seq(seq(oid(idPolicyDV), seq(cps, notice)), seq(oid("2.5.29.32.0")))},
		poison(),
		{idNC, true, seq(
			explicit(0, seq(implicit(2, []byte("example.org")...)), seq(implicit(7, 192, 0, 2, 0, 255, 255, 255, 0))),
			explicit(1, seq(implicit(1, []byte(".example.com")...))))},
		strange(),
	} {
		c.with(e)
	}
}

// certificates is about certificates: cert.*.
var certificates = []vector{
	{name: "leaf", about: "A server's certificate with its issuer.", make: hosted(nil)},
	{name: "leaf-alone", about: "A server's certificate without its issuer.", pair: "leaf",
		make: showing(func(s *scene) []file { return []file{certFile("leaf.pem", s.leaf)} })},
	{name: "chain", about: "Leaf, issuing CA and root, the root trusted.",
		make: showing(func(s *scene) []file {
			s.option("role root.pem anchor")
			return []file{certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.issuing.certificate), certFile("root.pem", s.root.certificate)}
		})},
	{name: "every-extension", about: "A certificate with every extension that is shown by name.", make: hosted(everyExtension)},
	{name: "every-general-name", about: "A subjectAltName with one of each kind of name.",
		make: hosted(func(c *certificate) { c.with(everyName(c)) })},
	{name: "precertificate", about: "A precertificate with the CT poison.", pair: "leaf", make: hostedWith(poison())},
	{name: "responder", about: "An OCSP responder's certificate with its issuer.",
		make: showing(func(s *scene) []file {
			return []file{certFile("responder.pem", s.responder), certFile("issuer.pem", s.issuing.certificate)}
		})},

	{name: "expired", about: "The certificate expired ten days ago.", make: hosted(func(c *certificate) { c.end = at(-10 * day) })},
	{name: "not-yet-valid", about: "The certificate begins in ten days.", make: hosted(func(c *certificate) { c.begin = at(10 * day) })},
	{name: "validity-reversed", about: "notAfter is before notBefore.",
		make: hosted(func(c *certificate) { c.begin, c.end = at(day), at(-day) })},
	{name: "validity-2050", about: "notAfter is in 2050, as a GeneralizedTime.",
		make: hosted(func(c *certificate) { c.end = time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC) })},
	{name: "validity-no-end", about: "notAfter is 99991231235959Z, which says that there is none.",
		make: hosted(func(c *certificate) { c.end = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) })},
	{name: "validity-generalized-early", about: "notAfter is a GeneralizedTime although it is before 2050.",
		make: hosted(validity(utcTime(at(-100*day)), generalized(at(50*day))))},
	{name: "validity-no-seconds", about: "notBefore has no seconds.",
		make: hosted(validity(tlv(0x17, der("2607150000Z")), utcTime(at(50*day))))},
	{name: "validity-offset", about: "notBefore has an offset instead of Z.",
		make: hosted(validity(tlv(0x17, der("260715000000+0100")), utcTime(at(50*day))))},

	{name: "signed-by-twin", about: "The issuer at hand has the right name and another key.",
		make: showing(func(s *scene) []file {
			s.option("role issuer.pem issuer")
			return []file{certFile("leaf.pem", s.leaf), certFile("issuer.pem", s.twin.certificate)}
		})},
	{name: "issuer-not-ca", about: "The issuer at hand is no CA.",
		make: showing(func(s *scene) []file {
			by := s.issuing.again(s.root.key, func(c *certificate) { c.with(endEntity()); c.with(keyUsage(digitalSignature)) })
			s.option("role issuer.pem issuer")
			return []file{certFile("leaf.pem", s.leaf), certFile("issuer.pem", by)}
		})},
	{name: "issuer-expired", about: "The issuer at hand expired yesterday.",
		make: showing(func(s *scene) []file {
			by := s.issuing.again(s.root.key, func(c *certificate) { c.end = at(-day) })
			return []file{certFile("leaf.pem", s.leaf), certFile("issuer.pem", by)}
		})},
	{name: "other-key-id", about: "authorityKeyIdentifier names another key than the one that signed.",
		make: func(s *scene) { hosted(func(c *certificate) { c.with(authorityKey(s.twin.key.hash())) })(s) }},
	{name: "badsig", about: "One bit of the signature is turned over.", pair: "leaf",
		make: hosted(func(c *certificate) { c.value = flipped })},
	{name: "algorithm-mismatch", about: "signatureAlgorithm and the signature field inside differ.", pair: "leaf",
		make: hosted(func(c *certificate) { c.outer = rsaSHA384.id })},
	{name: "sha1", about: "Signed with SHA-1.", make: hosted(func(c *certificate) { c.scheme = &rsaSHA1 })},
	{name: "md5", about: "Signed with MD5.", make: hosted(func(c *certificate) { c.scheme = &rsaMD5 })},
	{name: "pss", about: "Signed by RSASSA-PSS.", make: hosted(func(c *certificate) { c.scheme = &pssSHA256 })},
	{name: "signature-unused-bits", about: "The BIT STRING of the signature says one unused bit.", pair: "leaf",
		make: hosted(func(c *certificate) { c.value = func(b []byte) der { return tlv(0x03, der{1}, b) } })},

	{name: "key-rsa1024", about: "The key is RSA with 1024 bits.", make: hostedKey("rsa1024")},
	{name: "key-rsa768", about: "The key is RSA with 768 bits.", make: hostedKey("rsa768")},
	{name: "key-rsapss", about: "The key is for RSASSA-PSS only.",
		make: func(s *scene) { hosted(func(c *certificate) { c.key = s.key("responder").asPSS() })(s) }},
	{name: "key-dsa", about: "The key is DSA.", make: hostedKey("dsa")},
	{name: "key-p224", about: "The key is on P-224.", make: hostedKey("p224")},
	{name: "key-p521", about: "The key is on P-521.", make: hostedKey("p521")},
	{name: "key-secp256k1", about: "The key is on secp256k1.", make: hostedKey("secp256k1")},
	{name: "key-brainpool", about: "The key is on brainpoolP256r1.", make: hostedKey("brainpool")},
	{name: "key-ed25519", about: "The key is Ed25519.", make: hostedKey("ed25519")},
	{name: "key-ed448", about: "The key is Ed448.", make: hostedKey("ed448")},
	{name: "key-mldsa44", about: "The key is ML-DSA-44.", make: hostedKey("mldsa44")},
	{name: "key-slhdsa", about: "The key is SLH-DSA-SHA2-128s.", make: hostedKey("slhdsa")},
	{name: "key-unknown", about: "The key's algorithm is an example OID.",
		make: hosted(func(c *certificate) {
			k := *c.key
			k.spki = seq(algorithm(idUnknown), bits(1, 2, 3, 4))
			c.key = &k
		})},

	{name: "critical-unknown", about: "An unknown extension is critical.", make: hostedWith(critical(strange()))},
	{name: "extension-twice", about: "The same extension stands twice.", make: hosted(func(c *certificate) {
		c.extensions = append(c.extensions, strange(), strange())
	})},
	{name: "extensions-empty", about: "The extensions are there, and empty.", make: hosted(func(c *certificate) { c.list = seq() })},
	{name: "extension-critical-false", about: "An extension spells critical FALSE out, which is the default.",
		make: hosted(func(c *certificate) { c.list = seq(seq(oid(idUnknown), der{1, 1, 0}, octets(null()...))) })},
	{name: "extension-value-broken", about: "subjectAltName holds an INTEGER instead of names.",
		make: hostedWith(extension{idSAN, false, integer(7)})},
	{name: "key-usage-without-ca", about: "keyUsage has keyCertSign, and basicConstraints say that it is no CA.",
		make: hostedWith(keyUsage(digitalSignature | keyCertSign))},
	{name: "ca-not-critical", about: "A CA's basicConstraints are not critical.",
		make: hostedWith(extension{idBC, false, seq(boolean())}, keyUsage(keyCertSign|cRLSign))},
	{name: "key-usage-padded", about: "keyUsage has trailing zero bits, which DER leaves out.",
		make: hostedWith(extension{idKeyUsage, true, namedBits(0, digitalSignature)})},
	{name: "version-v1", about: "The version is v1, without extensions.",
		make: hosted(func(c *certificate) { c.version, c.extensions = 0, nil })},
	{name: "version-v1-extensions", about: "The version is v1, and there are extensions.",
		make: hosted(func(c *certificate) { c.version = 0 })},
	{name: "version-v4", about: "The version is 3, a v4 that does not exist.", make: hosted(func(c *certificate) { c.version = 3 })},
	{name: "unique-ids", about: "There are an issuerUniqueID and a subjectUniqueID.",
		make: hosted(func(c *certificate) { c.uniqueID = join(implicit(1, 0, 1, 2), implicit(2, 0, 3, 4)) })},

	{name: "serial-zero", about: "The serial number is zero.", make: hosted(func(c *certificate) { c.serial = integer(0) })},
	{name: "serial-negative", about: "The serial number is negative.",
		make: hosted(func(c *certificate) { c.serial = integerOctets(random("negative", 16)...); c.serial[2] |= 0x80 })},
	{name: "serial-padded", about: "The serial number has a needless zero octet.",
		make: hosted(func(c *certificate) { c.serial = integerOctets(append([]byte{0}, body(c.serial)...)...) })},
	{name: "serial-21-octets", about: "The serial number has 21 octets.",
		make: hosted(func(c *certificate) { c.serial = integerOctets(append([]byte{0x55}, random("long serial", 20)...)...) })},
	{name: "serial-empty", about: "The serial number has no octets.", make: hosted(func(c *certificate) { c.serial = integerOctets() })},

	{name: "issuer-name-empty", about: "The issuer's name is empty.",
		make: showing(func(s *scene) []file {
			c := s.host("www.example.org", s.issuing, nil)
			c.issuer = seq()
			return []file{certFile("leaf.pem", c.sign(s.issuing.key))}
		})},
	{name: "name-empty", about: "The subject is empty.", make: subject(seq())},
	{name: "name-every-string", about: "The subject uses every string type there is.",
		make: subject(seq(
			set(seq(oid("2.5.4.6"), printable("GB"))),
			set(seq(oid("2.5.4.10"), tlv(0x14, der("T61 \xe9t\xe9")))),
			set(seq(oid("2.5.4.11"), tlv(0x1e, der{0, 'B', 0, 'M', 0, 'P', 0x26, 0x3a}))),
			set(seq(oid("2.5.4.7"), tlv(0x1c, der{0, 0, 0, 'U', 0, 0x01, 0xf6, 0x00}))),
			set(seq(oid("0.9.2342.19200300.100.1.25"), ia5("example"))),
			set(seq(oid("2.5.4.5"), tlv(0x12, der("123 456")))),
			set(seq(oid("2.5.4.3"), utf8("Größe α 漢"))),
		))},
	{name: "name-integer", about: "The subject has an unknown attribute whose value is an INTEGER.",
		make: subject(seq(set(seq(oid(idUnknown), integer(7)))))},
	{name: "name-not-utf8", about: "The subject is a UTF8String that is not UTF-8, with control characters.",
		make: subject(seq(set(seq(oid("2.5.4.3"), utf8("\xff\xfe\x00\x1b[31m\u202eorg.example")))))},
	{name: "name-set-unsorted", about: "An RDN of the subject has two values in the wrong order.",
		make: subject(seq(set(seq(oid("2.5.4.3"), utf8("www.example.org")), seq(oid("2.5.4.11"), utf8("Web")))))},

	{name: "trailing", about: "A NULL follows the certificate.", pair: "leaf", make: whole(func(b der) []byte { return join(b, null()) })},
	{name: "truncated", about: "The last 20 octets are missing.", pair: "leaf", make: whole(func(b der) []byte { return b[:len(b)-20] })},
	{name: "indefinite", about: "The outer SEQUENCE has the indefinite length.", pair: "leaf", make: whole(indefinite)},
	{name: "empty-sequence", about: "A PEM block that says certificate and holds an empty SEQUENCE.",
		make: showing(func(*scene) []file { return []file{armored("leaf.pem", "CERTIFICATE", seq())} })},
}
