package ticket

// scheme says which derivation and which layouts a reading of a key is for.
type scheme uint8

// steps are the time steps of GnuTLS under one master secret.
type steps struct{}

// Form is how a key file is written.
type Form string

// readings lists every way in which some program reads the keys of the file.
func (f *KeyFile) readings(item int) []Key { return nil }
