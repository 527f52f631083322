package connection

// alertRules judge alerts.
var alertRules = []rule{}
