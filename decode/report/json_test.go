package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"derscope/decode/internal/schema"
)

// small is a report of one item with a node of every type.
func small() *Report {
	var b []byte
	r := &Report{At: time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)}
	r.Nodes = []Node{{Label: "OCSPResponse", Type: "SEQUENCE", Parent: None, Flags: Wrapper, Header: 2}}
	add := func(label, typ, value, contents string, flags Flags) {
		r.Nodes = append(r.Nodes, Node{Label: label, Type: typ, Value: value, Parent: 0, Header: 2, Flags: flags | Leaf,
			Span: Span{0, 2 + len(b), 2 + len(contents)}})
		b = append(b, 0, byte(len(contents)))
		b = append(b, contents...)
	}
	add("small", "INTEGER", "-2", "\xfe", 0)
	add("large", "INTEGER", "01:00:…", "\x01\x00\x00\x00\x00\x00\x00\x00\x00", 0)
	add("status", "ENUMERATED", "successful (0)", "\x00", 0)
	add("flag", "BOOLEAN", "TRUE", "\xff", Default)
	add("nothing", "NULL", "", "", 0)
	add("type", "OBJECT IDENTIFIER", "id-ad-ocsp", "\x2b\x06\x01\x05\x05\x07\x30\x01", 0)
	add("time", "GeneralizedTime", "2026-11-15 12:00:00 UTC", "20261115120000.50Z", 0)
	add("odd", "UTCTime", "soon", "soon", Faulty)
	add("octets", "OCTET STRING", "00ff", "\x00\xff", 0)
	add("bits", "BIT STRING", "7 bits: fe", "\x01\xfe", 0)
	add("name", "UTF8String", "a \"b\"\n\x1b[31m", "a \"b\"\n\x1b[31m", 0)
	add("number", "uint16", "258", "\x01\x02", 0)
	add("key", "OCTET STRING", "736563726574", "secret", Secret)
	r.Sources = []Source{{Name: "paste", Bytes: append([]byte{0x30, byte(len(b))}, b...)}}
	r.Nodes[0].Span = Span{0, 0, len(b) + 2}
	r.Items = []Item{{Kind: "ocsp-response", Title: "OCSP response", Input: "paste", Len: len(b) + 2, SHA256: "00", Carrier: -1,
		End: Ref(len(r.Nodes)), Armor: []string{"pem"}, Verdict: Verdict{Status: Warn, Headline: "Good"},
		Roles: []Role{{"issuer", 0, 0}},
		Checks: []Check{{ID: "ocsp.status", Title: "It succeeded", Status: Warn, Children: []Check{
			{ID: "ocsp.status.defined", Title: "Defined", Status: Pass, Note: true, Refs: "RFC 6960 §4.2.1", At: []Ref{3}},
			{ID: "ocsp.status.other", Title: "Other", Status: Warn, At: []Ref{3, 1}, Why: "why", Needs: []string{"time"}}}}},
		Summary: []Member{{"readable", "pass"}, {"requests", 2}, {"opened", false}, {"protocols", []string{"TLS 1.2", "TLS 1.3"}},
			{"alert", []Member{{"code", 48}, {"from", "server"}}}, {"callbacks", [][]Member{{{"called", true}}, {{"returns", []string{"USE"}}}}}},
		Problems: []Problem{{8, 40, "a fault"}, {13, 60, "the octets 736563726574 are no key"}},
		Clients:  []Outcome{{Client: "go", Version: "0.58", Outcome: "accept", Reason: "nil", Show: "ocsp.ParseResponse"}},
	}}
	return r
}

func TestJSONIsLaidOutAsIndentDoes(t *testing.T) {
	for name, r := range map[string]*Report{"small": small(), "empty": {}} {
		b := r.JSON(JSONOptions{})
		var compact, again bytes.Buffer
		if err := json.Compact(&compact, b); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, b)
		}
		json.Indent(&again, compact.Bytes(), "", "  ")
		if want := again.String() + "\n"; want != string(b) {
			t.Errorf("%s is laid out otherwise:\n%s\nwant\n%s", name, b, want)
		}
		if err := schema.Validate(Schema(), b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONValues(t *testing.T) {
	var got struct {
		Artifacts []struct {
			Fields struct {
				Children []struct {
					Name, Path, Text, Status string
					Value                    any
					Secret                   bool
				}
			}
			Problems []struct{ Path, Message string }
		}
	}
	if err := json.Unmarshal(small().JSON(JSONOptions{}), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"small": -2.0, "large": "18446744073709551616", "status": 0.0, "flag": true, "nothing": nil,
		"type": "1.3.6.1.5.5.7.48.1", "time": "2026-11-15T12:00:00.5Z", "odd": "soon", "octets": "00ff",
		"bits": "fe", "name": "a \"b\"\n\x1b[31m", "number": 258.0, "key": nil,
	}
	fields := got.Artifacts[0].Fields.Children
	for _, f := range fields {
		if f.Value != want[f.Name] {
			t.Errorf("%s is %v, want %v", f.Name, f.Value, want[f.Name])
		}
		if f.Path != f.Name {
			t.Errorf("the path of %s is %s: the wrapper's name belongs to no path", f.Name, f.Path)
		}
		if f.Name == "status" && f.Status != "warn" {
			t.Errorf("the field's status is %q, want warn", f.Status)
		}
	}
	if len(fields) != len(want) {
		t.Errorf("%d fields, want %d", len(fields), len(want))
	}
	if p := got.Artifacts[0].Problems; p[0].Path != "odd" || p[0].Message != "a fault" {
		t.Errorf("problem %+v", p[0])
	}
}

func TestSecretsStayInside(t *testing.T) {
	r := small()
	for name, out := range map[string][]byte{"JSON": r.JSON(JSONOptions{}), "text": r.Text(TextOptions{})} {
		if bytes.Contains(out, []byte("736563726574")) {
			t.Errorf("%s holds the secret", name)
		}
	}
	for name, out := range map[string][]byte{"JSON": r.JSON(JSONOptions{Reveal: true}), "text": r.Text(TextOptions{Reveal: true})} {
		if !bytes.Contains(out, []byte("736563726574")) {
			t.Errorf("%s lacks the secret that was to be revealed", name)
		}
	}
	// A secret source hides every field of it, flagged or not.
	r.Sources[0].Secret = true
	for name, out := range map[string][]byte{"JSON": r.JSON(JSONOptions{}), "text": r.Text(TextOptions{})} {
		for _, word := range []string{"00ff", "id-ad-ocsp", "736563726574", "a fault"} {
			if bytes.Contains(out, []byte(word)) {
				t.Errorf("%s of a secret holds %s", name, word)
			}
		}
	}
	// Where its nodes mark what is secret, the others are shown.
	r.Sources[0].Marked = true
	for name, out := range map[string][]byte{"JSON": r.JSON(JSONOptions{}), "text": r.Text(TextOptions{})} {
		if !bytes.Contains(out, []byte("00ff")) || !bytes.Contains(out, []byte("a fault")) {
			t.Errorf("%s of a secret whose nodes are marked lacks the others", name)
		}
		if bytes.Contains(out, []byte("736563726574")) {
			t.Errorf("%s of a secret whose nodes are marked holds the secret", name)
		}
	}
}

func TestLongLists(t *testing.T) {
	r := small()
	r.Nodes[12].Flags |= More
	r.Nodes[0].Flags |= Long
	r.Lists = []List{{Node: 0, Count: 1502, Shown: 1000}}
	out := string(r.JSON(JSONOptions{}))
	if !strings.Contains(out, `"more": {`) || !strings.Contains(out, `"count": 502`) || strings.Contains(out, `"number"`) {
		t.Errorf("the rest is not told:\n%s", out)
	}
	opened := 0
	open := func(list Ref, from, n int) []Node {
		var nodes []Node
		for i := from; i < min(from+1000, from+n); i++ {
			up := Ref(len(nodes))
			nodes = append(nodes, Node{Label: "entry", Parent: None, Span: Span{0, 0, 2}}, Node{Label: "serial", Type: "INTEGER", Parent: up, Span: Span{0, 2, 3}, Header: 2})
			opened++
		}
		return nodes
	}
	full := r.JSON(JSONOptions{Open: open})
	if opened != 502 || bytes.Contains(full, []byte(`"more"`)) || bytes.Count(full, []byte(`"path": "entry/serial"`)) != 502 {
		t.Errorf("%d elements were opened, want 502", opened)
	}
	if err := schema.Validate(Schema(), full); err != nil {
		t.Error(err)
	}
	text := r.Text(TextOptions{Open: open})
	if n := bytes.Count(text, []byte("serial")); n != 502 {
		t.Errorf("the text shows %d elements of the rest, want 502", n)
	}
}

func TestTextIsFitForTerminals(t *testing.T) {
	r := small()
	r.Items[0].Title = "response\x1b]0;owned\x07 \u202egnp"
	for _, colour := range []bool{false, true} {
		out := string(r.Text(TextOptions{Colour: colour}))
		for _, bad := range []string{"\x1b]", "\x07", "\u202e", "b\"\n\x1b[31m"} {
			if strings.Contains(out, bad) {
				t.Errorf("colour %v: the text holds %q of the input", colour, bad)
			}
		}
		if !colour && strings.Contains(out, "\x1b") {
			t.Error("plain text holds an escape sequence")
		}
	}
}

// What stands beside what was recognised takes one line, unless it is asked for
// or there is something to say of it.
func TestTextFoldsWhatIsNotRead(t *testing.T) {
	r := small()
	for _, b := range []Beside{BesideText, BesideTLS, BesideText, BesideTLS} {
		r.Items = append(r.Items, Item{Kind: "unknown", Title: "A stranger", Carrier: -1, Beside: b})
	}
	r.Items[4].Problems = []Problem{{None, 0, "cut off"}}
	for _, c := range []struct {
		o         TextOptions
		strangers int
		says      bool
	}{
		{TextOptions{}, 2, true}, // in the list of evidence, and its own part
		{TextOptions{Part: ChecksOnly}, 1, true},
		{TextOptions{Beside: true}, 8, false},
	} {
		out := string(r.Text(c.o))
		if n := strings.Count(out, "A stranger"); n != c.strangers {
			t.Errorf("%+v: strangers are named %d times, want %d", c.o, n, c.strangers)
		}
		if got := strings.Contains(out, "not read: 2 stretches of text and 1 TLS message ("); got != c.says {
			t.Errorf("%+v: one line stands for them: %v, want %v\n%s", c.o, got, c.says, out)
		}
	}
	r.Items = r.Items[1:4]
	if out := string(r.Text(TextOptions{})); strings.Count(out, "A stranger") != 6 {
		t.Errorf("where nothing was recognised, all are shown:\n%s", out)
	}
}

func TestTextKeepsToItsWidth(t *testing.T) {
	r := small()
	r.Items[0].Checks[0].Children[0].Title = strings.Repeat("a title of many words ", 9)
	r.Items[0].Checks[0].Children[0].Why = strings.Repeat("and a long reason ", 20)
	out := string(r.Text(TextOptions{Width: 72, Part: ChecksOnly}))
	for _, line := range strings.Split(out, "\n") {
		if len([]rune(line)) > 72 {
			t.Errorf("%d columns: %s", len([]rune(line)), line)
		}
	}
}

// JSON shows up on terminals too: what moves the cursor or turns the reading
// direction is escaped, and reads back as it was.
func TestJSONEscapesWhatIsNotPrintable(t *testing.T) {
	const s = "a\x7f\u0085\u009b31m\u202egro\ufeff\U000e0001é𝄞"
	b := appendEscaped(nil, s)
	for _, r := range string(b) {
		if !unicode.IsPrint(r) {
			t.Errorf("%q holds %U", b, r)
		}
	}
	var got string
	if err := json.Unmarshal([]byte(`"`+string(b)+`"`), &got); err != nil || got != s {
		t.Errorf("%q reads back as %q: %v", s, got, err)
	}
}
