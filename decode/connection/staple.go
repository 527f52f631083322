package connection

// stapleRules judge the staples of a handshake as staples.
var stapleRules = []rule{}
