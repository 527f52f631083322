package connection

// callbackTicketRules say what OpenSSL's session ticket callback met.
var callbackTicketRules = []rule{}
