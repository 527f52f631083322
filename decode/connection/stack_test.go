package connection

import (
	"encoding/hex"
	"slices"
	"testing"

	"derscope/decode/field"
	"derscope/decode/handshake"
)

func TestHabitsOfPrograms(t *testing.T) {
	for _, c := range []struct {
		name     string
		nonces   []string
		lifetime uint64
		first    int
		whole    bool
		want     []string
	}{
		{"two of OpenSSL", []string{"0000000000000000", "0000000000000001"}, 7200, 0, true, []string{"OpenSSL"}},
		{"the second of OpenSSL, alone", []string{"0000000000000001"}, 7200, 1, false, []string{"OpenSSL"}},
		{"OpenSSL with another timeout", []string{"0000000000000000", "0000000000000001"}, 300, 0, true, []string{"OpenSSL"}},
		{"one of Go", []string{""}, 604800, 0, true, []string{"Go", "picotls"}},
		{"two of GnuTLS", []string{"01020304", "05060708"}, 21600, 0, true, []string{"GnuTLS"}},
		{"one of NSS", []string{"0000"}, 172800, 0, true, []string{"NSS"}},
		{"one of JSSE", []string{"01"}, 86400, 0, true, []string{"JSSE"}},
		{"of nobody", []string{"aabbcc"}, 1234, 0, true, nil},
		{"none", nil, 0, 0, true, nil},
	} {
		var list []*handshake.NewSessionTicket
		for _, s := range c.nonces {
			b, _ := hex.DecodeString(s)
			list = append(list, &handshake.NewSessionTicket{Version: 0x0304,
				Nonce: field.Field[[]byte]{Value: b, OK: true}, Lifetime: field.Field[uint64]{Value: c.lifetime, OK: true}})
		}
		if got := stacks(list, c.first, c.whole); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
