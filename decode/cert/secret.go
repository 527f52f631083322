package cert

import (
	"bytes"
	"strings"

	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// PrivateKey is a private key of which nothing but its form is looked at, and
// nothing at all is shown.
type PrivateKey struct {
	Form      string // "pkcs8", "pkcs1", "sec1", "dsa", "openssh" or "other"
	Algorithm string // "RSA", …; "" if the form does not say without being opened
	Encrypted bool
}

// ReadPrivateKey makes one leaf of everything.
func ReadPrivateKey(r *field.Reader) *PrivateKey {
	b := r.Left()
	k := &PrivateKey{}
	k.Form, k.Algorithm, k.Encrypted = keyForm(b)
	f := r.Fixed("privateKey", len(b))
	r.Flag(f.Ref, report.Secret)
	r.Show(f.Ref, "not shown")
	return k
}

// forms say in words in which form a private key is written.
var forms = map[string]string{
	"pkcs8": "PKCS #8 (RFC 5958)", "pkcs1": "PKCS #1 (RFC 8017)", "sec1": "SEC 1 (RFC 5915)",
	"dsa": "that of OpenSSL", "openssh": "that of OpenSSH", "other": "not known: it may be encrypted as a whole, as in PEM with DEK-Info",
}

// keyForm tells in which form a private key is written.
func keyForm(b []byte) (form, algorithm string, encrypted bool) {
	switch {
	case bytes.HasPrefix(b, []byte("openssh-key-v1\x00")):
		return "openssh", "", false
	case shape(b, "{{o}s"):
		return "pkcs8", "", true
	case shape(b, "{i{o}s"):
		return "pkcs8", keyAlgorithm(b), false
	case shape(b, "{iiiiiiiii"):
		return "pkcs1", "RSA", false
	case shape(b, "{iiiiii"):
		return "dsa", "DSA", false
	case shape(b, "{is"):
		return "sec1", "EC", false
	}
	return "other", "", false
}

// keyAlgorithm names the algorithm of a key in PKCS #8.
func keyAlgorithm(b []byte) string {
	id, _ := oid.Parse(firstOID(b))
	switch id {
	case idRSA:
		return "RSA"
	case idPSS:
		return "RSASSA-PSS"
	case idEC:
		return "EC"
	case idDSA:
		return "DSA"
	}
	a := Algorithm{Algorithm: sig.Algorithm{ID: id}}
	return a.Name()
}

// Title names the key for people.
func (k *PrivateKey) Title() string {
	parts := []string{}
	if k.Encrypted {
		parts = append(parts, "Encrypted")
	}
	if k.Algorithm != "" {
		parts = append(parts, k.Algorithm)
	}
	s := strings.Join(append(parts, "private key"), " ")
	return strings.ToUpper(s[:1]) + s[1:]
}
