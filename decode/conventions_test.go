package decode

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"derscope/decode/check"
	"derscope/decode/report"
)

func TestRulesAreWritten(t *testing.T) {
	for _, rule := range Catalogue() {
		switch {
		case !regexp.MustCompile(`^[a-z]+(\.[a-z0-9-]+)+$`).MatchString(rule.ID):
			t.Errorf("%s is no id: lower-case words from general to particular", rule.ID)
		case rule.Title == "" || strings.HasSuffix(rule.Title, "."):
			t.Errorf("%s: the title %q is no sentence without full stop", rule.ID, rule.Title)
		case len(rule.Refs) == 0:
			t.Errorf("%s cites nothing", rule.ID)
		}
	}
}

func TestRulesAreExplained(t *testing.T) {
	texts, _ := filepath.Glob("explain/*.md")
	if len(texts) == 0 {
		t.Skip("the explanations are not here")
	}
	var missing []string
	for _, rule := range Catalogue() {
		if b, err := os.ReadFile("explain/" + rule.ID + ".md"); err != nil || len(strings.TrimSpace(string(b))) == 0 {
			missing = append(missing, rule.ID)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d rules have no text in explain/: %s", len(missing), strings.Join(missing, " "))
	}
}

// neverBroken are the rules that no vector breaks, and why they stand all the same.
var neverBroken = map[string]string{
	"cmp.body.size":         "no vector is as large: TestLargeMessages has one",
	"ocsp.signer.is-issuer": "it is said where it holds and nowhere else: that another signs is judged by the rules of delegates",
	"name.readable":         "octets that cannot be read as a Name are not taken for one",
}

// Every rule is broken by one vector and kept by another: there it passes
// without a remark, or is silent about a thing of its kind.
func TestRulesHaveVectors(t *testing.T) {
	kept, broken := map[string]bool{}, map[string]bool{}
	var walk func(rows []report.Check, plain map[string]bool)
	walk = func(rows []report.Check, plain map[string]bool) {
		for _, k := range rows {
			walk(k.Children, plain)
			if k.Status != report.Pass || k.Note {
				broken[k.ID] = true
				delete(plain, k.ID)
			}
		}
	}
	for _, v := range vectors(t) {
		c := Load(v.inputs, Limits{})
		r := c.Report(v.options)
		for i := range r.Items {
			rules := judgedBy(c, r, i)
			plain := map[string]bool{}
			for _, rule := range rules {
				plain[rule.ID] = true
			}
			walk(r.Items[i].Checks, plain)
			for id := range plain {
				kept[id] = true
			}
		}
	}
	var never, always []string
	exempt := 0
	for _, rule := range Catalogue() {
		if !kept[rule.ID] {
			always = append(always, rule.ID)
		}
		why := neverBroken[rule.ID]
		switch {
		case why != "":
			if exempt++; broken[rule.ID] {
				t.Errorf("%s is broken by a vector, and is said not to be: %s", rule.ID, why)
			}
		case !broken[rule.ID]:
			never = append(never, rule.ID)
		}
	}
	if exempt != len(neverBroken) {
		t.Errorf("%d of the %d rules that no vector breaks are there", exempt, len(neverBroken))
	}
	if len(never) > 0 {
		t.Errorf("no vector breaks %d rules: %s", len(never), strings.Join(never, " "))
	}
	if len(always) > 0 {
		t.Errorf("no vector keeps %d rules: %s", len(always), strings.Join(always, " "))
	}
}

// judgedBy are the rules that item i of a report was judged by.
func judgedBy(c *Case, r *report.Report, i int) []check.Info {
	if i < len(c.items) {
		if c.items[i].kind == nil {
			return nil
		}
		return c.items[i].kind.Rules
	}
	for _, k := range conversations {
		if k.Name == r.Items[i].Kind {
			return k.Rules
		}
	}
	return nil
}

// sections are those that the documents have, by document.
func sections(t *testing.T) map[string][]string {
	b, err := os.ReadFile("spec/sections.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		doc, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok || line[0] == '#' {
			continue
		}
		for word := range strings.FieldsSeq(list) {
			first, last, run := strings.Cut(word, "-")
			if !run {
				all[doc] = append(all[doc], word)
				continue
			}
			dot := strings.LastIndex(first, ".") + 1
			from, _ := strconv.Atoi(first[dot:])
			to, err := strconv.Atoi(last)
			if err != nil || from == 0 || to <= from {
				t.Fatalf("%s: %s is no run of sections", doc, word)
			}
			for n := from; n <= to; n++ {
				all[doc] = append(all[doc], first[:dot]+strconv.Itoa(n))
			}
		}
	}
	return all
}

func TestCitationsAreReal(t *testing.T) {
	known := sections(t)
	cited := func(where, doc, section string) {
		list, ok := known[doc]
		switch {
		case !ok && strings.HasPrefix(doc, "RFC "):
			t.Errorf("%s cites %s, whose sections are not in spec/sections.txt", where, doc)
		case ok && section != "" && !slices.Contains(list, section):
			t.Errorf("%s cites %s, section %s, which there is not", where, doc, section)
		}
	}
	for _, rule := range Catalogue() {
		for _, r := range rule.Refs.List() {
			cited(rule.ID, r.Doc, r.Section)
		}
	}
	helper := regexp.MustCompile(`^(?i:rfc)([0-9]*)$`)
	for _, files := range sources(t) {
		for name, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				fun := call.Fun
				if s, ok := fun.(*ast.SelectorExpr); ok {
					fun = s.Sel
				}
				id, ok := fun.(*ast.Ident)
				if !ok {
					return true
				}
				m := helper.FindStringSubmatch(id.Name)
				if m == nil {
					return true
				}
				args := call.Args
				if m[1] == "" && len(args) == 2 {
					m[1], args = literal(args[0]), args[1:]
				}
				if s := literal(args[0]); m[1] != "" && len(args) == 1 {
					cited(name, "RFC "+m[1], s)
				}
				return true
			})
		}
	}
}

// Comments cite sections as "RFC 5280, section 4.1.2.5" and "RFC 5280, 4.1.2.5".
func TestCitationsInCommentsAreReal(t *testing.T) {
	known := sections(t)
	cite := regexp.MustCompile(`RFC ([0-9]{4,5}),?\s+(?:section\s+|appendix\s+|§)?([0-9]+(?:\.[0-9]+)+|[A-Z](?:\.[0-9]+)+)\b`)
	for _, files := range sources(t) {
		for name, f := range files {
			for _, group := range f.Comments {
				for _, m := range cite.FindAllStringSubmatch(group.Text(), -1) {
					list, ok := known["RFC "+m[1]]
					if !ok || !slices.Contains(list, m[2]) {
						t.Errorf("a comment of %s cites RFC %s, section %s, which spec/sections.txt does not have", name, m[1], m[2])
					}
				}
			}
		}
	}
}

func literal(e ast.Expr) string {
	b, ok := e.(*ast.BasicLit)
	switch {
	case !ok:
		return ""
	case b.Kind == token.STRING:
		s, _ := strconv.Unquote(b.Value)
		return s
	}
	return b.Value
}
