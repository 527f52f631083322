package connection

// nstRules judge NewSessionTicket messages.
var nstRules = []rule{}
