package web

// saveFile lets the browser save octets as a file. They go from the page to the
// disk: the address that the link needs is one of the page's own memory.
func saveFile(name, kind string, octets []byte) { site().Call("save", name, kind, octetsFor(octets)) }
