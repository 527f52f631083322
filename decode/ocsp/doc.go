// Package ocsp reads OCSP responses and requests, judges them, and builds
// requests.
//
// A [Response] is what was sent. A [View] is the response with the other
// evidence at hand: which certificate it answers for, who issued that one, who
// signed. Reports made at several times share it: nothing writes to a view once
// it is made, but for the answers that certificates remember.
//
// The rules judge views; they stand in files by topic, in the order of the
// status tree (groups.go): encoding.go, outcome.go, content.go, match.go,
// responder.go and delegate.go, signature.go, extension_rules.go, status.go,
// freshness.go, nonce.go, certid.go, staple.go, chain.go, lint_*.go and http.go;
// those of requests in asking_rules.go. verdict.go makes one sentence of them.
// build.go makes requests.
//
// # Whose response is it?
//
// Nobody is asked for roles: the certificate whose serial number and issuer an
// entry names is the subject, and the one that verifies it is the issuer. A
// wrong issuer is taken too if there is no better, because «your issuer is the
// re-keyed one» helps and «issuer missing» does not.
//
// # Why is a revoked status under a bad signature no «revoked»?
//
// Because anyone could have made it. The headline then says what the response
// claims, and that nothing proves it.
//
// What each program does with a response is not here but in package client, and
// what OpenSSL prints of one is read by package printed.
//
// Documents: RFC 6960, RFC 9654 (nonce), RFC 9919 (high-volume profile).
package ocsp
