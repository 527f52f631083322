package connection

// finishedRules judge Finished.
var finishedRules = []rule{}
