// Package e2e tests the page in a real browser: Chromium, without a window,
// on the site that cmd/build made, served at a path of its own below a
// loopback address.
//
// Its tests run with make test. They need DERSCOPE_BROWSER, the path of a
// Chromium, and are left out without it. The core ones are done in Firefox, too,
// where DERSCOPE_FIREFOX is its path.
//
// A test opens a page and acts on it:
//
//	p := open(t)
//	p.ready()
//	p.paste("#input", text)
//	p.wait(`document.querySelector("#verdict")?.textContent.includes("Good")`)
//	p.shots("verdict")
//
// When it ends, the page must have asked no other origin for anything and
// must have complained about nothing.
package e2e
