package decode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"derscope/decode/handshake"
	"derscope/testdata/openssl"
)

// TestPrintedByOpenSSL: what s_client -msg prints of a connection, with all that
// it prints beside, becomes one handshake with every message, and the rest stays
// what it is.
func TestPrintedByOpenSSL(t *testing.T) {
	dir := t.TempDir()
	identityFiles(t, dir)
	staple := filepath.Join(dir, "staple.der")
	if err := os.WriteFile(staple, []byte{0x30, 3, 0x0a, 1, 6}, 0o600); err != nil {
		t.Fatal(err)
	}
	for flag, version := range map[string]uint16{"-tls1_2": 0x0303, "-tls1_3": 0x0304} {
		t.Run(flag, func(t *testing.T) {
			for _, resumed := range []bool{false, true} {
				text := printedBySClient(t, dir, flag, staple, resumed)
				c := Load([]Input{{Name: "paste", Bytes: text}}, Limits{})
				r := c.Report(Options{})
				var found []*handshake.Handshake
				kinds := map[string]int{}
				for i, e := range c.exhibits {
					if h, ok := e.Value.(*handshake.Handshake); ok {
						found = append(found, h)
						if r.Items[i].Title == "" || len(r.Sources[r.Items[i].Source].From) < 8 {
							t.Errorf("%q came from %d places", r.Items[i].Title, len(r.Sources[r.Items[i].Source].From))
						}
					}
					kinds[r.Items[i].Kind]++
				}
				if len(found) != 1 {
					t.Fatalf("%d handshakes in\n%s", len(found), text)
				}
				said(t, found[0], version, resumed)
				if kinds["new-session-ticket"] == 0 && !resumed || kinds["tls-session"] == 0 || kinds["certificate"] == 0 || !resumed && kinds["ocsp-response"] == 0 {
					t.Errorf("kinds %v", kinds)
				}
				extensionsAlone(t, text, version, resumed)
			}
		})
	}
}

// said looks for the messages of a conversation, in their order and with their sides.
func said(t *testing.T, h *handshake.Handshake, version uint16, resumed bool) {
	t.Helper()
	var got []string
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind == handshake.Message {
			got = append(got, e.From.String()[:1]+" "+e.Name())
		}
		if h.Events[i].Faults {
			t.Errorf("%s has faults", h.Events[i].Name())
		}
	}
	want := map[string][]string{
		"303 false": {"c ClientHello", "s ServerHello", "s Certificate", "s CertificateStatus", "s ServerKeyExchange", "s ServerHelloDone", "c ClientKeyExchange", "c Finished", "s NewSessionTicket", "s Finished"},
		"303 true":  {"c ClientHello", "s ServerHello", "s Finished", "c Finished"},
		"304 false": {"c ClientHello", "s ServerHello", "s EncryptedExtensions", "s Certificate", "s CertificateVerify", "s Finished", "c Finished", "s NewSessionTicket", "s NewSessionTicket"},
		"304 true":  {"c ClientHello", "s ServerHello", "s EncryptedExtensions", "s Finished", "c Finished", "s NewSessionTicket"},
	}[strconv.FormatUint(uint64(version), 16)+" "+strconv.FormatBool(resumed)]
	if version == 0x0303 && resumed { // OpenSSL renews the ticket or not, as it likes
		got = slices.DeleteFunc(got, func(s string) bool { return s == "s NewSessionTicket" })
	}
	if !slices.Equal(got, want) || h.Version != version {
		t.Errorf("version %04x, messages\n%s\nwant\n%s", h.Version, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	switches := 0
	for i := range h.Events {
		if h.Events[i].Kind == handshake.ChangeCipherSpec {
			switches++
		}
	}
	if switches < 2 {
		t.Errorf("%d ChangeCipherSpec", switches)
	}
}

// extensionsAlone leaves the lines of messages out: the extensions that stand
// beside them are one block, or several.
func extensionsAlone(t *testing.T, text []byte, version uint16, resumed bool) {
	t.Helper()
	var rest []string
	skip := false
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, "<<< ") || strings.HasPrefix(l, ">>> ") {
			skip = true
			continue
		}
		if skip = skip && strings.HasPrefix(l, "    "); !skip {
			rest = append(rest, l)
		}
	}
	c := Load([]Input{{Name: "paste", Bytes: []byte(strings.Join(rest, ""))}}, Limits{})
	for _, e := range c.exhibits {
		h, ok := e.Value.(*handshake.Handshake)
		if !ok {
			continue
		}
		for i := range h.Events {
			x, ok := h.Events[i].Body.(*handshake.Extensions)
			if !ok || h.Events[i].Faults || h.Events[i].From != handshake.Server {
				t.Fatalf("event %+v", h.Events[i])
			}
			if s := x.Get(handshake.ExtStatusRequest); s != nil && version == 0x0304 && !resumed {
				if st, ok := s.Value.(*handshake.Staple); !ok || len(st.Response.Value) != 5 {
					t.Errorf("staple %+v", s.Value)
				}
				return
			}
		}
		if version == 0x0304 && !resumed {
			t.Error("no staple")
		}
		return
	}
	t.Error("no extensions")
}

// identityFiles writes a key and its certificate.
func identityFiles(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "www.example.org"}, DNSNames: []string{"www.example.org"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	b := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})...)
	if err := os.WriteFile(filepath.Join(dir, "id.pem"), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// printedBySClient has the machine's own OpenSSL talk to itself.
func printedBySClient(t *testing.T, dir, flag, staple string, resumed bool) []byte {
	t.Helper()
	id, session := filepath.Join(dir, "id.pem"), filepath.Join(dir, "session"+flag+".pem")
	// The server of the first connection made the ticket with keys of its own,
	// so both connections go to one server.
	at, stop := openssl.Server(t, dir, "-cert", id, "-key", id, flag, "-status_file", staple, "-rev", "-naccept", "50")
	defer stop()
	out := spoken(t, at, flag, "-tlsextdebug", "-sess_out", session)
	if resumed {
		out = spoken(t, at, flag, "-tlsextdebug", "-sess_out", session, "-sess_in", session)
	}
	return out
}
