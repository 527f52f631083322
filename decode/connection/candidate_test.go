package connection

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strconv"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/report"
)

// rawName makes a Name with a common name of a string type.
func rawName(t *testing.T, tag int, common string) []byte {
	t.Helper()
	type attribute struct {
		Type  asn1.ObjectIdentifier
		Value asn1.RawValue
	}
	value := asn1.RawValue{Tag: tag, Bytes: []byte(common)}
	one, err := asn1.Marshal(attribute{asn1.ObjectIdentifier{2, 5, 4, 3}, value})
	if err != nil {
		t.Fatal(err)
	}
	rdn, _ := asn1.Marshal(asn1.RawValue{Tag: 17, IsCompound: true, Bytes: one})
	b, _ := asn1.Marshal(asn1.RawValue{Tag: 16, IsCompound: true, Bytes: rdn})
	return b
}

// read reads a certificate as the decoder does.
func read(der []byte) *cert.Certificate {
	tree := field.NewTree(field.Limits{})
	return cert.ReadCertificate(tree.Reader(tree.Add(report.Source{Bytes: der})), "certificate")
}

// Go's client takes a certificate where an issuer in its chain is listed octet
// for octet and its key can make a signature that is offered: so do the rules.
func TestCandidatesAgreeWithGo(t *testing.T) {
	caKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, RawSubject: rawName(t, 19, "Example CA"),
		NotBefore: time.Unix(1.7e9, 0), NotAfter: time.Unix(1.9e9, 0)}
	rsa1024, _ := rsa.GenerateKey(rand.Reader, 1024)
	rsa2048, _ := rsa.GenerateKey(rand.Reader, 2048)
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	keys := map[string]crypto.Signer{"RSA 1024": rsa1024, "RSA 2048": rsa2048, "P-256": p256, "P-384": p384, "Ed25519": ed}
	lists := map[string][][]byte{
		"no list":         nil,
		"the same octets": {rawName(t, 19, "Example CA")},
		"another type":    {rawName(t, 12, "Example CA")},
		"capitals":        {rawName(t, 19, "EXAMPLE CA")},
		"another name":    {rawName(t, 19, "Other CA")},
		"the second":      {rawName(t, 19, "Other CA"), rawName(t, 19, "Example CA")},
	}
	offers := [][]tls.SignatureScheme{
		{tls.ECDSAWithP256AndSHA256}, {tls.ECDSAWithP384AndSHA384}, {tls.PSSWithSHA256}, {tls.PSSWithSHA512}, {tls.PKCS1WithSHA256}, {tls.Ed25519},
		{tls.PSSWithSHA512, tls.Ed25519, tls.ECDSAWithP384AndSHA384},
	}
	for name, key := range keys {
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "client"},
			NotBefore: ca.NotBefore, NotAfter: ca.NotAfter}, ca, key.Public(), caKey)
		if err != nil {
			t.Fatal(err)
		}
		of := read(der)
		for what, list := range lists {
			for _, offer := range offers {
				for _, version := range []uint16{TLS12, TLS13} {
					// Without a list of types Go offers both kinds of keys.
					info := &tls.CertificateRequestInfo{AcceptableCAs: list, SignatureSchemes: offer, Version: version}
					want := info.SupportsCertificate(&tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}) == nil
					q := requestOf(version, list, offer)
					a := answering{nil, &answer{Candidate: &Candidate{Is: of, Chain: []*cert.Certificate{of}}}, q}
					how, _, _ := a.issuer(q)
					got := (len(list) == 0 || how == exact) && !a.algorithm().Bad()
					if got != want {
						t.Errorf("%s, %s, %v, %s: %v, Go says %v", name, what, offer, strconv.Itoa(int(version)), got, want)
					}
				}
			}
		}
		if how, _, _ := (&answer{Candidate: &Candidate{Is: of, Chain: []*cert.Certificate{of}}}).issuer(requestOf(TLS13, lists["another type"], nil)); how != folded {
			t.Errorf("%s: the name in another string type is not found as OpenSSL finds it", name)
		}
	}
}

func requestOf(version uint16, list [][]byte, offer []tls.SignatureScheme) *request {
	r := &handshake.CertificateRequest{Version: version}
	r.Authorities.OK = list != nil
	for _, b := range list {
		r.Authorities.List = append(r.Authorities.List, field.Field[[]byte]{Value: b, OK: true})
	}
	for _, s := range offer {
		r.Algorithms.List = append(r.Algorithms.List, field.Field[uint64]{Value: uint64(s), OK: true})
	}
	return &request{CertificateRequest: r, names: authorities(r.Authorities)}
}

// A private key is known by its public half, in whatever form it is written.
func TestPrivateKeysFit(t *testing.T) {
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	ecKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ecKey)
	pkcs8 := func(k any) []byte { b, _ := x509.MarshalPKCS8PrivateKey(k); return b }
	for _, c := range []struct {
		name, form string
		octets     []byte
		public     any
	}{
		{"RSA in PKCS #8", "pkcs8", pkcs8(rsaKey), rsaKey.Public()},
		{"RSA in PKCS #1", "pkcs1", x509.MarshalPKCS1PrivateKey(rsaKey), rsaKey.Public()},
		{"EC in PKCS #8", "pkcs8", pkcs8(ecKey), ecKey.Public()},
		{"EC in SEC 1", "sec1", sec1, ecKey.Public()},
		{"Ed25519", "pkcs8", pkcs8(edKey), edKey.Public()},
	} {
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1.9e9, 0)},
			&x509.Certificate{}, c.public, ecKey)
		if err != nil {
			t.Fatal(err)
		}
		own := &Candidate{Is: read(der), Key: -1}
		public, why := publicOf(&cert.PrivateKey{Form: c.form}, c.octets)
		if public == nil {
			t.Fatalf("%s: %s", c.name, why)
		}
		if fit := fitKey(own, []privateKey{{item: 7, public: public}}); fit.item != 7 {
			t.Errorf("%s: the key is not found to fit: %+v", c.name, fit)
		}
		_, strange, _ := ed25519.GenerateKey(rand.Reader)
		public, _ = publicOf(&cert.PrivateKey{Form: "pkcs8"}, pkcs8(strange))
		if fit := fitKey(own, []privateKey{{item: 7, public: public}}); fit.item >= 0 || fit.wrong != 7 {
			t.Errorf("%s: another key is taken for its own: %+v", c.name, fit)
		}
	}
	if k, why := publicOf(&cert.PrivateKey{Form: "pkcs8", Encrypted: true}, []byte{0x30, 0}); k != nil || why == "" {
		t.Error("an encrypted key is opened")
	}
	if k, _ := publicOf(&cert.PrivateKey{Form: "pkcs1"}, []byte{0x30, 0}); k != nil {
		t.Error("nothing is taken for a key")
	}
}
