package main

import (
	"bytes"
	"slices"
	"testing"
)

// What memory holds at the start does not change, nor anything beside it.
func TestJoinSegments(t *testing.T) {
	head := []byte("\x00asm\x01\x00\x00\x00")
	before, after := []byte{1, 3, 9, 9, 9}, []byte{0, 2, 1, 'x'}
	memory := make([]byte, 9000)
	copy(memory[70:], "one")
	copy(memory[90:], "two") // near: joined to the first
	copy(memory[8192:], "far")
	memory[8999] = 1
	section := []byte{4,
		0, 0x41, 0xc6, 0x00, 0x0b, 3, 'o', 'n', 'e', // 70, which needs two octets to have no sign
		0, 0x41, 0xda, 0x00, 0x0b, 3, 't', 'w', 'o',
		0, 0x41, 0xa7, 0xc6, 0x00, 0x0b, 1, 1, // not in order
		0, 0x41, 0x80, 0xc0, 0x00, 0x0b, 3, 'f', 'a', 'r'}
	module := slices.Concat(head, before, []byte{dataID, byte(len(section))}, section, after)

	got, err := joinSegments(module)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(got, slices.Concat(head, before, []byte{dataID})) || !bytes.HasSuffix(got, after) {
		t.Errorf("what stands around the section has changed: %x", got)
	}
	_, start, end, err := dataSection(got)
	if err != nil {
		t.Fatal(err)
	}
	if n := got[start]; n != 2 {
		t.Errorf("%d segments instead of 2", n)
	}
	if again, err := load(got[start:end]); err != nil || !bytes.Equal(again, memory) {
		t.Errorf("memory holds something else, or %v", err)
	}
	for n := range module[:len(module)-len(after)] {
		if _, err := joinSegments(module[:n]); err == nil {
			t.Errorf("the first %d octets pass for a module", n)
		}
	}
}

func TestOneElement(t *testing.T) {
	src := func(link string) []byte {
		return []byte(`package app

type HTMLA interface {
	Href(v string) HTMLA
}

func A() HTMLA {
	return &htmlA{htmlElement: htmlElement{tag: "a"}}
}

type htmlA struct{ htmlElement }

func (e *htmlA) Href(v string) HTMLA {
	e.setAttr("href", v)
	return e
}

type HTMLDiv interface{}

type htmlDiv struct{ htmlElement }

func (e *htmlDiv) Href(v string) HTMLDiv {
	` + link + `
	return e
}
`)
	}
	got, err := oneElement(src(`e.setAttr("href", v)`))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"type HTMLA = *element", "type htmlA = element", "func A() HTMLA {", "func (e *element) Href(v string) *element {"} {
		if bytes.Count(got, []byte(want)) != 1 {
			t.Errorf("%q does not stand there once:\n%s", want, got)
		}
	}
	if _, err := oneElement(src(`e.setAttr("link", v)`)); err == nil {
		t.Error("two methods of one name that do different things are made one")
	}
	if _, err := oneElement([]byte("package app")); err == nil {
		t.Error("a file without elements passes")
	}
}
