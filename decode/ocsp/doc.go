// Package ocsp reads OCSP responses and requests, judges them, and builds
// requests.
//
// A [Response] is what was sent. A [View] is the response with the other
// evidence at hand: which certificate it answers for, who issued that one, who
// signed. The rules judge views; they stand in files by topic: encoding.go,
// outcome.go, content.go, match.go, status.go, freshness.go, nonce.go,
// responder.go, signature.go, critical.go, chain.go, lint_*.go, asking.go
// (requests) and http.go. A [Text] is what OpenSSL printed of a response;
// rebuild.go makes the octets of it, so that it is judged like any other.
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
// What each program does with a response is not here but in package client.
//
// Documents: RFC 6960, RFC 9654 (nonce), RFC 9919 (high-volume profile).
package ocsp
