package decode

import (
	"bytes"
	"testing"

	"derscope/decode/ocsp"

	xocsp "golang.org/x/crypto/ocsp"
)

// TestAgreesWithXCrypto holds what is read of every response against what
// golang.org/x/crypto/ocsp reads of it, where that package reads it.
func TestAgreesWithXCrypto(t *testing.T) {
	standing := map[int]ocsp.Standing{xocsp.Good: ocsp.Good, xocsp.Revoked: ocsp.Revoked, xocsp.Unknown: ocsp.Unknown}
	compared := 0
	for _, v := range vectors(t) {
		c := Load(v.inputs, Limits{})
		for _, e := range c.exhibits {
			p, ok := e.Value.(*ocsp.Response)
			if !ok || p.Basic == nil || len(p.Basic.Data.Singles) != 1 {
				continue
			}
			want, err := xocsp.ParseResponse(e.Source, nil)
			if err != nil {
				continue
			}
			compared++
			s, d := p.Basic.Data.Singles[0], p.Basic.Data
			check := func(what string, same bool) {
				if !same {
					t.Errorf("%s: %s differs from what x/crypto/ocsp reads", v.name(), what)
				}
			}
			check("certStatus", s.Standing == standing[want.Status])
			check("serialNumber", s.ID.Serial.Value.Big().Cmp(want.SerialNumber) == 0)
			check("producedAt", d.ProducedAt.Value.Equal(want.ProducedAt))
			check("thisUpdate", s.ThisUpdate.Value.Equal(want.ThisUpdate))
			check("nextUpdate", s.NextUpdate.Value.Equal(want.NextUpdate) || !s.NextUpdate.OK && want.NextUpdate.IsZero())
			check("signature", bytes.Equal(p.Basic.Signature.Value.Bytes, want.Signature))
			check("tbsResponseData", bytes.Equal(p.Basic.TBS, want.TBSResponseData))
			check("responderID", bytes.Equal(d.Responder.Key, want.ResponderKeyHash) && bytes.Equal(d.Responder.Name.Raw, want.RawResponderName))
			if s.Standing == ocsp.Revoked {
				check("revocationTime", s.RevokedAt.Value.Equal(want.RevokedAt))
				check("revocationReason", int(s.Reason.Value) == want.RevocationReason)
			}
			if want.Certificate != nil {
				check("certs", len(p.Basic.Certs) > 0 && bytes.Equal(p.Basic.Certs[0].Raw, want.Certificate.Raw))
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d responses were compared", compared)
	}
}
