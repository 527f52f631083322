package main

import be "encoding/binary"

// gnutlsState is a TLS 1.3 session of GnuTLS 3.7.9 as a server seals it.
func gnutlsState() []byte {
	u32 := func(b []byte, n uint32) []byte { return be.BigEndian.AppendUint32(b, n) }
	made := uint32(clock.Unix() - 3600)
	s := u32(nil, 0xfadebadd+0x030709) // the magic number, with the version
	s = u32(u32(s, made), 21600)
	s = append(s, 1)              // certificates
	c := u32(nil, 0)              // no Diffie-Hellman group
	c = u32(u32(u32(c, 0), 0), 0) // nor its numbers
	c = u32(u32(c, 0), 0)         // no certificates of the client, no OCSP responses
	s = append(u32(s, uint32(len(c))), c...)
	p := u32(u32(u32(u32(nil, 1), 7), 1), 1) // server, SHA-384, certificates on both sides
	p = append(append(p, 32), noise("gnutls id", 32)...)
	p = u32(u32(u32(p, 5), 1), 1) // TLS 1.3, X.509
	p = append(p, 0x13, 0x02)
	s = append(u32(s, uint32(len(p))), p...)
	s = u32(s, 0)

	b := []byte{0, 7}
	b = u32(u32(b, 0x5db1a411), 21600)
	b = append(append(b, 48), noise("gnutls resumption", 48)...)
	b = append(append(b, 4), noise("gnutls nonce", 4)...)
	b = append(be.BigEndian.AppendUint16(b, uint16(len(s))), s...)
	b = be.BigEndian.AppendUint64(b, uint64(made))
	return u32(b, 0)
}
