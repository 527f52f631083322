package main

import "time"

// changed has a responder of the issuing CA sign, its certificate changed.
func changed(change func(c *certificate)) func(s *scene) {
	return func(s *scene) { s.delegated(change) }
}

// having has a responder whose certificate has these extensions in place of
// its usual ones of the same kind.
func having(list ...extension) func(s *scene) {
	return changed(func(c *certificate) {
		for _, e := range list {
			c.with(e)
		}
	})
}

// lacking has a responder whose certificate lacks these extensions.
func lacking(ids ...string) func(s *scene) {
	return changed(func(c *certificate) {
		for _, id := range ids {
			c.without(id)
		}
	})
}

// oddID is a subjectKeyIdentifier that is no hash of any key here.
var oddID = random("subjectKeyIdentifier", 20)

// responders is about who signed and by what right: ocsp.signer.*.
var responders = []vector{
	{name: "good-del-byname", about: "A good answer, signed by a delegated responder, byName.",
		make: func(s *scene) {
			s.delegated(nil)
			s.add("root.pem", s.root.certificate)
		}},
	{name: "good-del", about: "A good answer, signed by a delegated responder, and no root beside it.", pair: "good-del-byname",
		make: func(s *scene) { s.delegated(nil) }},
	{name: "good-del-bykey", about: "A good answer, signed by a delegated responder, byKey.", pair: "good-del-byname",
		make: func(s *scene) {
			s.delegated(nil)
			s.rid = byKey(s.signer.hash())
		}},
	{name: "good-del-nocerts", about: "The delegated responder's certificate is not sent.", pair: "good-del-byname",
		make: func(s *scene) {
			s.delegated(nil)
			s.response.certs = nil
		}},
	{name: "good-del-pasted", about: "The delegated responder's certificate is not sent, but at hand.", pair: "good-del-nocerts",
		make: func(s *scene) {
			s.add("responder.pem", s.delegated(nil))
			s.response.certs = nil
		}},
	{name: "good-del-rother", about: "The certs hold the issuing CA and the root after the responder's certificate.",
		make: func(s *scene) {
			s.delegated(nil)
			s.response.certs = append(s.response.certs, s.issuing.der, s.root.der)
		}},
	{name: "local-responder", about: "The responder is of another CA, and trusted here by decision.", pair: "del-otherca",
		make: func(s *scene) {
			s.delegatedBy(s.other)
			s.add("responder.pem", s.pki.delegate("Example OCSP Responder 8", s.other, nil))
			s.option("role responder.pem responder")
		}},

	{name: "rid-ski", about: "The key hash is the responder's subjectKeyIdentifier, which is not the hash of its key.",
		make: func(s *scene) {
			having(subjectKey(oddID))(s)
			s.rid = byKey(oddID)
		}},
	{name: "del-oddski", about: "The responder's subjectKeyIdentifier is not the hash of its key; the response is byName.",
		pair: "rid-ski", make: having(subjectKey(oddID))},
	{name: "rid-name-case", about: "The responder is named in capitals and as PrintableString, its certificate is not.", pair: "good-del-byname",
		make: func(s *scene) {
			s.delegated(nil)
			s.rid = byName(seq(
				set(seq(oid("2.5.4.10"), printable("EXAMPLE"))),
				set(seq(oid("2.5.4.3"), printable("EXAMPLE OCSP RESPONDER 7"))),
			))
		}},
	{name: "rid-ambiguous", about: "Two responder certificates with one name and two keys are in the certs; the second signed.",
		make: func(s *scene) {
			c := s.pki.delegate("Example OCSP Responder 7", s.issuing, func(c *certificate) { c.key = s.key("responder-2") })
			s.delegated(nil)
			s.response.certs = append([]der{c.der}, s.response.certs...)
		}},
	{name: "rid-del-sig-ca", about: "The responder is named and sent, and the issuing CA signed.",
		make: func(s *scene) {
			s.delegated(nil)
			s.signer = s.issuing.key
		}},
	{name: "rid-ca-sig-del", about: "The issuing CA is named, and the responder that is sent signed.",
		make: func(s *scene) {
			s.delegated(nil)
			s.rid = byName(s.issuing.subject)
		}},

	{name: "signed-by-other", about: "Signed by another CA, whose certificate is sent.",
		make: func(s *scene) { s.signBy(s.other.certificate) }},
	{name: "signed-by-twin", about: "Signed by a CA of the same name with another key, whose certificate is sent.",
		make: func(s *scene) { s.signBy(s.twin.certificate) }},
	{name: "signed-by-root", about: "Signed by the root above the issuing CA.",
		make: func(s *scene) { s.signBy(s.root.certificate) }},
	{name: "signed-by-leaf", about: "Signed by the certificate in question itself.",
		make: func(s *scene) { s.signBy(s.leaf) }},
	{name: "nosignca", about: "The CA signed, and its keyUsage lacks digitalSignature.",
		make: func(s *scene) { s.answerFor(s.noSign, s.host("www.example.org", s.noSign, nil)) }},

	{name: "del-noeku", about: "The responder's certificate has no extended key usage.", pair: "good-del-byname",
		make: lacking(idEKU)},
	{name: "del-wrongeku", about: "The responder's certificate has serverAuth for its only purpose.", pair: "good-del-byname",
		make: having(purposes(idServerAuth))},
	{name: "del-anyeku", about: "The responder's certificate has anyExtendedKeyUsage for its only purpose.", pair: "good-del-byname",
		make: having(purposes(idAnyPurpose))},
	{name: "del-purposes", about: "The responder's certificate has serverAuth beside OCSPSigning.", pair: "good-del-byname",
		make: having(purposes(idOCSPSigning, idServerAuth))},
	{name: "del-plain", about: "The responder's certificate has no nocheck, and nothing says where its revocation stands.", pair: "good-del-byname",
		make: lacking(idNocheck)},
	{name: "del-crl", about: "The responder's certificate has a CRL distribution point instead of nocheck.", pair: "del-plain",
		make: changed(func(c *certificate) {
			c.without(idNocheck)
			c.with(crlAt("http://crl.example.org/r3.crl"))
		})},
	{name: "del-critnocheck", about: "The responder's nocheck is critical.", pair: "good-del-byname",
		make: having(critical(nocheck()))},
	{name: "del-nocheck-value", about: "The responder's nocheck has an INTEGER for its value instead of NULL.", pair: "good-del-byname",
		make: having(extension{idNocheck, false, integer(1)})},
	{name: "del-ku", about: "The responder's keyUsage is keyEncipherment alone.", pair: "good-del-byname",
		make: having(keyUsage(keyEncipherment))},
	{name: "del-isca", about: "The responder's certificate is a CA's.", pair: "good-del-byname",
		make: having(authority(), keyUsage(digitalSignature|keyCertSign|cRLSign))},
	{name: "del-critical", about: "The responder's certificate has an unknown critical extension.", pair: "good-del-byname",
		make: having(critical(strange()))},
	{name: "del-expired", about: "The responder's certificate expired a month ago.", pair: "good-del-byname",
		make: changed(func(c *certificate) { c.begin, c.end = at(-90*day), at(-30*day) })},
	{name: "del-future", about: "The responder's certificate begins in a month.", pair: "good-del-byname",
		make: changed(func(c *certificate) { c.begin, c.end = at(30*day), at(90*day) })},
	{name: "del-long", about: "The responder's certificate has nocheck and lives for five years.", pair: "good-del-byname",
		make: changed(func(c *certificate) { c.end = time.Date(2031, 10, 1, 0, 0, 0, 0, time.UTC) })},
	{name: "del-cert-sha1", about: "The responder's certificate is signed with SHA-1.", pair: "good-del-byname",
		make: changed(func(c *certificate) { c.scheme = &rsaSHA1 })},
	{name: "del-cert-md5", about: "The responder's certificate is signed with MD5.", pair: "good-del-byname",
		make: changed(func(c *certificate) { c.scheme = &rsaMD5 })},
	{name: "del-rsa1024", about: "The responder's key is RSA with 1024 bits.", make: delegatedKey("rsa1024")},
	{name: "del-rsa768", about: "The responder's key is RSA with 768 bits.", make: delegatedKey("rsa768")},

	{name: "del-otherca", about: "The responder's certificate is of another CA.",
		make: func(s *scene) { s.delegatedBy(s.other) }},
	{name: "del-rootissued", about: "The responder's certificate is of the root above the issuing CA.",
		make: func(s *scene) {
			s.delegatedBy(s.root)
			s.add("root.pem", s.root.certificate)
		}},
	{name: "del-grand", about: "The responder's certificate is of a CA below the issuing CA, which is sent too.",
		make: func(s *scene) {
			s.delegatedBy(s.sub)
			s.response.certs = append(s.response.certs, s.sub.der)
		}},
	{name: "del-twinissued", about: "The responder's certificate is of a CA with the same name and another key.",
		make: func(s *scene) {
			s.delegatedBy(s.twin)
			s.response.certs = append(s.response.certs, s.twin.der)
		}},
	{name: "del-aliasissued", about: "The responder's certificate is signed by the issuing CA's key under another name.",
		make: func(s *scene) {
			s.delegatedBy(s.alias)
			s.response.certs = append(s.response.certs, s.alias.der)
		}},
}

// anchored has a root at hand that is said to be trusted.
func anchored(root func(s *scene) *authorityCert) func(s *scene) {
	return func(s *scene) {
		s.add("root.pem", root(s).certificate)
		s.option("role root.pem anchor")
	}
}

// reissued has the issuing CA's certificate changed, with the same key.
func reissued(change func(c *certificate)) func(s *scene) {
	return func(s *scene) {
		s.issuer = s.issuing.again(s.root.key, change)
		s.option("role issuer.pem issuer")
	}
}

// chains is about the way to a trust anchor: ocsp.chain.*.
var chains = []vector{
	{name: "chain-anchor", about: "The root above the issuing CA is trusted.",
		make: anchored(func(s *scene) *authorityCert { return s.root })},
	{name: "chain-other-anchor", about: "Only a root that the issuing CA is not under is trusted.", pair: "chain-anchor",
		make: anchored(func(s *scene) *authorityCert { return s.other })},
	{name: "chain-anchor-delegated", about: "A delegated responder signed, and the root is trusted.",
		make: func(s *scene) {
			s.delegated(nil)
			anchored(func(s *scene) *authorityCert { return s.root })(s)
		}},
	{name: "chain-issuer-expired", about: "The issuing CA's certificate expired yesterday.",
		make: reissued(func(c *certificate) { c.end = at(-day) })},
	{name: "chain-issuer-not-ca", about: "The certificate given as issuer has the right name and key, and is no CA's.",
		make: reissued(func(c *certificate) { c.with(endEntity()) })},
}
