package connection

import (
	"encoding/hex"
	"testing"
)

// The names below stand in the subjects of certificates that were handed to
// «openssl x509 -subject_hash» of OpenSSL 3.0, which prints the SHA-1 of the
// form that names are compared in: names with one hash are one name to it.
var namesOfOpenSSL = []struct{ what, hash, name string }{
	{"PrintableString", "119708d0", "3015311330110603550403130a4578616d706c65204341"},
	{"UTF8String", "119708d0", "30153113301106035504030c0a4578616d706c65204341"},
	{"capitals", "119708d0", "3015311330110603550403130a4558414d504c45206361"},
	{"spaces", "119708d0", "301a311830160603550403130f20204578616d706c65202020434120"},
	{"a tabulator", "119708d0", "30153113301106035504030c0a4578616d706c65094341"},
	{"BMPString", "119708d0", "301f311d301b06035504031e14004500780061006d0070006c0065002000430041"},
	{"TeletexString", "119708d0", "3015311330110603550403140a4578616d706c65204341"},
	{"IA5String", "119708d0", "3015311330110603550403160a4578616d706c65204341"},
	{"UniversalString", "119708d0", "30333131302f06035504031c280000004500000078000000610000006d000000700000006c00000065000000200000004300000041"},
	{"NumericString", "2714a5b5", "3015311330110603550403120a4578616d706c65204341"},
	{"no space", "79944be3", "301431123010060355040313094578616d706c654341"},
	{"a no-break space", "59462a4c", "30163114301206035504030c0b4578616d706c65c2a04341"},
	{"a letter beyond ASCII", "6c630a49", "30123110300e06035504030c074dc3bc6c6c6572"},
	{"the same as a capital", "e907d230", "30123110300e06035504030c074dc39c4c4c4552"},
	{"the same as TeletexString", "6c630a49", "3011310f300d060355040314064dfc6c6c6572"},
	{"the same as BMPString", "6c630a49", "30173115301306035504031e0c004d00fc006c006c00650072"},
	{"a set in order", "d84763ce", "30163114300806035504031301413008060355040a130142"},
	{"a set out of order", "d84763ce", "301631143008060355040a13014230080603550403130141"},
	{"two sets", "0066b574", "3018310a30080603550403130141310a3008060355040a130142"},
	{"two sets the other way", "ec7ab0ca", "3018310a3008060355040a130142310a30080603550403130141"},
	{"a set that folding turns round", "521c058d", "301631143008060355040313016230080603550403130143"},
	{"the same the other way", "521c058d", "301631143008060355040313014230080603550403130163"},
	{"nothing", "5da78770", "300b3109300706035504031300"},
	{"spaces alone", "5da78770", "300e310c300a06035504031303202020"},
}

func TestNamesAreComparedAsOpenSSLDoes(t *testing.T) {
	for i, a := range namesOfOpenSSL {
		x := nameOf(t, a.name)
		for _, b := range namesOfOpenSSL[i:] {
			y := nameOf(t, b.name)
			want := other
			switch {
			case a.name == b.name:
				want = exact
			case a.hash == b.hash:
				want = folded
			}
			if got, _ := listed([]authority{y}, x.name); got != want {
				t.Errorf("%s and %s: %d, want %d", a.what, b.what, got, want)
			}
		}
	}
}

func TestWhatIsNoName(t *testing.T) {
	for _, c := range []struct{ name, octets string }{
		{"nothing", ""},
		{"one octet", "30"},
		{"octets behind it", "300000"},
		{"another type", "0401aa"},
		{"a certificate's common name without its sets", "30080603550403130141"},
	} {
		b, _ := hex.DecodeString(c.octets)
		if a := readName(b); a.fault == "" {
			t.Errorf("%s is taken for a Name", c.name)
		}
	}
	if a := readName([]byte{0x30, 0}); a.fault != "" {
		t.Errorf("the empty Name: %s", a.fault)
	}
	if a := nameOf(t, "301631143008060355040a13014230080603550403130141"); !a.unsorted {
		t.Error("a set out of order is not noticed")
	}
}

func nameOf(t *testing.T, octets string) authority {
	t.Helper()
	b, err := hex.DecodeString(octets)
	if err != nil {
		t.Fatal(err)
	}
	a := readName(b)
	if a.fault != "" {
		t.Fatalf("%s: %s", octets, a.fault)
	}
	return a
}

// Whatever is a Name is found in a list that holds it, and in one that holds
// its canonical twin; nothing else makes a panic.
func FuzzNames(f *testing.F) {
	for _, n := range namesOfOpenSSL {
		b, _ := hex.DecodeString(n.name)
		f.Add(b)
	}
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add([]byte{0x30, 2, 0x31, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		a := readName(b)
		if a.fault != "" {
			return
		}
		if how, at := listed([]authority{{raw: []byte{0}}, a}, a.name); how != exact || at != 1 {
			t.Errorf("%x is not found in a list that holds it: %d at %d", b, how, at)
		}
		if other := readName(append([]byte(nil), b...)); other.canonical != a.canonical {
			t.Errorf("%x has two canonical forms", b)
		}
	})
}
