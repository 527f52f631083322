package connection

// recordRules judge records.
var recordRules = []rule{}
