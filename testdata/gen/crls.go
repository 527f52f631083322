package main

import "time"

// crl is what goes into a CRL (RFC 5280, section 5.1).
type crl struct {
	by         *authorityCert
	version    der
	scheme     *scheme
	this, next der
	entries    []der
	extensions []extension
	list       der // in place of entries
	outer      der // signatureAlgorithm in place of the scheme's own
	value      func(signature []byte) der
}

func (l *crl) der() der {
	s := l.by.key.usual
	if l.scheme != nil {
		s = *l.scheme
	}
	list, outer := l.list, s.id
	if l.outer != nil {
		outer = l.outer
	}
	var ext der
	if len(l.entries) > 0 {
		list = seq(l.entries...)
	}
	if l.extensions != nil {
		ext = explicit(0, extensions(l.extensions))
	}
	tbs := seq(l.version, s.id, l.by.subject, l.this, l.next, list, ext)
	octets := l.by.key.sign(s, tbs)
	value := bits(octets...)
	if l.value != nil {
		value = l.value(octets)
	}
	return seq(tbs, outer, value)
}

// struck is one element of revokedCertificates.
func struck(serial der, when time.Time, list ...extension) der {
	if list == nil {
		return seq(serial, certificateTime(when))
	}
	return seq(serial, certificateTime(when), extensions(list))
}

// listed is a CRL of the issuing CA, changed, with the CA beside it.
func listed(change func(s *scene, l *crl)) func(s *scene) {
	return showing(func(s *scene) []file {
		l := &crl{
			by: s.issuing, version: integer(1), this: utcTime(at(-day)), next: utcTime(at(6 * day)),
			entries: []der{
				struck(serialFor("mail.example.org"), at(-15*day), extension{idReason, false, enumerated(1)}),
				struck(serialFor("ftp.example.org"), at(-19*day)),
			},
			extensions: []extension{authorityKey(s.issuing.key.hash()), {idCRLNumber, false, integer(4660)}},
		}
		change(s, l)
		return []file{armored("list.pem", "X509 CRL", l.der()), certFile("issuer.pem", s.issuing.certificate)}
	})
}

// distribution is an issuingDistributionPoint (RFC 5280, section 5.2.5).
func distribution(parts ...der) extension { return extension{"2.5.29.28", true, seq(parts...)} }

// crls is about CRLs: crl.*.
var crls = []vector{
	{name: "crl", about: "A CRL with two entries and its issuer.", make: listed(func(*scene, *crl) {})},
	{name: "crl-empty", about: "A CRL without entries.", make: listed(func(_ *scene, l *crl) { l.entries = nil })},
	{name: "crl-empty-list", about: "A CRL whose list of entries is there, and empty.", pair: "crl-empty",
		make: listed(func(_ *scene, l *crl) { l.entries, l.list = nil, seq() })},
	{name: "crl-entry-late", about: "An entry is dated after thisUpdate.",
		make: listed(func(_ *scene, l *crl) { l.entries = append(l.entries, struck(serialFor("ns.example.org"), at(-day/2))) })},
	{name: "crl-entry-twice", about: "Two entries have the same serial number.",
		make: listed(func(_ *scene, l *crl) {
			l.entries = append(l.entries, struck(serialFor("ftp.example.org"), at(-3*day)))
		})},
	{name: "crl-no-number", about: "There is no cRLNumber.",
		make: listed(func(_ *scene, l *crl) { l.extensions = l.extensions[:1] })},
	{name: "crl-no-key-id", about: "There is no authorityKeyIdentifier.",
		make: listed(func(_ *scene, l *crl) { l.extensions = l.extensions[1:] })},
	{name: "crl-other-key-id", about: "authorityKeyIdentifier names another key than the one that signed.",
		make: listed(func(s *scene, l *crl) { l.extensions[0] = authorityKey(s.twin.key.hash()) })},
	{name: "crl-extension-twice", about: "The same extension stands twice.",
		make: listed(func(_ *scene, l *crl) { l.extensions = append(l.extensions, strange(), strange()) })},
	{name: "crl-algorithm-mismatch", about: "signatureAlgorithm and the signature field inside differ.", pair: "crl",
		make: listed(func(_ *scene, l *crl) { l.outer = rsaSHA384.id })},
	{name: "crl-md5", about: "Signed with MD5.", make: listed(func(_ *scene, l *crl) { l.scheme = &rsaMD5 })},
	{name: "crl-version-v3", about: "The version is 2, a v3 that CRLs do not have.",
		make: listed(func(_ *scene, l *crl) { l.version = integer(2) })},
	{name: "crl-issuer-usage", about: "The issuer's keyUsage lacks cRLSign.",
		make: func(s *scene) {
			listed(func(*scene, *crl) {})(s)
			s.instead[1] = certFile("issuer.pem", s.issuing.again(s.root.key, func(c *certificate) { c.with(keyUsage(digitalSignature | keyCertSign)) }))
		}},
	{name: "crl-truncated", about: "The last 20 octets are missing.", pair: "crl",
		make: func(s *scene) {
			l := &crl{by: s.issuing, version: integer(1), this: utcTime(at(-day)), next: utcTime(at(6 * day))}
			b := l.der()
			s.instead = []file{armored("list.pem", "X509 CRL", b[:len(b)-20]), certFile("issuer.pem", s.issuing.certificate)}
		}},
	{name: "crl-expired", about: "nextUpdate was a day ago.",
		make: listed(func(_ *scene, l *crl) { l.this, l.next = utcTime(at(-8*day)), utcTime(at(-day)) })},
	{name: "crl-future", about: "thisUpdate is tomorrow.", make: listed(func(_ *scene, l *crl) { l.this = utcTime(at(day)) })},
	{name: "crl-no-next", about: "nextUpdate is absent.", make: listed(func(_ *scene, l *crl) { l.next = nil })},
	{name: "crl-badsig", about: "One bit of the signature is turned over.", pair: "crl", make: listed(func(_ *scene, l *crl) { l.value = flipped })},
	{name: "crl-twin", about: "The CRL is signed by another key under the CA's name.", pair: "crl",
		make: listed(func(s *scene, l *crl) { l.by = s.twin })},
	{name: "crl-sha1", about: "Signed with SHA-1.", make: listed(func(_ *scene, l *crl) { l.scheme = &rsaSHA1 })},
	{name: "crl-v1", about: "The version is left out, which says v1, and there are no extensions.",
		make: listed(func(_ *scene, l *crl) {
			l.version, l.extensions = nil, nil
			l.entries = []der{struck(serialFor("ftp.example.org"), at(-9*day))}
		})},
	{name: "crl-critical-unknown", about: "An unknown extension is critical.",
		make: listed(func(_ *scene, l *crl) { l.extensions = append(l.extensions, critical(strange())) })},
	{name: "crl-entry-critical-unknown", about: "An unknown extension of an entry is critical.",
		make: listed(func(_ *scene, l *crl) {
			l.entries = append(l.entries, struck(serialFor("ns.example.org"), at(-2*day), critical(strange())))
		})},
	{name: "crl-delta", about: "A delta CRL with an entry taken off the list.",
		make: listed(func(_ *scene, l *crl) {
			l.extensions = append(l.extensions, extension{"2.5.29.27", true, integer(4650)})
			l.entries = []der{struck(serialFor("mail.example.org"), at(-5*day), extension{idReason, false, enumerated(8)})}
		})},
	{name: "crl-indirect", about: "An indirect CRL with an entry for another issuer's certificate.",
		make: listed(func(s *scene, l *crl) {
			l.extensions = append(l.extensions, distribution(implicit(4, 0xff)))
			l.entries = append(l.entries, struck(serialFor("other.example.org"), at(-2*day),
				extension{idCertIssuer, true, seq(explicit(4, s.other.subject))}))
		})},
	{name: "crl-distribution-point", about: "A CRL for user certificates of one distribution point, with an invalidity date.",
		make: listed(func(_ *scene, l *crl) {
			l.extensions = append(l.extensions, distribution(explicit(0, explicit(0, implicit(6, []byte("http://crl.example.org/r3.crl")...))), implicit(1, 0xff)))
			l.entries = append(l.entries, struck(serialFor("old.example.org"), at(-2*day), invalidity(at(-20*day))))
		})},
	{name: "crl-reason-7", about: "An entry has reason 7, which is not used.",
		make: listed(func(_ *scene, l *crl) {
			l.entries = []der{struck(serialFor("mail.example.org"), at(-5*day), extension{idReason, false, enumerated(7)})}
		})},
	{name: "crl-without-leaf", about: "A CRL that does not list the leaf at hand.", pair: "crl-with-leaf",
		make: func(s *scene) {
			listed(func(*scene, *crl) {})(s)
			s.instead = append(s.instead, certFile("leaf.pem", s.leaf))
		}},
	{name: "crl-with-leaf", about: "A CRL that lists the leaf at hand.", pair: "crl-without-leaf",
		make: func(s *scene) {
			listed(func(s *scene, l *crl) { l.entries = append(l.entries, struck(s.leaf.serial, at(-2*day))) })(s)
			s.instead = append(s.instead, certFile("leaf.pem", s.leaf))
		}},
}
