package mac

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run makes the octets from, from+1, … to.
func run(from, to byte) (b []byte) {
	for c := int(from); c <= int(to); c++ {
		b = append(b, byte(c))
	}
	return b
}

// The writers of this file make AlgorithmIdentifiers.

func seq(parts ...[]byte) []byte { return der.Wrap(der.Sequence, parts...) }
func octets(b []byte) []byte     { return der.Wrap(der.OctetString, b) }
func algorithm(id oid.ID, more ...[]byte) []byte {
	return seq(append([][]byte{der.Wrap(der.OID, id.Bytes())}, more...)...)
}

func number(n int64) []byte {
	b := []byte{byte(n)}
	for n >>= 8; n > 0; n >>= 8 {
		b = append([]byte{byte(n)}, b...)
	}
	if b[0]&0x80 != 0 {
		b = append([]byte{0}, b...)
	}
	return der.Wrap(der.Integer, b)
}

// read reads the AlgorithmIdentifier of a protection, without a fault.
func read(t testing.TB, b []byte) *Algorithm {
	t.Helper()
	tree := field.NewTree(field.Limits{})
	a := ReadAlgorithm(tree.Reader(tree.Add(report.Source{Bytes: b})), "protectionAlg")
	if len(tree.Faults) > 0 {
		t.Fatalf("%x: %s", b, tree.Faults[0].Message)
	}
	return a
}

// value computes the MAC over data with the first key.
func value(t testing.TB, a *Algorithm, secret, data []byte) []byte {
	t.Helper()
	if why := a.Unusable(); why != "" {
		t.Fatal(why)
	}
	k := a.Keys(secret, false)[0]
	sum, why := k.Code.Sum(k.Bytes, data)
	if why != "" {
		t.Fatal(why)
	}
	return sum
}

func pbm(salt []byte, owf oid.ID, rounds int64, mac []byte) []byte {
	return algorithm(IDPasswordBasedMac, seq(octets(salt), algorithm(owf), number(rounds), mac))
}

// The values were computed with OpenSSL, the rounds by its dgst command.
func TestPBM(t *testing.T) {
	for _, v := range []struct {
		owf    oid.ID
		rounds int64
		mac    oid.ID
		base   string
		value  string
	}{
		{SHA1, 100, rsadsi + "7", "b3c06443a41044fe031d809ee7e4bfa2549b7033", "fac7aa5213064f137f8bca353a0b1a9e9015046a"},
		{sha2 + "1", 500, "1.3.6.1.5.5.8.1.2", "7769bd551a9483108a5646d3935f6466741876ba5c1b1b05a0d3d912ae6f18a3", "8421f77c3e5e98c1a2f5d45adf835f769c000b22"},
		{sha2 + "1", 1024, rsadsi + "9", "01e85af34384a262a8febafc9c5333c37d4a37276648c7061abf2293ee4eac8b", "6df409d5f45add9db9dac01e37cecd2ad2e96c29b5b16d72b5ab001605e7d7a3"},
		{sha2 + "3", 10000, rsadsi + "11", "bbed70b48f3b6ea1d049855e2c39916f536bd58167f126832c0c33434a13b78fb82d722cc7c40bde7f1cb72ddd90a86ba876d0dac037fc4b517da9d06b61b913",
			"16bdb3010a0fab1139c56302769eae1a54b1ea007fa3b80510804e341a4c4b90c396c30521db67b4cc535f534f3f62eb90e758a2a822f9b4226ff1532da4f9d6"},
	} {
		a := read(t, pbm(run(0, 15), v.owf, v.rounds, algorithm(v.mac)))
		if got := hex.EncodeToString(a.Keys([]byte("Fixture-PBM-1"), true)[0].Bytes); got != v.base {
			t.Errorf("%s: the key is %s, want %s", a.Describe(), got, v.base)
		}
		if got := hex.EncodeToString(value(t, a, []byte("Fixture-PBM-1"), []byte("abc"))); got != v.value {
			t.Errorf("%s: the value is %s, want %s", a.Describe(), got, v.value)
		}
		if a.Cost() != v.rounds {
			t.Errorf("%s costs %d", a.Describe(), a.Cost())
		}
	}
}

// A MAC with a longer key than the hash is long takes more of it (RFC 4211, section 4.4).
func TestKeyIsLengthened(t *testing.T) {
	gmac := algorithm(kt+"49", seq(octets(run(1, 12)), number(16)))
	a := read(t, pbm(run(0, 15), SHA1, 100, gmac))
	base := unhex(t, "b3c06443a41044fe031d809ee7e4bfa2549b7033")
	want := append(bytes.Clone(base), digest(SHA1)(append([]byte("1"), base...))...)[:32]
	if got := a.Keys([]byte("Fixture-PBM-1"), false)[0].Bytes; !bytes.Equal(got, want) {
		t.Errorf("the key is %x, want %x", got, want)
	}
	short := read(t, pbm(run(0, 15), SHA1, 100, algorithm(kt+"9", seq(octets(run(1, 12)), number(16)))))
	if got := short.Keys([]byte("Fixture-PBM-1"), false)[0].Bytes; !bytes.Equal(got, base[:16]) {
		t.Errorf("the key is %x, want %x", got, base[:16])
	}
}

func pbmac1(salt []byte, rounds, length int64, prf, mac oid.ID) []byte {
	parts := [][]byte{octets(salt), number(rounds)}
	if length > 0 {
		parts = append(parts, number(length))
	}
	if prf != "" {
		parts = append(parts, algorithm(prf))
	}
	return algorithm(IDPBMAC1, seq(algorithm(IDPBKDF2, seq(parts...)), algorithm(mac)))
}

// The vectors of RFC 6070 and RFC 7914, section 11, and one of the openssl kdf command.
func TestPBKDF2(t *testing.T) {
	for _, v := range []struct {
		password, salt string
		prf            oid.ID
		rounds, length int64
		key            string
	}{
		{"password", "salt", "", 1, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
		{"password", "salt", "", 4096, 20, "4b007901b765489abead49d926f721d065a429c1"},
		{"passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", "", 4096, 25, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
		{"passwd", "salt", rsadsi + "9", 1, 64, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
		{"Fixture-PBM-1", string(run(0, 15)), rsadsi + "9", 10000, 32, "bbb2b5b0805d630b7f4b9e86e21b68c040d70f80e622213f750e007f1050939d"},
	} {
		a := read(t, pbmac1([]byte(v.salt), v.rounds, v.length, v.prf, rsadsi+"9"))
		if got := hex.EncodeToString(a.Keys([]byte(v.password), false)[0].Bytes); got != v.key {
			t.Errorf("%s, %d octets: the key is %s, want %s", a.Describe(), v.length, got, v.key)
		}
	}
}

func TestCostOfPBKDF2CountsBlocks(t *testing.T) {
	for _, v := range []struct {
		length int64
		prf    oid.ID
		cost   int64
	}{
		{32, rsadsi + "9", 1000}, {33, rsadsi + "9", 2000}, {20, "", 1000}, {4096, rsadsi + "11", 64_000}, {0, rsadsi + "7", 2000},
	} {
		a := read(t, pbmac1(run(0, 15), 1000, v.length, v.prf, rsadsi+"9"))
		if got := a.Cost(); got != v.cost {
			t.Errorf("%d octets with %s cost %d rounds, want %d", v.length, v.prf, got, v.cost)
		}
	}
}

// What programs do otherwise is found, and named.
func TestDeviations(t *testing.T) {
	const secret = "Fixture-PBM-1"
	key := func(prf oid.ID, n int64) []byte {
		return read(t, pbmac1(run(0, 15), 100, n, prf, rsadsi+"9")).Keys([]byte(secret), false)[0].Bytes
	}
	for _, v := range []struct {
		name   string
		prf    oid.ID
		length int64
		made   []byte
		says   string
	}{
		{"bits", rsadsi + "9", 256, key(rsadsi+"9", 32), "counts bits"},
		{"hash length", rsadsi + "9", 4096, key(rsadsi+"9", 32), "has 32 octets"},
		{"another PRF", rsadsi + "11", 32, key(rsadsi+"9", 32), "the PRF is HMAC-SHA256, and not HMAC-SHA512"},
		{"both", rsadsi + "11", 256, key(rsadsi+"9", 32), "counts bits, not octets, and the PRF is HMAC-SHA256"},
	} {
		a := read(t, pbmac1(run(0, 15), 100, v.length, v.prf, rsadsi+"9"))
		found := ""
		for _, k := range a.Keys([]byte(secret), true) {
			if bytes.Equal(k.Bytes, v.made) && found == "" {
				found = k.Deviation
			}
		}
		if !strings.Contains(found, v.says) {
			t.Errorf("%s: the deviation is %q", v.name, found)
		}
		if k := a.Keys([]byte(secret), true)[0]; k.Deviation != "" {
			t.Errorf("%s: the key of the document does not come first, but one where %s", v.name, k.Deviation)
		}
	}
}

// PBKDF2-params under the name of PBES2 are read for what they are.
func TestPBES2IsReadAsPBKDF2(t *testing.T) {
	params := seq(octets(run(0, 15)), number(100), number(32), algorithm(rsadsi+"9"))
	a := read(t, algorithm(IDPBMAC1, seq(algorithm(idPBES2, params), algorithm(rsadsi+"9"))))
	if a.PBMAC1.PBKDF2 == nil || a.Rounds() != 100 {
		t.Error("PBKDF2-params under the name of PBES2 are not read")
	}
	real := seq(algorithm(IDPBKDF2, params), algorithm("2.16.840.1.101.3.4.1.42", octets(run(0, 15))))
	if a = read(t, algorithm(IDPBMAC1, seq(algorithm(idPBES2, real), algorithm(rsadsi+"9")))); a.PBMAC1.PBKDF2 != nil {
		t.Error("PBES2 itself is taken for PBKDF2")
	}
}

// The samples of NIST for KMAC (SP 800-185), a vector of its GCM tests, and the
// first and the last of RFC 4231.
func TestDirect(t *testing.T) {
	tagged := octets([]byte("My Tagged Application"))
	for _, v := range []struct {
		name      string
		algorithm []byte
		key, data []byte
		want      string
	}{
		{"KMAC128 1", algorithm(sha2 + "19"), run(0x40, 0x5f), run(0, 3), "E5780B0D3EA6F7D3A429C5706AA43A00FADBD7D49628839E3187243F456EE14E"},
		{"KMAC128 2", algorithm(sha2+"19", seq(tagged)), run(0x40, 0x5f), run(0, 3), "3B1FBA963CD8B0B59E8C1A6D71888B7143651AF8BA0A7070C0979E2811324AA5"},
		{"KMAC128 3", algorithm(sha2+"19", seq(number(256), tagged)), run(0x40, 0x5f), run(0, 0xc7), "1F5B4E6CCA02209E0DCB5CA635B89A15E271ECC760071DFD805FAA38F9729230"},
		{"KMAC256 4", algorithm(sha2+"20", seq(tagged)), run(0x40, 0x5f), run(0, 3), "20C570C31346F703C9AC36C61C03CB64C3970D0CFC787E9B79599D273A68D2F7F69D4CC3DE9D104A351689F27CF6F5951F0103F33F4F24871024D9C27773A8DD"},
		{"KMAC256 5", algorithm(sha2+"20", seq(number(512))), run(0x40, 0x5f), run(0, 0xc7), "75358CF39E41494E949707927CEE0AF20A3FF553904C86B08F21CC414BCFD691589D27CF5E15369CBBFF8B9A4C2EB17800855D0235FF635DA82533EC6B759B69"},
		{"GMAC", algorithm(kt+"9", seq(octets(unhex(t, "e0e00f19fed7ba0136a797f3")), number(16))), unhex(t, "77be63708971c4e240d1cb79e8d77feb"),
			unhex(t, "7a43ec1d9c0a5a78a0b16533a6213cab"), "209fcc8d3675ed938e9c7166709dd946"},
		{"GMAC, cut", algorithm(kt+"9", seq(octets(unhex(t, "e0e00f19fed7ba0136a797f3")))), unhex(t, "77be63708971c4e240d1cb79e8d77feb"),
			unhex(t, "7a43ec1d9c0a5a78a0b16533a6213cab"), "209fcc8d3675ed938e9c7166"},
		{"HMAC-SHA256", algorithm(rsadsi + "9"), bytes.Repeat([]byte{0x0b}, 20), []byte("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
		{"HMAC-SHA1", algorithm("1.3.6.1.5.5.8.1.2"), bytes.Repeat([]byte{0x0b}, 20), []byte("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"},
		{"HMAC-MD5", algorithm("1.3.6.1.5.5.8.1.1"), bytes.Repeat([]byte{0x0b}, 16), []byte("Hi There"), "9294727a3638bb1c13f48ef8158bfc9d"},
	} {
		a := read(t, v.algorithm)
		if got := value(t, a, v.key, v.data); !strings.EqualFold(hex.EncodeToString(got), v.want) {
			t.Errorf("%s: %X, want %s", v.name, got, v.want)
		}
		if a.Direct.Size() != len(v.want)/2 {
			t.Errorf("%s: the size is said to be %d", v.name, a.Direct.Size())
		}
	}
}

// enciphered is the number z of RFC 9690, appendix D.1.
const enciphered = "9c126102a5c1c0354672a3c2f19fc9ddea988f815e1da812c7bd4f8eb082bdd14f85a7f7c2f1af11d5333e0d6bcb375bf855f208da72ba27e6fb0655f2825aa6" +
	"2b93b1f9bbd3491fed58f0380fa0de36430e3a144d569600bd362609be5b94810875990b614e406fa6dff500043cbca95968faba61f795096a7fb3687a51078c" +
	"4ca2cb663366b0bea0cd9cccac72a25f3f4ed03deb68b4453bba44b943f4367b67d6cd10c8ace53f545aac50968fc3c6ecc80f3224b64e37038504e2d2c0e2b2" +
	"9d45e46c62826d96331360e4c17ea3ef89a9efc5fac99eda830e81450b6534dc0bdf042b8f3b706649c631fe51fc2445cc8d447203ec2f41f79cdfea16de1ce6" +
	"abdfdc1e2ef2e5d5d8a65e645f397240ef5a26f5e4ff715de782e30ecf477293e89e13171405909a8e04dd31d21d0c57935fc1ceea8e1033e31e1bc8c56da0f3" +
	"d79510f3f380ff58e5a61d361f2f18e99fbae5663172e8cd1f21deaddc5bbbea060d55f1842b93d1a9c888d0bf85d0af9947fe51acf940c7e7577eb79cabecb3"

func TestRSAKEM(t *testing.T) {
	kdf3 := algorithm("1.3.133.16.840.9.44.1.2", algorithm(sha2+"1"))
	z := unhex(t, enciphered)
	if got := RSAKEM(z, seq(kdf3, number(16))); hex.EncodeToString(got) != "3cf82ec41b54ed4d37402bbd8f805a52" {
		t.Errorf("the secret is %x", got)
	}
	if got := RSAKEM(z, nil); len(got) != 32 || hex.EncodeToString(got[:16]) != "3cf82ec41b54ed4d37402bbd8f805a52" {
		t.Errorf("without parameters it is %x", got)
	}
	for name, parameters := range map[string][]byte{"no length": seq(kdf3), "no octets": seq(kdf3, number(0)), "an unknown KDF": seq(algorithm("1.2.3"), number(16))} {
		if got := RSAKEM(z, parameters); got != nil {
			t.Errorf("%s: %x", name, got)
		}
	}
}

// The vectors of RFC 5869 (A.3), of NIST for the KDF of ANSI X9.63, and of RFC 9690
// (D.1) for KDF3.
func TestKDF(t *testing.T) {
	z := unhex(t, enciphered)
	for _, v := range []struct {
		name    string
		kdf     []byte
		z, info []byte
		want    string
	}{
		{"HKDF", algorithm(smime + "28"), bytes.Repeat([]byte{0x0b}, 22), nil, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
		{"KDF2", algorithm("1.3.133.16.840.9.44.1.1", algorithm(sha2+"1")), unhex(t, "96c05619d56c328ab95fe84b18264b08725b85e33fd34f08"), nil, "443024c3dae66b95e6f5670601558f71"},
		{"KDF3", algorithm("1.3.133.16.840.9.44.1.2", algorithm(sha2+"1")), z, nil, "3cf82ec41b54ed4d37402bbd8f805a52"},
		{"KDF3 with info", algorithm("1.3.133.16.840.9.44.1.2", algorithm(sha2+"1")), unhex(t, "3cf82ec41b54ed4d37402bbd8f805a52"),
			unhex(t, "3010300b0609608648016503040105020110"), "e6dc9d62ff2b469bef604c617b018718"},
		{"KMAC128", algorithm(sha2+"21", octets([]byte("My Tagged Application"))), run(0x40, 0x5f), run(0, 3), "3B1FBA963CD8B0B59E8C1A6D71888B7143651AF8BA0A7070C0979E2811324AA5"},
	} {
		tree := field.NewTree(field.Limits{})
		k := readKDF(tree.Reader(tree.Add(report.Source{Bytes: v.kdf})), "kdf")
		got, why := k.Key(v.z, v.info, len(v.want)/2)
		if why != "" || !strings.EqualFold(hex.EncodeToString(got), v.want) {
			t.Errorf("%s: %x %s, want %s", v.name, got, why, v.want)
		}
	}
}

// otherInfo is what RFC 9810, section 5.1.3.4, says, octet by octet.
func TestKemOtherInfo(t *testing.T) {
	kdf := algorithm(smime + "28")
	for _, v := range []struct {
		context []byte
		want    string
	}{
		{nil, "300f 3009 0c07 434d502d4b454d 0402 aabb"},
		{der.Wrap(der.Ctx(0), octets([]byte{1})), "3014 3009 0c07 434d502d4b454d 0402 aabb a003 0401 01"},
	} {
		a := read(t, algorithm(IDKemBasedMac, seq(kdf, v.context, number(32), algorithm(rsadsi+"9"))))
		if got := a.KEM.otherInfo([]byte{0xaa, 0xbb}); !bytes.Equal(got, unhex(t, v.want)) {
			t.Errorf("%x, want %s", got, v.want)
		}
		if k, why := a.KEMKey(run(0, 31), []byte{0xaa, 0xbb}); why != "" || len(k.Bytes) != 32 {
			t.Errorf("a key of %d octets: %s", len(k.Bytes), why)
		}
	}
}

func TestUnusable(t *testing.T) {
	ok := algorithm(rsadsi + "9")
	for _, v := range []struct {
		name string
		b    []byte
		why  string
	}{
		{"an unknown hash", pbm(run(0, 15), "1.2.3", 100, ok), "the hash 1.2.3 is not known"},
		{"an unknown MAC", pbm(run(0, 15), SHA1, 100, algorithm("1.2.3")), "the MAC 1.2.3 is not known"},
		{"DES-MAC", pbm(run(0, 15), SHA1, 100, algorithm("1.3.14.3.2.10")), "DES-MAC is not computed"},
		{"a salt without end", pbm(make([]byte, maxSalt+1), SHA1, 100, ok), "the salt has 65537 octets"},
		{"a GMAC without nonce", pbm(run(0, 15), SHA1, 100, algorithm(kt+"9", seq(octets(nil)))), "the nonce of AES-128-GMAC"},
		{"a KMAC of no octets", algorithm(sha2+"19", seq(number(7))), "the length that is asked of KMAC128"},
		{"no parameters", algorithm(IDPasswordBasedMac), "cannot be read"},
		{"a key without end", pbmac1(run(0, 15), 100, 8193, "", rsadsi+"9"), "from 1 to 8192"},
		{"a salt from elsewhere", algorithm(IDPBMAC1, seq(algorithm(IDPBKDF2, seq(algorithm("1.2.3"), number(100))), ok)), "another source"},
		{"another KDF", algorithm(IDPBMAC1, seq(algorithm("1.2.3"), ok)), "1.2.3 is not PBKDF2"},
		{"no hash of KDF3", algorithm(IDKemBasedMac, seq(algorithm("1.3.133.16.840.9.44.1.2"), number(32), ok)), "the hash of KDF3"},
		{"a signature", algorithm("1.3.101.112"), "is no MAC"},
	} {
		if got := read(t, v.b).Unusable(); !strings.Contains(got, v.why) {
			t.Errorf("%s: %q", v.name, got)
		}
	}
}

// Of what is read without nodes, far down a list, as much is known.
func TestWithoutNodes(t *testing.T) {
	for _, b := range [][]byte{
		algorithm(kt+"9", seq(octets(run(1, 12)), number(16))), algorithm(kt+"9", seq(octets(run(1, 12)))),
		algorithm(sha2+"20", seq(number(128))), pbmac1(run(0, 15), 10, 20, "", rsadsi+"9"), pbmac1(run(0, 15), 10, 0, "", rsadsi+"9"),
	} {
		shown, bare := read(t, b), ReadAlgorithm(field.Trial(b), "protectionAlg")
		if got, want := bare.Code().Size(), shown.Code().Size(); got != want {
			t.Errorf("%s: a value of %d octets, want %d", shown.Describe(), got, want)
		}
		if got, want := bare.Keys([]byte("secret"), false)[0].Bytes, shown.Keys([]byte("secret"), false)[0].Bytes; !bytes.Equal(got, want) {
			t.Errorf("%s: the key is %x, want %x", shown.Describe(), got, want)
		}
	}
}

func TestRoundsBeyondBounds(t *testing.T) {
	for n, want := range map[string]int64{"ff": -1, "7fffffffffffffffff": -1, "0098967f": 9_999_999, "00": 0} {
		b := algorithm(IDPasswordBasedMac, seq(octets(run(0, 15)), algorithm(SHA1), der.Wrap(der.Integer, unhex(t, n)), algorithm(rsadsi+"9")))
		if got := read(t, b).Cost(); got != want {
			t.Errorf("%s: the cost is %d, want %d", n, got, want)
		}
	}
}

func TestNamesAreKnown(t *testing.T) {
	for _, k := range codes {
		if k.id.Name() == "" && k.family != isDES {
			t.Errorf("%s, %s, has no name", k.id, k.name)
		}
		c := bare(k.id)
		if k.family == isHMAC && (c.hash() == nil || len(c.hash()().Sum(nil)) != k.size) {
			t.Errorf("%s: its hash has another length than %d", k.name, k.size)
		}
	}
	for _, k := range kdfs {
		if k.id.Name() == "" {
			t.Errorf("%s, %s, has no name", k.id, k.name)
		}
	}
}

func BenchmarkPBM(b *testing.B) {
	for _, h := range []oid.ID{SHA1, sha2 + "1", sha2 + "3"} {
		a := read(b, pbm(run(0, 15), h, 100_000, algorithm(rsadsi+"9")))
		b.Run(fmt.Sprintf("%s, 100000 rounds", HashName(a.PBM.OWF.ID)), func(b *testing.B) {
			for b.Loop() {
				a.Keys([]byte("Fixture-PBM-1"), false)
			}
		})
	}
}

func BenchmarkPBKDF2(b *testing.B) {
	for _, h := range []oid.ID{"", rsadsi + "9", rsadsi + "11"} {
		a := read(b, pbmac1(run(0, 15), 100_000, 20, h, rsadsi+"9"))
		b.Run(a.PBMAC1.PBKDF2.prf().Name()+", 100000 rounds", func(b *testing.B) {
			for b.Loop() {
				a.Keys([]byte("Fixture-PBM-1"), false)
			}
		})
	}
}
