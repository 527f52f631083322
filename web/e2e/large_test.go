package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"derscope/testdata/bigcrl"
)

// bring puts a file into the page's memory, and fall lets the files that were
// brought fall on it: the second alone is what a user would wait for.
func (p *page) bring(name string, b []byte) {
	p.Helper()
	p.site.large = b
	eval[bool](p, fmt.Sprintf(`fetch("large").then((r) => r.blob()).then((b) => (window.brought ??= []).push(new File([b], %s)) > 0)`, quote(name)))
}

func (p *page) fall() {
	p.Helper()
	eval[bool](p, `(() => {
		const data = new DataTransfer();
		for (const f of brought.splice(0)) data.items.add(f);
		window.fell = performance.now();
		document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
		return true;
	})()`)
}

// crl opens a CRL of n entries.
func (p *page) crl(n int) {
	p.Helper()
	p.bring("large.crl", bigcrl.CRL(n))
	p.fall()
	p.wait(`document.querySelector("#fields .f")`)
}

// scroll moves a list to a share of its length, and waits for a condition. It
// does so again if the page, which was still at something else, moved it back.
func (p *page) scroll(id string, share float64, cond string) {
	p.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const e = document.getElementById(%s);
		e.scrollTop = %g * (e.scrollHeight - e.clientHeight);
		return %s;
	})()`, quote(id), share, cond))
}

// labels are the names in the rows that are in sight.
const labels = `(() => {
	const box = document.querySelector("#fields").getBoundingClientRect();
	return [...document.querySelectorAll("#fields .f")].filter((e) => {
		const r = e.getBoundingClientRect();
		return r.top >= box.top && r.bottom <= box.bottom;
	}).map((e) => e.querySelector(".k").textContent);
})()`

// A long list is reached anywhere: by the scroll bar, the keys, an octet.
func TestLongList(t *testing.T) {
	const n = 5000
	p := open(t)
	p.ready()
	p.crl(n)
	p.wait(fmt.Sprintf(`document.querySelector("#fields").scrollHeight > 22 * %d`, n))
	p.scroll("fields", 0.5, fmt.Sprintf(`%s.includes("revokedCertificates[%d]")`, labels, n/2))
	p.wait(`[...document.querySelectorAll("#fields [data-node] .k")].some((e) => e.textContent.endsWith("[2500]"))`)
	if got := p.count("#fields .f"); got > 120 {
		t.Errorf("%d rows are drawn", got)
	}
	p.row("revokedCertificates[2500]")
	p.wait(marked + `.startsWith("30 ")`)
	if got := p.text("#explain .path"); !strings.HasSuffix(got, "revokedCertificates[2500]") {
		t.Errorf("selected is %q", got)
	}
	// An element opens, and shows its fields.
	p.wait(`(() => { const e = document.querySelector('#fields [aria-selected="true"] .tw'); e?.click(); return e; })()`)
	p.wait(`document.querySelector('#fields [aria-selected="true"]')?.getAttribute("aria-expanded") === "true"`)
	p.wait(labels + `.includes("userCertificate")`)
	p.row("userCertificate")
	serial := p.text(`#fields [aria-selected="true"] .v`)

	p.focus("#fields")
	p.press("End")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "signatureValue"`)
	p.press("ArrowUp")
	p.press("ArrowUp")
	p.press("PageUp")
	p.press("PageUp")
	p.press("PageUp")
	p.press("Home")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "certificateList"`)

	// An octet leads to the entry that it lies in.
	p.scroll("hex", 0.75, `parseInt(document.querySelector("#hex .off").textContent, 16) > 100000`)
	off := eval[int](p, `parseInt([...document.querySelectorAll("#hex .off")].at(20).textContent, 16)`)
	p.octet(off)
	p.wait(`/revokedCertificates\[37\d\d\]/.test(document.querySelector("#explain .path")?.textContent)`)
	p.wait(labels + `.some((l) => /^revokedCertificates\[37\d\d\]$/.test(l))`)

	// The filter leaves what holds the text.
	p.focus("#filter")
	p.keys(serial)
	p.wait(`document.querySelector("#filter-sum").textContent === "1 of 5,000"`)
	p.wait(labels + `.filter((l) => l.startsWith("revokedCertificates[")).join() === "revokedCertificates[2500]"`)
	p.shutsNobodyOut("a long list, filtered")
	p.shots("large-filter")
	p.focus("#filter")
	eval[bool](p, `document.querySelector("#filter").select() ?? true`)
	p.keys("no such thing")
	p.wait(`document.querySelector("#filter-sum").textContent === "0 of 5,000"`)
	eval[bool](p, `document.querySelector("#filter").select() ?? true`)
	p.keys("\b")
	p.wait(`document.querySelector("#filter-sum").textContent === ""`)
	p.wait(fmt.Sprintf(`document.querySelector("#fields").scrollHeight > 22 * %d`, n))
}

// The ASN.1 view opens a list of any length, and each of its elements.
func TestLongASN1(t *testing.T) {
	const n = 5000
	p := open(t)
	p.ready()
	p.crl(n)
	p.click(`[role=tab]:nth-child(2)`)
	p.wait(fmt.Sprintf(`document.querySelector("#asn1")?.scrollHeight > 22 * %d`, n))
	p.wait(`[...document.querySelectorAll("#asn1 .v")].some((e) => e.textContent === "5,000 elements")`)
	p.scroll("asn1", 0.5, `[...document.querySelectorAll("#asn1 .f")].some((e) => +e.dataset.element > 2400)`)
	before := eval[int](p, `document.querySelector("#asn1").scrollHeight`)
	p.wait(`(() => { const e = document.querySelector('#asn1 .f:nth-child(20) .tw'); e?.click(); return e; })()`)
	p.wait(fmt.Sprintf(`document.querySelector("#asn1").scrollHeight > %d`, before))
	p.focus("#asn1")
	p.press("End")
	p.wait(`document.querySelector('#asn1 [aria-selected="true"] .k')?.textContent === "BIT STRING"`)
	p.basics("the ASN.1 of a long list")
}

// bundle is n certificates of one CA, in PEM, the CA's first.
func bundle(t *testing.T, n int) [][]byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Bundle CA"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Unix(1790000000, 0), NotAfter: time.Unix(1990000000, 0)}
	all := make([][]byte, n)
	for i := range all {
		c := ca
		if i > 0 {
			name := fmt.Sprintf("host-%03d.example.org", i)
			c = &x509.Certificate{SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
				NotBefore: ca.NotBefore, NotAfter: ca.NotAfter}
		}
		b, err := x509.CreateCertificate(rand.Reader, c, ca, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		all[i] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: b})
	}
	return all
}

// Hundreds of pieces are listed a page at a time, and found by name.
func TestManyPieces(t *testing.T) {
	const n = 300
	certs := bundle(t, n)
	look := func(t *testing.T, p *page) {
		t.Helper()
		p.wait(`/^1–50 of 30\d$/.test(document.querySelector("#pieces-sum")?.textContent)`)
		if got := p.count(".items .ev"); got > 60 {
			t.Errorf("%d pieces are drawn", got)
		}
		p.click(`[data-do="page"][data-arg="1"]`)
		p.wait(`document.querySelector("#pieces-sum").textContent.startsWith("51–100 of ")`)
		p.focus("#pieces")
		p.keys("host-277")
		p.wait(`document.querySelector("#pieces-sum").textContent === "1–1 of 1"`)
		p.click(".items .ev .pick")
		p.wait(`document.querySelector(".verdict h1").textContent.includes("host-277")`)
		p.shutsNobodyOut("many pieces")
	}
	t.Run("bundle", func(t *testing.T) {
		p := open(t)
		p.ready()
		p.bring("bundle.pem", bytes.Join(certs, nil))
		p.fall()
		look(t, p)
		p.shots("large-pieces")
	})
	t.Run("files", func(t *testing.T) {
		p := open(t)
		p.ready()
		for i, c := range certs {
			p.bring(fmt.Sprintf("%03d.pem", i), c)
		}
		p.fall()
		look(t, p)
		p.remove("277.pem")
		p.wait(`document.querySelector("#pieces-sum").textContent === "none"`)
	})
	t.Run("paste", func(t *testing.T) {
		p := open(t)
		p.ready()
		lines := strings.Repeat("01:23:45:67:89:ab:cd:ef:01:23:45:67:89:ab:cd:ef:01:23\n", 10_000)
		p.paste("#input", lines+string(certs[1]))
		p.wait(`document.querySelector(".verdict h1")?.textContent.includes("host-001")`)
	})
}

// A file of 60 MB opens, is reached to its end, and the page stays alive. What
// the browser lays out is bounded, so the lists are scaled.
func TestVeryLarge(t *testing.T) {
	p := open(t)
	p.ready()
	const n = 1_290_000
	p.bring("very-large.crl", bigcrl.CRL(n))
	p.fall()
	p.wait(`document.querySelector(".verdict h1")?.textContent.includes("1,290,000")`)
	p.wait(`document.querySelector("#fields")?.scrollHeight > 5_000_000`)
	p.scroll("fields", 0.5, labels+`.some((l) => /^revokedCertificates\[64\d{4}\]$/.test(l))`)
	p.wait(`[...document.querySelectorAll("#fields [data-node] .k")].some((e) => /\[64\d{4}\]$/.test(e.textContent))`)
	p.focus("#fields")
	p.press("End")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "signatureValue"`)
	p.wait(labels + `.includes("revokedCertificates[1289999]")`)
	p.press("Home")
	p.wait(`document.querySelector('#fields [aria-selected="true"] .k')?.textContent === "certificateList"`)
	// A turn of the wheel moves by as much as it says, however long the list.
	p.scroll("fields", 0.25, labels+`.some((l) => /^revokedCertificates\[32\d{4}\]$/.test(l))`)
	first := `+document.querySelector("#fields .k").textContent.match(/\d+/)?.[0]`
	before := eval[int](p, first)
	eval[bool](p, `(document.querySelector("#fields").scrollBy(0, 220), true)`)
	p.wait(fmt.Sprintf(`%s === %d`, first, before+10))
	p.scroll("hex", 1, `[...document.querySelectorAll("#hex .off")].at(-1).textContent >= "03900000"`)
	p.click(`[role=tab]:nth-child(2)`)
	p.wait(`document.querySelector("#asn1")?.scrollHeight > 5_000_000`)
	p.focus("#asn1")
	p.press("End")
	p.wait(`document.querySelector('#asn1 [aria-selected="true"] .k')?.textContent === "BIT STRING"`)
}

// What each paste leaves behind is given back: the page can stay open.
func TestNothingPilesUp(t *testing.T) {
	p := blank(t)
	p.site.bare = true
	p.navigate(p.url)
	p.ready()
	p.pastes(8)
	before := p.memory()
	p.pastes(12)
	after := p.memory()
	if after.Values > before.Values+300 || after.Page > before.Page*1.5 || after.Worker > before.Worker*1.5 {
		t.Errorf("before: %s\nafter 12 pastes more: %s", before, after)
	}
}

// A file beyond what is read at all is refused before it takes any memory, and
// one that cannot be read is said so.
func TestTooLarge(t *testing.T) {
	p := open(t)
	p.ready()
	eval[bool](p, `(() => {
		const part = new Uint8Array(1 << 20);
		window.brought = [new File(Array(257).fill(part), "huge.bin")];
		return true;
	})()`)
	p.fall()
	p.wait(`document.querySelector("#said").textContent.includes("huge.bin is not opened: no more than 256 MiB are read in all")`)
	eval[bool](p, `(() => {
		const gone = new File(["x"], "gone.pem");
		gone.arrayBuffer = () => Promise.reject(new Error("gone"));
		const data = { files: [gone, new File(["nothing in it"], "here.txt")] };
		const drop = new Event("drop", { bubbles: true, cancelable: true });
		drop.dataTransfer = data;
		document.body.dispatchEvent(drop);
		return true;
	})()`)
	p.wait(`document.querySelector(".items, .ev")?.textContent.includes("here.txt")`)
}
