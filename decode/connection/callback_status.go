package connection

// callbackStatusRules say what OpenSSL's status callback met.
var callbackStatusRules = []rule{}
