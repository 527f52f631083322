package main

// ocspVectors are the tables for testdata/ocsp.
func ocspVectors() [][]vector {
	return [][]vector{outer, content, certids, status, reasons(), freshness, nonces, signatures, extensionVectors,
		responders, chains, profiles, requests, carriers, staples, texts, spoken}
}

// certVectors are the tables for testdata/cert.
func certVectors() [][]vector {
	return [][]vector{certificates, crls, csrs, containers, spokenLists}
}

// sessionVectors are the tables of sessions for testdata/ticket.
func sessionVectors() [][]vector {
	return [][]vector{sessions, states}
}

// armorVectors are the tables for testdata/armor.
func armorVectors() [][]vector {
	return [][]vector{armors}
}

// tlsRuleVectors are the tables for testdata/tls of what is judged of handshakes.
func tlsRuleVectors() [][]vector {
	return [][]vector{tlsForms, tlsStaples, tlsClients, tlsPSKs, tlsResumptions, tlsTickets, callbacks, tlsHellos, tlsExtensions, tlsMessages, tlsProofs, tlsFlows}
}
