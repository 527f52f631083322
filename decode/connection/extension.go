package connection

// extensionRules judge extensions whatever their type.
var extensionRules = []rule{}
