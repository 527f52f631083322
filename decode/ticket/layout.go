package ticket

import (
	"derscope/decode/field"
	"derscope/decode/report"
)

// Role says what a part of a ticket is for.
type Role uint8

const (
	Other      Role = iota // a version, a magic number, a flag
	KeyName                // says which key; proves nothing
	Salt                   // goes into the key of this ticket
	Nonce                  // IV or nonce of the cipher
	Length                 // of the ciphertext, u16
	Ciphertext             // the sealed state
	MAC                    // HMAC or AEAD tag
	State                  // a state that is not sealed
	ID                     // the key of a server's table
)

var roleWords = [...]string{"marker", "key name", "salt", "IV", "length", "ciphertext", "MAC", "state", "session id"}

// String is the role in words.
func (r Role) String() string { return roleWords[r] }

// piece is a part in a layout. Size -1 takes what the other parts leave.
type piece struct {
	role  Role
	label string
	size  int
}

const rest = -1

// Layout is a way to lay out a ticket.
type Layout struct {
	ID       string // of the report's contract
	Title    string // whose it is, for people
	Sealed   string // how it is protected, for people
	pieces   []piece
	block    int    // the ciphertext is a multiple of it; 0: of any length
	least    int    // octets of ciphertext at the least
	marker   string // first octets that are always the same; "" if there are none
	counters bool   // equal nonces give the texts away: CTR, GCM, ChaCha20
}

// The labels of RFC 5077, section 4, where it has the part.
var (
	name16  = piece{KeyName, "key_name", 16}
	iv16    = piece{Nonce, "iv", 16}
	iv12    = piece{Nonce, "iv", 12}
	length  = piece{Length, "length", 2}
	sealed  = piece{Ciphertext, "encrypted_state", rest}
	mac32   = piece{MAC, "mac", 32}
	mac20   = piece{MAC, "mac", 20}
	tag16   = piece{MAC, "tag", 16}
	keyID   = piece{KeyName, "key_name", 4}
	salt16  = piece{Salt, "salt", 16}
	salt32  = piece{Salt, "salt", 32}
	version = piece{Other, "version", 1}
)

// Marker octets.
const (
	nssMarker   = "NSS!"
	botanMarker = "\x06\x8b\x5a\x9d\x39\x6c\x00\x00"
)

var (
	opensslCBC = &Layout{ID: "openssl-cbc", Title: "OpenSSL", Sealed: "AES-CBC and HMAC-SHA-256",
		pieces: []piece{name16, iv16, sealed, mac32}, block: 16, least: 16}
	opensslMAC20 = &Layout{ID: "openssl-cbc", Title: "OpenSSL with HMAC-SHA-1", Sealed: "AES-128-CBC and HMAC-SHA-1",
		pieces: []piece{name16, iv16, sealed, mac20}, block: 16, least: 16}
	nss = &Layout{ID: "nss", Title: "NSS", Sealed: "AES-CBC and HMAC-SHA-256", marker: nssMarker,
		pieces: []piece{name16, iv16, length, sealed, mac32}, block: 16, least: 16}
	gnutls = &Layout{ID: "gnutls", Title: "GnuTLS", Sealed: "AES-256-CBC and HMAC-SHA-1",
		pieces: []piece{name16, iv16, length, sealed, mac20}, block: 16, least: 16}
	wolfssl = &Layout{ID: "wolfssl", Title: "wolfSSL", Sealed: "ChaCha20-Poly1305 or AES-GCM", counters: true,
		pieces: []piece{name16, iv16, length, sealed, tag16, {Other, "unused", 16}}, least: 1}
	mbedtls = &Layout{ID: "mbedtls", Title: "Mbed TLS", Sealed: "AES-GCM or ChaCha20-Poly1305", counters: true,
		pieces: []piece{keyID, iv12, length, sealed, tag16}, least: 1}
	goNamed = &Layout{ID: "go-named", Title: "Go up to 1.20", Sealed: "AES-128-CTR and HMAC-SHA-256", counters: true,
		pieces: []piece{name16, iv16, sealed, mac32}, least: 1}
	goCTR = &Layout{ID: "go-ctr", Title: "Go", Sealed: "AES-128-CTR and HMAC-SHA-256", counters: true,
		pieces: []piece{iv16, sealed, mac32}, least: 1}
	rustlsOld = &Layout{ID: "rustls-aead-old", Title: "rustls before 0.23.11", Sealed: "ChaCha20-Poly1305", counters: true,
		pieces: []piece{iv12, sealed, tag16}, least: 1}
	rustlsAEAD = &Layout{ID: "rustls-aead", Title: "rustls with ring", Sealed: "ChaCha20-Poly1305", counters: true,
		pieces: []piece{name16, iv12, sealed, tag16}, least: 1}
	rustls5077 = &Layout{ID: "rustls-5077", Title: "rustls with aws-lc", Sealed: "AES-256-CBC and HMAC-SHA-256",
		pieces: []piece{name16, iv16, sealed, mac32}, block: 16, least: 16}
	s2nV1 = &Layout{ID: "s2n-v1", Title: "s2n-tls", Sealed: "AES-256-GCM", marker: "\x01", counters: true,
		pieces: []piece{version, name16, salt32, iv12, sealed, tag16}, least: 1}
	s2nOld = &Layout{ID: "s2n-old", Title: "s2n-tls before 1.5", Sealed: "AES-256-GCM", counters: true,
		pieces: []piece{name16, iv12, sealed, tag16}, least: 1}
	jsse = &Layout{ID: "jsse", Title: "Java 13 to 24", Sealed: "AES-256-GCM", counters: true,
		pieces: []piece{keyID, iv16, sealed, tag16}, least: 1}
	jsse25 = &Layout{ID: "jsse-25", Title: "Java 25", Sealed: "AES-256-GCM", counters: true,
		pieces: []piece{keyID, iv16, {Other, "compressed", 1}, sealed, tag16}, least: 1}
	fizz = &Layout{ID: "fizz", Title: "fizz", Sealed: "AES-128-GCM", counters: true,
		pieces: []piece{salt32, {Other, "sequence", 4}, sealed, tag16}, least: 1}
	botan = &Layout{ID: "botan", Title: "Botan", Sealed: "AES-256-GCM", marker: botanMarker, counters: true,
		pieces: []piece{{Other, "magic", 8}, keyID, salt16, iv12, sealed, tag16}, least: 1}
	h2o = &Layout{ID: "h2o/picotls-openssl", Title: "h2o or picotls", Sealed: "a configured cipher and HMAC",
		pieces: []piece{name16, iv16, sealed, mac32}, block: 16, least: 16}
	stateful = &Layout{ID: "openssl-stateful", Title: "session id of a server's table", Sealed: "nothing: there is no state inside",
		pieces: []piece{{ID, "session_id", 32}}}
	plaintext = &Layout{ID: "plaintext", Title: "unencrypted state", Sealed: "nothing",
		pieces: []piece{{State, "state", rest}}}
)

// layouts are all that a ticket can have; of those that a MAC decides, the
// programs met most often come first.
var layouts = []*Layout{
	opensslCBC, opensslMAC20, goCTR, goNamed, gnutls, nss, wolfssl, mbedtls, rustlsAEAD, rustlsOld, rustls5077,
	s2nV1, s2nOld, jsse, jsse25, fizz, botan, h2o, stateful, plaintext,
}

// layoutOf gives the layout of an id, or nil.
func layoutOf(id string) *Layout {
	for _, l := range layouts {
		if l.ID == id && id != "" {
			return l
		}
	}
	return nil
}

// fixed counts the octets of the parts whose size is known.
func (l *Layout) fixed() (n int) {
	for _, p := range l.pieces {
		n += max(p.size, 0)
	}
	return n
}

// split cuts a ticket into the parts of the layout, or says that it does not fit.
func (l *Layout) split(b []byte) ([]Part, bool) {
	n := len(b) - l.fixed()
	if n < l.least || l.block > 0 && n%l.block != 0 || l == stateful && n != 0 {
		return nil, false
	}
	if len(l.marker) > len(b) || string(b[:len(l.marker)]) != l.marker {
		return nil, false
	}
	parts, off := make([]Part, 0, len(l.pieces)), 0
	for _, p := range l.pieces {
		size := p.size
		if size == rest {
			size = n
		}
		if p.label == "compressed" && b[off] > 1 || p.label == "sequence" && !allZero(b[off:off+size]) {
			return nil, false // values that their programs do not write
		}
		if p.role == Length && int(b[off])<<8|int(b[off+1]) != n {
			return nil, false
		}
		parts = append(parts, Part{p.role, off, size, report.None})
		off += size
	}
	return parts, true
}

// named says that tickets of the layout carry a key name.
func (l *Layout) named() bool {
	for _, p := range l.pieces {
		if p.role == KeyName {
			return true
		}
	}
	return false
}

// read makes nodes of the parts of a ticket that has the layout.
func (l *Layout) read(r *field.Reader, b []byte) []Part {
	parts, ok := l.split(b)
	if !ok {
		octets(r, "octets", len(b))
		return nil
	}
	for i, p := range l.pieces {
		part := &parts[i]
		part.Ref = readPart(r, p, part.Len)
	}
	return parts
}

// readBroken makes nodes of what has the layout's marker and then does not add
// up: the parts of known size in front, and the rest as it is.
func (l *Layout) readBroken(r *field.Reader) (parts []Part) {
	off := 0
	for _, p := range l.pieces {
		left := len(r.Left())
		if p.size == rest || left == 0 {
			break
		}
		if p.size > left {
			r.Stop(p.label, "%s of %s needs %s, %d are left", p.label, l.Title, report.Plural(p.size, "octet", "octets"), left)
			return parts
		}
		parts = append(parts, Part{p.role, off, p.size, readPart(r, p, p.size)})
		off += p.size
	}
	if n := len(r.Left()); n > 0 {
		octets(r, "octets", n)
	}
	return parts
}

func readPart(r *field.Reader, p piece, n int) report.Ref {
	switch {
	case p.role == Length:
		return r.Uint(p.label, n, nil).Ref
	case p.size == 1 || p.label == "sequence":
		return r.Uint(p.label, n, nil).Ref
	}
	ref := octets(r, p.label, n)
	if p.role == State {
		r.Show(ref, report.Plural(n, "octet", "octets"))
		r.Flag(ref, report.Secret)
	}
	return ref
}
