package connection

// pskRules judge the PSKs that a ClientHello offers, and which of them was taken.
var pskRules = []rule{}
