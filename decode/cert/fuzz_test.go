package cert

import (
	"testing"

	"derscope/decode/field"
)

// fuzz seeds with the vectors and checks that what is read tiles, whatever it
// is, also when no more than a few elements of a list may be nodes.
func fuzz[T any](f *testing.F, read1 func(*field.Reader) T, also func(*testing.T, T)) {
	for _, b := range blocks(f) {
		if len(b) < 5_000 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, _ := read(t, b, read1)
		also(t, v)
	})
}

// FuzzCertificate: every octet is shown exactly once, and what the accessors
// answer does not depend on luck.
func FuzzCertificate(f *testing.F) {
	fuzz(f, asCertificate, func(t *testing.T, c *Certificate) {
		if c.OK && c.TBS == nil {
			t.Error("read to its end, but nothing is signed")
		}
		if octets, folded := c.Subject.Equal(c.Subject); c.OK && !(octets && folded) {
			t.Errorf("%s does not equal itself", c.Subject)
		}
		if c.Title() == "" {
			t.Error("no title")
		}
	})
}

// FuzzCRL: every octet is shown exactly once, and the entries that are opened
// alone agree with the list.
func FuzzCRL(f *testing.F) {
	fuzz(f, func(r *field.Reader) *CRL { return ReadCRL(r, "certificateList") }, func(t *testing.T, l *CRL) {
		for i := range l.Entries {
			e := l.Entry(i)
			if e.Fault != "" || len(e.Serial) == 0 {
				continue
			}
			if at, ok := l.Find(e.Serial); !ok || string(l.Entry(at).Serial) != string(e.Serial) {
				t.Errorf("entry %d, %s, is not found", i, e.Serial.Text())
			}
		}
		l.survey()
	})
}
