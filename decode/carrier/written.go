package carrier

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Written is a text that writes messages down in a way of its own.
type Written struct {
	Ref  report.Ref
	How  string // base64 with the escapes of JSON
	Runs []Run
}

// Run is a run of octets that stands in a text.
type Run struct {
	Bytes []byte
	Span  report.Span // of the text
}

// Texts is the kind of such texts.
var Texts = check.Of(check.Kind{
	Name: "cmp-text", Title: "CMP message in a text", Spec: spec.RFC(9810, "5.1"), Whole: true,
	Match: func(c check.Candidate) check.Match {
		if !c.Text || len(c.Bytes) > longest {
			return check.Match{}
		}
		if how, runs := written(c.Bytes); len(runs) > 0 {
			return check.Match{Score: 85, Why: how}
		}
		return check.Match{}
	},
	Derive: func(_ *check.Context, v any) (all []check.Derived) {
		w := v.(*Written)
		for _, run := range w.Runs {
			all = append(all, check.Derived{Bytes: run.Bytes, How: w.How, From: []report.Span{run.Span}})
		}
		return all
	},
}, func(r *field.Reader) *Written {
	w := &Written{}
	w.How, w.Runs = written(r.Left())
	w.Ref = r.Rest("text")
	r.Show(w.Ref, w.How)
	return w
}, func(_ *check.Context, w *Written) *Written { return w }, func(_ *check.Context, w *Written) check.Finding {
	return check.Finding{
		Summary: []report.Member{{Key: "readable", Value: report.Pass.String()}, {Key: "messages", Value: len(w.Runs)}},
		Verdict: report.Verdict{Status: report.Pass, Headline: "It writes down " + report.Plural(len(w.Runs), "CMP message", "CMP messages") + ": " + w.How},
	}
})

// longest bounds the texts that are looked at.
const longest = 4 << 20

// written finds the octets that a text stands for, in ways that package armor
// does not know. There is a whole message in each run.
func written(b []byte) (how string, runs []Run) {
	if bytes.Contains(b, []byte(burp)) {
		return "base64 in the XML of Burp", exported(b)
	}
	text := bytes.Trim(b, " \t\r\n\"'`,;")
	off := bytes.Index(b, text)
	switch {
	case len(text) == 0:
	case bytes.Contains(text, []byte("(byte)")):
		if octets := cast(string(text)); whole(octets) {
			return "an array of numbers that are cast to byte", []Run{{octets, report.Span{Off: off, Len: len(text)}}}
		}
	case bytes.IndexByte(text[:min(len(text), 256)], '\\') >= 0:
		if octets := unescaped(string(text)); whole(octets) {
			return "base64 with the escapes of JSON", []Run{{octets, report.Span{Off: off, Len: len(text)}}}
		}
	}
	return "", nil
}

// whole says that the octets are a message, perhaps with others behind it.
func whole(b []byte) bool {
	_, _, ok := cmp.Peek(b)
	return ok
}

// burp begins the body of a request or an answer in what Burp saves.
const burp = `base64="true"><![CDATA[`

// exported decodes what stands in CDATA sections of base64, HTTP heads and all.
func exported(b []byte) (runs []Run) {
	for at := 0; len(runs) < most; {
		i := bytes.Index(b[at:], []byte(burp))
		if i < 0 {
			break
		}
		from := at + i + len(burp)
		n := bytes.Index(b[from:], []byte("]]>"))
		if n < 0 {
			break
		}
		octets, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(b[from : from+n])))
		if _, size := next(octets, 0); err == nil && size > 0 {
			runs = append(runs, Run{octets, report.Span{Off: from, Len: n}})
		}
		at = from + n
	}
	return runs
}

// unescaped decodes base64 in which a JSON string has escaped something: \/, \n
// and \u002b. nil where other things stand in it.
func unescaped(text string) []byte {
	for _, e := range [...][2]string{{`\/`, "/"}, {`\r`, ""}, {`\n`, ""}, {`\t`, ""}, {`\u002b`, "+"}, {`\u002B`, "+"}, {`\u003d`, ""}, {`\u003D`, ""}, {`\u002f`, "/"}, {`\u002F`, "/"}} {
		text = strings.ReplaceAll(text, e[0], e[1])
	}
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return b
}

// cast reads the numbers of an array in which each is cast: (byte) 0x30, (byte)-126.
func cast(text string) []byte {
	if i := strings.IndexByte(text, '{'); i >= 0 {
		text = text[i+1:]
	}
	text, _, _ = strings.Cut(text, "}")
	var b []byte
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "(byte)", " "), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		n, err := strconv.ParseInt(part, 0, 16)
		if err != nil || n < -128 || n > 255 {
			return nil
		}
		b = append(b, byte(n))
	}
	return b
}
