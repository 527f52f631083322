package connection

// resumeRules judge whether a session was resumed, and whether it might be.
var resumeRules = []rule{}
