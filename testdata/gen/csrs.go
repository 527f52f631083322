package main

// csr is a PKCS #10 request (RFC 2986, section 4.1) before encoding.
type csr struct {
	version    int64
	subject    der
	key        *key
	scheme     *scheme
	attributes der
	value      func(signature []byte) der
}

func (r *csr) der() der {
	s := r.key.usual
	if r.scheme != nil {
		s = *r.scheme
	}
	info := seq(integer(r.version), r.subject, r.key.spki, r.attributes)
	octets := r.key.sign(s, info)
	value := bits(octets...)
	if r.value != nil {
		value = r.value(octets)
	}
	return seq(info, s.id, value)
}

// requested is a request on P-256 for a host name, changed.
func requested(change func(s *scene, r *csr)) func(s *scene) {
	return showing(func(s *scene) []file {
		r := &csr{subject: s.leaf.subject, key: s.key("leaf"), attributes: wanted(hosts("www.example.org"))}
		change(s, r)
		return []file{armored("request.pem", "CERTIFICATE REQUEST", r.der())}
	})
}

// requestedKey is the same for another key and scheme.
func requestedKey(name string, sch *scheme) func(s *scene) {
	return requested(func(s *scene, r *csr) { r.key, r.scheme = s.key(name), sch })
}

// requestedWith is the same with other attributes.
func requestedWith(attributes der) func(s *scene) {
	return requested(func(_ *scene, r *csr) { r.attributes = attributes })
}

// attribute is one Attribute of a request.
func attribute(id string, values ...der) der { return seq(oid(id), set(values...)) }

// wanted is the attribute extensionRequest (RFC 2985, section 5.4.2).
func wanted(list ...extension) der {
	return explicit(0, attribute("1.2.840.113549.1.9.14", extensions(list)))
}

// csrs is about PKCS #10 requests: csr.*.
var csrs = []vector{
	{name: "csr", about: "A request on P-256 for a host name.", make: requested(func(*scene, *csr) {})},
	{name: "csr-badsig", about: "One bit of the signature is turned over.", pair: "csr",
		make: requested(func(_ *scene, r *csr) { r.value = flipped })},
	{name: "csr-rsa1024", about: "The key is RSA with 1024 bits.", make: requestedKey("rsa1024", nil)},
	{name: "csr-rsa768", about: "The key is RSA with 768 bits.", make: requestedKey("rsa768", nil)},
	{name: "csr-sha1", about: "Signed with SHA-1.", make: requestedKey("responder", &rsaSHA1)},
	{name: "csr-md5", about: "Signed with MD5.", make: requestedKey("responder", &rsaMD5)},
	{name: "csr-pss", about: "Signed by RSASSA-PSS.", make: requestedKey("responder", &pssSHA256)},
	{name: "csr-mldsa65", about: "The key is ML-DSA-65.", make: requestedKey("mldsa65", nil)},
	{name: "csr-ed448", about: "The key is Ed448.", make: requestedKey("ed448", nil)},
	{name: "csr-version-v2", about: "The version is 1, a v2 that does not exist.",
		make: requested(func(_ *scene, r *csr) { r.version = 1 })},
	{name: "csr-no-attributes", about: "The attributes are missing, though they may only be empty.", make: requestedWith(nil)},
	{name: "csr-no-names", about: "There is no subjectAltName, only a subject.", make: requestedWith(explicit(0))},
	{name: "csr-nameless", about: "The subject is empty, and no subjectAltName is asked for.",
		make: requested(func(_ *scene, r *csr) { r.subject, r.attributes = seq(), explicit(0) })},
	{name: "csr-challenge", about: "There is a challenge password, and must-staple is asked for.",
		make: requestedWith(explicit(0,
			attribute("1.2.840.113549.1.9.7", printable("not a secret")),
			attribute("1.2.840.113549.1.9.14", extensions([]extension{hosts("www.example.org"), features(5)}))))},
	{name: "csr-critical-unknown", about: "An unknown critical extension is asked for.",
		make: requestedWith(wanted(hosts("www.example.org"), critical(strange())))},
	{name: "csr-extension-twice", about: "The same extension is asked for twice.",
		make: requestedWith(wanted(hosts("www.example.org"), strange(), strange()))},
	{name: "csr-trailing", about: "A NULL follows the request.", pair: "csr",
		make: func(s *scene) {
			r := &csr{subject: s.leaf.subject, key: s.key("leaf"), attributes: wanted(hosts("www.example.org"))}
			s.instead = []file{armored("request.pem", "CERTIFICATE REQUEST", join(r.der(), null()))}
		}},
}
