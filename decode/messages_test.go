package decode

import (
	"encoding/pem"
	"testing"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/report"
	"derscope/testdata/bigcrl"
)

// blocks are the inputs of a vector as octets.
func blocks(t testing.TB, name string) ([]Input, Options) {
	t.Helper()
	v, err := readVector("../testdata/cmp/" + name + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range v.inputs {
		if block, _ := pem.Decode(in.Bytes); block != nil {
			v.inputs[i].Bytes = block.Bytes
		}
	}
	return v.inputs, v.options
}

// withCRL is a genp without protection that carries a CRL, in the header of the
// first message of a vector.
func withCRL(t testing.TB, crl []byte) []byte {
	t.Helper()
	in, _ := blocks(t, "genm")
	outer, _ := der.Next(in[0].Bytes, 0, len(in[0].Bytes))
	header, err := der.Next(in[0].Bytes, outer.Content(), outer.Close())
	if err != nil {
		t.Fatal(err)
	}
	id := der.Wrap(der.OID, []byte{0x2b, 6, 1, 5, 5, 7, 4, 23})
	info := der.Wrap(der.Sequence, id, der.Wrap(der.Sequence, crl))
	genp := der.Wrap(der.Sequence, info)
	return der.Wrap(der.Sequence, in[0].Bytes[header.Off:header.End()], der.Wrap(der.Ctx(22), genp))
}

// A CRL in a message is an item, and is read there alone: in the message it is
// one field. A rule says that some clients do not read as much.
func TestLargeMessages(t *testing.T) {
	crl := bigcrl.CRL(5000)
	message := withCRL(t, crl)
	c := Load([]Input{{Name: "genp.der", Bytes: message}}, Limits{})
	r := c.Report(Options{})
	if len(r.Items) < 2 || r.Items[0].Kind != "cmp-message" || r.Items[1].Kind != "crl" || r.Items[1].Carrier != 0 {
		t.Fatalf("%d things: %+v", len(r.Items), r.Items[0].Kind)
	}
	if n := r.Items[0].End - r.Items[0].Root; n > 200 {
		t.Errorf("the message has %d fields: the list is read in it, too", n)
	}
	if n := r.Items[1].Len; len(r.Lists) != 1 || r.Lists[0].Count != 5000 {
		t.Errorf("the list has %d octets and is %+v", n, r.Lists)
	}
	if k, ok := check.Find(r.Items[0].Checks, "cmp.body.size"); !ok || k.Status != report.Pass || !k.Note {
		t.Errorf("nothing is said of the size: %+v", k)
	}
	m := c.exhibits[0].Value.(*cmp.Message)
	if list, ok := m.Body.Infos.List[0].Value.([]cmp.Inner); !ok || len(list) != 1 || len(list[0].Raw) != len(crl) {
		t.Errorf("the value is %T", m.Body.Infos.List[0].Value)
	}
}

// BenchmarkMessage measures Load and Report of messages. «read» has no secret at
// hand, so that no MAC is computed.
func BenchmarkMessage(b *testing.B) {
	in, o := blocks(b, "ir-signed")
	mac, _ := blocks(b, "ir-pbm")
	for _, c := range []struct {
		name string
		in   []Input
	}{{"read", mac[1:2]}, {"MAC", append(mac[1:2:2], mac[len(mac)-1])}, {"signed", in[1:2]}, {"transaction", in}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.in[0].Bytes)))
			b.ReportAllocs()
			for b.Loop() {
				Load(c.in, Limits{}).Report(o)
			}
		})
	}
}

// BenchmarkMessageCRL reads a genp with a CRL of 20 MB inside.
func BenchmarkMessageCRL(b *testing.B) {
	message := withCRL(b, bigcrl.CRL(2*bigcrl.Entries))
	in := []Input{{Name: "genp.der", Bytes: message}}
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		r := Load(in, Limits{}).Report(Options{})
		if len(r.Items) < 2 || r.Items[1].Kind != "crl" || len(r.Lists) == 0 {
			b.Fatalf("%d things, %d lists", len(r.Items), len(r.Lists))
		}
	}
	b.ReportMetric(float64(peak(in))/float64(len(message)), "peak/input")
}

// A message that is cut short has no end that octets could stand behind, wherever
// the cut is.
func TestCutMessages(t *testing.T) {
	in, o := blocks(t, "client-open")
	whole := in[0].Bytes
	for n := 60; n < len(whole); n++ {
		r := Load([]Input{{Name: "cut", Bytes: whole[:n]}}, Limits{}).Report(o)
		if row, ok := check.Find(r.Items[0].Checks, "cmp.der.trailing"); ok && row.Status == report.Warn {
			t.Fatalf("the first %d octets: %s", n, row.Why)
		}
	}
}
