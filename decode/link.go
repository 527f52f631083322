package decode

import "derscope/decode/report"

// link marks things that were given twice: the certificate inside a response
// and the same one pasted beside it. Both stay, and rules may take either.
func (c *Case) link() {
	first := map[string]int{}
	for i := range c.items {
		it := &c.items[i]
		if it.SHA256 == "" || it.kind == nil {
			continue
		}
		key := it.Kind + it.SHA256
		if j, seen := first[key]; seen {
			it.Roles = append(it.Roles, report.Role{Name: "duplicate", Of: j})
			continue
		}
		first[key] = i
	}
}
