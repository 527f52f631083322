package suite

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/rc4"
	"crypto/subtle"
	"encoding/binary"
	"strconv"

	"golang.org/x/crypto/chacha20poly1305"
)

// Opener opens the records of one direction, one behind the other.
type Opener struct {
	s       *Suite
	version uint16
	seq     uint64

	aead   cipher.AEAD
	iv     []byte // fixed part of the nonce; of a CBC suite of TLS 1.0 the last block
	block  cipher.Block
	stream *rc4.Cipher
	mac    []byte // key
	etm    bool   // encrypt_then_mac: the MAC stands behind the ciphertext
}

// Opened is what a record holds.
type Opened struct {
	Type    uint8 // of the content: in TLS 1.3 the inner one
	Content []byte
	Padding int // octets
}

// Fault is what a record failed of.
type Fault uint8

const (
	Tag      Fault = iota + 1 // the tag of an AEAD
	MAC                       // of a CBC or stream suite
	Padding                   // of CBC
	Length                    // it cannot be as short or long as it is
	NoType                    // nothing but padding in a record of TLS 1.3
	NoCipher                  // the suite's cipher is not built in
)

// Error says which record could not be opened, and why.
type Error struct {
	Record uint64 // counted from 0 since the keys were new
	Fault  Fault
	Detail string
}

func (e *Error) Error() string {
	return "record " + strconv.FormatUint(e.Record, 10) + ": " + e.Detail
}

func (o *Opener) fail(f Fault, detail string) error { return &Error{o.seq, f, detail} }

// Next is the number of the record that is opened next.
func (o *Opener) Next() uint64 { return o.seq }

// Skip passes a record that is not opened.
func (o *Opener) Skip() { o.seq++ }

// Opener13 opens records of TLS 1.3 under a traffic secret.
func (s *Suite) Opener13(secret []byte) (*Opener, error) {
	if !s.TLS13 || len(secret) != s.Hash.Size() {
		return nil, &Error{0, Length, "a secret of " + strconv.Itoa(len(secret)) + " octets does not fit " + s.Name}
	}
	key, iv := s.TrafficKeys(secret)
	o := &Opener{s: s, version: 0x0304, iv: iv}
	return o, o.ciphers(key)
}

// Keys is the key block of a suite before TLS 1.3 (RFC 5246, section 6.3).
type Keys struct {
	ClientMAC, ServerMAC, ClientKey, ServerKey, ClientIV, ServerIV []byte
}

// KeyBlock makes the keys of both directions from the main secret.
func (s *Suite) KeyBlock(version uint16, main, clientRandom, serverRandom []byte) (k Keys) {
	iv := s.FixedIV
	if s.Mode == "CBC" && version < 0x0302 {
		iv = s.Block
	}
	seed := append(bytes.Clone(serverRandom), clientRandom...)
	b := s.PRFHash(version).PRF(main, "key expansion", seed, 2*(s.MACLen+s.KeyLen+iv))
	take := func(n int) (part []byte) {
		part, b = b[:n:n], b[n:]
		return part
	}
	k.ClientMAC, k.ServerMAC = take(s.MACLen), take(s.MACLen)
	k.ClientKey, k.ServerKey = take(s.KeyLen), take(s.KeyLen)
	k.ClientIV, k.ServerIV = take(iv), take(iv)
	return k
}

// Openers open the records of client and server before TLS 1.3. etm says that
// encrypt_then_mac was agreed on.
func (s *Suite) Openers(version uint16, main, clientRandom, serverRandom []byte, etm bool) (client, server *Opener, err error) {
	if s.TLS13 || s.Signalling || s.Hash == None {
		return nil, nil, &Error{0, NoCipher, s.Name + " has no records of this version"}
	}
	k := s.KeyBlock(version, main, clientRandom, serverRandom)
	client = &Opener{s: s, version: version, iv: k.ClientIV, mac: k.ClientMAC, etm: etm}
	server = &Opener{s: s, version: version, iv: k.ServerIV, mac: k.ServerMAC, etm: etm}
	if err = client.ciphers(k.ClientKey); err == nil {
		err = server.ciphers(k.ServerKey)
	}
	return client, server, err
}

// ciphers makes the cipher of the suite.
func (o *Opener) ciphers(key []byte) (err error) {
	s := o.s
	switch {
	case s.Cipher == "AES_128", s.Cipher == "AES_256":
		o.block, err = aes.NewCipher(key)
	case s.Cipher == "3DES_EDE":
		o.block, err = des.NewTripleDESCipher(key)
	case s.Cipher == "DES":
		o.block, err = des.NewCipher(key)
	case s.Cipher == "RC4_128":
		o.stream, err = rc4.NewCipher(key)
	case s.Cipher == "CHACHA20_POLY1305":
		o.aead, err = chacha20poly1305.New(key)
	case s.Cipher == "NULL" && !s.TLS13:
	default:
		return &Error{0, NoCipher, "the cipher of " + s.Name + " is not built in"}
	}
	if err != nil {
		return &Error{0, NoCipher, err.Error()}
	}
	switch s.Mode {
	case "GCM":
		o.aead, err = cipher.NewGCM(o.block)
	case "CCM", "CCM_8":
		o.aead = newCCM(o.block, s.TagLen)
	}
	return err
}

// Open opens the record that comes next. typ and version are those of its
// header. The number of the next record grows only if it opens.
func (o *Opener) Open(typ uint8, version uint16, fragment []byte) (Opened, error) {
	var out Opened
	var err error
	switch {
	case o.aead != nil && o.version >= 0x0304:
		out, err = o.open13(typ, version, fragment)
	case o.aead != nil:
		out, err = o.openAEAD(typ, version, fragment)
	case o.s.Mode == "CBC":
		out, err = o.openCBC(typ, version, fragment)
	default:
		out, err = o.openStream(typ, version, fragment)
	}
	if err == nil {
		o.seq++
	}
	return out, err
}

// open13 opens a record of TLS 1.3: content, type and zeros (RFC 9846, section 5.2).
func (o *Opener) open13(typ uint8, version uint16, b []byte) (Opened, error) {
	nonce := bytes.Clone(o.iv)
	var seq [8]byte
	binary.BigEndian.PutUint64(seq[:], o.seq)
	subtle.XORBytes(nonce[len(nonce)-8:], nonce[len(nonce)-8:], seq[:])
	header := []byte{typ, byte(version >> 8), byte(version), byte(len(b) >> 8), byte(len(b))}
	if len(b) < o.aead.Overhead()+1 {
		return Opened{}, o.fail(Length, strconv.Itoa(len(b))+" octets hold no type and tag")
	}
	p, err := o.aead.Open(nil, nonce, b, header)
	if err != nil {
		return Opened{}, o.fail(Tag, "the tag does not fit")
	}
	end := len(p)
	for end > 0 && p[end-1] == 0 {
		end--
	}
	if end == 0 {
		return Opened{}, o.fail(NoType, "nothing but padding inside")
	}
	return Opened{Type: p[end-1], Content: p[:end-1], Padding: len(p) - end}, nil
}

// openAEAD opens a record of an AEAD suite of TLS 1.2 (RFC 5246, section
// 6.2.3.3): part of the nonce stands in front, but for ChaCha20 (RFC 7905).
func (o *Opener) openAEAD(typ uint8, version uint16, b []byte) (Opened, error) {
	n := o.s.ExplicitNonce
	plain := len(b) - n - o.aead.Overhead()
	if plain < 0 {
		return Opened{}, o.fail(Length, strconv.Itoa(len(b))+" octets hold no nonce and tag")
	}
	nonce := make([]byte, 12)
	copy(nonce, o.iv)
	if n > 0 {
		copy(nonce[len(o.iv):], b[:n])
	} else {
		var seq [8]byte
		binary.BigEndian.PutUint64(seq[:], o.seq)
		subtle.XORBytes(nonce[4:], nonce[4:], seq[:])
	}
	p, err := o.aead.Open(nil, nonce, b[n:], o.covered(typ, version, plain))
	if err != nil {
		return Opened{}, o.fail(Tag, "the tag does not fit")
	}
	return Opened{Type: typ, Content: p}, nil
}

// covered is what the MAC or tag covers in front of the content.
func (o *Opener) covered(typ uint8, version uint16, n int) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 13), o.seq)
	return append(b, typ, byte(version>>8), byte(version), byte(n>>8), byte(n))
}

// openCBC opens a record of a CBC suite: the MAC is inside the encryption, or
// behind it with encrypt_then_mac (RFC 7366, section 3). The octets are not a
// secret to whoever has the keys, so nothing here needs constant time.
func (o *Opener) openCBC(typ uint8, version uint16, b []byte) (Opened, error) {
	size, whole := o.s.Block, b
	iv := o.iv
	body := b
	if o.etm {
		if len(b) < o.s.MACLen {
			return Opened{}, o.fail(Length, strconv.Itoa(len(b))+" octets hold no MAC")
		}
		body = b[:len(b)-o.s.MACLen]
		if !hmac.Equal(o.s.MAC.HMAC(o.mac, o.covered(typ, version, len(body)), body), b[len(body):]) {
			return Opened{}, o.fail(MAC, "the MAC does not fit")
		}
	}
	if o.version >= 0x0302 { // the IV stands in front
		if len(body) < size {
			return Opened{}, o.fail(Length, strconv.Itoa(len(b))+" octets hold no IV")
		}
		iv, body = body[:size], body[size:]
	}
	if len(body) == 0 || len(body)%size != 0 {
		return Opened{}, o.fail(Length, strconv.Itoa(len(whole))+" octets are no whole number of blocks")
	}
	p := make([]byte, len(body))
	cipher.NewCBCDecrypter(o.block, iv).CryptBlocks(p, body)
	if o.version < 0x0302 { // this record's last block is the next one's IV
		o.iv = bytes.Clone(body[len(body)-size:])
	}
	pad := int(p[len(p)-1]) + 1
	if pad > len(p) {
		return Opened{}, o.fail(Padding, "padding of "+strconv.Itoa(pad)+" octets in "+strconv.Itoa(len(p)))
	}
	for _, c := range p[len(p)-pad:] {
		if int(c) != pad-1 {
			return Opened{}, o.fail(Padding, "the padding does not repeat its length")
		}
	}
	p = p[:len(p)-pad]
	if !o.etm {
		n := len(p) - o.s.MACLen
		if n < 0 {
			return Opened{}, o.fail(Length, strconv.Itoa(len(p))+" octets hold no MAC")
		}
		if !hmac.Equal(o.s.MAC.HMAC(o.mac, o.covered(typ, version, n), p[:n]), p[n:]) {
			return Opened{}, o.fail(MAC, "the MAC does not fit")
		}
		p = p[:n]
	}
	return Opened{Type: typ, Content: p, Padding: pad}, nil
}

// openStream opens a record of RC4 or NULL. A record that fails spoils those
// of RC4 behind it, whose key stream it used.
func (o *Opener) openStream(typ uint8, version uint16, b []byte) (Opened, error) {
	p := bytes.Clone(b)
	if o.stream != nil {
		o.stream.XORKeyStream(p, p)
	}
	n := len(p) - o.s.MACLen
	if n < 0 {
		return Opened{}, o.fail(Length, strconv.Itoa(len(p))+" octets hold no MAC")
	}
	if !hmac.Equal(o.s.MAC.HMAC(o.mac, o.covered(typ, version, n), p[:n]), p[n:]) {
		return Opened{}, o.fail(MAC, "the MAC does not fit")
	}
	return Opened{Type: typ, Content: p[:n]}, nil
}
