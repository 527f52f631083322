package relay

import (
	"net/http"
	"os"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"derscope/decode"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestCache(t *testing.T) {
	c := NewCache(3, 100)
	put := func(n byte, octets int, life time.Duration) {
		c.put([32]byte{n}, &Answer{make([]byte, octets), noon.Add(life)}, noon)
	}
	has := func(at time.Time, want ...bool) {
		t.Helper()
		for i, want := range want {
			if _, ok := c.get([32]byte{byte(i)}, at); ok != want {
				t.Errorf("%d: %v, want %v", i, ok, want)
			}
		}
		held := 0
		for e := c.order.Front(); e != nil; e = e.Next() {
			held += len(e.Value.(*kept).answer.Body)
		}
		if c.held != held || c.order.Len() != len(c.byKey) || c.order.Len() > 3 || held > 100 {
			t.Errorf("%d octets, and %d are counted; %d answers, %d keys", held, c.held, c.order.Len(), len(c.byKey))
		}
	}
	put(0, 10, time.Hour)
	put(1, 10, 2*time.Hour)
	put(2, 10, 3*time.Hour)
	has(noon, true, true, true)
	c.get([32]byte{0}, noon)
	put(3, 10, time.Hour) // 1 was asked for longest ago
	has(noon, true, false, true, true)
	put(4, 95, time.Hour) // by octets
	has(noon, false, false, false, false, true)
	put(4, 101, time.Hour) // too long, and what was there is no longer so
	has(noon, false, false, false, false, false)
	put(1, 1, time.Second)
	put(2, 1, 0)
	has(noon, false, true, false)
	has(noon.Add(time.Second), false, false, false)
	put(1, 1, time.Hour)
	put(1, 1, -time.Hour)
	has(noon, false, false)
	var none *Cache
	none.put([32]byte{}, &Answer{nil, noon.Add(time.Hour)}, noon)
	if _, ok := none.get([32]byte{}, noon); ok {
		t.Error("no cache keeps")
	}
}

// vector gives the octets of the first response in a vector.
func vector(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../testdata/ocsp/" + name + ".txtar")
	if err != nil {
		t.Skip("the vectors are not here: ", err)
	}
	for _, f := range txtar.Parse(b).Files {
		r := decode.Load([]decode.Input{{Bytes: f.Data}}, decode.Limits{}).Report(decode.Options{})
		for _, it := range r.Items {
			if it.Kind == "ocsp-response" {
				return r.Sources[it.Source].Bytes
			}
		}
	}
	t.Fatalf("%s has no response", name)
	return nil
}

func TestUntil(t *testing.T) {
	next := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC) // of badsig
	for _, c := range []struct {
		fields []string
		at     time.Time
		want   time.Time
	}{
		{nil, noon, next},
		{[]string{"Cache-Control", "max-age=60"}, noon, noon.Add(time.Minute)},
		{[]string{"Cache-Control", "Public, MAX-AGE=\"60\"", "Age", "20"}, noon, noon.Add(40 * time.Second)},
		{[]string{"Cache-Control", "max-age=60, s-maxage=30"}, noon, noon.Add(30 * time.Second)},
		{[]string{"Cache-Control", "max-age=9999999"}, noon, next},
		{[]string{"Cache-Control", "max-age=60", "Age", "60"}, noon, time.Time{}},
		{[]string{"Cache-Control", "max-age=soon"}, noon, time.Time{}},
		{[]string{"Cache-Control", "max-age=99999999999999999999"}, noon, time.Time{}},
		{[]string{"Cache-Control", "max-age=60, no-store"}, noon, time.Time{}},
		{[]string{"Cache-Control", "no-cache"}, noon, time.Time{}},
		{[]string{"Cache-Control", "private"}, noon, time.Time{}},
		{nil, next, time.Time{}},
	} {
		h := http.Header{"Content-Type": {responseType}}
		for i := 0; i < len(c.fields); i += 2 {
			h.Add(c.fields[i], c.fields[i+1])
		}
		a, p := new(Call).Judge(200, h, vector(t, "badsig"), c.at)
		if p != nil || !a.Until.Equal(c.want) {
			t.Errorf("%v: %+v %+v, want %s", c.fields, a, p, c.want)
		}
	}
}
