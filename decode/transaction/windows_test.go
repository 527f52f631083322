package transaction

import (
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/field"
)

// issued is an element of an answer with a certificate for some days.
func issued(days int, status cmp.Status) *grant {
	from := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := func(t time.Time) field.Field[field.Moment] {
		return field.Field[field.Moment]{Value: field.Moment{Time: t}, OK: true}
	}
	return &grant{
		cert: &cert.Certificate{OK: true, NotBefore: at(from), NotAfter: at(from.AddDate(0, 0, days))},
		resp: &cmp.CertResponse{Status: &cmp.PKIStatusInfo{Status: field.Field[field.Int]{Value: field.Int{byte(status)}, OK: true}}},
	}
}

func TestWindows(t *testing.T) {
	v := &View{grants: []*grant{issued(1, cmp.Rejection), issued(2, cmp.Accepted), {resp: &cmp.CertResponse{}}, issued(3, cmp.GrantedWithMods)}}
	undated := issued(4, cmp.Accepted)
	undated.cert.NotAfter.OK = false
	v.grants = append(v.grants, undated)
	list := v.windows()
	if len(list) != 2 {
		t.Fatalf("%d windows for two certificates that were issued: %v", len(list), list)
	}
	for i, days := range []int{2, 3} {
		if w := list[i]; w.Main != (i == 0) || w.To.Sub(w.From) != time.Duration(days)*24*time.Hour {
			t.Errorf("window %d, main %t, from %s to %s", i, w.Main, w.From, w.To)
		}
	}
	if want := "valid until 22 Nov 2026"; list[0].Text != want {
		t.Errorf("%q, want %q", list[0].Text, want)
	}
	for range 2 * maxWindows {
		v.grants = append(v.grants, issued(5, cmp.Accepted))
	}
	if n := len(v.windows()); n != maxWindows {
		t.Errorf("%d windows, and there is room for %d", n, maxWindows)
	}
}
