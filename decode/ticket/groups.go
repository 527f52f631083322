package ticket

import "derscope/decode/check"

// The headings of the status tree of a ticket, in rank order.
var (
	groupReadable = &check.Group{ID: "ticket.readable", Title: "Readable"}
	groupOpens    = &check.Group{ID: "ticket.opens", Title: "Opens with the key"}
	groupStrong   = &check.Group{ID: "ticket.strong", Title: "Key is strong"}
	groupLifetime = &check.Group{ID: "ticket.lifetime", Title: "Lifetime"}
	groupUsed     = &check.Group{ID: "ticket.used", Title: "Used safely"}
	groupContents = &check.Group{ID: "ticket.contents", Title: "Contents"}

	groups = []*check.Group{groupReadable, groupOpens, groupStrong, groupLifetime, groupUsed, groupContents}
	rules  = [][]check.Rule[*View]{layoutRules, openRules, strengthRules, crossRules, lifetimeRules, useRules, contentRules}
)

// Those of a ticket key.
var (
	keyReadable = &check.Group{ID: "stek.readable", Title: "Readable"}
	keyStrong   = &check.Group{ID: "stek.strong", Title: "Strong"}
	keyOpens    = &check.Group{ID: "stek.opens", Title: "Opens"}

	keyGroups = []*check.Group{keyReadable, keyStrong, keyOpens}
	keyRules  = [][]check.Rule[*KeyView]{keyFormRules, keyStrengthRules, keyUseRules}
)
