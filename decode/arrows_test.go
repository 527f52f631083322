package decode

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrow says which packages of ours a package may import, and why no others.
type arrow struct {
	may []string
	why string
}

// arrows are the whole of it: a package that is not listed is a mistake, and
// so is an import that its line does not hold.
var arrows = map[string]arrow{
	"decode/spec":        {nil, "citations need nothing"},
	"decode/oid":         {nil, "names need nothing"},
	"decode/der":         {nil, "elements have no schema"},
	"decode/armor":       {nil, "wrappings know nothing of what is inside"},
	"decode/report":      {[]string{"spec", "oid"}, "the data stands under everything; JSON writes identifiers dotted"},
	"decode/field":       {[]string{"der", "report", "spec", "oid"}, "reading and labelling know no rules"},
	"decode/edit":        {[]string{"der", "oid", "report"}, "an edit changes octets at the place of a node, and judges nothing"},
	"decode/check":       {[]string{"armor", "field", "report", "spec"}, "the machinery of rules knows no kind; a rule may look at the HTTP message around its item"},
	"decode/sig":         {[]string{"der", "oid"}, "verification needs octets, not nodes"},
	"decode/cert":        {[]string{"check", "der", "field", "oid", "report", "sig", "spec"}, "certificates are what the other kinds stand on"},
	"decode/ocsp":        {[]string{"armor", "cert", "check", "der", "field", "oid", "report", "sig", "spec"}, "kinds never import each other: a message inside a message is a piece"},
	"decode/printed":     {[]string{"cert", "check", "field", "ocsp", "oid", "report", "sig", "spec"}, "it makes the octets of a response, and names its parts as package ocsp does"},
	"decode/suite":       {nil, "names, numbers and arithmetic of TLS need nothing"},
	"decode/callback":    {nil, "what OpenSSL's callbacks lead to is a table"},
	"decode/session":     {[]string{"check", "der", "field", "report", "spec", "suite", "cert", "handshake", "ocsp"}, "states of many programs, whatever they were sealed in; what they hold and came from is judged with them"},
	"decode/ticket":      {[]string{"cert", "check", "der", "field", "report", "session", "spec", "suite"}, "a ticket is opened when a state is found in it"},
	"decode/handshake":   {[]string{"check", "field", "report", "spec", "suite", "cert"}, "messages are read, and judged elsewhere"},
	"decode/keylog":      {[]string{"check", "field", "handshake", "report", "session", "spec", "suite"}, "lines of secrets belong to hellos"},
	"decode/capture":     {[]string{"armor", "carrier", "check", "field", "handshake", "keylog", "report", "session", "spec", "suite"}, "streams are opened with a key log or the secret of a session, and hold handshakes, or frames of CMP"},
	"decode/secret":      {[]string{"check", "field", "report", "spec"}, "a secret is octets; what it opens, others tell"},
	"decode/private":     {[]string{"der", "oid", "sig"}, "a key is opened, and held against another"},
	"decode/mac":         {[]string{"cert", "der", "field", "oid", "report", "sig", "spec"}, "arithmetic needs octets, and the nodes of its parameters"},
	"decode/envelope":    {[]string{"cert", "der", "field", "mac", "oid", "private", "report", "sig", "spec"}, "what is encrypted is read and opened, and judged elsewhere; keys of passwords and agreements are made as those of a MAC are"},
	"decode/crmf":        {[]string{"cert", "der", "envelope", "field", "mac", "oid", "report", "sig", "spec"}, "requests are read, and judged elsewhere"},
	"decode/cmp":         {[]string{"cert", "check", "crmf", "der", "field", "mac", "oid", "report", "spec"}, "messages are read, and judged elsewhere"},
	"decode/path":        {[]string{"cert", "field", "oid", "report", "sig"}, "paths are made of certificates, whatever they are for"},
	"decode/enrol":       {[]string{"armor", "cert", "check", "cmp", "crmf", "der", "envelope", "field", "mac", "ocsp", "oid", "path", "private", "report", "secret", "sig", "spec"}, "a message is judged with what was found beside it"},
	"decode/fragment":    {[]string{"cert", "check", "cmp", "field", "report", "spec"}, "parts of messages are read as messages are"},
	"decode/carrier":     {[]string{"cert", "check", "cmp", "field", "report", "spec"}, "what carries messages asks where they begin and end, and leaves alone what holds a private key"},
	"decode/cmpclient":   {[]string{"cert", "check", "cmp", "der", "enrol", "field", "mac", "oid", "path", "report", "sig"}, "what a client returns rests on what was found of each message"},
	"decode/transaction": {[]string{"cert", "check", "cmp", "cmpclient", "crmf", "enrol", "field", "mac", "oid", "report", "sig"}, "a transaction is judged when its messages were"},
	"decode/connection":  {[]string{"callback", "cert", "check", "client", "der", "field", "handshake", "ocsp", "oid", "private", "report", "secret", "session", "sig", "spec", "suite", "ticket"}, "a connection is all that was found of it; what a careful callback returns for a staple, package client says"},
	"decode/client":      {[]string{"armor", "cert", "check", "der", "field", "ocsp", "oid", "report", "sig"}, "what programs do with a response; those of later kinds are in package peer"},
	"decode/peer":        {[]string{"callback", "check", "connection", "handshake", "report", "session", "ticket"}, "what programs do with what is found of TLS, and what their callbacks meet: the program of a first visit does without"},
	"decode":             {[]string{"armor", "cert", "check", "client", "der", "field", "ocsp", "oid", "printed", "report", "session", "ticket", "handshake", "keylog", "capture", "connection", "peer", "enrol", "secret", "transaction", "carrier", "fragment"}, "the front door knows all of it"},
	"decode/ask":         {[]string{"decode", "report"}, "what is asked is the decoder's input, and the answer a form of its report; from where the octets come, others know"},
	"decode/explain":     {[]string{"report"}, "texts are about rules and fields, by name"},
	"web": {[]string{"report", "spec", "der", "oid", "edit"},
		"the page draws reports, and elements with the names of their identifiers: decoding is the worker's, so that the two can part into two programs"},
	"wasm":              {[]string{"decode", "report", "web"}, "the program brings page and decoder together"},
	"wasm/edge":         {[]string{"web/service", "web/service/relay"}, "the worker is the service in another home"},
	"web/service":       {[]string{"ask", "check", "decode", "report"}, "the service answers with reports; what fetches from others is handed to it"},
	"web/service/relay": {[]string{"ask", "decode", "field", "ocsp", "report", "web/service"}, "what goes out and what comes back is read as a message; the report is of both"},
	"cmd/derscope":      {[]string{"ask", "web/service", "web/service/relay", "decode", "report", "der", "oid"}, "the terminal draws reports, and elements without a schema; the service stands beside the page"},
	"cmd/build":         {[]string{"web", "decode", "check", "explain", "report"}, "the site shows texts and examples"},
}

// internalMay is what helpers of tests and packages, below internal, may import.
var internalMay = []string{"report", "field", "der", "oid", "spec"}

func TestArrows(t *testing.T) {
	used := map[string]bool{} // "decode der": it does
	for dir, files := range sources(t) {
		a, listed := arrows[dir]
		if strings.Contains(dir, "/internal/") {
			a, listed = arrow{internalMay, "helpers stand below what they help"}, true
		}
		if !listed {
			t.Errorf("%s stands in no line of the table", dir)
			continue
		}
		for name, f := range files {
			for _, imp := range f.Imports {
				p, _ := strconv.Unquote(imp.Path.Value)
				ours, ok := strings.CutPrefix(p, "derscope/")
				if !ok || strings.Contains(ours, "internal/") {
					continue
				}
				ours = strings.TrimPrefix(ours, "decode/")
				used[dir+" "+ours] = true
				if !slices.Contains(a.may, ours) {
					t.Errorf("%s imports %s: %s", name, ours, a.why)
				}
			}
		}
	}
	for dir, a := range arrows {
		for _, to := range a.may {
			if !used[dir+" "+to] {
				t.Errorf("%s may import %s, and no file of it does: take the arrow away", dir, to)
			}
		}
	}
}

// What nothing in decode may reach for: its reports depend on the input alone.
var forbidden = map[string]string{
	"net":          "the decoder reaches no network",
	"net/http":     "the decoder reaches no network",
	"os":           "the decoder reads no files",
	"os/exec":      "the decoder starts nothing",
	"syscall":      "the decoder calls no system",
	"syscall/js":   "the decoder knows no browser",
	"math/rand":    "a report is the same every time",
	"math/rand/v2": "a report is the same every time",
	"crypto/rand":  "a report is the same every time",
	"unsafe":       "the input is hostile",
}

func TestDecoderIsPure(t *testing.T) {
	for dir, files := range sources(t) {
		if dir != "decode" && !strings.HasPrefix(dir, "decode/") {
			continue
		}
		for name, f := range files {
			for _, imp := range f.Imports {
				p, _ := strconv.Unquote(imp.Path.Value)
				if why, bad := forbidden[p]; bad {
					t.Errorf("%s imports %s: %s", name, p, why)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					x, _ := n.X.(*ast.Ident)
					if x != nil && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After"}, n.Sel.Name) {
						t.Errorf("%s calls time.%s: a report depends on the time it is given", name, n.Sel.Name)
					}
				case *ast.FuncDecl:
					if n.Name.Name == "init" && n.Recv == nil {
						t.Errorf("%s has an init function: lists are written out", name)
					}
				}
				return true
			})
		}
	}
}

func TestOnePackageCommentEach(t *testing.T) {
	for dir, files := range sources(t) {
		var where []string
		for name, f := range files {
			if f.Doc != nil {
				where = append(where, name)
			}
		}
		if len(where) != 1 {
			slices.Sort(where)
			t.Errorf("%s has %d package comments, want 1: %v", dir, len(where), where)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	const most = 500
	for _, files := range sources(t) {
		for name := range files {
			b, err := os.ReadFile(filepath.Join("..", name))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > most {
				t.Errorf("%s has %d lines: split it by topic, %d are the most", name, n, most)
			}
		}
	}
}

// sources are the parsed files of each folder of the module, tests, testdata
// and what is generated left out.
func sources(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	if _, err := os.Stat("../go.mod"); err != nil {
		t.Skip("the source is not here: ", err)
	}
	all := map[string]map[string]*ast.File{}
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(p, ".."+string(filepath.Separator)))
		if d.IsDir() {
			if base := d.Name(); p != ".." && (base == "testdata" || base == "build" && filepath.Dir(p) == ".." || base == "e2e" || base[0] == '.') {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := "."
		if i := strings.LastIndex(name, "/"); i >= 0 {
			dir = name[:i]
		}
		if all[dir] == nil {
			all[dir] = map[string]*ast.File{}
		}
		all[dir][name] = f
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
