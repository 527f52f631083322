package ticket

import (
	"crypto/sha512"
	"strings"
)

// scheme says which layouts a reading is for, and how keys come out of it.
type scheme uint8

const (
	block     scheme = iota // a name, a key for CBC, a key for HMAC
	fromGo                  // SHA-512 of 32 octets
	fromGnu                 // time steps of SHA3-512
	gnuDirect               // the 64 octets as they are
	fromS2N                 // HKDF
	fromFizz                // HKDF with a salt
	fromBotan               // HMAC with a seed
	rolling                 // wolfSSL: one of two keys
	aead                    // the octets are the key
)

// The programs of a reading, as they are named to people.
const (
	byOpenSSL48 = "OpenSSL up to 1.0.2, Apache and Traffic Server"
	byNginx48   = "nginx and HAProxy"
	byOpenSSL80 = "OpenSSL and nginx"
	byHAProxy80 = "HAProxy"
)

// Orders in words.
var orderWords = map[Order]string{NameHMACAES: "name, hmac, aes", NameAESHMAC: "name, aes, hmac", Derived: "derived from the whole", Raw: "one key"}

// readings lists every way in which some program reads the keys of the file.
// They are made once: each ticket asks for them, and derivations cost hashes.
func (f *KeyFile) readings(item int) []Key {
	if f.read != nil {
		return f.read
	}
	all := []Key{}
	for i := range f.Blocks {
		for _, k := range f.Blocks[i].readings(f.Form) {
			k.File, k.Place, k.Encrypts = item, i, f.encrypts(i)
			k.Ref = f.Blocks[i].Ref
			all = append(all, k)
		}
	}
	// Go takes several of 32 octets each, whatever else the octets may be.
	if b := f.octetsAsOne(); len(b) > 32 && len(b)%32 == 0 {
		for i := 0; i < min(len(b), 32*mostBlocks); i += 32 {
			k := goKey(b[i : i+32])
			k.File, k.Place, k.Ref, k.Encrypts = item, i/32, f.Ref, i == 0
			all = append(all, k)
		}
	}
	if f.Letters() {
		// Programs that read a file as it is take the letters.
		text := strings.TrimRight(string(f.Bytes), "\r\n")
		for _, k := range (&Block{Bytes: []byte(text)}).readings(FormRaw) {
			k.File, k.Ref, k.Letters, k.Encrypts = item, f.Ref, true, true
			all = append(all, k)
		}
	}
	f.read = all
	return all
}

// octetsAsOne are the octets that the file stands for, uncut; nil if its form
// says that there are several keys in it.
func (f *KeyFile) octetsAsOne() []byte {
	switch {
	case f.Form == FormRaw, f.Form == FormATS:
		return f.Bytes
	case len(f.Blocks) == 1 && f.Form != FormH2O:
		return f.Blocks[0].Bytes
	}
	return nil
}

// Letters says that the file is text which is as long as a key.
func (f *KeyFile) Letters() bool {
	if f.Form != FormHex && f.Form != FormBase64 || len(f.Blocks) != 1 {
		return false
	}
	switch len(strings.TrimRight(string(f.Bytes), "\r\n")) {
	case 32, 48, 64, 80:
		return true
	}
	return false
}

// encrypts says whether new tickets are sealed with key i of the file. HAProxy
// takes the last line but one, so that the last is known to all before it is
// used; the others take the first.
func (f *KeyFile) encrypts(i int) bool {
	if f.Form == FormHAProxy && len(f.Blocks) > 1 {
		return i == len(f.Blocks)-2
	}
	return i == 0
}

// readings lists the readings of one key by its size.
func (b *Block) readings(form Form) (all []Key) {
	m := b.Bytes
	n := len(m)
	cut := func(program string, order Order, said bool) {
		k := Key{Name: m[:16], Program: program, Order: order, Said: said, MAC: "HMAC-SHA-256", scheme: block}
		half := (n - 16) / 2
		k.Cipher = cbcName(half)
		k.CipherKey, k.MACKey = m[16:16+half], m[16+half:]
		if order == NameHMACAES {
			k.CipherKey, k.MACKey = k.MACKey, k.CipherKey
		}
		all = append(all, k)
	}
	if form == FormH2O {
		if k, ok := b.h2o(); ok {
			all = append(all, k)
		}
		return all
	}
	if form != FormS2N {
		switch n {
		case 48:
			cut(byOpenSSL48, NameHMACAES, form == FormATS)
			cut(byNginx48, NameAESHMAC, form == FormHAProxy)
		case 80:
			cut(byOpenSSL80, NameHMACAES, false)
			cut(byHAProxy80, NameAESHMAC, form == FormHAProxy)
		case 56, 88:
			half := (n - 24) / 2
			for i := range 2 {
				all = append(all, Key{Name: m[:16], Program: "wolfSSL", Order: Raw, Cipher: gcmName(half), scheme: rolling,
					CipherKey: m[16+i*half : 16+(i+1)*half], material: m})
			}
		case 64:
			all = append(all,
				Key{Program: "GnuTLS", Order: Derived, Cipher: "AES-256-CBC", MAC: "HMAC-SHA-1", scheme: fromGnu, material: m, steps: new(steps)},
				Key{Name: m[:16], Program: "GnuTLS before 3.6.4", Order: NameAESHMAC, Cipher: "AES-256-CBC", MAC: "HMAC-SHA-1", scheme: gnuDirect,
					CipherKey: m[16:48], MACKey: m[48:]})
		case 32:
			all = append(all, goKey(m))
		}
		switch n {
		case 16, 24, 32:
			all = append(all, Key{Program: "Mbed TLS, rustls or Java", Order: Raw, Cipher: gcmName(n), CipherKey: m, scheme: aead})
		}
	}
	if form != FormHAProxy && form != FormATS && n >= 8 && n <= 256 {
		all = append(all,
			Key{Name: b.Name, Program: "s2n-tls", Order: Derived, Cipher: "AES-256-GCM", material: m, scheme: fromS2N, Said: b.Name != nil})
		if b.Name == nil {
			all = append(all,
				Key{Program: "fizz", Order: Derived, Cipher: "AES-128-GCM", material: m, scheme: fromFizz},
				Key{Program: "Botan", Order: Derived, Cipher: "AES-256-GCM", material: m, scheme: fromBotan, Name: botanName(m)})
		}
	}
	return all
}

// goKey derives the keys of Go: crypto/tls, common.go.
func goKey(m []byte) Key {
	h := sha512.Sum512(m)
	return Key{Name: h[:16], Program: "Go", Order: Derived, Cipher: "AES-128-CTR", MAC: "HMAC-SHA-256",
		CipherKey: h[16:32], MACKey: h[32:48], material: m, scheme: fromGo}
}

// h2o cuts a key as its cipher and hash say: the HMAC key is as long as a block
// of the hash.
func (b *Block) h2o() (Key, bool) {
	size, ok := map[string]int{"AES-128-CBC": 16, "AES-192-CBC": 24, "AES-256-CBC": 32}[strings.ToUpper(b.Cipher)]
	mac := b.Hash
	if mac == "" {
		mac = "SHA-256"
	}
	mac = strings.ReplaceAll(strings.ToUpper(mac), "SHA-", "SHA")
	long, known := map[string]int{"SHA1": 64, "SHA256": 64, "SHA384": 128, "SHA512": 128}[mac]
	if !ok || !known || len(b.Bytes) != size+long || len(b.Name) != 16 {
		return Key{}, false
	}
	return Key{Name: b.Name, Program: "h2o", Order: NameAESHMAC, Said: true, Cipher: strings.ToUpper(b.Cipher), MAC: "HMAC-SHA-" + mac[3:],
		CipherKey: b.Bytes[:size], MACKey: b.Bytes[size:], scheme: block, h2o: true}, true
}

func cbcName(n int) string {
	if n == 16 {
		return "AES-128-CBC"
	}
	return "AES-256-CBC"
}

func gcmName(n int) string {
	switch n {
	case 16:
		return "AES-128-GCM"
	case 24:
		return "AES-192-GCM"
	}
	return "AES-256-GCM"
}
