package der

import (
	"encoding/asn1"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// TestNext: each form of tag and length, and each fault.
func TestNext(t *testing.T) {
	for _, tc := range []struct {
		name string
		in   string
		want Element
		err  string
	}{
		{"short", "\x02\x01\x05", Element{Tag: Integer, Header: 2, Len: 1}, ""},
		{"empty", "\x05\x00", Element{Tag: Null, Header: 2}, ""},
		{"constructed", "\x30\x02\x05\x00", Element{Tag: Sequence, Constructed: true, Header: 2, Len: 2}, ""},
		{"long length where a short one does", "\x04\x81\x01\xff", Element{Tag: OctetString, Header: 3, Len: 1, LongLength: true}, ""},
		{"length led by zero", "\x04\x82\x00\x80" + string(make([]byte, 128)), Element{Tag: OctetString, Header: 4, Len: 128, LongLength: true}, ""},
		{"length of 128", "\x04\x81\x80" + string(make([]byte, 128)), Element{Tag: OctetString, Header: 3, Len: 128}, ""},
		{"high tag", "\x9f\x1f\x00", Element{Tag: Tag{Context, 31}, Header: 3}, ""},
		{"high tag of two octets", "\x7f\x81\x00\x00", Element{Tag: Tag{Application, 128}, Constructed: true, Header: 4}, ""},
		{"high tag where a low one does", "\x1f\x02\x00", Element{Tag: Integer, Header: 3, LongTag: true}, ""},
		{"indefinite", "\x30\x80\x05\x00\x00\x00", Element{Tag: Sequence, Constructed: true, Indefinite: true, Header: 2, Len: 2}, ""},
		{"indefinite in indefinite", "\x30\x80\x30\x80\x00\x00\x00\x00", Element{Tag: Sequence, Constructed: true, Indefinite: true, Header: 2, Len: 4}, ""},
		{"nothing", "", Element{}, "the octets end inside a tag or length: 0 left"},
		{"no length", "\x30", Element{}, "the octets end inside a tag or length: 1 left"},
		{"half a length", "\x30\x82\x01", Element{}, "the octets end inside a tag or length: 3 left"},
		{"half a tag", "\x1f\x81\x82", Element{}, "the octets end inside a tag or length: 3 left"},
		{"overrun", "\x04\x05abc", Element{}, "OCTET STRING: length 5 runs 2 past the end"},
		{"huge length", "\x04\x85\x01\x00\x00\x00\x00", Element{}, "OCTET STRING: a length that needs more than 4 octets"},
		{"huge tag", "\x1f\xff\xff\xff\xff\xff\x01\x00", Element{}, "a tag number of more than 32 bits"},
		{"primitive indefinite", "\x04\x80\x00\x00", Element{}, "OCTET STRING: indefinite length without end-of-contents octets"},
		{"unclosed", "\x30\x80\x05\x00", Element{}, "SEQUENCE: indefinite length without end-of-contents octets"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e, err := Next([]byte(tc.in), 0, len(tc.in))
			switch {
			case tc.err == "" && (err != nil || e != tc.want):
				t.Errorf("got %+v, %v, want %+v", e, err, tc.want)
			case tc.err != "" && (err == nil || err.Error() != tc.err):
				t.Errorf("got %v, want %s", err, tc.err)
			}
		})
	}
}

// TestDepth: nesting without end costs neither time nor stack.
func TestDepth(t *testing.T) {
	b := make([]byte, 1<<20)
	for i := range b {
		b[i] = []byte{0x30, 0x80}[i%2]
	}
	_, err := Next(b, 0, len(b))
	var fault *Error
	if !errors.As(err, &fault) || fault.Fault != TooDeep {
		t.Errorf("got %v, want the limit on depth", err)
	}
}

// FuzzDER: an element lies inside what is around it, its contents inside it,
// and where it is DER the other parsers give it the same extent.
func FuzzDER(f *testing.F) {
	for _, s := range []string{"\x30\x03\x02\x01\x05", "\x30\x80\x05\x00\x00\x00", "\x1f\x81\x00\x81\x01a", "\x04\x82\x00\x01a", "\xa0\x80\x24\x80\x04\x01a\x00\x00\x00\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		walk(t, b, 0, len(b), 0)
		e, err := Next(b, 0, len(b))
		var raw asn1.RawValue
		if rest, theirs := asn1.Unmarshal(b, &raw); theirs == nil {
			if err != nil {
				t.Fatalf("encoding/asn1 reads % x, this package does not: %v", b, err)
			}
			if e.End() != len(b)-len(rest) || int(e.Tag.Class) != raw.Class || int(e.Tag.Number) != raw.Tag || e.Constructed != raw.IsCompound || e.Len != len(raw.Bytes) {
				t.Fatalf("% x reads as %+v, encoding/asn1 as %+v", b, e, raw)
			}
		}
		s := cryptobyte.String(b)
		var out cryptobyte.String
		var tag casn1.Tag
		if s.ReadAnyASN1Element(&out, &tag) {
			if err != nil || e.End() != len(out) || e.LongLength || e.Indefinite {
				t.Fatalf("% x reads as %+v %v, cryptobyte takes %d octets", b, e, err, len(out))
			}
		}
	})
}

// walk visits every element and checks where it lies.
func walk(t *testing.T, b []byte, off, end, depth int) {
	for off < end && depth < MaxDepth {
		e, err := Next(b, off, end)
		if err != nil {
			var fault *Error
			if !errors.As(err, &fault) || fault.Off < off || fault.Off > end {
				t.Fatalf("the fault %v at %d lies outside %d to %d", err, fault.Off, off, end)
			}
			return
		}
		if e.Off != off || e.Header < 2 || e.Len < 0 || e.Content() > e.Close() || e.Close() > e.End() || e.End() > end {
			t.Fatalf("%+v does not lie in %d to %d", e, off, end)
		}
		if e.Constructed {
			walk(t, b, e.Content(), e.Close(), depth+1)
		}
		off = e.End()
	}
}
