package connection

// randomRules judge what should be fresh.
var randomRules = []rule{}
