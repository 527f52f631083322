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

// armorVectors are the tables for testdata/armor.
func armorVectors() [][]vector {
	return [][]vector{armors}
}
