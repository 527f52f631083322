package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// oneElement rewrites go-app's html_gen.go, in which each HTML element has a
// type and an interface of a hundred methods, so that all have one type, with
// the methods of all. Calls become direct, and what the page does not call is
// not linked: without it a tenth of the program would be descriptions of
// methods. An element that is given an attribute it does not have compiles
// here; the build for the page as it is first drawn, with go-app as it is,
// refuses it.
func oneElement(src []byte) ([]byte, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "html_gen.go", src, 0)
	if err != nil {
		return nil, err
	}
	text := func(from, to token.Pos) string {
		return string(src[set.Position(from).Offset:set.Position(to).Offset])
	}
	var out bytes.Buffer
	out.WriteString("package app\n\nimport \"strings\"\n\ntype element struct{ htmlElement }\n")
	methods := map[string]string{} // by name
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				t, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				switch t.Type.(type) {
				case *ast.InterfaceType:
					fmt.Fprintf(&out, "type %s = *element\n", t.Name.Name)
				case *ast.StructType:
					fmt.Fprintf(&out, "type %s = element\n", t.Name.Name)
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil {
				out.WriteString(text(d.Pos(), d.End()) + "\n")
				continue
			}
			if text(d.Recv.Pos(), d.Recv.End()) == "(e *htmlTextarea)" && strings.HasPrefix(d.Name.Name, "Text") {
				continue // sets the value; as content, the text is the first value
			}
			method := fmt.Sprintf("func (e *element) %s%s *element %s\n", d.Name.Name,
				text(d.Type.Params.Pos(), d.Type.Params.End()), text(d.Body.Pos(), d.Body.End()))
			switch old, ok := methods[d.Name.Name]; {
			case !ok:
				methods[d.Name.Name] = method
				out.WriteString(method)
			case old != method:
				return nil, fmt.Errorf("two elements differ:\n%s%s", old, method)
			}
		}
	}
	if !strings.Contains(out.String(), "type HTMLDiv = *element") {
		return nil, fmt.Errorf("html_gen.go holds no elements")
	}
	return out.Bytes(), nil
}
