package main

// ocspVectors are the tables for testdata/ocsp.
func ocspVectors() [][]vector {
	return [][]vector{outer, content, certids, status, reasons(), freshness, nonces, signatures, extensionVectors,
		responders, chains, profiles, requests, carriers, staples}
}
