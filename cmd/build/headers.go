package main

import (
	"fmt"
	"strings"
)

// fields are sent with every file, by servers that can be told so. The policy
// stands here once more because the page's own does not reach the worker, and
// cannot say who may frame the page.
var fields = [][2]string{
	{"Content-Security-Policy", policy + "; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
}

// forEver is how long browsers may keep a file whose name holds its hash.
const forEver = "public, max-age=31536000, immutable"

// headers is the file _headers, which hosts of static pages read.
func headers() []byte {
	var b strings.Builder
	b.WriteString("/*\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "  %s: %s\n", f[0], f[1])
	}
	b.WriteString("/assets/*\n  Cache-Control: " + forEver + "\n/sw.js\n  Cache-Control: no-cache\n")
	return []byte(b.String())
}

// nginx says the same in nginx's words, to be included in a server or in a
// location. A location of its own for the assets would inherit no add_header
// once it had one, so the time is a variable.
func nginx() []byte {
	var b strings.Builder
	b.WriteString("# derscope's headers and compressed copies, for the server {} or location {} that has its files.\n")
	for _, f := range fields {
		fmt.Fprintf(&b, "add_header %s %q always;\n", f[0], f[1])
	}
	fmt.Fprintf(&b, `set $derscope_cache no-cache;
if ($uri ~ /assets/[^/]+$) { set $derscope_cache %q; }
add_header Cache-Control $derscope_cache;
gzip_static on;
gzip_vary on;
# brotli_static on; # where nginx has the module: a third less than gzip
`, forEver)
	return []byte(b.String())
}
