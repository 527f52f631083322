package decode

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"derscope/decode/check"
)

// catalogues are beside the module, not in it: they are a contract that other
// projects read as well.
const catalogues = "../../shared/spec/"

// finer are citations of the catalogues that rules give otherwise, and why.
var finer = map[string]string{
	"tls.message.form RFC 9846 §6":               "decode_error is described in 6.2",
	"ocsp.staple.present RFC 9846 §4.4.2.1":      "this is the number in RFC 8446: in RFC 9846 it is 4.5.1.1",
	"ocsp.staple.intermediate RFC 9846 §4.4.2.1": "as ocsp.staple.present",
	"ocsp.staple.v2-in-13 RFC 9846 §4.4.2.1":     "as ocsp.staple.present",
}

// listed is a check as a catalogue has it.
type listed struct{ id, level, source string }

// listing reads the checks of a catalogue whose ids begin with a word.
func listing(t *testing.T, name, begin string) (rows []listed) {
	t.Helper()
	b, err := os.ReadFile(catalogues + name)
	if err != nil {
		t.Skip("the catalogue is not here: ", err)
	}
	for line := range strings.Lines(string(b)) {
		// | `id` | when | result | level | source | for learners |
		cells := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `\|`, "¦"), "|")
		if len(cells) == 8 && strings.HasPrefix(cells[1], " `"+begin) && strings.Contains("fail warn open pass", strings.TrimSpace(cells[4])) {
			rows = append(rows, listed{strings.Trim(cells[1], " `"), strings.TrimSpace(cells[4]), strings.TrimSpace(cells[5])})
		}
	}
	return rows
}

// Every check of the catalogues of TLS is a rule of the same level, no rule is
// beside them, and what they cite it cites too.
func TestCatalogues(t *testing.T) {
	rows := append(listing(t, "tls-checks.md", ""), listing(t, "ocsp.md", "ocsp.staple.")...)
	if len(rows) != 149+21 {
		t.Errorf("the catalogues have %d checks, 170 are known", len(rows))
	}
	rules, families := map[string]check.Info{}, map[string]bool{"ocsp.staple": true}
	for _, r := range Catalogue() {
		rules[r.ID] = r
	}
	levels := map[string]check.Level{"fail": check.Must, "warn": check.Should, "open": check.May, "pass": check.Advice}
	for _, row := range rows {
		r, ok := rules[row.id]
		if !ok {
			t.Errorf("there is no rule %s", row.id)
			continue
		}
		if r.Level != levels[row.level] {
			t.Errorf("%s has level %d, the catalogue says %s", row.id, r.Level, row.level)
		}
		var cites []string
		for _, ref := range r.Refs.List() {
			cites = append(cites, ref.Doc+" §"+ref.Section)
		}
		for _, want := range citations(row.source) {
			if !slices.Contains(cites, want) && finer[row.id+" "+want] == "" {
				t.Errorf("%s cites %v, and the catalogue %s", row.id, cites, want)
			}
		}
		if family, _, _ := strings.Cut(row.id, "."); family != "ocsp" {
			families[family] = true
		}
		delete(rules, row.id)
	}
	for id := range rules {
		family, rest, _ := strings.Cut(id, ".")
		if family == "ocsp" && strings.HasPrefix(rest, "staple.") {
			family = "ocsp.staple"
		}
		if families[family] {
			t.Errorf("%s is in no catalogue", id)
		}
	}
}

var (
	citedDoc     = regexp.MustCompile(`RFC [0-9]+`)
	citedSection = regexp.MustCompile(`^(?:[0-9]+|[A-F])(?:\.[0-9]+)*$`)
	citedAside   = regexp.MustCompile(`\(.*?\)`)
)

// citations are the sections of RFCs that a cell names, "RFC 9846 §§5.1, E.5;
// RFC 5246 §6.2", one by one. An RFC without a section is left to the rule.
func citations(source string) (list []string) {
	for part := range strings.SplitSeq(citedAside.ReplaceAllString(source, ""), ";") {
		at := citedDoc.FindStringIndex(part)
		if at == nil {
			continue
		}
		for word := range strings.FieldsSeq(part[at[1]:]) {
			if s := strings.Trim(word, "§,"); citedSection.MatchString(s) {
				list = append(list, part[at[0]:at[1]]+" §"+s)
			}
		}
	}
	return list
}
