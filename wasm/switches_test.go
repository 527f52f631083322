package main

import (
	"testing"

	"derscope/decode/cmpclient"
	"derscope/web"
)

// The page's program knows no decoder: that its switches are those of the
// simulated client is held here.
func TestSwitchesAreTheClients(t *testing.T) {
	page := map[string]bool{}
	for _, p := range web.Switches {
		page[p.Name] = p.Text
	}
	for _, p := range cmpclient.Switches {
		text, there := page[p.Name]
		if !there {
			t.Errorf("the page does not offer %s", p.Name)
		} else if text != (p.Kind != "yes") {
			t.Errorf("%s is typed %v, and a %s", p.Name, text, p.Kind)
		}
		delete(page, p.Name)
	}
	for name := range page {
		t.Errorf("the page offers %s, which is no switch", name)
	}
}
