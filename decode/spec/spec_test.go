package spec_test

import (
	"fmt"

	"derscope/decode/spec"
)

// A citation is written as people write it, and leads to where it can be read.
func Example() {
	for _, r := range []spec.Ref{
		spec.RFC(6960, "4.2.2.2"), spec.RFC(6960, "A.1"), spec.RFC(9654, ""),
		spec.Doc("TLS BR", "7.1.3.2"), spec.Doc("crypto/ocsp/ocsp_vfy.c", "ocsp_find_signer"),
	} {
		fmt.Println(r, r.URL())
	}
	// Output:
	// RFC 6960 §4.2.2.2 https://www.rfc-editor.org/rfc/rfc6960#section-4.2.2.2
	// RFC 6960 App. A.1 https://www.rfc-editor.org/rfc/rfc6960#appendix-A.1
	// RFC 9654 https://www.rfc-editor.org/rfc/rfc9654
	// TLS BR §7.1.3.2 https://github.com/cabforum/servercert/blob/main/docs/BR.md
	// crypto/ocsp/ocsp_vfy.c ocsp_find_signer
}

// Citations in a row come apart as they were put together.
func ExampleRefs() {
	refs := spec.Join(spec.RFC(6960, "4.2.1"), spec.Doc("pkix/Input.h", ""), spec.RFC(6960, "A.1"))
	fmt.Println(refs)
	for _, r := range refs.List() {
		fmt.Println(r.URL())
	}
	// Output:
	// RFC 6960 §4.2.1; pkix/Input.h; RFC 6960 §A.1
	// https://www.rfc-editor.org/rfc/rfc6960#section-4.2.1
	//
	// https://www.rfc-editor.org/rfc/rfc6960#appendix-A.1
}
