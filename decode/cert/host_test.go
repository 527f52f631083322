package cert

import "testing"

func TestSameHost(t *testing.T) {
	for _, c := range []struct {
		name, host string
		same       bool
	}{
		{"www.example.org", "www.example.org", true},
		{"www.example.org", "WWW.Example.ORG", true},
		{"*.example.org", "www.example.org", true},
		{"*.example.org", "a.b.example.org", false},
		{"*.example.org", "example.org", false},
		{"*.example.org", ".example.org", false},
		{"*.org", "example.org", false},
		{"*", "org", false},
		{"w*.example.org", "www.example.org", false},
		{"www.*.org", "www.example.org", false},
		{"example.org", "www.example.org", false},
	} {
		if sameHost(c.name, c.host) != c.same {
			t.Errorf("%s for %s: want %v", c.name, c.host, c.same)
		}
	}
}
