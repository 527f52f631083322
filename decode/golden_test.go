package decode

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode/check"
	"derscope/decode/internal/schema"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

var update = flag.Bool("update", false, "write the reports that the goldens hold; read them before they are committed")

// vector is a file of testdata: what is special about it, inputs, options, and
// the text of the report that they give.
type vector struct {
	file    string
	archive *txtar.Archive
	inputs  []Input
	options Options
	want    string
	golden  bool // it has a report
}

// vectors reads all of them.
func vectors(t testing.TB) []vector {
	files, err := filepath.Glob("../testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors in ../testdata: %v", err)
	}
	var all []vector
	for _, file := range files {
		v, err := readVector(file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		all = append(all, v)
	}
	return all
}

func readVector(file string) (vector, error) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		return vector{}, err
	}
	v := vector{file: file, archive: a}
	if line, _, _ := strings.Cut(string(a.Comment), "\n"); line == "" {
		return v, fmt.Errorf("the first line does not say what is special")
	}
	for _, f := range a.Files {
		name, isInput := strings.CutPrefix(f.Name, "input/")
		switch {
		case isInput:
			v.inputs = append(v.inputs, Input{Name: name, Bytes: f.Data})
		case f.Name == "report":
			v.want, v.golden = string(f.Data), true
		case f.Name != "options":
			return v, fmt.Errorf("a file named %s", f.Name)
		}
	}
	for _, f := range a.Files {
		if f.Name == "options" {
			if err := v.read(string(f.Data)); err != nil {
				return v, err
			}
		}
	}
	if len(v.inputs) == 0 {
		return v, fmt.Errorf("no input")
	}
	return v, nil
}

// read takes the options, one a line.
func (v *vector) read(options string) error {
	for line := range strings.Lines(options) {
		words := strings.Fields(line)
		var err error
		switch {
		case len(words) == 0:
		case words[0] == "at" && len(words) == 2:
			v.options.At, err = time.Parse(time.RFC3339, words[1])
		case words[0] == "profile" && len(words) == 2:
			v.options.Profiles = append(v.options.Profiles, words[1])
		case words[0] == "nonce" && len(words) == 2:
			v.options.Nonce, err = hex.DecodeString(words[1])
		case words[0] == "set" && len(words) > 1 && strings.Contains(line, "="):
			if v.options.Set == nil {
				v.options.Set = map[string]string{}
			}
			name, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "set ")), "=")
			v.options.Set[name] = value
		case words[0] == "role" && len(words) == 3:
			i := slices.IndexFunc(v.inputs, func(in Input) bool { return in.Name == words[1] })
			if i < 0 {
				return fmt.Errorf("a role for %s, which is no input", words[1])
			}
			v.inputs[i].Role = words[2]
		case words[0] == "kind" && len(words) == 3:
			i := slices.IndexFunc(v.inputs, func(in Input) bool { return in.Name == words[1] })
			if i < 0 {
				return fmt.Errorf("a kind for %s, which is no input", words[1])
			}
			v.inputs[i].Kind = words[2]
		default:
			err = fmt.Errorf("no such option: %s", strings.TrimSpace(line))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *vector) name() string {
	dir, base := filepath.Split(v.file)
	return filepath.Base(dir) + "/" + strings.TrimSuffix(base, ".txtar")
}

func (v *vector) write(text string) error {
	v.archive.Files = slices.DeleteFunc(v.archive.Files, func(f txtar.File) bool { return f.Name == "report" })
	v.archive.Files = append(v.archive.Files, txtar.File{Name: "report", Data: []byte(text)})
	return os.WriteFile(v.file, txtar.Format(v.archive), 0o666)
}

// objected says whether a check whose id starts so does not hold.
func objected(tree []report.Check, prefix string) bool {
	return slices.ContainsFunc(tree, func(k report.Check) bool {
		return strings.HasPrefix(k.ID, prefix) && len(k.Children) == 0 && k.Status > report.Pass || objected(k.Children, prefix)
	})
}

func TestReport(t *testing.T) {
	described := report.Schema()
	for _, v := range vectors(t) {
		t.Run(v.name(), func(t *testing.T) {
			c := Load(v.inputs, Limits{})
			r := c.Report(v.options)
			text := string(r.Text(report.TextOptions{Terse: true, Beside: true, Brief: func(i int) bool {
				// What stands beside the thing in question, unless OCSP has to say something against it.
				return i > 0 && r.Items[i].Kind == "certificate" && !objected(r.Items[i].Checks, "ocsp.")
			}}))
			switch {
			case *update && text != v.want:
				if err := v.write(text); err != nil {
					t.Fatal(err)
				}
			case !v.golden && !*update:
				t.Error("it holds no report yet: run with -update, and read what that writes")
			case text != v.want && !*update:
				t.Errorf("the report changed; with -update it is written, git shows the difference\n%s", difference(v.want, text))
			}
			if runtime.GOARCH == "wasm" {
				return // slow there, and the same program: that it finds the same is what counts
			}
			j := r.JSON(report.JSONOptions{})
			if err := schema.Validate(described, j); err != nil {
				t.Errorf("JSON departs from the schema: %v", err)
			}
			again := c.Report(v.options)
			if !reflect.DeepEqual(r, again) || !bytes.Equal(j, again.JSON(report.JSONOptions{})) {
				t.Error("a second report of the same case differs from the first")
			}
			other := Load(v.inputs, Limits{}).Report(v.options)
			if !bytes.Equal(j, other.JSON(report.JSONOptions{})) {
				t.Error("a report of the same inputs, loaded again, differs")
			}
			if err := tiling.Check(r.Sources, r.Nodes); err != nil {
				t.Error(err)
			}
			travels(t, r)
			anyOrder(t, &v, r)
		})
	}
}

// difference is the first line in which two texts differ, with some before it.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\nwant %s\ngot  %s", i+1, a, b)
		}
	}
	return ""
}

// travels checks that the page sees what the worker found.
func travels(t *testing.T, r *report.Report) {
	t.Helper()
	b, err := r.MarshalBinary()
	if err != nil {
		t.Error(err)
		return
	}
	var got report.Report
	if err := got.UnmarshalBinary(b); err != nil {
		t.Error(err)
		return
	}
	if !bytes.Equal(r.JSON(report.JSONOptions{}), got.JSON(report.JSONOptions{})) {
		t.Error("the JSON of the report differs from that of its binary form")
	}
	part, err := r.MarshalResults()
	if err != nil {
		t.Error(err)
		return
	}
	if err := got.UnmarshalResults(part); err != nil || !bytes.Equal(r.JSON(report.JSONOptions{}), got.JSON(report.JSONOptions{})) {
		t.Errorf("the results alone, joined to the nodes, make another report: %v", err)
	}
}

// anyOrder checks that the inputs, given the other way around, are judged alike.
func anyOrder(t *testing.T, v *vector, r *report.Report) {
	t.Helper()
	turned := slices.Clone(v.inputs)
	slices.Reverse(turned)
	other := Load(turned, Limits{}).Report(v.options)
	a, b := judged(r), judged(other)
	for key, rows := range a {
		if !slices.Equal(rows, b[key]) {
			t.Errorf("%s is judged otherwise when the inputs are turned around:\n%v\n%v", key, rows, b[key])
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d things are found, %d when the inputs are turned around", len(a), len(b))
	}
}

// judged are the checks of each thing found, as lines. Of things of the same
// octets they are one sorted list.
func judged(r *report.Report) map[string][]string {
	all := map[string][]string{}
	for i := range r.Items {
		it := &r.Items[i]
		key := it.Kind + " " + it.SHA256
		if it.Carrier >= 0 {
			key += " in " + r.Items[it.Carrier].SHA256
		}
		lines := []string{it.Verdict.Status.String() + " " + it.Verdict.Headline}
		var walk func([]report.Check)
		walk = func(rows []report.Check) {
			for _, k := range rows {
				lines = append(lines, k.ID+" "+k.Status.String())
				walk(k.Children)
			}
		}
		walk(it.Checks)
		slices.Sort(lines)
		all[key] = append(all[key], lines...)
	}
	for _, lines := range all {
		slices.Sort(lines)
	}
	return all
}

// A report without a time leaves open what depends on one, and fails nothing
// that it passes with one. Freshness is left out: which of several entries
// decides is itself a matter of time.
func TestNoTime(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.name(), func(t *testing.T) {
			c := Load(v.inputs, Limits{})
			with := v.options
			v.options.At = time.Time{}
			r, timed := c.Report(v.options), c.Report(with)
			for i := range r.Items {
				for _, id := range ids(r.Items[i].Checks) {
					row, _ := check.Find(r.Items[i].Checks, id)
					other, ok := check.Find(timed.Items[i].Checks, id)
					if ok && row.Status == report.Fail && other.Status == report.Pass && !strings.HasPrefix(id, "ocsp.fresh.") {
						t.Errorf("%s fails without a time and passes with one", id)
					}
				}
			}
			if !json.Valid(r.JSON(report.JSONOptions{})) {
				t.Error("the JSON of a report without a time is none")
			}
		})
	}
}

// ids are those of the checks below groups.
func ids(rows []report.Check) (all []string) {
	for _, k := range rows {
		if k.Children == nil {
			all = append(all, k.ID)
		}
		all = append(all, ids(k.Children)...)
	}
	return all
}
