package callback

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The library of this machine does what the code says: the rows that were
// measured, and what was only read in the source.
func TestOpenSSL(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler: ", err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "rows")
	if out, err := exec.Command(cc, "-o", program, "testdata/rows.c", "-lssl", "-lcrypto").CombinedOutput(); err != nil {
		t.Skipf("libssl 3 or its headers are not here: %v\n%s", err, out)
	}
	certificates(t, dir)
	out, err := exec.Command(program, dir).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := map[string]Outcome{}
	for _, r := range Rows() {
		want[r.Key] = r.Outcome
	}
	measured := len(want)
	unmeasured(want)
	ran := 0
	for line := range strings.Lines(string(out)) {
		part := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if part[0] == "version" {
			t.Log("OpenSSL ", part[1])
			continue
		}
		o, ok := want[part[0]]
		if !ok {
			continue
		}
		ran++
		view := Client
		if strings.HasPrefix(part[0], "ticket/") {
			view = Server
		}
		got := seen{handshake: part[1], resumed: part[2] == "1", calls: number(part[3]), serverCalls: number(part[4]),
			suspended: number(part[6]), sees: number(part[7]), messages: part[8]}
		wanted := seen{handshake: [...]string{"completed", "aborted", "suspended", "stopped"}[o.End], resumed: o.Resumed && o.End == Completed, calls: o.Calls,
			serverCalls: o.ServerCalls, suspended: o.Suspensions, sees: o.Sees}
		if view == Server {
			got.generated, wanted.generated = number(part[5]), o.Generated
		}
		if o.End == Suspended { // how often it is asked again is up to the application
			got.calls, got.suspended, wanted.calls, wanted.suspended = 0, 0, 0, 0
			got.messages = strings.Replace(got.messages, strings.Repeat(" [cert_cb] [suspended]", 5), "", 1)
		}
		var steps []string
		for _, s := range o.Steps {
			steps = append(steps, s.View(view))
		}
		wanted.messages = strings.Join(steps, " ")
		if part[9] != o.Reason || part[10] != o.Alert.Heard() {
			t.Errorf("%s: the library says %q and %q, the code %q and %q", part[0], part[9], part[10], o.Reason, o.Alert.Heard())
		}
		if got != wanted {
			t.Errorf("%s:\n the library %+v\n the code    %+v", part[0], got, wanted)
		}
	}
	if ran != len(want) {
		t.Errorf("%d combinations ran, want %d", ran, len(want))
	}
	t.Logf("%d rows, and %d combinations without a row", measured, len(want)-measured)
}

// unmeasured are combinations that no row of the file has.
func unmeasured(want map[string]Outcome) {
	for _, v := range []Version{TLS12, TLS13} {
		for _, k := range []Keys{BuiltIn, KeyCallback} {
			for _, s := range Reachable(v, k) {
				if s != Empty || v == TLS12 {
					want["ticket/"+v.key()+"/"+k.String()+"/"+s.String()+"/9"] = Ticket(v, k, s, 9)
				}
			}
		}
		want["ticket/"+v.key()+"/key-cb/FATAL_ERR_OTHER/default"] = Ticket(v, KeyCallback, FatalOther, IgnoreRenew)
		o := Status(v, Resumption, OKWithResponse, -1, octets)
		want["status/"+v.key()+"/resumption/OK+resp (not called)/-1"] = o
		for _, s := range []CertServer{Optional, Requiring} {
			for l := AnyAuthority; l <= NotMatching; l++ {
				key := "client_cert/" + v.key() + "/" + s.String() + "/" + l.String() + "/"
				mismatch, unusable := Give, Give
				mismatch.Mismatched, unusable.Unusable = true, true
				want[key+"mismatch"] = ClientCert(v, s, l, mismatch)
				want[key+"unusable"] = ClientCert(v, s, l, unusable)
				want[key+"forever"] = ClientCert(v, s, l, Wait)
				if s == Optional && l == AnyAuthority {
					want[key+"0"] = ClientCert(v, s, l, Refuse)
					want[key+"1+cert"] = ClientCert(v, s, l, Give)
				}
			}
		}
	}
}

func number(s string) int { n, _ := strconv.Atoi(s); return n }

// certificates writes what the program reads.
func certificates(t *testing.T, dir string) {
	t.Helper()
	var serial int64
	make := func(name string, parent *x509.Certificate, by *ecdsa.PrivateKey, ca bool) (*x509.Certificate, *ecdsa.PrivateKey, []byte) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		serial++
		c := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
			IsCA: ca, BasicConstraintsValid: true}
		if parent == nil {
			parent, by = c, key
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		c, err = x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	}
	secret := func(k *ecdsa.PrivateKey) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	}
	ca, caKey, caPEM := make("Example CA", nil, nil, true)
	_, strangerKey, otherPEM := make("Other CA", nil, nil, true)
	_, serverKey, serverPEM := make("www.example.org", ca, caKey, false)
	_, clientKey, clientPEM := make("client", ca, caKey, false)
	for name, b := range map[string][]byte{
		"ca.pem": caPEM, "other.pem": otherPEM, "stranger.key": secret(strangerKey),
		"server.pem": append(serverPEM, secret(serverKey)...), "client.pem": append(clientPEM, secret(clientKey)...),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
