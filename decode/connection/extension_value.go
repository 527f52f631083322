package connection

// extensionValueRules judge what single extensions say.
var extensionValueRules = []rule{}
