package fragment

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// Note is a text that names failures by number: failInfo=65536, or the lines
// that OpenSSL prints.
type Note struct {
	Ref   report.Ref
	Lines []Line
}

// Line is one failure that a text names.
type Line struct {
	As    string // what it is: «failInfo 65536»
	Means string
}

// Notes is the kind of such texts.
var Notes = check.Of(check.Kind{
	Name: "cmp-failure", Title: "Failure of CMP by its number", Spec: spec.RFC(9810, "5.2.3"),
	Match: func(c check.Candidate) check.Match {
		if c.Text && len(c.Bytes) <= longest && len(lines(c.Bytes)) > 0 {
			return check.Match{Score: 60, Why: "it names a failure as OpenSSL or Bouncy Castle do"}
		}
		return check.Match{}
	},
}, func(r *field.Reader) *Note {
	n := &Note{Lines: lines(r.Left())}
	text := r.Left()
	n.Ref = r.Rest("text")
	r.Show(n.Ref, strings.Join(strings.Fields(strings.ToValidUTF8(string(text[:min(len(text), 400)]), "\ufffd")), " "))
	return n
}, func(_ *check.Context, n *Note) *Note { return n }, func(_ *check.Context, n *Note) check.Finding {
	f := check.Finding{Title: "What a failure of CMP means", Summary: []report.Member{{Key: "readable", Value: report.Pass.String()}}}
	f.Verdict.Status = report.Pass
	var all []string
	for _, l := range n.Lines {
		all = append(all, l.As+" is "+l.Means)
	}
	if len(all) > 0 {
		f.Verdict.Headline, f.Verdict.Detail = all[0], strings.Join(all[1:], "\n")
		f.Summary = append(f.Summary, report.Member{Key: "failures", Value: len(all)})
	}
	return f
})

// longest bounds the texts that are looked through, and most the lines taken.
const (
	longest = 64 << 10
	most    = 32
)

// lines finds what a text names, each once.
func lines(b []byte) (all []Line) {
	seen := map[string]bool{}
	for raw := range bytes.SplitSeq(b, []byte{'\n'}) {
		l, ok := errorLine(string(raw))
		if !ok {
			l, ok = failInfo(string(raw))
		}
		if ok && !seen[l.As] && len(all) < most {
			seen[l.As] = true
			all = append(all, l)
		}
	}
	return all
}

// errorLine reads a line that OpenSSL prints of an error:
//
//	error:1D00009E:CMP routines::error processing message
//	8022:error:1D000095:CMP routines:OSSL_CMP_exec_certreq:…
//	CMP error: request not accepted
func errorLine(s string) (Line, bool) {
	for _, code := range codes(s) {
		n, err := strconv.ParseUint(code, 16, 32)
		if r, ok := cmp.ReasonOf(int64(n)); err == nil && ok && (r.Library == "CMP" || r.Library == "CRMF") {
			return Line{"OpenSSL's error " + strings.ToUpper(code), r.String()}, true
		}
	}
	if _, rest, ok := strings.Cut(s, "CMP error: "); ok {
		words, _, _ := strings.Cut(strings.TrimSpace(rest), ":")
		name := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(words), " ", "_"))
		for _, library := range []string{"CMP", "CRMF"} {
			if r, ok := cmp.ReasonNamed(library, name); ok {
				return Line{"«" + words + "»", r.Symbol() + " (" + strconv.Itoa(r.Number) + ")"}, true
			}
		}
	}
	return Line{}, false
}

// codes are the eight digits behind «error:», and those before «:CMP routines».
func codes(s string) (all []string) {
	if _, rest, ok := strings.Cut(s, "error:"); ok && (len(rest) == 8 || len(rest) > 8 && rest[8] == ':') {
		all = append(all, rest[:8])
	}
	if before, _, ok := strings.Cut(s, ":CMP routines"); ok && len(before) >= 8 {
		all = append(all, before[len(before)-8:])
	}
	return all
}

// failInfo reads a number with its label: failInfo=65536, PKIFailureInfo: 0x800000,
// failInfo '0000000000000001'B. The same number means different things to
// OpenSSL and to Bouncy Castle: both are said.
func failInfo(s string) (Line, bool) {
	low := []byte(s) // strings.ToLower makes other octets of what is no UTF-8
	for i, c := range low {
		if c >= 'A' && c <= 'Z' {
			low[i] = c + 'a' - 'A'
		}
	}
	i := -1
	for _, label := range []string{"failinfo", "pkifailureinfo", "failure-info"} {
		if k := bytes.Index(low, []byte(label)); k >= 0 {
			i = k + len(label)
			break
		}
	}
	if i < 0 {
		return Line{}, false
	}
	text := strings.TrimLeft(s[i:], " =:\t\"")
	end := strings.IndexFunc(text, func(c rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEFxX-'B", c) })
	if end >= 0 {
		text = text[:end]
	}
	if bits, ok := strings.CutPrefix(text, "'"); ok { // ASN.1 value notation
		bits, _, ok = strings.Cut(bits, "'")
		var set []int
		for n, c := range bits {
			if c != '0' && c != '1' || n > 63 {
				return Line{}, false
			}
			if c == '1' {
				set = append(set, n)
			}
		}
		if !ok || len(set) == 0 {
			return Line{}, false
		}
		f := cmp.NewFailInfo(set...)
		return Line{"failInfo '" + bits + "'B", names(f) + " (" + f.String() + ")"}, true
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil || n == 0 || n < -1<<31 || n >= 1<<32 {
		return Line{}, false
	}
	bc := cmp.FailInfoOfBouncyCastle(int32(n))
	if n < 0 {
		return Line{"failInfo " + text, names(bc) + " from Bouncy Castle"}, true
	}
	return Line{"failInfo " + text, fmt.Sprintf("%s from OpenSSL, %s from Bouncy Castle", names(cmp.FailInfoOfOpenSSL(uint64(n))), names(bc))}, true
}

// names are those of the bits.
func names(f cmp.FailInfo) string { return strings.Join(f.Names(), " + ") }
