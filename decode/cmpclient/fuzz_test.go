package cmpclient

import (
	"testing"

	"derscope/decode/cmp"
)

// FuzzRun: whatever the messages, every version comes to an end, sends no more than
// it meets answers for and one, and fails with a reason or returns what it got.
func FuzzRun(f *testing.F) {
	f.Add([]byte{0, 1, 1, 0, 24, 0, 19, 0})
	f.Add([]byte{0, 1, 1, 3, 25, 0, 26, 5, 25, 0, 1, 0, 24, 0, 19, 0})
	f.Add([]byte{11, 1, 12, 4})
	f.Add([]byte{21, 0, 23, 3, 25, 0, 26, 1, 25, 0, 22, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 2 || len(b) > 200 {
			return
		}
		request := []cmp.Type{cmp.IR, cmp.CR, cmp.P10CR, cmp.KUR, cmp.RR, cmp.GenM}[b[0]%6]
		var script []Message
		for i := 0; i+1 < len(b); i += 2 {
			kind, s := cmp.Type(b[i]%28), cmp.Status(b[i+1]%9)
			m := reply(kind, byte(i/4))
			m.Status.Value = s
			m.Responses = []Response{{ID: int64(b[i+1]%4) - 2, Status: Status{Value: s, Bits: []int{int(b[i+1])}}, Certificate: Certificate{Form: Form(b[i+1] % 5)}}}
			m.Waits = []Wait{{ID: int64(b[i+1]%3) - 1, CheckAfter: int64(b[i+1]) - 1}}
			m.Revoked = Revoked{Statuses: []Status{{Value: s}}, CRLs: -1}
			m.Sent = kind.From() == cmp.Client || kind == cmp.Error && b[i+1] > 200
			if b[i] > 127 {
				m.Protection = []Reason{{Name: "CMP_R_WRONG_PBM_VALUE"}}
			}
			script = append(script, m)
		}
		for _, v := range Versions {
			for _, o := range []Options{{}, {UnprotectedErrors: true, DisableConfirm: true, TotalTimeout: 9}} {
				out := Run(script, request, v, o)
				if len(out) == 0 || len(out) > most+2 {
					t.Fatalf("%d calls", len(out))
				}
				for _, k := range out {
					if len(k.Sent) > len(script)+1 {
						t.Fatalf("%s sends %d messages for %d", k.Call, len(k.Sent), len(script))
					}
					if k.Returns == "open" && (k.Waits == "" || k.Errors != nil) {
						t.Fatalf("open, and not what for: %+v", k)
					}
					if good := k.Returns != "NULL" && k.Returns != "0"; good && k.Errors != nil {
						t.Fatalf("%s succeeds with %v", k.Call, k.Errors)
					}
				}
			}
		}
	})
}

func BenchmarkRun(b *testing.B) {
	script := good()
	for b.Loop() {
		for _, v := range Versions {
			Run(script, cmp.IR, v, Options{})
		}
	}
}
