package connection

// flowRules judge the order of messages.
var flowRules = []rule{}
