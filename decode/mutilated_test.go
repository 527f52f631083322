package decode

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"derscope/decode/der"
)

// mutilations are b with one element left out, emptied or of another type, each
// in turn. Elements inside bit and octet strings are left alone.
func mutilations(b []byte) (all [][]byte) {
	e, err := der.Next(b, 0, len(b))
	if err != nil || !e.Constructed {
		return nil
	}
	rest := b[e.End():]
	whole := func(content ...[]byte) []byte {
		n := der.Wrap(der.Sequence, content...)
		n[0] = b[0]
		return append(n, rest...)
	}
	for off := e.Content(); off < e.Close(); {
		in, err := der.Next(b, off, e.Close())
		if err != nil {
			return all
		}
		before, after := b[e.Content():off], b[in.End():e.Close()]
		all = append(all, whole(before, after), whole(before, []byte{b[off], 0}, after), whole(before, []byte{5, 0}, after))
		for _, m := range mutilations(b[off:in.End()]) {
			all = append(all, whole(before, m, after))
		}
		off = in.End()
	}
	return all
}

// mutilated are vectors with one of each kind of body.
var mutilated = []string{"rr", "challenge", "nested-one", "rann", "error-code", "genp-template", "genm-every"}

// Whatever part of a message is missing, empty or of another type: it is judged,
// and so are those beside it.
func TestMutilatedMessages(t *testing.T) {
	if testing.Short() || runtime.GOARCH == "wasm" {
		t.Skip("a few thousand messages are judged")
	}
	for _, name := range mutilated {
		in, o := blocks(t, name)
		for i, message := range in {
			if !strings.HasSuffix(message.Name, ".pem") || !strings.Contains(message.Name, "-") {
				continue
			}
			for _, m := range mutilations(message.Bytes) {
				func() {
					defer func() {
						if r := recover(); r != nil {
							t.Errorf("%s, %s: %v: %x\n%s", name, message.Name, r, m, debug.Stack())
						}
					}()
					broken := append([]Input(nil), in...)
					broken[i].Bytes = m
					if r := Load(broken, Limits{}).Report(o); len(r.Items) < len(in) {
						t.Errorf("%s, %s: %d things of %d inputs", name, message.Name, len(r.Items), len(in))
					}
				}()
			}
		}
	}
}
