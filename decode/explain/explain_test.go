package explain_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/decode"
	"derscope/decode/der"
	"derscope/decode/explain"
	"derscope/decode/report"
)

func TestEveryRuleIsExplained(t *testing.T) {
	rules := map[string]bool{}
	for _, rule := range decode.Catalogue() {
		rules[rule.ID] = true
		text, ok := explain.Rule(rule.ID)
		if !ok {
			t.Errorf("%s has no text", rule.ID)
			continue
		}
		if n := len(strings.Fields(string(text))); n < 25 || n > 140 {
			t.Errorf("%s is explained in %d words, 25 to 140 are wanted", rule.ID, n)
		}
		if strings.HasPrefix(string(text), rule.Title) {
			t.Errorf("%s: the text repeats the title", rule.ID)
		}
	}
	files, err := explain.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), ".md")
		if _, isRule := explain.Rule(id); isRule && !rules[id] {
			t.Errorf("%s explains no rule that there is", f.Name())
		}
	}
}

// A description is a sentence or several: it ends with a full stop, keeps to
// one space, and is written for people who did nothing wrong.
func TestTextsAreWritten(t *testing.T) {
	unwanted := regexp.MustCompile(`TODO|FIXME|!|  |\t|\b(?:is|are) invalid\b|\b(?i:error occurred)\b|\*\*|\]\(`)
	seen := map[string]string{}
	for key, text := range all(t) {
		s := string(text)
		if m := unwanted.FindString(s); m != "" {
			t.Errorf("%s holds %q", key, m)
		}
		if !strings.HasSuffix(s, ".") {
			t.Errorf("%s does not end with a full stop", key)
		}
		first := s
		if i := strings.Index(s, ". "); i >= 0 {
			first = s[:i]
		}
		first = strings.Join(strings.Fields(first), " ")
		if len(strings.Fields(first)) < 3 {
			continue
		}
		if other := seen[first]; other != "" {
			t.Errorf("%s and %s begin with the same sentence: %q", key, other, first)
		}
		seen[first] = key
	}
}

// all is every text: of rules by id, of the lists by their names and terms.
func all(t *testing.T) map[string]explain.Text {
	texts := map[string]explain.Text{}
	files, err := explain.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(f.Name(), ".md")
		if text, ok := explain.Rule(id); ok {
			texts[id] = text
		}
	}
	for name, list := range map[string][]explain.Entry{"field ": explain.Fields(), "type ": explain.Types(), "word ": explain.Glossary()} {
		for _, e := range list {
			texts[name+e.Term] = e.Text
		}
	}
	return texts
}

func TestListsAreInOrder(t *testing.T) {
	for name, list := range map[string][]explain.Entry{"fields": explain.Fields(), "types": explain.Types(), "glossary": explain.Glossary()} {
		if len(list) < 30 {
			t.Errorf("%s has %d texts", name, len(list))
		}
		terms := map[string]bool{}
		for _, e := range list {
			if terms[e.Term] {
				t.Errorf("%s explains %q twice", name, e.Term)
			}
			terms[e.Term] = true
			if e.Term == "" || e.Text == "" {
				t.Errorf("%s has an empty text, or one without a term: %+v", name, e)
			}
		}
	}
	if !slices.IsSortedFunc(explain.Glossary(), func(a, b explain.Entry) int {
		return strings.Compare(strings.ToLower(a.Term), strings.ToLower(b.Term))
	}) {
		t.Error("the glossary is not sorted")
	}
}

func TestField(t *testing.T) {
	for _, c := range []struct{ path, typ, begins string }{
		{"OCSPResponse/responseBytes/response/basicResponse/tbsResponseData/producedAt", "GeneralizedTime", "When the responder signed."},
		{"tbsResponseData/responses/responses[12]/certID/issuerKeyHash", "OCTET STRING", "The hash of the issuer's public key"},
		{"certificate/tbsCertificate/signature", "SEQUENCE", "A copy, inside the signed part"},
		{"basicResponse/signature", "BIT STRING", "The signature, a BIT STRING"},
		{"somebody's/extension", "UTF8String", "Text in UTF-8"},
	} {
		text, ok := explain.Field(c.path, c.typ)
		if s := strings.Join(strings.Fields(string(text)), " "); !ok || !strings.HasPrefix(s, c.begins) {
			t.Errorf("%s: %v, %q", c.path, ok, s)
		}
	}
	if text, ok := explain.Field("nobody", "knows"); ok {
		t.Errorf("something is said of nothing: %q", text)
	}
	if text, ok := explain.Rule("fields"); ok {
		t.Errorf("the list of fields is no rule: %.40q", text)
	}
}

// generic says whether the text of a type is enough to explain a node: for
// wrappers, which have no name, and for what stands in no structure that
// derscope knows, where the type is all there is to say.
func generic(r *report.Report, n report.Ref) bool {
	path := r.Path(n)
	return r.Nodes[n].Label == "" || r.Items[r.ItemOf(n)].Kind == "asn1" || strings.Contains(path, "/value/") || path == "value"
}

// Every field of every vector has a text of its own, found by its label or the
// end of its path.
func TestFieldsOfVectorsAreExplained(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Skip("the vectors are not here: ", err)
	}
	nodes := 0
	missing := map[string]bool{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var in []decode.Input
		for _, f := range a.Files {
			if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
				in = append(in, decode.Input{Name: name, Bytes: f.Data})
			}
		}
		r := decode.Load(in, decode.Limits{}).Report(decode.Options{})
		for i := range r.Nodes {
			n := report.Ref(i)
			typ := ""
			if generic(r, n) {
				typ = r.Nodes[i].Type
			}
			nodes++
			if _, ok := explain.Field(r.Path(n), typ); !ok {
				missing[r.Path(n)+" of type "+r.Nodes[i].Type+" in "+filepath.Base(file)] = true
			}
		}
	}
	for what := range missing {
		t.Errorf("nothing is said of %s", what)
	}
	if nodes < 10000 {
		t.Errorf("the vectors have %d nodes: too few to show anything", nodes)
	}
}

// Every type that any element can have is explained.
func TestTypesAreExplained(t *testing.T) {
	for n := range uint32(31) {
		name := der.Tag{Number: n}.String()
		if _, ok := explain.Field("", name); !ok && !strings.HasPrefix(name, "[UNIVERSAL") {
			t.Errorf("nothing is said of the type %s", name)
		}
	}
	for _, tag := range []der.Tag{der.Ctx(0), der.Ctx(77), {Class: der.Application, Number: 1}, {Class: der.Private, Number: 2}} {
		for _, form := range []string{"", " EXPLICIT"} {
			if _, ok := explain.Field("", tag.String()+form); !ok {
				t.Errorf("nothing is said of the type %s%s", tag, form)
			}
		}
	}
}
