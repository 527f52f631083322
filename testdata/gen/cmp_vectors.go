package main

// # Vectors of CMP
//
// A vector is a literal {name, about, pair, make} in a table of a file cmp_*.go,
// and the table a line in cmpVectors. What make can be:
//
//	enrolling(cmpIR, func(t *cmpTalk) { … })          ir, ip, certConf, pkiconf with PasswordBasedMac
//	enrollingSigned(cmpKUR, func(t *cmpTalk) { … })   the same signed, the root beside it as anchor
//	oneMessage(cmpIR, 1, func(t *cmpTalk, m *cmpMessage) { … })   of that transaction only the ip; oneSigned
//	talking(func(t *cmpTalk) { t.signed(); t.ask(cmpRR, …); t.answer(cmpRP, …) })   any messages, headers filled in
//
// The function changes one thing of t.messages[i] before it is protected:
// m.senderKID = nil, m.recipNonce = random("another", 16), m.requests[0].pop = nil,
// m.by = nil (no protection), m.content = null(). Numbers are the same in all
// vectors, so that a pair differs in that one thing; t.seed changes them.
// What is to be changed behind the protection's back: m.late = func(m *cmpMessage) { … };
// how parts are encoded: m.asHeader, m.asBody, m.asValue, m.asWhole, with the functions of der.go.
// Beside the messages lie secret.txt (t.secret = "another") or root.pem (t.anchor = false
// takes it away), and what t.beside holds. Options: t.option("profile lw"), t.option("set NAME=VALUE").

// cmpVectors are the tables for testdata/cmp.
func cmpVectors() [][]vector {
	return [][]vector{
		cmpGood,
		cmpEncoding,
		cmpBodies,
		cmpGeneral,
		cmpStories,
		cmpTransport,
		cmpParts,
		cmpHeader,
		cmpAnswers,
		cmpRevocations,
		cmpConfirms,
		cmpSealed,
		cmpRequests,
		cmpControls,
		cmpPossessions,
		cmpUpdates,
		cmpSigned,
		cmpExtraCerts,
		cmpProtections,
		cmpPairing,
		cmpPolling,
		cmpContinuity,
		cmpOutcome,
		cmpClients,
	}
}

// cmpGood are whole transactions with nothing to complain about.
var cmpGood = []vector{
	{name: "ir-pbm", about: "A first certificate, asked for and granted under a shared secret.", make: enrolling(cmpIR, nil)},
	{name: "ir-signed", about: "A first certificate, asked for with the maker's certificate, all messages signed.", make: enrollingSigned(cmpIR, nil)},
	{name: "p10cr", about: "A certificate asked for with a PKCS #10 request.", make: enrolling(cmpP10CR, nil)},
	{name: "kur", about: "A certificate is replaced by a new one for a new key.", make: enrollingSigned(cmpKUR, nil)},
	{name: "rr", about: "A certificate is revoked at the wish of its owner.", make: talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpRR, seq(revDetails(t.old, reasonCode(1))))
		t.answer(cmpRP, revRep([]der{statusInfo(accepted, "")}, []der{certIDOf(t.old)}, nil))
	})},
	{name: "genm", about: "The client asks for the certificates of the CAs.", make: talking(func(t *cmpTalk) {
		t.signed()
		t.ask(cmpGenM, seq(infoValue(itCACerts)))
		t.answer(cmpGenP, seq(infoValue(itCACerts, seq(t.ca.der))))
	})},
}
