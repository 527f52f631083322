package decode_test

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode"
	"derscope/decode/report"
)

// A responder that does not want to answer: five octets, pasted as base64.
func Example() {
	c := decode.Load([]decode.Input{{Name: "paste", Bytes: []byte("MAMKAQY=")}}, decode.Limits{})
	r := c.Report(decode.Options{At: time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)})
	it := r.Items[0]
	fmt.Println(it.Kind, it.Armor)
	fmt.Println(it.Verdict.Status, it.Verdict.Headline)
	for i := it.Root; i < it.End; i++ {
		n := r.Nodes[i]
		fmt.Println(n.Span.Off, n.Span.Len, n.Label, n.Value)
	}
	// Output:
	// ocsp-response [base64]
	// fail The responder answers with an error: unauthorized (6)
	// 0 5 OCSPResponse unauthorized
	// 2 3 responseStatus unauthorized (6)
}

// Whatever is in an input becomes an item, with the place where it lay; what
// is not understood, too.
func ExampleLoad() {
	paste := "The responder said\nMAMKAQY=\nand then\n30 03 0a 01 03\n"
	r := decode.Load([]decode.Input{{Name: "mail", Bytes: []byte(paste)}}, decode.Limits{}).Report(decode.Options{})
	for _, it := range r.Items {
		fmt.Printf("%d+%d %s: %s\n", it.Off, it.Len, it.Kind, it.Verdict.Headline)
	}
	// Output:
	// 0+18 unknown: Not part of what was recognised
	// 19+8 ocsp-response: The responder answers with an error: unauthorized (6)
	// 28+8 unknown: Not part of what was recognised
	// 37+14 ocsp-response: No answer yet: tryLater
}

// A case is read once and judged as often as one likes: here at three times.
func ExampleCase_Report() {
	a, err := txtar.ParseFile("../testdata/ocsp/good-ca-byname.txtar")
	if err != nil {
		fmt.Println(err)
		return
	}
	var in []decode.Input
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			in = append(in, decode.Input{Name: name, Bytes: f.Data})
		}
	}
	c := decode.Load(in, decode.Limits{})
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, days := range []int{-1, 0, 10} {
		r := c.Report(decode.Options{At: noon.AddDate(0, 0, days)})
		v := r.Items[0].Verdict
		fmt.Println(report.Clock(r.At), v.Status)
		fmt.Println("   ", v.Headline)
	}
	// Output:
	// 2026-11-19 12:00:00 UTC fail
	//     Not yet valid: thisUpdate lies ahead
	// 2026-11-20 12:00:00 UTC pass
	//     Good: www.example.org was not revoked
	// 2026-11-30 12:00:00 UTC fail
	//     Expired: the last known status of www.example.org is good
}

// A request is built from a certificate and its issuer, in any form that can be
// pasted; what is no certificate is an error.
func ExampleBuildRequest() {
	_, err := decode.BuildRequest(decode.Question{Subjects: [][]byte{[]byte("MAMKAQY=")}})
	fmt.Println(err)
	// Output: decode: the subject is no certificate
}
