package e2e

import (
	"strings"
	"testing"
)

// The request is made in the forms that people send it in.
func TestRequest(t *testing.T) {
	p := blank(t)
	p.rich() // requests are made by the whole decoder
	p.allow("api/health")
	p.navigate(p.url)
	p.ready()
	p.paste("#input", vector(t, "good-ca-byname"))
	p.verdict("Good")
	p.click(`#request [data-do="builder"]`)
	p.wait(`document.querySelectorAll("#request .form").length === 5`)
	p.click("#relay-request summary")
	form := func(name string) string {
		t.Helper()
		return eval[string](p, `[...document.querySelectorAll("#request .form")].find((e) => e.querySelector("h3").textContent === `+quote(name)+`)?.querySelector("code").textContent ?? ""`)
	}
	if got := form("URL, to ask by GET"); !strings.HasPrefix(got, "http://ocsp.example.org/r3/M") {
		t.Errorf("the address of the GET is %q", got)
	}
	if got := form("openssl"); !strings.HasPrefix(got, "openssl ocsp ") {
		t.Errorf("the command is %q", got)
	}
	plain := form("In hexadecimal")
	if !strings.HasPrefix(plain, "30") || !strings.Contains(plain, "2b0e03021a") {
		t.Errorf("the octets are %q, which do not name SHA-1", plain)
	}
	eval[bool](p, `(() => {
		const s = document.querySelector("#relay-hash");
		s.value = "SHA-256";
		s.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	})()`)
	p.wait(`[...document.querySelectorAll("#request code")].some((e) => e.textContent.includes("608648016503040201"))`)
	p.click("#relay-nonce")
	p.wait(`[...document.querySelectorAll("#request code")].some((e) => e.textContent.includes("2b0601050507300102"))`)
	p.click(`#relay-forms [data-do="copy"]`)
	p.wait(`document.querySelector("#said").textContent === "Copied."`)
	if got := eval[string](p, `navigator.clipboard.readText()`); !strings.HasPrefix(got, "openssl ocsp ") {
		t.Errorf("the clipboard holds %q", got)
	}
}

// What clients and servers do stands in tables, each row with the way to see
// it.
func TestPrograms(t *testing.T) {
	p := open(t)
	p.ready()
	p.paste("#input", vector(t, "expired"))
	p.wait(`document.querySelector("#clients")`)
	for _, name := range []string{"OpenSSL", "Go", "Chromium", "Firefox", "GnuTLS"} {
		if !strings.Contains(p.text("#clients"), name) {
			t.Errorf("no row for %s", name)
		}
	}
	for _, name := range []string{"HAProxy", "nginx", "Apache httpd"} {
		if !strings.Contains(p.text("#servers"), name) {
			t.Errorf("no row for %s", name)
		}
	}
	if !strings.Contains(p.text("#callbacks"), "SSL_CTX_set_tlsext_status_cb") {
		t.Error("no callback")
	}
	p.click(`#clients .how`)
	p.wait(`document.querySelector("#clients .cmd code")?.textContent.startsWith("openssl ocsp")`)
	p.click(`#callbacks .fold`)
	p.wait(`document.querySelector("#callbacks table")`)
}
