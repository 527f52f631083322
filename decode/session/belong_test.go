package session

import (
	"testing"

	"derscope/decode/field"
	"derscope/decode/handshake"
)

// Each number that a saved session has from its NewSessionTicket is compared
// with the message, the limit inside its extension too.
func TestAgrees(t *testing.T) {
	number := func(v uint64) field.Field[uint64] { return field.Field[uint64]{Value: v, OK: true} }
	octets := field.Field[[]byte]{Value: []byte("ticket"), OK: true}
	for name, c := range map[string]struct {
		lifetime, add, early uint64
		bad                  bool
	}{
		"the same":           {7200, 5, 16384, false},
		"another lifetime":   {7201, 5, 16384, true},
		"another age_add":    {7200, 6, 16384, true},
		"another early data": {7200, 5, 16385, true},
	} {
		n := &handshake.NewSessionTicket{Lifetime: number(c.lifetime), AgeAdd: number(c.add), Ticket: octets}
		n.Extensions = handshake.Extensions{OK: true, List: []handshake.Extension{
			{Type: handshake.ExtEarlyData, Known: true, Value: &handshake.Number{Field: number(c.early)}}}}
		v := &View{Session: newSession(OpenSSL)}
		v.Ticket, v.LifetimeHint = octets, number(7200)
		v.AgeAdd, v.MaxEarlyData = narrow32(number(5)), narrow32(number(16384))
		if o := v.agrees(n); o.Bad() != c.bad {
			t.Errorf("%s: it agrees: %v", name, !o.Bad())
		}
	}
}

// A number that is larger than its field is none, and not what its last octets say.
func TestNarrow(t *testing.T) {
	if f := narrow32(field.Field[uint64]{Value: 1<<32 + 5, OK: true}); f.OK {
		t.Errorf("%d is taken for a number of four octets", f.Value)
	}
	if f := narrow(field.Field[uint64]{Value: 0x10304, OK: true}); f.OK {
		t.Errorf("%d is taken for a number of two octets", f.Value)
	}
}
