package connection

// statusRules judge where staples travel.
var statusRules = []rule{}
