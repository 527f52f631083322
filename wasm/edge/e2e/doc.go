// Package e2e tests the service at the edge in the program that runs workers
// there: workerd, with the bundle that cmd/build made, on loopback.
//
// Its tests run with make test. They need DERSCOPE_WORKERD, the path of a
// workerd, and are left out without it.
//
// A test asks the worker and the native handler the same, and both have to
// answer the same:
//
//	w := edge(t)
//	w.same(t, ask{"POST", "/api/inspect?at=" + at, octets, nil}, 200)
//
// Behind the worker lies no Internet but a world of the tests' own, to which
// every fetch of the worker leads, whatever the URL says. The worker is the one
// that is deployed: it knows nothing of tests.
package e2e
