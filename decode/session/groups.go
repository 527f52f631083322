package session

import "derscope/decode/check"

// The headings of the status tree.
var (
	readableGroup  = &check.Group{ID: "session.readable", Title: "The session can be read"}
	resumableGroup = &check.Group{ID: "session.use", Title: "It can be resumed"}
	peerGroup      = &check.Group{ID: "session.peers", Title: "It is of the right peer"}
	belongsGroup   = &check.Group{ID: "session.belongs", Title: "It belongs to what stands beside it"}
)

var groups = []*check.Group{readableGroup, resumableGroup, peerGroup, belongsGroup}

type rule = check.Rule[*View]
