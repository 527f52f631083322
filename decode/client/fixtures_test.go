package client

import (
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"derscope/decode/cert"
	"derscope/decode/oid"
)

const shared = "../../../shared"

// fixtures is what make-ocsp.sh made: responses, certificates, and what
// programs say of them.
type fixtures struct {
	dir      string
	made     time.Time // when
	cases    []fixture
	certs    map[string]*cert.Certificate
	observed map[string]map[string]string // case, column
}

// fixture is one case: a response and the command that judged it.
type fixture struct {
	name, file string
	response   []byte
	args       []string
	local      map[string]string // what the openssl that made the fixtures said
}

// paddingSet says that the one unused bit of the signature of sig-unused-bits is
// set, by chance: DER forbids that, and strict programs then stop at another
// place than the one that was observed.
func (x fixture) paddingSet() bool {
	return x.name == "sig-unused-bits" && x.response[len(x.response)-1]&1 == 1
}

var generated struct {
	sync.Once
	dir string
	err error
}

// load makes the fixtures once, or takes those of DERSCOPE_FIXTURES.
func load(t testing.TB) *fixtures {
	t.Helper()
	if _, err := os.Stat(shared + "/fixtures/ocsp-observed.tsv"); err != nil {
		t.Skip("the fixtures and what was observed on them are not at hand")
	}
	dir := os.Getenv("DERSCOPE_FIXTURES")
	if dir == "" {
		dir = generate(t)
	}
	f := &fixtures{dir: dir, certs: map[string]*cert.Certificate{}, observed: map[string]map[string]string{}}
	for _, row := range table(t, dir+"/meta.tsv", "key", "value") {
		if row["key"] == "generated_at" {
			seconds, _ := strconv.ParseInt(row["value"], 10, 64)
			f.made = time.Unix(seconds, 0).UTC()
		}
	}
	for _, row := range table(t, shared+"/fixtures/ocsp-observed.tsv") {
		f.observed[row["case"]] = row
	}
	for _, row := range table(t, dir+"/expected.tsv") {
		f.cases = append(f.cases, fixture{row["case"], row["file"], read(t, dir+"/resp/"+row["file"]), strings.Fields(row["command"])[2:], row})
	}
	return f
}

// generate runs the script, which needs bash and openssl. The directory lives
// as long as the test program.
func generate(t testing.TB) string {
	if testing.Short() {
		t.Skip("making the fixtures takes half a minute: name a directory of them in DERSCOPE_FIXTURES")
	}
	for _, tool := range []string{"bash", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the fixtures need %s", tool)
		}
	}
	generated.Do(func() {
		generated.dir, generated.err = os.MkdirTemp("", "derscope-ocsp")
		if generated.err == nil {
			generated.err = exec.Command("bash", shared+"/fixtures/make-ocsp.sh", generated.dir).Run()
		}
	})
	if generated.err != nil {
		t.Fatalf("making the fixtures: %v", generated.err)
	}
	return generated.dir
}

func TestMain(m *testing.M) {
	code := m.Run()
	if generated.dir != "" {
		os.RemoveAll(generated.dir)
	}
	os.Exit(code)
}

// table reads a TSV file; without names the first line has them.
func table(t testing.TB, path string, names ...string) (rows []map[string]string) {
	t.Helper()
	for line := range strings.Lines(string(read(t, path))) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if names == nil {
			names = cells
			continue
		}
		row := map[string]string{}
		for i, n := range names {
			if i < len(cells) {
				row[n] = cells[i]
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pemCertificates reads the certificates of a PEM or DER file.
func pemCertificates(t testing.TB, path string) (list []*cert.Certificate) {
	t.Helper()
	b := read(t, path)
	for rest := b; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if strings.Contains(block.Type, "CERTIFICATE") {
			list = append(list, (*carried)(nil).certificate(block.Bytes))
		}
	}
	if list == nil {
		list = append(list, (*carried)(nil).certificate(b))
	}
	return list
}

func (f *fixtures) cert(t testing.TB, path string) *cert.Certificate {
	t.Helper()
	if f.certs[path] == nil {
		f.certs[path] = pemCertificates(t, filepath.Join(f.dir, path))[0]
	}
	return f.certs[path]
}

// digests are the options that choose the hash of the CertIDs that follow.
var digests = map[string]oid.ID{
	"-sha1": sha1, "-md5": "1.2.840.113549.2.5", "-sha224": "2.16.840.1.101.3.4.2.4", "-sha256": "2.16.840.1.101.3.4.2.1",
	"-sha384": "2.16.840.1.101.3.4.2.2", "-sha512": "2.16.840.1.101.3.4.2.3", "-sha3-256": "2.16.840.1.101.3.4.2.8",
}

// command reads a command line as openssl does, for a version and a moment.
func (f *fixtures) command(t testing.TB, x fixture, v *openSSL, at time.Time) *command {
	t.Helper()
	c := &command{openSSL: v, response: x.response, at: at, tolerance: 300 * time.Second, age: -1}
	var hash oid.ID
	var issuer *cert.Certificate
	for args := x.args; len(args) > 0; args = args[1:] {
		value := func() string { args = args[1:]; return args[0] }
		seconds := func() time.Duration {
			n, err := strconv.Atoi(value())
			if err != nil {
				t.Fatal(err)
			}
			return time.Duration(n) * time.Second
		}
		switch opt := args[0]; opt {
		case "-respin":
			value()
		case "-no_nonce":
		case "-CAfile":
			c.anchors = append(c.anchors, f.cert(t, value()))
		case "-issuer":
			issuer = f.cert(t, value())
			c.issuers = append(c.issuers, issuer)
		case "-cert":
			k := f.cert(t, value())
			c.requested = true
			c.asked = append(c.asked, asked{hash, issuer, k.Issuer.Raw, k.Serial.Value})
		case "-serial":
			h := strings.TrimPrefix(value(), "0x")
			serial, err := hex.DecodeString(h)
			if err != nil {
				t.Fatal(err)
			}
			if serial[0]&0x80 != 0 {
				serial = append([]byte{0}, serial...)
			}
			c.requested = true
			c.asked = append(c.asked, asked{hash, issuer, nil, serial})
		case "-reqin":
			c.requested, c.nonce = true, nonceValue(read(t, filepath.Join(f.dir, value())))
		case "-verify_other":
			c.other = append(c.other, f.cert(t, value()))
		case "-VAfile":
			c.other = append(c.other, f.cert(t, value()))
			c.flags |= trustOther
		case "-trust_other":
			c.flags |= trustOther
		case "-no_intern":
			c.flags |= noIntern
		case "-no_signature_verify":
			c.flags |= noSigs
		case "-no_cert_checks":
			c.flags |= noChecks
		case "-no_explicit":
			c.flags |= noExplicit
		case "-noverify":
			c.noverify = true
		case "-validity_period":
			c.tolerance = seconds()
		case "-status_age":
			c.age = seconds()
		default:
			id, ok := digests[opt]
			if !ok {
				t.Fatalf("%s: option %s is not known to this test", x.name, opt)
			}
			hash = id
		}
	}
	return c
}
