package ocsp

import (
	"encoding/binary"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/sig"
)

// numbered is a CertID in a hash, with a serial number.
func numbered(hash oid.ID, serial ...byte) CertID {
	return CertID{Hash: cert.Algorithm{Algorithm: sig.Algorithm{ID: hash}}, Serial: field.Field[field.Int]{Value: serial, OK: true}}
}

func TestIndex(t *testing.T) {
	var x index
	for i, id := range []CertID{numbered("1.1", 5), numbered("1.1", 5), numbered("1.2", 0, 5), numbered("1.3", 5), numbered("1.1", 6)} {
		x.add(i, id)
	}
	for _, c := range []struct {
		id               CertID
		exact, otherwise int
	}{
		{numbered("1.1", 5), 0, 2}, {numbered("1.2", 5), 2, 0}, {numbered("1.3", 0, 5), 3, 0}, {numbered("1.4", 5), -1, 0},
		{numbered("1.1", 6), 4, -1}, {numbered("1.1", 7), -1, -1},
	} {
		if exact, otherwise := x.exact(c.id), x.otherwise(c.id); exact != c.exact || otherwise != c.otherwise {
			t.Errorf("%s %x: exact %d, otherwise %d; want %d and %d", c.id.Hash.ID, c.id.Serial.Value, exact, otherwise, c.exact, c.otherwise)
		}
	}
}

// TestManyOfBoth: an attacker chooses how many entries and how many
// certificates there are, so that each is not compared with each.
func TestManyOfBoth(t *testing.T) {
	const entries, certs = 200_000, 1_000
	r := &Response{Basic: new(Basic)}
	for i := range entries {
		s := Single{ID: numbered(sha1ID, 5), Standing: Good}
		s.ID.NameHash.Value = binary.BigEndian.AppendUint32(nil, uint32(i))
		r.Basic.Data.Singles = append(r.Basic.Data.Singles, s)
	}
	r.Basic.Data.Singles[entries-1].Standing = Revoked
	all := make([]known, certs)
	for i := range all {
		all[i] = known{Certificate: &cert.Certificate{Serial: field.Field[field.Int]{Value: field.Int{5}, OK: true}}, item: i}
	}
	const last = certs - 1
	all[last].Issuer.Raw = []byte{0x30, 0}
	digest, _, _, _ := sig.Digest(sha1ID)
	r.Basic.Data.Singles[entries-1].ID.NameHash.Value = digest(all[last].Issuer.Raw)
	start := time.Now()
	if _, item := (&View{Response: r}).findSubject(all); item != last {
		t.Errorf("the subject is certificate %d, want %d: the one that is revoked by issuer and number", item, last)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %s", took)
	}
}
