package e2e

import (
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"derscope/testdata/bigcrl"
)

// TestBenchTransaction measures what the worker takes to read and judge a
// transaction of six messages, and what the page takes from their drop to the
// painted verdict; and the same with the secret, when it is given, whose key
// derivation has 10,000 rounds.
func TestBenchTransaction(t *testing.T) {
	bench(t)
	p := open(t)
	p.ready()
	p.paste("#input", hello(t))
	p.whole()
	eval[bool](p, asked)
	all := filesOf(t, "cmp", "story-poll")
	var names []string
	for name := range all {
		if name != "secret.txt" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var alone, drop, secret []float64
	for range 21 {
		p.click(`#evidence [data-do="clear"]`)
		p.wait(`!document.querySelector("#verdict")`)
		for _, name := range names[:6] {
			p.bring(name, all[name])
		}
		eval[bool](p, `(loads.length = 0, true)`)
		p.painted(`document.querySelector('svg[data-picture="sequence"]') && document.querySelector("#verdict h1")`)
		p.fall()
		p.wait(`window.took > 0 && loads.length > 0`)
		alone = append(alone, eval[float64](p, `loads[0]`))
		drop = append(drop, eval[float64](p, `took`))
		eval[bool](p, `(loads.length = 0, true)`)
		p.supply("secret", agreed)
		p.wait(`loads.length > 0 && document.querySelector("#verdict.pass")`)
		secret = append(secret, eval[float64](p, `loads[0]`))
		time.Sleep(100 * time.Millisecond)
	}
	t.Log(spread("six messages, worker", alone[1:]))
	t.Log(spread("six messages, drop to painted", drop[1:]))
	t.Log(spread("six messages with the secret, worker", secret[1:]))
}

// elem is a DER element.
func elem(tag byte, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	head := []byte{tag, byte(len(body))}
	if n := len(body); n > 0x7f {
		head = []byte{tag, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
		for head[2] == 0 {
			head = append([]byte{tag, head[1] - 1}, head[3:]...)
		}
	}
	return append(head, body...)
}

// currentCRL is a genp without protection that brings a CRL.
func currentCRL(crl []byte) []byte {
	nobody := elem(0xa4, elem(0x30))
	random := func(tag byte, of string) []byte {
		return elem(tag, elem(0x04, []byte(fmt.Sprintf("%-16s", of))))
	}
	header := elem(0x30, elem(0x02, []byte{2}), nobody, nobody, elem(0xa0, elem(0x18, []byte("20261120091100Z"))),
		random(0xa4, "transaction"), random(0xa5, "nonce"), random(0xa6, "its answer"))
	id, _ := hex.DecodeString("2b06010505070406") // id-it-currentCRL
	return elem(0x30, header, elem(0xb6, elem(0x30, elem(0x30, elem(0x06, id), crl))))
}

// TestBenchGeneral measures a genp that brings a CRL of 20 MB, each time in a new
// page, from the drop to the frame after the one that holds its verdict and its
// first fields, and what the worker's memory has grown to.
func TestBenchGeneral(t *testing.T) {
	bench(t)
	b := currentCRL(bigcrl.CRL(bigcrl.Entries * 20 / 9))
	var drop, stall []float64
	for i := range 5 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := blank(t)
			p.site.bare = true
			p.navigate(p.url)
			p.ready()
			p.paste("#input", hello(t))
			p.whole()
			p.click(`[data-do="clear"]`)
			before := p.memory()
			p.bring("genp.der", b)
			eval[bool](p, ticker)
			time.Sleep(300 * time.Millisecond)
			p.stall()
			p.painted(`document.querySelector("#verdict h1") && document.querySelector("#fields .f")`)
			p.fall()
			p.wait(`window.took > 0`)
			drop = append(drop, eval[float64](p, `took`))
			time.Sleep(300 * time.Millisecond)
			stall = append(stall, p.stall())
			after := p.memory()
			t.Logf("%.1f MB, %s; before %v, after %v: worker %.1f times the file", float64(len(b))/1e6, p.text("#verdict h1"),
				before, after, after.Worker*1e6/float64(len(b)))
		})
	}
	t.Log(spread("genp with a 20 MB CRL: drop to painted", drop))
	t.Log(spread("genp with a 20 MB CRL: longest stall", stall))
}
