package main

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

func asItIs([]byte) error { return nil }

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

	got, err := joinSegments(module, asItIs)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(got, slices.Concat(head, before, []byte{dataID})) || !bytes.HasSuffix(got, after) {
		t.Errorf("what stands around the section has changed: %x", got)
	}
	_, start, end, err := findSection(got, dataID)
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
		if _, err := joinSegments(module[:n], asItIs); err == nil {
			t.Errorf("the first %d octets pass for a module", n)
		}
	}
}

func TestCapMemory(t *testing.T) {
	head, after := []byte("\x00asm\x01\x00\x00\x00"), []byte{dataID, 1, 0}
	module := slices.Concat(head, []byte{memoryID, 3, 1, 0, 7}, after)
	got, err := capMemory(module, 200*page)
	if want := slices.Concat(head, []byte{memoryID, 5, 1, 1, 7, 0xc8, 1}, after); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%x, %v; want %x", got, err, want)
	}
	for _, bad := range []struct {
		module []byte
		most   int
	}{{got, 300 * page}, {module, 6 * page}, {module[:11], 300 * page}, {slices.Concat(head, after), 300 * page}} {
		if _, err := capMemory(bad.module, bad.most); err == nil {
			t.Errorf("%x passes, with %d", bad.module, bad.most)
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

// The tables of lines go, also those that end in the middle of zeros; one that
// something else needs stays, and so does what the runtime looks at.
func TestDropLines(t *testing.T) {
	const header, names, units, files, pairs, list = 16, 72, 110, 112, 120, 140
	memory := make([]byte, 400)
	table := memory[header:]
	copy(table, []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8})
	for i, v := range []uint64{2, 1, 0, names, units, files, pairs, list} {
		binary.LittleEndian.PutUint64(table[8+8*i:], v)
	}
	copy(table[names:], "runtime.x\x00net.y\x00derscope/web.z\x00")
	copy(table[files:], "a.go")
	// Three tables: at 1 one that steps by 0 first, at 6 and 10 two more.
	copy(table[pairs:], []byte{0, 0, 9, 2, 3, 0, 4, 1, 0, 0xff, 2, 5, 0})
	function := func(at int, stack, file, line, data uint32) {
		f := table[list+at:]
		for i, v := range []uint32{7, 7, 7, 7, stack, file, line, 1, 7, 7, 7, data} {
			binary.LittleEndian.PutUint32(f[4*i:], v)
		}
	}
	binary.LittleEndian.PutUint32(table[list+4:], 24)
	binary.LittleEndian.PutUint32(table[list+12:], 80)
	function(24, 6, 1, 10, 0)
	function(80, 6, 6, 10, 0)

	if err := dropLines(memory); err != nil {
		t.Fatal(err)
	}
	if got := table[pairs:][:13]; !bytes.Equal(got, []byte{0, 0, 0, 0, 0, 0, 4, 1, 0, 0xff, 0, 0, 0}) {
		t.Errorf("the tables are %d", got)
	}
	if got := table[files:][:4]; !bytes.Equal(got, make([]byte, 4)) {
		t.Errorf("the files are %q", got)
	}
	if got := string(table[names:][:31]); got != "runtime.x\x00\x00\x00\x00\x00\x00\x00derscope/web.z\x00" {
		t.Errorf("the names are %q", got)
	}
	want := []uint32{7, 7, 7, 7, 6, 0, 0, 1, 0, 0, 7, 0}
	for i, v := range want {
		for _, at := range []int{24, 80} {
			if got := binary.LittleEndian.Uint32(table[list+at+4*i:]); got != v {
				t.Errorf("word %d of the function at %d is %d, not %d", i, at, got, v)
			}
		}
	}
	if err := dropLines(memory[:160]); err == nil {
		t.Error("half a table passes")
	}
}

// Records name a function at or a little before their own, and nothing else of
// the memory changes; a table that is not as it should be is refused.
func TestCoarsenLookup(t *testing.T) {
	const header, names, module, table, functions = 16, 96, 160, 400, 40
	const buckets = functions*16 - 11 // the last function is shorter
	memory := make([]byte, table+buckets*20)
	copy(memory[header:], pcHeader)
	put := func(at int, v uint64) { binary.LittleEndian.PutUint64(memory[at:], v) }
	put(header+8, functions)
	put(header+32, names-header)
	put(module, header)
	put(module+8, names)
	put(module+152, table)
	put(module+160, 0x10000000)
	put(module+168, 0x10000000+(buckets-1)*4096+4)
	for i := range buckets {
		binary.LittleEndian.PutUint32(memory[table+20*i:], uint32(i/16))
	}
	was := bytes.Clone(memory)
	if err := coarsenLookup(memory); err != nil {
		t.Fatal(err)
	}
	for i := range buckets {
		got, own := binary.LittleEndian.Uint32(memory[table+20*i:]), uint32(i/16)
		if want := own / 16 * 16; got != want && i < buckets-1 || i == buckets-1 && got != own {
			t.Errorf("record %d names function %d", i, got)
		}
		binary.LittleEndian.PutUint32(memory[table+20*i:], own)
	}
	if !bytes.Equal(memory, was) {
		t.Error("something beside the table changed")
	}
	for _, at := range []int{header, module, table + 20*100 + 7, table + 20*100} {
		memory := bytes.Clone(was)
		memory[at] ^= 0x80
		if coarsenLookup(memory) == nil {
			t.Errorf("with another octet at %d it passes", at)
		}
	}
	for n := range memory {
		coarsenLookup(bytes.Clone(was[:n])) // does not panic
	}
}

func TestKeepNothing(t *testing.T) {
	got, err := keepNothing([]byte("package app\n\nfunc (s *store) expireExpriredPersistentValues() {\n\tif look() {\n\t}\n}\n\nfunc other() {\n}\n"))
	if want := "package app\n\nfunc (s *store) expireExpriredPersistentValues() {\n}\n\nfunc other() {\n}\n"; err != nil || string(got) != want {
		t.Errorf("%v:\n%s", err, got)
	}
	if _, err := keepNothing([]byte("package app")); err == nil {
		t.Error("a file that keeps states otherwise passes")
	}
}
