//go:build first

package decode

// instead says what to give in place of octets or text that were not recognised.
func instead([]byte, bool) string { return "" }
