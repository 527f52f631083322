package main

// example is what the page says about a vector that it offers.
type example struct {
	name          string // kind/name
	title, lesson string
	// pair is the vector, of the same kind, that differs in one thing: of the
	// two one holds and the other does not. differs says what the thing is.
	pair, differs string
	// rule is the one that tells the two apart, where that is not the verdict.
	rule string
}

// topic is a part of the gallery.
type topic struct {
	name     string
	examples []example
}

// gallery is what the page offers, in the order of the page: from the plain to
// the odd.
var gallery = []topic{
	{"What the answer says", []example{
		{"ocsp/plain", "Good, signed by the CA",
			"The CA that issued the certificate may answer for it itself, with the key that signed it.",
			"badsig", "one bit of the signature.", ""},
		{"ocsp/revoked", "Revoked: key compromise",
			"A revoked status comes with a time and usually a reason, and the time may lie before anyone noticed.",
			"plain", "the status of the one entry: revoked, or good.", ""},
		{"ocsp/unknown", "Unknown to the responder",
			"Unknown is not revoked: this responder has no record, and a client may ask elsewhere.",
			"plain", "the status of the one entry: unknown, or good.", ""},
		{"ocsp/held", "Revoked for a while",
			"certificateHold is the one reason that can be taken back, and until then it counts as revoked.",
			"plain", "the status of the one entry: on hold, or good.", ""},
		{"ocsp/revoked-expired", "Revoked, and stale",
			"An old answer that says revoked still counts, because a revocation is not taken back.",
			"revoked", "the times: nextUpdate was a month ago, or is to come.", "ocsp.fresh.not-expired"},
		{"ocsp/conflict-good-revoked", "Good and revoked at once",
			"With two entries for one certificate each client picks its own: the first, the last or the strictest.",
			"responses-two-same", "the second entry: it contradicts the first one, or repeats it.", ""},
		{"ocsp/status-trylater", "Try later",
			"An error answer is unsigned and says nothing on the certificate; a server must not staple it.", "", "", ""},
		{"ocsp/must-staple-alone", "Must-staple without a staple",
			"This certificate demands a staple in the handshake; some clients refuse the connection without it.",
			"", "", ""},
		{"ocsp/must-staple-expired", "Must-staple with a stale staple",
			"A server that goes on stapling an old answer locks out the clients that its own certificate made strict.",
			"staple", "the times: nextUpdate was yesterday, or is to come.", ""},
	}},
	{"Who signed it", []example{
		{"ocsp/good-del", "Good, signed by a delegated responder",
			"A CA may hand the job to a responder by a certificate of its own with the OCSP signing purpose.",
			"del-noeku", "the responder's certificate has the OCSP signing purpose, or no purpose at all.", ""},
		{"ocsp/del-noeku", "Responder without the OCSP purpose",
			"Without the OCSP signing purpose any certificate of the CA could vouch for any other.",
			"good-del", "the responder's certificate has no purpose at all, or the OCSP signing purpose.", ""},
		{"ocsp/signed-by-leaf", "Signed by the certificate itself",
			"A certificate cannot vouch for itself, however well its signature verifies.",
			"good-del", "the signer: the certificate in question, or a responder of its CA.", ""},
		{"ocsp/del-otherca", "Responder of another CA",
			"Only the CA that issued the certificate can delegate; anybody else is trusted by your own decision alone.",
			"local-responder", "the responder's certificate has no role, or the role «trusted responder» that you give it.", ""},
		{"ocsp/del-expired", "Responder's certificate expired",
			"A fresh answer is worth nothing when the responder's own certificate has run out.",
			"good-del", "the responder's certificate: it expired a month ago, or is valid.", ""},
		{"ocsp/good-del-nocerts", "Responder's certificate not sent",
			"A delegated responder has to send its certificate along, because clients have no other way to it.",
			"good-del-pasted", "the responder's certificate is missing, or lies among the evidence.", ""},
		{"ocsp/chain-other-anchor", "Another root is trusted",
			"The answer is as good as its CA, and whether that is one to trust only you can say.",
			"chain-anchor", "the certificate that is given as the trust anchor.", "ocsp.chain.anchor"},
		{"ocsp/badsig", "The signature is wrong",
			"One changed bit anywhere in what is signed, or in the signature, and nothing in the answer counts.",
			"plain", "one bit of the signature.", ""},
	}},
	{"How fresh it is", []example{
		{"ocsp/expired", "Expired yesterday",
			"After nextUpdate an answer proves nothing: the certificate may have been revoked since.",
			"plain", "the times: nextUpdate was yesterday, or is to come.", ""},
		{"ocsp/future", "Not valid yet",
			"An answer from the future is a wrong clock, here or at the responder.",
			"plain", "the times: thisUpdate is in three days, or was this morning.", ""},
		{"ocsp/old-but-valid", "Valid for too long",
			"A window of forty days is a present to whoever replays the answer after a revocation.",
			"plain", "the times: the window is forty days long, or four.", ""},
		{"ocsp/next-before-this", "Times the wrong way round",
			"An answer whose nextUpdate lies before its thisUpdate was never valid, and clients notice it in different places.",
			"plain", "nextUpdate: it lies before thisUpdate, or after it.", ""},
	}},
	{"Which certificate it is for", []example{
		{"ocsp/wrong-issuer-given", "The wrong issuer",
			"An answer can be matched only with the CA that issued the certificate; most mismatches come from giving another.",
			"plain", "the certificate that is given as the issuer.", ""},
		{"ocsp/certid-twin-issuer", "Same CA name, other key",
			"A CA is its name and its key: after a re-key the name hash fits and the key hash does not.",
			"plain", "the issuerKeyHash of the entry.", ""},
		{"ocsp/certid-other-issuer", "Right serial number, other CA",
			"Serial numbers are unique per CA only, so a match by serial alone is no match.",
			"plain", "both issuer hashes of the entry.", ""},
		{"ocsp/certid-other-serial", "Another serial number",
			"The answer is genuine, and about another certificate of the same CA: often the one before the renewal.",
			"plain", "the serial number of the entry.", ""},
		{"ocsp/certid-sha256-asked-sha1", "Asked with SHA-1, answered with SHA-256",
			"A client looks its question up in the answer octet by octet, and does not find it under another hash.",
			"request-answered", "the hash of the answer's CertID: SHA-256, or SHA-1 as asked.", ""},
		{"ocsp/nonce-mismatch", "Nonce of another question",
			"A nonce ties an answer to one question, so a different one means a replayed or mixed-up answer.",
			"nonce-match", "the nonce in the answer.", ""},
		{"ocsp/nonce-missing", "A nonce that did not come back",
			"Many responders answer from a store and cannot repeat a nonce, so most clients let that pass.",
			"nonce-match", "the answer has no nonce, or the one that was sent.", ""},
		{"ocsp/request-unanswered", "Two questions, one answer",
			"What was asked and is not answered is not known to be good.",
			"request-answered", "the request asks for two certificates, or for one.", ""},
	}},
	{"How it is written", []example{
		{"ocsp/trailing-outer", "Two octets too many",
			"OpenSSL ignores octets after the end, other clients throw the whole answer away.",
			"plain", "two octets follow the answer, or none.", ""},
		{"ocsp/truncated", "Cut short",
			"A length that runs past the end is how a download that broke off looks.",
			"plain", "the last 20 octets are missing, or there.", ""},
		{"ocsp/ber-indefinite", "BER instead of DER",
			"BER has several ways to write the same, and a strict client reads only the one that DER allows.",
			"plain", "the outermost length: it is left open, or given.", ""},
		{"ocsp/time-offset", "A time with an offset",
			"Times in an answer end in Z; clients that meet an offset read it, ignore it or refuse the answer.",
			"plain", "thisUpdate: it is written with an offset, or with Z.", ""},
		{"ocsp/ext-critical-unknown", "A critical extension nobody knows",
			"Critical means: whoever does not understand this must not use the answer.",
			"ext-unknown", "the same extension is critical, or it is not.", ""},
		{"ocsp/http-404", "A good answer under a 404",
			"The answer is good, and no client reads it: to them an HTTP error has no body.",
			"http-good", "the status line of HTTP: 404, or 200.", "ocsp.http.status"},
		{"ocsp/printed", "Text instead of octets",
			"Printed text proves something only when the octets rebuilt from it fit the signature.",
			"printed-changed", "one word of the text: good, as it was signed, or good where revoked was signed.", ""},
	}},
	{"Algorithms, old and post-quantum", []example{
		{"ocsp/sig-rsa-sha1", "Signed with SHA-1",
			"The signature verifies, yet a collision of SHA-1 could move it to another answer.",
			"plain", "the hash of the signature: SHA-1, or SHA-256.", ""},
		{"ocsp/sig-pss-sha256", "Signed with RSASSA-PSS",
			"The parameters of PSS are part of the algorithm: hash, mask and salt must fit each other.",
			"sig-pss-mgf", "the mask is made with the hash of the signature, SHA-256, or with SHA-1.", ""},
		{"ocsp/sig-ecdsa-raw", "ECDSA in the form of JOSE",
			"Two numbers in a row are a signature to JOSE and none to X.509, which wants a SEQUENCE of two INTEGERs.",
			"del-p256", "the form of the same signature.", ""},
		{"ocsp/del-mldsa44", "Signed with ML-DSA",
			"A post-quantum signature alone is longer than most whole answers are today.",
			"del-mldsa44-badsig", "one bit of the signature.", ""},
		{"ocsp/del-slhdsa", "Signed with SLH-DSA",
			"A signature made of hashes alone needs no new mathematics, and 7,856 octets.",
			"", "", ""},
	}},
	{"Requests", []example{
		{"ocsp/req-good", "A request",
			"A request names a certificate by its issuer's hashes and its serial number, and needs nothing else.",
			"req-other-serial", "the serial number that is asked for.", ""},
		{"ocsp/req-nonce-16", "A nonce too short to send",
			"A requester sends 32 octets of nonce at least; OpenSSL still sends 16.",
			"req-nonce-32", "the nonce has 16 octets, or 32.", ""},
	}},
	{"Certificates, CRLs and others", []example{
		{"cert/leaf", "A certificate and its issuer",
			"A certificate counts as far as somebody you trust signed it, and for no longer than it says.",
			"badsig", "one bit of the signature.", ""},
		{"cert/expired", "An expired certificate",
			"After notAfter the CA need no longer say whether the certificate was revoked.",
			"leaf", "the validity.", ""},
		{"cert/serial-negative", "A negative serial number",
			"The first bit of an INTEGER is its sign: a random serial number needs a zero octet before it half of the time.",
			"leaf", "the serial number.", ""},
		{"cert/precertificate", "A precertificate",
			"A CA logs this before it issues, and poisons it so that nobody takes it for the certificate.",
			"leaf", "the poison extension is there, or it is not.", ""},
		{"cert/crl", "A CRL",
			"A CRL lists what a CA revoked, and says when the next one comes.",
			"crl-expired", "the times: nextUpdate is to come, or was yesterday.", ""},
		{"cert/crl-expired", "A stale CRL",
			"Whoever goes on using a CRL after nextUpdate misses what was revoked since.",
			"crl", "the times: nextUpdate was yesterday, or is to come.", ""},
		{"cert/crl-with-leaf", "A certificate on a CRL",
			"A CRL names what is revoked by serial number; what it does not list is not revoked by it.",
			"crl-without-leaf", "one entry of the CRL: it is there, or it is not.", "cert.revoked.listed"},
		{"cert/csr", "A certificate request",
			"A request is signed with its own key, which shows that the requester has it.",
			"csr-badsig", "one bit of the signature.", ""},
		{"cert/pkcs7-bundle", "A bundle of certificates",
			"PKCS #7 without a signature is a bag: the order in it says nothing.",
			"pkcs7-broken-certificate", "the second certificate is one, or is none.", ""},
		{"cert/public-key", "A public key",
			"A point that is not on its curve is no key, however well it is encoded.",
			"public-key-off-curve", "one octet of the point.", ""},
		{"cert/name", "A name",
			"Names are compared part by part, and hashed octet by octet.", "", "", ""},
		{"cert/private-key-pkcs8", "A private key",
			"A private key that is pasted by mistake is recognised, and nothing of it is shown.", "", "", ""},
		{"cert/pkcs12", "A PKCS #12 file",
			"A file with a private key under a password is named, and not opened.", "", "", ""},
	}},
}

// offered finds the example that a vector is, and its topic and place.
func offered(path string) (e example, in string, place int) {
	for _, t := range gallery {
		for _, e := range t.examples {
			place++
			if e.name == path {
				return e, t.name, place
			}
		}
	}
	return example{}, "", 0
}
