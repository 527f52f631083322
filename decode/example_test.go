package decode_test

import (
	"fmt"
	"time"

	"derscope/decode"
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
