package connection

// earlyRules judge early data.
var earlyRules = []rule{}
