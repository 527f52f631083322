package decode

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"derscope/decode/check"
)

// cmpFiner are citations of the catalogue of CMP that rules give otherwise, and why.
var cmpFiner = map[string]string{
	"cmp.challenge.owf RFC 4210 §F": "the text of RFC 9810 says it as well as the module of RFC 4210",
}

// cmpLevels are the words of the catalogue: the worst status that a check takes
// in the profile base, and the profile in which it takes a worse one. What warns
// in a profile and is a remark else asks for the profile itself.
var cmpLevels = map[string]struct {
	level  check.Level
	strict string
}{
	"F": {check.Must, ""}, "W": {check.Should, ""}, "N": {check.Advice, ""},
	"F/lw": {check.Must, "lw"}, "F/3gpp": {check.Must, "3gpp"}, "W/lw": {check.Should, ""},
}

// cmpListing reads section 3 of the catalogue.
func cmpListing(t *testing.T) (rows []listed) {
	t.Helper()
	b, err := os.ReadFile(catalogues + "cmp.md")
	if err != nil {
		t.Skip("the catalogue is not here: ", err)
	}
	for line := range strings.Lines(string(b)) {
		// | id | applies | rule | max | source | for learners |
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, "¦"), "|")
		if len(cells) != 8 || !strings.HasPrefix(cells[1], " cmp.") {
			continue
		}
		if _, known := cmpLevels[strings.TrimSpace(cells[4])]; known {
			rows = append(rows, listed{strings.TrimSpace(cells[1]), strings.TrimSpace(cells[4]), strings.TrimSpace(cells[5])})
		}
	}
	return rows
}

// Every check of the catalogue of CMP is a rule of the same level, no rule is
// beside them, and what they cite it cites too.
func TestCatalogueOfCMP(t *testing.T) {
	rows := cmpListing(t)
	if len(rows) != 287 {
		t.Errorf("the catalogue has %d checks, 287 are known", len(rows))
	}
	rules := map[string]check.Info{}
	for _, r := range Catalogue() {
		if strings.HasPrefix(r.ID, "cmp.") {
			rules[r.ID] = r
		}
	}
	for _, row := range rows {
		r, ok := rules[row.id]
		if !ok {
			t.Errorf("there is no rule %s", row.id)
			continue
		}
		delete(rules, row.id)
		// Some of those that fail anywhere are stricter in a profile where they only
		// warn, and a rule may ask for the profile itself.
		if want := cmpLevels[row.level]; r.Level != want.level || r.Strict != "" && r.Strict != want.strict && row.level != "F" {
			t.Errorf("%s has level %d, strict %q; the catalogue says %s", row.id, r.Level, r.Strict, row.level)
		}
		var cites []string
		for _, ref := range r.Refs.List() {
			cites = append(cites, ref.Doc+" §"+ref.Section)
		}
		for _, want := range cmpCitations(row.source) {
			// A part of the section says it better than the section.
			same := func(have string) bool { return have == want || strings.HasPrefix(have, want+".") }
			if !slices.ContainsFunc(cites, same) && cmpFiner[row.id+" "+want] == "" {
				t.Errorf("%s cites %v, and the catalogue %s", row.id, cites, want)
			}
		}
	}
	for id := range rules {
		t.Errorf("%s is in no catalogue", id)
	}
}

var (
	cmpCitedDoc   = regexp.MustCompile(`^[0-9]{4}$`)
	cmpCitedRange = regexp.MustCompile(`^([0-9.]+)–[0-9]+$`)
)

// cmpCitations are the sections of RFCs that a cell of this catalogue names,
// "9483 3.1, 3.5 (badMessageCheck); 9810 app. F", one by one. Of a run of
// sections the first is wanted. What programs do, and an RFC without a section,
// is left to the rule.
func cmpCitations(source string) (list []string) {
	for part := range strings.SplitSeq(citedAside.ReplaceAllString(source, ""), ";") {
		words := strings.Fields(part)
		if len(words) == 0 || !cmpCitedDoc.MatchString(words[0]) {
			continue
		}
		for _, word := range words[1:] {
			s := strings.TrimRight(word, ",")
			if m := cmpCitedRange.FindStringSubmatch(s); m != nil {
				s = m[1]
			}
			switch {
			case s == "app.":
			case citedSection.MatchString(s):
				list = append(list, "RFC "+words[0]+" §"+s)
			default: // an erratum, a remark: what follows is no section
				goto next
			}
		}
	next:
	}
	return list
}
