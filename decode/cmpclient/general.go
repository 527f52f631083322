package cmpclient

import "derscope/decode/cmp"

// Info is an InfoTypeAndValue of a genp.
type Info struct {
	Type  string // its name: caCerts
	Empty bool   // it has no value
	// Broken is why its value is of no use to the call that asked for it; Refused
	// says that it is none, where that call fails without a reason.
	Broken  []Reason
	Refused bool
}

// general is OSSL_CMP_exec_GENM_ses: nil where it fails.
func (c *client) general() *Message {
	c.status = transferred
	var m *Message
	if c.version.delays() {
		m = c.also(cmp.GenM, cmp.GenP)
	} else {
		m = c.receive(cmp.GenM, cmp.GenP)
	}
	if m != nil {
		c.status = int(cmp.Accepted)
	}
	return m
}

// wish is a call on top of OSSL_CMP_exec_GENM_ses that asks for one thing.
type wish struct {
	call         string
	asks, brings string // types of information
	since        Version
}

// wishes are those calls.
var wishes = []wish{
	{"OSSL_CMP_get1_caCerts", "caCerts", "caCerts", V32},
	{"OSSL_CMP_get1_rootCaKeyUpdate", "rootCaCert", "rootCaKeyUpdate", V32},
	{"OSSL_CMP_get1_crlUpdate", "crlStatusList", "crls", V33}, // since 3.4
	{"OSSL_CMP_get1_certReqTemplate", "certReqTemplate", "certReqTemplate", V33},
}

// wished finds the call that makes a request for general information.
func wished(asked []string) *wish {
	if len(asked) != 1 {
		return nil
	}
	for i := range wishes {
		if wishes[i].asks == asked[0] {
			return &wishes[i]
		}
	}
	return nil
}

// grant is such a call. It says whether it succeeds, and whether it got anything.
func (c *client) grant(w *wish) (done, got bool) {
	m := c.general()
	if m == nil {
		if c.open == "" {
			c.raise("CMP_R_GETTING_GENP", "with infoType "+w.asks)
		}
		return false, false
	}
	for i := range m.Infos {
		in := &m.Infos[i]
		if in.Type != w.brings {
			continue
		}
		if in.Empty {
			return true, false
		}
		if len(in.Broken) > 0 || in.Refused {
			c.errors = append(c.errors, in.Broken...)
			return false, false
		}
		return true, true
	}
	c.raise("CMP_R_INVALID_GENP", "")
	return false, false
}
