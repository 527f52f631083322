package decode

// Protected gives the octets that the protection of an item is made over, as its
// kind builds them: of a CMP message header and body in a SEQUENCE of their own.
// It is nil where an item is not protected in such a way, or is secret.
func (c *Case) Protected(item int) []byte {
	if item < 0 || item >= len(c.exhibits) || c.tree.Sources[c.items[item].Source].Secret {
		return nil
	}
	m, ok := c.exhibits[item].Value.(interface{ ProtectedPart() []byte })
	if !ok {
		return nil
	}
	return m.ProtectedPart()
}
