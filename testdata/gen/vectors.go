package main

// ocspVectors are the tables for testdata/ocsp.
func ocspVectors() [][]vector {
	return [][]vector{outer, freshness}
}
