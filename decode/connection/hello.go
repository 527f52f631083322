package connection

// helloRules judge what the hellos agree on.
var helloRules = []rule{}
