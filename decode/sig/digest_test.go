package sig

import (
	"encoding/hex"
	"testing"
)

// The test suites of RFC 1319, appendix A.5, and RFC 1320, appendix A.5.
func TestMD(t *testing.T) {
	for _, v := range []struct{ in, md2, md4 string }{
		{"", "8350e5a3e24c153df2275c9f80692773", "31d6cfe0d16ae931b73c59d7e0c089c0"},
		{"a", "32ec01ec4a6dac72c0ab96fb34c0b5d1", "bde52cb31de33e46245e05fbdbd6fb24"},
		{"abc", "da853b0d3f88d99b30283a69e6ded6bb", "a448017aaf21d8525fc10ae87aa6729d"},
		{"message digest", "ab4f496bfb2a530b219ff33031fe06b0", "d9130a8164549fe818874806e1c7014b"},
		{"abcdefghijklmnopqrstuvwxyz", "4e8ddff3650292ab5a4108c3aa47940b", "d79e1c308aa5bbcdeea8ed63df412da9"},
		{"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
			"d5976f79d83d3a0dc9806c3c66f3efd8", "e33b4ddc9c38f2199c3e7b164fcc0536"},
	} {
		if got := hex.EncodeToString(md2([]byte(v.in))); got != v.md2 {
			t.Errorf("md2(%q) = %s, want %s", v.in, got, v.md2)
		}
		if got := hex.EncodeToString(md4([]byte(v.in))); got != v.md4 {
			t.Errorf("md4(%q) = %s, want %s", v.in, got, v.md4)
		}
	}
}

func TestDigestSizes(t *testing.T) {
	for _, d := range digests {
		h, name, size, ok := Digest(d.id)
		if !ok || name != d.name || len(h([]byte("abc"))) != size {
			t.Errorf("%s: %q, %d octets, want %d", d.id, name, len(h([]byte("abc"))), size)
		}
		if digestNamed(d.name).id != d.id {
			t.Errorf("%s names another digest", d.name)
		}
	}
	if _, _, _, ok := Digest("1.2.3"); ok {
		t.Error("1.2.3 is a digest")
	}
}
