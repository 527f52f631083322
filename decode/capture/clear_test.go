package capture

import (
	"slices"
	"testing"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/keylog"
	"derscope/decode/report"
	"derscope/testdata/pcapfile"
	"derscope/testdata/talk"
)

// A KeyUpdate in clear makes no keys of a secret that nobody has, whether or not
// the suite is known.
func TestKeyUpdateInClear(t *testing.T) {
	for _, known := range []bool{false, true} {
		w := talk.Wishes{Host: "a.example", Chain: [][]byte{make([]byte, 300)}, Sign: func(b []byte) []byte { return make([]byte, 70) }}
		sent := w.Run().Sent
		r := &pcapfile.Recording{}
		c := r.Dial("192.0.2.1:40000", "192.0.2.2:443")
		c.Send(pcapfile.Client, sent[0].Record)
		hello := append([]byte(nil), sent[1].Record...)
		if !known { // behind 43 octets and the session id stands the suite
			at := 5 + 4 + 2 + 32 + 1 + int(hello[5+4+34])
			hello[at], hello[at+1] = 0xfe, 0xfe
		}
		c.Send(pcapfile.Server, hello)
		c.Send(pcapfile.Server, []byte{22, 3, 3, 0, 5, 24, 0, 0, 1, 0})
		c.Send(pcapfile.Server, append([]byte{23, 3, 3, 0, 40}, make([]byte, 40)...))
		tree := field.NewTree(field.Limits{})
		k := Read(tree.Reader(tree.Add(report.Source{Bytes: r.PCAP()})))
		if n := len(derive(&check.Context{}, k)); n != 1 {
			t.Errorf("suite known %v: %d connections", known, n)
		}
		if missing := k.Connections[0].tls.missing; !slices.Contains(missing, keylog.ServerHandshake) {
			t.Errorf("suite known %v: missing is %v, without the server's first secret", known, missing)
		}
	}
}
