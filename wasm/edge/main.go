// Command edge is the service of package service for Cloudflare Workers, as a
// WebAssembly program that worker.mjs beside it starts and calls.
//
// # Why is there one instance for all requests?
//
// To start the program takes as long as to answer fifty requests. The library
// for such workers, github.com/syumai/workers, starts it for each of them.
// Here worker.mjs reads the body, with the bounds of size and time that only
// it can keep, then calls the program, which answers before it returns. Bodies
// that are on their way stand in JavaScript and hold up nobody. From the library
// the program learns what the host has set, and stays until it is dropped.
//
// For that nothing behind the call may wait: a goroutine that does wakes in
// the wrong request, where the host ends it, or never. A test looks for what
// could. What is kept from request to request is the program's memory alone,
// and worker.mjs drops the instance when that has grown, or when it ended.
//
// # Who fetches?
//
// worker.mjs: the program says what to ask of a responder, and judges what came.
package main

// Bounds of a host that gives a worker 128 MiB for everything.
const (
	inspectBody = 1 << 20  // octets of a body
	reportMost  = 8 << 20  // octets of a report: while one grows there is a second of the same size, and JavaScript has a third
	heapMost    = 40 << 20 // octets from where on memory is spared; cmd/build says where it ends
)
