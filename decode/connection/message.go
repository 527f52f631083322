package connection

// messageRules judge the form of messages.
var messageRules = []rule{}
