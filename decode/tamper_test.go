package decode

import (
	"encoding/pem"
	"slices"
	"testing"

	"derscope/decode/check"
	"derscope/decode/report"
)

// tampered is a good response in DER, by a delegated responder whose
// certificate is inside, with the certificates that prove it.
func tampered(t *testing.T) ([]Input, Options) {
	t.Helper()
	v, err := readVector("../testdata/ocsp/good-del.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range v.inputs {
		block, _ := pem.Decode(in.Bytes)
		if block == nil {
			t.Fatalf("%s: %s is not PEM", v.file, in.Name)
		}
		v.inputs[i].Bytes = block.Bytes
	}
	v.options.Clients = []string{}
	return v.inputs, v.options
}

// good says that a report has a response whose verdict is that the certificate
// is good, or whose summary says so and that it is proven.
func good(r *report.Report) bool {
	return slices.ContainsFunc(r.Items, func(it report.Item) bool {
		fine := func(key string) bool { s := member(it, key); return s == "pass" || s == "warn" }
		return it.Kind == "ocsp-response" && (it.Verdict.Status == report.Pass || it.Verdict.Status == report.Warn ||
			member(it, "certStatus") == "good" && fine("proven") && fine("matches"))
	})
}

// span gives the octets of a node by its path.
func span(t *testing.T, r *report.Report, path string) report.Span {
	t.Helper()
	for i := range r.Nodes {
		if r.Path(report.Ref(i)) == path {
			return r.Nodes[i].Span
		}
	}
	t.Fatalf("there is no node %s", path)
	return report.Span{}
}

// Property: no proper prefix of a good response is good, nor is one with an
// octet of tbsResponseData or of the signature changed.
func TestTamperedIsNotGood(t *testing.T) {
	in, o := tampered(t)
	whole := in[0].Bytes
	r := Load(in, Limits{}).Report(o)
	if !good(r) {
		t.Fatal("the response is not good to begin with")
	}
	try := func(b []byte) bool {
		in[0].Bytes = b
		return good(Load(in, Limits{}).Report(o))
	}
	for n := range whole {
		if try(whole[:n]) {
			t.Errorf("good, cut after %d of %d octets", n, len(whole))
		}
	}
	for _, path := range []string{"basicResponse/tbsResponseData", "basicResponse/signature"} {
		s := span(t, r, path)
		for i := s.Off; i < s.End(); i++ {
			b := slices.Clone(whole)
			b[i] ^= 1 << (i % 8)
			if try(b) {
				t.Errorf("good, with octet %d of %s changed from %02x to %02x", i-s.Off, path, whole[i], b[i])
			}
		}
	}
}

// A large input leaves room for what comes behind it.
func TestLargeInputLeavesRoom(t *testing.T) {
	in, o := tampered(t)
	large := node(0x30, slices.Repeat(node(0x30, slices.Repeat([]byte{2, 1, 5}, 100)), 100))
	r := Load(append([]Input{{Name: "large", Bytes: large}}, in...), Limits{Nodes: 4000}).Report(o)
	if len(r.Items[0].Problems) == 0 {
		t.Error("the limit is not reached")
	}
	if !good(r) {
		t.Errorf("the response is %s", first(t, r, "ocsp-response").Verdict.Headline)
	}
}

// A response that is cut off before its entries is not said to have none: the
// list was never read.
func TestCutOffIsNotEmpty(t *testing.T) {
	in, o := tampered(t)
	whole := in[0].Bytes
	r := Load(in, Limits{}).Report(o)
	at := span(t, r, "basicResponse/tbsResponseData/responses[0]").Off
	for n := 40; n < at; n++ {
		in[0].Bytes = whole[:n]
		for _, it := range Load(in, Limits{}).Report(o).Items {
			if k, ok := check.Find(it.Checks, "ocsp.data.responses-present"); ok && k.Status == report.Fail {
				t.Fatalf("of the first %d octets: %s", n, k.Why)
			}
		}
	}
}
