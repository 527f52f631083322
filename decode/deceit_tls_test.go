package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"derscope/decode/check"
	"derscope/decode/report"
)

// messagesOf are the handshake messages of a vector's input that is hex, each
// with its header.
func messagesOf(t *testing.T, v vector, input string) (all [][]byte) {
	t.Helper()
	i := slices.IndexFunc(v.inputs, func(in Input) bool { return in.Name == input })
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(v.inputs[i].Bytes)), ""))
	if err != nil {
		t.Fatal(err)
	}
	for len(b) >= 4 {
		n := 4 + int(b[1])<<16 + int(b[2])<<8 + int(b[3])
		all, b = append(all, b[:n]), b[n:]
	}
	return all
}

// changed is a copy with another octet at a place; from the end, if it is below zero.
func changed(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[(at+len(b))%len(b)] ^= 1
	return b
}

func must(t *testing.T, file string) vector {
	t.Helper()
	v, err := readVector("../testdata/" + file + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// firstOf gives the first item of a kind.
func firstOf(t *testing.T, r *report.Report, kind string) *report.Item {
	t.Helper()
	i := slices.IndexFunc(r.Items, func(it report.Item) bool { return it.Kind == kind })
	if i < 0 {
		t.Fatalf("there is no %s", kind)
	}
	return &r.Items[i]
}

// A ClientHello that nothing asked for does not hide before, or behind, the one
// that the server answers.
func TestTwoHellosAreSeen(t *testing.T) {
	v := must(t, "tls/staple-13")
	m := messagesOf(t, v, "handshake.hex")
	other := changed(m[0], 6) // its client random
	for what, c := range map[string]struct {
		messages [][]byte
		want     report.Status
	}{
		"alone":             {m, report.Pass},
		"another one first": {slices.Insert(slices.Clone(m), 0, other), report.Fail},
		"another one next":  {slices.Insert(slices.Clone(m), 1, other), report.Fail},
		"twice":             {slices.Insert(slices.Clone(m), 0, m[0]), report.Warn},
	} {
		r := Load([]Input{{Name: "x", Bytes: slices.Concat(c.messages...)}}, Limits{}).Report(v.options)
		it := firstOf(t, r, "tls-handshake")
		if row, _ := check.Find(it.Checks, "tls.flow.order"); row.Status != c.want || it.Verdict.Status < c.want {
			t.Errorf("%s: the order is %v, the verdict %v: %s", what, row.Status, it.Verdict.Status, it.Verdict.Headline)
		}
	}
}

// Of two sessions with one ticket, the one with the right secret proves the
// binder, whichever comes first.
func TestForgedSessionBesideRealOne(t *testing.T) {
	v := must(t, "tls/psk")
	i := slices.IndexFunc(v.inputs, func(in Input) bool { return strings.HasPrefix(in.Name, "session") })
	real := Load(v.inputs[i:i+1], Limits{})
	b := real.tree.Sources[real.items[0].Source].Bytes
	var forged []byte
	for _, s := range report.Secrets(real.tree.Nodes, real.items[0].Source) {
		if s.Len >= 32 && s.Len < 60 {
			forged = changed(b, s.End()-1)
		}
	}
	if forged == nil {
		t.Fatal("no secret in the session")
	}
	wrong := Input{Name: "forged", Bytes: forged}
	for what, in := range map[string][]Input{
		"before": slices.Insert(slices.Clone(v.inputs), 0, wrong),
		"behind": append(slices.Clone(v.inputs), wrong),
	} {
		it := firstOf(t, Load(in, Limits{}).Report(v.options), "tls-handshake")
		if row, ok := check.Find(it.Checks, "tls.psk.binder"); !ok || row.Status != report.Pass {
			t.Errorf("forged session %s: %v %s", what, row.Status, row.Why)
		}
	}
	alone := slices.Clone(v.inputs)
	alone[i] = wrong
	it := firstOf(t, Load(alone, Limits{}).Report(v.options), "tls-handshake")
	if row, _ := check.Find(it.Checks, "tls.psk.binder"); row.Status != report.Fail {
		t.Errorf("forged session alone: %v %s", row.Status, row.Why)
	}
}

// Of two key logs, the one that proves something counts.
func TestDamagedKeyLogBesideRealOne(t *testing.T) {
	v := must(t, "tls/proof-13")
	i := slices.IndexFunc(v.inputs, func(in Input) bool {
		return bytes.Contains(in.Bytes, []byte("_SECRET")) || bytes.Contains(in.Bytes, []byte("CLIENT_RANDOM"))
	})
	if i < 0 {
		t.Skip("the vector has no key log")
	}
	judged := func(in []Input) string {
		row, _ := check.Find(firstOf(t, Load(in, Limits{}).Report(v.options), "tls-handshake").Checks, "tls.finished.verify")
		return row.Status.String() + " " + row.Why
	}
	var damaged []byte
	for line := range bytes.Lines(v.inputs[i].Bytes) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			c := bytes.Clone(line)
			c[len(c)-1] = "10"[c[len(c)-1]&1]
			damaged = append(append(damaged, c...), '\n')
		}
	}
	wrong := Input{Name: "damaged", Bytes: damaged}
	if a, b := judged(slices.Insert(slices.Clone(v.inputs), 0, wrong)), judged(append(slices.Clone(v.inputs), wrong)); a != b || !strings.HasPrefix(a, "pass") {
		t.Errorf("%s\nand with the inputs turned around\n%s", a, b)
	}
}

// What one side sent can stand as a whole before what the other sent, as where
// each direction was saved by itself: the first of two hellos stays the first.
func TestHalvesWithRetry(t *testing.T) {
	v := must(t, "tls/retry")
	whole := Load(v.inputs, Limits{}).Report(v.options)
	var client, server, part string
	for line := range strings.Lines(string(v.inputs[0].Bytes)) {
		if strings.HasPrefix(line, ">>>") || strings.HasPrefix(line, "<<<") {
			part = line[:3]
		}
		if part == ">>>" {
			client += line
		} else {
			server += line
		}
	}
	halves := Load([]Input{{Name: "x", Bytes: []byte(client + server)}}, Limits{}).Report(v.options)
	a, b := firstOf(t, whole, "tls-handshake"), firstOf(t, halves, "tls-handshake")
	for _, id := range ids(a.Checks) {
		x, _ := check.Find(a.Checks, id)
		y, ok := check.Find(b.Checks, id) // what hangs on who spoke last is left out
		if ok && x.Status != y.Status {
			t.Errorf("%s: %v %s; in halves %v %s", id, x.Status, x.Why, y.Status, y.Why)
		}
	}
}

// Where nothing was offered nothing is resumed, though no certificate is here.
func TestMissingMessagesAreNoResumption(t *testing.T) {
	v := must(t, "tls/nst-12-empty")
	it := firstOf(t, Load(v.inputs, Limits{}).Report(v.options), "tls-handshake")
	if strings.Contains(it.Verdict.Headline, "resumed") {
		t.Errorf("the ClientHello offers nothing, and it says: %s", it.Verdict.Headline)
	}
	if row, ok := check.Find(it.Checks, "ocsp.staple.resumed"); ok {
		t.Errorf("the ClientHello offers nothing, and %s says: %s", row.ID, row.Why)
	}
}

// One client random does not make one connection of two: what the server says
// tells them apart, and the same recorded twice together.
func TestOneRandomTwoConnections(t *testing.T) {
	v := must(t, "tls/staple-13")
	m := messagesOf(t, v, "handshake.hex")
	one, other := slices.Concat(m...), slices.Concat(m[0], changed(m[1], 10), m[2], m[3])
	for what, c := range map[string]struct {
		second []byte
		want   int
	}{"another server random": {other, 0}, "the same again, cut": {slices.Concat(m[:3]...), 1}} {
		r := Load([]Input{{Name: "a", Bytes: one}, {Name: "b", Bytes: c.second}}, Limits{}).Report(v.options)
		talks := 0
		for _, it := range r.Items {
			if it.Members != nil {
				talks++
			}
		}
		if talks != c.want {
			t.Errorf("%s: %d transactions, want %d", what, talks, c.want)
		}
	}
}

// A key that was given twice, in the file of its program and in that of another:
// the ticket opens as its program meant it, whichever file comes first.
func TestKeyInTwoOrders(t *testing.T) {
	v := must(t, "ticket/order-mixed")
	var raw []byte // the key with the name that the ticket has
	for line := range strings.Lines(string(v.inputs[1].Bytes)) {
		k, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		if err != nil || len(k) != 80 {
			t.Fatal(err, len(k))
		}
		if bytes.HasPrefix(v.inputs[0].Bytes, []byte(hex.EncodeToString(k[:16]))) {
			raw = k
		}
	}
	own := Input{Name: "nginx.key", Bytes: raw}
	for what, in := range map[string][]Input{
		"alone":            {v.inputs[0], own},
		"before the other": {v.inputs[0], own, v.inputs[1]},
		"behind the other": {v.inputs[0], v.inputs[1], own},
	} {
		it := firstOf(t, Load(in, Limits{}).Report(v.options), "session-ticket")
		if row, ok := check.Find(it.Checks, "ticket.key-order"); !ok || row.Status != report.Pass {
			t.Errorf("%s: %v %s", what, row.Status, row.Why)
		}
	}
}

// A file of keys with comments, or with a damaged line, is one file of keys: its
// octets are shown nowhere. Base64 that is wrapped as usual is none.
func TestKeyFilesAreNotShown(t *testing.T) {
	v := must(t, "ticket/order-mixed")
	file := string(v.inputs[1].Bytes)
	lines := strings.SplitAfter(strings.TrimSpace(file), "\n")
	for what, text := range map[string]string{
		"as it is":                file,
		"a comment before":        "# rotated daily\n" + file,
		"comments between":        "# old\r\n" + strings.Join(lines, "\r\n# next\r\n"),
		"a comment behind a line": strings.Replace(file, "\n", " # old\n", 1),
		"a damaged line":          file + "AAAA====BB\n",
	} {
		r := Load([]Input{{Name: "keys", Bytes: []byte(text)}}, Limits{}).Report(v.options)
		if len(r.Items) != 1 || r.Items[0].Kind != "ticket-key" {
			t.Errorf("%s: %d things, the first is %s", what, len(r.Items), r.Items[0].Kind)
		}
		shown := slices.Concat(r.JSON(report.JSONOptions{}), r.Text(report.TextOptions{}), r.Markdown(0))
		for _, line := range lines {
			k, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{hex.EncodeToString(k[20:32]), strings.TrimSpace(line)[40:60]} {
				if bytes.Contains(shown, []byte(secret)) {
					t.Errorf("%s: %s is shown", what, secret)
				}
			}
		}
	}
	staple := must(t, "ocsp/good-ca-byname").inputs[0].Bytes
	if p, _ := pem.Decode(staple); p != nil {
		staple = p.Bytes
	}
	var wrapped strings.Builder
	for e := base64.StdEncoding.EncodeToString(staple); e != ""; e = e[min(64, len(e)):] {
		wrapped.WriteString(e[:min(64, len(e))] + "\n")
	}
	r := Load([]Input{{Name: "x", Bytes: []byte(wrapped.String())}}, Limits{}).Report(v.options)
	firstOf(t, r, "ocsp-response")
}
